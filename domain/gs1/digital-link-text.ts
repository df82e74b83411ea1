/** Path and query of a Digital Link as text: finding the key, taking pairs apart, decoding once. */
import { Problem } from '../errors.js';
import { applicationIdentifier } from './application-identifiers.js';
import { decodeEpcBinary, isEpcBinary } from './epc-binary.js';
import type { AiValue, Identification } from './identification.js';
import { decodeOnce } from './percent-encoding.js';

export interface LinkPath extends Identification {
  /** What stands in front of the primary key: empty, or such as `/shop/vi`. */
  readonly stem: string;
}

export interface LinkQuery {
  readonly attributes: AiValue[];
  /** Parameters that are none of GS1's, as written: `linkType=gs1:pip`. */
  readonly otherQuery: string[];
}

/**
 * Reads the pairs from the rightmost primary key to the end of the path. One slash at the end is tolerated.
 *
 * @param path as written, e.g. `/shop/01/09520000000011/10/A%2FB`
 * @throws Problem LINK_NO_PRIMARY_KEY, LINK_SEGMENTS_ODD, LINK_SEGMENT_EMPTY, LINK_DOT_SEGMENT, LINK_PERCENT_WRONG,
 *   LINK_CONTROL_CHARACTER, EPC_BINARY_MALFORMED, EPC_BINARY_SCHEME_UNKNOWN
 */
export function readPath(path: string): LinkPath {
  const segments = path.split('/');
  if (segments.length > 2 && segments.at(-1) === '') segments.pop();
  const keyAt = path.startsWith('/') ? rightmostKey(segments, segments.length - 2) : -1;
  if (keyAt < 1) return readCompressed(segments);
  const qualifiers: AiValue[] = [];
  for (let at = keyAt + 2; at < segments.length; at += 2) qualifiers.push(pathPair(segments, at));
  return { stem: stemOf(segments, keyAt), primaryKey: pathPair(segments, keyAt), qualifiers };
}

/** Every other segment from the right can be an AI; the first one that is a primary key begins the identification. */
function rightmostKey(segments: readonly string[], from: number): number {
  for (let at = from; at > 0; at -= 2) {
    if (applicationIdentifier(segments[at] ?? '')?.qualifierOrders !== undefined) return at;
  }
  return -1;
}

/** Without a key in the path, the last segment may be an EPC in binary (Digital Link URI compression standard). */
function readCompressed(segments: readonly string[]): LinkPath {
  const last = segments.length - 1;
  const text = segments[last] ?? '';
  const odd = rightmostKey(segments, last) > 0;
  if (last > 0 && !odd && isEpcBinary(text)) return { stem: stemOf(segments, last), ...decodeEpcBinary(text) };
  throw new Problem(odd ? 'LINK_SEGMENTS_ODD' : 'LINK_NO_PRIMARY_KEY', { path: segments.join('/').slice(0, 200) });
}

function stemOf(segments: readonly string[], keyAt: number): string {
  if (keyAt === 1) return '';
  const stem = segments.slice(1, keyAt);
  if (stem.some((segment) => isDots(decodeOnce(segment)))) throw new Problem('LINK_DOT_SEGMENT', { stem: stem.join('/') });
  return `/${stem.join('/')}`;
}

/** A browser takes `.` and `..` out of a path, encoded or not, so the server would be asked for something else. */
function isDots(text: string | undefined): boolean {
  return text === '.' || text === '..';
}

function pathPair(segments: readonly string[], at: number): AiValue {
  const ai = segments[at] ?? '';
  const text = segments[at + 1] ?? '';
  if (text === '') throw new Problem('LINK_SEGMENT_EMPTY', { ai });
  const value = decodeValue(ai, text);
  if (isDots(value)) throw new Problem('LINK_DOT_SEGMENT', { ai, value });
  return { ai, value };
}

function decodeValue(ai: string, text: string): string {
  if (!text.includes('%')) return text;
  const value = decodeOnce(text);
  if (value === undefined) throw new Problem('LINK_PERCENT_WRONG', { ai, text: text.slice(0, 100) });
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(value)) throw new Problem('LINK_CONTROL_CHARACTER', { ai, text: text.slice(0, 100) });
  return value;
}

/**
 * Sorts the parameters into those whose name is all digits, which must be attributes, and all others, which mean
 * nothing to GS1 and are kept as they are.
 *
 * @param query as written, without the question mark, e.g. `17=271231&linkType=gs1:pip`
 * @throws Problem LINK_VALUE_MISSING, LINK_AI_ENCODED, LINK_PERCENT_WRONG, LINK_CONTROL_CHARACTER
 */
export function readQuery(query: string): LinkQuery {
  const result: LinkQuery = { attributes: [], otherQuery: [] };
  if (query === '') return result;
  for (const parameter of query.split('&')) {
    const equals = parameter.indexOf('=');
    const name = equals < 0 ? parameter : parameter.slice(0, equals);
    if (isAllDigits(name)) result.attributes.push(attribute(name, equals < 0 ? '' : parameter.slice(equals + 1)));
    else if (parameter !== '') result.otherQuery.push(notAnAi(name, parameter));
  }
  return result;
}

function isAllDigits(text: string): boolean {
  return /^\d+$/.test(text);
}

/** In a query a plus sign is a space (unlike in a path), which no GS1 value holds. */
function attribute(ai: string, text: string): AiValue {
  if (text === '') throw new Problem('LINK_VALUE_MISSING', { ai: ai.slice(0, 40) });
  return { ai, value: decodeValue(ai, text.replaceAll('+', ' ')) };
}

/** `%31%37=…` is 17 to one reader and nothing to another: no honest link is written so. */
function notAnAi(name: string, parameter: string): string {
  if (name.includes('%') && isAllDigits(decodeOnce(name) ?? '')) throw new Problem('LINK_AI_ENCODED', { name: name.slice(0, 40) });
  return parameter;
}
