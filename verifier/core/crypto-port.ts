import type { PublicKeyJwk } from '#domain/trust/public-key.js';
import { utf8Of } from './bytes.js';
import { Refusal } from './refusal.js';

/** Something that node:crypto has at once and WebCrypto never has: `await` takes both. */
export type Answer<T> = T | Promise<T>;

/**
 * The cryptography that a verification needs, as a port: WebCrypto in browsers, node:crypto on servers.
 *
 * An answer is an answer: `false` means that the signature does not hold. When no answer can be had at all (no secure
 * context, an algorithm that the platform lacks), the methods reject, and the check becomes `unknown`.
 */
export interface CryptoPort {
  /** SHA-256 (FIPS 180-4), 32 bytes. */
  sha256(bytes: Uint8Array): Answer<Uint8Array>;

  /**
   * Whether an ECDSA P-256 signature over SHA-256 of `message` holds.
   *
   * @param spki the public key as SubjectPublicKeyInfo in DER, 91 bytes with an uncompressed point
   * @param message the signed bytes, not their hash
   * @param signature strict DER with the low s; any other spelling answers `false`, as on a Fabric peer
   */
  verifyP256(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): Answer<boolean>;

  /**
   * Whether a JWS signature holds: ES256 under a P-256 key (RFC 7518 section 3.4), EdDSA under an Ed25519 key (RFC 8037).
   * The key alone says which. Keys are remembered by identity: ask with the same object again.
   *
   * @param key as the shape `publicKeyJwk` reads it, so a point of its curve and not of small order
   * @param message the signed bytes, not their hash
   * @param signature 64 bytes of which `isCanonicalSignature` holds: platforms differ in what else they take
   */
  verifyJws(key: PublicKeyJwk, message: Uint8Array, signature: Uint8Array): Answer<boolean>;

  /** The bytes of an ASCII text, where the platform has something faster than the web's encoder. */
  asciiBytes?(text: string): Uint8Array;
}

const refusingPorts = new WeakMap<CryptoPort, CryptoPort>();

/** The bytes of an ASCII text, such as a token, for a port to hash or to check. */
export function asciiBytes(text: string, crypto: CryptoPort): Uint8Array {
  return crypto.asciiBytes?.(text) ?? utf8Of(text);
}

/** The same port, whose every failure to answer is Refusal CRYPTO_UNAVAILABLE, whatever the platform throws. */
export function refusing(crypto: CryptoPort): CryptoPort {
  let port = refusingPorts.get(crypto);
  if (port === undefined) {
    port = refusingPort(crypto);
    refusingPorts.set(crypto, port);
  }
  return port;
}

function refusingPort(crypto: CryptoPort): CryptoPort {
  return {
    asciiBytes: (text) => asciiBytes(text, crypto),
    sha256: (bytes) => answered(() => crypto.sha256(bytes)),
    verifyP256: (spki, message, signature) => answered(() => crypto.verifyP256(spki, message, signature)),
    verifyJws: (key, message, signature) => answered(() => crypto.verifyJws(key, message, signature)),
  };
}

function answered<T>(ask: () => Answer<T>): Answer<T> {
  try {
    const answer = ask();
    return answer instanceof Promise ? answer.catch(unavailable) : answer;
  } catch {
    return unavailable();
  }
}

function unavailable(): never {
  throw new Refusal('CRYPTO_UNAVAILABLE');
}
