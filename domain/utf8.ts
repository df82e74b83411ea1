/** UTF-8 without a platform: neither peers nor this folder have the web's text converters. */

/** The UTF-8 bytes of a text, e.g. `é` → c3 a9. Throws URIError for a lone surrogate. */
export function utf8Bytes(text: string): Uint8Array {
  const escaped = encodeURIComponent(text);
  const bytes = new Uint8Array(escaped.length);
  let length = 0;
  for (let i = 0; i < escaped.length; i++) {
    const isEscape = escaped.charCodeAt(i) === PERCENT;
    bytes[length++] = isEscape ? parseInt(escaped.slice(i + 1, i + 3), 16) : escaped.charCodeAt(i);
    if (isEscape) i += 2;
  }
  return bytes.slice(0, length);
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

const PERCENT = 0x25;
const ESCAPES = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).padStart(2, '0')}`);
