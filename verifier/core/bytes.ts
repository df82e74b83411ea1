/** Byte strings and their text forms, alike in browsers and on servers. */

// The two text converters of the web platform, as far as they are used here.
declare class TextDecoder {
  constructor(encoding: 'utf-8', options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}
declare class TextEncoder {
  encode(text: string): Uint8Array;
  encodeInto(text: string, out: Uint8Array): { readonly written: number };
}

/** Byte order marks are kept: two texts that differ in bytes must not become one. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();

/** The text of UTF-8 bytes, or `undefined` if they are not well-formed UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined; // TypeError is the decoder's only error
  }
}

/** The UTF-8 bytes of a text. */
export function utf8Of(text: string): Uint8Array {
  return utf8.encode(text);
}

/** Writes the UTF-8 bytes of a text, as far as there is room; gives their number. */
export function utf8Into(text: string, out: Uint8Array): number {
  return utf8.encodeInto(text, out).written;
}

/** Whether two byte strings are the same. Public data only: the time it takes tells where they differ. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && startsWith(a, b);
}

/** Whether `bytes` begin with `start`. */
export function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  for (let i = 0; i < start.length; i++) {
    if (bytes[i] !== start[i]) return false;
  }
  return true;
}

/** The parts one after the other, as a new byte string. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal digits, e.g. `0aff`. */
export function hexOf(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += HEX[byte];
  return out;
}

const HEX_UNITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** Whether `hex` is {@link hexOf} of the bytes, without making that text. */
export function isHexOf(hex: string, bytes: Uint8Array): boolean {
  if (hex.length !== 2 * bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (hex.charCodeAt(2 * i) !== HEX_UNITS[byte >> 4] || hex.charCodeAt(2 * i + 1) !== HEX_UNITS[byte & 15]) return false;
  }
  return true;
}

/** The bytes of hexadecimal digits that stand in this code, e.g. `0aff`. */
export function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16));
}
