/** From days as documents state them to the seconds a token states (NumericDate, RFC 7519 2), and back. */
import { require } from '../errors.js';
import { addDays, dayInVietNam, epochMs, instantOf, parseInstant, type Day } from '../instant.js';

/** 9999-12-31T23:59:59Z: what an RFC 3339 text can still say. */
export const LATEST_SECOND = 253_402_300_799;

export interface Validity {
  readonly notBefore: number;
  readonly expires: number;
}

/**
 * @param validFrom first day in Viet Nam, e.g. `2026-12-01`
 * @param validTo last day, which counts whole
 * @param issuedAt seconds; nothing is in force before it was issued
 * @throws Problem LICENCE_PERIOD_WRONG with field `validTo` where nothing is left of the period
 */
export function validityOf(validFrom: Day, validTo: Day, issuedAt: number): Validity {
  const notBefore = Math.max(startOf(validFrom), issuedAt);
  const expires = startOf(addDays(validTo, 1));
  require(expires > notBefore && validTo >= validFrom, 'LICENCE_PERIOD_WRONG', { field: 'validTo' });
  return { notBefore, expires };
}

/** The days of a period: the first on which it is in force, the last on which it still is. */
export function daysOfValidity({ notBefore, expires }: Validity): { validFrom: Day; validTo: Day } {
  return { validFrom: dayOf(notBefore), validTo: dayOf(expires - 1) };
}

const DAY_SECONDS = 86_400;
const VIET_NAM_AHEAD_SECONDS = 7 * 3_600;

/**
 * Whether a period ends with a day in Viet Nam, so that its last day counts whole: at midnight, or in the second before, as
 * people write it.
 *
 * @param expires seconds since 1970, e.g. those of 2031-11-20T17:00:00Z or of 16:59:59Z
 */
export function endsWithDay(expires: number): boolean {
  return startsDay(expires) || startsDay(expires + 1);
}

/** Whether a time, in seconds since 1970, is the beginning of a day in Viet Nam. */
export function startsDay(seconds: number): boolean {
  return (seconds + VIET_NAM_AHEAD_SECONDS) % DAY_SECONDS === 0;
}

function startOf(day: Day): number {
  return epochMs(parseInstant(`${day}T00:00:00+07:00`)) / 1000;
}

function dayOf(seconds: number): Day {
  return dayInVietNam(instantOf(seconds * 1000));
}
