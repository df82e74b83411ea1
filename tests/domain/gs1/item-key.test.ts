import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SET_82 } from '#domain/gs1/character-sets.js';
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import { parseGtin } from '#domain/gs1/gtin.js';
import type { Identification } from '#domain/gs1/identification.js';
import {
  itemKeyOf, lotKey, parseGln, parseItemKey, parseLot, parseSerial, parseSscc, partyKey, placeKey, productKey, serialKey, ssccKey, type ParsedItemKey,
} from '#domain/gs1/item-key.js';
import { throwsWith } from '../../support/rejects-with.js';

const gtin = parseGtin('9520000000011');

const KEYS: readonly [string, ParsedItemKey][] = [
  ['/01/09520000000011', { kind: 'product', gtin }],
  ['/01/09520000000011/22/2A', { kind: 'variant', gtin, variant: '2A' }],
  ['/01/09520000000011/10/LO26-001', { kind: 'lot', gtin, lot: parseLot('LO26-001') }],
  ['/01/09520000000011/10/A%2FB', { kind: 'lot', gtin, lot: parseLot('A/B') }],
  ['/01/09520000000011/10/%2541', { kind: 'lot', gtin, lot: parseLot('%41') }],
  ['/01/09520000000011/22/2A/10/LO26-001', { kind: 'variant-lot', gtin, variant: '2A', lot: parseLot('LO26-001') }],
  ['/01/09520000000011/21/007', { kind: 'serial', gtin, serial: parseSerial('007') }],
  ['/01/09520000000011/235/T%2BX', { kind: 'third-party-serial', gtin, extension: 'T+X' }],
  ['/00/395200000000000012', { kind: 'unit', sscc: parseSscc('395200000000000012') }],
  ['/414/9520000000103', { kind: 'place', gln: parseGln('9520000000103') }],
  ['/414/9520000000103/254/B-12', { kind: 'place', gln: parseGln('9520000000103'), extension: 'B-12' }],
  ['/417/9520000000103', { kind: 'party', gln: parseGln('9520000000103') }],
  ['/414/9520000000103/7040/1ABC', { kind: 'identifier', primaryKey: { ai: '414', value: '9520000000103' }, qualifiers: [{ ai: '7040', value: '1ABC' }] }],
  ['/8004/9520ABC', { kind: 'identifier', primaryKey: { ai: '8004', value: '9520ABC' }, qualifiers: [] }],
  ['/8010/9520%23A/8011/7', { kind: 'identifier', primaryKey: { ai: '8010', value: '9520#A' }, qualifiers: [{ ai: '8011', value: '7' }] }],
  ['/8006/195200000000180102/21/S1', { kind: 'identifier', primaryKey: { ai: '8006', value: '195200000000180102' }, qualifiers: [{ ai: '21', value: 'S1' }] }],
];

const percented = (text: string, every: boolean[]): string => Array.from(text, (c, at) => (every[at % every.length] ? `%${c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}` : c)).join('');

describe('item key', () => {
  test.each(KEYS)('%s', (key, parsed) => {
    expect(parseItemKey(key)).toEqual(parsed);
  });

  test('the key functions write what is read', () => {
    expect(productKey(gtin)).toBe('/01/09520000000011');
    expect(lotKey(gtin, parseLot('a/B'))).toBe('/01/09520000000011/10/a%2FB');
    expect(serialKey(gtin, parseSerial('_'))).toBe('/01/09520000000011/21/_');
    expect(ssccKey(parseSscc('395200000000000012'))).toBe('/00/395200000000000012');
    expect(placeKey(parseGln('9520000000103'), 'B/1')).toBe('/414/9520000000103/254/B%2F1');
    expect(partyKey(parseGln('9520000000103'))).toBe('/417/9520000000103');
  });

  test.each([
    { path: '/01/9520000000011', canonical: '/01/09520000000011', why: 'a GTIN-13' },
    { path: '/01/09520000000011/10/A%2fB', canonical: '/01/09520000000011/10/A%2FB', why: 'small hex' },
    { path: '/01/09520000000011/10/%41', canonical: '/01/09520000000011/10/A', why: 'an unreserved character encoded' },
    { path: '/01/09520000000011/10/A+B', canonical: '/01/09520000000011/10/A%2BB', why: 'a reserved character raw' },
    { path: '/01/09520000000011/10/L/21/S', canonical: '/01/09520000000011/21/S', why: 'a lot beside a serial' },
    { path: '/01/09520000000011/22/V/21/S', canonical: '/01/09520000000011/21/S', why: 'a variant beside a serial' },
    { path: '/01/09520000000011/', canonical: '/01/09520000000011', why: 'a slash at the end' },
    { path: '/01/09520000000011/17/271231', canonical: '/01/09520000000011', why: 'an attribute' },
    { path: '/01/09520000000011/10/L/10/L', canonical: '/01/09520000000011/10/L', why: 'a repeated qualifier' },
    { path: '/8006/195200000000180102/10/L/21/S1', canonical: '/8006/195200000000180102/21/S1', why: 'a lot beside the serial of a piece' },
  ])('$path is not canonical: $why', ({ path, canonical }) => {
    throwsWith(() => parseItemKey(path), 'ITEM_KEY_NOT_CANONICAL', { key: path, canonical });
  });

  test.each([
    ['', 'ITEM_KEY_MALFORMED'], ['01/09520000000011', 'ITEM_KEY_MALFORMED'], ['//01/09520000000011', 'AI_UNKNOWN'], ['/', 'AI_UNKNOWN'],
    ['https://id.gs1.org/01/09520000000011', 'ITEM_KEY_MALFORMED'],
    ['/01', 'GTIN_MALFORMED'], ['/01/09520000000012', 'GTIN_CHECK_DIGIT_WRONG'], ['/01/09520000000011/10/', 'LOT_MALFORMED'],
    ['/01/09520000000011/10/%zz', 'LOT_MALFORMED'], ['/01/09520000000011/10/a%20b', 'LOT_MALFORMED'], ['/01/09520000000011/21/%00', 'SERIAL_MALFORMED'],
    ['/01/09520000000011/10/..', 'LOT_MALFORMED'], ['/01/09520000000011/21/%2E', 'SERIAL_MALFORMED'],
    ['/01/09520000000011/22/a%20b', 'AI_VALUE_CHARACTERS'], ['/01/09520000000011/235/..', 'ITEM_KEY_MALFORMED'],
    ['/00/395200000000000013', 'SSCC_CHECK_DIGIT_WRONG'], ['/00/3952', 'SSCC_MALFORMED'], ['/414/9520000000104', 'GLN_CHECK_DIGIT_WRONG'], ['/417/95', 'GLN_MALFORMED'],
    ['/414/9520000000103/254/a%0Ab', 'AI_VALUE_CHARACTERS'], ['/10/LOT', 'ITEM_KEY_MALFORMED'], ['/99/x', 'ITEM_KEY_MALFORMED'], ['/8004/952', 'AI_COMPANY_PREFIX_MISSING'],
    ['/8010/9520A/8011/07', 'AI_VALUE_NOT_ALLOWED'], ['/8004/9520A/8011/7', 'ITEM_KEY_MALFORMED'],
    ['/417/9520000000103/', 'ITEM_KEY_MALFORMED'],
  ] as const)('%s is refused: %s', (text, code) => throwsWith(() => parseItemKey(text), code));

  test('a hostile length is refused and not carried along', () => {
    throwsWith(() => parseItemKey(`/01/09520000000011/10/${'A'.repeat(1e6)}`), 'LOT_MALFORMED', { lot: 'A'.repeat(40) });
    throwsWith(() => parseItemKey('/'.repeat(1e6)), 'AI_UNKNOWN', { ai: '' });
  });

  test('the key of a link leaves out what does not name the thing', () => {
    const link: Identification = { primaryKey: { ai: '01', value: '09520000000011' }, qualifiers: [{ ai: '22', value: 'V' }, { ai: '10', value: 'L' }, { ai: '21', value: 'S' }] };
    expect(itemKeyOf(link)).toBe('/01/09520000000011/21/S');
    expect(itemKeyOf({ ...link, qualifiers: link.qualifiers.slice(0, 2) })).toBe('/01/09520000000011/22/V/10/L');
    expect(itemKeyOf({ ...link, qualifiers: [] })).toBe('/01/09520000000011');
  });

  test('two things never share a key, and every key reads back', () => {
    const value = fc.string({ unit: fc.constantFrom(...SET_82), minLength: 1, maxLength: 20 }).filter((text) => !/^\.{1,2}$/.test(text));
    const item = fc.record({ body: fc.constantFrom('0952000000001', '1952000000001', '0952000000002'), ai: fc.constantFrom('10', '21', '22', '235'), text: value });
    fc.assert(fc.property(item, item, (a, b) => {
      const [first, second] = [a, b].map(({ body, ai, text }) => itemKeyOf({ primaryKey: { ai: '01', value: body + checkDigitOf(body) }, qualifiers: [{ ai, value: text }] }));
      expect(first === second).toBe(a.body === b.body && a.ai === b.ai && a.text === b.text);
      expect(parseItemKey(first!)).toMatchObject({ gtin: a.body + checkDigitOf(a.body) });
      expect(Object.values(parseItemKey(first!))).toContain(a.text);
    }), { numRuns: 1_000 });
  });

  test('only the canonical spelling of a key is a key', () => {
    fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/), fc.array(fc.boolean(), { minLength: 1 }), (lot, every) => {
      const key = `/01/09520000000011/10/${percented(lot, every)}`;
      if (key.includes('%')) throwsWith(() => parseItemKey(key), 'ITEM_KEY_NOT_CANONICAL', { canonical: `/01/09520000000011/10/${lot}` });
      else expect(parseItemKey(key)).toMatchObject({ kind: 'lot', lot });
    }));
  });
});

describe('lots and serials', () => {
  test.each(['1', '007', 'LO26-001', 'lo26-001', SET_82.slice(0, 20), SET_82.slice(62, 82), 'A'.repeat(20), '...', '%2E'])('%j is one as it stands', (text) => {
    expect(parseLot(text)).toBe(text);
    expect(parseSerial(text)).toBe(text);
  });

  test.each(['', 'A'.repeat(21), 'A B', 'A\u001dB', 'A#B', 'A@B', 'Lô1', 'A\n', '.', '..', '\u0000'])('%j is none', (text) => {
    throwsWith(() => parseLot(text), 'LOT_MALFORMED', { lot: text });
    throwsWith(() => parseSerial(text), 'SERIAL_MALFORMED', { serial: text });
  });

  test.each([['395200000000000013', '2'], ['095200000000000012', '1']])('SSCC %s should end in %s', (sscc, expected) => throwsWith(() => parseSscc(sscc), 'SSCC_CHECK_DIGIT_WRONG', { sscc, expected }));
  test('GLN 9520000000104 should end in 3', () => throwsWith(() => parseGln('9520000000104'), 'GLN_CHECK_DIGIT_WRONG', { gln: '9520000000104', expected: '3' }));
});
