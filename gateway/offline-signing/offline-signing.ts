/**
 * Transactions signed by keys that the gateway never sees: it prepares the bytes, an organisation signs them, twice; what
 * then happens to them is the same as to every other transaction.
 */
import { authorise, parseCaller } from '#domain/access.js';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { Problem, require } from '#domain/errors.js';
import type { Role, TransactionName } from '#domain/transactions.js';
import { LedgerFailure, type SubmitAnswer } from '../ledger/ledger.js';
import type { GatewayLedger } from '../ledger/open-ledger.js';
import type { OpenedLedger } from '../ledger/opened-ledger.js';
import { ROLES_OF_TYPE } from '../tenants/identities.js';
import type { Principal } from '../tenants/principal.js';
import { outsideSignature } from './outside-signature.js';
import { requestUnder, signingKeyOf, type PreparedTransaction, type PreparedTransactions, type WantedTransaction } from './prepared-transactions.js';

export interface OfflineSigningOptions {
  readonly ledger: Pick<GatewayLedger, 'offline' | 'submitSigned' | 'outcomeUnder'>;
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

type Caller = Pick<Principal, 'organisation' | 'type'>;

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
   * @throws Problem CERTIFICATE_…, CALLER_UNREADABLE, CALLER_NOT_ALLOWED, OFFLINE_TRANSACTIONS_FULL, FIELD_WRONG_VALUE,
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
    return { organisation: principal.organisation, mspId, certificate, transaction, text: textOf(request) };
  }

  /** What was submitted under the key before; `rejected` is the transaction that a new one may take the place of. */
  async #submittedEarlier(wanted: WantedTransaction): Promise<{ readonly answer?: SubmitAnswer; readonly rejected?: string } | undefined> {
    const { idempotencyKey: key } = wanted;
    const outcome = key === undefined ? undefined : await this.#options.ledger.outcomeUnder(requestUnder(key, wanted));
    if (outcome === undefined) return undefined;
    const { transactionId } = outcome;
    if (outcome.status === 'committed') return { answer: outcome };
    if (outcome.status !== 'rejected') return outcome.status === 'pending' ? { answer: { status: 'pending', transactionId } } : undefined;
    if (outcome.retry === 'new-id') return { rejected: transactionId };
    throw new LedgerFailure({ stage: 'status', transactionId, retry: outcome.retry, code: outcome.code }, 'the transaction has no effect');
  }

  /**
   * Has a proposal endorsed; asked again, it gives the same.
   *
   * @param signature base64, under `proposal.bytes`
   * @returns with `endorsed.bytes` to be signed
   * @throws Problem OFFLINE_TRANSACTION_UNKNOWN, SIGNATURE_…, what the contract refuses, STORE_FAILED; LedgerFailure
   */
  async endorse(principal: Caller, id: string, signature: string): Promise<PreparedTransaction> {
    const prepared = this.#options.prepared.of(id, principal.organisation);
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
   * Stores the transaction and sends it.
   *
   * @param signature base64, under `endorsed.bytes`
   * @param key by which the same request is known, whatever transaction carries it; absent: the one that it was prepared with
   * @throws Problem OFFLINE_TRANSACTION_…, SIGNATURE_…, IDEMPOTENCY_…, OUTBOX_FULL; LedgerFailure
   */
  async submit(principal: Caller, id: string, signature: string, key?: string): Promise<SubmitAnswer> {
    const prepared = this.#options.prepared.of(id, principal.organisation);
    const { endorsed, idempotencyKey = key } = prepared;
    if (key !== undefined && key !== idempotencyKey) throw new Problem('IDEMPOTENCY_KEY_REUSED', { field: 'Idempotency-Key' });
    if (endorsed === undefined) throw new Problem('OFFLINE_TRANSACTION_NOT_ENDORSED', { transaction: id });
    const der = outsideSignature(signature, endorsed.bytes, signingKeyOf(prepared));
    const { ledger } = this.#options;
    return ledger.submitSigned(ledger.offline.seal(endorsed, der), idempotencyKey === undefined ? undefined : requestUnder(idempotencyKey, prepared));
  }
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
