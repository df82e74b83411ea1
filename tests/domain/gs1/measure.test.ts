import { describe, expect, test } from 'vitest';
import { MEASURE_UNITS } from '#domain/gs1/ai-table/measures.js';
import { applicationIdentifiers } from '#domain/gs1/application-identifiers.js';
import { measureField, measureOf } from '#domain/gs1/measure.js';
import { throwsWith } from '../../support/rejects-with.js';

describe('measures (GS1 General Specifications 3.6)', () => {
  test.each([
    { ai: '3103', value: '000195', measure: { unscaled: 195n, decimals: 3, unit: 'KGM' }, what: 'net weight 0.195 kg' },
    { ai: '3100', value: '000025', measure: { unscaled: 25n, decimals: 0, unit: 'KGM' }, what: 'net weight 25 kg' },
    { ai: '3150', value: '000002', measure: { unscaled: 2n, decimals: 0, unit: 'LTR' }, what: 'net volume 2 l' },
    { ai: '3305', value: '999999', measure: { unscaled: 999_999n, decimals: 5, unit: 'KGM' }, what: 'gross weight 9.99999 kg' },
    { ai: '3370', value: '000001', measure: { unscaled: 1n, decimals: 0, unit: '28' }, what: 'one kilogram per square metre' },
    { ai: '3200', value: '000000', measure: { unscaled: 0n, decimals: 0, unit: 'LBR' }, what: 'no pounds' },
    { ai: '3163', value: '001500', measure: { unscaled: 1_500n, decimals: 3, unit: 'MTQ' }, what: 'net volume 1.5 m³' },
  ])('($ai)$value is $what', ({ ai, value, measure }) => expect(measureOf({ ai, value })).toEqual(measure));

  test('every measure in the table reads and writes, with every number of decimals', () => {
    const measures = [...applicationIdentifiers()].filter(({ ai }) => /^3[1-6]\d\d$/.test(ai));
    expect([measures.length, MEASURE_UNITS.size]).toEqual([53 * 6, 53]);
    for (const { ai, title } of measures) {
      for (const value of ['000000', '000001', '123456', '999999']) {
        const { unscaled, decimals, unit } = measureOf({ ai, value });
        expect(measureField(ai.slice(0, 3), unscaled, decimals)).toEqual({ ai, value });
        expect({ title, kilograms: unit === 'KGM' }).toEqual({ title, kilograms: title.endsWith('(kg)') });
      }
    }
  });

  test.each(['30', '3106', '3109', '3900', '3170', '37', '310', ''])('%j measures nothing', (ai) => throwsWith(() => measureOf({ ai, value: '000001' }), 'AI_UNKNOWN', { ai }));
  test.each(['', '1', '0001.5', '1e3000', '-00001', '0000001', '00000１'])('%j is no measure', (value) => throwsWith(() => measureOf({ ai: '3103', value }), 'AI_VALUE_CHARACTERS', { ai: '3103', value }));
  test('what does not fit is not cut', () => {
    throwsWith(() => measureField('310', 1_000_000n, 3), 'AI_VALUE_TOO_LONG', { value: '1000000' });
    throwsWith(() => measureField('310', -1n, 3), 'AI_VALUE_CHARACTERS', { value: '-1' });
    for (const decimals of [-1, 6, 1.5, 10]) throwsWith(() => measureField('310', 1n, decimals), 'AI_UNKNOWN');
  });
});
