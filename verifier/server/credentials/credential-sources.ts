/** What the public site asks for credentials: all reading but for one form. In one process ports are handed in, between two it is HTTP. */
import type { RevealRequest } from '#domain/credential/reveal.js';
import type { PublicCommitment, TrustSnapshot } from '#domain/trust/snapshot.js';

/** The trust registry. Rejects when nobody answers in time. */
export interface TrustSource {
  /** The same object as long as nothing in it has changed. */
  trustSnapshot(): Promise<TrustSnapshot>;
}

/** Commitments on the ledger. Rejects when nobody answers in time; what is unknown is an answer. */
export interface CommitmentSource {
  /** @param root 64 hexadecimal digits */
  commitment(root: string): Promise<PublicCommitment | undefined>;
}

/** Texts that issuers publish: status lists and DID documents. */
export interface PublishedSource {
  /** Rejects with Problem FETCH_ADDRESS_REFUSED, FETCH_FAILED. */
  text(url: string): Promise<string>;
}

/** What an issuer serves about one credential that it printed. */
export interface PublicCredential {
  readonly id: string;
  /** `jwt#evidence`, without disclosures. */
  readonly text: string;
  /** The box with the disclosures, in base64url; the key is on the paper. */
  readonly sealed?: string;
  /** Public id of the newer one that replaces it. */
  readonly supersededBy?: string;
  readonly issuedAt: string;
}

/** Public records of credentials. Rejects with Problem ISSUER_UNREACHABLE when nobody answers in time. */
export interface PublicCredentials {
  /**
   * @param id 22 characters of base64url
   * @throws Problem PERSONAL_DATA_ERASED, ISSUER_UNREACHABLE
   */
  record(id: string): Promise<PublicCredential | undefined>;
  /**
   * Shows the disclosures to somebody who has typed what stands on the paper.
   *
   * @param source address of whoever asks, for the issuer's own counting
   * @throws Problem REVEAL_REFUSED, RATE_LIMITED, ISSUER_UNREACHABLE
   */
  reveal(id: string, request: RevealRequest, source: string): Promise<readonly string[]>;
}
