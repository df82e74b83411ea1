/**
 * Puts submitted transactions into blocks and the blocks on the disk. While one block is being synced, the next one is
 * already prepared on top of it; transactions that arrive meanwhile share a block.
 */
import { Problem } from '#domain/errors.js';
import type { ChainHead } from './block-store.js';
import { prepareBlock, type OrderedTransaction, type Outcome, type PreparationParts, type PreparedBlock } from './block-preparation.js';
import { PREFERRED_BLOCK_BYTES } from './channel-config.js';
import type { CommitNotices } from './commit-notices.js';
import type { HeadFile } from './head-file.js';
import { readOnly } from './level-store.js';
import { UNPROVEN_ID_CODES } from './transaction-check.js';

/** Steps of a commit, in order; tests stop the process, or the disk, at each of them. */
export type CommitStep = 'before-prepare' | 'before-write' | 'after-write' | 'after-head' | 'after-notice';

export interface OrdererOptions {
  readonly batchTimeoutMs: number;
  readonly maxMessages: number;
  /** Called at each step of a commit; what it throws counts as an I/O error. */
  readonly atStep?: ((step: CommitStep) => void) | undefined;
}

export interface OrdererParts extends PreparationParts {
  readonly headFile: HeadFile;
  readonly notices: CommitNotices;
}

/** Envelopes that wait for a block may take this much memory; then `submit` refuses. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

export class Orderer {
  readonly #options: OrdererOptions;
  readonly #parts: OrdererParts;
  #waiting: OrderedTransaction[] = [];
  #waitingBytes = 0;
  /** Ids of transactions that were taken in, by whoever may use the id, and are not on the disk yet. */
  readonly #pendingIds = new Set<string>();
  /** Head of the last prepared block; the chain on the disk may be one or two blocks behind. */
  #tip: ChainHead | undefined;
  #durable: ChainHead | undefined;
  #unwritten: PreparedBlock | undefined;
  #writing: Promise<void> = Promise.resolve();
  #running: Promise<void> | undefined;
  #cut: (() => void) | undefined;
  #closed = false;

  constructor(options: OrdererOptions, parts: OrdererParts, head: ChainHead | undefined) {
    this.#options = options;
    this.#parts = parts;
    this.#tip = head;
    this.#durable = head;
  }

  /** Number of blocks on the disk. */
  get height(): number {
    return this.#durable?.height ?? 0;
  }

  get head(): ChainHead | undefined {
    return this.#durable;
  }

  /** True if a copy of this transaction, signed by its owner, is on its way to the disk. */
  isPending(transactionId: string): boolean {
    return this.#pendingIds.has(transactionId);
  }

  /**
   * Takes a transaction in; it will stand in a block, valid or not. Durable only when its outcome is announced.
   *
   * @throws Problem LEDGER_READ_ONLY after an I/O error or while closing, or when too much waits already
   */
  submit(transaction: OrderedTransaction): void {
    const failure = this.#parts.store.failure;
    if (failure !== undefined) throw readOnly(failure.message);
    if (this.#closed) throw readOnly('closed');
    if (this.#waitingBytes > MAX_WAITING_BYTES) throw new Problem('LEDGER_UNREACHABLE', { reason: 'too many transactions are waiting' });
    this.#waiting.push(transaction);
    if (!UNPROVEN_ID_CODES.has(transaction.checked.code)) this.#pendingIds.add(transaction.checked.transactionId);
    this.#waitingBytes += transaction.envelope.length;
    if (this.#isFull()) this.#cut?.();
    this.#running ??= this.#run();
  }

  /** Resolves when everything submitted so far is on the disk or refused. */
  async idle(): Promise<void> {
    this.#cut?.();
    await this.#running;
    await this.#writing;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.idle();
    this.#parts.notices.stopped(readOnly('closed'));
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        await this.#blockFilled();
        await this.#commit(this.#takeBlock());
      }
    } catch (error) {
      this.#stop(error);
    } finally {
      this.#running = undefined;
    }
  }

  /** Waits until the block is full or the batch timeout is over. */
  async #blockFilled(): Promise<void> {
    if (this.#isFull() || this.#closed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.batchTimeoutMs);
      this.#cut = () => { clearTimeout(timer); resolve(); };
    });
    this.#cut = undefined;
  }

  #isFull(): boolean {
    return this.#waiting.length >= this.#options.maxMessages || this.#waitingBytes >= PREFERRED_BLOCK_BYTES;
  }

  /** The oldest transactions, as many as one block may hold; always at least one. */
  #takeBlock(): OrderedTransaction[] {
    let bytes = 0;
    let count = 0;
    for (const { envelope } of this.#waiting) {
      if (count >= this.#options.maxMessages || (count > 0 && bytes + envelope.length > PREFERRED_BLOCK_BYTES)) break;
      bytes += envelope.length;
      count += 1;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #commit(transactions: readonly OrderedTransaction[]): Promise<void> {
    this.#options.atStep?.('before-prepare');
    const prepared = await prepareBlock(transactions, { head: this.#tip, unwritten: this.#unwritten }, this.#parts);
    this.#tip = prepared.head;
    await this.#writing;
    if (this.#parts.store.failure !== undefined) throw this.#parts.store.failure;
    this.#unwritten = prepared;
    this.#writing = this.#write(prepared);
  }

  async #write(prepared: PreparedBlock): Promise<void> {
    try {
      this.#options.atStep?.('before-write');
      await this.#parts.store.write(prepared.changes);
      this.#options.atStep?.('after-write');
      await this.#parts.headFile.write(prepared.head);
      this.#options.atStep?.('after-head');
      this.#durable = prepared.head;
      if (this.#unwritten === prepared) this.#unwritten = undefined;
      this.#parts.notices.blockWritten(prepared.outcomes.filter((outcome) => this.#isFinal(outcome)));
      this.#options.atStep?.('after-notice');
    } catch (error) {
      this.#stop(error);
    }
  }

  /** A wrongly signed copy decides nothing while the genuine one is on its way. */
  #isFinal({ transactionId, code }: Outcome): boolean {
    if (UNPROVEN_ID_CODES.has(code)) return !this.#pendingIds.has(transactionId);
    this.#pendingIds.delete(transactionId);
    return true;
  }

  /** The first failure is the last: nothing is taken or written any more. */
  #stop(error: unknown): void {
    const problem = error instanceof Problem ? error : readOnly(error instanceof Error ? error.message : String(error));
    this.#parts.store.fail(problem);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#parts.notices.stopped(problem);
  }
}
