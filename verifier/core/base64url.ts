import { decodeBase64Url } from '#domain/base64url.js';
import { utf8Into } from './bytes.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NOT_A_DIGIT = 64;
const DIGITS = new Uint8Array(256).fill(NOT_A_DIGIT);
for (let value = 0; value < 64; value++) DIGITS[ALPHABET.charCodeAt(value)] = value;

/** Longer texts are decoded into memory of their own. */
const LONGEST = 65_536;
/** Used again for every text. */
const units = new Uint8Array(LONGEST);
/** The same, two characters at a time: half as many look-ups. */
const unitPairs = new Uint16Array(units.buffer);
const decoded = new Uint8Array((LONGEST / 4) * 3);

const NOT_A_PAIR = 0x1000;
/** Twelve bits for each pair of digits, under the pair as this processor reads it. */
const PAIRS = new Uint16Array(65_536).fill(NOT_A_PAIR);
for (let value = 0; value < NOT_A_PAIR; value++) {
  units[0] = ALPHABET.charCodeAt(value >> 6);
  units[1] = ALPHABET.charCodeAt(value & 63);
  PAIRS[unitPairs[0] ?? 0] = value;
}

/**
 * Decodes base64url in its one canonical spelling (RFC 4648 section 5), as `decodeBase64Url` of the rules does, but four
 * times faster and into memory that is there already: **the bytes are gone with the next call**, so whoever asks makes
 * something else of them at once.
 *
 * @param text without padding, e.g. `AQI`
 * @returns e.g. the bytes 01 02; `undefined` for any other spelling
 */
export function decodeBase64UrlBriefly(text: string): Uint8Array | undefined {
  if (text.length > LONGEST) return decodeBase64Url(text);
  const rest = text.length % 4;
  const whole = text.length - rest;
  if (utf8Into(text, units) !== text.length || !decodeWhole(whole)) return undefined;
  const length = (whole / 4) * 3;
  if (rest === 0) return decoded.subarray(0, length);
  return decodeRest(rest, whole, length) ? decoded.subarray(0, length + rest - 1) : undefined;
}

function decodeWhole(count: number): boolean {
  let seen = 0;
  for (let pair = 0, at = 0; pair < count / 2; pair += 2, at += 3) {
    const first = PAIRS[unitPairs[pair] ?? 0] ?? NOT_A_PAIR;
    const second = PAIRS[unitPairs[pair + 1] ?? 0] ?? NOT_A_PAIR;
    seen |= first | second;
    decoded[at] = first >> 4;
    decoded[at + 1] = first << 4 | second >> 8;
    decoded[at + 2] = second;
  }
  return seen < NOT_A_PAIR;
}

function digit(at: number): number {
  return DIGITS[units[at] ?? 0] ?? NOT_A_DIGIT;
}

/** One character is none; of two or three, the bits beyond whole bytes must be zero. */
function decodeRest(rest: number, from: number, to: number): boolean {
  const bits = digit(from) << 12 | digit(from + 1) << 6 | (rest === 3 ? digit(from + 2) : 0);
  const isDigits = (digit(from) | digit(from + 1) | (rest === 3 ? digit(from + 2) : 0)) < NOT_A_DIGIT;
  decoded[to] = bits >> 10;
  decoded[to + 1] = bits >> 2;
  return rest !== 1 && isDigits && (bits & (rest === 2 ? 0x3ff : 0b11)) === 0;
}
