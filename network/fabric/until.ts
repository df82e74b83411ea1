/** Waiting for something to become true, with an end. */
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '#domain/errors.js';

const PAUSE_MS = 40;

export interface Wait {
  /** What is waited for, in words for the user, e.g. `peer-RegulatorMSP to be ready`. */
  readonly what: string;
  readonly withinMs: number;
  /** Ends the waiting early, e.g. when the user interrupts. */
  readonly signal?: AbortSignal;
  /** File that says more when it does not come true. */
  readonly log?: string;
}

/**
 * Asks again and again until the answer is neither `undefined` nor false. An error of the question counts as no answer
 * yet, a `Problem` ends the waiting.
 *
 * @throws Problem FABRIC_NOT_READY with what was waited for, for how long, and the last error
 */
export async function until<T>({ what, withinMs, signal, log }: Wait, ask: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  const end = performance.now() + withinMs;
  let last = '';
  do {
    signal?.throwIfAborted();
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      if (error instanceof Problem) throw error;
      last = error instanceof Error ? error.message : String(error);
    }
    await pause(PAUSE_MS);
  } while (performance.now() < end);
  throw new Problem('FABRIC_NOT_READY', { what, waitedMs: String(withinMs), ...(last === '' ? {} : { last }), ...(log === undefined ? {} : { log }) });
}
