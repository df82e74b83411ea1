/** A licence that gives no right for a time: suspended at an instant, and reinstated at one, by the authority that gave it. */
import { Problem, require } from '../errors.js';
import { object, text, type Parsed } from '../shape.js';
import { licenceReference, type LicenceNote, type LicenceRecord, type LicenceSuspension } from './licence.js';
import { isRevoked } from './licence-standing.js';

/** Members of {@link licenceSuspension}. */
export const SUSPENSION_FIELDS = { id: licenceReference, reason: text(300) } as const;

/** Argument of `chemical:suspendLicence` and `chemical:reinstateLicence`, each from the transaction on. */
export const licenceSuspension = object(SUSPENSION_FIELDS);
export type LicenceSuspensionRequest = Parsed<typeof licenceSuspension>;

/** Of one licence: so many, and no more, fit its record. */
const MOST_SUSPENSIONS = 50;

/**
 * Suspends a licence, also one of which an end on a later day is announced: that stays.
 *
 * @param said e.g. `{ at: '2026-11-20T08:00:00.000Z', by: 'cuc-hoa-chat', reason: '12/QĐ-VD' }`
 * @throws Problem LICENCE_ALREADY_REVOKED, LICENCE_ALREADY_SUSPENDED, LICENCE_SUSPENSIONS_TOO_MANY
 */
export function suspend(licence: LicenceRecord, said: LicenceNote): LicenceRecord {
  const { id: name, suspensions = [] } = licence;
  require(!isRevoked(licence, said.at), 'LICENCE_ALREADY_REVOKED', { licence: name });
  require(openSuspension(licence) === undefined, 'LICENCE_ALREADY_SUSPENDED', { licence: name });
  require(suspensions.length < MOST_SUSPENSIONS, 'LICENCE_SUSPENSIONS_TOO_MANY', { licence: name, most: String(MOST_SUSPENSIONS) });
  return { ...licence, suspensions: [...suspensions, said] };
}

/**
 * Lifts the suspension: the licence gives its rights again, until an end that is announced.
 *
 * @throws Problem LICENCE_ALREADY_REVOKED, LICENCE_NOT_SUSPENDED
 */
export function reinstate(licence: LicenceRecord, said: LicenceNote): LicenceRecord {
  const { id: name, suspensions = [] } = licence;
  require(!isRevoked(licence, said.at), 'LICENCE_ALREADY_REVOKED', { licence: name });
  const open = openSuspension(licence);
  if (open === undefined) throw new Problem('LICENCE_NOT_SUSPENDED', { licence: name });
  return { ...licence, suspensions: [...suspensions.slice(0, -1), { ...open, lifted: said }] };
}

/** The last one, unless it was lifted. */
export function openSuspension({ suspensions = [] }: LicenceRecord): LicenceSuspension | undefined {
  const last = suspensions.at(-1);
  return last?.lifted === undefined ? last : undefined;
}
