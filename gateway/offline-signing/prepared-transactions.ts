/** Transactions between their steps, until their owner has signed them. In memory: nothing of them is promised yet. */
import type { KeyObject } from 'node:crypto';
import { Problem } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { TransactionName } from '#domain/transactions.js';
import type { Clock } from '../ledger/clock.js';
import type { EndorsedTransaction, UnsignedBytes } from '../ledger/ledger.js';

export interface PreparedTransaction {
  readonly organisation: OrganisationId;
  /** of the certificate in the proposal */
  readonly key: KeyObject;
  readonly transaction: TransactionName;
  /** its only argument, canonical JSON */
  readonly text: string;
  readonly proposal: UnsignedBytes;
  /** once peers have endorsed it */
  readonly endorsed?: EndorsedTransaction;
  /** milliseconds since 1970; peers take no proposal that is older than a quarter of an hour */
  readonly expiresAt: number;
}

const LIFE_MS = 10 * 60_000;
const MOST_OF_ONE = 200;
/** What all of them hold together; an endorsed one holds its arguments twice. */
const MOST_BYTES = 128 * 1024 * 1024;

export class PreparedTransactions {
  readonly #clock: Pick<Clock, 'now'>;
  /** in the order in which they expire */
  readonly #prepared = new Map<string, PreparedTransaction>();
  #bytes = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /**
   * Keeps a new one.
   *
   * @throws Problem OFFLINE_TRANSACTIONS_FULL
   */
  add(transaction: Omit<PreparedTransaction, 'expiresAt' | 'endorsed'>): PreparedTransaction {
    this.#forgetOld();
    const { organisation } = transaction;
    const own = [...this.#prepared.values()].filter((one) => one.organisation === organisation).length;
    if (own >= MOST_OF_ONE || this.#bytes > MOST_BYTES) throw new Problem('OFFLINE_TRANSACTIONS_FULL', { most: String(MOST_OF_ONE) });
    return this.#keep({ ...transaction, expiresAt: this.#clock.now() + LIFE_MS });
  }

  /** Notes that peers have endorsed it; it expires as before. */
  endorsed(transaction: PreparedTransaction, endorsed: EndorsedTransaction): PreparedTransaction {
    this.#forget(transaction.proposal.transactionId);
    return this.#keep({ ...transaction, endorsed });
  }

  /**
   * @param id its transaction id
   * @throws Problem OFFLINE_TRANSACTION_UNKNOWN: not there, or another organisation's, or too old
   */
  of(id: string, organisation: OrganisationId): PreparedTransaction {
    this.#forgetOld();
    const found = this.#prepared.get(id);
    if (found?.organisation !== organisation) throw new Problem('OFFLINE_TRANSACTION_UNKNOWN', { transaction: id.slice(0, 64) });
    return found;
  }

  #keep(transaction: PreparedTransaction): PreparedTransaction {
    this.#prepared.set(transaction.proposal.transactionId, transaction);
    this.#bytes += sizeOf(transaction);
    return transaction;
  }

  #forget(id: string): void {
    const found = this.#prepared.get(id);
    if (found === undefined) return;
    this.#prepared.delete(id);
    this.#bytes -= sizeOf(found);
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (const [id, { expiresAt }] of this.#prepared) if (expiresAt <= now) this.#forget(id);
  }
}

function sizeOf({ text, proposal, endorsed }: PreparedTransaction): number {
  return 2 * text.length + proposal.bytes.length + (endorsed?.bytes.length ?? 0);
}
