/** What anybody may read: status lists, DID documents, public records of credentials, schemas. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson } from '#domain/canonical-json.js';
import { CREDENTIAL_TYPES, CREDENTIAL_TYPE_NAMES } from '#domain/credential/credential-type.js';
import { publicCredentialId, revealRequest } from '#domain/credential/reveal.js';
import { CREDENTIAL_SCHEMAS } from '#domain/credential/schemas.js';
import { Problem } from '#domain/errors.js';
import { at } from '#domain/shape.js';
import { didDocument } from '../dids/did-document.js';
import { described, objectOf } from '../http/described.js';
import type { IssuerServices } from '../services.js';

const TAG = 'public';
const OPEN = { issuerAccess: 'anybody' } as const;

const text = { type: 'string' };
const ofType = (type: string, description: string): object => ({ description, content: { [type]: { schema: { type: 'string' } } } });

export function publicRoutes(app: FastifyInstance, services: IssuerServices): void {
  statusListRoute(app, services);
  didDocumentRoutes(app, services);
  credentialRoute(app, services);
  revealRoute(app, services);
  schemaRoute(app);
}

/** Anybody's page may read these answers; nothing in them depends on who asks. */
function open(reply: FastifyReply, caching: string): FastifyReply {
  return reply.header('Cache-Control', caching).header('Access-Control-Allow-Origin', '*').header('Cross-Origin-Resource-Policy', 'cross-origin');
}

/** Answers 304 to whoever has this text already (RFC 9110 section 13.1.2). */
function sendTagged(request: FastifyRequest, reply: FastifyReply, type: string, body: string, tag: string): FastifyReply {
  reply.header('ETag', `"${tag}"`);
  const known = request.headers['if-none-match'] ?? '';
  if (known.split(',').some((one) => one.trim().replace(/^W\//, '') === `"${tag}"`)) return reply.code(304).send();
  return reply.type(type).send(Buffer.from(body)); // as bytes: to a text Fastify adds a parameter that these types do not have
}

function statusListRoute(app: FastifyInstance, { lists }: IssuerServices): void {
  app.route({
    method: 'GET', url: '/status/:listId', config: OPEN,
    schema: described({ tag: TAG, summary: 'A status list, signed; its hash is on the ledger', params: ['listId'], response: { '200': ofType('application/vc+jwt', 'a BitstringStatusListCredential as JWT'), '304': { description: 'as the If-None-Match says' } } }),
    handler: async (request, reply) => {
      const { listId } = request.params as { readonly listId: string };
      const { jwt, hash } = lists.served(listId);
      return sendTagged(request, open(reply, 'public, max-age=30'), 'application/vc+jwt', jwt, hash.slice(0, 32));
    },
  });
}

function didDocumentRoutes(app: FastifyInstance, services: IssuerServices): void {
  const response = { '200': ofType('application/did+ld+json', 'the document, with keys of the past'), '304': { description: 'as the If-None-Match says' } };
  app.route({
    method: 'GET', url: '/.well-known/did.json', config: OPEN, schema: described({ tag: TAG, summary: 'DID document of the host', response }),
    handler: async (request, reply) => sendDocument(services, request, reply, ''),
  });
  app.route({
    method: 'GET', url: '/:path/did.json', config: OPEN, schema: described({ tag: TAG, summary: 'DID document of an organisation', params: ['path'], response }),
    handler: async (request, reply) => sendDocument(services, request, reply, `:${(request.params as { readonly path: string }).path}`),
  });
}

/** A DID that is not on the ledger yet has no document. */
function sendDocument({ dids, settings }: IssuerServices, request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply {
  const did = `did:web:${new URL(settings.origin).host.replace(':', '%3A')}${path}`;
  const held = dids.find(did);
  if (held === undefined || held.state === 'proposed') throw new Problem('DID_NOT_HERE', { did: did.slice(0, 80) });
  const body = canonicalJson(didDocument(held));
  return sendTagged(request, open(reply, 'public, max-age=60'), 'application/did+ld+json', body, tagOf(body));
}

function tagOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 32);
}

const PUBLIC = objectOf({ id: text, text: { ...text, description: 'JWT and evidence' }, issuedAt: text }, { sealed: { ...text, description: 'sealed disclosures, base64url' }, supersededBy: text });

function credentialRoute(app: FastifyInstance, { publicCredentials }: IssuerServices): void {
  app.route({
    method: 'GET', url: '/public/credentials/:id', config: OPEN,
    schema: described({ tag: TAG, summary: 'The public record of a credential, as its QR code names it', params: ['id'], response: { '200': PUBLIC } }),
    handler: async (request, reply) => {
      const record = await publicCredentials.read(publicId(request));
      open(reply, 'public, max-age=5');
      return record;
    },
  });
}

function publicId(request: FastifyRequest): string {
  return at('id', () => publicCredentialId((request.params as { readonly id: string }).id));
}

function revealRoute(app: FastifyInstance, { publicCredentials }: IssuerServices): void {
  app.route({
    method: 'POST', url: '/public/credentials/:id/reveal', config: OPEN,
    schema: described({
      tag: TAG, summary: 'The disclosures, for whoever has the paper', params: ['id'], body: objectOf({ serialNumber: text, dateOfBirth: text }),
      response: { '200': objectOf({ disclosures: { type: 'array', items: text } }) },
    }),
    handler: async (request) => publicCredentials.reveal(publicId(request), revealRequest(request.body)),
  });
}

/** By the last segment of their ids. A published schema never changes. */
const SCHEMAS = new Map(CREDENTIAL_TYPE_NAMES.map((type) => {
  const { schemaId } = CREDENTIAL_TYPES[type];
  return [schemaId.slice(schemaId.lastIndexOf('/') + 1), canonicalJson(CREDENTIAL_SCHEMAS[type])];
}));

function schemaRoute(app: FastifyInstance): void {
  app.route({
    method: 'GET', url: '/schemas/:name', config: OPEN,
    schema: described({ tag: TAG, summary: 'A JSON Schema that credentials name with its digest', params: ['name'], response: { '200': ofType('application/schema+json', 'the schema, canonical JSON') } }),
    handler: async (request, reply) => {
      const { name } = request.params as { readonly name: string };
      const schema = SCHEMAS.get(name);
      if (schema === undefined) throw new Problem('SCHEMA_UNKNOWN', { name: name.slice(0, 80) });
      return open(reply, 'public, max-age=31536000, immutable').type('application/schema+json').send(Buffer.from(schema));
    },
  });
}
