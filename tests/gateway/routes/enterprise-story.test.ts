import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustBe, runGateway, type Caller, type RunningGateway } from '../app/running-gateway.js';
import { serialKeyOf, TEA, teaLot, teaProduct } from '../app/sample-goods.js';

let gateway: RunningGateway;
let maker: Caller;
let shop: Caller;
let authority: Caller;

beforeAll(async () => {
  gateway = await runGateway();
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  shop = await gateway.enrol('sieu-thi-sao', 'enterprise', '79');
  authority = await gateway.enrol('chi-cuc-qlcl', 'authority', '01');
  mustBe(201, await maker.post('/v1/products', teaProduct));
});
afterAll(async () => gateway.remove());

const lotUrl = (lot: string): string => `/v1/products/${TEA}/lots/${lot}`;

async function openLot(lot: string): Promise<void> {
  mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot }));
}

/** A lot with these serials, and their keys. */
async function commissioned(lot: string, serials: readonly string[]): Promise<string[]> {
  await openLot(lot);
  mustBe(200, await maker.post(`${lotUrl(lot)}/commission`, { serials }));
  return serials.map((serial) => serialKeyOf(TEA, serial));
}

async function freshUnit(): Promise<{ sscc: string; item: string }> {
  const { body } = mustBe(201, await maker.post('/v1/sscc', { count: 1 }));
  return (body['units'] as [{ sscc: string; item: string }])[0];
}

const publicItem = async (key: string): Promise<Record<string, unknown>> => mustBe(200, await gateway.call({ url: `/v1/public/items?key=${encodeURIComponent(key)}` })).body;
const stepsOf = (item: Record<string, unknown>): string[] => (item['journey'] as { step: string }[]).map(({ step }) => step);

describe('products and lots', () => {
  it('registers a product once, and shows it to its maker', async () => {
    const again = await maker.post('/v1/products', teaProduct);
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ code: 'PRODUCT_ALREADY_REGISTERED', fields: { gtin: TEA } });
    const list = mustBe(200, await maker.get('/v1/products'));
    expect(list.body['products']).toEqual([expect.objectContaining({ kind: 'product', gtin: TEA, maker: 'che-shan', name: teaProduct.name })]);
    const one = mustBe(200, await maker.get('/v1/products/9520000000011'));
    expect(one.body).toMatchObject({ gtin: TEA, maker: 'che-shan' });
  });

  it('opens lots, whose numbers may hold what a path may not', async () => {
    await openLot('A/B%1');
    const found = mustBe(200, await maker.get(`/v1/products/${TEA}/lots/A%2FB%251`));
    expect(found.body).toMatchObject({ kind: 'lot', lot: 'A/B%1' });
    const lots = mustBe(200, await maker.get(`/v1/products/${TEA}/lots`)).body['lots'] as { lot: string }[];
    expect(lots.map(({ lot }) => lot)).toContain('A/B%1');
  });

  it('answers where a new thing is found', async () => {
    const opened = mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot: 'X+1' }));
    expect(opened.headers['location']).toBe(`/v1/products/${TEA}/lots/X%2B1`);
    expect(opened.body).toEqual({ transactionId: expect.stringMatching(/^[0-9a-f]{64}$/), block: expect.stringMatching(/^\d+$/), item: `/01/${TEA}/10/X%2B1` });
  });
});

describe('from the maker to the shop to the customer', () => {
  it('packs, ships, receives and sells, and the public page follows', async () => {
    const items = await commissioned('S1', ['S1A', 'S1B', 'S1C']);
    const unit = await freshUnit();
    mustBe(200, await maker.post('/v1/packings', { unit: unit.sscc, items }));

    const shipment = mustBe(201, await maker.post('/v1/shipments', { number: 'PX-1', to: 'sieu-thi-sao', items: [unit.item] }));
    expect(shipment.headers['location']).toBe('/v1/shipments/PX-1');
    const incoming = mustBe(200, await shop.get('/v1/shipments?role=incoming&open=yes'));
    expect(incoming.body['shipments']).toEqual([expect.objectContaining({ number: 'PX-1', from: 'che-shan', state: 'in-transit' })]);

    const received = mustBe(200, await shop.post('/v1/shipments/che-shan/PX-1/receipt', { received: [unit.item], short: [], damaged: [], over: [] }));
    expect(received.body).toMatchObject({ shipment: 'PX-1' });
    expect(mustBe(200, await shop.get('/v1/shipments?role=incoming&open=yes')).body['shipments']).toEqual([]);
    mustBe(200, await shop.post('/v1/unpackings', { unit: unit.sscc, items: [items[0]] }));
    mustBe(200, await shop.post('/v1/endings', { as: 'sold', items: [items[0]] }));

    const sold = await publicItem(items[0] ?? '');
    expect(stepsOf(sold)).toEqual(['open-lot', 'commission', 'pack', 'ship', 'receive', 'unpack', 'sold']);
    expect(sold['dossier']).toMatchObject({ serial: { custody: { state: 'sold', holder: 'sieu-thi-sao', province: '79' } } });
    const stillPacked = await publicItem(items[1] ?? '');
    expect(stepsOf(stillPacked)).toEqual(['open-lot', 'commission', 'pack', 'ship', 'receive']);
    expect(stillPacked['dossier']).toMatchObject({ inside: [{ sscc: unit.sscc, custody: { holder: 'sieu-thi-sao' } }] });

    const events = mustBe(200, await maker.get(`/v1/items/events?key=${items[0] ?? ''}`)).body['events'] as Record<string, unknown>[];
    expect(events.map(({ step, by }) => `${String(step)} ${String(by)}`)).toEqual([
      'open-lot che-shan', 'commission che-shan', 'pack che-shan', 'ship che-shan', 'receive sieu-thi-sao', 'unpack sieu-thi-sao', 'sold sieu-thi-sao',
    ]);
  });

  it('records what came short and damaged, inside the unit and by itself', async () => {
    const items = await commissioned('S2', ['S2A', 'S2B', 'S2C', 'S2D']);
    const unit = await freshUnit();
    mustBe(200, await maker.post('/v1/packings', { unit: unit.sscc, items: items.slice(0, 3) }));
    mustBe(201, await maker.post('/v1/shipments', { number: 'PX-2', to: 'sieu-thi-sao', items: [unit.item, items[3]] }));
    mustBe(200, await shop.post('/v1/shipments/che-shan/PX-2/receipt', { received: [unit.item], short: [items[1], items[3]], damaged: [items[2]], over: [] }));

    const damaged = await publicItem(items[2] ?? '');
    expect(stepsOf(damaged)).toEqual(['open-lot', 'commission', 'pack', 'ship', 'receive']);
    expect(damaged['dossier']).toMatchObject({ serial: { custody: { state: 'in-stock', holder: 'sieu-thi-sao', hold: { cause: 'damaged' } } }, inside: [] });
    const short = await publicItem(items[1] ?? '');
    expect(short['dossier']).toMatchObject({ serial: { custody: { state: 'missing' } } });
    mustBe(200, await maker.post('/v1/recoveries', { items: [items[3]], reason: 'Còn ở kho' }));
    expect((await publicItem(items[3] ?? ''))['dossier']).toMatchObject({ serial: { custody: { state: 'in-stock', holder: 'che-shan' } } });
  });

  it('calls a shipment back', async () => {
    const items = await commissioned('S3', ['S3A']);
    mustBe(201, await maker.post('/v1/shipments', { number: 'PX-3', to: 'sieu-thi-sao', items }));
    mustBe(200, await maker.post('/v1/shipments/PX-3/cancellation', { reason: 'Khách hủy đơn' }));
    const closed = await shop.post('/v1/shipments/che-shan/PX-3/receipt', { received: items, short: [], damaged: [], over: [] });
    expect(closed.status).toBe(409);
    expect(closed.body['code']).toBe('SHIPMENT_CLOSED');
    expect(mustBe(200, await maker.get('/v1/shipments/PX-3')).body).toMatchObject({ state: 'cancelled' });
  });
});

describe('recall', () => {
  it('turns the public page, keeps goods from moving, and says where they are', async () => {
    const items = await commissioned('R1', ['R1A', 'R1B', 'R1C']);
    mustBe(201, await maker.post('/v1/shipments', { number: 'PX-R1', to: 'sieu-thi-sao', items: [items[0]] }));
    mustBe(200, await shop.post('/v1/shipments/che-shan/PX-R1/receipt', { received: [items[0]], short: [], damaged: [], over: [] }));
    mustBe(200, await maker.post(`${lotUrl('R1')}/recall`, { reason: 'Dư lượng', instruction: 'Trả về nơi bán' }));

    expect((await publicItem(items[0] ?? ''))['dossier']).toMatchObject({ lot: { recall: { by: 'che-shan', reason: 'Dư lượng', instruction: 'Trả về nơi bán' } } });
    const held = await shop.post('/v1/endings', { as: 'sold', items: [items[0]] });
    expect(held.status).toBe(422);
    expect(held.body).toMatchObject({ code: 'LOT_RECALLED', fields: { gtin: TEA, lot: 'R1' } });
    const where = mustBe(200, await maker.get(`${lotUrl('R1')}/whereabouts`)).body;
    expect(where['total']).toBe(3);
    expect(where['groups']).toEqual([
      expect.objectContaining({ holder: 'che-shan', state: 'in-stock', province: '15', count: 2 }),
      expect.objectContaining({ holder: 'sieu-thi-sao', state: 'in-stock', province: '79', count: 1 }),
    ]);
    mustBe(200, await maker.post(`${lotUrl('R1')}/recall-end`, { reason: 'Đã thu hồi đủ' }));
    expect(mustBe(200, await maker.get(lotUrl('R1'))).body).not.toHaveProperty('recall');
  });

  it('what an authority ordered, only an authority lifts', async () => {
    await commissioned('R2', ['R2A']);
    mustBe(200, await authority.post(`${lotUrl('R2')}/suspension`, { reason: 'Kiểm tra', instruction: 'Không bán' }));
    const refused = await maker.post(`${lotUrl('R2')}/suspension-end`, { reason: 'Tự mở' });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ code: 'CALLER_NOT_ALLOWED', fields: { orderedBy: 'chi-cuc-qlcl' } });
    mustBe(200, await authority.post(`${lotUrl('R2')}/suspension-end`, { reason: 'Đạt' }));
  });

  it('an inspector seizes what it does not hold; an enterprise may not', async () => {
    const items = await commissioned('R3', ['R3A']);
    const refused = await maker.post('/v1/holds', { items, cause: 'seized', reason: 'x' });
    expect(refused.body).toMatchObject({ code: 'CALLER_NOT_ALLOWED', fields: { cause: 'seized', role: 'enterprise' } });
    mustBe(200, await authority.post('/v1/holds', { items, cause: 'seized', reason: 'Biên bản 12' }));
    expect((await maker.post('/v1/endings', { as: 'sold', items })).body['code']).toBe('ITEM_ON_HOLD');
    mustBe(200, await authority.post('/v1/releases', { items, reason: 'Biên bản 13' }));
    mustBe(200, await maker.post('/v1/reports', { as: 'stolen', items, reason: 'Mất trộm' }));
  });
});

describe('shipments beforehand', () => {
  it('says that it would be allowed, or why not, and writes nothing', async () => {
    const items = await commissioned('P1', ['P1A']);
    const shipment = { number: 'PX-P1', to: 'sieu-thi-sao', items };
    const before = gateway.services.model.asOf().height;
    expect(mustBe(200, await maker.post('/v1/shipments/preview', shipment)).body).toEqual({ allowed: true, result: { shipment: 'PX-P1', shipped: 1 } });
    const unknown = mustBe(200, await maker.post('/v1/shipments/preview', { ...shipment, to: 'khong-co' })).body;
    expect(unknown).toMatchObject({ allowed: false, because: { code: 'ORGANISATION_UNKNOWN', fields: { organisation: 'khong-co' } } });
    const malformed = await maker.post('/v1/shipments/preview', { ...shipment, items: [] });
    expect(malformed.status).toBe(400);
    expect(malformed.body).toMatchObject({ code: 'LIST_EMPTY', field: 'items' });
    expect(gateway.services.model.asOf().height).toBe(before);
    expect((await maker.get('/v1/shipments/PX-P1')).body['code']).toBe('SHIPMENT_UNKNOWN');
  });
});

describe('every answer that is read', () => {
  it('says on how many blocks it rests', async () => {
    const { headers } = mustBe(200, await maker.get(`/v1/products/${TEA}`));
    expect(headers['ledger-height']).toBe(String(gateway.services.model.asOf().height));
    expect(headers['ledger-known-at']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const lists = mustBe(200, await maker.get('/v1/products')).body['asOf'];
    expect(lists).toMatchObject({ height: headers['ledger-height'] });
  });
});
