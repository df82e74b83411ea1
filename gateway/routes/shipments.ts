/** Shipments: sent, looked at beforehand, received, called back, listed. */
import type { FastifyInstance } from 'fastify';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { Problem } from '#domain/errors.js';
import { shipmentKey } from '#domain/goods/records.js';
import { parseOrganisationId } from '#domain/registry/organisation.js';
import { principalOf } from '../access.js';
import { CANCELLATION, RECEIPT, SHIPMENT } from '../forms/movement-forms.js';
import { objectSchema } from '../forms/request-form.js';
import { choice, KILOGRAMS } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import { languageOf, problemBody } from '../problem.js';
import type { Services } from '../services.js';
import type { Principal } from '../tenants/principal.js';
import { visible } from '../trace/visibility.js';
import { answers, anything, PAGING, pageOf, pathSchema, querySchema, record } from './answers.js';
import { pageBody, pageRequest, pathParameter } from './paging.js';
import { writeRoutes, bodySchema } from './write-route.js';

const TAG = 'shipments';
const READ = { access: 'partner', scope: 'goods:read' } as const;

export function shipmentRoutes(app: FastifyInstance, services: Services): void {
  writeRoutes(app, services, [
    {
      url: '/v1/shipments', tag: TAG, summary: 'Send goods to another organisation', transaction: 'goods:ship', form: SHIPMENT,
      location: ({ number }) => `/v1/shipments/${String(number)}`,
    },
    {
      url: '/v1/shipments/:from/:number/receipt', tag: TAG, summary: 'Receive a shipment, whole or with differences',
      transaction: 'goods:receive', form: RECEIPT, fromPath: { from: 'from', number: 'number' },
    },
    {
      url: '/v1/shipments/:number/cancellation', tag: TAG, summary: 'Call a shipment back',
      transaction: 'goods:cancelShipment', form: CANCELLATION, fromPath: { number: 'number' },
    },
  ]);
  previewShipment(app, services);
  listShipments(app, services);
  readOwnShipment(app, services);
  readShipment(app, services);
}

const PREVIEW = objectSchema({ allowed: { type: 'boolean' } }, {
  because: anything('the refusal, as a write would answer it'),
  allowedUpTo: { ...KILOGRAMS, description: 'kilograms of the substance that would be allowed' },
  result: anything('what the shipment would answer'),
});

function previewShipment(app: FastifyInstance, services: Services): void {
  const schema = described({ tags: [TAG], summary: 'Would this shipment be allowed? Nothing is written', body: bodySchema(SHIPMENT), response: answers(PREVIEW) });
  app.route({
    method: 'POST', url: '/v1/shipments/preview', config: READ, schema,
    handler: async (request) => {
      SHIPMENT.shape(request.body);
      try {
        return { allowed: true, result: await wouldAnswer(services, principalOf(request), request.body) };
      } catch (error) {
        return refusal(error, languageOf(request.headers['accept-language']));
      }
    },
  });
}

/** Has a peer run the very transaction; without an order, nothing of it stays. */
async function wouldAnswer({ ledger, identities }: Services, principal: Principal, body: unknown): Promise<unknown> {
  const identity = await identities.identityFor(principal.organisation, principal.type, 'goods:ship');
  return JSON.parse(await ledger.ledgerFor(identity).evaluate('goods:ship', [canonicalJson(body as Json)]));
}

/** What a rule refuses is an answer here; what cannot be read, or was not asked, stays an error. */
function refusal(error: unknown, language: 'vi' | 'en'): Record<string, unknown> {
  if (!(error instanceof Problem) || error.kind === 'malformed' || error.kind === 'unavailable') throw error;
  const upTo = error.code === 'QUOTA_EXCEEDED' ? error.fields['allowed'] : undefined;
  return { allowed: false, because: problemBody(error, language), ...(upTo === undefined ? {} : { allowedUpTo: upTo }) };
}

function listShipments(app: FastifyInstance, { records }: Services): void {
  const querystring = querySchema({ ...PAGING, role: choice('sent', 'incoming'), open: choice('yes', 'no') });
  const schema = described({ tags: [TAG], summary: 'Shipments that the caller sent or is to receive, open ones first', querystring, response: answers(pageOf('shipments', record('shipment'))) });
  app.route({
    method: 'GET', url: '/v1/shipments', config: READ, schema,
    handler: async (request) => {
      const { role = 'sent', open } = request.query as { role?: 'sent' | 'incoming'; open?: 'yes' | 'no' };
      const asOf = records.asOf();
      const which = open === undefined ? '' : open === 'yes' ? 'open ' : 'closed ';
      const index = role === 'sent' ? 'shipment-from' : 'shipment-to';
      const { rows, next } = await records.page(index, `${principalOf(request).organisation} ${which}`, pageRequest(request));
      return { ...pageBody('shipments', rows.flatMap(({ stateKey }) => records.load(stateKey, 'shipment') ?? []), next), asOf };
    },
  });
}

function readOwnShipment(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'One shipment that the caller sent', params: pathSchema('number'), response: answers(record('shipment')) });
  app.route({
    method: 'GET', url: '/v1/shipments/:number', config: READ, schema,
    handler: async (request) => {
      const principal = principalOf(request);
      const key = shipmentKey(principal.organisation, pathParameter(request, 'number'));
      return visible(records.load(key, 'shipment'), principal, ({ from }) => [from], 'SHIPMENT_UNKNOWN', { shipment: key });
    },
  });
}

function readShipment(app: FastifyInstance, { records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'One shipment, by its sender and number', params: pathSchema('from', 'number'), response: answers(record('shipment')) });
  app.route({
    method: 'GET', url: '/v1/shipments/:from/:number', config: READ, schema,
    handler: async (request) => {
      const key = shipmentKey(parseOrganisationId(pathParameter(request, 'from')), pathParameter(request, 'number'));
      return visible(records.load(key, 'shipment'), principalOf(request), ({ from, to }) => [from, to], 'SHIPMENT_UNKNOWN', { shipment: key });
    },
  });
}
