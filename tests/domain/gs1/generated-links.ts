/** Makes Digital Links over all Application Identifiers: right ones, and ones with a single fault put in. */
import type { ApplicationIdentifier } from '#domain/gs1/ai-table/ai-entry.js';
import { applicationIdentifier, applicationIdentifiers } from '#domain/gs1/application-identifiers.js';
import { SET_82 } from '#domain/gs1/character-sets.js';
import { identify, type AiValue } from '#domain/gs1/identification.js';
import { encodeSegment } from '#domain/gs1/percent-encoding.js';
import type { Random } from './seeded-random.js';
import { validValue } from './valid-values.js';

export const ALL_AIS: readonly ApplicationIdentifier[] = [...applicationIdentifiers()];
export const PRIMARY_KEYS = ALL_AIS.filter((entry) => entry.qualifierOrders !== undefined);
/** What can stand in a link at all: keys, their qualifiers, and attributes. */
export const LINK_AIS = ALL_AIS.filter((entry) => entry.attribute || PRIMARY_KEYS.some((key) => key.qualifierOrders!.flat().includes(entry.ai)));

/** A link in parts, so that a fault can be put in at a known place. */
export interface LinkParts {
  origin: string;
  stem: string;
  path: AiValue[];
  query: AiValue[];
}

/** Draws again until the draw is one: with a seeded source this either always ends or never does. */
function firstDraw<T>(draw: () => T | undefined): T {
  for (let attempt = 0; attempt < 200; attempt++) {
    const drawn = draw();
    if (drawn !== undefined) return drawn;
  }
  throw new Error('nothing fits');
}

/** The AIs that `ai` needs beside it, those that they need, and so on; `undefined` if the draw contradicts itself. */
function withCompanions(ai: string, random: Random): string[] | undefined {
  const chosen = [ai];
  for (let at = 0; at < chosen.length && chosen.length <= 8; at++) {
    const { requires } = applicationIdentifier(chosen[at]!)!;
    if (requires.length === 0 || requires.some((all) => all.every(({ text }) => chosen.some((each) => fits(text, each))))) continue;
    for (const { text } of random.pick(requires)) {
      const filled = text.replace('nn', '00').replace('n', '0');
      if (!chosen.includes(filled)) chosen.push(filled);
    }
  }
  return contradicts(chosen) ? undefined : chosen;
}

function fits(pattern: string, ai: string): boolean {
  return ai.length === pattern.length && ai.startsWith(pattern.replace(/n+$/, ''));
}

function contradicts(ais: readonly string[]): boolean {
  return ais.some((ai) => applicationIdentifier(ai)!.excludes.some(({ text }) => ais.some((other) => other !== ai && fits(text, other))));
}

function valued(ais: readonly string[], random: Random): AiValue[] {
  return ais.map((ai) => ({ ai, value: validValue(applicationIdentifier(ai)!, random) }));
}

/** Elements around `ai` that GS1's rules accept together. */
export function validElements(ai: string, random: Random): AiValue[] {
  return valued(firstDraw(() => withCompanions(ai, random)), random);
}

/** A link around `ai`, with a key, the qualifiers it has, and perhaps some of the `extras`, which may not fit. */
export function linkAround(ai: string, random: Random, extras: readonly string[] = ['10', '21', '17', '240', '99']): LinkParts {
  const ais = firstDraw(() => withKey(ai, random));
  for (const extra of extras) if (random.chance(5) && !ais.includes(extra)) ais.push(extra);
  const { primaryKey, qualifiers, attributes } = identify(valued(ais, random));
  return { origin: random.pick(ORIGINS), stem: random.pick(STEMS), path: [primaryKey, ...qualifiers], query: attributes };
}

function withKey(ai: string, random: Random): string[] | undefined {
  const ais = withAnyKey(ai, random);
  const named = ais && identify(ais.map((each) => ({ ai: each, value: '' })));
  return named?.attributes.every((each) => applicationIdentifier(each.ai)!.attribute) === true ? ais : undefined;
}

function withAnyKey(ai: string, random: Random): string[] | undefined {
  const ais = withCompanions(ai, random);
  if (ais === undefined || ais.some((each) => applicationIdentifier(each)!.qualifierOrders !== undefined)) return ais;
  const key = random.pick(applicationIdentifier(ai)!.attribute ? PRIMARY_KEYS : PRIMARY_KEYS.filter((each) => each.qualifierOrders!.flat().includes(ai)));
  const whole = withCompanions(key.ai, random);
  return whole === undefined || contradicts([...whole, ...ais]) ? undefined : [...whole, ...ais.filter((each) => !whole.includes(each))];
}

const ORIGINS = ['https://id.example', 'http://id.example:8443', 'HTTPS://ID.EXAMPLE', 'https://example.com'];
const STEMS = ['', '', '', '/shop', '/a/b', '/01', '/x/10'];

export function linkText({ origin, stem, path, query }: LinkParts): string {
  const pairs = path.map(({ ai, value }) => `/${ai}/${encodeSegment(value)}`).join('');
  const parameters = query.map(({ ai, value }) => `${ai}=${encodeSegment(value)}`).join('&');
  return `${origin}${stem}${pairs}${parameters === '' ? '' : `?${parameters}`}`;
}

type Fault = (link: LinkParts, random: Random) => string;

const anyElement = (link: LinkParts, random: Random): AiValue[] => (link.query.length > 0 && random.chance(2) ? link.query : link.path);

/** Replaces the value of one element. */
const revalued = (change: (element: AiValue, random: Random) => string): Fault => (link, random) => {
  const list = anyElement(link, random);
  const at = random.below(list.length);
  const element = list[at]!;
  list[at] = { ai: element.ai, value: change(element, random) };
  return linkText(link);
};

const spliced = (text: string, at: number, remove: number, insert: string): string => text.slice(0, at) + insert + text.slice(at + remove);
const inPath = (text: string, random: Random, insert: string): string => {
  const path = /^(?:https?|HTTPS?):\/\/[^/]*/.exec(text)![0].length;
  return spliced(text, path + random.below(text.length - path + 1), 0, insert);
};

/** One fault each; some of them are none for some links, which is for the two validators to agree on. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'a digit changed': revalued(({ value }, random) => value.replace(/\d/, (digit) => String((Number(digit) + 1 + random.below(9)) % 10))),
  'last character changed': revalued(({ value }, random) => value.slice(0, -1) + random.text(SET_82, 1)),
  'a character outside every set': revalued(({ value }, random) => spliced(value, random.below(value.length + 1), 1, random.pick([' ', '$', '@', '~', '^', '|', '`', '{']))),
  'a letter among the digits': revalued(({ value }, random) => spliced(value, random.below(value.length), 1, 'A')),
  'cut short': revalued(({ value }, random) => value.slice(0, random.below(value.length))),
  'made longer': revalued(({ value }, random) => value + random.text(random.pick(['0123456789', SET_82]), 1 + random.below(30))),
  'another random value': revalued(({ value }, random) => random.text(random.pick(['0123456789', SET_82]), value.length)),
  'a date or code out of range': revalued(({ value }, random) => value.replace(/\d\d/, random.pick(['00', '13', '32', '99', '24', '60']))),
  'the path turned round': (link) => linkText({ ...link, path: link.path.toReversed() }),
  'two pairs of the path exchanged': (link, random) => {
    const [key, ...rest] = link.path;
    return linkText({ ...link, path: [key!, ...rest.toSorted(() => (random.chance(2) ? 1 : -1))] });
  },
  'a qualifier moved to the query': (link) => linkText({ ...link, path: link.path.slice(0, -1), query: [...link.query, ...link.path.slice(-1)] }),
  'an attribute moved to the path': (link) => linkText({ ...link, path: [...link.path, ...link.query.slice(0, 1)], query: link.query.slice(1) }),
  'an attribute dropped': (link, random) => linkText({ ...link, query: link.query.filter(() => !random.chance(2)) }),
  'a qualifier dropped': (link) => linkText({ ...link, path: link.path.filter((_, at) => at !== 1) }),
  'another AI in the query': (link, random) => {
    const entry = random.pick(ALL_AIS);
    return linkText({ ...link, query: [...link.query, { ai: entry.ai, value: validValue(entry, random) }] });
  },
  'another AI in the path': (link, random) => {
    const entry = random.pick(ALL_AIS);
    return linkText({ ...link, path: [...link.path, { ai: entry.ai, value: validValue(entry, random) }] });
  },
  'another key': (link, random) => {
    const entry = random.pick(PRIMARY_KEYS);
    return linkText({ ...link, path: [{ ai: entry.ai, value: validValue(entry, random) }, ...link.path.slice(1)] });
  },
  'an AI that does not exist': (link, random) => linkText({ ...link, query: [...link.query, { ai: random.pick(['04', '14', '999', '5000', '310', '0', '00000', '3106']), value: '1' }] }),
  'an AI repeated with its value': (link, random) => linkText({ ...link, query: [...link.query, random.pick([...link.path, ...link.query])] }),
  'an AI repeated with another value': (link, random) => {
    const again = random.pick([...link.path, ...link.query]);
    return linkText({ ...link, query: [...link.query, { ai: again.ai, value: validValue(applicationIdentifier(again.ai)!, random) }] });
  },
  'a short GTIN': (link) => linkText({ ...link, path: link.path.map(({ ai, value }) => ({ ai, value: ai === '01' ? '9520000000011' : value })) }),
  'a segment too many': (link) => linkText({ ...link, query: [] }) + '/foo',
  'two segments too many': (link) => linkText({ ...link, query: [] }) + '/foo/bar',
  'a slash at the end': (link) => linkText({ ...link, query: [] }) + '/',
  'an AI without value': (link, random) => `${linkText({ ...link, query: [] })}${random.pick(['/10', '/10/', '?17', '?17=', '//'])}`,
  'parameters of others': (link, random) => linkText(link) + (link.query.length === 0 ? '?' : '&') + random.pick(['linkType=all', 'a', 'a=%zz', '&&', '%31%37=271231', 'x17=1', 'q=1;17=2', '=', 'a=b=c']),
  'a fragment': (link, random) => linkText(link) + random.pick(['#top', '#/10/x', '#?17=000000', '#']),
  'a bad percent sign': (link, random) => inPath(linkText(link), random, random.pick(['%', '%4', '%zz', '%G0'])),
  'an encoded control character': (link, random) => inPath(linkText(link), random, random.pick(['%00', '%1D', '%0A', '%7F', '%80'])),
  'an encoded delimiter': (link, random) => inPath(linkText(link), random, random.pick(['%2F', '%3F', '%23', '%26', '%3D', '%25', '%2B'])),
  'a raw character': (link, random) => inPath(linkText(link), random, random.pick(['"', '<', '>', ' ', '\\', '^', '|', '\t', 'é', '+', '*', '(', ';', ',', '/', '?', '&', '=', '#', '.', '%2E'])),
  'a scheme of another kind': (link, random) => linkText(link).replace(/^[A-Za-z]+:/, random.pick(['Https:', 'ftp:', 'urn:', 'https', '', 'hTTp:'])),
  'another domain': (link, random) => linkText(link).replace(/\/\/[^/]*/, random.pick(['//', '//u@id.example', '//id_x.example', '//-', '//id..example', '//[::1]', '//id.example:', '//id%2Eexample', '//localhost'])),
  'dots for a value': revalued((_, random) => random.pick(['.', '..'])),
  'encoded twice': (link) => linkText(link).replace(/%/g, '%25'),
  'written in small hex': (link) => linkText(link).replace(/%../g, (each) => each.toLowerCase()),
  'everything encoded': (link) => linkText({ ...link, query: [] }).replace(/\/(\d{2,4})\/([^/?]+)$/, (_, ai: string, value: string) => `/${ai}/${value.replace(/[0-9A-Za-z](?![0-9A-F]?%)/, (c) => `%${c.charCodeAt(0).toString(16)}`)}`),
};
