import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkEnterpriseNumber, enterpriseCheckDigit, enterpriseNumberForm, enterpriseNumberKind, parseEnterpriseNumber, type EnterpriseNumber } from '#domain/credential/enterprise-number.js';
import { Problem } from '#domain/errors.js';
import { throwsWith } from '../../support/rejects-with.js';

const nineDigits = fc.integer({ min: 0, max: 999_999_999 }).map((n) => String(n).padStart(9, '0'));
const usable = nineDigits.filter((base) => enterpriseCheckDigit(base) !== undefined);

describe('mã số doanh nghiệp', () => {
  test.each([
    ['0100109106', 'enterprise', 'domain.md 6, published by the enterprise'],
    ['0100047516', 'enterprise', 'domain.md 6'],
    ['0100233488', 'enterprise', 'example of python-stdnum, stdnum.vn.mst'],
    ['0314409058-002', 'branch', 'example of python-stdnum, stdnum.vn.mst'],
    ['0100109106-999', 'branch', 'last branch number there can be'],
    ['000204000001', 'person', 'province 000 does not exist: nobody has this number (domain.md 6)'],
  ])('%s is the number of a kind: %s (%s)', (text, kind) => {
    expect(parseEnterpriseNumber(text)).toBe(text);
    expect(enterpriseNumberKind(text)).toBe(kind);
  });

  test.each([
    ['0100109107', 'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG'], ['0100109106-000', 'ENTERPRISE_NUMBER_MALFORMED'], ['0100233480', 'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG'], ['1010109106', 'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG'],
    ['0314409059-002', 'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG'], ['0000000000', 'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG'],
    ['', 'ENTERPRISE_NUMBER_MALFORMED'], ['12345', 'ENTERPRISE_NUMBER_MALFORMED'], ['01001091060', 'ENTERPRISE_NUMBER_MALFORMED'], ['0100109106001', 'ENTERPRISE_NUMBER_MALFORMED'], ['0100109106-01', 'ENTERPRISE_NUMBER_MALFORMED'],
    [' 0100109106', 'ENTERPRISE_NUMBER_MALFORMED'], ['01001O9106', 'ENTERPRISE_NUMBER_MALFORMED'], ['٠١٠٠١٠٩١٠٦', 'ENTERPRISE_NUMBER_MALFORMED'], ['0100109106\n', 'ENTERPRISE_NUMBER_MALFORMED'],
  ] as const)('%j is refused: %s', (text, code) => throwsWith(() => parseEnterpriseNumber(text), code, { value: text }));

  test('one base in eleven has no number', () => {
    const bases = Array.from({ length: 11_000 }, (_, n) => String(n * 90_001).padStart(9, '0'));
    expect(bases.filter((base) => enterpriseCheckDigit(base) === undefined).length).toBeCloseTo(1000, -2);
  });

  test('a digit mistyped is always seen, and two neighbours exchanged too', () => {
    fc.assert(fc.property(usable, fc.nat(9), fc.integer({ min: 1, max: 9 }), (base, at, by) => {
      const number = `${base}${enterpriseCheckDigit(base) ?? ''}`;
      const mistyped = number.slice(0, at) + String((Number(number[at]) + by) % 10) + number.slice(at + 1);
      expect(() => parseEnterpriseNumber(mistyped)).toThrow(Problem);
      const exchanged = number.slice(0, at) + (number[at + 1] ?? '') + (number[at] ?? '') + number.slice(at + 2);
      if (at < 8 && exchanged !== number) expect(() => parseEnterpriseNumber(exchanged)).toThrow(Problem);
    }));
  });

  test('real ones stand in credentials if they check, fictional ones if they do not', () => {
    fc.assert(fc.property(usable, fc.nat(9), (base, digit) => {
      const number = `${base}${digit}` as EnterpriseNumber;
      const isReal = enterpriseCheckDigit(base) === digit;
      const real = (): void => checkEnterpriseNumber(number, undefined);
      const fictional = (): void => checkEnterpriseNumber(number, 'yes');
      throwsWith(isReal ? fictional : real, isReal ? 'ENTERPRISE_NUMBER_NOT_FICTIONAL' : 'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG', { field: 'enterpriseNumber' });
      expect(isReal ? real : fictional).not.toThrow();
    }));
  });

  test('a personal number does not', () => throwsWith(() => enterpriseNumberForm('000204000001'), 'ENTERPRISE_NUMBER_PERSONAL'));
});
