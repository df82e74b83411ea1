import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustBe, runGateway, type Caller, type RunningGateway } from './running-gateway.js';
import { TEA, teaLot, teaProduct } from './sample-goods.js';

let gateway: RunningGateway;
let maker: Caller;
let other: Caller;

beforeAll(async () => {
  gateway = await runGateway();
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  other = await gateway.enrol('tra-khac', 'enterprise', '01', '9520002');
  mustBe(201, await maker.post('/v1/products', teaProduct));
});
afterAll(async () => gateway.remove());

const lots = `/v1/products/${TEA}/lots`;

describe('an idempotency key', () => {
  it('makes one transaction of fifty requests at once, and of one after a while', async () => {
    const send = async () => maker.post(lots, { ...teaLot, lot: 'I1' }, { 'idempotency-key': 'lot-i1' });
    const before = gateway.services.model.asOf().height;
    const answers = await Promise.all(Array.from({ length: 50 }, send));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 201));
    expect(new Set(answers.map(({ body }) => body['transactionId'])).size).toBe(1);
    expect((await send()).body).toEqual(answers[0]?.body);
    // One block holds it, so one transaction was ordered.
    expect(gateway.services.model.asOf().height - before).toBe(1n);
  });

  it('stands for one body and one address', async () => {
    const key = { 'idempotency-key': 'lot-i2' };
    mustBe(201, await maker.post(lots, { ...teaLot, lot: 'I2' }, key));
    const otherBody = await maker.post(lots, { ...teaLot, lot: 'I3' }, key);
    expect([otherBody.status, otherBody.body['code'], otherBody.body['field']]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED', 'Idempotency-Key']);
    const measure = { reason: 'x', instruction: 'y' };
    mustBe(200, await maker.post(`${lots}/I2/suspension`, measure, { 'idempotency-key': 'measure' }));
    const otherAddress = await maker.post(`${lots}/I2/recall`, measure, { 'idempotency-key': 'measure' });
    expect([otherAddress.status, otherAddress.body['code']]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
    expect((await maker.get(`${lots}/I2`)).body).not.toHaveProperty('recall');
    expect((await maker.get(`${lots}/I3`)).status).toBe(404);
  });

  it('does not care in which order fields are written', async () => {
    const key = { 'idempotency-key': 'lot-i4' };
    const first = mustBe(201, await maker.post(lots, { ...teaLot, lot: 'I4' }, key));
    const turned = Object.fromEntries(Object.entries({ ...teaLot, lot: 'I4' }).reverse());
    expect((await maker.post(lots, turned, key)).body).toEqual(first.body);
  });

  it('is another one for another organisation', async () => {
    const key = { 'idempotency-key': 'shared' };
    mustBe(201, await maker.post('/v1/sscc', { count: 1 }, key));
    const theirs = mustBe(201, await other.post('/v1/sscc', { count: 2 }, key));
    expect(theirs.body['units']).toHaveLength(2);
  });

  it('is refused where it is none', async () => {
    for (const key of ['x'.repeat(256), 'a b', 'é'.normalize('NFD').slice(1)]) {
      const answer = await maker.post(lots, { ...teaLot, lot: 'I5' }, { 'idempotency-key': key });
      expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([400, 'IDEMPOTENCY_KEY_WRONG', 'Idempotency-Key']);
    }
  });

  it('gives the same refusal no second chance to become another answer', async () => {
    const key = { 'idempotency-key': 'lot-i6' };
    const refused = await maker.post(`${lots}/I6/commission`, { serials: ['A'] }, key);
    expect(refused.body['code']).toBe('LOT_UNKNOWN');
    mustBe(201, await maker.post(lots, { ...teaLot, lot: 'I6' }));
    // Nothing was sent under the key, so the request may be tried again.
    mustBe(200, await maker.post(`${lots}/I6/commission`, { serials: ['A'] }, key));
  });

  it('orders serials once, and shows an API key once', async () => {
    mustBe(201, await maker.post(lots, { ...teaLot, lot: 'I7' }));
    const order = async () => maker.post(`${lots}/I7/serials`, { count: 10 }, { 'idempotency-key': 'order-i7' });
    const [one, two] = await Promise.all([order(), order()]);
    expect(one.body).toEqual(two.body);
    const issue = async () => gateway.operator.post('/v1/organisations/che-shan/api-keys', { label: 'once' }, { 'idempotency-key': 'key-1' });
    const first = mustBe(201, await issue());
    const second = mustBe(201, await issue());
    expect(first.body['text']).toMatch(/^mc_/);
    expect(second.body).toEqual({ apiKey: first.body['apiKey'] });
  });
});
