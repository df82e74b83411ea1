/** Time and chance as a port: what waits can be tested without waiting. */

export interface Clock {
  /** milliseconds since 1970 */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` is aborted; never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** a number in [0, 1) */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  wait: (ms, signal) => (signal?.aborted === true ? Promise.resolve() : timer(ms, signal)),
  random: () => Math.random(),
};

/** By hand, for each submission has a timer and ends it early: an error object for every one would cost more than it. */
function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timeout);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timeout = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
