/**
 * Our judgement beside that of bwip-js, which was written by others from the same standard. Where the two differ, the
 * table below says why; what no line of it explains fails, and so does a line that explains nothing any more.
 */
import { describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import { parseDigitalLink } from '#domain/gs1/digital-link.js';
import { formatBracketed, parseElementString } from '#domain/gs1/element-string.js';
import type { AiValue } from '#domain/gs1/identification.js';
import { elementStringFault, linkFault } from './bwip-validator.js';
import { ALL_AIS, FAULTS, LINK_AIS, linkAround, linkText, validElements } from './generated-links.js';
import { seededRandom, type Random } from './seeded-random.js';
import { validValue } from './valid-values.js';

/** `undefined` when we accept, else the code. Anything but a refusal is a bug and comes through. */
function refusalOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

interface Difference {
  readonly why: string;
  readonly ours: string | undefined;
  readonly theirs: readonly (string | undefined)[];
  /** Proves that this link is of the class. */
  readonly proof: (uri: string) => boolean;
}

const path = (uri: string): string => uri.replace(/[?#].*$/, '');
const names = (uri: string): string[] => [...uri.replace(/#.*$/, '').matchAll(/\/(\d{2,4})(?=\/)|[?&](\d+)=/g)].map(([, inPath, inQuery]) => inPath ?? inQuery!);

const DIFFERENCES: readonly Difference[] = [
  { why: 'one slash at the end is tolerated, as resolvers should', ours: undefined, theirs: ['GS1dlNoAIinfo', 'GS1dlBadPathInfo'], proof: (uri) => path(uri).endsWith('/') && linkFault(path(uri).slice(0, -1)) === undefined },
  { why: 'a parameter without a name is none of GS1\'s; bwip-js takes the empty name for digits', ours: undefined, theirs: ['GS1dlInvalidDataAttribute'], proof: (uri) => /[?&]=/.test(uri) && linkFault(uri.replace(/([?&])=[^&#]*/, '$1')) === undefined },
  { why: 'an AI may stand only once in a link, also with the same value (GS1\'s own engine)', ours: 'LINK_AI_REPEATED', theirs: [undefined], proof: (uri) => new Set(names(uri)).size < names(uri).length },
  { why: 'bwip-js does not look at the domain', ours: 'LINK_DOMAIN_WRONG', theirs: [undefined], proof: (uri) => !/^https?:\/\/[a-z0-9]+(?:[.-][a-z0-9]+)*(?::\d+)?[/]/i.test(uri) },
  { why: 'a GTIN of 8, 12 or 13 digits is malformed since URI syntax 1.4; we read it only when asked to', ours: 'LINK_GTIN_NOT_14_DIGITS', theirs: [undefined], proof: (uri) => refusalOf(() => parseDigitalLink(uri, { shortGtins: true })) === undefined },
  { why: 'a GS1 parameter without a value says nothing; bwip-js passes over it', ours: 'LINK_VALUE_MISSING', theirs: [undefined], proof: (uri) => /[?&]\d+(?:[&#]|$)/.test(uri) },
  { why: 'an encoded AI is one to some readers only; bwip-js passes over it', ours: 'LINK_AI_ENCODED', theirs: [undefined], proof: (uri) => /[?&][\d%]*%3\d[\d%]*=/.test(uri) },
  { why: 'bwip-js takes characters that no URI may hold', ours: 'LINK_NOT_A_URI', theirs: [undefined], proof: (uri) => /[^!-~]|["<>\\^`{|}]/.test(uri) },
  { why: 'no web path can carry . and .. (RFC 3986 5.2.4)', ours: 'LINK_DOT_SEGMENT', theirs: [undefined], proof: (uri) => /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i.test(uri) },
  { why: 'a percent sign at the end of a value is taken as it is by bwip-js', ours: 'LINK_PERCENT_WRONG', theirs: [undefined], proof: (uri) => /%[0-9A-Fa-f]?(?:[/?&#]|$)/.test(uri) },
  { why: 'a company prefix has at least four digits (GS1\'s own linter); bwip-js looks at two', ours: 'AI_COMPANY_PREFIX_MISSING', theirs: [undefined], proof: (uri) => /[/?&](?:401|7023|8004|8010|8013|253|255|402)[/=](?:\d{2}$|\d{2,3}(?:[^0-9]|$))/.test(uri) },
  { why: 'the list of currencies in bwip-js is older (924 and 926 are new)', ours: undefined, theirs: ['GS1UnknownCurrency'], proof: (uri) => /39[13]\d=(?:924|926)/.test(uri) },
  { why: 'the list of currencies in bwip-js is older (191, 694, 931 and 932 are withdrawn)', ours: 'AI_CODE_UNKNOWN', theirs: [undefined], proof: (uri) => /39[13]\d=(?:191|694|931|932)/.test(uri) },
  { why: 'an IBAN of ten characters or fewer is none (GS1\'s own linter)', ours: 'AI_VALUE_NOT_ALLOWED', theirs: [undefined], proof: (uri) => /8007=[A-Z0-9]{5,10}(?:&|$)/.test(uri) },
];

/** Links that random faults would hardly ever hit on. */
const BY_HAND = [
  ...['924', '926', '191', '694', '931', '932', '704', '000'].map((currency) => `https://id.example/415/9520000000103/8020/A?3912=${currency}100`),
  'https://id.example/415/9520000000103/8020/A?8007=GB16ABCDEF', 'https://id.example/415/9520000000103/8020/A?8007=GB98MIDL07009312345678',
  'https://id.example/8004/95A', 'https://id.example/8004/952A', 'https://id.example/8004/9520A', 'https://id.example/401/95',
  'https://id.example/00/395200000000000012?8030=AA%3D', 'https://id.example/00/395200000000000012?8030=AA%3D%3D', 'https://id.example/00/395200000000000012?8030=A%3D%3D', 'https://id.example/00/395200000000000012?8030=AAAA',
];

describe('Digital Links', () => {
  const random = seededRandom(20_261_120);
  const faults = Object.keys(FAULTS);
  const links: string[] = [...BY_HAND];
  for (let round = 0; round < 5; round++) {
    for (const { ai } of LINK_AIS) {
      const parts = linkAround(ai, random, round < 2 ? [] : undefined);
      links.push(linkText(parts));
      for (let each = 0; each < 3; each++) links.push(FAULTS[faults[(links.length + each) % faults.length]!]!(structuredClone(parts), random));
    }
  }
  const judged = links.map((uri) => ({ uri, ours: refusalOf(() => parseDigitalLink(uri)), theirs: linkFault(uri) }));
  const differing = judged.filter(({ ours, theirs }) => (ours === undefined) !== (theirs === undefined));
  const explains = (difference: Difference, { uri, ours, theirs }: (typeof judged)[number]): boolean =>
    difference.ours === ours && difference.theirs.includes(theirs) && difference.proof(uri);

  test('are enough of both kinds', () => {
    expect(judged.length).toBeGreaterThan(10_000);
    expect(judged.filter(({ ours, theirs }) => ours === undefined && theirs === undefined).length).toBeGreaterThan(3_000);
    expect(judged.filter(({ ours, theirs }) => ours !== undefined && theirs !== undefined).length).toBeGreaterThan(3_000);
  });

  test('are judged alike, or the difference is explained', () => {
    expect(differing.filter((each) => !DIFFERENCES.some((difference) => explains(difference, each)))).toEqual([]);
  });

  test.each(DIFFERENCES)('the difference still exists: $why', (difference) => {
    expect(differing.some((each) => explains(difference, each))).toBe(true);
  });

  test('hold every AI that a link can hold, in one that both accept', () => {
    const accepted = new Set(judged.filter(({ ours, theirs }) => ours === undefined && theirs === undefined).flatMap(({ uri }) => names(uri)));
    expect(LINK_AIS.map(({ ai }) => ai).filter((ai) => !accepted.has(ai))).toEqual([]);
  });
});

/** Changes something about the elements: a character, a length, what stands beside what. */
function faulty(elements: readonly AiValue[], random: Random): AiValue[] {
  const at = random.below(elements.length);
  const { ai, value } = elements[at]!;
  const other = random.pick(ALL_AIS);
  const changed = random.pick([
    () => [{ ai, value: value.slice(0, -1) }], () => [{ ai, value: value + random.text('0123456789', 1) }], () => [{ ai, value: value.replace(/\d/, random.text('0123456789', 1)) }],
    () => [{ ai, value: value.replace(/.$/, random.pick(['A', 'z', '#', ' ', '-'])) }], () => [], () => [{ ai, value }, { ai: other.ai, value: validValue(other, random) }],
    () => [{ ai, value: value.slice(0, 2 + random.below(3)) }], () => [{ ai, value }, { ai, value }], () => [{ ai: other.ai, value }],
  ])();
  return [...elements.slice(0, at), ...changed, ...elements.slice(at + 1)];
}

const ELEMENT_DIFFERENCES: readonly Difference[] = [
  { why: 'the table of bwip-js is older: there, AI 03 does not yet stand in for 01 everywhere', ours: undefined, theirs: ['GS1missingAIs'], proof: (text) => text.includes('(03)') && elementStringFault(text.replaceAll('(03)', '(01)')) === undefined },
  { why: 'a company prefix has at least four digits; bwip-js looks at two', ours: 'AI_COMPANY_PREFIX_MISSING', theirs: [undefined], proof: (text) => /\((?:401|7023|8004|8010|8013|8014)\)\d{2,3}(?:\D|$)/.test(text) },
];

describe('element strings', () => {
  const random = seededRandom(541);
  const strings = [...ALL_AIS, ...ALL_AIS, ...ALL_AIS, ...ALL_AIS].flatMap(({ ai }) => {
    const right = validElements(ai, random);
    return [right, faulty(right, random), faulty(right, random)];
  });
  // bwip-js has no escape for a bracket in a value, and takes no elements at all for something right
  const judged = strings.filter((elements) => elements.length > 0 && elements.every(({ value }) => !value.includes('('))).map((elements) => {
    const text = formatBracketed(elements);
    return { text, ours: refusalOf(() => parseElementString(text)), theirs: elementStringFault(text) };
  });
  const differing = judged.filter(({ ours, theirs }) => (ours === undefined) !== (theirs === undefined));
  const explains = (difference: Difference, { text, ours, theirs }: (typeof judged)[number]): boolean =>
    difference.ours === ours && difference.theirs.includes(theirs) && difference.proof(text);

  test('are enough of both kinds', () => {
    expect(judged.filter(({ ours, theirs }) => ours === undefined && theirs === undefined).length).toBeGreaterThan(2_000);
    expect(judged.filter(({ ours, theirs }) => ours !== undefined && theirs !== undefined).length).toBeGreaterThan(2_000);
  });

  test('of all AIs are judged alike, or the difference is explained', () => {
    expect(differing.filter((each) => !ELEMENT_DIFFERENCES.some((difference) => explains(difference, each)))).toEqual([]);
  });

  test.each(ELEMENT_DIFFERENCES)('the difference still exists: $why', (difference) => {
    expect(differing.some((each) => explains(difference, each))).toBe(true);
  });
});
