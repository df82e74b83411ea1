/**
 * ECDSA P-256 signatures as Fabric wants them: SHA-256, ASN.1 DER, and always the lower of the two possible `s`.
 * Fabric refuses the higher one, because otherwise anybody could turn one valid signature into a second one.
 */
import { sign, verify, type KeyObject } from 'node:crypto';

const HALF_ORDER = Buffer.from('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8', 'hex');
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const COORDINATE_BYTES = 32;
const DER_SEQUENCE = 0x30;
const DER_INTEGER = 0x02;

/**
 * Signs SHA-256 of `message` and keeps `s` low.
 *
 * @param key a P-256 private key
 * @param message the bytes to sign, not hashed yet
 * @returns ASN.1 DER `SEQUENCE { r, s }` (RFC 3279 section 2.2.3), 68 to 72 bytes
 */
export function signLowS(key: KeyObject, message: Uint8Array): Buffer {
  const raw = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });
  const s = raw.subarray(COORDINATE_BYTES);
  return encodeDer(raw.subarray(0, COORDINATE_BYTES), s.compare(HALF_ORDER) > 0 ? complement(s) : s);
}

/**
 * True if `signature` is a valid signature of `message` and its `s` is low. Works in the thread pool: a verification
 * takes three times as long as a signature, and a ledger verifies three times per transaction.
 *
 * @param key a P-256 public key
 * @param message the bytes that were signed, not hashed
 * @param signature ASN.1 DER; anything unreadable is simply not valid
 */
export async function verifyLowS(key: KeyObject, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (!isLowS(signature)) return false;
  return new Promise((resolve) => {
    verify('sha256', message, key, signature, (error, valid) => { resolve(error === null && valid); });
  });
}

/** True if `signature` is strict DER `SEQUENCE { r, s }` with `s` at most half the order of P-256. */
export function isLowS(signature: Uint8Array): boolean {
  const bytes = Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength);
  if (bytes[0] !== DER_SEQUENCE || bytes[1] !== bytes.length - 2) return false;
  const rEnd = integerEnd(bytes, 2);
  const s = rEnd === undefined || integerEnd(bytes, rEnd) !== bytes.length ? undefined : bytes.subarray(rEnd + 2);
  if (s === undefined) return false;
  const padded = Buffer.alloc(COORDINATE_BYTES + 1);
  s.copy(padded, padded.length - s.length);
  return padded[0] === 0 && padded.subarray(1).compare(HALF_ORDER) <= 0;
}

/** Index after the DER integer that starts at `at`, or `undefined` if none of at most 33 bytes stands there. */
function integerEnd(bytes: Buffer, at: number): number | undefined {
  const length = bytes[at + 1];
  if (bytes[at] !== DER_INTEGER || length === undefined || length === 0 || length > COORDINATE_BYTES + 1) return undefined;
  const end = at + 2 + length;
  return end <= bytes.length ? end : undefined;
}

function complement(s: Buffer): Buffer {
  const lower = ORDER - BigInt(`0x${s.toString('hex')}`);
  return Buffer.from(lower.toString(16).padStart(COORDINATE_BYTES * 2, '0'), 'hex');
}

function encodeDer(r: Buffer, s: Buffer): Buffer {
  const body = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.of(DER_SEQUENCE, body.length), body]);
}

function derInteger(unsigned: Buffer): Buffer {
  let start = 0;
  while (start < unsigned.length - 1 && unsigned[start] === 0) start += 1;
  const digits = unsigned.subarray(start);
  const signByte = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.concat([Buffer.of(DER_INTEGER, digits.length + signByte.length, ...signByte), digits]);
}
