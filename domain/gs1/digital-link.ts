/**
 * GS1 Digital Link: a GS1 key written as a web address (GS1 Digital Link Standard: URI Syntax 1.6). Strict: what is
 * not certainly right is refused, because two readings of one printed code are two things.
 */
import { Problem } from '../errors.js';
import { checkTogether } from './associations.js';
import type { ApplicationIdentifier } from './ai-table/ai-entry.js';
import { applicationIdentifier } from './application-identifiers.js';
import { checkDataField, knownAi } from './data-field.js';
import { readPath, readQuery, type LinkPath } from './digital-link-text.js';
import { identify, mayFollow, type AiValue, type Identification } from './identification.js';
import { encodeSegment } from './percent-encoding.js';
import { parseDomain, requireUriCharacters, splitWebUri } from './web-uri.js';

export interface DigitalLink extends Identification {
  /** Host and port in small letters, e.g. `id.example.org`; empty for a link read from a path. */
  readonly domain: string;
  /** What stands in front of the key, as written: empty, or such as `/shop/vi`. */
  readonly stem: string;
  /** AIs of the query, in their order there. */
  readonly attributes: readonly AiValue[];
  /** Parameters of the query that are none of GS1's, as written, e.g. `linkType=gs1:pip`. */
  readonly otherQuery: readonly string[];
}

export interface ReadingOptions {
  /**
   * Fill a GTIN of 8, 12 or 13 digits up to 14. Links were printed so under URI Syntax 1.0–1.3; since 1.4 they are
   * malformed, which is the default here.
   */
  readonly shortGtins?: boolean;
}

/** More than any honest link holds; keeps the comparing of pairs small. */
const MOST_AIS = 64;

/** GS1's own resolver, the domain of the canonical form. */
export const CANONICAL_STEM = 'https://id.gs1.org';

/**
 * Reads and checks a link.
 *
 * @param uri e.g. `https://id.example.org/01/09520000000011/10/LO26-001/21/7QK2M9ZD4XWA?17=271231`
 * @returns the link taken apart, every value decoded once and right by GS1's rules
 * @throws Problem LINK_NOT_A_URI, LINK_TOO_LONG, LINK_SCHEME_WRONG, LINK_DOMAIN_WRONG for the address; LINK_… of
 *   `digital-link-text.ts` for its writing; the codes of {@link validateDigitalLink} for what it says
 */
export function parseDigitalLink(uri: string, options: ReadingOptions = {}): DigitalLink {
  const { domain, path, query } = splitWebUri(uri);
  return assemble(domain, readPath(path), query, options);
}

/**
 * Reads and checks a link of which a server at the root of its domain sees path and query. Nothing may stand in front
 * of the key there.
 *
 * @param path as it came, not decoded, e.g. `/01/09520000000011/10/A%2FB`; one slash at the end is tolerated
 * @param query as it came, without the question mark; may be empty
 * @throws Problem as {@link parseDigitalLink}, and LINK_STEM_UNEXPECTED
 */
export function parseDigitalLinkPath(path: string, query: string, options: ReadingOptions = {}): DigitalLink {
  requireUriCharacters(path);
  requireUriCharacters(query);
  const read = readPath(path);
  if (read.stem !== '') throw new Problem('LINK_STEM_UNEXPECTED', { stem: read.stem.slice(0, 100) });
  return assemble('', read, query, options);
}

function assemble(domain: string, path: LinkPath, query: string, options: ReadingOptions): DigitalLink {
  const { attributes, otherQuery } = readQuery(query);
  const primaryKey = options.shortGtins === true ? filledGtin(path.primaryKey) : path.primaryKey;
  const link = { domain, stem: path.stem, primaryKey, qualifiers: path.qualifiers, attributes, otherQuery };
  validateDigitalLink(link);
  return link;
}

const SHORT_GTIN = /^(?:\d{8}|\d{12,13})$/;

function filledGtin(key: AiValue): AiValue {
  return key.ai === '01' && SHORT_GTIN.test(key.value) ? { ai: '01', value: key.value.padStart(14, '0') } : key;
}

/**
 * Checks everything that a link says, whoever put it together: key, order of qualifiers, what may stand in the query,
 * every value, and what must or must not stand beside what.
 *
 * @throws Problem LINK_NO_PRIMARY_KEY, LINK_AI_REPEATED, LINK_TOO_MANY_AIS, LINK_QUALIFIER_ORDER,
 *   LINK_ATTRIBUTE_IN_PATH, LINK_QUALIFIER_IN_QUERY, LINK_NOT_AN_ATTRIBUTE, LINK_GTIN_NOT_14_DIGITS; AI_UNKNOWN and
 *   the other AI_… codes of `data-field.ts`, `linters.ts` and `associations.ts`
 */
export function validateDigitalLink(link: DigitalLink): void {
  const { primaryKey, qualifiers, attributes } = link;
  const elements = [primaryKey, ...qualifiers, ...attributes];
  checkRepeats(elements);
  const entries = elements.map(({ ai }) => knownAi(ai));
  const path = qualifiers.map(({ ai }) => ai);
  const key = checkPath(primaryKey.ai, path);
  for (const entry of entries.slice(1 + path.length)) checkAttribute(key, path, entry);
  if (key.ai === '01' && primaryKey.value.length < 14 && SHORT_GTIN.test(primaryKey.value)) throw new Problem('LINK_GTIN_NOT_14_DIGITS', { gtin: primaryKey.value });
  entries.forEach((entry, at) => checkDataField(entry, elements[at]?.value ?? ''));
  checkTogether(entries);
}

function checkRepeats(elements: readonly AiValue[]): void {
  if (elements.length > MOST_AIS) throw new Problem('LINK_TOO_MANY_AIS', { count: String(elements.length) });
  for (let at = 1; at < elements.length; at++) {
    for (let before = 0; before < at; before++) {
      if (elements[at]?.ai === elements[before]?.ai) throw new Problem('LINK_AI_REPEATED', { ai: elements[at]?.ai ?? '' });
    }
  }
}

function checkPath(keyAi: string, qualifiers: readonly string[]): ApplicationIdentifier {
  const key = applicationIdentifier(keyAi);
  if (key?.qualifierOrders === undefined) throw new Problem('LINK_NO_PRIMARY_KEY', { ai: keyAi.slice(0, 40) });
  if (qualifiers.length === 0 || mayFollow(key, qualifiers)) return key;
  for (const ai of qualifiers) {
    if (!mayFollow(key, [ai])) throw new Problem('LINK_ATTRIBUTE_IN_PATH', { ai, key: keyAi });
  }
  throw new Problem('LINK_QUALIFIER_ORDER', { key: keyAi, qualifiers: qualifiers.join(' ') });
}

/** A qualifier that could stand in the path must stand there, or one thing would have two addresses. */
function checkAttribute(key: ApplicationIdentifier, path: readonly string[], { ai, attribute }: ApplicationIdentifier): void {
  if (mayFollow(key, [ai]) && fitsSomewhere(key, path, ai)) {
    throw new Problem('LINK_QUALIFIER_IN_QUERY', { ai, key: key.ai });
  }
  if (!attribute) throw new Problem('LINK_NOT_AN_ATTRIBUTE', { ai, key: key.ai });
}

function fitsSomewhere(key: ApplicationIdentifier, path: readonly string[], ai: string): boolean {
  return [...path, ai].some((_, at) => mayFollow(key, [...path.slice(0, at), ai, ...path.slice(at)]));
}

const STEM = /^(?:\/[A-Za-z0-9\-._~!$&'()*+,;=:@%]+)*$/;

export interface BuildingOptions {
  /** Host, or host and port: `id.example.org`. */
  readonly domain: string;
  /** In front of the key: empty, or such as `/shop/vi`. */
  readonly stem?: string;
  /**
   * Scheme and domain in capitals. With values in capitals and digits too, the whole link stays in QR's alphanumeric
   * mode, which makes the code a version smaller. Values keep their case: lots and serials are case-sensitive.
   */
  readonly capitals?: boolean;
}

/**
 * Writes the one link for what a barcode says: https, qualifiers in the standard's order, attributes by AI, and
 * everything that RFC 3986 does not call unreserved percent-encoded.
 *
 * @param elements in any order, e.g. 01, 10, 21 and 17
 * @param options e.g. `{ domain: 'id.example.org' }`
 * @returns e.g. `https://id.example.org/01/09520000000011/10/LO26-001/21/7QK2M9ZD4XWA?17=271231`
 * @throws Problem AI_PRIMARY_KEY_MISSING, LINK_DOMAIN_WRONG, LINK_STEM_WRONG, LINK_DOT_SEGMENT, and the codes of {@link validateDigitalLink}
 */
export function buildDigitalLink(elements: readonly AiValue[], options: BuildingOptions): string {
  const { primaryKey, qualifiers, attributes } = identify(elements);
  const domain = parseDomain(options.domain);
  const stem = options.stem ?? '';
  validateDigitalLink({ domain, stem, primaryKey, qualifiers, attributes, otherQuery: [] });
  if (!STEM.test(stem)) throw new Problem('LINK_STEM_WRONG', { stem: stem.slice(0, 100) });
  readPath(stem + pathOf(primaryKey, qualifiers)); // refuses what no reader could read back: dot segments
  const origin = options.capitals === true ? `HTTPS://${domain.toUpperCase()}` : `https://${domain}`;
  return origin + stem + pathOf(primaryKey, qualifiers) + queryOf(attributes);
}

/**
 * The form in which GS1 compares links: its own domain, nothing in front of the key, attributes by AI, no other
 * parameters. It still says all that the link says; what names the thing alone is `itemKeyOf` behind
 * {@link CANONICAL_STEM}.
 *
 * @returns e.g. `https://id.gs1.org/01/09520000000011/10/LO26-001?17=271231`
 */
export function canonicalDigitalLink(link: DigitalLink): string {
  return CANONICAL_STEM + pathOf(link.primaryKey, link.qualifiers) + queryOf(link.attributes);
}

function pathOf(primaryKey: AiValue, qualifiers: readonly AiValue[]): string {
  return [primaryKey, ...qualifiers].map(({ ai, value }) => `/${ai}/${encodeSegment(value)}`).join('');
}

function queryOf(attributes: readonly AiValue[]): string {
  if (attributes.length === 0) return '';
  const sorted = [...attributes].sort((a, b) => (a.ai < b.ai ? -1 : 1));
  return `?${sorted.map(({ ai, value }) => `${ai}=${encodeSegment(value)}`).join('&')}`;
}
