/** Percent-encoding as RFC 3986 has it, on single bytes: every GS1 value is ASCII. */

const UNRESERVED_ONLY = /^[A-Za-z0-9._~-]*$/;
const NOT_UNRESERVED = /[^A-Za-z0-9._~-]/g;

/**
 * Encodes everything that RFC 3986 2.3 does not call unreserved, with upper-case hex (6.2.2.1), so that one value
 * has one spelling.
 *
 * @param value ASCII, e.g. `A/B+1`
 * @returns e.g. `A%2FB%2B1`
 */
export function encodeSegment(value: string): string {
  return UNRESERVED_ONLY.test(value) ? value : value.replace(NOT_UNRESERVED, percentOf);
}

function percentOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/**
 * Decodes once: `%2541` becomes `%41` and stays so.
 *
 * @param text e.g. `A%2fB`; a plus sign stays a plus sign
 * @returns e.g. `A/B`, bytes above 7F as the characters U+0080–U+00FF (no GS1 value holds one, so they are refused
 *   later); `undefined` when a percent sign is not followed by two hex digits
 */
export function decodeOnce(text: string): string | undefined {
  let at = text.indexOf('%');
  if (at < 0) return text;
  let out = '';
  let from = 0;
  for (; at >= 0; at = text.indexOf('%', from)) {
    const byte = hexPair(text, at + 1);
    if (byte < 0) return undefined;
    out += text.slice(from, at) + String.fromCharCode(byte);
    from = at + 3;
  }
  return out + text.slice(from);
}

function hexPair(text: string, at: number): number {
  const high = hexDigit(text.charCodeAt(at));
  const low = hexDigit(text.charCodeAt(at + 1));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** The value of a hex digit; -1 for anything else, also for NaN behind the end of the text. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
