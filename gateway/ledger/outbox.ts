/**
 * Writing to the ledger so that an answer can be believed: a transaction is stored before it is sent, sent until its
 * fate is known, and endorsed anew when another one was faster. README.md lists what may fail at each step.
 */
import { Problem } from '#domain/errors.js';
import { systemClock, type Clock } from './clock.js';
import { ContentionLanes } from './contention.js';
import type { DurableStore } from './durable-store.js';
import { bindKey, requireSameBody, type BoundKey } from './idempotency.js';
import type { Idempotency, LedgerConnection, SignedTransaction, SubmitAnswer, SubmitOptions, TransactionOutcome } from './ledger.js';
import { removeExpired } from './outbox-expiry.js';
import { LEDGER_NAME, outcomeOf, readKeyRecord, readLedgerName, readOutcome, rowKeys, ledgerNameChange, type OutcomeRow } from './outbox-rows.js';
import { openStatusStream, type StatusStream } from './status-stream.js';
import { Submission, type SubmissionRequest, type SubmissionTools } from './submission.js';
import { TransactionSender, type Sent } from './transaction-sender.js';

export interface OutboxOptions {
  /** closed together with the outbox */
  readonly store: DurableStore;
  readonly connection: LedgerConnection;
  readonly clock?: Clock;
  /** hash of the ledger's first block, where it is known before the ledger is reached: then another one is refused at once */
  readonly genesisHash?: string | undefined;
  /** how many transactions may be under way; beyond it: OUTBOX_FULL */
  readonly limit?: number;
  /** milliseconds after which a caller is answered `pending` */
  readonly answerWithinMs?: number;
  /** milliseconds without a status after which a transaction is sent again */
  readonly resendAfterMs?: number;
  /** milliseconds for which outcomes and idempotency keys are kept */
  readonly retentionMs?: number;
  /** told of errors in the background that are nobody's refusal */
  readonly onError?: (error: unknown) => void;
}

export interface OutboxHealth {
  /** transactions whose fate is not known yet */
  readonly waiting: number;
  /** since when the oldest of them waits, milliseconds since 1970 */
  readonly oldest: number | undefined;
  /** set for good by the first disk error */
  readonly storeFailure: Error | undefined;
  /** the last error of the link to the ledger, if it is down */
  readonly trouble: unknown;
}

const HOUR_MS = 3_600_000;
const DEFAULTS = { limit: 1000, answerWithinMs: 3000, resendAfterMs: 3000, retentionMs: 7 * 24 * HOUR_MS };

/** How long a submission waits for the ledger to be reached for the first time. */
const FIRST_CONTACT_MS = 5000;

/** A reason given spares the making of an error for each answer. */
const ANSWERED = 'answered';

/** A repeat chain is as long as the conflicts of one request: a limit against a loop in damaged rows. */
const LONGEST_CHAIN = 100;

export interface Outbox {
  /**
   * Submits one transaction.
   *
   * @param transaction e.g. `item:register`
   * @returns `committed` with block and result, or `pending` when that is not known in time: then the outcome will be
   * @throws Problem what the contract refused; OUTBOX_FULL, IDEMPOTENCY_KEY_WRONG, IDEMPOTENCY_KEY_REUSED,
   *   STORE_FAILED, LEDGER_DIFFERENT; LedgerFailure (it has, and will have, no effect)
   */
  submit(transaction: string, args: readonly string[], options: SubmitOptions): Promise<SubmitAnswer>;
  /** Submits what somebody else signed, once, whatever becomes of it. Throws as `submit`. */
  submitSigned(signed: SignedTransaction, idempotency?: Idempotency): Promise<SubmitAnswer>;
  /** What became of a transaction. `unknown`: never heard of it, or long ago. */
  outcome(transactionId: string): Promise<TransactionOutcome>;
  /**
   * What became of the transaction that carries a request, as far as it was stored; `undefined` if none was.
   *
   * @throws Problem IDEMPOTENCY_KEY_WRONG, IDEMPOTENCY_KEY_REUSED
   */
  outcomeUnder(idempotency: Idempotency): Promise<TransactionOutcome | undefined>;
  health(): OutboxHealth;
  close(): Promise<void>;
}

/**
 * Opens the outbox and takes up what an earlier run left under way.
 *
 * @throws Problem OUTBOX_DAMAGED, LEDGER_DIFFERENT
 */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const outbox = new LedgerOutbox(options);
  await outbox.open();
  return outbox;
}

class LedgerOutbox implements Outbox {
  readonly #options: Required<Omit<OutboxOptions, 'genesisHash'>> & Pick<OutboxOptions, 'genesisHash'>;
  readonly #sender: TransactionSender;
  readonly #tools: SubmissionTools;
  readonly #open = new Set<Submission>();
  readonly #byTransaction = new Map<string, Submission>();
  readonly #byKey = new Map<string, { readonly body: string; readonly submission: Promise<Submission> }>();
  /** what somebody else signed, by transaction */
  readonly #signed = new Map<string, Promise<Submission>>();
  /** callers who wait; at the end they are answered `pending` at once */
  readonly #answering = new Set<AbortController>();
  readonly #closing = new AbortController();
  #statuses: StatusStream | undefined;
  #expiring: Promise<void> = Promise.resolve();

  constructor(options: OutboxOptions) {
    this.#options = { ...DEFAULTS, clock: systemClock, onError: () => undefined, ...options };
    this.#sender = new TransactionSender(this.#options);
    this.#tools = {
      sender: this.#sender,
      position: () => this.#position(),
      clock: this.#options.clock,
      retentionMs: this.#options.retentionMs,
      lanes: new ContentionLanes(),
      onSent: (transactionId, submission) => this.#byTransaction.set(transactionId, submission),
    };
  }

  async open(): Promise<void> {
    const { connection, clock, genesisHash } = this.#options;
    if (genesisHash !== undefined) await this.#requireOwn(genesisHash);
    const from = await this.#sender.resume();
    this.#statuses = openStatusStream({
      connection,
      clock,
      ...(from === undefined ? {} : { from }),
      onLedger: (genesis) => this.#recognise(genesis),
      onBlock: (statuses) => this.#sender.applyStatuses(statuses),
    });
    this.#expiring = this.#expireUntilClosed();
  }

  async submit(transaction: string, args: readonly string[], options: SubmitOptions): Promise<SubmitAnswer> {
    const { identity, idempotency, transient } = options;
    const key = idempotency === undefined ? undefined : bindKey(idempotency);
    const session = this.#options.connection.ledgerFor(identity);
    const endorse = async (): Promise<SignedTransaction> => session.endorse(transaction, args, transient);
    if (key === undefined) return this.#answer(this.#begin({ endorse, mayRepeat: always }));
    return this.#answer(await this.#once(key, { endorse, mayRepeat: always, key }));
  }

  async submitSigned(signed: SignedTransaction, idempotency?: Idempotency): Promise<SubmitAnswer> {
    const { transactionId: id } = signed;
    const known = this.#signed.get(id);
    if (known !== undefined) return this.#answer(await known);
    // Without a key of the caller's, the transaction is its own: it is one, however often it is handed in.
    const key = bindKey(idempotency ?? { principal: 'transaction', key: id, body: id });
    const submission = this.#once(key, { endorse: async () => signed, mayRepeat: (rejected) => rejected !== id, key });
    this.#signed.set(id, submission);
    const forget = (): boolean => this.#signed.delete(id);
    submission.then(({ done }) => done).then(forget, forget);
    return this.#answer(await submission);
  }

  async outcomeUnder(idempotency: Idempotency): Promise<TransactionOutcome | undefined> {
    const key = bindKey(idempotency);
    const id = await this.#transactionUnder(key);
    return id === undefined ? undefined : this.outcome(id);
  }

  async outcome(transactionId: string): Promise<TransactionOutcome> {
    let id = transactionId;
    for (let step = 0; step < LONGEST_CHAIN; step++) {
      const submission = this.#byTransaction.get(id);
      if (submission !== undefined) return { status: 'pending', transactionId: submission.transactionId };
      if (this.#sender.underWay(id) !== undefined) return { status: 'pending', transactionId: id };
      const row = await this.#outcomeRow(id);
      if (row === undefined) return { status: 'unknown', transactionId: id };
      if (row.next === undefined) return outcomeOf(id, row);
      id = row.next;
    }
    throw new Problem('OUTBOX_DAMAGED', { row: transactionId });
  }

  health(): OutboxHealth {
    const { count, oldest } = this.#sender.waiting;
    return { waiting: count, oldest, storeFailure: this.#options.store.failure, trouble: this.#statuses?.trouble };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const patience of this.#answering) patience.abort();
    await this.#statuses?.close();
    await this.#sender.close();
    await this.#expiring;
    await this.#options.store.close();
  }

  /** One submission for all requests with the same key, whether they come at once or after a restart. */
  #once(key: BoundKey, request: SubmissionRequest): Promise<Submission> {
    const known = this.#byKey.get(key.id);
    if (known !== undefined) {
      requireSameBody(key, known);
      return known.submission;
    }
    const submission = this.#takeUp(key, request);
    this.#byKey.set(key.id, { body: key.body, submission });
    const forget = (): boolean => this.#byKey.delete(key.id);
    submission.then(({ done }) => done).then(forget, forget);
    return submission;
  }

  async #takeUp(key: BoundKey, request: SubmissionRequest): Promise<Submission> {
    const rowKey = rowKeys.key(key.id);
    const row = await this.#options.store.get(rowKey);
    if (row === undefined) return this.#begin(request);
    const record = readKeyRecord(rowKey, row);
    requireSameBody(key, record);
    return this.#begin(request, this.#sender.underWay(record.transaction) ?? await this.#settledEarlier(record.transaction));
  }

  async #transactionUnder(key: BoundKey): Promise<string | undefined> {
    const open = this.#byKey.get(key.id);
    if (open !== undefined) {
      requireSameBody(key, open);
      const { stored, done } = await open.submission;
      // What fails before it is stored leaves no transaction, or the one of an earlier request.
      await Promise.race([stored, done]).catch(() => undefined);
    }
    const rowKey = rowKeys.key(key.id);
    const row = await this.#options.store.get(rowKey);
    if (row === undefined) return undefined;
    const record = readKeyRecord(rowKey, row);
    requireSameBody(key, record);
    return record.transaction;
  }

  async #settledEarlier(transactionId: string): Promise<Sent | undefined> {
    const row = await this.#outcomeRow(transactionId);
    return row && { transactionId, result: row.result, fate: Promise.resolve(row.verdict) };
  }

  #begin(request: SubmissionRequest, earlier?: Sent): Submission {
    if (earlier === undefined) this.#requireRoom();
    const submission = new Submission(request, this.#tools, earlier);
    this.#open.add(submission);
    const forget = (): void => this.#forget(submission);
    submission.done.then(forget, forget);
    return submission;
  }

  #requireRoom(): void {
    const { limit, store } = this.#options;
    if (this.#closing.signal.aborted) throw new Problem('STORE_FAILED', { reason: 'closed' });
    if (store.failure !== undefined) throw new Problem('STORE_FAILED', { reason: store.failure.message });
    if (Math.max(this.#open.size, this.#sender.waiting.count) >= limit) throw new Problem('OUTBOX_FULL', { limit: String(limit) });
  }

  #forget(submission: Submission): void {
    this.#open.delete(submission);
    for (const id of submission.transactionIds) this.#byTransaction.delete(id);
  }

  async #answer(submission: Submission): Promise<SubmitAnswer> {
    await Promise.race([submission.stored, submission.done]);
    const patience = new AbortController();
    this.#answering.add(patience);
    const late = this.#options.clock.wait(this.#options.answerWithinMs, patience.signal);
    try {
      return await Promise.race([submission.done, late.then(() => ({ status: 'pending' as const, transactionId: submission.transactionId }))]);
    } finally {
      this.#answering.delete(patience);
      patience.abort(ANSWERED);
    }
  }

  async #outcomeRow(id: string): Promise<OutcomeRow | undefined> {
    const key = rowKeys.outcome(id);
    const row = await this.#options.store.get(key);
    return row && readOutcome(key, row);
  }

  /** Known at once, but for the first moments of a run, or while the ledger was never reached in it. */
  async #position(): Promise<bigint> {
    if (this.#statuses === undefined) throw new Error('the outbox is not open');
    if (this.#statuses.next !== undefined) return this.#statuses.next;
    const patience = new AbortController();
    const late = this.#options.clock.wait(FIRST_CONTACT_MS, patience.signal).then(() => { throw new Problem('LEDGER_UNREACHABLE', { stage: 'status' }); });
    try {
      return await Promise.race([this.#statuses.started(), late]);
    } finally {
      late.catch(() => undefined);
      patience.abort(ANSWERED);
    }
  }

  /** Transactions of one ledger must not be sent to another: they would wait there for ever. */
  async #recognise(genesis: string): Promise<void> {
    const known = await this.#requireOwn(genesis);
    if (known === undefined) await this.#options.store.write([ledgerNameChange(genesis)], true);
    this.#sender.start();
  }

  async #requireOwn(genesis: string): Promise<string | undefined> {
    const row = await this.#options.store.get(LEDGER_NAME);
    const known = row && readLedgerName(row);
    if (known !== undefined && known !== genesis) throw new Problem('LEDGER_DIFFERENT', { expected: known, found: genesis });
    return known;
  }

  async #expireUntilClosed(): Promise<void> {
    const { clock, store, onError } = this.#options;
    while (!this.#closing.signal.aborted) {
      await removeExpired(store, clock.now()).catch(onError);
      await clock.wait(HOUR_MS, this.#closing.signal);
    }
  }
}

function always(): true {
  return true;
}
