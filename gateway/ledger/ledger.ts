/**
 * The ports between the gateway and a ledger. Reading is a type of its own, so that whoever only reads holds nothing
 * that can write. Block numbers are `bigint` here, as in Fabric's own interfaces.
 */
import type { KeyObject } from 'node:crypto';
import { Problem } from '#domain/errors.js';
import type { PeerReport } from './peer-standing.js';
import type { Retry } from './retry.js';

/** Who signs: an X.509 certificate of a member organisation and its key. */
export interface LedgerIdentity {
  /** e.g. `EnterpriseMSP` */
  readonly mspId: string;
  /** PEM */
  readonly certificate: string;
  /** P-256, PEM or a key object */
  readonly privateKey: string | KeyObject;
}

/** One key written by a transaction; `null` is a removal. `value` is a view into the block. */
export interface LedgerWrite {
  readonly namespace: string;
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** What a transaction wrote to a collection of private data, as blocks have it; `null` is a removal. */
export interface HashedWrite {
  readonly namespace: string;
  /** e.g. `controlled` */
  readonly collection: string;
  /** SHA-256 of the key, and of the value: views into the block */
  readonly keyHash: Uint8Array;
  readonly valueHash: Uint8Array | null;
}

/** The event of a transaction: the last one that the contract set. */
export interface LedgerEvent {
  readonly chaincode: string;
  readonly name: string;
  readonly payload: Uint8Array;
}

export interface LedgerTransaction {
  /** 64 hexadecimal digits; empty for a transaction that its peers could not read either */
  readonly id: string;
  /** place in the block, from 0: the second half of the version of what it wrote */
  readonly index: number;
  readonly valid: boolean;
  /** Fabric's TxValidationCode: 0 is valid, 11 MVCC_READ_CONFLICT, … */
  readonly code: number;
  /** milliseconds since 1970, as the submitter claimed it; 0 if absent */
  readonly timestamp: number;
  readonly creatorMsp: string;
  /** in the order of the write set; empty unless valid */
  readonly writes: readonly LedgerWrite[];
  /** keys of which only metadata (an endorsement policy) was written: their version moves, their value stays */
  readonly touched: readonly { readonly namespace: string; readonly key: string }[];
  /** empty unless valid */
  readonly hashed: readonly HashedWrite[];
  readonly event?: LedgerEvent;
}

export interface LedgerBlock {
  readonly number: bigint;
  /** SHA-256 of the header */
  readonly hash: Uint8Array;
  readonly previousHash: Uint8Array;
  readonly dataHash: Uint8Array;
  /** the latest of its transactions' times, milliseconds since 1970; absent if none has one */
  readonly time?: number;
  readonly transactions: readonly LedgerTransaction[];
}

/** What became of the transactions of one block. */
export interface BlockStatuses {
  readonly number: bigint;
  readonly transactions: readonly { readonly id: string; readonly code: number }[];
}

/** What is needed to read a ledger. */
export interface LedgerReader {
  /**
   * Asks one peer; nothing is ordered.
   *
   * @param transaction e.g. `item:read`
   * @throws Problem what the contract refused; LedgerFailure anything else
   */
  evaluate(transaction: string, args: readonly string[]): Promise<string>;
  /**
   * A read-only transaction endorsed by peers and never submitted: the portable receipt.
   *
   * @returns the serialised `common.Payload`: header, result, read set with versions, endorsements
   */
  signedRead(transaction: string, args: readonly string[]): Promise<Uint8Array>;
  /**
   * Blocks in order from number `from`, existing and to come, until `signal` or an error of the link. On a network each comes
   * when enough organisations say the same of its transactions.
   */
  blocks(from: bigint, signal: AbortSignal): AsyncIterable<LedgerBlock>;
  /** How many blocks the ledger has. */
  height(): Promise<bigint>;
}

/** Business data that may travel beside the arguments and is not recorded as one. */
export type TransientData = Readonly<Record<string, string | Uint8Array>>;

/** A transaction endorsed and signed, ready to be stored and then sent, as often as needed. */
export interface SignedTransaction {
  readonly transactionId: string;
  /** serialised `gateway.PreparedTransaction` with the submitter's signature */
  readonly bytes: Uint8Array;
  /** what the contract returned */
  readonly result: string;
}

/** A ledger as one identity sees it. */
export interface LedgerSession extends LedgerReader {
  /** Has a transaction endorsed, and signs it. Nothing is ordered yet. */
  endorse(transaction: string, args: readonly string[], transient?: TransientData): Promise<SignedTransaction>;
}

/** Something to be signed by whoever keeps the key. */
export interface UnsignedBytes {
  readonly transactionId: string;
  /** ECDSA P-256 over SHA-256 of these, low S */
  readonly bytes: Uint8Array;
}

/** A transaction as peers have endorsed it: the submitter's signature is all that it lacks. */
export interface EndorsedTransaction extends UnsignedBytes {
  /** what the contract returned */
  readonly result: string;
}

/** Transactions of identities whose keys are kept elsewhere: the same steps, with the signatures coming from outside. */
export interface OfflineSigning {
  /** Makes a proposal; nobody is asked yet. */
  propose(identity: Pick<LedgerIdentity, 'mspId' | 'certificate'>, transaction: string, args: readonly string[]): UnsignedBytes;
  /** Has a proposal endorsed. @throws Problem what the contract refused; LedgerFailure */
  endorse(proposal: UnsignedBytes, signature: Uint8Array): Promise<EndorsedTransaction>;
  /** Puts the signature under a transaction, to be stored and sent. */
  seal(transaction: EndorsedTransaction, signature: Uint8Array): SignedTransaction;
}

/** One connection to a ledger, for many identities. */
export interface LedgerConnection {
  /** Cheap; the same identity object gives the same session. */
  ledgerFor(identity: LedgerIdentity): LedgerSession;
  /** The session of the gateway's own identity. */
  readonly reader: LedgerReader;
  readonly offline: OfflineSigning;
  /** Hands a signed transaction to the orderers. Success is no outcome. */
  send(signed: SignedTransaction): Promise<void>;
  /** What became of transactions, block by block from `from`, until `signal` or an error of the link. */
  statuses(from: bigint, signal: AbortSignal): AsyncIterable<BlockStatuses>;
  /** What became of one transaction; `undefined` if that is not known within the deadline. For the rare case only. */
  commitStatus(transactionId: string): Promise<{ readonly code: number; readonly block: bigint } | undefined>;
  /** The peers that it can ask, and what is known of each. */
  peers(): readonly PeerReport[];
  close(): void;
}

/** Names a request so that repeating it does not repeat its effect. */
export interface Idempotency {
  /** who asks, e.g. the enterprise's account id: two principals never share keys */
  readonly principal: string;
  /** the caller's `Idempotency-Key`, 1 to 255 visible ASCII characters */
  readonly key: string;
  /** the request's body, or its digest */
  readonly body: string | Uint8Array;
}

export interface SubmitOptions {
  readonly identity: LedgerIdentity;
  readonly idempotency?: Idempotency;
  readonly transient?: TransientData;
}

export type SubmitAnswer =
  | { readonly status: 'committed'; readonly transactionId: string; readonly block: bigint; readonly result: string }
  | { readonly status: 'pending'; readonly transactionId: string };

/** What `GET /v1/transactions/{id}` answers with. `transactionId` differs from the one asked if a repeat replaced it. */
export type TransactionOutcome =
  | { readonly status: 'committed'; readonly transactionId: string; readonly block: bigint; readonly result: string }
  | { readonly status: 'rejected'; readonly transactionId: string; readonly code: string; readonly retry: Retry }
  | { readonly status: 'pending' | 'unknown'; readonly transactionId: string };

/** A ledger that can be written. */
export interface Ledger extends LedgerReader {
  /**
   * Has a transaction endorsed, stores it durably, sends it until its fate is known.
   *
   * @throws Problem what the contract refused, OUTBOX_FULL, IDEMPOTENCY_KEY_REUSED; LedgerFailure
   */
  submit(transaction: string, args: readonly string[], options: SubmitOptions): Promise<SubmitAnswer>;
  /**
   * The same for a transaction that was endorsed and signed outside. It is never endorsed anew: after a conflict its
   * submitter has to sign another one.
   */
  submitSigned(signed: SignedTransaction, idempotency?: Idempotency): Promise<SubmitAnswer>;
  outcome(transactionId: string): Promise<TransactionOutcome>;
  /**
   * What became of the transaction that carries a request; `undefined` if none was stored for it.
   *
   * @throws Problem IDEMPOTENCY_KEY_WRONG, IDEMPOTENCY_KEY_REUSED
   */
  outcomeUnder(idempotency: Idempotency): Promise<TransactionOutcome | undefined>;
}

export type Stage = 'evaluate' | 'endorse' | 'submit' | 'status';

/** The ledger did not do it, for a reason that is none of the contract's refusals. */
export class LedgerFailure extends Error {
  override readonly name = 'LedgerFailure';
  readonly stage: Stage;
  /** empty when none was given yet */
  readonly transactionId: string;
  readonly retry: Retry;
  /**
   * gRPC's name of the code, or at stage `status` Fabric's: `UNAVAILABLE`, `MVCC_READ_CONFLICT`; `TRANSACTION_DIFFERENT` where
   * a peer had something else signed than was proposed
   */
  readonly code: string;

  constructor(at: { stage: Stage; transactionId?: string; retry: Retry; code: string }, message: string, cause?: unknown) {
    super(`${at.stage} ${at.code}: ${message}`, { cause });
    this.stage = at.stage;
    this.transactionId = at.transactionId ?? '';
    this.retry = at.retry;
    this.code = at.code;
  }

  /** The same as a refusal to show: LEDGER_CONFLICT, LEDGER_ENDORSEMENT_LACKING, LEDGER_REJECTED or LEDGER_UNREACHABLE. */
  asProblem(): Problem {
    const fields = { stage: this.stage, code: this.code, ...(this.transactionId === '' ? {} : { transaction: this.transactionId }) };
    if (lacksEndorsement(this)) return new Problem('LEDGER_ENDORSEMENT_LACKING', fields);
    if (this.stage === 'status' && this.retry === 'new-id') return new Problem('LEDGER_CONFLICT', fields);
    return new Problem(this.retry === 'no' ? 'LEDGER_REJECTED' : 'LEDGER_UNREACHABLE', fields);
  }
}

/** At endorsement: no peers are to be had for the policy. At commit: those who endorsed do not suffice, or not any longer. */
function lacksEndorsement({ stage, code }: LedgerFailure): boolean {
  return stage === 'status' ? OUTDATED_ENDORSEMENT.has(code) : stage === 'endorse' && code === 'FAILED_PRECONDITION';
}

const OUTDATED_ENDORSEMENT: ReadonlySet<string> = new Set(['ENDORSEMENT_POLICY_FAILURE', 'EXPIRED_CHAINCODE', 'CHAINCODE_VERSION_CONFLICT']);
