/** One request on its way to the ledger: endorsed, sent, and endorsed anew if another transaction was faster. */
import type { Clock } from './clock.js';
import type { ContentionLanes } from './contention.js';
import { deferred } from './deferred.js';
import type { Change } from './durable-store.js';
import type { BoundKey } from './idempotency.js';
import { LedgerFailure, type SignedTransaction, type SubmitAnswer } from './ledger.js';
import { settledChanges, type Verdict } from './outbox-rows.js';
import { backOff } from './retry.js';
import type { Sent, TransactionSender } from './transaction-sender.js';

export interface SubmissionRequest {
  /** Has it endorsed and signed, as often as needed. */
  readonly endorse: () => Promise<SignedTransaction>;
  /** Whether it can be endorsed anew after this transaction was rejected: not where somebody else signed just this one. */
  readonly mayRepeat: (transactionId: string) => boolean;
  readonly key?: BoundKey;
}

export interface SubmissionTools {
  readonly sender: TransactionSender;
  /** a block number that the transaction cannot be before */
  readonly position: () => Promise<bigint>;
  readonly clock: Clock;
  readonly retentionMs: number;
  readonly lanes: ContentionLanes;
  /** told of each transaction id that the request is sent under */
  readonly onSent: (transactionId: string, submission: Submission) => void;
}

type Committed = Extract<SubmitAnswer, { status: 'committed' }>;
type Rejected = Extract<Verdict, { status: 'rejected' }>;

/** New endorsements after conflicts with transactions of other gateways; ours wait for their turn. */
const CONFLICT_REPEATS = 40;
/** For how long new attempts are begun where no endorsement was to be had: a peer that starts again takes a second or two. */
const ENDORSE_WITHIN_MS = 3000;
const ENDORSE_PAUSE_MS = 100;
/** Peers that disagree once may have different blocks; those that go on disagreeing run different code, or faulty one. */
const MOST_DISAGREEMENTS = 2;

export class Submission {
  /** the ids it was sent under, the newest last */
  readonly transactionIds: string[] = [];
  /** Resolves when it is stored for the first time: from here on it will be sent whatever happens. */
  readonly stored: Promise<void>;
  /** Rejects with Problem or LedgerFailure if it has no effect. */
  readonly done: Promise<Committed>;
  readonly #request: SubmissionRequest;
  readonly #tools: SubmissionTools;
  readonly #stored = deferred<void>();
  #endorsement: SignedTransaction | undefined;
  /** ends its turn at a contended key, if it has one */
  #endTurn: (() => void) | undefined;

  /** @param earlier the transaction that an earlier, equal request was sent as */
  constructor(request: SubmissionRequest, tools: SubmissionTools, earlier?: Sent) {
    this.#request = request;
    this.#tools = tools;
    this.stored = this.#stored.promise;
    this.done = this.#run(earlier).finally(() => this.#endTurn?.());
  }

  /** the id it is known by now; empty before it was stored */
  get transactionId(): string {
    return this.transactionIds.at(-1) ?? '';
  }

  async #run(earlier: Sent | undefined): Promise<Committed> {
    let sent = this.#known(earlier ?? await this.#send());
    for (let attempt = 0; ; attempt++) {
      const verdict = await sent.fate;
      if (verdict.status === 'committed') return { status: 'committed', transactionId: sent.transactionId, block: verdict.block, result: sent.result };
      const hopeless = verdict.retry !== 'new-id' || attempt >= Math.min(verdict.times, CONFLICT_REPEATS);
      if (hopeless || !this.#request.mayRepeat(sent.transactionId)) throw rejection(verdict, sent.transactionId);
      await this.#beforeRepeat(attempt);
      sent = this.#known(await this.#send({ transactionId: sent.transactionId, verdict }));
    }
  }

  /** The first repeat waits for its turn, further ones for a random time: the rival is not of this gateway. */
  async #beforeRepeat(attempt: number): Promise<void> {
    const { clock, lanes } = this.#tools;
    if (this.#endTurn === undefined && this.#endorsement !== undefined) this.#endTurn = await lanes.enter(this.#endorsement);
    else await clock.wait(backOff(attempt, clock.random()));
  }

  #known(sent: Sent): Sent {
    this.transactionIds.push(sent.transactionId);
    this.#tools.onSent(sent.transactionId, this);
    this.#stored.resolve();
    return sent;
  }

  async #send(replaced?: { transactionId: string; verdict: Rejected }): Promise<Sent> {
    const { key } = this.#request;
    const signed = await this.#inTurn(await this.#endorsed());
    this.#endorsement = signed;
    const from = await this.#tools.position();
    return this.#tools.sender.send({ from, signed, ...(key === undefined ? {} : { key }) }, this.#replacing(replaced, signed.transactionId));
  }

  /** Whoever comes while others take turns at the same key lines up; what it read is stale by then. */
  async #inTurn(signed: SignedTransaction): Promise<SignedTransaction> {
    const { lanes } = this.#tools;
    if (!this.#request.mayRepeat(signed.transactionId) || this.#endTurn !== undefined || !lanes.isContended(signed)) return signed;
    this.#endTurn = await lanes.enter(signed);
    return this.#endorsed();
  }

  async #endorsed(): Promise<SignedTransaction> {
    const { clock } = this.#tools;
    const begun = clock.now();
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#request.endorse();
      } catch (error) {
        if (!mayBeEndorsedYet(error, attempt, clock.now() - begun)) throw error;
      }
      await clock.wait(backOff(attempt, clock.random(), ENDORSE_PAUSE_MS));
    }
  }

  /** The outcome of the old transaction names the new one, so that whoever asks for it is led on. */
  #replacing(replaced: { transactionId: string; verdict: Rejected } | undefined, next: string): Change[] {
    if (replaced === undefined) return [];
    const { clock, retentionMs } = this.#tools;
    return settledChanges(replaced.transactionId, { verdict: replaced.verdict, result: '', next }, clock.now() + retentionMs);
  }
}

function mayBeEndorsedYet(error: unknown, attempt: number, elapsedMs: number): boolean {
  if (!(error instanceof LedgerFailure) || error.retry !== 'new-id') return false;
  return elapsedMs < ENDORSE_WITHIN_MS && (error.code !== 'ABORTED' || attempt < MOST_DISAGREEMENTS);
}

function rejection({ stage, code, retry }: Rejected, transactionId: string): LedgerFailure {
  return new LedgerFailure({ stage, transactionId, retry, code }, 'the transaction has no effect');
}
