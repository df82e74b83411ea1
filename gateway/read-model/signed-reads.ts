/**
 * Receipts, made once per version of a record: a popular scan costs a look-up. A receipt stands as long as every key
 * that its transaction read has the version that it read.
 */
import type { LedgerReader } from '../ledger/ledger.js';
import { readSetOf, type KeyRead } from '../ledger/transaction-reader.js';
import type { ReadModel } from './read-model.js';

export interface SignedReadsOptions {
  readonly ledger: Pick<LedgerReader, 'signedRead'>;
  readonly model: Pick<ReadModel, 'get' | 'asOf'>;
  /** the chaincode whose keys count; what a transaction reads of the channel's own definitions does not */
  readonly namespace: string;
  /** how many bytes of receipts are kept */
  readonly capacityBytes?: number;
}

export interface SignedReads {
  /**
   * The serialised `common.Payload` of a read-only transaction, endorsed and never submitted.
   *
   * @param transaction e.g. `item:read`
   * @throws Problem what the contract refuses, or what the read model does; LedgerFailure
   */
  receiptFor(transaction: string, args: readonly string[]): Promise<Uint8Array>;
}

interface Kept {
  readonly payload: Uint8Array;
  readonly reads: readonly KeyRead[];
  /** set if it read a range: then it stands only until the next block */
  readonly height: bigint | undefined;
}

const CAPACITY_BYTES = 64 * 1024 * 1024;

export function openSignedReads(options: SignedReadsOptions): SignedReads {
  return new ReceiptCache({ capacityBytes: CAPACITY_BYTES, ...options });
}

class ReceiptCache implements SignedReads {
  readonly #options: Required<SignedReadsOptions>;
  /** in the order of use, the longest unused first */
  readonly #kept = new Map<string, Kept>();
  readonly #making = new Map<string, Promise<Kept>>();
  #bytes = 0;

  constructor(options: Required<SignedReadsOptions>) {
    this.#options = options;
  }

  async receiptFor(transaction: string, args: readonly string[]): Promise<Uint8Array> {
    const question = JSON.stringify([transaction, ...args]);
    const kept = this.#kept.get(question);
    if (kept !== undefined) this.#drop(question, kept);
    const current = kept !== undefined && this.#stands(kept) ? kept : await this.#make(question, transaction, args);
    this.#keep(question, current);
    return current.payload;
  }

  /** Those who ask while it is being made share it: it is no older than their question was when it was begun. */
  #make(question: string, transaction: string, args: readonly string[]): Promise<Kept> {
    const known = this.#making.get(question);
    if (known !== undefined) return known;
    const making = this.#ask(transaction, args).finally(() => this.#making.delete(question));
    this.#making.set(question, making);
    return making;
  }

  async #ask(transaction: string, args: readonly string[]): Promise<Kept> {
    const { ledger, model, namespace } = this.#options;
    const { height } = model.asOf();
    const payload = await ledger.signedRead(transaction, args);
    const { reads, ranges } = readSetOf(payload);
    return { payload, reads: reads.filter((read) => read.namespace === namespace), height: ranges ? height : undefined };
  }

  #stands({ reads, height }: Kept): boolean {
    const now = this.#options.model.asOf().height;
    return (height === undefined || height === now) && reads.every((read) => this.#isCurrent(read, now));
  }

  /** The model may lag behind the peers: a version that it has not come to yet is newer than what it knows. */
  #isCurrent({ key, version }: KeyRead, height: bigint): boolean {
    const row = this.#options.model.get(key);
    if (version === null) return row === undefined;
    if (version.block >= height) return true;
    return row?.block === version.block && row.index === version.index;
  }

  #keep(question: string, kept: Kept): void {
    const before = this.#kept.get(question);
    if (before !== undefined) this.#drop(question, before);
    this.#kept.set(question, kept);
    this.#bytes += sizeOf(question, kept);
    for (const [oldest, entry] of this.#kept) {
      if (this.#bytes <= this.#options.capacityBytes) break;
      this.#drop(oldest, entry);
    }
  }

  #drop(question: string, kept: Kept): void {
    this.#kept.delete(question);
    this.#bytes -= sizeOf(question, kept);
  }
}

function sizeOf(question: string, { payload, reads }: Kept): number {
  let size = payload.length + 2 * question.length + 200;
  for (const { key } of reads) size += 2 * key.length + 100;
  return size;
}
