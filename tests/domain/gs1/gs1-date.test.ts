import { describe, expect, test } from 'vitest';
import { dateOfYymmdd, daysInMonth, fullYear } from '#domain/gs1/gs1-date.js';
import { throwsWith } from '../../support/rejects-with.js';

describe('dates in data fields (GS1 General Specifications 7.12)', () => {
  test.each([
    ['271231', 2026, '2027-12-31'], ['270200', 2026, '2027-02-28'], ['280200', 2026, '2028-02-29'], ['271200', 2026, '2027-12-31'],
    ['761231', 2026, '2076-12-31'], ['771231', 2026, '1977-12-31'], ['000101', 1999, '2000-01-01'], ['990101', 2026, '1999-01-01'],
    ['490101', 1999, '2049-01-01'], ['100101', 2070, '2110-01-01'],
  ])('%s read in %i is %s', (yymmdd, thisYear, date) => expect(dateOfYymmdd(yymmdd, thisYear)).toBe(date));

  test.each(['', '2712', '27123', '271301', '270001', '270230', '27123A', '2712311', '-11231'])('%j is none', (date) => throwsWith(() => dateOfYymmdd(date, 2026), 'DATE_INVALID', { date }));

  test('two digits always mean a year from 49 ago to 50 ahead, and each of the hundred once', () => {
    for (const thisYear of [1999, 2000, 2026, 2049, 2050, 2051, 2099]) {
      const years = Array.from({ length: 100 }, (_, two) => fullYear(two, thisYear));
      expect([Math.min(...years) - thisYear, Math.max(...years) - thisYear, new Set(years).size]).toEqual([-49, 50, 100]);
    }
  });

  test.each([[2024, 2, 29], [2026, 2, 28], [1900, 2, 28], [2000, 2, 29], [2026, 4, 30], [2026, 0, 0], [2026, 13, 0]])('%i-%i has %i days', (year, month, days) => expect(daysInMonth(year, month)).toBe(days));
});
