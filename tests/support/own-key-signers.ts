/** Issuers that are their own key: nobody has to ask a register for it, and nobody should believe them without one. */
import type { Did } from '#domain/trust/did.js';
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';
import { signerOf, type Signer } from './credential-maker.js';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function base58(bytes: Uint8Array): string {
  let text = '';
  for (let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`); number > 0n; number /= 58n) text = BASE58.charAt(Number(number % 58n)) + text;
  return text;
}

/** The same `did:key` each time. */
export function didKeyOf(algorithm: SignatureAlgorithm): Signer {
  const { privateKey, jwk } = signerOf('did:example:self', 'k', algorithm);
  const x = Buffer.from(jwk.x, 'base64url');
  const isOdd = jwk.kty === 'EC' && ((Buffer.from(jwk.y, 'base64url')[31] ?? 0) & 1) === 1;
  const id = `z${base58(jwk.kty === 'EC' ? Buffer.concat([Buffer.from([0x80, 0x24, isOdd ? 3 : 2]), x]) : Buffer.concat([Buffer.from([0xed, 1]), x]))}`;
  return { did: `did:key:${id}` as Did, keyId: id, algorithm, privateKey, jwk };
}

export function didJwkOf(algorithm: SignatureAlgorithm): Signer {
  const { privateKey, jwk } = signerOf('did:example:self', 'k', algorithm);
  return { did: `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}` as Did, keyId: '0', algorithm, privateKey, jwk };
}
