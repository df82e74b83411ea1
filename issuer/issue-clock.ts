/** Nothing is issued by a clock that is wrong: what it signs would be dated wrong for ever (`trust.md` K13). */
import type { TrustCopy } from './ledger/trust-copy.js';
import { requireForwardClock } from './ledger/trust-copy.js';
import { putJson, type Change, type IssuerStore } from './store/issuer-store.js';

const ROW = 'clock';

export class IssueClock {
  readonly #trust: Pick<TrustCopy, 'requireSameClock'>;
  readonly #now: () => number;
  #latest: number;

  private constructor(trust: Pick<TrustCopy, 'requireSameClock'>, now: () => number, latest: number) {
    this.#trust = trust;
    this.#now = now;
    this.#latest = latest;
  }

  static async open(store: IssuerStore, trust: Pick<TrustCopy, 'requireSameClock'>, now: () => number): Promise<IssueClock> {
    const stored = await store.json(ROW) as { latest: number } | undefined;
    return new IssueClock(trust, now, stored?.latest ?? 0);
  }

  /** This clock, right or wrong; for what is not signed. */
  now(): number {
    return this.#now();
  }

  /**
   * The time at which something may be issued, in milliseconds since 1970.
   *
   * @throws Problem CLOCK_MOVED_BACK, CLOCK_DIFFERS_FROM_LEDGER, LEDGER_UNREACHABLE
   */
  async read(): Promise<number> {
    requireForwardClock(this.#now(), this.#latest);
    await this.#trust.requireSameClock();
    const now = this.#now();
    requireForwardClock(now, this.#latest);
    return now;
  }

  /** Remembers that something was issued at this time; to be written with it. */
  noting(now: number): Change {
    this.#latest = Math.max(this.#latest, now);
    return putJson(ROW, { latest: this.#latest });
  }
}
