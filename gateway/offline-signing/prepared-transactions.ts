/**
 * Transactions between their steps, until their owner has signed them. They are stored: whoever carries bytes to a token and
 * back finds them again after a restart, and a request that is prepared once more under its key finds what was prepared.
 *
 * Each organisation has a share of the room, so that none shuts out the others. Those that were submitted make room for those
 * that wait: their bytes are in the outbox, and what is kept of them is enough to be told what became of them.
 */
import { Problem } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Clock } from '../ledger/clock.js';
import type { Change, DurableStore } from '../ledger/durable-store.js';
import { bindKey, requireSameBody, type BoundKey } from '../ledger/idempotency.js';
import type { EndorsedTransaction, UnsignedBytes } from '../ledger/ledger.js';
import { PreparedRoom, sizeOf } from './prepared-room.js';
import { requestUnder, type PreparedTransaction, type WantedTransaction } from './prepared-transaction.js';
import { preparedChange, preparedRows, removedPrepared, removedSubmitted, submittedChanges, submittedRows, type SubmittedTransaction } from './prepared-rows.js';

/** A prepared transaction as it is kept here. */
interface Kept {
  readonly prepared: PreparedTransaction;
  readonly bound: BoundKey | undefined;
  /** its bytes are in the outbox: it makes room where there is none */
  readonly submitted: boolean;
}

export interface PreparedTransactionsOptions {
  readonly store: DurableStore;
  readonly clock: Pick<Clock, 'now'>;
}

const LIFE_MS = 10 * 60_000;

export class PreparedTransactions {
  readonly #options: PreparedTransactionsOptions;
  readonly #kept = new Map<string, Kept>();
  /** transaction ids by bound key */
  readonly #byKey = new Map<string, string>();
  readonly #submitted = new Map<string, SubmittedTransaction>();
  readonly #room = new PreparedRoom();

  private constructor(options: PreparedTransactionsOptions) {
    this.#options = options;
  }

  /**
   * Opens what an earlier run left.
   *
   * @throws Problem TENANT_DATA_DAMAGED
   */
  static async open(options: PreparedTransactionsOptions): Promise<PreparedTransactions> {
    const opened = new PreparedTransactions(options);
    const now = options.clock.now();
    for await (const one of preparedRows(options.store)) {
      if (one.expiresAt > now) opened.#keep(one);
      else opened.#remove(removedPrepared(one.proposal.transactionId));
    }
    const submitted: SubmittedTransaction[] = [];
    for await (const one of submittedRows(options.store)) submitted.push(one);
    for (const one of submitted.sort((x, y) => x.expiresAt - y.expiresAt)) opened.#submitted.set(one.transactionId, one);
    opened.#forgetOld();
    return opened;
  }

  /**
   * What was prepared for the same request in the name of the same certificate.
   *
   * @param wanted with a key
   * @throws Problem IDEMPOTENCY_KEY_WRONG, IDEMPOTENCY_KEY_REUSED: the key stands for another request that waits
   */
  again(wanted: WantedTransaction): PreparedTransaction | undefined {
    this.#forgetOld();
    const bound = boundTo(wanted);
    const known = bound && this.#kept.get(this.#byKey.get(bound.id) ?? '');
    if (bound === undefined || known?.bound === undefined) return undefined;
    requireSameBody(bound, known.bound);
    return known.prepared.certificate === wanted.certificate ? known.prepared : undefined;
  }

  /**
   * Keeps a new one, in the place of another one with the same key.
   *
   * @returns when it is on the disk
   * @throws Problem OFFLINE_TRANSACTIONS_FULL, STORE_FAILED
   */
  async add(wanted: WantedTransaction, proposal: UnsignedBytes): Promise<PreparedTransaction> {
    this.#forgetOld();
    const bound = boundTo(wanted);
    if (bound !== undefined) this.#forget(this.#byKey.get(bound.id) ?? '');
    const prepared = { ...wanted, proposal, expiresAt: this.#options.clock.now() + LIFE_MS };
    this.#requireRoom(wanted.organisation, { bytes: sizeOf(prepared), waiting: 1 });
    this.#keep(prepared);
    await this.#options.store.write([preparedChange(prepared)], true);
    return prepared;
  }

  /**
   * Notes that peers have endorsed it; it expires as before.
   *
   * @throws Problem OFFLINE_TRANSACTION_UNKNOWN: another one took its place meanwhile, or its time is over;
   *   OFFLINE_TRANSACTIONS_FULL, and it is as before; STORE_FAILED
   */
  async endorsed({ organisation }: PreparedTransaction, endorsed: EndorsedTransaction): Promise<PreparedTransaction> {
    const before = this.of(endorsed.transactionId, organisation);
    const prepared = { ...before, endorsed };
    this.#requireRoom(organisation, { bytes: sizeOf(prepared) - sizeOf(before), waiting: 0 });
    this.#keep(prepared);
    await this.#options.store.write([preparedChange(prepared)], true);
    return prepared;
  }

  /**
   * Notes that the outbox has it: it counts no longer.
   *
   * @param key that it was submitted under, if any
   */
  submitted({ organisation, proposal: { transactionId } }: Pick<PreparedTransaction, 'organisation' | 'proposal'>, key: string | undefined): void {
    if (this.#submitted.has(transactionId)) return;
    const submitted: SubmittedTransaction = { transactionId, organisation, ...(key === undefined ? {} : { idempotencyKey: key }), expiresAt: this.#options.clock.now() + LIFE_MS };
    this.#submitted.set(transactionId, submitted);
    const kept = this.#kept.get(transactionId);
    if (kept !== undefined) this.#replace(transactionId, { ...kept, submitted: true });
    // Rows that stay as they were wait for nothing, until they are too old; a store that fails tells of it itself.
    this.#options.store.write(submittedChanges(submitted), false).catch(() => undefined);
  }

  /** What is left of one that was submitted and has made room; `undefined` for every other. */
  remainsOf(id: string, organisation: OrganisationId): SubmittedTransaction | undefined {
    this.#forgetOld();
    const found = this.#kept.has(id) ? undefined : this.#submitted.get(id);
    return found?.organisation === organisation && found.expiresAt > this.#options.clock.now() ? found : undefined;
  }

  /**
   * @param id its transaction id
   * @throws Problem OFFLINE_TRANSACTION_UNKNOWN: not there, or another organisation's, or too old
   */
  of(id: string, organisation: OrganisationId): PreparedTransaction {
    this.#forgetOld();
    const found = this.#kept.get(id)?.prepared;
    if (found?.organisation !== organisation) throw new Problem('OFFLINE_TRANSACTION_UNKNOWN', { transaction: id.slice(0, 64) });
    return found;
  }

  #keep(prepared: PreparedTransaction): void {
    const id = prepared.proposal.transactionId;
    const { bound, submitted } = this.#kept.get(id) ?? { bound: boundTo(prepared), submitted: false };
    this.#replace(id, { prepared, bound, submitted });
    if (bound !== undefined) this.#byKey.set(bound.id, id);
  }

  #replace(id: string, kept: Kept): void {
    const before = this.#kept.get(id);
    if (before !== undefined) this.#room.give(before);
    this.#room.take(kept);
    this.#kept.set(id, kept);
  }

  /** The oldest of those that were submitted make room: of an organisation that has taken its share, its own. */
  #requireRoom(organisation: OrganisationId, more: { readonly bytes: number; readonly waiting: number }): void {
    for (const [id, { prepared, submitted }] of this.#kept) {
      const short = this.#room.lacking(organisation, more.bytes);
      if (short === undefined) break;
      if (submitted && (short === 'all' || prepared.organisation === organisation)) this.#forget(id);
    }
    this.#room.require(organisation, more);
  }

  #forget(id: string): void {
    const found = this.#kept.get(id);
    if (found === undefined) return;
    this.#kept.delete(id);
    if (found.bound !== undefined && this.#byKey.get(found.bound.id) === id) this.#byKey.delete(found.bound.id);
    this.#room.give(found);
    this.#remove(removedPrepared(id));
  }

  #forgetOld(): void {
    const now = this.#options.clock.now();
    for (const [id, { prepared }] of this.#kept) if (prepared.expiresAt <= now) this.#forget(id);
    for (const [id, { expiresAt }] of this.#submitted) {
      if (expiresAt > now) break;
      this.#submitted.delete(id);
      this.#remove(removedSubmitted(id));
    }
  }

  /** A row that stays is found to be too old; a store that fails tells of it itself. */
  #remove(change: Change): void {
    this.#options.store.write([change], false).catch(() => undefined);
  }
}

function boundTo(wanted: WantedTransaction): BoundKey | undefined {
  return wanted.idempotencyKey === undefined ? undefined : bindKey(requestUnder(wanted.idempotencyKey, wanted));
}
