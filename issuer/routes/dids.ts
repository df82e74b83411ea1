/** DIDs of the organisations whose keys are held here. */
import type { FastifyInstance } from 'fastify';
import { require } from '#domain/errors.js';
import { didDocument } from '../dids/did-document.js';
import { didOrder, retirementOrder, rotationOrder } from '../dids/did-keeper.js';
import type { HeldDid } from '../dids/held-did.js';
import { described, objectOf } from '../http/described.js';
import { callerOf } from '../http/guard.js';
import type { IssuerServices } from '../services.js';

const TAG = 'dids';
const KEYED = { issuerAccess: 'trust:write' } as const;

const text = { type: 'string' };
const ALGORITHM = { enum: ['ES256', 'EdDSA'], description: 'ES256 where absent' };
const KEY = objectOf({ keyId: text, algorithm: ALGORITHM, publicKeyJwk: { type: 'object' }, state: { enum: ['proposed', 'active', 'superseded', 'compromised'] } }, { from: text, to: text, compromisedSince: text });
const DID = objectOf({ did: text, organisation: text, state: { enum: ['proposed', 'registered'] }, createdAt: text, keys: { type: 'array', items: KEY } });

export function didRoutes(app: FastifyInstance, services: IssuerServices): void {
  createRoute(app, services);
  listRoute(app, services);
  rotateRoute(app, services);
  retireRoute(app, services);
}

/** What is told of a DID: everything but where its keys are kept. */
function viewOf({ keys, ...held }: HeldDid): object {
  return { ...held, keys: keys.map(({ vault: _vault, ...key }) => key), document: didDocument({ did: held.did, keys }) };
}

function createRoute(app: FastifyInstance, { keeper }: IssuerServices): void {
  const body = objectOf({ organisation: text }, { method: { enum: ['web', 'key', 'jwk'], description: 'web where absent' }, algorithm: ALGORITHM, root: { const: 'yes', description: 'a did:web of the host itself' } });
  app.route({
    method: 'POST', url: '/v1/dids', config: KEYED,
    schema: described({ tag: TAG, summary: 'Make a DID for an organisation and register it (registrar)', body, response: { '201': DID } }),
    handler: async (request, reply) => {
      const caller = callerOf(request);
      require(caller.type === 'registrar', 'ACCESS_DENIED', { access: 'registrar' });
      const held = await keeper.create(caller, didOrder(request.body));
      return reply.code(201).send(viewOf(held));
    },
  });
}

function listRoute(app: FastifyInstance, { dids }: IssuerServices): void {
  app.route({
    method: 'GET', url: '/v1/dids', config: KEYED,
    schema: described({ tag: TAG, summary: 'DIDs of the caller\'s organisation; a registrar sees all', response: { '200': objectOf({ dids: { type: 'array', items: DID } }) } }),
    handler: async (request) => {
      const { type, organisation } = callerOf(request);
      return { dids: dids.list(type === 'registrar' ? undefined : organisation).map(viewOf) };
    },
  });
}

function rotateRoute(app: FastifyInstance, { keeper, lists }: IssuerServices): void {
  app.route({
    method: 'POST', url: '/v1/dids/:did/keys', config: KEYED,
    schema: described({ tag: TAG, summary: 'Rotate: a new key, and the end of the period of the one before', params: ['did'], body: objectOf({}, { algorithm: ALGORITHM }), response: { '201': DID } }),
    handler: async (request, reply) => {
      const { did } = request.params as { readonly did: string };
      const order = rotationOrder(request.body ?? {});
      const held = await keeper.rotate(callerOf(request), did, order);
      // A rotation that is done is not asked for again because a list waits: that comes by itself.
      await lists.renew(held.did).catch((error: unknown) => request.log.warn({ err: error }, 'status lists are renewed later'));
      return reply.code(201).send(viewOf(held));
    },
  });
}

function retireRoute(app: FastifyInstance, { keeper }: IssuerServices): void {
  const body = objectOf({ reason: { enum: ['superseded', 'compromised'] } }, { compromisedSince: { ...text, format: 'date-time', description: 'without it nothing that the key ever signed counts' } });
  app.route({
    method: 'POST', url: '/v1/dids/:did/keys/:keyId/retirement', config: KEYED,
    schema: described({ tag: TAG, summary: 'End a key: superseded, or compromised since a time', params: ['did', 'keyId'], body, response: { '200': DID } }),
    handler: async (request) => {
      const { did, keyId } = request.params as { readonly did: string; readonly keyId: string };
      return viewOf(await keeper.retire(callerOf(request), did, keyId, retirementOrder(request.body)));
    },
  });
}
