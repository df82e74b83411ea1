/** DIDs that are their own key: `did:key` (did:key Method 0.9) and `did:jwk` (did:jwk Method Specification). */
import { canonicalJson } from '#domain/canonical-json.js';
import { parseDid, type Did } from '#domain/trust/did.js';
import type { PublicKeyJwk } from '#domain/trust/public-key.js';
import { publicKeyBytes } from '../keys/signing-key.js';

/** Multicodec prefixes `p256-pub` (0x1200) and `ed25519-pub` (0xed) as unsigned varints. */
const MULTICODEC = { EC: Buffer.of(0x80, 0x24), OKP: Buffer.of(0xed, 0x01) } as const;
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** @returns e.g. `did:key:zDn…` for P-256, `did:key:z6Mk…` for Ed25519 */
export function didKeyOf(jwk: PublicKeyJwk): Did {
  return parseDid(`did:key:z${base58(Buffer.concat([MULTICODEC[jwk.kty], publicKeyBytes(jwk)]))}`);
}

/** @returns e.g. `did:jwk:eyJjcnYiOiJQLTI1NiIs…`, of the key's canonical JSON, so that each key has one */
export function didJwkOf(jwk: PublicKeyJwk): Did {
  return parseDid(`did:jwk:${Buffer.from(canonicalJson({ ...jwk })).toString('base64url')}`);
}

/** Both multicodecs begin with a byte that is not zero: there are no leading zeros to be written as `1`. */
function base58(bytes: Buffer): string {
  let text = '';
  for (let rest = BigInt(`0x${bytes.toString('hex')}`); rest > 0n; rest /= 58n) text = `${BASE58[Number(rest % 58n)] ?? ''}${text}`;
  return text;
}
