/** How old the copies are that a judgement rests on. */
import { CREDENTIAL_TYPES, type CredentialType } from '#domain/credential/credential-type.js';
import { PASS, unknown, type Outcome } from '../report.js';

/** How far two honest clocks may be apart; a copy from further ahead is no measure of age. */
export const CLOCK_TOLERANCE_MS = 15 * 60_000;

/** A copy of the register from which it may be said that something is not on it. */
const ABSENCE_WITHIN_MS = 15 * 60_000;

/**
 * Whether register and status lists are young enough for this type of credential. A list is as old as its signature, not
 * as its last fetch: somebody on the way could serve an old one again and again.
 *
 * @param knownAt milliseconds since 1970: when the copy of the register was last known to have everything
 * @param statusAsOf milliseconds since 1970: when the oldest list was signed; `undefined` where one is missing, which is
 *   said elsewhere
 * @param now milliseconds since 1970
 * @returns `pass`; `unknown` TRUST_SNAPSHOT_STALE or CREDENTIAL_STATUS_STALE
 */
export function freshnessOutcome(type: CredentialType, knownAt: number, statusAsOf: number | undefined, now: number): Outcome {
  const most = CREDENTIAL_TYPES[type].maxStatusAgeMs;
  if (!isWithin(now - knownAt, most)) return unknown('TRUST_SNAPSHOT_STALE');
  return statusAsOf === undefined || isWithin(now - statusAsOf, most) ? PASS : unknown('CREDENTIAL_STATUS_STALE');
}

function isWithin(age: number, most: number): boolean {
  return age <= most && age >= -CLOCK_TOLERANCE_MS;
}

/**
 * Whether a copy can say that something is not on the register: one that is minutes old, or that is younger than what is
 * judged, since nobody issues before being registered.
 *
 * @param issuedAt milliseconds since 1970
 */
export function knowsAbsence(knownAt: number, issuedAt: number, now: number): boolean {
  return isWithin(now - knownAt, ABSENCE_WITHIN_MS) || issuedAt < knownAt;
}
