/** A clock that a test moves. */
import type { Clock } from '../../gateway/ledger/clock.js';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

export class ManualClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  readonly #random: () => number;

  constructor(start = 1_800_000_000_000, random: () => number = () => 0.5) {
    this.#now = start;
    this.#random = random;
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.#random();
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        signal?.removeEventListener('abort', end);
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        resolve();
      };
      const sleeper = { until: this.#now + ms, wake: end };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', end);
    });
  }

  /** Moves on and wakes whom it is time to wake. */
  advance(ms: number): void {
    this.#now += ms;
    for (const { wake } of this.#sleepers.filter(({ until }) => until <= this.#now)) wake();
  }

  /** How long those who wait still have to, shortest first. */
  get waiting(): number[] {
    return this.#sleepers.map(({ until }) => until - this.#now).sort((a, b) => a - b);
  }
}
