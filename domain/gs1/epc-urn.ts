/** EPC URNs, the older spelling of GS1 keys in EPCIS (GS1 EPC Tag Data Standard 6 and 7, Core Business Vocabulary 8). */
import { Problem, require } from '../errors.js';
import { prefixOwns, type CompanyPrefix, type PrefixedKey } from './company-prefix.js';
import { checkDataField, knownAi } from './data-field.js';
import { glnOf, GLN_DIGITS, keyWithLeadingDigit, SGTIN_DIGITS, SSCC_DIGITS } from './epc-keys.js';
import type { Gtin } from './gtin.js';
import type { AiValue, Identification } from './identification.js';
import { parseItemKey, type ItemKey, type ParsedItemKey } from './item-key.js';
import { decodeOnce } from './percent-encoding.js';

interface Scheme {
  readonly ai: string;
  readonly digits: number;
  readonly key: (prefix: string, reference: string) => string;
  /** The AI of a third part; `*` when that part must be an asterisk. */
  readonly third?: string;
}

const SCHEMES: ReadonlyMap<string, Scheme> = new Map<string, Scheme>([
  ['id:sgtin', { ai: '01', digits: SGTIN_DIGITS, key: keyWithLeadingDigit, third: '21' }],
  ['class:lgtin', { ai: '01', digits: SGTIN_DIGITS, key: keyWithLeadingDigit, third: '10' }],
  ['idpat:sgtin', { ai: '01', digits: SGTIN_DIGITS, key: keyWithLeadingDigit, third: '*' }],
  ['id:sscc', { ai: '00', digits: SSCC_DIGITS, key: keyWithLeadingDigit }],
  ['id:sgln', { ai: '414', digits: GLN_DIGITS, key: glnOf, third: '254' }],
  ['id:pgln', { ai: '417', digits: GLN_DIGITS, key: glnOf }],
]);

const URN = /^urn:epc:([a-z]+:[a-z]+):(\d{6,12})\.(\d*)(?:\.([A-Za-z0-9!'()*+,\-.:;=_%]+))?$/;
/** No key, fully escaped, comes near it. */
const LONGEST_URN = 200;
/** Shorter company prefixes are lengthened with digits of the reference: an EPC has no place for them. */
const SHORTEST_PREFIX = 6;

/**
 * @param urn e.g. `urn:epc:id:sgtin:9520123.145678.7QK2M9ZD4XWA`; also `…:class:lgtin:…`, `…:idpat:sgtin:….*`,
 *   `…:id:sscc:…`, `…:id:sgln:…` (extension 0 says: none) and `…:id:pgln:…`
 * @returns e.g. key 01 of 19520123456785 with serial 21
 * @throws Problem EPC_URN_MALFORMED, EPC_URN_SCHEME_UNKNOWN (field `scheme`), AI_VALUE_… for a serial, lot or
 *   extension that is none
 */
export function parseEpcUrn(urn: string): Identification {
  const match = urn.length > LONGEST_URN ? null : URN.exec(urn);
  if (match === null) throw malformed(urn);
  const [, name = '', prefix = '', reference = '', third] = match;
  const scheme = SCHEMES.get(name);
  if (scheme === undefined) throw unknownScheme(name);
  const complete = prefix.length + reference.length === scheme.digits && (third === undefined) === (scheme.third === undefined);
  if (!complete) throw malformed(urn);
  return { primaryKey: { ai: scheme.ai, value: scheme.key(prefix, reference) }, qualifiers: qualifiersOf(urn, scheme.third, third) };
}

function qualifiersOf(urn: string, ai: string | undefined, text: string | undefined): AiValue[] {
  if (ai === undefined || text === undefined) return [];
  if (ai === '*' && text !== '*') throw malformed(urn);
  if (ai === '*') return [];
  if (ai === '254' && text === '0') return [];
  const value = decodeOnce(text);
  if (value === undefined) throw malformed(urn);
  checkDataField(knownAi(ai), value);
  return [{ ai, value }];
}

function malformed(urn: string): Problem {
  return new Problem('EPC_URN_MALFORMED', { urn: urn.slice(0, LONGEST_URN) });
}

/**
 * The URN of a thing. The URN tells where the company prefix ends and the key does not, so it must be given.
 *
 * @param key e.g. `/01/19520123456785/21/7QK2M9ZD4XWA`
 * @param prefix e.g. `9520123`
 * @returns e.g. `urn:epc:id:sgtin:9520123.145678.7QK2M9ZD4XWA`
 * @throws Problem COMPANY_PREFIX_NOT_OWNER, EPC_URN_SCHEME_UNKNOWN for a kind of key that has no URN here
 */
export function epcUrnOf(key: ItemKey, prefix: CompanyPrefix): string {
  const item = parseItemKey(key);
  if ('gtin' in item) return tradeItemUrn(item, prefix);
  switch (item.kind) {
    case 'unit': return `urn:epc:id:sscc:${split(item.sscc, prefix, 1)}`;
    case 'place': return `urn:epc:id:sgln:${split(item.gln, prefix, 0)}.${escapeText(item.extension ?? '0')}`;
    case 'party': return `urn:epc:id:pgln:${split(item.gln, prefix, 0)}`;
    case 'identifier': throw unknownScheme(item.kind);
    default: return item satisfies never;
  }
}

function tradeItemUrn(item: Extract<ParsedItemKey, { readonly gtin: Gtin }>, prefix: CompanyPrefix): string {
  const parts = split(item.gtin, prefix, 1);
  switch (item.kind) {
    case 'serial': return `urn:epc:id:sgtin:${parts}.${escapeText(item.serial)}`;
    case 'lot': return `urn:epc:class:lgtin:${parts}.${escapeText(item.lot)}`;
    case 'product': return `urn:epc:idpat:sgtin:${parts}.*`;
    case 'variant': case 'variant-lot': case 'third-party-serial': throw unknownScheme(item.kind);
    default: return item satisfies never;
  }
}

function unknownScheme(scheme: string): Problem {
  return new Problem('EPC_URN_SCHEME_UNKNOWN', { scheme });
}

/** Prefix, point, and the rest without its check digit; a leading digit goes to the front of the rest. */
function split(key: PrefixedKey, prefix: CompanyPrefix, leading: 0 | 1): string {
  require(prefixOwns(prefix, key), 'COMPANY_PREFIX_NOT_OWNER', { prefix, key });
  const end = leading + Math.max(prefix.length, SHORTEST_PREFIX);
  return `${key.slice(leading, end)}.${key.slice(0, leading)}${key.slice(end, -1)}`;
}

/** What an EPC URN may not hold as it is (Tag Data Standard A): the rest of set 82 stands raw. */
function escapeText(text: string): string {
  return text.replace(/["%&/<>?]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}
