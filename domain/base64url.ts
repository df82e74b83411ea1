/** Base64url without padding (RFC 4648 section 5), in its one canonical spelling. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The six bits of each ASCII character; 64 for characters outside the alphabet. */
const BITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const at = ALPHABET.indexOf(String.fromCharCode(code));
  return at === -1 ? 64 : at;
});

/**
 * @param text e.g. `AQI`
 * @returns e.g. the bytes 01 02; `undefined` for padding, another character, a length that no bytes have, or spare bits
 *   that are not zero: each of these would be a second spelling of the same bytes
 */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor(text.length * 3 / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const six = BITS[text.charCodeAt(i)] ?? 64;
    if (six === 64) return undefined;
    held = (held << 6 | six) & 0xffff;
    bits += 6;
    if (bits >= 8) bytes[at++] = held >> (bits -= 8) & 0xff;
  }
  return (held & (1 << bits) - 1) === 0 ? bytes : undefined;
}

/** The bytes as text, e.g. 01 02 → `AQI`. */
export function encodeBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] ?? 0) << 16 | (bytes[i + 1] ?? 0) << 8 | (bytes[i + 2] ?? 0);
    const sextets = Math.min(bytes.length - i, 3) + 1;
    for (let n = 0; n < sextets; n++) text += ALPHABET[three >> (18 - 6 * n) & 63] ?? '';
  }
  return text;
}
