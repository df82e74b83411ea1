/** Makes data fields that GS1's rules accept, for every Application Identifier. */
import type { ApplicationIdentifier, Component } from '#domain/gs1/ai-table/ai-entry.js';
import { SET_82, type CharacterSet } from '#domain/gs1/character-sets.js';
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import { checkPairOf } from '#domain/gs1/check-pair.js';
import type { LinterName } from '#domain/gs1/linters.js';
import type { Random } from './seeded-random.js';

const DIGITS = '0123456789';
const ALPHABETS: Readonly<Record<CharacterSet, string>> = {
  N: DIGITS,
  X: SET_82,
  Y: '#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  Z: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
};

type Maker = (random: Random, length: number) => string;

const two = (random: Random, below: number, from = 0): string => String(from + random.below(below)).padStart(2, '0');
const sized = (random: Random, from: number, to: number, more: number): string => {
  const digit = from + random.below(to - from + 1);
  return `${digit}${random.text(DIGITS, digit + more)}`;
};

/** For the linters that leave so little that a random value would hardly ever fit. */
const MAKERS: Partial<Record<LinterName, Maker>> = {
  csum: (random, length) => {
    const body = random.text(DIGITS, length - 1);
    return body + checkDigitOf(body);
  },
  csumalpha: (random, length) => {
    const body = random.text(DIGITS, 5) + random.text(SET_82, Math.max(length, 9) - 8) + 'a';
    return body + checkPairOf(body)!;
  },
  yymmdd: (random) => two(random, 100) + two(random, 12, 1) + two(random, 28, 1),
  yymmd0: (random) => two(random, 100) + two(random, 12, 1) + two(random, 29),
  yyyymmdd: (random) => `${1900 + random.below(200)}${two(random, 12, 1)}${two(random, 28, 1)}`,
  hh: (random) => two(random, 24),
  mi: (random) => two(random, 60),
  ss: (random) => two(random, 60),
  hhmi: (random) => two(random, 24) + two(random, 60),
  iso3166: (random) => random.pick(['704', '840', '276', '004', '894']),
  iso3166999: (random) => random.pick(['704', '999', '392']),
  iso3166alpha2: (random) => random.pick(['VN', 'DE', 'ZW', 'AD']),
  iso4217: (random) => random.pick(['704', '840', '978']),
  mediatype: (random) => random.pick(['01', '10', '80', '99']),
  packagetype: (random) => random.pick(['1A', '8', 'PX', 'X11', 'ZZ']),
  iso5218: (random) => random.pick(['0', '1', '2', '9']),
  zero: () => '0',
  nonzero: (random, length) => `1${random.text(DIGITS, length - 1)}`,
  nozeroprefix: (random, length) => `7${random.text(DIGITS, length - 1)}`,
  hyphen: () => '-',
  yesno: (random) => random.pick(['0', '1']),
  winding: (random) => random.pick(['0', '1', '9']),
  importeridx: (random) => random.pick(['-', '0', 'A', '_', 'z']),
  pieceoftotal: (random) => random.pick(['0101', '0102', '9999', '1020']),
  posinseqslash: (random) => random.pick(['1/1', '1/2', '3/9']),
  latitude: (random) => `1${random.text('01234567', 1)}${random.text(DIGITS, 8)}`,
  longitude: (random) => `3${random.text('012345', 1)}${random.text(DIGITS, 8)}`,
  iban: (random) => random.pick(['FR7630006000011234567890189', 'BE71096123456769', 'GB98MIDL07009312345678']), // published examples
  pcenc: (random, length) => (length < 4 ? 'A' : `A%2${random.text('09afAF', 1)}${random.text('ABC xyz'.replace(' ', ''), length - 4)}`),
  couponcode: (random) => `${sized(random, 0, 6, 6)}${random.text(DIGITS, 6)}${sized(random, 1, 5, 0)}${sized(random, 1, 5, 0)}${random.pick(['0', '4', '9'])}`
    + `${random.text(DIGITS, 3)}${random.chance(2) ? `3${two(random, 50, 22)}0131` : ''}${random.chance(2) ? '4220101' : ''}${random.chance(2) ? '95000' : ''}`,
  couponposoffer: (random) => `${random.below(2)}${sized(random, 0, 6, 6)}${random.text(DIGITS, 6)}${sized(random, 0, 9, 6)}`,
};

/** A data field that fits the AI. */
export function validValue(entry: ApplicationIdentifier, random: Random): string {
  let value = '';
  for (const component of entry.components) {
    if (component.optional && random.chance(2)) break;
    value += validPart(component, random);
  }
  return value;
}

function validPart(component: Component, random: Random): string {
  const { min, max, set } = component;
  const names = component.linters.map((linter) => linter.name);
  const shortest = names.some((name) => name === 'gcppos1' || name === 'gcppos2') ? Math.max(min, 6) : min;
  const length = shortest + random.below(max - shortest + 1);
  for (const name of names) {
    const made = MAKERS[name]?.(random, length);
    if (made !== undefined) return made;
  }
  if (names.includes('gcppos1')) return random.text(DIGITS, 5) + random.text(ALPHABETS[set], length - 5);
  return random.text(ALPHABETS[set], length);
}
