/** Outboxes over a network and stores that fail as a test says: what every suite of the outbox starts from. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openDurableStore } from '../../../gateway/ledger/durable-store.js';
import type { SubmitOptions, TransactionOutcome } from '../../../gateway/ledger/ledger.js';
import { openOutbox, type Outbox, type OutboxOptions } from '../../../gateway/ledger/outbox.js';
import { CounterNetwork } from './counter-network.js';
import { FaultyConnection, FaultyStore } from './faults.js';

/** of the suite; its importers see each new value */
export let network: CounterNetwork;
/** of the test, its outbox's */
export let folder = '';
/** of the test: unique in the ledger, so that effects can be counted */
export let key = '';
const running: Gateway[] = [];

export interface Gateway {
  readonly outbox: Outbox;
  readonly connection: FaultyConnection;
  readonly store: FaultyStore;
  stop(): Promise<void>;
}

/** A network for the suite that calls this, and a key and a folder for each of its tests. */
export function withNetwork(): void {
  beforeAll(async () => {
    network = await CounterNetwork.start();
  });
  afterAll(() => network.stop());
  beforeEach(() => {
    key = randomUUID();
    folder = network.folder(`outbox-${key}`);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((gateway) => gateway.stop()));
  });
}

/** An outbox in the test's folder; a second one is the first after a restart. */
export async function start(options: Partial<OutboxOptions> = {}): Promise<Gateway> {
  const store = new FaultyStore(await openDurableStore(folder));
  const connection = new FaultyConnection(network.connect());
  const outbox = await openOutbox({ store, connection, resendAfterMs: 60, answerWithinMs: 10_000, ...options });
  const gateway: Gateway = {
    outbox,
    connection,
    store,
    stop: async () => {
      running.splice(running.indexOf(gateway), 1);
      await outbox.close();
      connection.close();
    },
  };
  running.push(gateway);
  return gateway;
}

export const how = (idempotencyKey?: string, body = 'body'): SubmitOptions => ({
  identity: network.identity,
  ...(idempotencyKey === undefined ? {} : { idempotency: { principal: 'enterprise-1', key: idempotencyKey, body } }),
});

export async function failureOf(run: () => Promise<unknown>): Promise<unknown> {
  return run().then(() => expect.fail('nothing failed'), (error: unknown) => error);
}

/** How many valid transactions on the ledger wrote this key. */
export async function effects(of: string): Promise<number> {
  const writes = (await network.blocks()).flatMap(({ transactions }) => transactions.flatMap((transaction) => transaction.writes));
  return writes.filter((write) => write.key === of).length;
}

export async function settled(outbox: Outbox, id: string): Promise<TransactionOutcome> {
  let last: TransactionOutcome = { status: 'unknown', transactionId: id };
  await expect.poll(async () => {
    last = await outbox.outcome(id);
    return last.status;
  }, { timeout: 10_000 }).not.toBe('pending');
  return last;
}
