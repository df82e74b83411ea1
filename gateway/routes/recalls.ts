/** Lots are recalled and suspended, and where their goods are. */
import type { FastifyInstance } from 'fastify';
import { lotKey } from '#domain/gs1/item-key.js';
import { principalOf } from '../access.js';
import { LOT_MEASURE, LOT_RELEASE } from '../forms/product-forms.js';
import { listSchema, objectSchema } from '../forms/request-form.js';
import { AS_OF, CURSOR, ITEM, ORGANISATION } from '../forms/schema-parts.js';
import { described } from '../openapi.js';
import type { Services } from '../services.js';
import { visibleLot } from '../trace/visibility.js';
import { answers, anything, PAGING, pathSchema, querySchema } from './answers.js';
import { pageRequest, pathParameter } from './paging.js';
import { writeRoutes, type WriteRoute } from './write-route.js';

const TAG = 'recalls';
const LOT = { gtin: 'gtin', lot: 'lot' } as const;

const measure = (word: string, summary: string, rest: Pick<WriteRoute, 'transaction' | 'form'>): WriteRoute => (
  { url: `/v1/products/:gtin/lots/:lot/${word}`, tag: TAG, summary, fromPath: LOT, ...rest });

export function recallRoutes(app: FastifyInstance, services: Services): void {
  writeRoutes(app, services, [
    measure('recall', 'Recall a lot: every page of its serials turns', { transaction: 'goods:recallLot', form: LOT_MEASURE }),
    measure('recall-end', 'End a recall', { transaction: 'goods:endRecall', form: LOT_RELEASE }),
    measure('suspension', 'Suspend a lot', { transaction: 'goods:suspendLot', form: LOT_MEASURE }),
    measure('suspension-end', 'End a suspension', { transaction: 'goods:releaseLot', form: LOT_RELEASE }),
  ]);
  readWhereabouts(app, services);
}

const count = { type: 'integer', minimum: 0 };
const group = objectSchema({
  holder: ORGANISATION, holderName: { type: 'string' }, state: { type: 'string' }, province: { type: 'string' },
  count, loose: count, carrierCount: count, carriers: listSchema(objectSchema({ item: ITEM, count }), { max: 100 }),
}, { hold: { type: 'string' }, to: ORGANISATION });

const WHEREABOUTS = objectSchema(
  { serials: { type: 'array', items: anything('a serial, its holder, state and province, and the outermost unit around it') }, asOf: AS_OF },
  { lot: ITEM, total: count, groups: { type: 'array', items: group }, next: CURSOR },
);

/** The counts stand on the first page alone; the pages after it only list. */
function readWhereabouts(app: FastifyInstance, { records, whereabouts }: Services): void {
  const schema = described({
    tags: [TAG], summary: 'Where a lot is now: with whom, in which state and province, how many',
    params: pathSchema('gtin', 'lot'),
    querystring: querySchema({ ...PAGING, holder: ORGANISATION, state: { type: 'string', maxLength: 20 } }),
    response: answers(WHEREABOUTS),
  });
  app.route({
    method: 'GET', url: '/v1/products/:gtin/lots/:lot/whereabouts', config: { access: 'partner', scope: 'goods:read' }, schema,
    handler: async (request) => {
      const lot = visibleLot(records, principalOf(request), pathParameter(request, 'gtin'), pathParameter(request, 'lot'));
      const key = lotKey(lot.gtin, lot.lot);
      const wanted = pageRequest(request);
      const head = wanted.after === undefined ? { lot: key, ...await whereabouts.of(key) } : { asOf: records.asOf() };
      return { ...head, ...await whereabouts.page(key, request.query as { holder?: string; state?: string }, wanted) };
    },
  });
}
