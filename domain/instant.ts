/** Instants and dates as texts, with arithmetic of our own: no clock, no locale, no time zone but UTC. */
import { Problem } from './errors.js';

/** An instant in UTC with milliseconds, e.g. `2026-11-20T08:30:00.000Z`; texts compare as the instants do. */
export type Instant = string & { readonly __instant: true };

/** A calendar day, e.g. `2026-11-20`; texts compare as the days do. */
export type Day = string & { readonly __day: true };

const RFC3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_MS = 86_400_000;

/**
 * Reads an RFC 3339 instant with any offset; gives it in UTC, cut to milliseconds.
 *
 * @param text e.g. `2026-11-20T15:30:00+07:00`
 * @throws Problem INSTANT_INVALID (also for second 60: UTC here has no leap seconds)
 */
export function parseInstant(text: string): Instant {
  const match = RFC3339.exec(text);
  if (match === null) throw new Problem('INSTANT_INVALID', { value: text.slice(0, 40) });
  const [day, hours, minutes, seconds, fraction, zone] = match.slice(1).map((part) => part ?? '') as [string, string, string, string, string, string];
  const time = timeOfDay(Number(hours), Number(minutes), Number(seconds), fraction);
  const offset = offsetOf(zone);
  if (time === undefined || offset === undefined || !isDay(day)) throw new Problem('INSTANT_INVALID', { value: text });
  return instantOf(dayNumber(day) * DAY_MS + time - offset);
}

function timeOfDay(hours: number, minutes: number, seconds: number, fraction: string): number | undefined {
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function offsetOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/**
 * @param milliseconds since 1970-01-01T00:00:00Z, whole, e.g. 1795000000000
 * @throws Problem INSTANT_INVALID outside the years 0000 to 9999
 */
export function instantOf(milliseconds: number): Instant {
  const days = Math.floor(milliseconds / DAY_MS);
  const rest = milliseconds - days * DAY_MS;
  const day = dayOf(days);
  const ms = String(rest % 1000).padStart(3, '0');
  return `${day}T${two(Math.floor(rest / 3_600_000))}:${two(Math.floor(rest / 60_000) % 60)}:${two(Math.floor(rest / 1000) % 60)}.${ms}Z` as Instant;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** The instant with its milliseconds cut off: tokens count time in whole seconds (RFC 7519 NumericDate). */
export function wholeSecond(instant: Instant): Instant {
  return `${instant.slice(0, 19)}.000Z` as Instant;
}

/** Milliseconds since 1970 of an instant. */
export function epochMs(instant: Instant): number {
  const time = timeOfDay(Number(instant.slice(11, 13)), Number(instant.slice(14, 16)), Number(instant.slice(17, 19)), instant.slice(20, 23));
  return dayNumber(instant.slice(0, 10)) * DAY_MS + (time ?? 0);
}

/**
 * @param text e.g. `2027-12-31`
 * @throws Problem DATE_INVALID for another form or a day that the calendar does not have
 */
export function parseDay(text: string): Day {
  if (!isDay(text)) throw new Problem('DATE_INVALID', { value: text.slice(0, 40) });
  return text;
}

function isDay(text: string): text is Day {
  const match = DAY.exec(text);
  if (match === null) return false;
  const [, year = '', month = '', day = ''] = match;
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= daysInMonth(Number(year), Number(month));
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Viet Nam keeps UTC+07:00 all year: the calendar day there at an instant. Deadlines and expiry are counted in it. */
export function dayInVietNam(instant: Instant): Day {
  return dayOf(Math.floor((epochMs(instant) + 7 * 3_600_000) / DAY_MS));
}

/** The day `count` days after (or, negative, before) a day. */
export function addDays(day: Day, count: number): Day {
  return dayOf(dayNumber(day) + count);
}

/** Days since 1970-01-01 in the Gregorian calendar, counted in eras of 400 years that begin in March. */
function dayNumber(day: string): number {
  const month = Number(day.slice(5, 7));
  const year = Number(day.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(day.slice(8, 10)) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

let lastDay = { number: Number.NaN, day: '' as Day };

/** Instants come in runs of one day: the last one is kept. */
function dayOf(number: number): Day {
  if (number !== lastDay.number) lastDay = { number, day: calendarDay(number) };
  return lastDay.day;
}

function calendarDay(number: number): Day {
  const shifted = number + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (year < 0 || year > 9999) throw new Problem('INSTANT_INVALID', { value: String(number) });
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` as Day;
}
