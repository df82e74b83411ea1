import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProblemCode, ProblemFields } from '#domain/errors.js';
import { checkAssociations } from '#domain/gs1/associations.js';
import { formatBracketed, formatScanned, parseElementString } from '#domain/gs1/element-string.js';
import { identify, type AiValue } from '#domain/gs1/identification.js';
import { itemKeyOf } from '#domain/gs1/item-key.js';
import { throwsWith } from '../../support/rejects-with.js';
import { ALL_AIS, validElements } from './generated-links.js';
import { seededRandom } from './seeded-random.js';

const GS = '\u001d';
const elements = (text: string): AiValue[] => text.split(' ').map((pair) => ({ ai: pair.split('=')[0]!, value: pair.slice(pair.indexOf('=') + 1) }));

describe('reading an element string', () => {
  const all = elements('01=09520000000011 10=LO26-001 21=7QK2M9ZD4XWA 17=271231');
  test.each([
    ['in brackets', '(01)09520000000011(10)LO26-001(21)7QK2M9ZD4XWA(17)271231'],
    ['as scanned', `010952000000001110LO26-001${GS}217QK2M9ZD4XWA${GS}17271231`],
    ['with a leading FNC1', `${GS}010952000000001110LO26-001${GS}217QK2M9ZD4XWA${GS}17271231`],
    ['with FNC1 behind everything', `0109520000000011${GS}10LO26-001${GS}217QK2M9ZD4XWA${GS}17271231${GS}`],
    ['from GS1 DataMatrix', `]d2010952000000001110LO26-001${GS}217QK2M9ZD4XWA${GS}17271231`],
    ['from GS1-128', `]C1010952000000001110LO26-001${GS}217QK2M9ZD4XWA${GS}17271231`],
    ['from GS1 DataBar', `]e0010952000000001110LO26-001${GS}217QK2M9ZD4XWA${GS}17271231`],
    ['from GS1 QR Code', `]Q3010952000000001110LO26-001${GS}217QK2M9ZD4XWA${GS}17271231`],
    ['from GS1 DotCode', `]J1010952000000001110LO26-001${GS}217QK2M9ZD4XWA${GS}17271231`],
  ])('%s', (_, text) => {
    expect(parseElementString(text)).toEqual(all);
    expect(itemKeyOf(identify(parseElementString(text)))).toBe('/01/09520000000011/21/7QK2M9ZD4XWA');
  });

  test.each([
    [']E09520000000011', '09520000000011', 'EAN-13'], [']E0614141999996', '00614141999996', 'UPC-A'], [']E412345670', '00000012345670', 'EAN-8'], [']I119520000000018', '19520000000018', 'ITF-14'],
  ])('%s is the GTIN %s (%s)', (text, value) => expect(parseElementString(text)).toEqual([{ ai: '01', value }]));

  test.each([
    { text: '(01)09520000000011(10)A\\(B(21)C', lot: 'A(B', why: 'an escaped bracket belongs to the value' },
    { text: '(01)09520000000011(10)A)B(21)C', lot: 'A)B', why: 'a closing bracket needs no escape' },
    { text: '(01)09520000000011(10)\\(21)C(21)C', lot: '(21)C', why: 'a whole escaped AI belongs to the value' },
    { text: `010952000000001110(21)C${GS}21C`, lot: '(21)C', why: 'brackets mean nothing in scanned data' },
  ])('$text has the lot $lot: $why', ({ text, lot }) => expect(parseElementString(text)).toEqual([{ ai: '01', value: '09520000000011' }, { ai: '10', value: lot }, { ai: '21', value: 'C' }]));

  test('an AI said twice alike stands once', () => expect(parseElementString('(01)09520000000011(10)A(10)A')).toEqual(elements('01=09520000000011 10=A')));

  test('a short check of the table: measures, dates and countries', () => {
    expect(parseElementString(`0109520000000011310300019511260102${GS}422704`)).toEqual(elements('01=09520000000011 3103=000195 11=260102 422=704'));
  });

  const REFUSALS: readonly [string, ProblemCode, ProblemFields][] = [
    ['', 'ELEMENT_STRING_MALFORMED', { at: '0' }], [GS, 'ELEMENT_STRING_MALFORMED', { at: '0' }], [']d2', 'ELEMENT_STRING_MALFORMED', { at: '0' }],
    [']d2]d201', 'AI_UNKNOWN', { at: '0' }], [']A09520000000011', 'AI_UNKNOWN', { at: '0' }], [' 0109520000000011', 'AI_UNKNOWN', { at: '0' }],
    ['0109520000000011049', 'AI_UNKNOWN', { ai: '049', at: '16' }], [`0109520000000011${GS}${GS}10A`, 'AI_UNKNOWN', { at: '17' }],
    ['(01)09520000000012', 'AI_CHECK_DIGIT_WRONG', { ai: '01' }], ['(01)9520000000011', 'AI_VALUE_TOO_SHORT', { ai: '01' }], ['010952000000001', 'AI_VALUE_TOO_SHORT', { ai: '01' }],
    ['(01)09520000000011(10)', 'AI_VALUE_TOO_SHORT', { ai: '10' }], [`010952000000001110${GS}21A`, 'AI_VALUE_TOO_SHORT', { ai: '10' }],
    ['(01)09520000000011(10)A(B', 'ELEMENT_STRING_MALFORMED', { at: '23' }], ['(01)09520000000011(1', 'ELEMENT_STRING_MALFORMED', { at: '18' }], ['(01)09520000000011\\', 'ELEMENT_STRING_MALFORMED', { at: '18' }],
    ['(01 )09520000000011', 'ELEMENT_STRING_MALFORMED', { at: '0' }], ['(1)09520000000011', 'ELEMENT_STRING_MALFORMED', { at: '0' }], ['(01)0952000000001 1', 'AI_VALUE_TOO_LONG', { ai: '01' }],
    ['(01)09520000000011(10)A(10)B', 'AI_REPEATED', { ai: '10' }], ['(01)09520000000011(01)09520000000028', 'AI_REPEATED', { ai: '01' }],
    ['(10)A', 'AI_REQUIRES', { ai: '10', needs: '01 or 02 or 03 or 8006 or 8026' }], ['(01)09520000000011(255)9520000000011', 'AI_EXCLUDES', { ai: '01', other: '255' }],
    ['(00)395200000000000012(37)5', 'AI_REQUIRES', { ai: '37', needs: '00 with 02 or 00 with 8026' }], ['(01)09520000000011(3102)000195(3103)000195', 'AI_EXCLUDES', { ai: '3102', other: '310n' }],
    ['(01)09520000000011(21)A(235)B', 'AI_EXCLUDES', { ai: '21', other: '235' }], [']E09520000000012', 'GTIN_CHECK_DIGIT_WRONG', { expected: '1' }],
    ['0'.repeat(4_097), 'ELEMENT_STRING_TOO_LONG', { length: '4097' }],
  ];
  test.each(REFUSALS.map(([text, code, fields]) => ({ text, code, fields, shown: JSON.stringify(text.slice(0, 60)) })))('$shown is refused: $code', ({ text, code, fields }) => throwsWith(() => parseElementString(text), code, fields));

  test('one of several barcodes on a thing may leave to another what it needs, but not contradict itself', () => {
    const lot = parseElementString('(10)LO26-001(3103)025000', { partial: true });
    throwsWith(() => checkAssociations(lot), 'AI_REQUIRES', { ai: '10' });
    expect(checkAssociations([...parseElementString(']E09520000000011'), ...lot])).toBeUndefined();
    throwsWith(() => parseElementString('(21)A(235)B', { partial: true }), 'AI_EXCLUDES', { ai: '21' });
    throwsWith(() => parseElementString('(10)A B', { partial: true }), 'AI_VALUE_CHARACTERS', { ai: '10' });
  });
});

describe('writing an element string', () => {
  test('predefined lengths first, FNC1 only between the others', () => {
    expect(formatScanned(elements('01=09520000000011 10=LO26-001 17=271231 21=S'))).toBe(`01095200000000111727123110LO26-001${GS}21S`);
    throwsWith(() => formatScanned([{ ai: '04', value: '1' }]), 'AI_UNKNOWN', { ai: '04' });
  });

  test('what is written reads back, for every AI', () => {
    const random = seededRandom(20_261_120);
    for (const { ai } of [...ALL_AIS, ...ALL_AIS, ...ALL_AIS]) {
      const whole = validElements(ai, random);
      expect(parseElementString(formatBracketed(whole))).toEqual(whole);
      const scanned = parseElementString(formatScanned(whole));
      expect(new Map(scanned.map((each) => [each.ai, each.value]))).toEqual(new Map(whole.map((each) => [each.ai, each.value])));
    }
  });

  test('brackets in values never change what is read', () => {
    const value = fc.stringMatching(/^[()A-Z0-9]{1,20}$/);
    fc.assert(fc.property(value, value, (lot, serial) => {
      const whole = [{ ai: '01', value: '09520000000011' }, { ai: '10', value: lot }, { ai: '21', value: serial }];
      expect(parseElementString(formatBracketed(whole))).toEqual(whole);
    }), { numRuns: 1_000 });
  });

  test('a lost FNC1 is never noticed as such, so the lot that is read is another one', () => {
    const whole = elements('01=09520000000011 10=ABC 21=S1');
    expect(parseElementString(formatScanned(whole).replace(GS, ''))).toEqual(elements('01=09520000000011 10=ABC21S1'));
  });
});
