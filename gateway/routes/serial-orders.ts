/** Serial numbers: ordered, listed, accounted for. */
import type { FastifyInstance } from 'fastify';
import { require } from '#domain/errors.js';
import { serialKey, type Serial } from '#domain/gs1/item-key.js';
import { SERIAL_RANDOM_BYTES, serialFromRandom } from '#domain/gs1/serial-number.js';
import { instantOf } from '#domain/instant.js';
import { principalOf } from '../access.js';
import { listSchema, objectSchema } from '../forms/request-form.js';
import { GTIN, INSTANT, ITEM, LOT, SERIAL } from '../forms/schema-parts.js';
import { RECONCILIATION, SERIAL_ORDER } from '../forms/serial-forms.js';
import { described } from '../openapi.js';
import { countApplied, isApplied } from '../serials/commission-order.js';
import { reconcile, type SerialOrder } from '../serials/serial-order.js';
import { randomSerials } from '../serials/serial-orders.js';
import type { Services } from '../services.js';
import type { Principal } from '../tenants/principal.js';
import { visibleLot, visibleProduct } from '../trace/visibility.js';
import { answers, PAGING, pathSchema, querySchema } from './answers.js';
import { pageBody, pageRequest, pathParameter } from './paging.js';
import { idempotencyOf, joinPath, bodySchema } from './write-route.js';

const TAG = 'serials';
const WRITE = { access: 'partner', scope: 'labels:write' } as const;
const count = { type: 'integer' };
const ID = { type: 'string' };

const ORDER = objectSchema({
  id: { type: 'string' }, gtin: GTIN, lot: LOT, createdAt: INSTANT,
  count, printed: count, applied: count, spoiled: count, returned: count, missing: count, reconciled: { type: 'boolean' },
});

export function serialOrderRoutes(app: FastifyInstance, services: Services): void {
  orderSerials(app, services);
  listOrders(app, services);
  readOrder(app, services);
  listSerials(app, services);
  setAside(app, services);
}

function orderSerials(app: FastifyInstance, services: Services): void {
  const schema = described({
    tags: [TAG], summary: 'Order random serials to be printed; nothing is commissioned', repeatable: true, params: pathSchema('gtin', 'lot'),
    body: bodySchema(SERIAL_ORDER, ['gtin', 'lot']), response: answers(ORDER, '201'),
  });
  app.route({
    method: 'POST', url: '/v1/products/:gtin/lots/:lot/serials', config: WRITE, schema,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const wanted = SERIAL_ORDER.shape(joinPath(request.body, request.params as Record<string, string>, { gtin: 'gtin', lot: 'lot' }));
      checkLot(services, principal, wanted);
      const key = idempotencyOf(request, principal, JSON.stringify(wanted));
      const order = await services.requests.once(key, async () => {
        const fresh = freshOrder(services, principal, wanted);
        return { decided: fresh, changes: services.orders.rowsOf(fresh, randomSerials(wanted.count, services.randomBytes)) };
      });
      reply.code(201).header('Location', `/v1/serial-orders/${order.id}`);
      return viewOf(order, 0);
    },
  });
}

/** Containers of chemicals may be labelled before the lot that they are filled from is divided. */
function checkLot({ records }: Services, principal: Principal, { gtin, lot }: Pick<SerialOrder, 'gtin' | 'lot'>): void {
  const product = visibleProduct(records, principal, gtin);
  if (product.components === undefined) visibleLot(records, principal, gtin, lot);
}

function freshOrder({ clock, randomBytes }: Services, { organisation }: Principal, wanted: Pick<SerialOrder, 'gtin' | 'lot' | 'count'>): SerialOrder {
  const id = `SO-${serialFromRandom(randomBytes(SERIAL_RANDOM_BYTES))}`;
  return { id, organisation, ...wanted, createdAt: instantOf(clock.now()), printed: 0, spoiled: [], returned: [] };
}

function viewOf(order: SerialOrder, applied: number): Record<string, unknown> {
  const { id, gtin, lot, createdAt } = order;
  return { id, gtin, lot, createdAt, ...reconcile(order, applied) };
}

function listOrders(app: FastifyInstance, { orders }: Services): void {
  const schema = described({ tags: [TAG], summary: 'Ids of the orders of serials, the oldest first', querystring: querySchema(PAGING), response: answers(objectSchema({ orders: listSchema(ID, { max: 1000 }) }, { next: ID })) });
  app.route({
    method: 'GET', url: '/v1/serial-orders', config: WRITE, schema,
    handler: async (request) => {
      const { limit, after } = pageRequest(request);
      const { ids, more } = await orders.list(principalOf(request).organisation, limit, after);
      return pageBody('orders', ids, more ? ids.at(-1) : undefined);
    },
  });
}

function readOrder(app: FastifyInstance, { orders, records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'An order: printed = applied + spoiled + returned?', params: pathSchema('id'), response: answers(ORDER) });
  app.route({
    method: 'GET', url: '/v1/serial-orders/:id', config: WRITE, schema,
    handler: async (request) => {
      const order = await orders.load(pathParameter(request, 'id'), principalOf(request).organisation);
      return viewOf(order, countApplied(records, order, await orders.serials(order.id)));
    },
  });
}

function listSerials(app: FastifyInstance, { orders }: Services): void {
  const schema = described({
    tags: [TAG], summary: 'The serials of an order, as they are printed', params: pathSchema('id'), querystring: querySchema({ ...PAGING, after: SERIAL }),
    response: answers(objectSchema({ serials: listSchema(objectSchema({ serial: SERIAL, item: ITEM }), { max: 1000 }) }, { next: SERIAL })),
  });
  app.route({
    method: 'GET', url: '/v1/serial-orders/:id/serials', config: WRITE, schema,
    handler: async (request) => {
      const order = await orders.load(pathParameter(request, 'id'), principalOf(request).organisation);
      const { limit, after } = pageRequest(request);
      const serials = await orders.serials(order.id);
      const start = after === undefined ? 0 : serials.indexOf(after as Serial) + 1;
      const page = serials.slice(start, start + limit);
      const rows = page.map((serial) => ({ serial, item: serialKey(order.gtin, serial) }));
      return pageBody('serials', rows, start + limit < serials.length ? page.at(-1) : undefined);
    },
  });
}

function setAside(app: FastifyInstance, { orders, records }: Services): void {
  const schema = described({ tags: [TAG], summary: 'State which labels were spoiled or came back', params: pathSchema('id'), body: bodySchema(RECONCILIATION), response: answers(ORDER) });
  app.route({
    method: 'POST', url: '/v1/serial-orders/:id/reconciliation', config: WRITE, schema,
    handler: async (request) => {
      const { organisation } = principalOf(request);
      const { spoiled, returned } = RECONCILIATION.shape(request.body);
      const id = pathParameter(request, 'id');
      const serials = await orders.load(id, organisation).then(() => orders.serials(id));
      const order = await orders.change(id, organisation, async (before) => {
        checkAside(before, new Set(serials), [...spoiled, ...returned], (serial) => isApplied(records, before, serial));
        return { ...before, spoiled: [...before.spoiled, ...spoiled], returned: [...before.returned, ...returned] };
      });
      return viewOf(order, countApplied(records, order, serials));
    },
  });
}

/** @throws Problem LIST_REPEATS, SERIAL_NOT_IN_ORDER, SERIAL_ALREADY_APPLIED */
function checkAside(order: SerialOrder, serials: ReadonlySet<Serial>, aside: readonly Serial[], applied: (serial: Serial) => boolean): void {
  require(new Set(aside).size === aside.length, 'LIST_REPEATS', { field: 'returned' });
  const known = new Set([...order.spoiled, ...order.returned]);
  for (const serial of aside) {
    require(serials.has(serial) && !known.has(serial), 'SERIAL_NOT_IN_ORDER', { serial });
    require(!applied(serial), 'SERIAL_ALREADY_APPLIED', { serial });
  }
}
