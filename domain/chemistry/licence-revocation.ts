/** A licence that loses its force from a day on: at once, or on a day to come that can still be brought forward. */
import { require } from '../errors.js';
import type { LicenceRecord } from './licence.js';
import { isRevoked } from './licence-standing.js';

/**
 * Revokes a licence. A revocation that is announced for a later day gives way to one from an earlier day, and to no other:
 * what was promised to end on a day does not last longer.
 *
 * @param said e.g. `{ from: '2026-12-01', at: '2026-11-20T08:00:00.000Z', by: 'cuc-hoa-chat', reason: '45/QĐ-VD' }`
 * @throws Problem LICENCE_ALREADY_REVOKED, with the day from which it is
 */
export function revoke(licence: LicenceRecord, said: NonNullable<LicenceRecord['revocation']>): LicenceRecord {
  const { revocation: known } = licence;
  const isEarlier = known === undefined || (!isRevoked(licence, said.at) && said.from < known.from);
  require(isEarlier, 'LICENCE_ALREADY_REVOKED', { licence: licence.id, ...(known === undefined ? {} : { from: known.from }) });
  return { ...licence, revocation: said };
}
