/** The trust registry and the commitments of credentials, for anybody: without a key, in one shape for every verifier. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '#domain/errors.js';
import { at } from '#domain/shape.js';
import { digest } from '#domain/trust/records.js';
import { listSchema, objectSchema } from '../forms/request-form.js';
import { HEIGHT, INSTANT } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import { answers, anything, pathSchema, record } from '../routes/answers.js';
import { pathParameter } from '../routes/paging.js';
import type { TrustRegistry } from '../trust/trust-registry.js';
import { openToAll } from './open-to-all.js';
import type { PublicRecords } from './public-records.js';

const OPEN = { access: 'public' } as const;
const TAGS = ['public'];
const MOST = 50_000;

export function publicTrustRoutes(app: FastifyInstance, records: PublicRecords, registry: TrustRegistry): void {
  readSnapshot(app, registry);
  readCommitment(app, records);
}

const SNAPSHOT = objectSchema({
  height: HEIGHT, knownAt: INSTANT,
  dids: listSchema(record('did'), { max: MOST }), keys: listSchema(record('did-key'), { max: MOST }), grants: listSchema(record('grant'), { max: MOST }),
  lists: listSchema(record('status-list'), { max: MOST }), revocations: listSchema(record('credential-revocation'), { max: MOST }),
  licences: listSchema(anything('licence, number, did, root, and its revocation or suspension'), { max: MOST }), organisations: listSchema(anything('id, name, type'), { max: MOST }),
});

/** To be asked again whenever it shall be current: what has not changed is answered 304, without a body. */
function readSnapshot(app: FastifyInstance, registry: TrustRegistry): void {
  const schema = described({ tags: TAGS, summary: 'Who may issue what: DIDs, keys, grants, status lists; what others than its issuer have revoked; licences that ended', response: { ...answers(SNAPSHOT), '304': { description: 'as the If-None-Match says' } } });
  app.route({
    method: 'GET', url: '/public/trust', config: OPEN, schema,
    handler: async (request, reply) => {
      const { text, etag } = await registry.published();
      openToAll(reply, 'public, no-cache').header('ETag', etag);
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type('application/json; charset=utf-8').send(text);
    },
  });
}

const COMMITMENT = objectSchema({ record: record('credential-commitment'), receipt: { type: 'string', description: 'the receipt\'s text: a signed read of this record' } });

/** A commitment never changes once it is there. */
function readCommitment(app: FastifyInstance, records: PublicRecords): void {
  const schema = described({ tags: TAGS, summary: 'A commitment of credentials, and the proof that it stands on the ledger', params: pathSchema('root'), response: answers(COMMITMENT) });
  app.route({
    method: 'GET', url: '/public/commitments/:root', config: OPEN, schema,
    handler: async (request, reply) => {
      const root = at('root', () => digest(pathParameter(request, 'root')));
      const commitment = await records.commitment(root);
      if (commitment === undefined) throw new Problem('COMMITMENT_UNKNOWN', { root });
      openToAll(reply, 'public, max-age=300');
      return commitment;
    },
  });
}
