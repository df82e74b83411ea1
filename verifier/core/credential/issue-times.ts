/** When a credential was issued: by the issuer's word, and by the ledger's. */
import { epochMs, type Instant } from '#domain/instant.js';

export interface IssueTimes {
  /** `iat`; and the ledger's time beside it where the two are one for practical purposes. */
  readonly claimed: readonly Instant[];
  /**
   * The times at each of which the issuer must have had the right: the ledger's where there is one, and the claimed one
   * unless that is the same for practical purposes.
   */
  readonly rightsAt: readonly Instant[];
}

/** How far two honest clocks, a second cut off and a transaction on its way may be apart. */
export const CLOCK_SKEW_MS = 60_000;

/**
 * @param issuedAt `iat`
 * @param seconds the same as a NumericDate
 * @param recorded `committedAt` of the proven commitment
 */
export function issueTimes(issuedAt: Instant, seconds: number, recorded: Instant | undefined): IssueTimes {
  if (recorded === undefined) return { claimed: [issuedAt], rightsAt: [issuedAt] };
  const isClose = Math.abs(epochMs(recorded) - seconds * 1000) <= CLOCK_SKEW_MS;
  return isClose ? { claimed: [issuedAt, recorded], rightsAt: [recorded] } : { claimed: [issuedAt], rightsAt: [recorded, issuedAt] };
}
