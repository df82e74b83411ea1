import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import { parseCompanyPrefix, prefixCandidates, prefixesCollide, prefixOwns } from '#domain/gs1/company-prefix.js';
import { parseGtin } from '#domain/gs1/gtin.js';
import { parseGln, parseSscc } from '#domain/gs1/item-key.js';
import { throwsWith } from '../../support/rejects-with.js';

describe('company prefix', () => {
  test.each(['9520', '9520000', '893400000001', '0614141', '000001234567', '0001'])('%s can be licensed', (text) => expect(parseCompanyPrefix(text)).toBe(text));

  test.each(['', '952', '9520000000011', '952000x', ' 9520', '９520'])('%j is malformed', (text) => throwsWith(() => parseCompanyPrefix(text), 'COMPANY_PREFIX_MALFORMED', { prefix: text }));

  test.each([
    ['0200', 'variable measure'], ['0400', 'for company use'], ['2000', 'regional circulation'], ['2999999', 'regional circulation'],
    ['0000', 'holds all GTIN-8'], ['00000', 'holds all GTIN-8'], ['00000123', 'holds a hundred thousand GTIN-8'],
  ])('%s is licensed to nobody (%s)', (prefix) => throwsWith(() => parseCompanyPrefix(prefix), 'COMPANY_PREFIX_RESTRICTED', { prefix }));

  test.each([
    { key: parseGtin('19520000000018'), longest: '952000000001', what: 'behind the indicator of a GTIN-14' },
    { key: parseGtin('9520000000011'), longest: '952000000001', what: 'from the start of a GTIN-13' },
    { key: parseGtin('614141999996'), longest: '061414199999', what: 'with the zero of a GTIN-12' },
    { key: parseSscc('395200000000000012'), longest: '952000000000', what: 'behind the extension digit of an SSCC' },
    { key: parseGln('9520000000103'), longest: '952000000010', what: 'from the start of a GLN' },
  ])('candidates start $what', ({ key, longest }) => {
    expect(prefixCandidates(key)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12].map((length) => longest.slice(0, length)));
  });

  test('a GTIN-8 is licensed alone, in whatever packaging', () => {
    const packs = ['12345670', `1000001234567${checkDigitOf('1000001234567')}`].map(parseGtin);
    const own = parseCompanyPrefix('000001234567');
    for (const gtin of packs) {
      expect(prefixCandidates(gtin)).toEqual([own]);
      expect(prefixOwns(own, gtin)).toBe(true);
      expect(prefixOwns('0000' as typeof own, gtin)).toBe(false);
    }
  });

  test('the candidates are exactly the prefixes that own', () => {
    const body = fc.oneof(fc.stringMatching(/^\d{13}$/), fc.stringMatching(/^0{5}\d{8}$/));
    fc.assert(fc.property(body, fc.stringMatching(/^\d{4,12}$/), (digits, other) => {
      const gtin = parseGtin(digits + checkDigitOf(digits));
      const candidates = prefixCandidates(gtin);
      for (const prefix of candidates) expect(prefixOwns(prefix, gtin)).toBe(true);
      const stranger = other as (typeof candidates)[number];
      expect(prefixOwns(stranger, gtin)).toBe(candidates.includes(stranger));
    }));
  });

  test.each([['9520', '95200', true], ['95200', '9520', true], ['9520', '9520', true], ['9520', '9521', false], ['95201', '95200', false]])(
    '%s and %s collide: %s', (a, b, collide) => expect(prefixesCollide(parseCompanyPrefix(a), parseCompanyPrefix(b))).toBe(collide));

  test('two prefixes collide exactly when some GTIN could be claimed under both', () => {
    fc.assert(fc.property(fc.stringMatching(/^[13-9]\d{3,11}$/), fc.stringMatching(/^[13-9]\d{0,4}$/), (base, more) => {
      const [a, b] = [base, (base.slice(0, 4) + more).slice(0, 12)].map(parseCompanyPrefix) as [ReturnType<typeof parseCompanyPrefix>, ReturnType<typeof parseCompanyPrefix>];
      const longer = a.length > b.length ? a : b;
      const body = `0${longer.padEnd(12, '0')}`;
      const gtin = parseGtin(body + checkDigitOf(body));
      expect(prefixesCollide(a, b)).toBe(prefixOwns(a, gtin) && prefixOwns(b, gtin));
    }));
  });
});
