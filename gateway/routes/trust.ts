/** The trust registry: DIDs, their keys, grants, commitments, status lists. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '#domain/errors.js';
import { at } from '#domain/shape.js';
import { parseDid, type Did } from '#domain/trust/did.js';
import { didKeyKey, grantKey, statusListKey } from '#domain/trust/keys.js';
import type { GrantRecord } from '#domain/trust/records.js';
import { principalOf } from '../access.js';
import { objectSchema } from '../forms/request-form.js';
import { AS_OF } from '../forms/schema-parts.js';
import { COMMITMENT, CREDENTIAL_REVOCATION, DID, DID_KEY, DID_KEY_RETIREMENT, DID_REGISTRATION, DID_WITHDRAWAL, GRANT, GRANT_REVOCATION, STATUS_LIST } from '../forms/trust-forms.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { answers, PAGING, pageOf, pathSchema, querySchema, record } from './answers.js';
import { pageBody, pageRequest, pathParameter } from './paging.js';
import { writeRoutes } from './write-route.js';

const TAG = 'trust';
const REGISTER = { access: 'operator', tag: TAG } as const;
const READ = { access: 'partner', scope: 'trust:read' } as const;

const asked = (did: unknown): string => `did=${encodeURIComponent(String(did))}`;

export function trustRoutes(app: FastifyInstance, services: Services): void {
  writeRoutes(app, services, [
    { ...REGISTER, url: '/v1/trust/dids', summary: 'Put a DID of an organisation on the trust registry', transaction: 'trust:registerDid', form: DID_REGISTRATION, location: ({ did }) => `/v1/trust/keys?${asked(did)}` },
    { ...REGISTER, url: '/v1/trust/did-withdrawals', summary: 'Withdraw a DID: from now, since a time, or ever', transaction: 'trust:withdrawDid', form: DID_WITHDRAWAL },
    { tag: TAG, url: '/v1/trust/keys', summary: 'Register a key of a did:web', transaction: 'trust:registerDidKey', form: DID_KEY, location: ({ did }) => `/v1/trust/keys?${asked(did)}` },
    { tag: TAG, url: '/v1/trust/key-retirements', summary: 'Retire a key: superseded, or compromised since a time', transaction: 'trust:retireDidKey', form: DID_KEY_RETIREMENT },
    { tag: TAG, url: '/v1/trust/grants', summary: 'Give a DID the right to issue or to accredit', transaction: 'trust:grant', form: GRANT, location: ({ id }) => `/v1/trust/grants/${String(id)}` },
    { tag: TAG, url: '/v1/trust/grants/:id/revocation', summary: 'Take a grant back: from now, since a time, or ever', transaction: 'trust:revokeGrant', form: GRANT_REVOCATION, fromPath: { id: 'id' } },
    { tag: TAG, url: '/v1/trust/commitments', summary: 'Commit to credentials before they are handed out', transaction: 'trust:commitCredentials', form: COMMITMENT, location: ({ root }) => `/public/commitments/${String(root)}` },
    { tag: TAG, url: '/v1/trust/status-lists', summary: 'Put the newest version of a status list on the ledger', transaction: 'trust:publishStatusList', form: STATUS_LIST },
    { tag: TAG, url: '/v1/trust/credential-revocations', summary: 'Revoke a credential of another issuer, by a grant to revoke', transaction: 'trust:revokeCredential', form: CREDENTIAL_REVOCATION },
  ]);
  listDids(app, services);
  listKeys(app, services);
  listStatusLists(app, services);
  listGrants(app, services);
  readGrant(app, services);
}

function listDids(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'DIDs of the caller\'s organisation; a registrar sees all', querystring: querySchema(PAGING), response: answers(pageOf('dids', record('did'))) });
  app.route({
    method: 'GET', url: '/v1/trust/dids', config: READ, schema,
    handler: async (request) => {
      const { organisation, type } = principalOf(request);
      const asOf = records.asOf();
      const { rows, next } = await records.page('did-of', type === 'registrar' ? '' : `${organisation} `, pageRequest(request));
      return { ...pageBody('dids', rows.flatMap(({ stateKey }) => records.load(stateKey, 'did') ?? []), next), asOf };
    },
  });
}

const OF_DID = querySchema({ ...PAGING, did: DID }, ['did']);

/** @throws Problem DID_MALFORMED, DID_METHOD_NOT_ALLOWED */
function didOf(request: FastifyRequest): Did {
  return at('did', () => parseDid((request.query as { readonly did: string }).did));
}

function listKeys(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'Keys of a DID with their periods', querystring: OF_DID, response: answers(pageOf('keys', record('did-key'))) });
  app.route({
    method: 'GET', url: '/v1/trust/keys', config: READ, schema,
    handler: async (request) => {
      const asOf = records.asOf();
      const { rows, next } = await records.range(didKeyKey(didOf(request), ''), 'did-key', pageRequest(request));
      return { ...pageBody('keys', rows.map((row) => row.record), next), asOf };
    },
  });
}

function listStatusLists(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'Newest versions of the status lists of a DID', querystring: OF_DID, response: answers(pageOf('lists', record('status-list'))) });
  app.route({
    method: 'GET', url: '/v1/trust/status-lists', config: READ, schema,
    handler: async (request) => {
      const asOf = records.asOf();
      const { rows, next } = await records.range(statusListKey(didOf(request), ''), 'status-list', pageRequest(request));
      return { ...pageBody('lists', rows.map((row) => row.record), next), asOf };
    },
  });
}

function listGrants(app: FastifyInstance, { records }: Services): void {
  const querystring = querySchema({ ...PAGING, did: DID });
  const schema = described({ tags: [TAG], summary: 'Grants that a DID holds; without one, those that the caller\'s organisation gave', querystring, response: answers(pageOf('grants', record('grant'))) });
  app.route({
    method: 'GET', url: '/v1/trust/grants', config: READ, schema,
    handler: async (request) => {
      const asOf = records.asOf();
      const { did } = request.query as { readonly did?: string };
      const held = did === undefined ? undefined : didOf(request);
      const { rows, next } = await (held === undefined ? records.page('grant-by', `${principalOf(request).organisation} `, pageRequest(request)) : records.page('grant-to', `${held} `, pageRequest(request)));
      return { ...pageBody('grants', rows.flatMap(({ stateKey }) => records.load(stateKey, 'grant') ?? []), next), asOf };
    },
  });
}

function readGrant(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'One grant', params: pathSchema('id'), response: answers(objectSchema({ grant: record('grant'), asOf: AS_OF })) });
  app.route({
    method: 'GET', url: '/v1/trust/grants/:id', config: READ, schema,
    handler: async (request): Promise<{ grant: GrantRecord; asOf: object }> => {
      const id = pathParameter(request, 'id');
      const asOf = records.asOf();
      const grant = records.load(grantKey(id), 'grant');
      if (grant === undefined) throw new Problem('GRANT_UNKNOWN', { grant: id });
      return { grant, asOf };
    },
  });
}
