import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustBe, runGateway, type Caller, type RunningGateway } from '../app/running-gateway.js';
import { serialKeyOf, TEA, teaLot, teaProduct } from '../app/sample-goods.js';

let gateway: RunningGateway;
let maker: Caller;
let other: Caller;

beforeAll(async () => {
  gateway = await runGateway({ env: { GATEWAY_LINK_HOST: 'ID.Example.vn' } });
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  other = await gateway.enrol('tra-khac', 'enterprise', '01', '9520002');
  mustBe(201, await maker.post('/v1/products', teaProduct));
});
afterAll(async () => gateway.remove());

interface Order { readonly id: string; readonly serials: readonly string[] }

async function order(lot: string, count: number): Promise<Order> {
  mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot }));
  const { body } = mustBe(201, await maker.post(`/v1/products/${TEA}/lots/${lot}/serials`, { count }));
  return { id: String(body['id']), serials: await serialsOf(String(body['id'])) };
}

async function serialsOf(id: string): Promise<string[]> {
  const serials: string[] = [];
  let next = '';
  do {
    const { body } = mustBe(200, await maker.get(`/v1/serial-orders/${id}/serials?limit=1000${next === '' ? '' : `&after=${next}`}`));
    serials.push(...(body['serials'] as { serial: string }[]).map(({ serial }) => serial));
    next = (body['next'] ?? '') as string;
  } while (next !== '');
  return serials;
}

const counts = async (id: string): Promise<Record<string, unknown>> => mustBe(200, await maker.get(`/v1/serial-orders/${id}`)).body;

describe('an order of serials', () => {
  it('gives random serials that answer "not on sale" until they are applied', async () => {
    const { id, serials } = await order('N1', 2500);
    expect(new Set(serials).size).toBe(2500);
    expect(serials.every((serial) => /^[2-9A-HJ-NP-Z]{12}$/.test(serial))).toBe(true);
    expect(await counts(id)).toMatchObject({ count: 2500, printed: 0, applied: 0, reconciled: true });
    const scanned = mustBe(200, await gateway.call({ url: `/v1/public/items?key=${serialKeyOf(TEA, serials[0] ?? '')}` })).body;
    expect(scanned['dossier']).not.toHaveProperty('serial');
    const { id: later } = await order('N1b', 1);
    expect((await maker.get('/v1/serial-orders?limit=1000')).body['orders']).toEqual(expect.arrayContaining([id, later]));
    const after = mustBe(200, await maker.get(`/v1/serial-orders?after=${id}`)).body['orders'];
    expect(after).toContain(later);
    expect(after).not.toContain(id);
  });

  it('is accounted for: printed = applied + spoiled + returned', async () => {
    const { id, serials } = await order('N2', 10);
    const pdf = await maker.post('/v1/labels', { order: id, media: 'a4-24', language: 'vi' });
    expect(pdf.status).toBe(200);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect(pdf.headers['content-disposition']).toBe(`attachment; filename="labels-${id}.pdf"`);
    expect(pdf.text.startsWith('%PDF-')).toBe(true);
    expect(await counts(id)).toMatchObject({ printed: 10, applied: 0, missing: 10, reconciled: false });

    mustBe(200, await maker.post(`/v1/products/${TEA}/lots/N2/commission`, { order: id, first: serials[0], last: serials[5] }));
    const aside = { spoiled: serials.slice(6, 9), returned: [serials[9]] };
    expect(mustBe(200, await maker.post(`/v1/serial-orders/${id}/reconciliation`, aside)).body).toMatchObject({ printed: 10, applied: 6, spoiled: 3, returned: 1, missing: 0, reconciled: true });
    const twice = await maker.post(`/v1/serial-orders/${id}/reconciliation`, { spoiled: [serials[6]], returned: [] });
    expect([twice.status, twice.body['code'], twice.body['fields']]).toEqual([422, 'SERIAL_NOT_IN_ORDER', { serial: serials[6] }]);
    const applied = await maker.post(`/v1/serial-orders/${id}/reconciliation`, { spoiled: [], returned: [serials[0]] });
    expect([applied.status, applied.body['code']]).toEqual([409, 'SERIAL_ALREADY_APPLIED']);
  });

  it('is commissioned in as many transactions as it needs, and once', async () => {
    const { id, serials } = await order('N3', 4500);
    mustBe(200, await maker.post(`/v1/serial-orders/${id}/reconciliation`, { spoiled: [serials[7]], returned: [] }));
    const url = `/v1/products/${TEA}/lots/N3/commission`;
    const first = mustBe(200, await maker.post(url, { order: id }, { 'idempotency-key': 'n3' }));
    expect(first.body['commissioned']).toBe(4499);
    expect(first.body['transactions']).toHaveLength(3);
    const height = gateway.services.model.asOf().height;
    expect(mustBe(200, await maker.post(url, { order: id }, { 'idempotency-key': 'n3' })).body).toEqual(first.body);
    expect(mustBe(200, await maker.post(url, { order: id })).body).toEqual({ transactions: [], commissioned: 0 });
    expect(gateway.services.model.asOf().height).toBe(height);
    expect(await counts(id)).toMatchObject({ applied: 4499, spoiled: 1 });
    const where = mustBe(200, await maker.get(`/v1/products/${TEA}/lots/N3/whereabouts?limit=1`)).body;
    expect(where).toMatchObject({ total: 4499, groups: [{ holder: 'che-shan', count: 4499, loose: 4499 }] });
  });

  it('belongs to whoever ordered it, and to its lot', async () => {
    const { id, serials } = await order('N4', 2);
    for (const url of [`/v1/serial-orders/${id}`, `/v1/serial-orders/${id}/serials`]) {
      expect((await other.get(url)).body).toMatchObject({ code: 'SERIAL_ORDER_UNKNOWN', status: 404, fields: { order: id } });
    }
    expect((await other.post('/v1/labels', { order: id, media: 'a4-24', language: 'vi' })).body['code']).toBe('SERIAL_ORDER_UNKNOWN');
    mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot: 'N5' }));
    expect((await maker.post(`/v1/products/${TEA}/lots/N5/commission`, { order: id })).body['code']).toBe('SERIAL_ORDER_UNKNOWN');
    const stranger = await maker.post(`/v1/products/${TEA}/lots/N4/commission`, { order: id, last: 'ZZZ' });
    expect([stranger.body['code'], stranger.body['field']]).toEqual(['SERIAL_NOT_IN_ORDER', 'last']);
    expect(serials).toHaveLength(2);
  });

  it('is not made for a lot that is another\'s, or not there', async () => {
    mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot: 'N6' }));
    expect((await other.post(`/v1/products/${TEA}/lots/N6/serials`, { count: 1 })).body).toMatchObject({ status: 404, code: 'PRODUCT_UNKNOWN' });
    expect((await maker.post(`/v1/products/${TEA}/lots/N7/serials`, { count: 1 })).body).toMatchObject({ status: 404, code: 'LOT_UNKNOWN' });
  });
});

describe('labels', () => {
  it('are refused as a whole before the first byte', async () => {
    const { serials } = await order('T1', 1);
    const named = { gtin: TEA, lot: 'T1', serials };
    const cases: [Record<string, unknown>, number, string][] = [
      [{ media: 'a4-24', language: 'vi' }, 400, 'FIELD_MISSING'],
      [{ serials: named, order: 'SO-7QK2M9ZD4XWA', media: 'a4-24', language: 'vi' }, 400, 'FIELD_UNKNOWN'],
      [{ serials: named, media: 'a4-25', language: 'vi' }, 400, 'FIELD_WRONG_VALUE'],
      [{ serials: named, media: 'a4-24', language: 'vi', dpi: 250 }, 400, 'FIELD_WRONG_VALUE'],
      [{ units: ['095200000000000011'], media: 'a4-24', language: 'vi' }, 422, 'LABEL_KIND_NOT_ON_MEDIA'],
      [{ units: ['095210000000000018'], media: 'a6-logistic', language: 'vi' }, 403, 'PREFIX_NOT_HELD'],
    ];
    for (const [body, status, code] of cases) {
      const answer = await maker.post('/v1/labels', body);
      expect([answer.status, answer.body['code']]).toEqual([status, code]);
    }
    expect((await other.post('/v1/labels', { serials: named, media: 'a4-24', language: 'vi' })).body['code']).toBe('PRODUCT_UNKNOWN');
  });

  it('are printed for units before and after they are packed', async () => {
    const { body } = mustBe(201, await maker.post('/v1/sscc', { count: 2 }));
    const units = (body['units'] as { sscc: string }[]).map(({ sscc }) => sscc);
    expect((await maker.post('/v1/labels', { units, media: 'a6-logistic', language: 'en' })).text.startsWith('%PDF-')).toBe(true);
  });
});

describe('SSCCs', () => {
  it('are given out once, whoever asks at the same time, and not where a unit stands', async () => {
    const many = await Promise.all(Array.from({ length: 20 }, async () => mustBe(201, await maker.post('/v1/sscc', { count: 5 }))));
    const ssccs = many.flatMap(({ body }) => (body['units'] as { sscc: string }[]).map(({ sscc }) => sscc));
    expect(new Set(ssccs).size).toBe(100);
    expect(ssccs.every((sscc) => sscc.slice(1).startsWith('9520000'))).toBe(true);
  });

  it('repeat with the same idempotency key, and need a prefix of one\'s own', async () => {
    const key = { 'idempotency-key': 'sscc-1' };
    const [one, two] = await Promise.all([maker.post('/v1/sscc', { count: 3 }, key), maker.post('/v1/sscc', { count: 3 }, key)]);
    expect(one.body).toEqual(two.body);
    const reused = await maker.post('/v1/sscc', { count: 4 }, key);
    expect([reused.status, reused.body['code'], reused.body['field']]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED', 'Idempotency-Key']);
    expect((await maker.post('/v1/sscc', { count: 1, prefix: '9520002' })).body).toMatchObject({ status: 403, code: 'PREFIX_NOT_HELD', fields: { number: '9520002', organisation: 'che-shan' } });
  });
});

describe('printing', () => {
  it('is done for so many at once, and for the next when one is done', async () => {
    const { id } = await order('Q1', 5000);
    const print = async () => maker.post('/v1/labels', { order: id, media: 'a4-65', language: 'vi' });
    const statuses = (await Promise.all(Array.from({ length: 6 }, print))).map(({ status, body }) => `${status} ${(body['code'] ?? 'PDF') as string}`).sort();
    expect(statuses).toEqual(['200 PDF', '200 PDF', '200 PDF', '200 PDF', '503 OVERLOADED', '503 OVERLOADED']);
    expect((await print()).status).toBe(200);
    expect(await counts(id)).toMatchObject({ printed: 25_000 });
  });
});
