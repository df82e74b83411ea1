/** What the issuer remembers of a credential: two rows, of which the second can be destroyed. */
import type { CredentialClaims } from '#domain/credential/claims.js';
import type { Evidence } from '#domain/credential/commitment.js';
import type { StatusPurpose } from '#domain/credential/status-list.js';
import type { Problem, ProblemCode, ProblemFields } from '#domain/errors.js';
import type { Day, Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Did } from '#domain/trust/did.js';
import { putJson, type Change } from '../store/issuer-store.js';
import type { Slot } from '../status/list-sets.js';

/**
 * `planned`: everything that is signed is fixed · `signed`: its text is stored, and nobody has seen it · `issued`: it is
 * committed to on the ledger, and may be handed out · `refused`: the ledger did not take it.
 */
export type CredentialState = 'planned' | 'signed' | 'issued' | 'refused';

/** Who changed a status, when and why. */
export interface StatusEntryOfLog {
  readonly purpose: StatusPurpose;
  readonly value: boolean;
  readonly at: Instant;
  /** Public part of the API key. */
  readonly by: string;
  readonly reason: string;
}

/** That the licence on the ledger shall lose its force, and whether it is known to have, or to be going to. */
export interface LicenceEnd {
  readonly from: Day;
  readonly reason: string;
  readonly done: boolean;
  /** The later end that was announced, as long as this one is not on the ledger. */
  readonly inPlaceOf?: Pick<CredentialRecord, 'licenceEnd' | 'revokedFrom'>;
}

export interface CredentialRecord {
  /** `urn:uuid:…`, the `jti`. */
  readonly id: string;
  /** Names the public record. */
  readonly publicId: string;
  readonly organisation: OrganisationId;
  /** The batch that it came with, if it did. */
  readonly batch?: string;
  readonly claims: CredentialClaims;
  readonly keyId: string;
  readonly slot: Slot;
  readonly state: CredentialState;
  readonly plannedAt: Instant;
  /** Hidden name of what there can be only one of; absent for the diplomas of a batch, which their numbers tell apart. */
  readonly unique?: string;
  readonly jwt?: string;
  /** All of the evidence but its salt. */
  readonly place?: Omit<Evidence, 'salt'>;
  /** The credential that this one supersedes. */
  readonly supersedes?: string;
  /** The one that supersedes it, from when that was planned on. */
  readonly superseded?: { readonly id: string; readonly publicId: string };
  /** What its status shall be, as far as it was ever changed. */
  readonly wanted: Partial<Readonly<Record<StatusPurpose, boolean>>>;
  readonly log: readonly StatusEntryOfLog[];
  readonly licenceEnd?: LicenceEnd;
  /** Of a licence: the later day from which its revocation counts, by the order; absent where that was at once. */
  readonly revokedFrom?: Day;
  /** That the licence on the ledger shall be suspended, or not any more, and whether it is known to be so. */
  readonly licenceSuspension?: { readonly suspended: boolean; readonly reason: string; readonly done: boolean };
  /** Who else has revoked it, by a right of their own. */
  readonly revokedBy?: { readonly did: Did; readonly decision: string; readonly at: Instant };
  readonly erasedAt?: Instant;
  readonly refusal?: { readonly code: ProblemCode; readonly fields: ProblemFields };
}

/** What ties a credential to a person, and to the ledger: destroyed when the person asks for it. */
export interface Secrets {
  /** Of the commitment: 22 characters. */
  readonly salt: string;
  readonly disclosures: readonly string[];
  /** The key in the printed QR, and the box that it opens; only where there are disclosures. */
  readonly revealKey?: string;
  readonly sealed?: string;
}

export const credentialRow = (id: string): string => `credential/${id}`;
export const secretsRow = (id: string): string => `secrets/${id}`;
export const publicRow = (publicId: string): string => `public/${publicId}`;
export const uniqueRow = (name: string): string => `unique/${name}`;

/** Credentials with something left to be done. */
export const PENDING = 'pending/';

export function putRecord(record: CredentialRecord): Change {
  return putJson(credentialRow(record.id), record);
}

/** The row that stood in the way of another one like this, removed. */
export function uniqueGone({ unique }: Pick<CredentialRecord, 'unique'>): Change[] {
  return unique === undefined ? [] : [{ key: uniqueRow(unique) }];
}

/** The refusal, as it was. */
export function refusalOf(problem: Problem): NonNullable<CredentialRecord['refusal']> {
  return { code: problem.code, fields: problem.fields };
}
