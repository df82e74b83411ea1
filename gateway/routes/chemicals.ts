/** Controlled chemicals: licences, declarations of use, division, use, and what is in stock. */
import type { FastifyInstance } from 'fastify';
import { licenceKey } from '#domain/chemistry/licence.js';
import { instantOf } from '#domain/instant.js';
import { principalOf } from '../access.js';
import { DRAW, SPLIT, USE_DECLARATION } from '../forms/chemical-forms.js';
import { listSchema, objectSchema } from '../forms/request-form.js';
import { AS_OF, choice, ITEM, KILOGRAMS, ORGANISATION, SUBSTANCE } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { balanceOf } from '../trace/balance.js';
import { licenceView } from '../trace/licence-standing.js';
import { visible } from '../trace/visibility.js';
import { answers, PAGING, pageOf, pathSchema, querySchema, record } from './answers.js';
import { pageBody, pageRequest, pathParameter } from './paging.js';
import { writeRoutes } from './write-route.js';

const TAG = 'chemicals';
const READ = { access: 'partner', scope: 'chemicals:read' } as const;

export function chemicalRoutes(app: FastifyInstance, services: Services): void {
  writeRoutes(app, services, [
    { url: '/v1/use-declarations', tag: TAG, summary: 'Declare the use of a controlled chemical', transaction: 'chemical:declareUse', form: USE_DECLARATION },
    { url: '/v1/splits', tag: TAG, summary: 'Divide a bulk or a container into containers', transaction: 'chemical:split', form: SPLIT },
    { url: '/v1/draws', tag: TAG, summary: 'Use, destroy or lose a part of a container', transaction: 'chemical:draw', form: DRAW },
  ]);
  listLicences(app, services);
  readLicence(app, services);
  readBalance(app, services);
}

function listLicences(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'Licences that the caller holds, or recorded as authority', querystring: querySchema(PAGING), response: answers(pageOf('licences', record('licence'))) });
  app.route({
    method: 'GET', url: '/v1/licences', config: READ, schema,
    handler: async (request) => {
      const { organisation, type } = principalOf(request);
      const asOf = records.asOf();
      const { rows, next } = await records.page(type === 'authority' ? 'licence-by' : 'licence-of', `${organisation} `, pageRequest(request));
      return { ...pageBody('licences', rows.flatMap(({ stateKey }) => records.load(stateKey, 'licence') ?? []), next), asOf };
    },
  });
}

const year = { type: 'string', pattern: '^\\d{4}$' };
const signed = { type: 'string', description: 'kilograms, with a minus sign where more was used than the licence gives' };
const lineYear = objectSchema({ line: { type: 'string' }, substance: SUBSTANCE, year, perYear: KILOGRAMS, used: KILOGRAMS, left: signed });
const LICENCE_VIEW = objectSchema({
  licence: record('licence'), standing: choice('in-force', 'not-yet', 'expired', 'revoked', 'suspended'), quotas: listSchema(lineYear, { max: 50_000 }), asOf: AS_OF,
});

function readLicence(app: FastifyInstance, { records, clock }: Services): void {
  const schema = described({ tags: [TAG], summary: 'A licence, how it stands, and what is left of each line in each year', params: pathSchema('id'), response: answers(LICENCE_VIEW) });
  app.route({
    method: 'GET', url: '/v1/licences/:id', config: READ, schema,
    handler: async (request) => {
      const id = pathParameter(request, 'id');
      const asOf = records.asOf();
      const licence = visible(records.load(licenceKey(id), 'licence'), principalOf(request), ({ holder }) => [holder], 'LICENCE_UNKNOWN', { licence: id });
      return { ...await licenceView(records, licence, instantOf(clock.now())), asOf };
    },
  });
}

const stockLine = objectSchema({ item: ITEM, place: choice('bulk', 'container', 'in-transit'), mass: KILOGRAMS, mixture: KILOGRAMS }, { carrier: ITEM });
const substanceBalance = objectSchema({
  substance: SUBSTANCE, nameEn: { type: 'string' }, nameVi: { type: 'string' }, bulk: KILOGRAMS, containers: KILOGRAMS, inTransit: KILOGRAMS,
  total: KILOGRAMS, lines: listSchema(stockLine, { max: 1000 }), lineCount: { type: 'integer' },
});

function readBalance(app: FastifyInstance, { records }: Services): void {
  const schema = described({
    tags: [TAG], summary: 'What the caller has of each substance: in bulk, in containers, on the road',
    response: answers(objectSchema({ organisation: ORGANISATION, substances: { type: 'array', items: substanceBalance }, asOf: AS_OF })),
  });
  app.route({
    method: 'GET', url: '/v1/balance', config: READ, schema,
    handler: async (request) => balanceOf(records, principalOf(request).organisation),
  });
}
