/** The register of organisations, kept by the registrar who runs this gateway. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '#domain/errors.js';
import { organisationKey } from '#domain/registry/keys.js';
import { parseOrganisationId, type OrganisationRecord } from '#domain/registry/organisation.js';
import { listSchema, objectSchema } from '../forms/request-form.js';
import { KEY, KEY_RETIREMENT, ORGANISATION_FORM, PREFIX } from '../forms/registry-forms.js';
import { AS_OF } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { SCOPE_OF_TRANSACTION } from '../tenants/transaction-scopes.js';
import { answers, answersOfWrite, PAGING, pageOf, pathSchema, querySchema, record } from './answers.js';
import { pageBody, pageRequest, pathParameter } from './paging.js';
import { answerOf, joinPath, submitAs, writeRoutes, bodySchema } from './write-route.js';

const TAG = 'organisations';
const OPERATOR = { access: 'operator' } as const;
const READ = { access: 'partner', scope: 'registry:read' } as const;

export function organisationRoutes(app: FastifyInstance, services: Services): void {
  registerOrganisation(app, services);
  writeRoutes(app, services, [
    {
      ...OPERATOR, url: '/v1/organisations/:id/prefixes', tag: TAG, summary: 'Grant a GS1 company prefix',
      transaction: 'registry:grantPrefix', form: PREFIX, fromPath: { id: 'organisation' }, location: ({ organisation }) => `/v1/organisations/${String(organisation)}`,
    },
    {
      ...OPERATOR, url: '/v1/organisations/:id/keys', tag: TAG, summary: 'Register a public key that the organisation signs with',
      transaction: 'registry:registerKey', form: KEY, fromPath: { id: 'organisation' }, location: ({ organisation }) => `/v1/organisations/${String(organisation)}`,
    },
    {
      ...OPERATOR, url: '/v1/organisations/:id/keys/:keyId/retirement', tag: TAG, summary: 'Retire a public key',
      transaction: 'registry:retireKey', form: KEY_RETIREMENT, fromPath: { id: 'organisation', keyId: 'keyId' },
    },
  ]);
  listOrganisations(app, services);
  readOrganisation(app, services);
}

/** On the ledger first, then its identities; whatever a crash leaves undone is made up for with the first API key. */
function registerOrganisation(app: FastifyInstance, services: Services): void {
  const schema = described({ tags: [TAG], summary: 'Register an organisation and enrol its identities', repeatable: true, body: bodySchema(ORGANISATION_FORM), response: answersOfWrite(true) });
  app.route({
    method: 'POST', url: '/v1/organisations', config: { ...OPERATOR, scope: SCOPE_OF_TRANSACTION['registry:registerOrganisation'] }, schema,
    handler: async (request, reply) => {
      const wanted = ORGANISATION_FORM.shape(request.body);
      const answer = await submitAs(services, request, 'registry:registerOrganisation', joinPath(request.body, {}, {}));
      if (answer.status === 'pending') return answerOf(answer, reply);
      const roles = await services.identities.enrolAll(wanted.id, wanted.type);
      reply.code(201).header('Location', `/v1/organisations/${wanted.id}`);
      return { ...answerOf(answer, reply), roles };
    },
  });
}

function listOrganisations(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'Organisations on the register', querystring: querySchema(PAGING), response: answers(pageOf('organisations', record('organisation'))) });
  app.route({
    method: 'GET', url: '/v1/organisations', config: READ, schema,
    handler: async (request) => {
      const asOf = records.asOf();
      const { rows, next } = await records.range('organisation/', 'organisation', pageRequest(request));
      return { ...pageBody('organisations', rows.map((row) => row.record), next), asOf };
    },
  });
}

const ORGANISATION_VIEW = objectSchema({
  organisation: record('organisation'), prefixes: listSchema({ type: 'string' }, { max: 1000 }), keys: listSchema(record('organisation-key'), { max: 1000 }), asOf: AS_OF,
});

function readOrganisation(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'One organisation with its prefixes and public keys', params: pathSchema('id'), response: answers(ORGANISATION_VIEW) });
  app.route({
    method: 'GET', url: '/v1/organisations/:id', config: READ, schema,
    handler: async (request) => {
      const asOf = records.asOf();
      const organisation = organisationOf(records, pathParameter(request, 'id'));
      const prefixes = await records.page('prefix-of', `${organisation.id} `, { limit: 1000 });
      const keys = await records.range(`organisation-key/${organisation.id}/`, 'organisation-key', { limit: 1000 });
      return {
        organisation, asOf,
        prefixes: prefixes.rows.flatMap(({ stateKey }) => records.load(stateKey, 'company-prefix')?.prefix ?? []),
        keys: keys.rows.map((row) => row.record),
      };
    },
  });
}

/** @throws Problem ORGANISATION_ID_MALFORMED, ORGANISATION_UNKNOWN */
export function organisationOf(records: Services['records'], text: string): OrganisationRecord {
  const id = parseOrganisationId(text);
  const organisation = records.load(organisationKey(id), 'organisation');
  if (organisation === undefined) throw new Problem('ORGANISATION_UNKNOWN', { organisation: id });
  return organisation;
}
