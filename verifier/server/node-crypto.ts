import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import type { CryptoPort } from '../core/crypto-port.js';
import { rawLowSignature } from '../core/ecdsa-signature.js';
import { RecentKeys } from '../core/recent-keys.js';

/**
 * The cryptography port over node:crypto, with a memory of its own for the keys it has parsed.
 *
 * It answers on the calling thread: nothing waits in a queue, and nothing else runs meanwhile.
 */
export function nodeCrypto(): CryptoPort {
  const keys = new RecentKeys<KeyObject>();
  return {
    sha256: (bytes) => Promise.resolve(hash('sha256', bytes, 'buffer')),
    verifyP256: (spki, message, signature) => Promise.resolve(holds(keys, spki, message, signature)),
  };
}

function holds(keys: RecentKeys<KeyObject>, spki: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const raw = rawLowSignature(signature);
  if (raw === undefined) return false;
  const key = keys.get(spki) ?? parseKey(keys, spki);
  return key !== undefined && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, raw);
}

function parseKey(keys: RecentKeys<KeyObject>, spki: Uint8Array): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
    keys.set(spki, key);
    return key;
  } catch {
    return undefined; // not a key, for instance a point beside the curve: no signature of it holds
  }
}
