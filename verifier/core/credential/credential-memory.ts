import { instantOf, type Instant } from '#domain/instant.js';
import type { PublicKeyJwk } from '#domain/trust/public-key.js';
import { TwoGenerations } from '../two-generations.js';
import { LONGEST_TEXT } from './credential-text.js';
import type { CredentialQuestion } from './credential-verdict.js';
import type { OwnKeys } from './issuer-key.js';
import { KnownParts } from './known-payload.js';
import type { CredentialProof } from './proof.js';

/** Of the texts together, some 2,000 of 3 kB; what was read of each is kept with it, and takes a few times as much. */
const MOST_CHARACTERS = 6_000_000;
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
 * kept. A text is looked up by its signature and then compared whole, which costs less than hashing it. Only
 * what issuers on the register signed is let in, with nothing beside it that anybody could have put there: garbage, and what
 * people sign for themselves, cannot push it out.
 */
export class CredentialMemory {
  /** Keys decoded from DIDs, by `<did>#<keyId>`. */
  readonly ownKeys: OwnKeys = new TwoGenerations<PublicKeyJwk>(MOST_OWN_KEYS);
  readonly parts = new KnownParts();
  readonly #kept: TwoGenerations<Kept>;

  #knownAt = Number.NaN;
  #known = '' as Instant;

  /** @param mostCharacters how many characters the texts that are remembered have together; 0 for none */
  constructor(mostCharacters = MOST_CHARACTERS) {
    this.#kept = new TwoGenerations(mostCharacters, ({ text }) => text.length);
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
  keep({ text, trust }: Pick<CredentialQuestion, 'text' | 'trust'>, proof: CredentialProof): void {
    const { disclosures, reading } = proof;
    const isEvidenceRead = 'value' in reading.evidence || reading.text.evidence === undefined;
    const isWorthIt = disclosures.result !== 'fail' && isEvidenceRead && trust.did(reading.claims.issuer) !== undefined;
    if (isWorthIt) this.#kept.set(nameOf(text), { text, proof });
  }
}

/** With what begins behind it: the same credential is shown with and without its disclosures. */
function nameOf(text: string): string {
  const from = text.indexOf('.', text.indexOf('.') + 1) + 1;
  return text.slice(from, from + SIGNATURE_LENGTH + 1);
}
