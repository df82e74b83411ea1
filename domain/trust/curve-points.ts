/** Points that a public key must not be: off the curve (P-256), or of small order (Ed25519). */

const P256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/**
 * Whether (x, y) is a point of NIST P-256 (SP 800-186 section 3.2.1.3): y² = x³ − 3x + b.
 *
 * @param x 32 bytes, most significant first
 */
export function isOnP256(x: Uint8Array, y: Uint8Array): boolean {
  const [left, right] = [numberOf(y), numberOf(x)];
  if (left >= P256 || right >= P256) return false;
  return (left * left - (right * right * right - 3n * right + P256_B)) % P256 === 0n;
}

function numberOf(bytes: Uint8Array): bigint {
  let hex = '0x';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

const ED25519 = 2n ** 255n - 19n;

/** y of a point of order 8; the other one is its negative. */
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;

/** The y of every point of order 1, 2, 4 and 8, also as numbers that are not reduced. */
const SMALL = new Set([0n, 1n, ED25519 - 1n, ED25519, ED25519 + 1n, ORDER_8, ED25519 - ORDER_8]);

/**
 * Whether an Ed25519 key (RFC 8032 section 5.1.2) is one of the few under which one signature fits many texts. The
 * highest bit, the sign of x, makes no difference to that.
 *
 * @param key 32 bytes, least significant first
 */
export function isSmallOrderEd25519(key: Uint8Array): boolean {
  const y = numberOf(key.toReversed()) & 2n ** 255n - 1n;
  return SMALL.has(y);
}
