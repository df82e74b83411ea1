/** How many calls a second something takes, and how long each one takes. */

export interface Rate {
  readonly perSecond: number;
  /** milliseconds of one call in the middle, and of one that is slower than 99 in 100 */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Calls `act` `count` times, `concurrency` at once.
 *
 * @param act told its number, from 0
 */
export async function rateOf(count: number, concurrency: number, act: (index: number) => Promise<unknown>): Promise<Rate> {
  let next = 0;
  const times: number[] = [];
  const begin = performance.now();
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (next < count) {
      const from = performance.now();
      await act(next++);
      times.push(performance.now() - from);
    }
  }));
  const perSecond = count / ((performance.now() - begin) / 1000);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { perSecond, p50: at(0.5), p99: at(0.99) };
}
