/** Broken links by the million: whatever a link is made into, it is refused with a code or read for certain. */
import { isDeepStrictEqual } from 'node:util';
import { Problem } from '#domain/errors.js';
import { canonicalDigitalLink, parseDigitalLink, parseDigitalLinkPath, type DigitalLink } from '#domain/gs1/digital-link.js';
import { itemKeyOf, parseItemKey } from '#domain/gs1/item-key.js';
import { LINK_AIS, linkAround, linkText } from './generated-links.js';
import { seededRandom, type Random } from './seeded-random.js';

export interface FuzzReport {
  readonly links: number;
  readonly read: number;
  /** How often each code was the answer. */
  readonly refused: ReadonlyMap<string, number>;
  /** The link that took longest, and how long, in milliseconds. */
  readonly slowest: { readonly uri: string; readonly ms: number };
}

const SPECKS = ['/', '//', '?', '&', '=', '#', '%', '%2', '%00', '%2F', '%25', '%2e', '+', ';', ':', '@', '[', '\\', '"', ' ', '\u0000', '\u001d', 'é', '😀', '\ud800', '.', '..', '01', '10', '21', '235', '414', '8004', '00', 'eh30164596f40c0e5cbe991a83', 'https://', '__proto__', '0'.repeat(40), 'A'.repeat(200)];

type Mutation = (text: string, random: Random, others: readonly string[]) => string;

const MUTATIONS: readonly Mutation[] = [
  (text, random) => spliced(text, random, 1, ''),
  (text, random) => spliced(text, random, 1 + random.below(8), ''),
  (text, random) => spliced(text, random, 0, random.pick(SPECKS)),
  (text, random) => spliced(text, random, 1, random.pick(SPECKS)),
  (text, random) => spliced(text, random, 1, String.fromCharCode(random.below(160))),
  (text, random) => spliced(text, random, 0, text.slice(random.below(text.length))),
  (text, random, others) => text.slice(0, random.below(text.length)) + random.pick(others).slice(random.below(40)),
  (text, random) => exchanged(text.split(/(?<=[/?&])/), random),
  (text, random) => (random.chance(2) ? text.toUpperCase() : text.toLowerCase()),
  (text, random) => text.replace(/\d/, String(random.below(10))),
];

function spliced(text: string, random: Random, remove: number, insert: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + insert + text.slice(at + remove);
}

function exchanged(parts: string[], random: Random): string {
  const [a, b] = [random.below(parts.length), random.below(parts.length)];
  [parts[a], parts[b]] = [parts[b]!, parts[a]!];
  return parts.join('');
}

/**
 * Makes `count` links out of right ones, one to four changes each, and reads them all.
 *
 * @throws whatever is thrown that is no refusal, and an Error for a link that was read but does not hold what it must
 */
export function fuzzLinks(count: number, seed: number): FuzzReport {
  const random = seededRandom(seed);
  const right = LINK_AIS.map(({ ai }) => linkText(linkAround(ai, random)));
  const refused = new Map<string, number>();
  let read = 0;
  let slowest = { uri: '', ms: 0 };
  for (let each = 0; each < count; each++) {
    const uri = mutated(random.pick(right), random, right);
    const start = performance.now();
    const code = readOrRefused(uri);
    const ms = performance.now() - start;
    if (ms > slowest.ms) slowest = { uri, ms };
    if (code === undefined) read++;
    else refused.set(code, (refused.get(code) ?? 0) + 1);
  }
  return { links: count, read, refused, slowest };
}

function mutated(uri: string, random: Random, others: readonly string[]): string {
  let text = uri;
  for (let times = 1 + random.below(4); times > 0; times--) text = random.pick(MUTATIONS)(text, random, others);
  return text;
}

function readOrRefused(uri: string): string | undefined {
  try {
    mustHold(uri, parseDigitalLink(uri));
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw new Error(`not a refusal, for ${JSON.stringify(uri)}`, { cause: error });
  }
}

/** What holds for every link that is read: one canonical form, one key, and the same from its path alone. */
function mustHold(uri: string, link: DigitalLink): void {
  const again = parseDigitalLink(canonicalDigitalLink(link));
  const key = itemKeyOf(link);
  parseItemKey(key);
  const onPath = parseDigitalLinkPath(key, '');
  const alike = canonicalDigitalLink(again) === canonicalDigitalLink(link) && itemKeyOf(again) === key && itemKeyOf(onPath) === key;
  if (!alike || !isDeepStrictEqual([again.primaryKey, again.qualifiers], [link.primaryKey, link.qualifiers])) throw new Error(`read in two ways: ${JSON.stringify(uri)}`);
}
