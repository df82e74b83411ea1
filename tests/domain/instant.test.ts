import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, dayInVietNam, epochMs, instantOf, parseDay, parseInstant, type Day, type Instant } from '#domain/instant.js';
import { throwsWith } from '../support/rejects-with.js';

describe('instants (RFC 3339 5.6)', () => {
  test.each([
    ['2026-11-20T08:30:00Z', '2026-11-20T08:30:00.000Z'],
    ['2026-11-20T15:30:00+07:00', '2026-11-20T08:30:00.000Z'],
    ['2026-01-01T00:00:00.1239+07:00', '2025-12-31T17:00:00.123Z'],
    ['2024-02-29T23:59:59.999-05:00', '2024-03-01T04:59:59.999Z'],
    ['1985-04-12T23:20:50.52Z', '1985-04-12T23:20:50.520Z'], // RFC 3339 5.8, first example
    ['1996-12-19T16:39:57-08:00', '1996-12-20T00:39:57.000Z'], // second example
  ])('%s', (text, utc) => expect(parseInstant(text)).toBe(utc));

  test.each([
    '2026-11-20', '2026-11-20T08:30Z', '2026-11-20 08:30:00Z', '2026-11-20T08:30:00', '2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z', '2026-04-31T00:00:00Z', '2026-11-20T24:00:00Z', '2026-11-20T08:60:00Z', '2026-11-20T23:59:60Z', '2026-11-20T08:30:00+24:00',
    '2026-11-20T08:30:00+07:60', ' 2026-11-20T08:30:00Z', '2026-11-20T08:30:00Z\n', '٢026-11-20T08:30:00Z', '',
  ])('%j is none', (text) => throwsWith(() => parseInstant(text), 'INSTANT_INVALID'));

  test('agree with the platform from the year 0 to 9999, both ways', () => {
    fc.assert(fc.property(fc.integer({ min: Date.UTC(2000, 0) - 63_113_904_000_000 + 1, max: 253_402_300_799_999 }), (ms) => {
      const text = instantOf(ms);
      expect(text).toBe(new Date(ms).toISOString());
      expect(epochMs(text)).toBe(ms);
    }), { numRuns: 20_000 });
  });

  test('the day in Viet Nam turns at 17:00 UTC', () => {
    expect(dayInVietNam('2026-12-31T16:59:59.999Z' as Instant)).toBe('2026-12-31');
    expect(dayInVietNam('2026-12-31T17:00:00.000Z' as Instant)).toBe('2027-01-01');
  });
});

describe('days', () => {
  test.each(['2026-2-01', '2026-02-30', '2100-02-29', '20260201', ''])('%j is none', (text) => throwsWith(() => parseDay(text), 'DATE_INVALID'));
  test.each([['2026-11-20', 30, '2026-12-20'], ['2024-02-28', 2, '2024-03-01'], ['2000-03-01', -1, '2000-02-29'], ['1900-02-28', 1, '1900-03-01']] as const)(
    '%s and %i days', (day, count, then) => expect(addDays(day as Day, count)).toBe(then),
  );
});
