import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { openDurableStore } from '../../../gateway/ledger/durable-store.js';
import { LedgerFailure } from '../../../gateway/ledger/ledger.js';
import { openOutbox } from '../../../gateway/ledger/outbox.js';
import { ManualClock } from '../manual-clock.js';
import { FaultyConnection, type Fault } from './faults.js';
import { effects, failureOf, folder, how, key, network, settled, start, withNetwork, type Gateway } from './running-outbox.js';

withNetwork();

describe('submitting', () => {
  it('answers with block and result, and remembers both', async () => {
    const { outbox } = await start();
    const answer = await outbox.submit('put', [key, 'v'], how());
    expect(answer).toMatchObject({ status: 'committed', result: `${key}=v` });
    expect(await outbox.outcome(answer.transactionId)).toEqual(answer);
    expect((await network.blocks()).find(({ transactions }) => transactions.some(({ id }) => id === answer.transactionId))?.number).toBe((answer as { block: bigint }).block);
    expect(outbox.health()).toMatchObject({ waiting: 0, oldest: undefined, storeFailure: undefined });
  });

  it('gives the contract\'s refusals, and stores nothing for them', async () => {
    const { outbox, connection } = await start();
    expect(await failureOf(() => outbox.submit('refuse', ['mass'], how(key)))).toMatchObject({ code: 'FIELD_WRONG_VALUE', fields: { field: 'mass' } });
    expect(connection.sent).toEqual([]);
    expect(await outbox.submit('put', [key, 'v'], how(key))).toMatchObject({ status: 'committed' });
  });

  it('gives 50 increments of one key at once exactly 50 effects', async () => {
    const { outbox } = await start();
    const answers = await Promise.all(Array.from({ length: 50 }, () => outbox.submit('increment', [key], how())));
    expect(answers.map((answer) => (answer.status === 'committed' ? Number(answer.result) : answer.status)).sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(await effects(key)).toBe(50);
  });

  it('leads from the id of a transaction that lost a race to the one that took its place', async () => {
    const { outbox, connection } = await start();
    const answers = await Promise.all(Array.from({ length: 8 }, () => outbox.submit('increment', [key], how())));
    expect(connection.sent.length).toBeGreaterThan(8);
    const final = new Set(answers.map(({ transactionId }) => transactionId));
    for (const id of connection.sent) {
      const outcome = await outbox.outcome(id);
      expect(outcome.status).toBe('committed');
      expect(final).toContain(outcome.transactionId);
    }
  });

  it('refuses more than may be under way, and takes more when there is room again', async () => {
    const { outbox, connection } = await start({ limit: 3, answerWithinMs: 1 });
    connection.sendFaults = ['lost', 'lost', 'lost'];
    const answers = await Promise.all([1, 2, 3].map((n) => outbox.submit('put', [`${key}-${n}`, 'v'], how())));
    expect(answers.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending']);
    expect(await failureOf(() => outbox.submit('put', [key, 'v'], how()))).toMatchObject({ code: 'OUTBOX_FULL', kind: 'unavailable', fields: { limit: '3' } });
    await Promise.all(answers.map(({ transactionId }) => settled(outbox, transactionId)));
    expect((await outbox.submit('put', [key, 'v'], how())).transactionId).toMatch(/^[0-9a-f]{64}$/);
  });

  it('answers pending in time, and the outcome when it is asked for', async () => {
    const clock = new ManualClock();
    const { outbox, connection } = await start({ clock, answerWithinMs: 2000, resendAfterMs: 3000 });
    connection.sendFaults = ['lost'];
    const answer = outbox.submit('put', [key, 'v'], how());
    await expect.poll(() => clock.waiting).toContain(2000);
    clock.advance(2000);
    const { status, transactionId } = await answer;
    expect(status).toBe('pending');
    expect(await outbox.outcome(transactionId)).toEqual({ status: 'pending', transactionId });
    expect(outbox.health()).toMatchObject({ waiting: 1, oldest: clock.now() - 2000 });
    clock.advance(1000);
    expect(await settled(outbox, transactionId)).toMatchObject({ status: 'committed', transactionId, result: `${key}=v` });
    expect(connection.sent).toEqual([transactionId, transactionId]);
  });

  it('waits longer each time before it sends again', async () => {
    const clock = new ManualClock();
    const { outbox, connection } = await start({ clock, answerWithinMs: 1, resendAfterMs: 600 });
    connection.sendFaults = Array.from({ length: 100 }, () => 'lost');
    const answer = outbox.submit('put', [key, 'v'], how());
    const sentAt: number[] = [];
    const from = clock.now();
    for (let n = 0; n < 130; n++) {
      const before = connection.sent.length;
      await expect.poll(() => clock.waiting.length, { interval: 1 }).toBeGreaterThanOrEqual(connection.sent.length === 0 ? 3 : 2);
      if (connection.sent.length > sentAt.length) sentAt.push(clock.now() - from);
      if (before === connection.sent.length) clock.advance(100);
    }
    expect((await answer).status).toBe('pending');
    expect(sentAt.slice(0, 4)).toEqual([0, 600, 1800, 4200]);
  });

  it('knows nothing of what it never sent', async () => {
    const { outbox } = await start();
    expect(await outbox.outcome('ab'.repeat(32))).toEqual({ status: 'unknown', transactionId: 'ab'.repeat(32) });
  });

  it('answers those who wait when it is closed', async () => {
    const gateway = await start();
    gateway.connection.sendFaults = ['lost'];
    const answer = gateway.outbox.submit('put', [key, 'v'], how());
    await expect.poll(() => gateway.connection.sent).toHaveLength(1);
    await gateway.stop();
    expect(await answer).toMatchObject({ status: 'pending' });
    expect(await failureOf(() => gateway.outbox.submit('put', [key, 'v'], how()))).toMatchObject({ code: 'STORE_FAILED', fields: { reason: 'closed' } });
  });

  it('takes an orderer\'s refusal of the bytes as final, if none could have had them', async () => {
    const { outbox, connection } = await start();
    connection.sendFailure = new LedgerFailure({ stage: 'submit', retry: 'no', code: 'ABORTED' }, 'status=FORBIDDEN');
    const error = await failureOf(() => outbox.submit('put', [key, 'v'], how())) as LedgerFailure;
    expect(error).toMatchObject({ stage: 'submit', code: 'ABORTED', retry: 'no' });
    expect(await outbox.outcome(error.transactionId)).toEqual({ status: 'rejected', transactionId: error.transactionId, code: 'ABORTED', retry: 'no' });
    expect(error.asProblem()).toMatchObject({ code: 'LEDGER_REJECTED' });
  });

  it('does not take it as final if an earlier sending may have arrived', async () => {
    const { outbox, connection } = await start({ answerWithinMs: 1 });
    connection.sendFaults = ['lost'];
    const { transactionId } = await outbox.submit('put', [key, 'v'], how());
    connection.sendFailure = new LedgerFailure({ stage: 'submit', retry: 'no', code: 'ABORTED' }, 'status=FORBIDDEN');
    await expect.poll(() => connection.sent.length).toBeGreaterThan(1);
    expect(await outbox.outcome(transactionId)).toMatchObject({ status: 'pending' });
    connection.sendFailure = undefined;
    expect(await settled(outbox, transactionId)).toMatchObject({ status: 'committed' });
  });

  it('takes it as final even so, when nothing but refusals came for long', async () => {
    const { outbox, connection } = await start({ answerWithinMs: 1, resendAfterMs: 6 });
    connection.sendFaults = ['lost'];
    const { transactionId } = await outbox.submit('put', [key, 'v'], how(key));
    connection.sendFailure = new LedgerFailure({ stage: 'submit', retry: 'same-id', code: 'ABORTED' }, 'status=FORBIDDEN');
    expect(await settled(outbox, transactionId)).toEqual({ status: 'rejected', transactionId, code: 'ABORTED', retry: 'no' });
    expect(connection.sent).toHaveLength(21);
    expect(outbox.health().waiting).toBe(0);
  });

  it('counts refusals anew where one sending may have arrived in between', async () => {
    const { outbox, connection } = await start({ answerWithinMs: 1, resendAfterMs: 6 });
    const refused = new LedgerFailure({ stage: 'submit', retry: 'same-id', code: 'ABORTED' }, 'status=FORBIDDEN');
    connection.sendFailures = [...Array.from({ length: 15 }, () => refused), new LedgerFailure({ stage: 'submit', retry: 'same-id', code: 'UNAVAILABLE' }, 'planned')];
    connection.sendFailure = refused;
    const { transactionId } = await outbox.submit('put', [key, 'v'], how(key));
    expect(await settled(outbox, transactionId)).toMatchObject({ status: 'rejected' });
    expect(connection.sent).toHaveLength(15 + 1 + 20);
  });

  it('does not let a refusal replace what the ledger has said already', async () => {
    const { outbox, connection } = await start();
    connection.sendFaults = ['refused-late'];
    const { transactionId, status } = await outbox.submit('put', [key, 'v'], how(key));
    expect(status).toBe('committed');
    // What is written after it is written in order: this one's outcome comes after anything that a refusal could write.
    await expect.poll(() => connection.refused).toEqual([transactionId]);
    await outbox.submit('put', [`${key}-2`, 'v'], how());
    expect(await outbox.outcome(transactionId)).toMatchObject({ status: 'committed' });
    expect(await outbox.submit('put', [key, 'v'], how(key))).toMatchObject({ status: 'committed', transactionId });
  });
});

describe('what the peers may say of a transaction', () => {
  it.each([
    ['BAD_CREATOR_SIGNATURE', 4, 'no', 1, 'LEDGER_REJECTED'],
    ['BAD_RWSET', 22, 'no', 1, 'LEDGER_REJECTED'],
    ['CODE_77', 77, 'no', 1, 'LEDGER_REJECTED'],
    ['ENDORSEMENT_POLICY_FAILURE', 10, 'new-id', 3, 'LEDGER_ENDORSEMENT_LACKING'],
    ['EXPIRED_CHAINCODE', 17, 'new-id', 3, 'LEDGER_ENDORSEMENT_LACKING'],
  ])('%s', async (name, code, retry, sendings, problem) => {
    const { outbox, connection } = await start({ resendAfterMs: 600_000 });
    connection.judge = () => code;
    const error = await failureOf(() => outbox.submit('put', [key, 'v'], how(key))) as LedgerFailure;
    expect(error).toMatchObject({ name: 'LedgerFailure', stage: 'status', code: name, retry });
    expect(connection.sent).toHaveLength(sendings);
    expect(error.transactionId).toBe(connection.sent.at(-1));
    expect(error.asProblem()).toMatchObject({ code: problem, fields: { stage: 'status', code: name, transaction: error.transactionId } });
    const outcome = await outbox.outcome(connection.sent[0] ?? '');
    expect(outcome).toEqual({ status: 'rejected', transactionId: error.transactionId, code: name, retry });
    connection.judge = (said) => said;
    const again = await outbox.submit('put', [key, 'v'], how(key)).then(({ status }) => status, (cause: unknown) => (cause as LedgerFailure).code);
    expect(again).toBe(retry === 'no' ? name : 'committed');
  });

  it('nothing yet: it is waited for', async () => {
    const { outbox, connection } = await start({ answerWithinMs: 1 });
    connection.judge = () => 254;
    const { transactionId, status } = await outbox.submit('put', [key, 'v'], how());
    expect(status).toBe('pending');
    expect(await settled(outbox, transactionId)).toMatchObject({ status: 'committed' });
  });
});

describe('a ledger that was never reached', () => {
  it('is said to be so, and nothing is stored', async () => {
    const clock = new ManualClock();
    const connection = new FaultyConnection(network.connect());
    connection.heightFailure = new Error('unplugged');
    const outbox = await openOutbox({ store: await openDurableStore(folder), connection, clock });
    const answer = failureOf(() => outbox.submit('put', [key, 'v'], how()));
    await expect.poll(() => clock.waiting).toContain(5000);
    clock.advance(5000);
    expect(await answer).toMatchObject({ code: 'LEDGER_UNREACHABLE', fields: { stage: 'status' } });
    expect(outbox.health()).toMatchObject({ waiting: 0, trouble: { message: 'unplugged' } });
    await outbox.close();
    connection.close();
  });
});

/** Steps at which something may fail, what the caller is told, and that the effect is there once in the end. */
const MATRIX: readonly [name: string, plan: (gateway: Gateway) => void, told: string, restart: boolean, count: number][] = [
  ['nothing fails', () => undefined, 'committed', false, 1],
  ['the store fails and has stored nothing', ({ store }) => { store.durableFaults = ['before']; }, 'STORE_FAILED', true, 0],
  ['the store fails but has stored it', ({ store }) => { store.durableFaults = ['after']; }, 'STORE_FAILED', true, 1],
  ['sending fails without effect', ({ connection }) => { connection.sendFaults = ['before']; }, 'committed', false, 1],
  ['sending fails with effect', ({ connection }) => { connection.sendFaults = ['after']; }, 'committed', false, 1],
  ['sending succeeds without effect', ({ connection }) => { connection.sendFaults = ['lost']; }, 'committed', false, 1],
  ['sending fails again and again', ({ connection }) => { connection.sendFaults = ['before', 'lost', 'after', 'before']; }, 'committed', false, 1],
  ['the outcome cannot be written', ({ store }) => { store.otherFaults = ['before']; }, 'committed', true, 1],
  ['the outcome is written, but the store says no', ({ store }) => { store.otherFaults = ['after']; }, 'committed', true, 1],
];

describe('what may fail at each step', () => {
  it.each(MATRIX)('%s', async (_name, plan, told, restart, count) => {
    const first = await start();
    // The first durable write of a new outbox is its ledger's name.
    await first.outbox.submit('put', [`${key}-before`, 'v'], how());
    plan(first);
    const idempotency = how(key);
    const said = await first.outbox.submit('increment', [key], idempotency).then(({ status }) => status, (error: unknown) => (error as Problem).code);
    expect(said).toBe(told);
    if (restart) await first.stop();
    const gateway = restart ? await start() : first;
    if (restart) await expect.poll(() => gateway.outbox.health().waiting).toBe(0);
    expect(await effects(key)).toBe(count);
    // Whatever the caller was told, repeating the request with its key gives the effect once.
    expect(await gateway.outbox.submit('increment', [key], idempotency)).toMatchObject({ status: 'committed', result: '1' });
    expect(await effects(key)).toBe(1);
  });

  it.each<[string, Fault[]]>([
    ['before it was sent', ['lost', 'lost', 'lost']],
    ['after it was sent', ['after', 'lost', 'lost']],
  ])('the program ends %s', async (_name, faults) => {
    const first = await start({ answerWithinMs: 1 });
    await settled(first.outbox, (await first.outbox.submit('put', [`${key}-before`, 'v'], how())).transactionId);
    first.connection.sendFaults = faults;
    first.store.otherFaults = ['before'];
    const { transactionId } = await first.outbox.submit('increment', [key], how(key));
    await first.stop();
    const again = await start();
    expect(await settled(again.outbox, transactionId)).toMatchObject({ status: 'committed', transactionId, result: '1' });
    expect(await again.outbox.submit('increment', [key], how(key))).toMatchObject({ status: 'committed', transactionId });
    expect(await effects(key)).toBe(1);
  });

  it('the stream of statuses is cut while transactions are under way', async () => {
    const { outbox, connection } = await start();
    await outbox.submit('put', [`${key}-before`, 'v'], how());
    const answers = Array.from({ length: 20 }, (_, n) => outbox.submit('put', [`${key}-${n}`, 'v'], how()));
    connection.cutStatuses();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 'committed'));
    for (let n = 0; n < 20; n++) expect(await effects(`${key}-${n}`)).toBe(1);
  });

  it('the ledger goes down and comes back', async () => {
    const { outbox } = await start();
    await outbox.submit('put', [`${key}-before`, 'v'], how());
    const answers = Array.from({ length: 10 }, (_, n) => outbox.submit('put', [`${key}-${n}`, 'v'], how()).catch((error: unknown) => error));
    await network.down();
    await network.up();
    for (const [n, answer] of (await Promise.all(answers)).entries()) {
      const done = answer instanceof Error ? 0 : 1;
      if (answer instanceof Error) expect(answer).toSatisfy((error) => error instanceof LedgerFailure || (error instanceof Problem && error.kind === 'unavailable'));
      expect(await effects(`${key}-${n}`)).toBe(done);
    }
    expect(await outbox.submit('put', [key, 'v'], how())).toMatchObject({ status: 'committed' });
  });

  it('only a duplicate is seen, not the first copy: the ledger is asked', async () => {
    const { outbox, connection } = await start({ answerWithinMs: 1 });
    await outbox.submit('put', [`${key}-before`, 'v'], how());
    connection.hiddenCode = 0;
    const { transactionId } = await outbox.submit('put', [key, 'v'], how());
    expect(await settled(outbox, transactionId)).toMatchObject({ status: 'committed', transactionId });
    expect(connection.sent.filter((id) => id === transactionId).length).toBeGreaterThan(1);
    expect(connection.asked).toContain(transactionId);
    expect(await effects(key)).toBe(1);
  });
});
