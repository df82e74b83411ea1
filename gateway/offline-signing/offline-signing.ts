/**
 * Transactions signed by keys that the gateway never sees: it prepares the bytes, an organisation signs them, twice; what
 * then happens to them is the same as to every other transaction.
 */
import { X509Certificate } from 'node:crypto';
import { authorise, parseCaller } from '#domain/access.js';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { Problem, require } from '#domain/errors.js';
import type { Role, TransactionName } from '#domain/transactions.js';
import type { Clock } from '../ledger/clock.js';
import type { Idempotency, SubmitAnswer } from '../ledger/ledger.js';
import type { GatewayLedger } from '../ledger/open-ledger.js';
import type { OpenedLedger } from '../ledger/opened-ledger.js';
import { ROLES_OF_TYPE } from '../tenants/identities.js';
import type { Principal } from '../tenants/principal.js';
import { outsideSignature } from './outside-signature.js';
import { PreparedTransactions, type PreparedTransaction } from './prepared-transactions.js';

export interface OfflineSigningOptions {
  readonly ledger: Pick<GatewayLedger, 'offline' | 'submitSigned'>;
  readonly clientOf: OpenedLedger['clientOf'];
  readonly clock: Pick<Clock, 'now'>;
}

/** What is asked for. */
export interface Wanted {
  /** PEM; its key will sign */
  readonly certificate: string;
  readonly transaction: TransactionName;
  readonly request: Readonly<Record<string, unknown>>;
}

type Caller = Pick<Principal, 'organisation' | 'type'>;

export class OfflineTransactions {
  readonly #options: OfflineSigningOptions;
  readonly #prepared: PreparedTransactions;

  constructor(options: OfflineSigningOptions) {
    this.#options = options;
    this.#prepared = new PreparedTransactions(options.clock);
  }

  /**
   * Prepares a proposal.
   *
   * @returns with `proposal.bytes` to be signed
   * @throws Problem CERTIFICATE_…, CALLER_UNREADABLE, CALLER_NOT_ALLOWED, OFFLINE_TRANSACTIONS_FULL, FIELD_WRONG_VALUE
   */
  async propose(principal: Caller, { certificate, transaction, request }: Wanted): Promise<PreparedTransaction> {
    const { ledger, clientOf } = this.#options;
    const { mspId, attributes } = await clientOf(certificate);
    const caller = parseCaller(mspId, attributes['role'] ?? null, attributes['org'] ?? null);
    const roles: readonly Role[] = ROLES_OF_TYPE[principal.type];
    require(caller.organisation === principal.organisation && roles.includes(caller.role), 'CERTIFICATE_OF_ANOTHER', { organisation: caller.organisation, role: caller.role });
    authorise(transaction, caller);
    const text = textOf(request);
    const proposal = ledger.offline.propose({ mspId, certificate }, transaction, [text]);
    const key = new X509Certificate(certificate).publicKey;
    return this.#prepared.add({ organisation: principal.organisation, key, transaction, text, proposal });
  }

  /**
   * Has a proposal endorsed; asked again, it gives the same.
   *
   * @param signature base64, under `proposal.bytes`
   * @returns with `endorsed.bytes` to be signed
   * @throws Problem OFFLINE_TRANSACTION_UNKNOWN, SIGNATURE_…, what the contract refuses; LedgerFailure
   */
  async endorse(principal: Caller, id: string, signature: string): Promise<PreparedTransaction> {
    const prepared = this.#prepared.of(id, principal.organisation);
    const der = outsideSignature(signature, prepared.proposal.bytes, prepared.key);
    if (prepared.endorsed !== undefined) return prepared;
    const endorsed = await this.#options.ledger.offline.endorse(prepared.proposal, der);
    return this.#prepared.endorsed(prepared, endorsed);
  }

  /**
   * Stores the transaction and sends it.
   *
   * @param signature base64, under `endorsed.bytes`
   * @param key by which the same request is known, whatever transaction carries it
   * @throws Problem OFFLINE_TRANSACTION_…, SIGNATURE_…, IDEMPOTENCY_…, OUTBOX_FULL; LedgerFailure
   */
  async submit(principal: Caller, id: string, signature: string, key: (text: string) => Idempotency | undefined): Promise<SubmitAnswer> {
    const prepared = this.#prepared.of(id, principal.organisation);
    const { endorsed, transaction, text } = prepared;
    if (endorsed === undefined) throw new Problem('OFFLINE_TRANSACTION_NOT_ENDORSED', { transaction: id });
    const der = outsideSignature(signature, endorsed.bytes, prepared.key);
    const { ledger } = this.#options;
    return ledger.submitSigned(ledger.offline.seal(endorsed, der), key(`${transaction}\n${text}`));
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
