/**
 * Transactions between their steps, until their owner has signed them. They are stored: whoever carries bytes to a token and
 * back finds them again after a restart, and a request that is prepared once more under its key finds what was prepared.
 */
import { Buffer } from 'node:buffer';
import { X509Certificate, type KeyObject } from 'node:crypto';
import { Problem } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { TransactionName } from '#domain/transactions.js';
import type { Clock } from '../ledger/clock.js';
import type { Change, DurableStore } from '../ledger/durable-store.js';
import { bindKey, requireSameBody, type BoundKey } from '../ledger/idempotency.js';
import type { EndorsedTransaction, Idempotency, UnsignedBytes } from '../ledger/ledger.js';
import { openJson, putJson } from '../sealed-json.js';

/** What its owner wants, and in whose name. */
export interface WantedTransaction {
  readonly organisation: OrganisationId;
  /** PEM; the proposal is in its name */
  readonly certificate: string;
  readonly transaction: TransactionName;
  /** its only argument, canonical JSON */
  readonly text: string;
  /** the owner's own idempotency key, if it gave one */
  readonly idempotencyKey?: string;
}

export interface PreparedTransaction extends WantedTransaction {
  readonly proposal: UnsignedBytes;
  /** once peers have endorsed it */
  readonly endorsed?: EndorsedTransaction;
  /** milliseconds since 1970; peers take no proposal that is older than a quarter of an hour */
  readonly expiresAt: number;
}

/** A prepared transaction as it is kept here. */
interface Kept {
  readonly prepared: PreparedTransaction;
  readonly bound: BoundKey | undefined;
}

export interface PreparedTransactionsOptions {
  readonly store: DurableStore;
  readonly clock: Pick<Clock, 'now'>;
}

const PREFIX = 'prepared/';
const LIFE_MS = 10 * 60_000;
const MOST_OF_ONE = 200;
/** What all of them hold together; an endorsed one holds its arguments twice. */
const MOST_BYTES = 128 * 1024 * 1024;

/** The public key that its signatures are checked with. */
export function signingKeyOf({ certificate }: Pick<WantedTransaction, 'certificate'>): KeyObject {
  return new X509Certificate(certificate).publicKey;
}

/** The request that an idempotency key stands for: what is asked, whichever transaction or certificate carries it. */
export function requestUnder(key: string, { organisation, transaction, text }: Pick<WantedTransaction, 'organisation' | 'transaction' | 'text'>): Idempotency {
  return { principal: organisation, key, body: `POST /v1/offline-transactions\n${transaction}\n${text}` };
}

export class PreparedTransactions {
  readonly #options: PreparedTransactionsOptions;
  readonly #kept = new Map<string, Kept>();
  /** transaction ids by bound key */
  readonly #byKey = new Map<string, string>();
  #bytes = 0;

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
    for await (const [key, row] of options.store.rows(PREFIX)) opened.#keep(readRow(key, openJson(key, row)));
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
    const own = [...this.#kept.values()].filter(({ prepared }) => prepared.organisation === wanted.organisation).length;
    if (own >= MOST_OF_ONE || this.#bytes > MOST_BYTES) throw new Problem('OFFLINE_TRANSACTIONS_FULL', { most: String(MOST_OF_ONE) });
    const prepared = { ...wanted, proposal, expiresAt: this.#options.clock.now() + LIFE_MS };
    this.#keep(prepared);
    await this.#options.store.write([rowOf(prepared)], true);
    return prepared;
  }

  /**
   * Notes that peers have endorsed it; it expires as before.
   *
   * @throws Problem OFFLINE_TRANSACTION_UNKNOWN: another one took its place meanwhile, or its time is over; STORE_FAILED
   */
  async endorsed({ organisation }: PreparedTransaction, endorsed: EndorsedTransaction): Promise<PreparedTransaction> {
    const prepared = { ...this.of(endorsed.transactionId, organisation), endorsed };
    this.#keep(prepared);
    await this.#options.store.write([rowOf(prepared)], true);
    return prepared;
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
    const before = this.#kept.get(id);
    const bound = before === undefined ? boundTo(prepared) : before.bound;
    this.#bytes += sizeOf(prepared) - (before === undefined ? 0 : sizeOf(before.prepared));
    this.#kept.set(id, { prepared, bound });
    if (bound !== undefined) this.#byKey.set(bound.id, id);
  }

  #forget(id: string): void {
    const found = this.#kept.get(id);
    if (found === undefined) return;
    this.#kept.delete(id);
    if (found.bound !== undefined && this.#byKey.get(found.bound.id) === id) this.#byKey.delete(found.bound.id);
    this.#bytes -= sizeOf(found.prepared);
    // A row that stays is found to be too old; a store that fails tells of it itself.
    this.#options.store.write([{ key: PREFIX + id }], false).catch(() => undefined);
  }

  #forgetOld(): void {
    const now = this.#options.clock.now();
    for (const [id, { prepared }] of this.#kept) if (prepared.expiresAt <= now) this.#forget(id);
  }
}

function boundTo(wanted: WantedTransaction): BoundKey | undefined {
  return wanted.idempotencyKey === undefined ? undefined : bindKey(requestUnder(wanted.idempotencyKey, wanted));
}

function sizeOf({ text, proposal, endorsed }: PreparedTransaction): number {
  return 2 * text.length + proposal.bytes.length + (endorsed?.bytes.length ?? 0);
}

const toText = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** As it is stored: bytes in base64, the transaction id in the row's key alone. */
interface StoredRow extends Omit<PreparedTransaction, 'proposal' | 'endorsed'> {
  readonly proposal: string;
  readonly endorsed?: { readonly bytes: string; readonly result: string };
}

function rowOf({ proposal, endorsed, ...rest }: PreparedTransaction): Change {
  const row: StoredRow = {
    ...rest, proposal: toText(proposal.bytes),
    ...(endorsed === undefined ? {} : { endorsed: { bytes: toText(endorsed.bytes), result: endorsed.result } }),
  };
  return putJson(PREFIX + proposal.transactionId, row);
}

function readRow(key: string, row: unknown): PreparedTransaction {
  const { proposal, endorsed, ...rest } = row as StoredRow;
  const transactionId = key.slice(PREFIX.length);
  return {
    ...rest, proposal: { transactionId, bytes: Buffer.from(proposal, 'base64') },
    ...(endorsed === undefined ? {} : { endorsed: { transactionId, bytes: Buffer.from(endorsed.bytes, 'base64'), result: endorsed.result } }),
  };
}
