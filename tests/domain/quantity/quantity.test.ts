import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apportion } from '#domain/quantity/apportion.js';
import { formatDecimal, parseDecimal } from '#domain/quantity/decimal.js';
import { componentMass, formatKilograms, parseKilograms, parsePercent } from '#domain/quantity/mass.js';
import { throwsWith } from '../../support/rejects-with.js';

describe('decimals', () => {
  test.each([['0', 0n], ['25.5', 25_500_000n], ['0.000001', 1n], ['999999999999999.999999', 999_999_999_999_999_999_999n]] as const)(
    '%s', (text, value) => expect(parseDecimal(text, 6)).toBe(value),
  );

  // What JavaScript's own Number() takes and a quantity must not (trust.md 0.5).
  test.each(['', '  ', '0x10', '1e3', 'Infinity', 'NaN', '-1', '+1', '01', '.5', '5.', '1,5', '1 000', '1_000', '９', '1000000000000000', '1.0000001', '1\n'])(
    '%j is none', (text) => throwsWith(() => parseDecimal(text, 6), 'QUANTITY_MALFORMED'),
  );

  test('more places than the unit has', () => throwsWith(() => parseDecimal('1.00001', 4), 'QUANTITY_TOO_FINE', { places: '4' }));

  test('format and parse are inverse', () => {
    fc.assert(fc.property(fc.bigInt(0n, 10n ** 21n - 1n), fc.integer({ min: 0, max: 6 }), (value, places) => {
      const bounded = value % 10n ** BigInt(15 + places);
      expect(parseDecimal(formatDecimal(bounded, places), places)).toBe(bounded);
    }));
  });
});

describe('mass', () => {
  test('nothing is no mass', () => throwsWith(() => parseKilograms('0.000000'), 'QUANTITY_ZERO'));
  test('more than the whole', () => throwsWith(() => parsePercent('100.0001'), 'CONTENT_ABOVE_WHOLE'));
  test('kilograms read back', () => expect(formatKilograms(parseKilograms('24.050001'))).toBe('24.050001'));
  test.each([
    [200_000_000n, '98', 196_000_000n], [1n, '0.0001', 1n], [3n, '50', 2n], [0n, '98', 0n],
  ])('%s mg at %s %%', (mass, content, component) => expect(componentMass(mass, parsePercent(content))).toBe(component));
});

describe('apportioning by largest remainder', () => {
  test.each([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [10n, [0n, 3n, 7n], [0n, 3n, 7n]],
    [0n, [1n, 2n], [0n, 0n]],
    [1n, [1n, 1n], [1n, 0n]],
    [7n, [2n, 2n, 2n], [3n, 2n, 2n]],
  ])('%s by %s', (total, weights, parts) => expect(apportion(total, weights)).toEqual(parts));

  test.each([[1n, []], [1n, [0n, 0n]], [-1n, [1n]], [1n, [2n, -1n]]])('%s by %s is a bug', (total, weights) => {
    expect(() => apportion(total, weights)).toThrow(TypeError);
  });

  test('the parts add up, none is a whole unit from its due, and none has less where its weight is more', () => {
    const weights = fc.array(fc.bigInt(0n, 10n ** 15n), { minLength: 1, maxLength: 20 }).filter((all) => all.some((one) => one > 0n));
    fc.assert(fc.property(fc.bigInt(0n, 10n ** 15n), weights, (total, all) => {
      const parts = apportion(total, all);
      const sum = all.reduce((a, b) => a + b, 0n);
      expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
      parts.forEach((part, index) => {
        const off = part * sum - total * all[index]!;
        expect(off > -sum && off < sum).toBe(true);
        parts.forEach((other, at) => all[at]! < all[index]! ? expect(other <= part).toBe(true) : undefined);
      });
    }), { numRuns: 2000 });
  });
});
