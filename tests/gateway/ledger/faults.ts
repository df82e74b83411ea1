/** The real connection and the real store, with one fault at a time. */
import type { Change, DurableStore } from '../../../gateway/ledger/durable-store.js';
import { LedgerFailure, type BlockStatuses, type LedgerConnection, type LedgerIdentity, type LedgerSession, type SignedTransaction } from '../../../gateway/ledger/ledger.js';
import { Problem } from '#domain/errors.js';

/**
 * What happens to a call: it works; it fails before, or after, having had its effect; it has none but says so; or it is
 * called refused when its effect is in a block already.
 */
export type Fault = 'none' | 'before' | 'after' | 'lost' | 'refused-late';

const unavailable = (stage: 'submit' | 'evaluate', id = ''): LedgerFailure => new LedgerFailure({ stage, transactionId: id, retry: 'same-id', code: 'UNAVAILABLE' }, 'planned fault');

export class FaultyConnection implements LedgerConnection {
  /** what happens to the next sendings, in turn; then all is well */
  sendFaults: Fault[] = [];
  /** failures that the next sendings are answered with, in turn */
  sendFailures: LedgerFailure[] = [];
  /** calls answered with this failure from now on */
  sendFailure: LedgerFailure | undefined;
  /** statuses that the stream is to leave out, by code, as if it had begun after them */
  hiddenCode: number | undefined;
  /** what the stream says in place of a code: judgements that peers of one organisation do not come to */
  judge: (code: number) => number = (code) => code;
  heightFailure: Error | undefined;
  sent: string[] = [];
  asked: string[] = [];
  /** whose statuses were taken from the stream */
  told: string[] = [];
  /** what was called refused when it was in a block already */
  refused: string[] = [];
  readonly #inner: LedgerConnection;
  #streams: AbortController[] = [];

  constructor(inner: LedgerConnection) {
    this.#inner = inner;
  }

  get reader(): LedgerConnection['reader'] {
    const { reader } = this.#inner;
    return {
      evaluate: (transaction, args) => reader.evaluate(transaction, args),
      signedRead: (transaction, args) => reader.signedRead(transaction, args),
      blocks: (from, signal) => reader.blocks(from, signal),
      height: () => (this.heightFailure === undefined ? reader.height() : Promise.reject(this.heightFailure)),
    };
  }

  ledgerFor(identity: LedgerIdentity): LedgerSession {
    return this.#inner.ledgerFor(identity);
  }

  async send(signed: SignedTransaction): Promise<void> {
    this.sent.push(signed.transactionId);
    const failure = this.sendFailures.shift() ?? this.sendFailure;
    if (failure !== undefined) throw failure;
    const fault = this.sendFaults.shift() ?? 'none';
    if (fault === 'before') throw unavailable('submit', signed.transactionId);
    if (fault !== 'lost') await this.#inner.send(signed);
    if (fault === 'after') throw unavailable('submit', signed.transactionId);
    if (fault === 'refused-late') await this.#refuseAfterCommit(signed.transactionId);
  }

  async #refuseAfterCommit(transactionId: string): Promise<void> {
    await this.#inner.commitStatus(transactionId);
    while (!this.told.includes(transactionId)) await new Promise((resolve) => { setImmediate(resolve); });
    this.refused.push(transactionId);
    throw new LedgerFailure({ stage: 'submit', transactionId, retry: 'no', code: 'ABORTED' }, 'status=FORBIDDEN');
  }

  /** Ends every open stream of statuses with an error. */
  cutStatuses(): void {
    for (const stream of this.#streams.splice(0)) stream.abort();
  }

  async *statuses(from: bigint, signal: AbortSignal): AsyncGenerator<BlockStatuses> {
    const cut = new AbortController();
    this.#streams.push(cut);
    const stop = (): void => cut.abort();
    signal.addEventListener('abort', stop);
    for await (const { number, transactions } of this.#inner.statuses(from, cut.signal)) {
      yield { number, transactions: transactions.filter(({ code }) => code !== this.hiddenCode).map(({ id, code }) => ({ id, code: this.judge(code) })) };
      this.told.push(...transactions.map(({ id }) => id));
    }
    signal.removeEventListener('abort', stop);
    if (!signal.aborted) throw unavailable('evaluate');
  }

  commitStatus(transactionId: string): ReturnType<LedgerConnection['commitStatus']> {
    this.asked.push(transactionId);
    return this.#inner.commitStatus(transactionId);
  }

  get offline(): LedgerConnection['offline'] {
    return this.#inner.offline;
  }

  peers(): ReturnType<LedgerConnection['peers']> {
    return this.#inner.peers();
  }

  close(): void {
    this.#inner.close();
  }
}

export class FaultyStore implements DurableStore {
  /** what happens to the next durable writes, or to those that are not, in turn */
  durableFaults: Fault[] = [];
  otherFaults: Fault[] = [];
  failure: Error | undefined;
  readonly #inner: DurableStore;

  constructor(inner: DurableStore) {
    this.#inner = inner;
  }

  async write(changes: readonly Change[], durable: boolean): Promise<void> {
    const fault = (durable ? this.durableFaults : this.otherFaults).shift() ?? 'none';
    if (this.failure !== undefined) throw new Problem('STORE_FAILED', { reason: this.failure.message });
    if (fault !== 'before') await this.#inner.write(changes, durable);
    if (fault === 'none') return;
    this.failure = new Error('planned fault');
    throw new Problem('STORE_FAILED', { reason: this.failure.message });
  }

  get(key: string): Promise<Buffer | undefined> {
    return this.#inner.get(key);
  }

  rows(prefix: string, after?: string): AsyncIterable<[string, Buffer]> {
    return this.#inner.rows(prefix, after);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
