/** One text for one value: what the ledger stores, hashes and compares. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Canonical JSON: keys sorted by UTF-16 code units, no white space, `undefined` members left out, numbers whole and
 * safe (quantities are texts, so a fraction here is a bug). The same result as RFC 8785 for the values it accepts.
 *
 * @param value e.g. `{ b: 1, a: ['x'] }`
 * @returns e.g. `{"a":["x"],"b":1}`
 * @throws TypeError for a fraction, an unsafe number or a lone surrogate
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return wholeNumber(value);
  if (value === null || typeof value === 'boolean') return String(value);
  return isList(value) ? `[${elements(value)}]` : `{${members(value)}}`;
}

function elements(list: readonly Json[]): string {
  let text = '';
  for (const one of list) text += text === '' ? canonicalJson(one) : `,${canonicalJson(one)}`;
  return text;
}

function members(value: { readonly [key: string]: Json | undefined }): string {
  let text = '';
  for (const key of sorted(Object.keys(value))) {
    const member = value[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalJson(member)}`;
  }
  return text;
}

/** Most objects are read from canonical JSON, or made in its order. */
function sorted(keys: string[]): string[] {
  for (let at = 1; at < keys.length; at++) {
    if ((keys[at - 1] ?? '') > (keys[at] ?? '')) return keys.sort();
  }
  return keys;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate has no canonical form');
  return JSON.stringify(text);
}

function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError(`not a safe whole number: ${value}`);
  return String(value);
}
