/** One ledger, reached as if it were a peer in each of three organisations, over lines that can be cut. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerConnection, LedgerFailure, SubmitOptions } from '../../../gateway/ledger/ledger.js';
import { openLedger, type GatewayLedger } from '../../../gateway/ledger/open-ledger.js';
import { CutLine } from '../../fabric/cut-line.js';
import { CounterNetwork } from './counter-network.js';

const ORGANISATIONS = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'];

let network: CounterNetwork;
let lines: CutLine[];
let ledger: GatewayLedger;
let connection: LedgerConnection;

beforeAll(async () => {
  network = await CounterNetwork.start();
});
afterAll(async () => network.stop());
beforeEach(async () => {
  const [only] = network.fabric().peers;
  lines = await Promise.all(ORGANISATIONS.map(async () => CutLine.to(only?.address ?? '')));
  const peers = lines.map(({ address }, index) => ({ mspId: ORGANISATIONS[index] ?? '', address }));
  const fabric = network.fabric({ peers, minimumOrganisations: 2, watchEveryMs: 200 });
  connection = network.connect({ peers, watchEveryMs: 200 });
  ledger = await openLedger({ fabric, outboxDirectory: network.folder(`outbox-${randomUUID()}`), answerWithinMs: 20_000, resendAfterMs: 200 });
});
afterEach(async () => {
  connection.close();
  await ledger.close();
  await Promise.all(lines.map(async (line) => line.close()));
});

const how = (): SubmitOptions => ({ identity: network.identity });
const put = async (): Promise<string> => (await ledger.submit('put', [randomUUID(), 'v'], how())).status;
const reachable = (): boolean[] => ledger.peers().map((peer) => peer.reachable);

describe('one peer is lost', () => {
  it.each([0, 1, 2])('number %i, cut off: nobody notices, and it is taken back', async (index) => {
    expect(await put()).toBe('committed');
    lines[index]?.become('cut');
    for (let n = 0; n < 5; n++) expect(await put()).toBe('committed');
    await expect.poll(reachable).toEqual([0, 1, 2].map((one) => one !== index));
    lines[index]?.become('open');
    await expect.poll(reachable, { timeout: 10_000 }).toEqual([true, true, true]);
    expect(await put()).toBe('committed');
  });

  it('without a word: calls that wait for it go elsewhere, and it is not asked again', async () => {
    expect(await put()).toBe('committed');
    lines[0]?.become('silent');
    expect(await ledger.evaluate('get', ['x'])).toBe('');
    expect(ledger.peers()[0]).toMatchObject({ reachable: false, silent: true });
  });

  it('while it delivers blocks: they go on from another one, without gap or repetition', async () => {
    const stop = new AbortController();
    const seen: bigint[] = [];
    const height = await connection.reader.height();
    const error = (async () => {
      for await (const { number } of connection.reader.blocks(0n, stop.signal)) seen.push(number);
    })().catch((cause: unknown) => cause);
    await expect.poll(() => seen.length).toBe(Number(height));
    lines[0]?.become('cut');
    expect(await error).toMatchObject({ name: 'LedgerFailure', code: 'UNAVAILABLE' });
    await expect.poll(() => connection.peers()[0]?.reachable).toBe(false);
    // Whoever follows the blocks asks again after a failure.
    const next = async (): Promise<bigint | undefined> => {
      for await (const { number } of connection.reader.blocks(height - 1n, stop.signal)) return number;
      return undefined;
    };
    await expect.poll(async () => next().catch(() => undefined)).toBe(height - 1n);
  });
});

describe('two of three peers are lost', () => {
  it('what was sent is pending, not acknowledged, and committed when they are back', async () => {
    const impatient = await openLedger({
      fabric: network.fabric({ peers: lines.map(({ address }, index) => ({ mspId: ORGANISATIONS[index] ?? '', address })), minimumOrganisations: 2, watchEveryMs: 200 }),
      outboxDirectory: network.folder(`outbox-${randomUUID()}`), answerWithinMs: 1000, resendAfterMs: 200,
    });
    expect(await impatient.submit('put', ['first', 'v'], how())).toMatchObject({ status: 'committed' });
    lines[1]?.become('cut');
    lines[2]?.become('cut');
    const { status, transactionId } = await impatient.submit('put', ['second', 'v'], how());
    expect(status).toBe('pending');
    expect(impatient.health().trouble).toMatchObject({ name: 'LedgerFailure', stage: 'status', code: 'UNAVAILABLE' });
    lines[2]?.become('open');
    await expect.poll(async () => (await impatient.outcome(transactionId)).status, { timeout: 15_000 }).toBe('committed');
    await expect.poll(() => impatient.health().trouble).toBeUndefined();
    await impatient.close();
  });
});

describe('a ledger that nobody writes to', () => {
  it('is no trouble any more when enough peers are back', async () => {
    expect(await put()).toBe('committed');
    const height = await connection.reader.height();
    for (const line of lines.slice(1)) line.become('cut');
    await expect.poll(() => ledger.health().trouble, { timeout: 10_000 }).toMatchObject({ name: 'LedgerFailure', stage: 'status', code: 'UNAVAILABLE' });
    lines[2]?.become('open');
    await expect.poll(() => ledger.health().trouble, { timeout: 15_000 }).toBeUndefined();
    expect(await connection.reader.height()).toBe(height);
  });
});

describe('all peers are lost', () => {
  it('a write is refused as unreachable, nothing of it is stored, and all heals by itself', async () => {
    expect(await put()).toBe('committed');
    for (const line of lines) line.become('cut');
    const failure = await ledger.submit('put', ['never', 'v'], how()).catch((error: unknown) => error as LedgerFailure);
    expect(failure).toMatchObject({ name: 'LedgerFailure', stage: 'endorse', code: 'UNAVAILABLE', retry: 'new-id' });
    expect((failure as LedgerFailure).asProblem().code).toBe('LEDGER_UNREACHABLE');
    expect(ledger.health().waiting).toBe(0);
    expect(reachable()).toEqual([false, false, false]);
    for (const line of lines) line.become('open');
    await expect.poll(reachable, { timeout: 10_000 }).toEqual([true, true, true]);
    expect(await put()).toBe('committed');
    expect(await ledger.evaluate('get', ['never'])).toBe('');
  });
});
