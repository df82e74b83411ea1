/**
 * What became of transactions, as peers of several organisations say it: a block counts when enough of them agree.
 * Nobody signs a block's validation codes, so the word of one peer is the word of one organisation. And whoever is
 * told that a block is committed asks the next thing of any peer: those that keep up are waited for, for a moment.
 */
import type { Clock } from './clock.js';
import { deferred, type Deferred } from './deferred.js';
import { followBlocks } from './follow-blocks.js';
import { LedgerFailure, type BlockStatuses } from './ledger.js';

/** One peer's stream. */
export interface StatusSource {
  /** e.g. `RegulatorMSP` */
  readonly organisation: string;
  open(from: bigint, signal: AbortSignal): AsyncIterable<BlockStatuses>;
}

export interface Merging {
  readonly sources: readonly StatusSource[];
  /** how many organisations must say the same, e.g. 2 */
  readonly quorum: number;
  readonly from: bigint;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** how many blocks one peer may run ahead of what is agreed, and the peers ahead of the reader; absent: 512 */
  readonly furthestAhead?: number;
}

/**
 * How long a peer that has kept up so far may take longer than the quorum: for one block, and not for each of those that wait
 * behind it, or one slow peer would set the pace for all.
 */
const PATIENCE_MS = 100;
/** A bound for memory. */
const FURTHEST_AHEAD = 512;

/**
 * @returns blocks in order, each once
 * @throws LedgerFailure (stage `status`) while too few organisations can be reached
 */
export async function* mergedStatuses(merging: Merging): AsyncGenerator<BlockStatuses> {
  const merger = new StatusMerger(merging);
  try {
    yield* merger.run();
  } finally {
    merger.stop();
  }
}

interface Followed {
  readonly source: StatusSource;
  /** the number of the block that it will tell next */
  at: bigint;
  /** it has everything that was agreed so far */
  keepsUp: boolean;
  failed: boolean;
}

/** One account of a block, and who gives it. */
interface Account {
  readonly statuses: BlockStatuses;
  readonly organisations: Set<string>;
  /** when enough organisations gave it, milliseconds since 1970 */
  agreedAt: number | undefined;
}

class StatusMerger {
  readonly #merging: Merging;
  readonly #followed: readonly Followed[];
  readonly #stopping = new AbortController();
  readonly #accounts = new Map<bigint, Account[]>();
  readonly #ready: BlockStatuses[] = [];
  #next: bigint;
  /** set while peers that keep up are waited for */
  #patience: AbortController | undefined;
  #failure: LedgerFailure | undefined;
  #news: Deferred<void> = deferred();
  #advanced: Deferred<void> = deferred();

  constructor(merging: Merging) {
    this.#merging = merging;
    this.#next = merging.from;
    this.#followed = merging.sources.map((source) => ({ source, at: merging.from, keepsUp: false, failed: false }));
  }

  async* run(): AsyncGenerator<BlockStatuses> {
    const { signal } = this.#merging;
    const stop = (): void => this.stop();
    signal.addEventListener('abort', stop, { once: true });
    for (const followed of this.#followed) void this.#follow(followed);
    try {
      while (!signal.aborted) {
        for (const statuses of this.#ready.splice(0)) yield statuses;
        this.#wake();
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#ready.length === 0) await this.#news.promise;
        this.#news = deferred();
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  stop(): void {
    this.#stopping.abort();
    this.#endPatience();
    this.#news.resolve();
    this.#advanced.resolve();
  }

  async #follow(followed: Followed): Promise<void> {
    const { clock, from } = this.#merging;
    const { signal } = this.#stopping;
    const open: StatusSource['open'] = (at, until) => followed.source.open(at, until);
    for await (const statuses of followBlocks({ open, from, signal, clock, onTrouble: (error) => this.#heard(followed, error) })) {
      while (this.#isFull(statuses.number) && !signal.aborted) await this.#advanced.promise;
      if (!signal.aborted) this.#take(followed, statuses);
    }
  }

  /** A peer far ahead waits for the others, and all wait for a slow reader. */
  #isFull(number: bigint): boolean {
    const { furthestAhead = FURTHEST_AHEAD } = this.#merging;
    return number > this.#next + BigInt(furthestAhead) || this.#ready.length > furthestAhead;
  }

  #heard(followed: Followed, error: unknown): void {
    followed.failed = error !== undefined;
    if (!followed.failed) return;
    followed.keepsUp = false;
    this.#settle();
    const organisations = new Set(this.#followed.filter(({ failed }) => !failed).map(({ source }) => source.organisation));
    if (organisations.size >= this.#merging.quorum) return;
    this.#failure = new LedgerFailure({ stage: 'status', retry: 'same-id', code: 'UNAVAILABLE' }, `${organisations.size} organisations can be reached, ${this.#merging.quorum} must agree`, error);
    this.#news.resolve();
  }

  #take(followed: Followed, statuses: BlockStatuses): void {
    followed.at = statuses.number + 1n;
    followed.keepsUp = followed.at >= this.#next;
    if (statuses.number < this.#next) return;
    const accounts = this.#accounts.get(statuses.number) ?? [];
    this.#accounts.set(statuses.number, accounts);
    const account = accounts.find((one) => sameStatuses(one.statuses, statuses)) ?? { statuses, organisations: new Set(), agreedAt: undefined };
    if (account.organisations.size === 0) accounts.push(account);
    account.organisations.add(followed.source.organisation);
    if (account.organisations.size >= this.#merging.quorum) account.agreedAt ??= this.#merging.clock.now();
    this.#settle();
  }

  #settle(): void {
    for (;;) {
      const agreed = this.#accounts.get(this.#next)?.find(({ agreedAt }) => agreedAt !== undefined);
      if (agreed?.agreedAt === undefined) return;
      const elapsed = this.#merging.clock.now() - agreed.agreedAt;
      if (elapsed >= PATIENCE_MS) this.#leaveBehind(this.#next);
      if (this.#followed.some((one) => one.keepsUp && one.at <= this.#next)) {
        // A clock that was set back prolongs nothing.
        void this.#waitAMoment(this.#next, PATIENCE_MS - Math.max(0, elapsed));
        return;
      }
      this.#endPatience();
      this.#accounts.delete(this.#next);
      this.#next++;
      this.#ready.push(agreed.statuses);
      this.#wake();
      this.#news.resolve();
    }
  }

  #wake(): void {
    this.#advanced.resolve();
    this.#advanced = deferred();
  }

  #leaveBehind(number: bigint): void {
    for (const one of this.#followed) if (one.at <= number) one.keepsUp = false;
  }

  async #waitAMoment(number: bigint, ms: number): Promise<void> {
    if (this.#patience !== undefined) return;
    const patience = new AbortController();
    this.#patience = patience;
    await this.#merging.clock.wait(ms, patience.signal);
    if (patience.signal.aborted) return;
    this.#patience = undefined;
    this.#leaveBehind(number);
    this.#settle();
  }

  #endPatience(): void {
    this.#patience?.abort();
    this.#patience = undefined;
  }
}

function sameStatuses(a: BlockStatuses, b: BlockStatuses): boolean {
  return a.transactions.length === b.transactions.length && a.transactions.every(({ id, code }, index) => b.transactions[index]?.id === id && b.transactions[index]?.code === code);
}
