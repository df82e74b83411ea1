/**
 * EPCs in binary, as tags hold them and as Digital Link URIs may be compressed to: a path segment of `eh` and
 * hexadecimal or `ex` and base64url (GS1 Digital Link URI: Compression 1.0; schemes of EPC Tag Data Standard 14).
 */
import { Problem } from '../errors.js';
import { BitReader } from './bits.js';
import { checkDataField, knownAi } from './data-field.js';
import { glnOf, GLN_DIGITS, keyWithLeadingDigit, SGTIN_DIGITS, SSCC_DIGITS } from './epc-keys.js';
import type { AiValue, Identification } from './identification.js';

interface Scheme {
  readonly bits: number;
  readonly read: (bits: BitReader) => Identification | undefined;
}

const SEGMENT = /^e(?:h[0-9a-f]{24,64}|x[A-Za-z0-9_-]{16,44})$/;
/** What a word of a tag's memory is filled up with at most. */
const MOST_PADDING = 15;
/** Bits of the company prefix for partition values 0–6, whose digits are 12–6. */
const PREFIX_BITS = [40, 37, 34, 30, 27, 24, 20];
const FILTER_BITS = 3;
const PARTITION_BITS = 3;
/** Twenty characters of seven bits. */
const TEXT_BITS = 140;

/** By the header, the first eight bits. */
const SCHEMES: ReadonlyMap<number, Scheme> = new Map([
  [0x30, { bits: 96, read: (bits) => sgtin(bits, () => String(bits.number(38))) }],
  [0x36, { bits: 198, read: (bits) => sgtin(bits, () => bits.text(TEXT_BITS)) }],
  [0x31, { bits: 96, read: sscc }],
  [0x32, { bits: 96, read: (bits) => sgln(bits, () => String(bits.number(41))) }],
  [0x39, { bits: 195, read: (bits) => sgln(bits, () => bits.text(TEXT_BITS)) }],
]);

/** True for a path segment that looks like an EPC in binary, whether or not it can be read. */
export function isEpcBinary(segment: string): boolean {
  return SEGMENT.test(segment);
}

/**
 * @param segment e.g. `eh30164596f40c0e5cbe991a83` or `exMBZFlvQMDly-mRqD`
 * @returns e.g. GTIN 09528765123457 with serial 123456789123, every value checked as if it had been typed
 * @throws Problem EPC_BINARY_MALFORMED, EPC_BINARY_SCHEME_UNKNOWN (field `header`), AI_VALUE_… for a serial that is none
 */
export function decodeEpcBinary(segment: string): Identification {
  if (!SEGMENT.test(segment)) throw malformed(segment);
  const row = segment.startsWith('eh') ? bitsOf(segment, HEX, 4) : bitsOf(segment, BASE64URL, 6);
  const bits = new BitReader(row);
  const header = bits.number(8);
  const scheme = SCHEMES.get(header);
  if (scheme === undefined) throw new Problem('EPC_BINARY_SCHEME_UNKNOWN', { header: header.toString(16) });
  const filled = row.length >= scheme.bits && row.length - scheme.bits <= MOST_PADDING;
  const found = filled && !row.includes('1', scheme.bits) ? scheme.read(bits) : undefined;
  if (found === undefined) throw malformed(segment);
  for (const { ai, value } of [found.primaryKey, ...found.qualifiers]) checkDataField(knownAi(ai), value);
  return found;
}

function malformed(segment: string): Problem {
  return new Problem('EPC_BINARY_MALFORMED', { segment: segment.slice(0, 80) });
}

const HEX = '0123456789abcdef';
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function bitsOf(segment: string, alphabet: string, width: number): string {
  return Array.from(segment.slice(2), (each) => alphabet.indexOf(each).toString(2).padStart(width, '0')).join('');
}

function sgtin(bits: BitReader, serial: () => string): Identification | undefined {
  const parts = prefixAndReference(bits, SGTIN_DIGITS, 44);
  if (parts === undefined) return undefined;
  return named('01', keyWithLeadingDigit(...parts), [{ ai: '21', value: serial() }]);
}

function sscc(bits: BitReader): Identification | undefined {
  const parts = prefixAndReference(bits, SSCC_DIGITS, 58);
  const reserved = bits.number(24);
  return parts === undefined || reserved !== 0 ? undefined : named('00', keyWithLeadingDigit(...parts), []);
}

function sgln(bits: BitReader, extension: () => string): Identification | undefined {
  const parts = prefixAndReference(bits, GLN_DIGITS, 41);
  if (parts === undefined) return undefined;
  const value = extension();
  return named('414', glnOf(...parts), value === '0' ? [] : [{ ai: '254', value }]); // 0 says: no extension
}

function named(ai: string, value: string, qualifiers: readonly AiValue[]): Identification {
  return { primaryKey: { ai, value }, qualifiers };
}

/** Filter, partition, prefix and reference; `undefined` when a number has more digits than its partition allows. */
function prefixAndReference(bits: BitReader, digits: number, width: number): [string, string] | undefined {
  bits.take(FILTER_BITS);
  const partition = bits.number(PARTITION_BITS);
  const prefixBits = PREFIX_BITS[partition];
  if (prefixBits === undefined) return undefined;
  const prefixDigits = 12 - partition;
  const prefix = String(bits.number(prefixBits)).padStart(prefixDigits, '0');
  const reference = bits.number(width - prefixBits);
  const referenceDigits = digits - prefixDigits;
  const text = referenceDigits === 0 && reference === 0 ? '' : String(reference).padStart(referenceDigits, '0');
  return prefix.length === prefixDigits && text.length === referenceDigits ? [prefix, text] : undefined;
}
