import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import { isGtin8, parseGtin } from '#domain/gs1/gtin.js';
import { throwsWith } from '../../support/rejects-with.js';

describe('GTIN', () => {
  test.each([
    ['9520000000011', '09520000000011', 'GTIN-13'],
    ['19520000000018', '19520000000018', 'GTIN-14'],
    ['614141999996', '00614141999996', 'GTIN-12'],
    ['12345670', '00000012345670', 'GTIN-8'],
    ['00000012345670', '00000012345670', 'GTIN-8 already filled up'],
  ])('%s is %s (%s)', (text, gtin) => expect(parseGtin(text)).toBe(gtin));

  test.each(['', '1234567', '123456789', '12345678901', '095200000000110', ' 9520000000011', '9520000000011 ', '9520000000011\n', '952-000000-0011', '952000000001X', '９520000000011', '+520000000011'])(
    '%j is malformed', (text) => throwsWith(() => parseGtin(text), 'GTIN_MALFORMED', { gtin: text }));

  test.each([
    ['9520000000012', '1'], ['19520000000011', '8'], ['12345671', '0'], ['614141999990', '6'],
  ])('%s has a wrong check digit, %s is right', (gtin, expected) => throwsWith(() => parseGtin(gtin), 'GTIN_CHECK_DIGIT_WRONG', { gtin, expected }));

  test('a hostile text is not carried whole into the refusal', () => throwsWith(() => parseGtin('9'.repeat(1e6)), 'GTIN_MALFORMED', { gtin: '9'.repeat(40) }));

  test('all spellings of one GTIN are one text', () => {
    fc.assert(fc.property(fc.stringMatching(/^\d{7}$/), (body) => {
      const gtin8 = body + checkDigitOf(body);
      const spellings = [8, 12, 13, 14].map((length) => parseGtin(gtin8.padStart(length, '0')));
      expect(new Set(spellings).size).toBe(1);
      expect(isGtin8(spellings[0]!)).toBe(true);
    }));
  });

  test('reading a GTIN again changes nothing', () => {
    fc.assert(fc.property(fc.stringMatching(/^\d{13}$/), (body) => {
      const gtin = parseGtin(body + checkDigitOf(body));
      expect(parseGtin(gtin)).toBe(gtin);
    }));
  });

  test('a GTIN-12 or -13 is no GTIN-8', () => {
    expect(isGtin8(parseGtin('9520000000011'))).toBe(false);
    expect(isGtin8(parseGtin('614141999996'))).toBe(false);
  });
});
