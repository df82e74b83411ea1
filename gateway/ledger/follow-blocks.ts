/** A stream of blocks that outlives its link: every block once, in order, whatever happens to the connection. */
import type { Clock } from './clock.js';
import { backOff } from './retry.js';

export interface Following<T> {
  /** Opens a stream from a block number on. */
  readonly open: (from: bigint, signal: AbortSignal) => AsyncIterable<T>;
  readonly from: bigint;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Told of every lost link, and with `undefined` when blocks arrive again. */
  readonly onTrouble?: (error: unknown) => void;
}

const LONGEST_WAIT_MS = 2000;

/** Blocks from `from` on, without gap or repetition, until `signal` is aborted. */
export async function* followBlocks<T extends { readonly number: bigint }>(following: Following<T>): AsyncGenerator<T> {
  const { open, signal, clock, onTrouble } = following;
  let next = following.from;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const block of open(next, signal)) {
        if (block.number < next) continue;
        if (block.number > next) throw new Error(`block ${block.number} where ${next} was expected`);
        if (failures > 0) onTrouble?.(undefined);
        failures = 0;
        yield block;
        next = block.number + 1n;
      }
    } catch (error) {
      onTrouble?.(error);
    }
    if (!signal.aborted) await clock.wait(backOff(failures++, 0.5 + clock.random() / 2, 100, LONGEST_WAIT_MS), signal);
  }
}
