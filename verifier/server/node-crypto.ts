import type { PublicKeyJwk } from '#domain/trust/public-key.js';
import { createPublicKey, hash, type JsonWebKeyInput, type KeyObject, verify } from 'node:crypto';
import type { CryptoPort } from '../core/crypto-port.js';
import { rawLowSignature } from '../core/ecdsa-signature.js';
import { RecentKeys } from '../core/recent-keys.js';

/** A key in the form in which node:crypto takes signatures of JWS. */
interface JwsKey {
  readonly algorithm: 'sha256' | null;
  readonly key: { readonly key: KeyObject; readonly dsaEncoding: 'ieee-p1363' };
}

/**
 * The cryptography port over node:crypto, with a memory of its own for the keys it has parsed.
 *
 * It answers at once, on the calling thread: nothing waits in a queue, and nothing else runs meanwhile.
 */
export function nodeCrypto(): CryptoPort {
  const keys = new RecentKeys<KeyObject>();
  const jwks = new WeakMap<PublicKeyJwk, JwsKey>();
  return {
    asciiBytes: (text) => Buffer.from(text, 'latin1'),
    sha256: (bytes) => hash('sha256', bytes, 'buffer'),
    verifyP256: (spki, message, signature) => holds(keys, spki, message, signature),
    verifyJws: (jwk, message, signature) => {
      const known = jwks.get(jwk) ?? jwsKey(jwks, jwk);
      return known !== undefined && verify(known.algorithm, message, known.key, signature);
    },
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

function jwsKey(jwks: WeakMap<PublicKeyJwk, JwsKey>, jwk: PublicKeyJwk): JwsKey | undefined {
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' } satisfies JsonWebKeyInput);
    const known: JwsKey = { algorithm: jwk.kty === 'EC' ? 'sha256' : null, key: { key, dsaEncoding: 'ieee-p1363' } };
    jwks.set(jwk, known);
    return known;
  } catch {
    return undefined; // as above
  }
}
