/** ECDSA P-256 signatures in DER (RFC 3279 section 2.2.3) and as the 64 bytes r ‖ s that WebCrypto takes. */
import { bytesOfHex } from './bytes.js';
import { DER, DerReader } from './der-reader.js';
import { Refusal } from './refusal.js';

const NUMBER_BYTES = 32;

/** The order n of the group of P-256 (SP 800-186 section 3.2.1.3), and half of it, rounded down. */
const ORDER = bytesOfHex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const HALF_ORDER = bytesOfHex('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8');

/**
 * The 64 bytes r ‖ s of a DER signature, or `undefined` unless it is strict DER with 0 < r < n and 0 < s ≤ n/2.
 *
 * For every signature (r, s) there is a second one (r, n − s). Fabric accepts the one with the low s only, so that
 * nobody can respell an endorsement; we do the same.
 *
 * @param der e.g. the `signature` of an endorsement, 68 to 72 bytes
 */
export function rawLowSignature(der: Uint8Array): Uint8Array | undefined {
  const raw = rawSignature(der);
  return raw === undefined || isHigh(raw) ? undefined : raw;
}

/**
 * The same signature with the low s, in DER, or `undefined` if it is not a P-256 signature in strict DER.
 *
 * For signatures of certificates: X.509 knows no low-s rule, so half of all authorities' signatures have the high
 * one. Fabric's membership service rewrites them likewise before it compares.
 */
export function withLowS(der: Uint8Array): Uint8Array | undefined {
  const raw = rawSignature(der);
  if (raw === undefined || !isHigh(raw)) return raw && der;
  const r = derInteger(raw.subarray(0, NUMBER_BYTES));
  const s = derInteger(complement(raw.subarray(NUMBER_BYTES)));
  return Uint8Array.of(DER.sequence, r.length + s.length, ...r, ...s);
}

/**
 * Whether r ‖ s is the one spelling of a P-256 signature that is taken: 0 < r < n and 0 < s ≤ n/2.
 *
 * @param raw 64 bytes, as in a JWS (RFC 7518 section 3.4)
 */
export function isRawLowSignature(raw: Uint8Array): boolean {
  return isInRange(raw.subarray(0, NUMBER_BYTES)) && isInRange(raw.subarray(NUMBER_BYTES)) && !isHigh(raw);
}

function isInRange(number: Uint8Array): boolean {
  return isLess(number, ORDER) && number.some((digit) => digit !== 0);
}

function rawSignature(der: Uint8Array): Uint8Array | undefined {
  try {
    const outer = new DerReader(der);
    const inner = outer.inside(DER.sequence);
    outer.end();
    const raw = new Uint8Array(2 * NUMBER_BYTES);
    const inRange = placeNumber(raw, NUMBER_BYTES, inner) && placeNumber(raw, 2 * NUMBER_BYTES, inner);
    inner.end();
    return inRange ? raw : undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Writes the next number so that it ends at `end`; false unless it is between 1 and n − 1. */
function placeNumber(raw: Uint8Array, end: number, reader: DerReader): boolean {
  const digits = reader.unsignedInteger();
  if (digits.length > NUMBER_BYTES) return false;
  raw.set(digits, end - digits.length);
  return isInRange(raw.subarray(end - NUMBER_BYTES, end));
}

function isHigh(raw: Uint8Array): boolean {
  return isLess(HALF_ORDER, raw.subarray(NUMBER_BYTES));
}

/** Compares two numbers of 32 bytes. Signatures are public: the time this takes may tell anything. */
function isLess(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return (a[i] ?? 0) < (b[i] ?? 0);
  }
  return false;
}

/** n − s */
function complement(s: Uint8Array): Uint8Array {
  const out = new Uint8Array(NUMBER_BYTES);
  let borrow = 0;
  for (let i = NUMBER_BYTES - 1; i >= 0; i--) {
    const digit = (ORDER[i] ?? 0) - (s[i] ?? 0) - borrow;
    borrow = digit < 0 ? 1 : 0;
    out[i] = digit; // modulo 256
  }
  return out;
}

function derInteger(number: Uint8Array): readonly number[] {
  const digits = number.subarray(number.findIndex((digit) => digit !== 0));
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return [DER.integer, sign.length + digits.length, ...sign, ...digits];
}
