/**
 * Transactions signed by keys that the gateway never sees: it prepares the bytes, an organisation signs them, twice; what
 * then happens to them is the same as to every other transaction.
 */
import { authorise, parseCaller } from '#domain/access.js';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { Problem, require } from '#domain/errors.js';
import type { Role, TransactionName } from '#domain/transactions.js';
import { LedgerFailure, type SignedTransaction, type SubmitAnswer, type TransactionOutcome } from '../ledger/ledger.js';
import type { GatewayLedger } from '../ledger/open-ledger.js';
import type { OpenedLedger } from '../ledger/opened-ledger.js';
import { ROLES_OF_TYPE } from '../tenants/identities.js';
import type { Principal } from '../tenants/principal.js';
import { requireScopes } from '../tenants/transaction-scopes.js';
import { outsideSignature } from './outside-signature.js';
import { requestUnder, signingKeyOf, type PreparedTransaction, type WantedTransaction } from './prepared-transaction.js';
import type { PreparedTransactions } from './prepared-transactions.js';

export interface OfflineSigningOptions {
  readonly ledger: Pick<GatewayLedger, 'offline' | 'submitSigned' | 'outcome' | 'outcomeUnder'>;
  readonly clientOf: OpenedLedger['clientOf'];
  readonly prepared: PreparedTransactions;
}

/** What is asked for. */
export interface Wanted {
  /** PEM; its key will sign */
  readonly certificate: string;
  readonly transaction: TransactionName;
  readonly request: Readonly<Record<string, unknown>>;
}

/** What is to be signed, or what has become of the same request already. */
export type Proposed =
  | { readonly prepared: PreparedTransaction }
  | { readonly submitted: SubmitAnswer };

type Caller = Pick<Principal, 'organisation' | 'type' | 'scopes'>;

export class OfflineTransactions {
  readonly #options: OfflineSigningOptions;
  /** endorsements under way, by transaction: whoever asks twice at once has it endorsed once */
  readonly #endorsing = new Map<string, Promise<PreparedTransaction>>();

  constructor(options: OfflineSigningOptions) {
    this.#options = options;
  }

  /**
   * Prepares a proposal. With a key, the same request is prepared once: asked again, it gives the same proposal, or what
   * became of it once it was submitted. After a conflict, or in the name of another certificate, it is prepared anew.
   *
   * @param key the caller's own idempotency key
   * @returns with `proposal.bytes` to be signed
   * @throws Problem SCOPE_MISSING, CERTIFICATE_…, CALLER_UNREADABLE, CALLER_NOT_ALLOWED, OFFLINE_TRANSACTIONS_FULL, FIELD_WRONG_VALUE,
   *   IDEMPOTENCY_…, STORE_FAILED; LedgerFailure for what was submitted and can have no effect
   */
  async propose(principal: Caller, asked: Wanted, key?: string): Promise<Proposed> {
    const { mspId, ...permitted } = await this.#permitted(principal, asked);
    const wanted = { ...permitted, ...(key === undefined ? {} : { idempotencyKey: key }) };
    const earlier = await this.#submittedEarlier(wanted);
    if (earlier?.answer !== undefined) return { submitted: earlier.answer };
    const { prepared, ledger } = this.#options;
    const known = prepared.again(wanted);
    // What lost a conflict cannot be signed once more.
    if (known !== undefined && known.proposal.transactionId !== earlier?.rejected) return { prepared: known };
    const { certificate, transaction, text } = wanted;
    const proposal = ledger.offline.propose({ mspId, certificate }, transaction, [text]);
    return { prepared: await prepared.add(wanted, proposal) };
  }

  async #permitted(principal: Caller, { certificate, transaction, request }: Wanted): Promise<WantedTransaction & { readonly mspId: string }> {
    const { clientOf } = this.#options;
    const { mspId, attributes } = await clientOf(certificate);
    const caller = parseCaller(mspId, attributes['role'] ?? null, attributes['org'] ?? null);
    const roles: readonly Role[] = ROLES_OF_TYPE[principal.type];
    require(caller.organisation === principal.organisation && roles.includes(caller.role), 'CERTIFICATE_OF_ANOTHER', { organisation: caller.organisation, role: caller.role });
    authorise(transaction, caller);
    requireScopes(principal, transaction, request);
    return { organisation: principal.organisation, mspId, certificate, transaction, text: textOf(request) };
  }

  /** What was submitted under the key before; `rejected` is the transaction that a new one may take the place of. */
  async #submittedEarlier(wanted: WantedTransaction): Promise<{ readonly answer?: SubmitAnswer; readonly rejected?: string } | undefined> {
    const { idempotencyKey: key } = wanted;
    const outcome = key === undefined ? undefined : await this.#options.ledger.outcomeUnder(requestUnder(key, wanted));
    if (outcome === undefined) return undefined;
    // What lost a conflict has no effect, and is prepared anew.
    if (outcome.status === 'rejected' && outcome.retry === 'new-id') return { rejected: outcome.transactionId };
    const answer = answerOf(outcome);
    return answer && { answer };
  }

  /**
   * Has a proposal endorsed; asked again, it gives the same.
   *
   * @param signature base64, under `proposal.bytes`
   * @returns with `endorsed.bytes` to be signed
   * @throws Problem SCOPE_MISSING, OFFLINE_TRANSACTION_UNKNOWN, SIGNATURE_…, what the contract refuses, STORE_FAILED; LedgerFailure
   */
  async endorse(principal: Caller, id: string, signature: string): Promise<PreparedTransaction> {
    const prepared = this.#options.prepared.of(id, principal.organisation);
    requireScopesOf(principal, prepared);
    const der = outsideSignature(signature, prepared.proposal.bytes, signingKeyOf(prepared));
    if (prepared.endorsed !== undefined) return prepared;
    const endorsing = this.#endorsing.get(id) ?? this.#endorsedOnce(prepared, der).finally(() => this.#endorsing.delete(id));
    this.#endorsing.set(id, endorsing);
    return endorsing;
  }

  async #endorsedOnce(prepared: PreparedTransaction, signature: Uint8Array): Promise<PreparedTransaction> {
    const endorsed = await this.#options.ledger.offline.endorse(prepared.proposal, signature);
    return this.#options.prepared.endorsed(prepared, endorsed);
  }

  /**
   * Stores the transaction and sends it. Once it was submitted, what became of it.
   *
   * @param signature base64, under `endorsed.bytes`
   * @param key by which the same request is known, whatever transaction carries it; absent: the one that it was prepared with
   * @throws Problem SCOPE_MISSING, OFFLINE_TRANSACTION_…, SIGNATURE_…, IDEMPOTENCY_…, OUTBOX_FULL; LedgerFailure
   */
  async submit(principal: Caller, id: string, signature: string, key?: string): Promise<SubmitAnswer> {
    const { prepared: transactions } = this.#options;
    const remains = transactions.remainsOf(id, principal.organisation);
    if (remains !== undefined) {
      requireSameKey(remains, key);
      return this.#becameOf(id);
    }
    const prepared = transactions.of(id, principal.organisation);
    requireSameKey(prepared, key);
    requireScopesOf(principal, prepared);
    if (prepared.endorsed === undefined) throw new Problem('OFFLINE_TRANSACTION_NOT_ENDORSED', { transaction: id });
    const der = outsideSignature(signature, prepared.endorsed.bytes, signingKeyOf(prepared));
    return this.#send({ idempotencyKey: key, ...prepared }, this.#options.ledger.offline.seal(prepared.endorsed, der));
  }

  async #send(prepared: Sending, sealed: SignedTransaction): Promise<SubmitAnswer> {
    const { ledger, prepared: transactions } = this.#options;
    const { idempotencyKey } = prepared;
    try {
      const answer = await ledger.submitSigned(sealed, idempotencyKey === undefined ? undefined : requestUnder(idempotencyKey, prepared));
      transactions.submitted(prepared, idempotencyKey);
      return answer;
    } catch (error) {
      // What the ledger refused was stored and sent; every other refusal leaves it where it was.
      if (error instanceof LedgerFailure) transactions.submitted(prepared, idempotencyKey);
      throw error;
    }
  }

  /** What became of one whose bytes were given up: nobody signs them again, and its owner alone asks. */
  async #becameOf(id: string): Promise<SubmitAnswer> {
    const answer = answerOf(await this.#options.ledger.outcome(id));
    if (answer === undefined) throw new Problem('OFFLINE_TRANSACTION_UNKNOWN', { transaction: id });
    return answer;
  }
}

/** As it was prepared, with the key of the submission where it had none. */
type Sending = Omit<PreparedTransaction, 'idempotencyKey'> & { readonly idempotencyKey: string | undefined };

function requireSameKey({ idempotencyKey }: { readonly idempotencyKey?: string }, key: string | undefined): void {
  const same = key === undefined || idempotencyKey === undefined || idempotencyKey === key;
  if (!same) throw new Problem('IDEMPOTENCY_KEY_REUSED', { field: 'Idempotency-Key' });
}

/** `undefined` for what nobody knows of. @throws LedgerFailure for what was rejected */
function answerOf(outcome: TransactionOutcome): SubmitAnswer | undefined {
  const { status, transactionId } = outcome;
  if (status === 'committed') return outcome;
  if (status === 'rejected') throw new LedgerFailure({ stage: 'status', transactionId, retry: outcome.retry, code: outcome.code }, 'the transaction has no effect');
  return status === 'pending' ? { status, transactionId } : undefined;
}

/** Whoever hands in a signature may be using another key than whoever had the bytes prepared. */
function requireScopesOf(principal: Caller, { transaction, text }: WantedTransaction): void {
  requireScopes(principal, transaction, transaction === 'goods:capture' ? JSON.parse(text) as Readonly<Record<string, unknown>> : {});
}

/** A fraction, or a number too large, has no place in a transaction: quantities are texts. */
function textOf(request: Readonly<Record<string, unknown>>): string {
  try {
    return canonicalJson(request as Json);
  } catch (error) {
    if (error instanceof TypeError) throw new Problem('FIELD_WRONG_VALUE', { field: 'request', expected: 'whole numbers, well-formed text' });
    throw error;
  }
}
