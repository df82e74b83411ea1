/** What a change of a credential's status means for the licence that it is on the ledger. */
import type { StatusPurpose } from '#domain/credential/status-list.js';
import type { ProblemCode } from '#domain/errors.js';
import type { StatusListPublication } from '#domain/trust/requests.js';
import type { TrustLedger } from '../ledger/trust-ledger.js';
import type { CredentialRecord } from './credential-record.js';
import { licenceIdOf } from './signing.js';

/** A change that is still to be made on the ledger. */
export interface LicenceChange {
  /** The bit that says so. */
  readonly value: boolean;
  /** The record, once it is made. */
  readonly done: CredentialRecord;
  /** What the ledger says where it is made already. */
  readonly isDone: ProblemCode;
  /** Makes it, in one transaction with the version of the list that says so; without one where no list says it yet. */
  submit(ledger: Pick<TrustLedger, 'revokeLicence' | 'suspendLicence'>, bearer: string, publication?: StatusListPublication): Promise<void>;
}

/** @returns `undefined` where nothing is left to be done on the ledger for this purpose */
export function licenceChangeOf(record: CredentialRecord, purpose: StatusPurpose): LicenceChange | undefined {
  if (purpose === 'revocation') return endOf(record);
  return purpose === 'suspension' ? suspensionOf(record) : undefined;
}

function endOf(record: CredentialRecord): LicenceChange | undefined {
  const { licenceEnd } = record;
  if (licenceEnd === undefined || licenceEnd.done) return undefined;
  const { from, reason } = licenceEnd;
  return {
    value: true, isDone: 'LICENCE_ALREADY_REVOKED', done: { ...record, licenceEnd: { from, reason, done: true } },
    submit: async (ledger, bearer, publication) => ledger.revokeLicence(bearer, { id: licenceIdOf(record.id), from, reason, ...listsOf(publication) }),
  };
}

function suspensionOf(record: CredentialRecord): LicenceChange | undefined {
  const { licenceSuspension } = record;
  if (licenceSuspension === undefined || licenceSuspension.done) return undefined;
  const { suspended, reason } = licenceSuspension;
  return {
    value: suspended, isDone: suspended ? 'LICENCE_ALREADY_SUSPENDED' : 'LICENCE_NOT_SUSPENDED', done: { ...record, licenceSuspension: { ...licenceSuspension, done: true } },
    submit: async (ledger, bearer, publication) => ledger.suspendLicence(bearer, { id: licenceIdOf(record.id), suspended, reason, ...listsOf(publication) }),
  };
}

function listsOf(publication: StatusListPublication | undefined): { statusLists?: readonly StatusListPublication[] } {
  return publication === undefined ? {} : { statusLists: [publication] };
}

/** The record as it was before this purpose's change was asked for: a later end that was announced is announced again. */
export function withoutChange(record: CredentialRecord, purpose: StatusPurpose): CredentialRecord {
  if (purpose === 'revocation') {
    const { licenceEnd, revokedFrom: _revokedFrom, ...others } = record;
    return { ...others, ...licenceEnd?.inPlaceOf };
  }
  const { licenceSuspension, ...others } = record;
  return purpose === 'suspension' || licenceSuspension === undefined ? others : record;
}
