/** What the issuer remembers of a DID whose keys it holds. The ledger decides what a key is worth; this says where it is. */
import type { Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Did } from '#domain/trust/did.js';
import type { PublicKeyJwk, SignatureAlgorithm } from '#domain/trust/public-key.js';

/** `proposed`: made here, not yet known to be on the ledger. */
export type KeyState = 'proposed' | 'active' | 'superseded' | 'compromised';

export interface HeldKey {
  /** The fragment of its DID URL, e.g. `key-2`. */
  readonly keyId: string;
  /** Its name in the key vault, e.g. `7QK2M9ZD4XWA`. */
  readonly vault: string;
  readonly algorithm: SignatureAlgorithm;
  readonly publicKeyJwk: PublicKeyJwk;
  readonly state: KeyState;
  /** When its period began by this clock, not before the ledger took it. */
  readonly from?: Instant;
  readonly to?: Instant;
  readonly compromisedSince?: Instant;
}

export interface HeldDid {
  readonly did: Did;
  /** Who issues with it. */
  readonly organisation: OrganisationId;
  readonly state: 'proposed' | 'registered';
  readonly createdAt: Instant;
  /** Oldest first. */
  readonly keys: readonly HeldKey[];
}

/** The key that signs now: the newest of those in force. */
export function activeKey({ keys }: HeldDid): HeldKey | undefined {
  return keys.findLast((key) => key.state === 'active');
}

/** The same DID with one of its keys changed. */
export function withKey(held: HeldDid, keyId: string, change: Partial<HeldKey>): HeldDid {
  return { ...held, keys: held.keys.map((key) => (key.keyId === keyId ? { ...key, ...change } : key)) };
}
