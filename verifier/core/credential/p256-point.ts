/** Points of P-256 in compressed form (SEC 1 section 2.3.4), as a `did:key` carries them. */
import { encodeBase64Url } from '#domain/base64url.js';
import { Problem, require } from '#domain/errors.js';
import type { P256Jwk } from '#domain/trust/public-key.js';
import { bytesOfHex, hexOf } from '../bytes.js';

/** The field's prime p and the curve's b (SP 800-186 section 3.2.1.3). */
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
/** p is 3 modulo 4, so this power of a square is its root. */
const ROOT = (P + 1n) / 4n;
const EVEN = 2;

/**
 * The key of a compressed point.
 *
 * @param point 33 bytes: 02 (y even) or 03 (y odd), then x
 * @returns a JSON Web Key with both coordinates, 32 bytes each
 * @throws Problem PUBLIC_KEY_NOT_ON_CURVE where no point of the curve has this x, and for any other form
 */
export function p256KeyOf(point: Uint8Array): P256Jwk {
  const [form, xBytes] = [point[0], point.subarray(1)];
  const isCompressed = point.length === 33 && (form === EVEN || form === EVEN + 1);
  require(isCompressed, 'PUBLIC_KEY_NOT_ON_CURVE', { field: '' });
  const x = BigInt(`0x${hexOf(xBytes)}`);
  const y = x < P ? rootOf((x * x * x - 3n * x + B) % P) : undefined;
  if (y === undefined) throw new Problem('PUBLIC_KEY_NOT_ON_CURVE', { field: '' });
  const isEven = y % 2n === 0n;
  return { kty: 'EC', crv: 'P-256', x: encodeBase64Url(xBytes), y: encodeBase64Url(bytes32(isEven === (form === EVEN) ? y : P - y)) };
}

/** A square root modulo p; `undefined` where there is none. The curve has an odd order, so the root is never 0. */
function rootOf(square: bigint): bigint | undefined {
  const positive = square < 0n ? square + P : square;
  const root = power(positive, ROOT);
  return (root * root) % P === positive ? root : undefined;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = base;
  for (let bits = exponent; bits > 0n; bits >>= 1n) {
    if (bits & 1n) result = (result * factor) % P;
    factor = (factor * factor) % P;
  }
  return result;
}

function bytes32(number: bigint): Uint8Array {
  return bytesOfHex(number.toString(16).padStart(64, '0'));
}
