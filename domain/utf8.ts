/** UTF-8 without a platform: neither peers nor this folder have the web's text converters. */

/** The UTF-8 bytes of a text, e.g. `é` → c3 a9. Throws URIError for a lone surrogate. */
export function utf8Bytes(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new URIError('a lone surrogate has no UTF-8 form');
  const bytes = new Uint8Array(text.length * MOST_OF_UNIT);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) ?? 0;
    if (point > 0xffff) at++;
    length = writePoint(bytes, length, point);
  }
  return bytes.slice(0, length);
}

/** A UTF-16 unit alone takes three bytes at most, two together four. */
const MOST_OF_UNIT = 3;

/** Writes one character (RFC 3629 section 3); gives the place behind it. */
function writePoint(bytes: Uint8Array, from: number, point: number): number {
  let at = from;
  if (point < 0x80) {
    bytes[at++] = point;
    return at;
  }
  if (point < 0x800) bytes[at++] = 0xc0 | (point >> 6);
  else if (point < 0x1_0000) bytes[at++] = 0xe0 | (point >> 12);
  else bytes[at++] = 0xf0 | (point >> 18);
  if (point >= 0x1_0000) bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
  if (point >= 0x800) bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
  bytes[at++] = 0x80 | (point & 0x3f);
  return at;
}

/** The text of UTF-8 bytes; `undefined` if they are not well-formed: overlong forms, surrogates, a cut character. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  let escaped = '';
  for (const byte of bytes) escaped += ESCAPES[byte] ?? '';
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined; // URIError is the decoder's only error
  }
}

const ESCAPES = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).padStart(2, '0')}`);
