/** How a licence stands at an instant: by its period, its revocation and its suspensions. */
import { dayInVietNam, type Instant } from '../instant.js';
import type { LicenceRecord } from './licence.js';

/** What a page or a refusal says of a licence. */
export type LicenceStanding = 'in-force' | 'not-yet' | 'expired' | 'revoked' | 'suspended';

/**
 * Judged as of an instant, so that "valid then, revoked since" stays answerable (`domain.md` 3.3).
 *
 * @param at e.g. when the goods left; days are those of Viet Nam
 */
export function licenceStanding(licence: LicenceRecord, at: Instant): LicenceStanding {
  const on = dayInVietNam(at);
  if (isRevoked(licence, at)) return 'revoked';
  if (on < licence.validFrom) return 'not-yet';
  if (on > licence.validTo) return 'expired';
  return isSuspended(licence, at) ? 'suspended' : 'in-force';
}

/** Whether the day of its revocation has come in Viet Nam; until then the revocation is announced, and the licence gives its rights. */
export function isRevoked({ revocation }: LicenceRecord, at: Instant): boolean {
  return revocation !== undefined && dayInVietNam(at) >= revocation.from;
}

function isSuspended({ suspensions = [] }: LicenceRecord, at: Instant): boolean {
  return suspensions.some((one) => one.at <= at && (one.lifted === undefined || at < one.lifted.at));
}
