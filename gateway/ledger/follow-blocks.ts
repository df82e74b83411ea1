/** A stream of blocks that outlives its link: every block once, in order, whatever happens to the connection. */
import type { Clock } from './clock.js';
import { backOff } from './retry.js';

export interface Following<T> {
  /** Opens a stream from a block number on. */
  readonly open: (from: bigint, signal: AbortSignal) => AsyncIterable<T>;
  readonly from: bigint;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Told of every lost link, and with `undefined` when the next one is seen to deliver. */
  readonly onTrouble?: (error: unknown) => void;
}

const LONGEST_WAIT_MS = 2000;

/** How far it is, and how it goes. */
interface Progress {
  /** the number of the block that is wanted next */
  next: bigint;
  /** streams that ended, one after the other, without a new block */
  failures: number;
  /** the last thing that was told is a lost link */
  troubled: boolean;
}

/**
 * Blocks from `from` on, without gap or repetition, until `signal` is aborted. After a loss the block before is asked for once
 * more: on a ledger that nobody writes to, nothing else would tell that the link is there again.
 */
export async function* followBlocks<T extends { readonly number: bigint }>(following: Following<T>): AsyncGenerator<T> {
  const { from, signal, clock, onTrouble } = following;
  const progress: Progress = { next: from, failures: 0, troubled: false };
  while (!signal.aborted) {
    try {
      yield* oneStream(following, progress);
    } catch (error) {
      progress.troubled = true;
      onTrouble?.(error);
    }
    if (!signal.aborted) await clock.wait(backOff(progress.failures++, 0.5 + clock.random() / 2, 100, LONGEST_WAIT_MS), signal);
  }
}

/** The new blocks of one stream, until it ends. */
async function* oneStream<T extends { readonly number: bigint }>({ open, signal, onTrouble }: Following<T>, progress: Progress): AsyncGenerator<T> {
  const { next, failures } = progress;
  for await (const block of open(failures > 0 && next > 0n ? next - 1n : next, signal)) {
    if (block.number > progress.next) throw new Error(`block ${block.number} where ${progress.next} was expected`);
    if (progress.troubled) onTrouble?.(undefined);
    progress.troubled = false;
    if (block.number < progress.next) continue;
    progress.failures = 0;
    yield block;
    progress.next = block.number + 1n;
  }
}
