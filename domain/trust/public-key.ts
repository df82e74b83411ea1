/** Public keys as JSON Web Keys (RFC 7517, RFC 7518 section 6.2, RFC 8037): P-256 and Ed25519, nothing else. */
import { decodeBase64Url } from '../base64url.js';
import { Problem, require } from '../errors.js';
import { matching, object, oneOf, type Shape } from '../shape.js';
import { isOnP256, isSmallOrderEd25519 } from './curve-points.js';

export interface P256Jwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

export interface Ed25519Jwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

/** Coordinates are 32 bytes each, 43 characters of base64url: leading zeros stay. */
export type PublicKeyJwk = P256Jwk | Ed25519Jwk;

/** JWS algorithm (RFC 7518, RFC 8037). It follows from the key alone, never from a token's header. */
export type SignatureAlgorithm = 'ES256' | 'EdDSA';

export const signatureAlgorithm = oneOf('ES256', 'EdDSA');

const coordinate = matching(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, 'base64url of 32 bytes, 43 characters');
const p256 = object({ kty: oneOf('EC'), crv: oneOf('P-256'), x: coordinate, y: coordinate });
const ed25519 = object({ kty: oneOf('OKP'), crv: oneOf('Ed25519'), x: coordinate });

/**
 * @param value e.g. `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`; exactly these
 *   members, so that a private key (`d`) is refused
 * @throws Problem FIELD_…; PUBLIC_KEY_NOT_ON_CURVE for a P-256 point that is none, PUBLIC_KEY_SMALL_ORDER for the Ed25519
 *   keys under which one signature fits many texts
 */
export const publicKeyJwk: Shape<PublicKeyJwk> = (value) => {
  const jwk = isOctetKeyPair(value) ? ed25519(value) : p256(value);
  if (jwk.kty === 'EC') require(isOnP256(bytesOf(jwk.x), bytesOf(jwk.y)), 'PUBLIC_KEY_NOT_ON_CURVE', { field: '' });
  else require(!isSmallOrderEd25519(bytesOf(jwk.x)), 'PUBLIC_KEY_SMALL_ORDER', { field: 'x' });
  return jwk;
};

/** The one algorithm that a key signs with. */
export function algorithmOf(jwk: PublicKeyJwk): SignatureAlgorithm {
  return jwk.kty === 'EC' ? 'ES256' : 'EdDSA';
}

function isOctetKeyPair(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kty' in value && value.kty === 'OKP';
}

function bytesOf(text: string): Uint8Array {
  const bytes = decodeBase64Url(text);
  if (bytes === undefined) throw new Problem('FIELD_WRONG_VALUE', { expected: 'base64url of 32 bytes, 43 characters' });
  return bytes;
}
