/** Key pairs on Node's own cryptography: P-256 and Ed25519, public halves as JSON Web Keys of full length. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { PublicKeyJwk, SignatureAlgorithm } from '#domain/trust/public-key.js';

/** A private key that is ready to sign; its scalar is in OpenSSL's memory, never in a text. */
export interface SigningKey {
  readonly algorithm: SignatureAlgorithm;
  readonly publicKeyJwk: PublicKeyJwk;
  readonly privateKey: KeyObject;
}

const FORM = { format: 'der', type: 'pkcs8' } as const;

/**
 * Makes a key pair.
 *
 * @returns the key, and its private half as PKCS #8 for the caller to seal and to overwrite with zeros
 */
export function newSigningKey(algorithm: SignatureAlgorithm): { key: SigningKey; pkcs8: Buffer } {
  const { privateKey } = algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  return { key: signingKeyOf(privateKey), pkcs8: privateKey.export(FORM) };
}

/** Reads PKCS #8, as it was sealed. */
export function readSigningKey(pkcs8: Buffer): SigningKey {
  return signingKeyOf(createPrivateKey({ key: pkcs8, ...FORM }));
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const publicKeyJwk = jwkOf(createPublicKey(privateKey));
  return { algorithm: publicKeyJwk.kty === 'EC' ? 'ES256' : 'EdDSA', publicKeyJwk, privateKey };
}

/** Node's export keeps leading zeros (RFC 7518 section 6.2.1.2): 43 characters for each coordinate. */
function jwkOf(publicKey: KeyObject): PublicKeyJwk {
  const { kty, crv, x = '', y = '' } = publicKey.export({ format: 'jwk' });
  if (kty === 'EC' && crv === 'P-256') return { kty, crv, x, y };
  if (kty === 'OKP' && crv === 'Ed25519') return { kty, crv, x };
  throw new TypeError(`no signing key here has type ${String(kty)} ${String(crv)}`);
}

/** @returns 64 bytes: R ‖ S as JWS wants it (RFC 7518 section 3.4, RFC 8037 section 3.1); of ECDSA's two the one with the lower S */
export function signWith({ algorithm, privateKey }: Pick<SigningKey, 'algorithm' | 'privateKey'>, data: Uint8Array): Buffer {
  if (algorithm === 'EdDSA') return sign(undefined, data, privateKey);
  return lowS(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
}

const ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
const HALF_ORDER = Buffer.from('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8', 'hex');
const SCALAR = 32;

/** With S, also the order less S would verify: a verifier that takes one of them alone knows each credential by one text. */
function lowS(signature: Buffer): Buffer {
  const s = signature.subarray(SCALAR);
  if (s.compare(HALF_ORDER) <= 0) return signature;
  let borrow = 0;
  for (let at = SCALAR - 1; at >= 0; at--) {
    const difference = (ORDER[at] ?? 0) - (s[at] ?? 0) - borrow;
    borrow = difference < 0 ? 1 : 0;
    s[at] = difference & 0xff;
  }
  return signature;
}

/** The 33 bytes of the compressed point of SEC 1 section 2.3.3, or the 32 of RFC 8032. */
export function publicKeyBytes(jwk: PublicKeyJwk): Buffer {
  const x = Buffer.from(jwk.x, 'base64url');
  if (jwk.kty === 'OKP') return x;
  const isOdd = ((Buffer.from(jwk.y, 'base64url').at(-1) ?? 0) & 1) === 1;
  return Buffer.concat([Buffer.of(isOdd ? 3 : 2), x]);
}
