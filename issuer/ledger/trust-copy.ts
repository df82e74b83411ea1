/** The trust registry as known here, asked for anew when it is old: one question at a time, whoever waits for it. */
import { Problem, require } from '#domain/errors.js';
import { epochMs, type Instant } from '#domain/instant.js';
import { trustViewOf, type SnapshotView, type TrustSnapshot } from '#domain/trust/snapshot.js';
import type { TrustLedger } from './trust-ledger.js';

/** How old a copy may be and still be used to say no early; the ledger itself decides. */
const FRESH_MS = 2_000;
/** How far this clock and the ledger's may be apart (`trust.md` K13). */
export const MOST_APART_MS = 60_000;

export interface TrustKnowledge extends SnapshotView {
  readonly knownAt: Instant;
  readonly dids: TrustSnapshot['dids'];
}

interface Copy {
  readonly askedAt: number;
  readonly knowledge: TrustKnowledge;
  /** This clock less the ledger's, when it was asked, in milliseconds. */
  readonly apart: number;
}

export class TrustCopy {
  readonly #ledger: Pick<TrustLedger, 'snapshot'>;
  readonly #now: () => number;
  #copy: Copy | undefined;
  #asking: Promise<Copy> | undefined;

  constructor(ledger: Pick<TrustLedger, 'snapshot'>, now: () => number) {
    this.#ledger = ledger;
    this.#now = now;
  }

  /** @throws Problem LEDGER_UNREACHABLE */
  async current(): Promise<TrustKnowledge> {
    return (await this.#fresh()).knowledge;
  }

  /** The next question is asked anew: something was written. */
  expire(): void {
    this.#copy = undefined;
  }

  /** @throws Problem CLOCK_DIFFERS_FROM_LEDGER, LEDGER_UNREACHABLE */
  async requireSameClock(): Promise<void> {
    const { apart } = await this.#fresh();
    require(Math.abs(apart) <= MOST_APART_MS, 'CLOCK_DIFFERS_FROM_LEDGER', { seconds: String(Math.round(apart / 1000)) });
  }

  /** A clock that stands still or goes back makes no copy old for ever. */
  async #fresh(): Promise<Copy> {
    const age = this.#copy === undefined ? Infinity : this.#now() - this.#copy.askedAt;
    if (this.#copy !== undefined && age >= 0 && age < FRESH_MS) return this.#copy;
    this.#asking ??= this.#ask().finally(() => { this.#asking = undefined; });
    return this.#asking;
  }

  async #ask(): Promise<Copy> {
    const snapshot = await this.#ledger.snapshot();
    const askedAt = this.#now();
    this.#copy = { askedAt, apart: askedAt - epochMs(snapshot.knownAt), knowledge: { ...trustViewOf(snapshot), knownAt: snapshot.knownAt, dids: snapshot.dids } };
    return this.#copy;
  }
}

/** @throws Problem CLOCK_MOVED_BACK where `now` lies before what this issuer has seen, by more than a second of correction */
export function requireForwardClock(now: number, latest: number): void {
  if (now < latest - 1_000) throw new Problem('CLOCK_MOVED_BACK', { seconds: String(Math.ceil((latest - now) / 1000)) });
}
