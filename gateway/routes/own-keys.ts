/** Keys that an organisation keeps itself: certificates for them, and whether the gateway still signs in its name. */
import type { FastifyInstance } from 'fastify';
import { principalOf } from '../access.js';
import { listSchema, objectSchema } from '../forms/request-form.js';
import { choice, INSTANT } from '../forms/schema-parts.js';
import { KEY_CUSTODY, OWN_KEY } from '../forms/signing-forms.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { answers } from './answers.js';
import { bodySchema } from './write-route.js';

const SIGNING = { access: 'partner', scope: 'signing:write' } as const;
const TAG = 'signing';
const text = { type: 'string' };

const VIEW = { serial: text, commonName: text, role: text, mspId: text, issuedAt: INSTANT, expiresAt: INSTANT } as const;
const KEEPER = choice('own', 'gateway');

export function ownKeyRoutes(app: FastifyInstance, services: Services): void {
  enrol(app, services);
  list(app, services);
  assign(app, services);
}

function enrol(app: FastifyInstance, { ownKeys, trust }: Services): void {
  const schema = described({
    tags: [TAG], summary: 'Have a certificate made for a key of the organisation\'s own', body: bodySchema(OWN_KEY),
    response: answers(objectSchema({ ...VIEW, certificate: { type: 'string', description: 'PEM' }, roots: listSchema(text, { max: 20 }) }), '201'),
  });
  app.route({
    method: 'POST', url: '/v1/own-keys', config: SIGNING, schema,
    handler: async (request, reply) => {
      const { request: wanted, role } = OWN_KEY.shape(request.body);
      const { certificate, view } = await ownKeys.enrol(principalOf(request), wanted, role);
      reply.code(201);
      return { ...view, certificate, roots: trust.roots[view.mspId] ?? [] };
    },
  });
}

function list(app: FastifyInstance, { ownKeys, custody }: Services): void {
  const schema = described({ tags: [TAG], summary: 'Certificates made for the organisation\'s own keys, and who keeps its keys', response: answers(objectSchema({ keeper: KEEPER, certificates: listSchema(objectSchema(VIEW), { max: 100_000 }) })) });
  app.route({
    method: 'GET', url: '/v1/own-keys', config: SIGNING, schema,
    handler: async (request) => {
      const { organisation } = principalOf(request);
      return { keeper: custody.keeperOf(organisation), certificates: await ownKeys.list(organisation) };
    },
  });
}

/** First it is settled that the gateway signs no more, then its keys go: a crash between the two leaves files, not rights. */
function assign(app: FastifyInstance, { custody, identities }: Services): void {
  const schema = described({ tags: [TAG], summary: 'Say who keeps the organisation\'s keys; with "own", the gateway destroys those it has and signs no more', body: bodySchema(KEY_CUSTODY), response: answers(objectSchema({ keeper: KEEPER })) });
  app.route({
    method: 'PUT', url: '/v1/own-keys/custody', config: SIGNING, schema,
    handler: async (request) => {
      const { keeper } = KEY_CUSTODY.shape(request.body);
      const { organisation, type } = principalOf(request);
      await custody.assign(organisation, keeper);
      if (keeper === 'own') await identities.destroy(organisation, type);
      return { keeper };
    },
  });
}
