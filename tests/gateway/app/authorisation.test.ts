import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../gateway/ledger/clock.js';
import type { RouteAccess } from '../../../gateway/access.js';
import { mustBe, runGateway, type Answer, type Caller, type RunningGateway } from './running-gateway.js';
import { acetone, acetoneLot, DRUM, serialKeyOf, TEA, teaLot, teaProduct } from './sample-goods.js';

/** A clock that can be put forward. */
let ahead = 0;
const clock = { ...systemClock, now: () => Date.now() + ahead };

let gateway: RunningGateway;
let owner: Caller;
let stranger: Caller;
let authority: Caller;
let expired: Caller;
let revoked: Caller;
let narrow: Caller;
let orderId: string;

const HOUR_MS = 3_600_000;

async function key(organisation: string, body: Record<string, unknown>): Promise<{ caller: Caller; id: string }> {
  const answer = mustBe(201, await gateway.operator.post(`/v1/organisations/${organisation}/api-keys`, { label: 'test', ...body }));
  return { caller: gateway.caller(organisation, String(answer.body['text'])), id: (answer.body['apiKey'] as { id: string }).id };
}

beforeAll(async () => {
  gateway = await runGateway({ clock });
  owner = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  mustBe(201, await gateway.operator.post('/v1/organisations/che-shan/prefixes', { prefix: '9520001' }));
  stranger = await gateway.enrol('tra-khac', 'enterprise', '01', '9520002');
  authority = await gateway.enrol('chi-cuc', 'authority', '01');
  await gateway.enrol('dai-hoc', 'institution', '48');
  expired = (await key('che-shan', { expiresAt: new Date(clock.now() + HOUR_MS).toISOString() })).caller;
  const gone = await key('che-shan', {});
  revoked = gone.caller;
  mustBe(200, await gateway.operator.delete(`/v1/api-keys/${gone.id}`));
  narrow = (await key('che-shan', { scopes: ['media:write'] })).caller;
  await ownThings();
  ahead = 2 * HOUR_MS;
});
afterAll(async () => gateway.remove());

async function ownThings(): Promise<void> {
  mustBe(201, await owner.post('/v1/products', teaProduct));
  mustBe(201, await owner.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot: 'L1' }));
  mustBe(200, await owner.post(`/v1/products/${TEA}/lots/L1/commission`, { serials: ['AAA', 'BBB'] }));
  mustBe(201, await owner.post('/v1/products', acetone(DRUM, 'Axeton')));
  mustBe(201, await owner.post(`/v1/products/${DRUM}/lots`, acetoneLot));
  orderId = String(mustBe(201, await owner.post(`/v1/products/${TEA}/lots/L1/serials`, { count: 2 })).body['id']);
  mustBe(201, await authority.post('/v1/licences', {
    id: 'GP-1', number: '1', holder: 'che-shan', validFrom: '2026-01-01', validTo: '2030-01-01', lines: [{ line: 'L1', substance: 'acetone', least: '1', most: '100', perYear: '100' }],
  }));
}

const guarded = (): readonly RouteAccess[] => gateway.app.routeAccess.filter(({ access }) => access !== 'public');

/** Any address of a route: whoever may not call it is told so before anything is looked up or read. */
const call = async ({ method, url }: RouteAccess, caller: { key: string } | undefined): Promise<Answer> => gateway.call({
  method, url: url.replaceAll(/:(\w+)/g, 'x'), headers: { ...(caller === undefined ? {} : { authorization: `Bearer ${caller.key}` }), 'content-type': 'application/json' },
  ...(method === 'GET' ? {} : { payload: '{"not":"read"' }),
});

describe('every route that is not public', () => {
  it('is more than forty routes', () => {
    expect(guarded().length).toBeGreaterThan(40);
  });

  const nobodys = { key: `mc_7QK2M9ZD4XWA_${'A'.repeat(43)}` };
  it.each([
    ['no key', () => undefined, 'API_KEY_MISSING'],
    ['something that is no key', () => ({ key: 'let me in' }), 'API_KEY_WRONG'],
    ['a key nobody made', () => nobodys, 'API_KEY_WRONG'],
    ['the id of a key with another secret', () => ({ key: `${owner.key.slice(0, 16)}${'B'.repeat(43)}` }), 'API_KEY_WRONG'],
    ['an expired key', () => expired, 'API_KEY_EXPIRED'],
    ['a revoked key', () => revoked, 'API_KEY_REVOKED'],
  ] as [string, () => { key: string } | undefined, string][])('refuses %s with 401', async (_what, who, code) => {
    for (const route of guarded()) {
      const answer = await call(route, who());
      expect([route.method, route.url, answer.status, answer.body['code']]).toEqual([route.method, route.url, 401, code]);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="minhchung"');
    }
  });

  it('refuses a key without the scope, naming the scope', async () => {
    for (const route of guarded().filter(({ access, scope }) => access === 'partner' && scope !== 'media:write')) {
      const answer = await call(route, narrow);
      expect([route.url, answer.status, answer.body['code'], answer.body['fields']]).toEqual([route.url, 403, 'SCOPE_MISSING', { scope: route.scope }]);
    }
  });

  it('refuses partners where only the operator may', async () => {
    for (const route of guarded().filter(({ access }) => access === 'operator')) {
      for (const caller of [owner, authority]) {
        const answer = await call(route, caller);
        expect([route.url, answer.status, answer.body['code']]).toEqual([route.url, 403, 'ACCESS_DENIED']);
      }
    }
  });

  it('lets nobody have a scope that its type of organisation cannot have', async () => {
    const answer = await gateway.operator.post('/v1/organisations/che-shan/api-keys', { label: 'x', scopes: ['goods:read', 'licences:write'] });
    expect(answer.body).toMatchObject({ status: 400, code: 'FIELD_WRONG_VALUE', field: 'scopes' });
  });
});

describe('what belongs to one tenant', () => {
  const item = serialKeyOf(TEA, 'AAA');
  it.each([
    [`/v1/products/${TEA}`, 'PRODUCT_UNKNOWN'],
    [`/v1/products/${TEA}/lots`, 'PRODUCT_UNKNOWN'],
    [`/v1/products/${TEA}/lots/L1`, 'LOT_UNKNOWN'],
    [`/v1/products/${TEA}/lots/L1/whereabouts`, 'LOT_UNKNOWN'],
    [`/v1/items?key=${item}`, 'ITEM_UNKNOWN'],
    [`/v1/items?key=/01/${TEA}`, 'ITEM_UNKNOWN'],
    [`/v1/items?key=/01/${TEA}/10/L1`, 'ITEM_UNKNOWN'],
    [`/v1/items/events?key=${item}`, 'ITEM_UNKNOWN'],
    ['/v1/licences/GP-1', 'LICENCE_UNKNOWN'],
    ['/v1/serial-orders/:order', 'SERIAL_ORDER_UNKNOWN'],
    ['/v1/serial-orders/:order/serials', 'SERIAL_ORDER_UNKNOWN'],
  ])('GET %s is not there for another', async (path, code) => {
    const url = path.replace(':order', orderId);
    expect((await owner.get(url)).status).toBe(200);
    const answer = await stranger.get(url);
    expect([answer.status, answer.body['code']]).toEqual([404, code]);
    // What is not there at all is refused in the same words.
    expect(answer.text).not.toMatch(/che-shan|Shan|Trà/);
  });

  it.each([
    ['the lists of a stranger are empty', ['/v1/products', '/v1/shipments', '/v1/shipments?role=incoming', '/v1/licences', '/v1/serial-orders', '/v1/balance']],
  ])('%s', async (_what, urls) => {
    for (const url of urls) {
      const { text } = mustBe(200, await stranger.get(url));
      expect(text).not.toMatch(/che-shan|GP-1|SO-|acetone/);
    }
  });

  it('an authority sees what others made', async () => {
    for (const url of [`/v1/products/${TEA}`, `/v1/products/${TEA}/lots/L1/whereabouts`, `/v1/items?key=${item}`, `/v1/items/events?key=${item}`, '/v1/licences/GP-1']) {
      expect((await authority.get(url)).status).toBe(200);
    }
  });

  it.each([
    ['a lot', `/v1/products/${TEA}/lots`, { ...teaLot, lot: 'L2' }, 403, 'PREFIX_NOT_HELD'],
    ['serials', `/v1/products/${TEA}/lots/L1/serials`, { count: 1 }, 404, 'PRODUCT_UNKNOWN'],
    ['commissioning', `/v1/products/${TEA}/lots/L1/commission`, { serials: ['CCC'] }, 403, 'PREFIX_NOT_HELD'],
    ['a product', '/v1/products', { ...teaProduct, gtin: '09520000000028' }, 403, 'PREFIX_NOT_HELD'],
    ['a recall', `/v1/products/${TEA}/lots/L1/recall`, { reason: 'x', instruction: 'x' }, 403, 'ITEM_NOT_HELD'],
    ['a packing', '/v1/packings', { unit: '095200020000000019', items: [item] }, 403, 'ITEM_NOT_HELD'],
    ['a shipment', '/v1/shipments', { number: 'X1', to: 'che-shan', items: [item] }, 403, 'ITEM_NOT_HELD'],
    ['a sale', '/v1/endings', { as: 'sold', items: [item] }, 403, 'ITEM_NOT_HELD'],
    ['a loss', '/v1/reports', { as: 'lost', items: [item], reason: 'x' }, 403, 'ITEM_NOT_HELD'],
    ['a hold', '/v1/holds', { items: [item], cause: 'quarantined', reason: 'x' }, 403, 'ITEM_NOT_HELD'],
    ['a split', '/v1/splits', { from: `/01/${DRUM}/10/AX-26`, into: [{ gtin: DRUM, serial: 'X', mass: '200' }], remaining: '0', loss: '0' }, 403, 'ITEM_NOT_HELD'],
    ['a licence', '/v1/licences', { id: 'GP-2' }, 403, 'SCOPE_MISSING'],
  ])('%s on another\'s goods is refused', async (_what, url, body, status, code) => {
    const answer = await stranger.post(url, body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('the outcome of a transaction is told to whoever sent it', async () => {
    const { body } = mustBe(200, await owner.post(`/v1/products/${TEA}/lots/L1/commission`, { serials: ['DDD'] }));
    const url = `/v1/transactions/${String(body['transactionId'])}`;
    expect(mustBe(200, await owner.get(url)).body).toEqual({ status: 'committed', transactionId: body['transactionId'], block: body['block'], result: { commissioned: 1 } });
    expect((await stranger.get(url)).body).toMatchObject({ status: 404, code: 'TRANSACTION_ID_UNKNOWN' });
    expect((await owner.get(`/v1/transactions/${'0'.repeat(64)}`)).body).toMatchObject({ status: 404, code: 'TRANSACTION_ID_UNKNOWN' });
  });
});

describe('an institution', () => {
  it('is enrolled, and may do nothing with goods', async () => {
    const { caller } = await key('dai-hoc', {});
    expect((await caller.get('/v1/organisations/che-shan')).status).toBe(200);
    expect((await caller.get('/v1/products')).body).toMatchObject({ code: 'SCOPE_MISSING', fields: { scope: 'goods:read' } });
  });
});
