/** Signatures that come from outside, from whatever made them: a file, a token, another vendor's module. */
import { Buffer } from 'node:buffer';
import { verify, type KeyObject } from 'node:crypto';
import { Problem, require } from '#domain/errors.js';
import { derSignature } from '../ledger/native-signer.js';

const HALF = 32;
const DER_SEQUENCE = 0x30;
const DER_INTEGER = 0x02;
/** SEQUENCE of two INTEGERs of at most 33 bytes. */
const LONGEST = 72;

/**
 * Reads a signature, checks it, and gives it the one spelling that Fabric takes: DER with the low s.
 *
 * @param text base64 of ECDSA P-256 over SHA-256, in DER (as OpenSSL writes it) or as r and s of 32 bytes each (IEEE
 *   P1363, as WebCrypto does)
 * @param message what was to be signed, not its hash
 * @param key of the certificate
 * @throws Problem SIGNATURE_MALFORMED, SIGNATURE_WRONG
 */
export function outsideSignature(text: string, message: Uint8Array, key: KeyObject): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  require(bytes.length > 0 && bytes.length <= LONGEST && bytes.toString('base64') === text, 'SIGNATURE_MALFORMED', { field: 'signature' });
  const pair = bytes.length === 2 * HALF ? bytes : pairOf(bytes);
  require(pair !== undefined, 'SIGNATURE_MALFORMED', { field: 'signature' });
  if (!verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, pair)) throw new Problem('SIGNATURE_WRONG', { field: 'signature' });
  return derSignature(pair);
}

/** r and s of 32 bytes each; `undefined` for anything but strict DER of two positive INTEGERs. */
function pairOf(der: Buffer): Buffer | undefined {
  if (der[0] !== DER_SEQUENCE || der[1] !== der.length - 2) return undefined;
  const r = integerAt(der, 2);
  const s = r && integerAt(der, r.end);
  return r === undefined || s === undefined || s.end !== der.length ? undefined : Buffer.concat([r.padded, s.padded]);
}

function integerAt(der: Buffer, at: number): { padded: Buffer; end: number } | undefined {
  const length = der[at + 1] ?? 0;
  const content = der.subarray(at + 2, at + 2 + length);
  const sign = content[0] === 0 ? 1 : 0;
  const whole = der[at] === DER_INTEGER && length > 0 && content.length === length && (content[0] ?? 0x80) < 0x80 && length - sign <= HALF;
  if (!whole) return undefined;
  const padded = Buffer.alloc(HALF);
  content.subarray(sign).copy(padded, HALF - (length - sign));
  return { padded, end: at + 2 + length };
}
