import { describe, expect, it } from 'vitest';
import { followBlocks } from '../../../gateway/ledger/follow-blocks.js';
import { ManualClock } from '../manual-clock.js';

interface Block {
  readonly number: bigint;
}

/** Streams as scripted, one after the other: numbers, then an error, or silence until the end. */
function scripted(streams: (number | Error | 'silence')[][]): { open: (from: bigint, signal: AbortSignal) => AsyncIterable<Block>; opened: bigint[] } {
  const opened: bigint[] = [];
  async function* open(from: bigint, signal: AbortSignal): AsyncGenerator<Block> {
    opened.push(from);
    for (const item of streams.shift() ?? ['silence']) {
      if (item instanceof Error) throw item;
      if (item === 'silence') await new Promise<void>((resolve) => { signal.addEventListener('abort', () => resolve()); });
      else yield { number: BigInt(item) };
    }
  }
  return { open, opened };
}

const lost = new Error('lost');

describe('following blocks', () => {
  it.each<[string, (number | Error | 'silence')[][], number[], bigint[], number]>([
    ['one stream', [[3, 4, 5]], [3, 4, 5], [3n], 0],
    ['a link that is lost', [[3, lost], [4, 5]], [3, 4, 5], [3n, 3n], 1],
    ['a stream that ends', [[3], [3, 4, 5]], [3, 4, 5], [3n, 3n], 0],
    ['a link lost before any block', [[lost], [lost], [2, 3, 4]], [3, 4], [3n, 2n, 2n], 2],
    ['blocks that came already', [[3, 4, lost], [2, 3, 4, 5]], [3, 4, 5], [3n, 4n], 1],
    ['a gap', [[3, 5], [4, 5]], [3, 4, 5], [3n, 3n], 1],
  ])('%s', async (_name, streams, expected, opened, losses) => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const script = scripted(streams);
    const troubles: unknown[] = [];
    const seen: number[] = [];
    const followed = (async () => {
      const blocks = followBlocks({ open: script.open, from: 3n, signal: stop.signal, clock, onTrouble: (error) => { if (error !== undefined) troubles.push(error); } });
      for await (const { number } of blocks) if (seen.push(Number(number)) === expected.length) break;
    })();
    await expect.poll(() => {
      clock.advance(2000);
      return script.opened.length;
    }, { interval: 1 }).toBe(opened.length);
    await followed;
    stop.abort();
    expect(seen).toEqual(expected);
    expect(script.opened).toEqual(opened);
    expect(troubles).toHaveLength(losses);
  });

  it('waits longer after each failure, two seconds at most, and shortly again after a success', async () => {
    const clock = new ManualClock(0, () => 1);
    const stop = new AbortController();
    const script = scripted([...Array.from({ length: 7 }, () => [lost]), [0, lost], [lost]]);
    const blocks = followBlocks({ open: script.open, from: 0n, signal: stop.signal, clock });
    const first = blocks.next();
    const waits: number[] = [];
    const wait = async (): Promise<void> => {
      await expect.poll(() => clock.waiting.length, { interval: 1 }).toBe(1);
      waits.push(clock.waiting[0] ?? 0);
      clock.advance(5000);
    };
    for (let n = 0; n < 7; n++) await wait();
    expect((await first).value).toEqual({ number: 0n });
    const second = blocks.next();
    await wait();
    stop.abort();
    expect(await second).toEqual({ done: true, value: undefined });
    expect(waits).toEqual([200, 400, 800, 1600, 2000, 2000, 2000, 200]);
  });

  it('tells that a link is there again by the block before, on a ledger that nobody writes to', async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const script = scripted([[3, lost], [lost], [3, 'silence']]);
    const troubles: unknown[] = [];
    const blocks = followBlocks({ open: script.open, from: 3n, signal: stop.signal, clock, onTrouble: (error) => { troubles.push(error); } });
    expect((await blocks.next()).value).toEqual({ number: 3n });
    const next = blocks.next();
    await expect.poll(() => {
      clock.advance(2000);
      return troubles;
    }, { interval: 1 }).toEqual([lost, lost, undefined]);
    expect(script.opened).toEqual([3n, 3n, 3n]);
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('asks for no block before the first one of all', async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const script = scripted([[lost], [0]]);
    const first = followBlocks({ open: script.open, from: 0n, signal: stop.signal, clock }).next();
    await expect.poll(() => {
      clock.advance(2000);
      return script.opened;
    }, { interval: 1 }).toEqual([0n, 0n]);
    expect((await first).value).toEqual({ number: 0n });
    stop.abort();
  });

  it('ends at once when told to', async () => {
    const stop = new AbortController();
    const blocks = followBlocks({ open: scripted([]).open, from: 0n, signal: stop.signal, clock: new ManualClock() });
    const next = blocks.next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
