import { Refusal } from './refusal.js';

/**
 * The cryptography that a verification needs, as a port: WebCrypto in browsers, node:crypto on servers.
 *
 * An answer is an answer: `false` means that the signature does not hold. When no answer can be had at all (no secure
 * context, an algorithm that the platform lacks), the methods reject, and the check becomes `unknown`.
 */
export interface CryptoPort {
  /** SHA-256 (FIPS 180-4), 32 bytes. */
  sha256(bytes: Uint8Array): Promise<Uint8Array>;

  /**
   * Whether an ECDSA P-256 signature over SHA-256 of `message` holds.
   *
   * @param spki the public key as SubjectPublicKeyInfo in DER, 91 bytes with an uncompressed point
   * @param message the signed bytes, not their hash
   * @param signature strict DER with the low s; any other spelling answers `false`, as on a Fabric peer
   */
  verifyP256(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** The same port, whose every failure to answer is Refusal CRYPTO_UNAVAILABLE, whatever the platform throws. */
export function refusing(crypto: CryptoPort): CryptoPort {
  return {
    sha256: (bytes) => answered(() => crypto.sha256(bytes)),
    verifyP256: (spki, message, signature) => answered(() => crypto.verifyP256(spki, message, signature)),
  };
}

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch {
    throw new Refusal('CRYPTO_UNAVAILABLE');
  }
}
