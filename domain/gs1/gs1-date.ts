/** Dates in data fields: two-digit years, and day 00 for "some day of the month" (GS1 General Specifications 7.12). */
import { require } from '../errors.js';

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The number of days of a month; 0 for a month that is not 1–12. */
export function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : DAYS[month - 1] ?? 0;
}

/**
 * The year that two digits mean: of the hundred years around now, 49 back and 50 ahead.
 *
 * @param twoDigits 0–99
 * @param thisYear four digits, e.g. 2026
 * @returns e.g. 2031 for 31, 1977 for 77
 */
export function fullYear(twoDigits: number, thisYear: number): number {
  const sameCentury = thisYear - (thisYear % 100) + twoDigits;
  const ahead = sameCentury - thisYear;
  if (ahead >= 51) return sameCentury - 100;
  return ahead <= -50 ? sameCentury + 100 : sameCentury;
}

/**
 * The calendar date in a data field such as those of AIs 11, 15 and 17. Day 00 is the last day of the month: goods
 * that expire "in February" are good until it ends.
 *
 * @param yymmdd six digits, e.g. `271200`
 * @param thisYear the year in which it is read, e.g. 2026
 * @returns e.g. `2027-12-31`
 * @throws Problem DATE_INVALID
 */
export function dateOfYymmdd(yymmdd: string, thisYear: number): string {
  require(/^\d{6}$/.test(yymmdd), 'DATE_INVALID', { date: yymmdd.slice(0, 20) });
  const year = fullYear(Number(yymmdd.slice(0, 2)), thisYear);
  const last = daysInMonth(year, Number(yymmdd.slice(2, 4)));
  const day = Number(yymmdd.slice(4)) || last;
  require(last > 0 && day <= last, 'DATE_INVALID', { date: yymmdd });
  return `${year}-${yymmdd.slice(2, 4)}-${String(day).padStart(2, '0')}`;
}
