import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDigitOf, hasCheckDigit } from '#domain/gs1/check-digit.js';
import { checkPairOf, hasCheckPair } from '#domain/gs1/check-pair.js';
import { SET_82 } from '#domain/gs1/character-sets.js';

const digits = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });

describe('check digit', () => {
  test.each([
    { whole: '9520000000011', source: 'demonstration prefix 952, GTIN-13' },
    { whole: '9520000000028', source: 'demonstration prefix 952, GTIN-13' },
    { whole: '9521234543213', source: 'demonstration prefix 952, GTIN-13' },
    { whole: '9520123456788', source: 'demonstration prefix 952, GTIN-13' },
    { whole: '19520000000018', source: 'demonstration prefix 952, GTIN-14' },
    { whole: '9520000000103', source: 'demonstration prefix 952, GLN' },
    { whole: '095200000000000011', source: 'demonstration prefix 952, SSCC' },
    { whole: '395200000000000012', source: 'demonstration prefix 952, SSCC' },
    { whole: '614141999996', source: 'GS1 General Specifications, GTIN-12 example' },
    { whole: '106141412345678908', source: 'EPC Tag Data Standard 7.4, SSCC example' },
    { whole: '12345670', source: 'GTIN-8 by the rule: 1·3+2+3·3+4+5·3+6+7·3 = 60' },
  ])('$whole is right ($source)', ({ whole }) => {
    expect(checkDigitOf(whole.slice(0, -1))).toBe(whole.slice(-1));
    expect(hasCheckDigit(whole)).toBe(true);
  });

  test.each(['9520000000012', '', '0', '5', '95200000000a1', '９5', ' 12345670', '12345670 '])('%j has none', (text) => expect(hasCheckDigit(text)).toBe(false));

  test.each(['', '12a', '１２'])('asking for the digit behind %j is a bug', (text) => expect(() => checkDigitOf(text)).toThrow(TypeError));

  test('any single digit changed is noticed', () => {
    fc.assert(fc.property(digits(1, 17), fc.nat(), fc.integer({ min: 1, max: 9 }), (body, place, by) => {
      const whole = body + checkDigitOf(body);
      const at = place % whole.length;
      const changed = whole.slice(0, at) + String((Number(whole[at]) + by) % 10) + whole.slice(at + 1);
      expect(hasCheckDigit(whole)).toBe(true);
      expect(hasCheckDigit(changed)).toBe(false);
    }), { numRuns: 2_000 });
  });

  test('two neighbours exchanged are noticed, unless they differ by five', () => {
    fc.assert(fc.property(digits(2, 17), fc.nat(), (body, place) => {
      const whole = body + checkDigitOf(body);
      const at = place % (whole.length - 1);
      const exchanged = whole.slice(0, at) + whole[at + 1]! + whole[at]! + whole.slice(at + 2);
      const apart = Math.abs(Number(whole[at]) - Number(whole[at + 1]));
      expect(hasCheckDigit(exchanged)).toBe(apart === 0 || apart === 5);
    }));
  });
});

describe('check character pair', () => {
  test.each([
    { whole: '1987654Ad4X4bL5ttr2310c2K', source: 'GS1 General Specifications 7.9.5, GMN example' },
  ])('$whole is right ($source)', ({ whole }) => {
    expect(checkPairOf(whole.slice(0, -2))).toBe(whole.slice(-2));
    expect(hasCheckPair(whole)).toBe(true);
  });

  test.each(['', '2K', '1987654Ad4X4bL5ttr2310c2L', '1987654Ad4X4bL5ttr2310d2K', 'x'.repeat(26), 'a b22'])('%j has none', (text) => expect(hasCheckPair(text)).toBe(false));

  test('any single character changed is noticed', () => {
    const text = fc.string({ unit: fc.constantFrom(...SET_82), minLength: 1, maxLength: 23 });
    fc.assert(fc.property(text, fc.nat(), fc.nat({ max: 80 }), (body, place, by) => {
      const at = place % body.length;
      const other = SET_82[(SET_82.indexOf(body[at]!) + 1 + by) % 82]!;
      expect(checkPairOf(body.slice(0, at) + other + body.slice(at + 1))).not.toBe(checkPairOf(body));
    }), { numRuns: 1_000 });
  });
});
