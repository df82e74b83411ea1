/** Citizens' reports: read by the authority and by whose numbers they are about, and seen to. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { require } from '#domain/errors.js';
import { parseGtin } from '#domain/gs1/gtin.js';
import { parseLot } from '#domain/gs1/item-key.js';
import { parseInstant } from '#domain/instant.js';
import { at } from '#domain/shape.js';
import { principalOf } from '../access.js';
import { ADDRESS, BAND_STATE, CODE, CONTACT, HANDLING, REASON_OF_REPORT, REPORT_TEXT } from '../forms/report-forms.js';
import { listSchema, objectSchema } from '../forms/request-form.js';
import { choice, CURSOR, GTIN, INSTANT, LOT, ORGANISATION, PROVINCE, SERIAL, SSCC } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import type { ReportPage, ReportQuery } from '../reports/report-desk.js';
import { present } from '../reports/stored-report.js';
import type { Services } from '../services.js';
import { answers, PAGING, pathSchema, querySchema } from './answers.js';
import { pageBody, pageRequest, pathParameter } from './paging.js';
import { bodySchema, idempotencyOf } from './write-route.js';

const TAGS = ['reports'];
const READ = { access: 'partner', scope: 'citizen-reports:read' } as const;

const handling = objectSchema({ by: ORGANISATION, at: INSTANT, note: REPORT_TEXT });
const REFERENCE = { type: 'string', pattern: '^BC-[2-9A-HJ-NP-Z]{12}$', description: 'what the citizen was told' };
const REPORT = objectSchema({
  reference: REFERENCE, receivedAt: INSTANT, code: CODE, judged: BAND_STATE, reason: REASON_OF_REPORT,
  handlings: listSchema(handling, { max: 10_000 }),
}, {
  item: ADDRESS, gtin: GTIN, sscc: SSCC, lot: LOT, serial: SERIAL, shown: BAND_STATE, text: REPORT_TEXT, province: PROVINCE,
  contact: { ...CONTACT, description: 'for authorities only, until it is deleted' },
});

export function citizenReportRoutes(app: FastifyInstance, services: Services): void {
  listReports(app, services);
  readReport(app, services);
  handleReport(app, services);
  forgetContact(app, services);
}

const FILTERS = {
  gtin: GTIN, lot: { ...LOT, description: 'together with a gtin' }, since: { ...INSTANT, description: 'received at this instant or later' },
  open: { ...choice('yes', 'no'), description: 'whether the caller\'s organisation has not handled it yet' },
};

function listReports(app: FastifyInstance, { desk }: Services): void {
  const schema = described({
    tags: TAGS, summary: 'Citizens\' reports, the latest first: on the caller\'s own numbers, or all for an authority',
    querystring: querySchema({ ...PAGING, ...FILTERS }), response: answers(objectSchema({ reports: listSchema(REPORT, { max: 1000 }) }, { next: CURSOR })),
  });
  app.route({
    method: 'GET', url: '/v1/citizen-reports', config: READ, schema,
    handler: async (request) => {
      const { reports, next }: ReportPage = await desk.page(principalOf(request), queryOf(request));
      return pageBody('reports', reports, next);
    },
  });
}

/** @throws Problem GTIN_…, LOT_MALFORMED, INSTANT_INVALID, FIELD_MISSING for a lot without its gtin */
function queryOf(request: FastifyRequest): ReportQuery {
  const { gtin, lot, since, open } = request.query as { gtin?: string; lot?: string; since?: string; open?: 'yes' | 'no' };
  require(lot === undefined || gtin !== undefined, 'FIELD_MISSING', { field: 'gtin', in: 'querystring' });
  return {
    ...pageRequest(request),
    ...present({
      gtin: gtin === undefined ? undefined : at('gtin', () => parseGtin(gtin)),
      lot: lot === undefined ? undefined : at('lot', () => parseLot(lot)),
      since: since === undefined ? undefined : at('since', () => parseInstant(since)),
      open,
    }),
  };
}

function readReport(app: FastifyInstance, { desk }: Services): void {
  const schema = described({ tags: TAGS, summary: 'One report', params: pathSchema('reference'), response: answers(REPORT) });
  app.route({
    method: 'GET', url: '/v1/citizen-reports/:reference', config: READ, schema,
    handler: async (request) => desk.read(principalOf(request), pathParameter(request, 'reference')),
  });
}

function handleReport(app: FastifyInstance, { desk }: Services): void {
  const schema = described({
    tags: TAGS, summary: 'Mark a report as handled by the caller\'s organisation, with a note', repeatable: true,
    params: pathSchema('reference'), body: bodySchema(HANDLING), response: answers(REPORT),
  });
  app.route({
    method: 'POST', url: '/v1/citizen-reports/:reference/handling', config: { access: 'partner', scope: 'citizen-reports:write' }, schema,
    handler: async (request) => {
      const principal = principalOf(request);
      const { note } = HANDLING.shape(request.body);
      return desk.handle(principal, pathParameter(request, 'reference'), note, idempotencyOf(request, principal, note));
    },
  });
}

function forgetContact(app: FastifyInstance, { desk }: Services): void {
  const schema = described({ tags: TAGS, summary: 'Delete what a citizen left to be asked back by', params: pathSchema('reference'), response: answers(REPORT) });
  app.route({
    method: 'DELETE', url: '/v1/citizen-reports/:reference/contact', config: { access: 'partner', scope: 'citizen-contacts:write' }, schema,
    handler: async (request) => desk.forgetContact(principalOf(request), pathParameter(request, 'reference')),
  });
}
