const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const NOT_A_DIGIT = 64;
const DIGITS = new Uint8Array(128).fill(NOT_A_DIGIT);
for (let value = 0; value < 64; value++) DIGITS[ALPHABET.charCodeAt(value)] = value;

/**
 * Decodes base64 in its one canonical spelling (RFC 4648 section 4 with the strict reading of 3.3 and 3.5): padded,
 * no white space, no other alphabet, unused bits zero. `atob` differs between platforms in what it forgives.
 *
 * @param text e.g. `SGk=`
 * @returns the bytes, or `undefined` for any other spelling
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  const whole = padding === 0 ? text.length : text.length - 4;
  for (let i = 0, at = 0; i < whole; i += 4) {
    const bits = quantum(text, i, 4);
    if (bits < 0) return undefined;
    out[at++] = bits >> 16;
    out[at++] = bits >> 8;
    out[at++] = bits;
  }
  return padding === 0 || decodeLast(text, padding, out) ? out : undefined;
}

/** The last quantum has two or three digits; the bits beyond whole bytes must be zero. */
function decodeLast(text: string, padding: number, out: Uint8Array): boolean {
  const bits = quantum(text, text.length - 4, 4 - padding);
  if (bits < 0 || (bits & ((1 << (8 * padding)) - 1)) !== 0) return false;
  const at = out.length - (3 - padding);
  out[at] = bits >> 16;
  if (padding === 1) out[at + 1] = bits >> 8;
  return true;
}

/** The 24 bits of up to four digits, from the left; negative if one of them is no digit. */
function quantum(text: string, from: number, digits: number): number {
  let bits = 0;
  let seen = 0;
  for (let i = 0; i < digits; i++) {
    const digit = DIGITS[text.charCodeAt(from + i)] ?? NOT_A_DIGIT;
    seen |= digit;
    bits |= digit << (18 - 6 * i);
  }
  return seen >= NOT_A_DIGIT ? -1 : bits;
}
