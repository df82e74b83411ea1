import { instantOf, type Instant } from '#domain/instant.js';
import type { PublicKeyJwk } from '#domain/trust/public-key.js';
import { TwoGenerations } from '../two-generations.js';
import { LONGEST_TEXT } from './credential-text.js';
import type { OwnKeys } from './issuer-key.js';
import { KnownParts } from './known-payload.js';
import type { CredentialProof } from './proof.js';

/** Some 10 kB each with the text they belong to: 20 MB. */
const MOST_PROOFS = 2_000;
/** Issuers that are their own key are few; finding the y of a point costs as much as several signatures. */
const MOST_OWN_KEYS = 256;
/** 64 bytes in base64url. */
const SIGNATURE_LENGTH = 86;

interface Kept {
  readonly text: string;
  readonly proof: CredentialProof;
}

/**
 * What is known of texts and keys and never changes: a popular credential is verified once. No status, time or right is
 * kept. A text is looked up by its signature and then compared whole, which costs less than hashing it; and only texts
 * whose signature holds are let in, so garbage cannot push them out.
 */
export class CredentialMemory {
  /** Keys decoded from DIDs, by `<did>#<keyId>`. */
  readonly ownKeys: OwnKeys = new TwoGenerations<PublicKeyJwk>(MOST_OWN_KEYS);
  readonly parts = new KnownParts();
  readonly #kept: TwoGenerations<Kept>;

  #knownAt = Number.NaN;
  #known = '' as Instant;

  /** @param mostProofs how many texts are remembered; 0 for none */
  constructor(mostProofs = MOST_PROOFS) {
    this.#kept = new TwoGenerations(mostProofs);
  }

  /** The same as an instant; asked about one copy of the register again and again. */
  instantOf(knownAt: number): Instant {
    if (knownAt !== this.#knownAt) {
      this.#known = instantOf(knownAt);
      this.#knownAt = knownAt;
    }
    return this.#known;
  }

  proofOf(text: string): CredentialProof | undefined {
    if (text.length > LONGEST_TEXT) return undefined;
    const kept = this.#kept.get(nameOf(text));
    return kept?.text === text ? kept.proof : undefined;
  }

  /** @param proof whose signature holds */
  keep(text: string, proof: CredentialProof): void {
    this.#kept.set(nameOf(text), { text, proof });
  }
}

/** With what begins behind it: the same credential is shown with and without its disclosures. */
function nameOf(text: string): string {
  const from = text.indexOf('.', text.indexOf('.') + 1) + 1;
  return text.slice(from, from + SIGNATURE_LENGTH + 1);
}
