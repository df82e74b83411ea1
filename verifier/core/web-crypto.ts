import type { PublicKeyJwk } from '#domain/trust/public-key.js';
import type { CryptoPort } from './crypto-port.js';
import { rawLowSignature } from './ecdsa-signature.js';
import { RecentKeys } from './recent-keys.js';
import { Refusal } from './refusal.js';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ECDSA_SHA256 = { name: 'ECDSA', hash: 'SHA-256' } as const;
const ED25519 = { name: 'Ed25519' } as const;

/** The part of the platform's SubtleCrypto (W3C Web Cryptography API section 14) that is used here. */
export interface SubtleSubset<Key> {
  digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer>;
  importKey(format: 'spki', key: Uint8Array, algorithm: typeof P256, extractable: false, usages: ['verify']): Promise<Key>;
  importKey(format: 'jwk', key: PublicKeyJwk, algorithm: typeof P256 | typeof ED25519, extractable: false, usages: ['verify']): Promise<Key>;
  verify(algorithm: typeof ECDSA_SHA256 | typeof ED25519, key: Key, signature: Uint8Array, data: Uint8Array): Promise<boolean>;
}

/**
 * The cryptography port over WebCrypto, with a memory of its own for the keys it has parsed.
 *
 * @param subtle `globalThis.crypto.subtle`; `undefined` where the page is not in a secure context (neither https nor
 * localhost), and then all methods reject with Refusal CRYPTO_UNAVAILABLE. Where a browser lacks Ed25519, `verifyJws`
 * rejects for such keys.
 */
export function webCrypto<Key>(subtle: SubtleSubset<Key> | undefined): CryptoPort {
  if (subtle === undefined) return UNAVAILABLE;
  const keys = new RecentKeys<Key>();
  const jwks = new WeakMap<PublicKeyJwk, Key & object>();
  return {
    sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', bytes)),
    verifyP256: async (spki, message, signature) => {
      const raw = rawLowSignature(signature);
      if (raw === undefined) return false;
      const key = keys.get(spki) ?? (await imported(() => subtle.importKey('spki', spki, P256, false, ['verify'])));
      if (key === undefined) return false;
      keys.set(spki, key);
      return subtle.verify(ECDSA_SHA256, key, raw, message);
    },
    verifyJws: async (jwk, message, signature) => {
      const isP256 = jwk.kty === 'EC';
      const key = jwks.get(jwk) ?? (await imported(() => subtle.importKey('jwk', jwk, isP256 ? P256 : ED25519, false, ['verify'])));
      if (key === undefined) return false;
      jwks.set(jwk, key as Key & object);
      return subtle.verify(isP256 ? ECDSA_SHA256 : ED25519, key, signature, message);
    },
  };
}

const refuse = (): Promise<never> => Promise.reject(new Refusal('CRYPTO_UNAVAILABLE'));
const UNAVAILABLE: CryptoPort = { sha256: refuse, verifyP256: refuse, verifyJws: refuse };

/** DataError says that this is no such key, for instance a point beside the curve; other errors say nothing. */
async function imported<Key>(importKey: () => Promise<Key>): Promise<Key | undefined> {
  try {
    return await importKey();
  } catch (error) {
    if (error instanceof Error && error.name === 'DataError') return undefined;
    throw error;
  }
}
