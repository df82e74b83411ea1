/** What shall become of the licence on the ledger when the status of the credential that it is changes. */
import type { Day } from '#domain/instant.js';
import type { CredentialRecord } from './credential-record.js';

/** What a status shall become, as far as a licence depends on it. */
export interface StatusWish {
  readonly purpose: 'revocation' | 'suspension';
  readonly status: boolean;
  /** From which day a revocation counts, in Viet Nam, e.g. `2026-12-01`. */
  readonly from: Day;
  readonly today: Day;
  /** Empty where none is stated. */
  readonly reason: string;
}

/** @returns the record, with what is to be changed on the ledger; as it is where that is no licence, or its licence has ended */
export function withLicenceWish(record: CredentialRecord, order: StatusWish): CredentialRecord {
  if (record.claims.type !== 'ChemicalLicenceCredential') return record;
  return order.purpose === 'suspension' ? withSuspension(record, order) : withEnd(record, order);
}

/** A licence whose end is only announced can be suspended until then, and reinstated. */
function withSuspension(record: CredentialRecord, { status, today, reason }: StatusWish): CredentialRecord {
  if (record.licenceEnd !== undefined && record.licenceEnd.from <= today) return record;
  const usual = status ? 'Đình chỉ · suspended' : 'Hết đình chỉ · reinstated';
  return { ...record, licenceSuspension: { suspended: status, reason: reason === '' ? usual : reason, done: false } };
}

/** An end that is announced gives way to an earlier one alone; what is withdrawn leaves it as it was. */
function withEnd({ licenceEnd: known, revokedFrom, ...record }: CredentialRecord, { from, today, reason }: StatusWish): CredentialRecord {
  const isEarlier = known === undefined || (known.from > today && from < known.from);
  const inPlaceOf = known === undefined ? {} : { inPlaceOf: { licenceEnd: known, ...(revokedFrom === undefined ? {} : { revokedFrom }) } };
  const licenceEnd = isEarlier ? { from, reason: reason === '' ? 'Thu hồi · revoked' : reason, done: false, ...inPlaceOf } : known;
  return { ...record, licenceEnd, ...(from > today ? { revokedFrom: from } : {}) };
}

/** @param from the day from which a new licence gives its rights: the transaction that brought that has ended this one then */
export function withReplacement(record: CredentialRecord, from: Day): CredentialRecord {
  if (record.licenceEnd !== undefined && record.licenceEnd.from <= from) return record;
  return { ...record, licenceEnd: { from, reason: 'superseded', done: true } };
}
