import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../../gateway/ledger/clock.js';
import { mustBe, runGateway, type Answer, type Caller, type RunningGateway } from './running-gateway.js';
import { TEA, teaLot, teaProduct } from './sample-goods.js';

/** The time for an answer is over before the ledger can have decided: no other waiting takes this long. */
const WITHIN_MS = 4321;
let impatient = false;
const clock: Clock = { ...systemClock, wait: async (ms, signal) => (impatient && ms === WITHIN_MS ? undefined : systemClock.wait(ms, signal)) };

let gateway: RunningGateway;
let maker: Caller;

beforeAll(async () => {
  gateway = await runGateway({ clock, env: { GATEWAY_COMMIT_WITHIN_MS: String(WITHIN_MS) } });
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  mustBe(201, await maker.post('/v1/products', teaProduct));
});
afterAll(async () => gateway.remove());

async function hurried(send: () => Promise<Answer>): Promise<Answer> {
  impatient = true;
  try {
    return await send();
  } finally {
    impatient = false;
  }
}

/** Asks until the ledger has decided; each question waits for the next block. */
async function settled(url: string): Promise<Answer> {
  for (;;) {
    const answer = await maker.get(url);
    if (answer.body['status'] !== 'pending') return answer;
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}

describe('a write that the ledger has not decided in time', () => {
  it('is answered 202, and its outcome is found where the answer says', async () => {
    const answer = await hurried(async () => maker.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot: 'W1' }));
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ transactionId: expect.stringMatching(/^[0-9a-f]{64}$/), status: 'pending' });
    const url = String(answer.headers['location']);
    expect(url).toBe(`/v1/transactions/${String(answer.body['transactionId'])}`);
    expect(answer.headers['retry-after']).toBe('1');
    expect((await settled(url)).body).toEqual({
      status: 'committed', transactionId: answer.body['transactionId'], block: expect.stringMatching(/^\d+$/), result: { item: `/01/${TEA}/10/W1` },
    });
  });

  it('is answered with its outcome when it is sent again with its key', async () => {
    const send = async (): Promise<Answer> => maker.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot: 'W2' }, { 'idempotency-key': 'w2' });
    const first = await hurried(send);
    expect(first.status).toBe(202);
    const again = mustBe(201, await send());
    expect(again.body['transactionId']).toBe(first.body['transactionId']);
  });

  it('commissions an order on, and says so', async () => {
    mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, { ...teaLot, lot: 'W3' }));
    const { body } = mustBe(201, await maker.post(`/v1/products/${TEA}/lots/W3/serials`, { count: 3 }));
    const send = async (): Promise<Answer> => maker.post(`/v1/products/${TEA}/lots/W3/commission`, { order: body['id'] }, { 'idempotency-key': 'w3' });
    const first = await hurried(send);
    expect([first.status, first.body['status']]).toEqual([202, 'pending']);
    expect((await settled(String(first.headers['location']))).body).toMatchObject({ status: 'committed', result: { commissioned: 3 } });
    expect(mustBe(200, await send()).body).toMatchObject({ commissioned: 3, transactions: first.body['transactions'] });
  });

  it('registers an organisation whose identities are made up for with its first key', async () => {
    const answer = await hurried(async () => gateway.operator.post('/v1/organisations', { id: 'cham', type: 'enterprise', name: 'Chậm', address: 'x', province: '01' }));
    expect(answer.status).toBe(202);
    for (;;) {
      const outcome = await gateway.operator.get(String(answer.headers['location']));
      if (outcome.body['status'] === 'committed') break;
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    await gateway.services.model.waitFor(BigInt(String((await gateway.operator.get(String(answer.headers['location']))).body['block'])));
    const key = mustBe(201, await gateway.operator.post('/v1/organisations/cham/api-keys', { label: 'x' }));
    const slow = gateway.caller('cham', String(key.body['text']));
    expect((await slow.post('/v1/products', teaProduct)).body['code']).toBe('PREFIX_NOT_HELD');
  });
});
