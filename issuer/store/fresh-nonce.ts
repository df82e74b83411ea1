/** Nonces for AES-GCM (NIST SP 800-38D section 8.2.2): random, each used once. Drawn many at a time, which is what drawing costs. */
import { randomFillSync } from 'node:crypto';

export const NONCE_BYTES = 12;
const MANY = 512;

let pool = Buffer.alloc(0);

/** @returns 12 random bytes that nobody had before; not to be written to */
export function freshNonce(): Buffer {
  if (pool.length === 0) pool = randomFillSync(Buffer.allocUnsafeSlow(NONCE_BYTES * MANY));
  const nonce = pool.subarray(0, NONCE_BYTES);
  pool = pool.subarray(NONCE_BYTES);
  return nonce;
}
