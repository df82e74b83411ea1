import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustBe, runGateway, type Answer, type Caller, type RunningGateway } from './running-gateway.js';
import { TEA, teaLot, teaProduct } from './sample-goods.js';

let gateway: RunningGateway;
let maker: Caller;

beforeAll(async () => {
  gateway = await runGateway();
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  mustBe(201, await maker.post('/v1/products', teaProduct));
  mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, teaLot));
});
afterAll(async () => gateway.remove());

const raw = async (url: string, payload: string | Buffer, type = 'application/json'): Promise<Answer> => gateway.call({
  method: 'POST', url, headers: { 'authorization': `Bearer ${maker.key}`, 'content-type': type }, payload,
});

/** Sources: trust.md 2.4 T1–T5, RFC 8259 (JSON), RFC 3629 (UTF-8). */
describe('a body that two readers could read differently', () => {
  it.each([
    ['no JSON', '{', 400, 'TEXT_NOT_JSON'],
    ['nothing', '', 400, 'TEXT_NOT_JSON'],
    ['a field twice', '{"as":"sold","as":"used","items":[]}', 400, 'JSON_DUPLICATE_KEY'],
    ['a field twice, once escaped', '{"as":"sold","\\u0061s":"used","items":[]}', 400, 'JSON_DUPLICATE_KEY'],
    ['depth without end', '['.repeat(100_000) + ']'.repeat(100_000), 400, 'JSON_TOO_DEEP'],
    ['a lone surrogate', '{"as":"sold","items":["/01/09520000000011/21/A"],"reason":"\\ud800"}', 400, 'TEXT_NOT_PLAIN'],
    ['broken UTF-8', Buffer.concat([Buffer.from('{"as":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]), 400, 'TEXT_NOT_PLAIN'],
    ['a prototype', '{"__proto__":{"as":"sold"},"as":"sold","items":["/01/09520000000011/21/A"]}', 400, 'FIELD_UNKNOWN'],
    ['a constructor', '{"constructor":{"prototype":{}},"as":"sold","items":["/01/09520000000011/21/A"]}', 400, 'FIELD_UNKNOWN'],
    ['more than a transaction carries', `{"as":"${'x'.repeat(2_100_000)}"}`, 413, 'TEXT_TOO_LONG'],
  ])('is refused: %s', async (_what, body, status, code) => {
    const answer = await raw('/v1/endings', body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data; boundary=x'])('is refused as %s', async (type) => {
    const answer = await raw('/v1/endings', 'x', type);
    expect([answer.status, answer.body['code']]).toEqual([415, 'CONTENT_TYPE_WRONG']);
  });
});

describe('a field that is wrong', () => {
  const item = `/01/${TEA}/21/A`;
  it.each([
    ['/v1/endings', [], 'FIELD_WRONG_TYPE', '', { expected: 'object' }],
    ['/v1/endings', {}, 'FIELD_MISSING', 'as', {}],
    ['/v1/endings', { as: 'given away', items: [item] }, 'FIELD_WRONG_VALUE', 'as', { expected: 'sold | used | decommissioned | destroyed' }],
    ['/v1/endings', { as: 'sold', items: [] }, 'LIST_EMPTY', 'items', {}],
    ['/v1/endings', { as: 'sold', items: [item, item] }, 'LIST_REPEATS', 'items', { value: item }],
    ['/v1/endings', { as: 'sold', items: [item, 7] }, 'FIELD_WRONG_TYPE', 'items[1]', { expected: 'text' }],
    ['/v1/endings', { as: 'sold', items: ['/01/9520000000011/21/A'] }, 'ITEM_KEY_NOT_CANONICAL', 'items[0]', { canonical: item }],
    ['/v1/endings', { as: 'sold', items: [item], happenedAt: 'yesterday' }, 'INSTANT_INVALID', 'happenedAt', { value: 'yesterday' }],
    ['/v1/endings', { as: 'sold', items: [item], province: '99' }, 'PROVINCE_UNKNOWN', 'province', { value: '99' }],
    ['/v1/endings', { as: 'sold', items: [item], reason: 'a\u202eb' }, 'TEXT_NOT_PLAIN', 'reason', {}],
    ['/v1/endings', { as: 'sold', items: [item], note: 'x' }, 'FIELD_UNKNOWN', 'note', {}],
    ['/v1/packings', { unit: '095200000000000012', items: [item] }, 'SSCC_CHECK_DIGIT_WRONG', 'unit', { expected: '1' }],
    ['/v1/products', { ...teaProduct, gtin: '9520000000012' }, 'GTIN_CHECK_DIGIT_WRONG', 'gtin', { gtin: '9520000000012', expected: '1' }],
    ['/v1/products', { ...teaProduct, expires: 'true' }, 'FIELD_WRONG_TYPE', 'expires', { expected: 'true or false' }],
    ['/v1/products', { ...teaProduct, producer: { name: 'x' } }, 'FIELD_MISSING', 'producer.address', {}],
    ['/v1/splits', { from: `/01/${TEA}/10/L1`, into: [{ gtin: TEA, serial: 'A', mass: 1.5 }], remaining: '0', loss: '0' }, 'FIELD_WRONG_TYPE', 'into[0].mass', { expected: 'text' }],
    ['/v1/splits', { from: `/01/${TEA}/10/L1`, into: [{ gtin: TEA, serial: 'A', mass: '1e3' }], remaining: '0', loss: '0' }, 'QUANTITY_MALFORMED', 'into[0].mass', { value: '1e3' }],
    ['/v1/draws', { item, mass: '0', as: 'used', reason: 'x' }, 'QUANTITY_ZERO', 'mass', {}],
    ['/v1/draws', { item, mass: '0.0000001', as: 'used', reason: 'x' }, 'QUANTITY_MALFORMED', 'mass', {}],
    ['/v1/sscc', { count: '5' }, 'FIELD_WRONG_VALUE', 'count', { expected: 'whole number 1 to 1000' }],
    ['/v1/sscc', { count: 1.5 }, 'FIELD_WRONG_VALUE', 'count', {}],
    [`/v1/products/${TEA}/lots`, { ...teaLot, lot: '..' }, 'LOT_MALFORMED', 'lot', { lot: '..' }],
    [`/v1/products/${TEA}/lots`, { ...teaLot, gtin: TEA, lot: 'L9' }, 'FIELD_UNKNOWN', 'gtin', { expected: 'in the path only' }],
    [`/v1/products/${TEA}/lots`, { ...teaLot, lot: 'L9', expiresOn: '2026-02-30' }, 'DATE_INVALID', 'expiresOn', { value: '2026-02-30' }],
    [`/v1/products/123/lots`, teaLot, 'GTIN_MALFORMED', 'gtin', { gtin: '123' }],
    [`/v1/products/${TEA}/lots/LO26-001/commission`, { serials: ['A/B', 'é'] }, 'SERIAL_MALFORMED', 'serials[1]', { serial: 'é' }],
    [`/v1/products/${TEA}/lots/LO26-001/serials`, { count: 100_001 }, 'FIELD_WRONG_VALUE', 'count', { expected: 'whole number 1 to 100000' }],
  ] as const)('%s %j', async (url, body, code, field, fields) => {
    const answer = await maker.post(url, body);
    expect([answer.status, answer.body['code'], answer.body['field'] ?? '']).toEqual([400, code, field]);
    expect(answer.body['fields']).toMatchObject(fields);
  });

  it('a list beyond what one transaction may name is too large', async () => {
    const serials = Array.from({ length: 2001 }, (_, index) => `S${index}`);
    const answer = await maker.post(`/v1/products/${TEA}/lots/LO26-001/commission`, { serials });
    expect([answer.status, answer.body['code'], answer.body['field'], answer.body['fields']]).toEqual([413, 'LIST_TOO_LONG', 'serials', { longest: '2000' }]);
  });

  it('a cursor of another list, or of none', async () => {
    mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot: 'C1' }));
    const page = mustBe(200, await maker.get(`/v1/products/${TEA}/lots?limit=1`)).body;
    expect(page['next']).toEqual(expect.any(String));
    for (const after of [String(page['next']), 'x', '%00', 'a'.repeat(601)]) {
      const answer = await maker.get(`/v1/products?after=${after}`);
      expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([400, 'FIELD_WRONG_VALUE', 'after']);
    }
    for (const limit of ['0', '1001', '-1', '1e2', '']) expect((await maker.get(`/v1/products?limit=${limit}`)).body).toMatchObject({ status: 400, code: 'FIELD_WRONG_VALUE', field: 'limit' });
  });

  it('pages follow each other without gap or repetition', async () => {
    for (const lot of ['P1', 'P2', 'P3', 'P4']) mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot }));
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const { body } = mustBe(200, await maker.get(`/v1/products/${TEA}/lots?limit=2${next === undefined ? '' : `&after=${next}`}`));
      seen.push(...(body['lots'] as { lot: string }[]).map(({ lot }) => lot));
      next = body['next'] as string | undefined;
    } while (next !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(['LO26-001', 'P1', 'P2', 'P3', 'P4']));
  });
});
