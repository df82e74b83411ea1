const DAY_MS = 86_400_000;

/** The parts of an instant in UTC, e.g. year 2026, month 11, day 20, hour 8, minute 30, second 0. */
export interface UtcParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * Milliseconds since 1970-01-01T00:00:00Z, or `undefined` for a day or a time that does not exist.
 *
 * Arithmetic of our own: this folder reads no clock, and a lint rule keeps the whole `Date` object out of it.
 */
export function epochMsOf({ year, month, day, hour, minute, second }: UtcParts): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return daysSince1970(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
}

function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (leap ? 29 : 28) : 30 + ((month + (month > 7 ? 1 : 0)) % 2);
}

/** Years are counted from March, so that the leap day is the last of its year. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return y * 365 + leapDays + dayOfYear - 719_468;
}
