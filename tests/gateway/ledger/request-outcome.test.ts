import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDurableStore } from '../../../gateway/ledger/durable-store.js';
import type { Idempotency, LedgerFailure, SubmitOptions } from '../../../gateway/ledger/ledger.js';
import { openOutbox, type Outbox, type OutboxOptions } from '../../../gateway/ledger/outbox.js';
import { CounterNetwork } from './counter-network.js';
import { FaultyConnection } from './faults.js';

interface Run {
  readonly outbox: Outbox;
  readonly connection: FaultyConnection;
}

let network: CounterNetwork;
let folder: string;
let key: string;
const running: Run[] = [];

beforeAll(async () => {
  network = await CounterNetwork.start();
});
afterAll(async () => network.stop());
beforeEach(() => {
  key = randomUUID();
  folder = network.folder(`outbox-${key}`);
});
afterEach(stop);

async function start(options: Partial<OutboxOptions> = {}): Promise<Run> {
  const connection = new FaultyConnection(network.connect());
  const outbox = await openOutbox({ store: await openDurableStore(folder), connection, resendAfterMs: 60, answerWithinMs: 10_000, ...options });
  running.push({ outbox, connection });
  return { outbox, connection };
}

async function stop(): Promise<void> {
  for (const { outbox, connection } of running.splice(0)) {
    await outbox.close();
    connection.close();
  }
}

const under = (change: Partial<Idempotency> = {}): Idempotency => ({ principal: 'enterprise-1', key, body: 'body', ...change });
const how = (change: Partial<Idempotency> = {}): SubmitOptions => ({ identity: network.identity, idempotency: under(change) });
const failureOf = async (promise: Promise<unknown>): Promise<unknown> => promise.then(() => expect.fail('nothing failed'), (error: unknown) => error);

describe('what became of a request, by its key', () => {
  it('is not known before anything was stored, then pending, then committed, also in the next run', async () => {
    const first = await start({ answerWithinMs: 1, resendAfterMs: 600_000 });
    expect(await first.outbox.outcomeUnder(under())).toBeUndefined();
    first.connection.sendFaults = ['lost'];
    const { transactionId } = await first.outbox.submit('put', [key, 'v'], how());
    expect(await first.outbox.outcomeUnder(under())).toEqual({ status: 'pending', transactionId });
    await stop();
    const { outbox } = await start();
    await expect.poll(async () => outbox.outcomeUnder(under())).toMatchObject({ status: 'committed', transactionId, result: `${key}=v` });
    expect(await outbox.outcomeUnder(under())).toEqual(await outbox.outcome(transactionId));
    expect(await outbox.outcomeUnder(under({ principal: 'enterprise-2' }))).toBeUndefined();
  });

  it('waits for what is being endorsed, and is nothing where that is refused', async () => {
    const { outbox } = await start();
    const answer = outbox.submit('put', [key, 'v'], how());
    const outcome = await outbox.outcomeUnder(under());
    expect(outcome).toMatchObject({ transactionId: (await answer).transactionId });
    const other = { key: `${key}-2` };
    const refusal = failureOf(outbox.submit('refuse', ['x'], how(other)));
    expect(await outbox.outcomeUnder(under(other))).toBeUndefined();
    expect(await refusal).toMatchObject({ code: 'FIELD_WRONG_VALUE' });
  });

  it('is refused for another body, while it is under way and afterwards', async () => {
    const { outbox } = await start();
    const answer = outbox.submit('put', [key, 'v'], how());
    expect(await failureOf(outbox.outcomeUnder(under({ body: 'another' })))).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await answer;
    expect(await failureOf(outbox.outcomeUnder(under({ body: 'another' })))).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await failureOf(outbox.outcomeUnder(under({ key: '' })))).toMatchObject({ code: 'IDEMPOTENCY_KEY_WRONG' });
  });

  it('is its rejection', async () => {
    const { outbox, connection } = await start();
    connection.judge = () => 22;
    const { transactionId } = await failureOf(outbox.submit('put', [key, 'v'], how())) as LedgerFailure;
    expect(await outbox.outcomeUnder(under())).toEqual({ status: 'rejected', transactionId, code: 'BAD_RWSET', retry: 'no' });
  });
});
