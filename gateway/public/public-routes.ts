/** What anybody may ask, over HTTP: read-only, without a key, cached briefly. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Problem } from '#domain/errors.js';
import { listSchema, objectSchema } from '../forms/request-form.js';
import { AS_OF, choice, INSTANT } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import { answers, anything, pathSchema, querySchema } from '../routes/answers.js';
import { openToAll } from './open-to-all.js';
import type { PublicRecords } from './public-records.js';

const OPEN = { access: 'public' } as const;
const TAGS = ['public'];
const KEY = { type: 'string', minLength: 1, maxLength: 200, description: 'canonical GS1 path' };
const querystring = querySchema({ key: KEY }, ['key']);
const text = { type: 'string' };

export function publicRoutes(app: FastifyInstance, records: PublicRecords): void {
  readItem(app, records);
  readReceipt(app, records);
  readMedia(app, records);
  readTrust(app, records);
}

function open(reply: FastifyReply, seconds: number): FastifyReply {
  return openToAll(reply, `public, max-age=${seconds}`);
}

function keyOf(query: unknown): string {
  return (query as { readonly key: string }).key;
}

const STOP = objectSchema({ step: text, at: INSTANT, recordedAt: INSTANT, province: text });
const ITEM = objectSchema({ dossier: anything('item, and as far as known product, lot, serial or unit, units around it, organisations'), journey: listSchema(STOP, { max: 20_000 }), asOf: AS_OF });

/** An unknown code is answered like a known one: with what is known of it. */
function readItem(app: FastifyInstance, records: PublicRecords): void {
  const schema = described({ tags: TAGS, summary: 'What the register knows of a code', querystring, response: answers(ITEM) });
  app.route({
    method: 'GET', url: '/v1/public/items', config: OPEN, schema,
    handler: async (request, reply) => {
      const item = await records.item(keyOf(request.query));
      open(reply, 5);
      return item;
    },
  });
}

const RECEIPT = objectSchema({ format: { const: 'minhchung-receipt-1' }, payload: { type: 'string', description: 'base64 of the endorsed answer' } });

function readReceipt(app: FastifyInstance, records: PublicRecords): void {
  const schema = described({ tags: TAGS, summary: 'The proof of what the register knows of a code, signed by peers', querystring, response: answers(RECEIPT) });
  app.route({
    method: 'GET', url: '/v1/public/receipts', config: OPEN, schema,
    handler: async (request, reply) => {
      const receipt = await records.receipt(keyOf(request.query));
      return open(reply, 5).type('application/json; charset=utf-8').send(receipt);
    },
  });
}

function readMedia(app: FastifyInstance, records: PublicRecords): void {
  const picture = { '200': { description: 'the picture', content: { 'image/*': { schema: { type: 'string', format: 'binary' } } } } };
  const schema = described({ tags: TAGS, summary: 'A picture by its SHA-256', params: pathSchema('digest'), response: { ...answers({}), ...picture } });
  app.route({
    method: 'GET', url: '/v1/public/media/:digest', config: OPEN, schema,
    handler: async (request, reply) => {
      const { digest } = request.params as { readonly digest: string };
      const media = await records.media(digest);
      if (media === undefined) throw new Problem('MEDIA_UNKNOWN', { digest });
      return open(reply, 31_536_000).type(media.type).send(Buffer.from(media.bytes));
    },
  });
}

const TRUST = objectSchema({
  channel: text, chaincode: text, roots: { type: 'object', additionalProperties: { type: 'array', items: text } },
  minimumOrganisations: { type: 'integer' }, ledger: choice('embedded', 'fabric'),
}, { revocationLists: { type: 'object', additionalProperties: { type: 'array', items: text } } });

function readTrust(app: FastifyInstance, records: PublicRecords): void {
  const schema = described({ tags: TAGS, summary: 'The organisations whose signatures receipts are checked by', response: answers(TRUST) });
  app.route({
    method: 'GET', url: '/v1/public/trust', config: OPEN, schema,
    handler: async (_request, reply) => {
      const trust = await records.trust();
      open(reply, 60);
      return trust;
    },
  });
}
