/**
 * Sends stored transactions, the same bytes again and again, until the ledger has said what became of each. A second
 * copy of a transaction is harmless: its id makes it a duplicate.
 */
import type { Clock } from './clock.js';
import { deferred, type Deferred } from './deferred.js';
import type { Change, DurableStore } from './durable-store.js';
import { LedgerFailure, type BlockStatuses, type LedgerConnection, type SignedTransaction } from './ledger.js';
import { PENDING, pendingChanges, readPending, rowKeys, settledChanges, type PendingRow, type Verdict } from './outbox-rows.js';
import { refusesBytes, retryAfterValidation } from './retry.js';

export interface SenderOptions {
  readonly store: DurableStore;
  readonly connection: Pick<LedgerConnection, 'send' | 'commitStatus'>;
  readonly clock: Clock;
  /** milliseconds without a status after which a transaction is sent again; doubles up to ten times as much */
  readonly resendAfterMs: number;
  /** milliseconds for which an outcome is kept */
  readonly retentionMs: number;
  /** told of what is none of the ledger's answers: a bug, or a damaged row */
  readonly onError: (error: unknown) => void;
}

/** A stored transaction, and what will become of it. */
export interface Sent {
  readonly transactionId: string;
  /** what the contract returned, true once it is committed */
  readonly result: string;
  readonly fate: Promise<Verdict>;
}

interface Entry {
  readonly id: string;
  readonly result: string;
  readonly key: string | undefined;
  readonly fate: Deferred<Verdict>;
  readonly since: number;
  sent: number;
  dueAt: number;
  /** An earlier sending may have reached the orderers: a later refusal proves nothing. */
  ambiguous: boolean;
  /** how many sendings, one after the other, were refused */
  refusals: number;
  settled: boolean;
}

/** How often it is looked which are due, within the time after which they are. */
const TICKS = 6;
const RESEND_AT_ONCE = 16;
/**
 * So many refusals in a row end what an earlier sending may have brought to the orderers: with 3 seconds before the first
 * repeat some nine minutes, more than any orderer keeps a request before it is in a block or dropped.
 */
const REFUSALS_BELIEVED = 20;

export class TransactionSender {
  readonly #options: SenderOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #stopping = new AbortController();
  #resending: Promise<void> = Promise.resolve();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** How many transactions wait for their fate, and since when the oldest does (milliseconds since 1970). */
  get waiting(): { count: number; oldest: number | undefined } {
    const [first] = this.#entries.values();
    return { count: this.#entries.size, oldest: first?.since };
  }

  /** A transaction that is on its way; `undefined` if it is not. */
  underWay(id: string): Sent | undefined {
    const entry = this.#entries.get(id);
    return entry === undefined ? undefined : { transactionId: id, result: entry.result, fate: entry.fate.promise };
  }

  /**
   * Takes up what an earlier run left behind.
   *
   * @returns the first block that may hold one of them; `undefined` if there are none
   * @throws Problem OUTBOX_DAMAGED
   */
  async resume(): Promise<bigint | undefined> {
    let earliest: bigint | undefined;
    for await (const [key, row] of this.#options.store.rows(PENDING)) {
      const pending = readPending(key, row);
      this.#enter(pending).ambiguous = true;
      if (earliest === undefined || pending.from < earliest) earliest = pending.from;
    }
    return earliest;
  }

  /** Starts sending again what nobody has heard of. */
  start(): void {
    this.#resending = this.#resendUntilStopped();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#resending;
  }

  /**
   * Stores a transaction durably, with `further` changes in the same batch, and then sends it.
   *
   * @returns when it is stored: what will become of it
   * @throws Problem STORE_FAILED: then it was not sent
   */
  async send(row: PendingRow, further: readonly Change[]): Promise<Sent> {
    await this.#options.store.write([...further, ...pendingChanges(row)], true);
    const entry = this.#enter(row);
    void this.#transmit(entry, row.signed);
    return { transactionId: entry.id, result: entry.result, fate: entry.fate.promise };
  }

  /** Takes the statuses of one block. */
  async applyStatuses({ number, transactions }: BlockStatuses): Promise<void> {
    const settled: [Entry, Verdict][] = [];
    for (const { id, code } of transactions) {
      const entry = this.#entries.get(id);
      if (entry === undefined) continue;
      const { name, retry, times } = retryAfterValidation(code);
      if (retry === 'same-id') void this.#ask(entry).catch(this.#options.onError);
      else settled.push([entry, code === 0 ? { status: 'committed', block: number } : { status: 'rejected', stage: 'status', code: name, retry, times }]);
    }
    if (settled.length > 0) await this.#settleAll(settled);
  }

  #enter({ signed, key }: PendingRow): Entry {
    const since = this.#options.clock.now();
    const dueAt = since + this.#options.resendAfterMs;
    const entry: Entry = { id: signed.transactionId, result: signed.result, key: key?.id, fate: deferred(), since, sent: 0, dueAt, ambiguous: false, refusals: 0, settled: false };
    this.#entries.set(entry.id, entry);
    return entry;
  }

  async #transmit(entry: Entry, signed: SignedTransaction): Promise<void> {
    const { resendAfterMs, clock, connection } = this.#options;
    entry.dueAt = clock.now() + resendAfterMs * Math.min(2 ** entry.sent, 10);
    entry.sent++;
    try {
      await connection.send(signed);
      entry.refusals = 0;
    } catch (error) {
      await this.#refused(entry, error);
    }
    entry.ambiguous = true;
  }

  async #refused(entry: Entry, error: unknown): Promise<void> {
    if (!(error instanceof LedgerFailure)) {
      this.#options.onError(error);
      return;
    }
    entry.refusals = refusesBytes(error.code) ? entry.refusals + 1 : 0;
    const final = error.retry === 'no' && !entry.ambiguous;
    if (final || entry.refusals >= REFUSALS_BELIEVED) await this.#settleAll([[entry, { status: 'rejected', stage: 'submit', code: error.code, retry: 'no', times: 0 }]]);
  }

  /** A copy was refused as a duplicate, so the first one's fate is older than what the stream showed us. */
  async #ask(entry: Entry): Promise<void> {
    const status = await this.#options.connection.commitStatus(entry.id);
    if (status === undefined || retryAfterValidation(status.code).retry === 'same-id') return;
    await this.applyStatuses({ number: status.block, transactions: [{ id: entry.id, code: status.code }] });
  }

  /** An outcome need not be flushed: after a power cut the transaction is pending once more, and is settled again. */
  async #settleAll(verdicts: readonly [Entry, Verdict][]): Promise<void> {
    const { store, clock, retentionMs } = this.#options;
    // The first verdict stands: a refusal that comes later than the block does not replace it.
    const settled = verdicts.filter(([entry]) => !entry.settled);
    for (const [entry] of settled) entry.settled = true;
    const expires = clock.now() + retentionMs;
    const changes = settled.flatMap(([{ id, result, key }, verdict]) => settledChanges(id, { verdict, result, ...(key === undefined ? {} : { key }) }, expires));
    // The ledger has spoken, whether or not we can write it down: a failed store is told by its own health.
    await store.write(changes, false).catch(() => undefined);
    for (const [entry, verdict] of settled) {
      this.#entries.delete(entry.id);
      entry.fate.resolve(verdict);
    }
  }

  async #resendUntilStopped(): Promise<void> {
    const { clock, resendAfterMs } = this.#options;
    const { signal } = this.#stopping;
    for (;;) {
      await clock.wait(resendAfterMs / TICKS, signal);
      if (signal.aborted) return;
      const now = clock.now();
      const due = [...this.#entries.values()].filter(({ dueAt }) => dueAt <= now).slice(0, RESEND_AT_ONCE);
      await Promise.all(due.map((entry) => this.#resend(entry).catch(this.#options.onError)));
    }
  }

  async #resend(entry: Entry): Promise<void> {
    const key = rowKeys.pending(entry.id);
    const row = await this.#options.store.get(key);
    // Settled in the meantime.
    if (row === undefined || !this.#entries.has(entry.id)) return;
    await this.#transmit(entry, readPending(key, row).signed);
  }
}
