import { describe, expect, it } from 'vitest';
import type { BlockStatuses } from '../../../gateway/ledger/ledger.js';
import { mergedStatuses, type StatusSource } from '../../../gateway/ledger/merged-statuses.js';
import { ManualClock } from '../manual-clock.js';

/** A peer's stream that a test speaks into. */
class Peer implements StatusSource {
  readonly organisation: string;
  readonly openedAt: bigint[] = [];
  #say: (item: BlockStatuses | Error) => void = () => undefined;

  constructor(organisation: string) {
    this.organisation = organisation;
  }

  async *open(from: bigint, signal: AbortSignal): AsyncGenerator<BlockStatuses> {
    this.openedAt.push(from);
    const said: (BlockStatuses | Error)[] = [];
    let wake: () => void = () => undefined;
    this.#say = (item) => {
      said.push(item);
      wake();
    };
    signal.addEventListener('abort', () => wake());
    while (!signal.aborted) {
      for (const item of said.splice(0)) {
        if (item instanceof Error) throw item;
        yield item;
      }
      if (said.length === 0) await new Promise<void>((resolve) => { wake = resolve; });
    }
  }

  tell(number: number, code = 0): void {
    this.#say({ number: BigInt(number), transactions: [{ id: `t${number}`, code }] });
  }

  fail(): void {
    this.#say(new Error(`${this.organisation} is lost`));
  }
}

interface World {
  readonly peers: readonly [Peer, Peer, Peer];
  readonly clock: ManualClock;
  readonly told: string[];
  readonly ended: Promise<unknown>;
  readonly stop: () => void;
}

async function merging(quorum = 2, organisations: readonly [string, string, string] = ['R', 'I', 'E']): Promise<World> {
  const peers = organisations.map((name) => new Peer(name)) as [Peer, Peer, Peer];
  const clock = new ManualClock();
  const stopping = new AbortController();
  const told: string[] = [];
  const ended = (async () => {
    for await (const { number, transactions } of mergedStatuses({ sources: peers, quorum, from: 3n, signal: stopping.signal, clock })) {
      told.push(`${number}:${transactions.map(({ code }) => code).join()}`);
    }
  })().catch((error: unknown) => error);
  await expect.poll(() => peers.map(({ openedAt }) => openedAt.length)).toEqual([1, 1, 1]);
  return { peers, clock, told, ended, stop: () => stopping.abort() };
}

/** Lets everything that is under way come to rest. */
const rest = async (): Promise<void> => new Promise((resolve) => { setImmediate(() => setImmediate(resolve)); });

describe('statuses of several peers', () => {
  it('counts when two organisations say the same, whichever they are', async () => {
    const { peers: [regulator, industry, education], told, stop } = await merging();
    regulator.tell(3);
    await rest();
    expect(told).toEqual([]);
    education.tell(3);
    await expect.poll(() => told).toEqual(['3:0']);
    industry.tell(3);
    industry.tell(4);
    education.tell(4);
    regulator.tell(4);
    await expect.poll(() => told).toEqual(['3:0', '4:0']);
    stop();
  });

  it('counts peers of one organisation as one voice', async () => {
    const { peers: [first, second, other], told, stop } = await merging(2, ['R', 'R', 'I']);
    first.tell(3);
    second.tell(3);
    await rest();
    expect(told).toEqual([]);
    other.tell(3);
    await expect.poll(() => told).toEqual(['3:0']);
    stop();
  });

  it('believes no peer that says otherwise than two', async () => {
    const { peers: [regulator, industry, education], told, stop } = await merging();
    regulator.tell(3, 0);
    industry.tell(3, 11);
    await rest();
    expect(told).toEqual([]);
    education.tell(3, 11);
    await expect.poll(() => told).toEqual(['3:11']);
    stop();
  });

  it('waits a moment for a peer that has kept up, and not for one that has not', async () => {
    const { peers: [regulator, industry, education], clock, told, stop } = await merging();
    for (const peer of [regulator, industry, education]) peer.tell(3);
    await expect.poll(() => told).toEqual(['3:0']);
    regulator.tell(4);
    industry.tell(4);
    await expect.poll(() => clock.waiting).toEqual([100]);
    expect(told).toEqual(['3:0']);
    clock.advance(100);
    await expect.poll(() => told).toEqual(['3:0', '4:0']);
    regulator.tell(5);
    industry.tell(5);
    await expect.poll(() => told).toEqual(['3:0', '4:0', '5:0']);
    education.tell(4);
    education.tell(5);
    await rest();
    regulator.tell(6);
    industry.tell(6);
    await expect.poll(() => clock.waiting).toEqual([100]);
    education.tell(6);
    await expect.poll(() => told.at(-1)).toBe('6:0');
    stop();
  });

  it('waits once for a peer that is slow with every block, not for each that the others agree on meanwhile', async () => {
    const { peers: [regulator, industry, education], clock, told, stop } = await merging();
    for (const peer of [regulator, industry, education]) peer.tell(3);
    await expect.poll(() => told).toEqual(['3:0']);
    for (let number = 4; number < 34; number++) for (const peer of [regulator, industry]) peer.tell(number);
    await expect.poll(() => clock.waiting).toEqual([100]);
    clock.advance(90);
    education.tell(4);
    await expect.poll(() => told.length).toBe(2);
    expect(clock.waiting).toEqual([10]);
    clock.advance(10);
    await expect.poll(() => told.length).toBe(31);
    expect(clock.waiting).toEqual([]);
    stop();
  });

  it('waits no longer than it may where the clock was set back', async () => {
    const { peers: [regulator, industry, education], clock, told, stop } = await merging();
    for (const peer of [regulator, industry, education]) peer.tell(3);
    await expect.poll(() => told).toEqual(['3:0']);
    for (const number of [4, 5]) for (const peer of [regulator, industry]) peer.tell(number);
    await expect.poll(() => clock.waiting).toEqual([100]);
    clock.advance(-3_600_000);
    education.tell(4);
    await expect.poll(() => clock.waiting).toContain(100);
    clock.advance(100);
    await expect.poll(() => told).toEqual(['3:0', '4:0', '5:0']);
    stop();
  });

  it('goes on without a peer that is lost, and takes it back', async () => {
    const { peers: [regulator, industry, education], clock, told, stop } = await merging();
    for (const peer of [regulator, industry, education]) peer.tell(3);
    await expect.poll(() => told).toEqual(['3:0']);
    regulator.fail();
    await expect.poll(() => clock.waiting.length).toBe(1);
    industry.tell(4);
    education.tell(4);
    await expect.poll(() => told).toEqual(['3:0', '4:0']);
    clock.advance(2000);
    await expect.poll(() => regulator.openedAt).toEqual([3n, 3n]);
    for (const peer of [regulator, industry]) peer.tell(peer === regulator ? 4 : 5);
    regulator.tell(5);
    education.tell(5);
    await expect.poll(() => told.at(-1)).toBe('5:0');
    stop();
  });

  it('ends with a failure when too few organisations are left', async () => {
    const { peers: [regulator, industry], told, ended } = await merging();
    regulator.fail();
    await rest();
    industry.fail();
    expect(await ended).toMatchObject({ name: 'LedgerFailure', stage: 'status', code: 'UNAVAILABLE' });
    expect(told).toEqual([]);
  });

  it('one peer alone is enough where one is asked for', async () => {
    const { peers: [, industry], told, stop } = await merging(1);
    industry.tell(3);
    await expect.poll(() => told).toEqual(['3:0']);
    stop();
  });

  it('ends quietly when told to', async () => {
    const { ended, stop } = await merging();
    stop();
    expect(await ended).toBeUndefined();
  });

  it('holds back a peer that runs far ahead', async () => {
    const { peers: [regulator, industry], told, stop } = await merging();
    for (let number = 3; number < 3 + 2000; number++) regulator.tell(number);
    await rest();
    for (let number = 3; number < 3 + 2000; number++) industry.tell(number);
    await expect.poll(() => told.length).toBe(2000);
    expect(told).toEqual(Array.from({ length: 2000 }, (_, index) => `${index + 3}:0`));
    stop();
  });
});
