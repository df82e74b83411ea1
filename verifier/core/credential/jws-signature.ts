/** The one form of a signature that is taken: for every other form there would be a second token with the same meaning. */
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';
import { bytesOfHex } from '../bytes.js';
import { isRawLowSignature } from '../ecdsa-signature.js';

/** The order L of the base point of Ed25519 (RFC 8032 section 5.1), least significant byte first. */
const ED25519_ORDER = bytesOfHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
const HALF = 32;

/**
 * Whether a signature has its one canonical form. ES256: r and s from 1 to n − 1, s in the lower half (its upper twin
 * holds for the same text). EdDSA: S below the order (RFC 8032 section 5.1.7); R is compared byte by byte by every
 * platform used here, so it has one form anyway.
 *
 * @param signature 64 bytes
 */
export function isCanonicalSignature(algorithm: SignatureAlgorithm, signature: Uint8Array): boolean {
  return algorithm === 'ES256' ? isRawLowSignature(signature) : isBelowEd25519Order(signature);
}

function isBelowEd25519Order(signature: Uint8Array): boolean {
  for (let i = HALF - 1; i >= 0; i--) {
    const [digit, most] = [signature[HALF + i] ?? 0, ED25519_ORDER[i] ?? 0];
    if (digit !== most) return digit < most;
  }
  return false;
}
