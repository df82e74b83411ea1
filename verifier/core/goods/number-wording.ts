/** Days, times, ages and numbers as each language writes them; no locale data of a platform, so all readers see the same. */
import { daysInMonth } from '#domain/gs1/gs1-date.js';
import type { Day, Instant } from '#domain/instant.js';
import type { Language } from './language.js';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NO_BREAK_SPACE = '\u00a0';

/** e.g. `2026-11-20` → `20/11/2026`, `20 November 2026`. */
export function dayText(day: Day, language: Language): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return language === 'vi' ? `${date}/${month}/${year}` : `${Number(date)}${NO_BREAK_SPACE}${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** The day in Viet Nam (UTC+07:00), e.g. `2026-11-20T18:30:00.000Z` → `2026-11-21`. */
export function vietnamDay(instant: Instant): Day {
  const day = instant.slice(0, 10);
  return (Number(instant.slice(11, 13)) < 17 ? day : nextDay(day)) as Day;
}

function nextDay(day: string): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  if (date < daysInMonth(year, month)) return `${day.slice(0, 8)}${two(date + 1)}`;
  return month === 12 ? `${String(year + 1).padStart(4, '0')}-01-01` : `${day.slice(0, 5)}${two(month + 1)}-01`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** Day and minute in Viet Nam, e.g. `2026-11-20T08:30:00.000Z` → `15:30 20/11/2026`, `15:30 on 20 November 2026`. */
export function momentText(instant: Instant, language: Language): string {
  const hours = (Number(instant.slice(11, 13)) + 7) % 24;
  const time = `${two(hours)}:${instant.slice(14, 16)}`;
  const day = dayText(vietnamDay(instant), language);
  return language === 'vi' ? `${time} ${day}` : `${time} on ${day}`;
}

/** e.g. 130000 → `2 phút trước`, `2 minutes ago`; less than a minute, or ahead of the clock, is `vừa xong`, `just now`. */
export function ageText(milliseconds: number, language: Language): string {
  if (milliseconds < MINUTE) return language === 'vi' ? 'vừa xong' : 'just now';
  const [size, vi, en]: [number, string, string] = milliseconds < HOUR ? [MINUTE, 'phút', 'minute'] : milliseconds < DAY ? [HOUR, 'giờ', 'hour'] : [DAY, 'ngày', 'day'];
  const count = Math.floor(milliseconds / size);
  const counted = countText(String(count), language) + NO_BREAK_SPACE;
  return language === 'vi' ? `${counted}${vi} trước` : `${counted}${en}${count === 1 ? '' : 's'} ago`;
}

/** A whole number in groups of three, e.g. `1284` → `1.284`, `1,284`. */
export function countText(digits: string, language: Language): string {
  return digits.replaceAll(/\B(?=(?:\d{3})+$)/g, language === 'vi' ? '.' : ',');
}

/** A plain decimal, e.g. `1234.5` → `1.234,5`, `1,234.5`. */
export function decimalText(decimal: string, language: Language): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = countText(whole, language);
  return fraction === undefined ? grouped : `${grouped}${language === 'vi' ? ',' : '.'}${fraction}`;
}
