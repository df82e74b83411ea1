import type { CryptoPort } from './crypto-port.js';
import { rawLowSignature } from './ecdsa-signature.js';
import { RecentKeys } from './recent-keys.js';
import { Refusal } from './refusal.js';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ECDSA_SHA256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** The part of the platform's SubtleCrypto (W3C Web Cryptography API section 14) that is used here. */
export interface SubtleSubset<Key> {
  digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer>;
  importKey(format: 'spki', key: Uint8Array, algorithm: typeof P256, extractable: false, usages: ['verify']): Promise<Key>;
  verify(algorithm: typeof ECDSA_SHA256, key: Key, signature: Uint8Array, data: Uint8Array): Promise<boolean>;
}

/**
 * The cryptography port over WebCrypto, with a memory of its own for the keys it has parsed.
 *
 * @param subtle `globalThis.crypto.subtle`; `undefined` where the page is not in a secure context (neither https nor
 * localhost), and then both methods reject with Refusal CRYPTO_UNAVAILABLE
 */
export function webCrypto<Key>(subtle: SubtleSubset<Key> | undefined): CryptoPort {
  if (subtle === undefined) return unavailable;
  const keys = new RecentKeys<Key>();
  return {
    sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', bytes)),
    verifyP256: async (spki, message, signature) => {
      const raw = rawLowSignature(signature);
      if (raw === undefined) return false;
      const key = keys.get(spki) ?? (await importKey(subtle, spki, keys));
      return key !== undefined && subtle.verify(ECDSA_SHA256, key, raw, message);
    },
  };
}

const unavailable: CryptoPort = {
  sha256: () => Promise.reject(new Refusal('CRYPTO_UNAVAILABLE')),
  verifyP256: () => Promise.reject(new Refusal('CRYPTO_UNAVAILABLE')),
};

/** DataError says that the bytes are no such key, for instance a point beside the curve; other errors say nothing. */
async function importKey<Key>(subtle: SubtleSubset<Key>, spki: Uint8Array, keys: RecentKeys<Key>): Promise<Key | undefined> {
  try {
    const key = await subtle.importKey('spki', spki, P256, false, ['verify']);
    keys.set(spki, key);
    return key;
  } catch (error) {
    if (error instanceof Error && error.name === 'DataError') return undefined;
    throw error;
  }
}
