/** GS1 Company Prefixes: whose number it is (GS1 General Specifications 1.4). */
import { require } from '../errors.js';
import type { Gtin } from './gtin.js';
import type { Gln, Sscc } from './item-key.js';

/** A GS1 Company Prefix as GS1 licenses it, 4–12 digits, e.g. `9520000`. U.P.C. prefixes have their zero in front. */
export type CompanyPrefix = string & { readonly __companyPrefix: true };

/** A key whose owner can be read from it. */
export type PrefixedKey = Gtin | Sscc | Gln;

const SHORTEST = 4;
const LONGEST = 12;
/** Where the prefix starts: behind the indicator digit of a GTIN and the extension digit of an SSCC. */
const PREFIX_STARTS: Readonly<Record<number, number>> = { 13: 0, 14: 1, 18: 1 };
/** GS1 prefixes for restricted circulation: numbers any shop may give out, so nobody owns them. */
const RESTRICTED = /^(?:02|04|2)/;
/** What a GTIN-8 has in the place of a prefix: GS1 licenses those numbers one at a time and never as a range. */
const GTIN_8_RANGE = '00000';

/**
 * @param text e.g. `9520000`
 * @returns the same digits, branded
 * @throws Problem COMPANY_PREFIX_MALFORMED: not 4–12 digits; COMPANY_PREFIX_RESTRICTED: a range that GS1 licenses to
 *   nobody, i.e. 02, 04, 20–29 (restricted circulation), and 0000 or 00000… short of the 12 digits of one GTIN-8
 */
export function parseCompanyPrefix(text: string): CompanyPrefix {
  require(/^\d{4,12}$/.test(text), 'COMPANY_PREFIX_MALFORMED', { prefix: text.slice(0, 40) });
  const takesGtin8s = text.length < LONGEST && (text.startsWith(GTIN_8_RANGE) || GTIN_8_RANGE.startsWith(text));
  require(!RESTRICTED.test(text) && !takesGtin8s, 'COMPANY_PREFIX_RESTRICTED', { prefix: text });
  return text as CompanyPrefix;
}

/**
 * Every prefix that could own a key, shortest first: what to look up when asking who may use it. The key itself does
 * not tell where its prefix ends.
 *
 * A GTIN-12 lies in its 14-digit form behind two zeros, the second of which belongs to its prefix, so nothing is
 * special there. A GTIN-8 has no company prefix: its one candidate is the 12 digits that say this very number.
 *
 * @param key e.g. the GTIN `09520000000011`
 * @returns e.g. `['9520', '95200', …, '952000000001']`, nine of them
 */
export function prefixCandidates(key: PrefixedKey): CompanyPrefix[] {
  const digits = prefixDigits(key);
  const shortest = digits.startsWith(GTIN_8_RANGE) ? LONGEST : SHORTEST;
  const candidates: CompanyPrefix[] = [];
  for (let length = shortest; length <= LONGEST; length++) candidates.push(digits.slice(0, length) as CompanyPrefix);
  return candidates;
}

/**
 * True when `key` was given out under `prefix`.
 *
 * @param prefix e.g. `9520000`
 * @param key e.g. the GTIN `19520000000018`: the indicator digit in front does not count
 */
export function prefixOwns(prefix: CompanyPrefix, key: PrefixedKey): boolean {
  const digits = prefixDigits(key);
  return digits.startsWith(prefix) && (prefix.length === LONGEST || !digits.startsWith(GTIN_8_RANGE));
}

function prefixDigits(key: PrefixedKey): string {
  const start = PREFIX_STARTS[key.length];
  if (start === undefined) throw new TypeError(`no company prefix in a key of ${key.length} digits`);
  return key.slice(start, start + LONGEST);
}

/**
 * True when some key could be claimed under both: one prefix begins with the other. Two such prefixes can never be
 * licensed to two enterprises.
 *
 * @param a e.g. `9520`
 * @param b e.g. `95200`
 */
export function prefixesCollide(a: CompanyPrefix, b: CompanyPrefix): boolean {
  return a.startsWith(b) || b.startsWith(a);
}
