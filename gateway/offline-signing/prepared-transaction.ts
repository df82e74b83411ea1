/** One transaction that somebody else signs: what its owner wants, and what is to be signed for it. */
import { X509Certificate, type KeyObject } from 'node:crypto';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { TransactionName } from '#domain/transactions.js';
import type { EndorsedTransaction, Idempotency, UnsignedBytes } from '../ledger/ledger.js';

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

/** The public key that its signatures are checked with. */
export function signingKeyOf({ certificate }: Pick<WantedTransaction, 'certificate'>): KeyObject {
  return new X509Certificate(certificate).publicKey;
}

/** The request that an idempotency key stands for: what is asked, whichever transaction or certificate carries it. */
export function requestUnder(key: string, { organisation, transaction, text }: Pick<WantedTransaction, 'organisation' | 'transaction' | 'text'>): Idempotency {
  return { principal: organisation, key, body: `POST /v1/offline-transactions\n${transaction}\n${text}` };
}
