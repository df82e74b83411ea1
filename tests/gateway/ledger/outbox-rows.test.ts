/** What an outbox has on disk: the keys of repeats, rows that are damaged, and rows of another ledger. */
import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { systemClock, type Clock } from '../../../gateway/ledger/clock.js';
import { openDurableStore } from '../../../gateway/ledger/durable-store.js';
import type { SubmitOptions } from '../../../gateway/ledger/ledger.js';
import { openLedger } from '../../../gateway/ledger/open-ledger.js';
import { openOutbox } from '../../../gateway/ledger/outbox.js';
import { CounterNetwork } from './counter-network.js';
import { effects, failureOf, folder, how, key, network, settled, start, withNetwork } from './running-outbox.js';

withNetwork();

describe('idempotency keys', () => {
  it('give 50 repeats at once one transaction', async () => {
    const { outbox, connection } = await start();
    const answers = await Promise.all(Array.from({ length: 50 }, () => outbox.submit('increment', [key], how(key))));
    expect(new Set(answers.map(({ transactionId }) => transactionId)).size).toBe(1);
    expect(connection.sent).toHaveLength(1);
    expect(await effects(key)).toBe(1);
  });

  it('give a later repeat the same answer, also after a restart', async () => {
    const first = await start();
    const answer = await first.outbox.submit('increment', [key], how(key));
    expect(await first.outbox.submit('increment', [key], how(key))).toEqual(answer);
    await first.stop();
    const again = await start();
    expect(await again.outbox.submit('increment', [key], how(key))).toEqual(answer);
    expect(await effects(key)).toBe(1);
  });

  it.each([['at once', false], ['later', false], ['after a restart', true]])('refuse another body: %s', async (when, restart) => {
    const first = await start();
    const original = first.outbox.submit('increment', [key], how(key));
    if (when !== 'at once') await original;
    if (restart) {
      await original;
      await first.stop();
    }
    const { outbox } = restart ? await start() : first;
    expect(await failureOf(() => outbox.submit('increment', [key], how(key, 'another')))).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', kind: 'conflict', fields: { field: 'Idempotency-Key' } });
    await original;
    expect(await effects(key)).toBe(1);
  });

  it('belong to one principal', async () => {
    const { outbox } = await start();
    const as = (principal: string): SubmitOptions => ({ identity: network.identity, idempotency: { principal, key, body: 'b' } });
    const [one, other] = await Promise.all([outbox.submit('put', [`${key}-1`, 'v'], as('one')), outbox.submit('put', [`${key}-2`, 'v'], as('other'))]);
    expect(one.transactionId).not.toBe(other.transactionId);
  });

  it.each(['', ' ', 'a b', 'khóa', 'a\n', 'x'.repeat(256)])('must be visible ASCII: %j', async (bad) => {
    const { outbox } = await start();
    expect(await failureOf(() => outbox.submit('put', [key, 'v'], how(bad)))).toMatchObject({ code: 'IDEMPOTENCY_KEY_WRONG', fields: { field: 'Idempotency-Key' } });
  });

  it('are forgotten together with the outcome when their time is over', async () => {
    const clock: Clock = { ...systemClock, now: () => now };
    let now = 1_000_000;
    const first = await start({ clock, retentionMs: 5000 });
    const { transactionId } = await first.outbox.submit('increment', [key], how(key));
    await first.stop();
    now += 4999;
    const second = await start({ clock, retentionMs: 5000 });
    expect(await second.outbox.outcome(transactionId)).toMatchObject({ status: 'committed' });
    await second.stop();
    now += 1;
    const third = await start({ clock, retentionMs: 5000 });
    await expect.poll(() => third.outbox.outcome(transactionId)).toEqual({ status: 'unknown', transactionId });
    expect(await third.outbox.submit('increment', [key], how(key, 'another body'))).toMatchObject({ status: 'committed', result: '2' });
  });
});

describe('an outbox with damaged rows', () => {
  it.each(['p', 'x'])('is refused, or says so, and lets go of its folder: %s', async (prefix) => {
    const first = await start({ answerWithinMs: 1 });
    first.connection.sendFaults = ['lost'];
    const { transactionId } = await first.outbox.submit('put', [key, 'v'], how());
    if (prefix === 'x') await settled(first.outbox, transactionId);
    await first.stop();
    const store = await openDurableStore(folder);
    for await (const [rowKey, row] of store.rows(prefix)) await store.write([{ key: rowKey, value: Buffer.from(row.map((byte) => byte ^ 1)) }], true);
    await store.close();
    const errors: unknown[] = [];
    const opened = openLedger({ fabric: network.fabric(), outboxDirectory: folder, onError: (error) => errors.push(error) });
    if (prefix === 'p') expect(await failureOf(() => opened)).toMatchObject({ code: 'OUTBOX_DAMAGED', fields: { row: `p${transactionId}` } });
    else {
      const ledger = await opened;
      await expect.poll(() => errors).toMatchObject([{ code: 'OUTBOX_DAMAGED' }]);
      expect(await ledger.outcome(transactionId)).toMatchObject({ status: 'committed' });
      await ledger.close();
    }
    await (await openDurableStore(folder)).close();
  });
});

describe('an outbox of another ledger', () => {
  it('sends nothing and says so', async () => {
    const first = await start();
    await first.outbox.submit('put', [key, 'v'], how());
    await first.stop();
    const other = await CounterNetwork.start();
    const outbox = await openOutbox({ store: await openDurableStore(folder), connection: other.connect() });
    const error = await failureOf(() => outbox.submit('put', [key, 'v'], { identity: other.identity }));
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: 'LEDGER_DIFFERENT' });
    await outbox.close();
    await other.stop();
  });

  it('does not open where the other one is known beforehand, and opens where it is its own', async () => {
    const first = await start();
    await first.outbox.submit('put', [key, 'v'], how());
    await first.stop();
    const own = Buffer.from((await network.blocks())[0]?.hash ?? []).toString('hex');
    const open = async (genesisHash: string): Promise<void> => (await openLedger({ fabric: network.fabric({ genesisHash }), outboxDirectory: folder })).close();
    expect(await failureOf(async () => open('ab'.repeat(32)))).toMatchObject({ code: 'LEDGER_DIFFERENT', fields: { expected: own, found: 'ab'.repeat(32) } });
    await open(own);
  });
});
