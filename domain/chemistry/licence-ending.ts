/**
 * What the ledger's register of licences says against a licence that is a credential, for whoever verifies that credential:
 * nothing of what it allows, and no reasons.
 */
import { parseDay, type Day, type Instant } from '../instant.js';
import { organisationId, type OrganisationId } from '../registry/organisation.js';
import { object, optional, parsedBy, text, type Shape } from '../shape.js';
import { did, type Did } from '../trust/did.js';
import { digest, instant } from '../trust/records.js';
import { licenceReference, type LicenceRecord } from './licence.js';
import { openSuspension } from './licence-suspension.js';

/** A licence with an end, or put out of force for a time. That whoever wrote it had the right to is the contract's word. */
export interface LicenceEnding {
  /** Under which the ledger keeps it, e.g. `GP-2026-001`. */
  readonly licence: string;
  /** As issued, e.g. `01/GP-HC`: tells the licences apart that were committed to together. */
  readonly number: string;
  /** Who issued the credential. */
  readonly did: Did;
  /** What the credential was committed under, 64 hexadecimal digits. */
  readonly root: string;
  /** It gives no right from that day on, in Viet Nam: maybe one to come. */
  readonly revocation?: { readonly from: Day; readonly at: Instant; readonly by: OrganisationId; readonly replacedBy?: string };
  /** The one that was not lifted. */
  readonly suspension?: { readonly at: Instant; readonly by: OrganisationId };
}

const day = parsedBy(parseDay);

/** Reads what {@link endingOf} gives. Throws Problem FIELD_…, DID_…. */
export const licenceEnding: Shape<LicenceEnding> = object({
  licence: licenceReference, number: text(60), did, root: digest,
  revocation: optional(object({ from: day, at: instant, by: organisationId, replacedBy: optional(licenceReference) })),
  suspension: optional(object({ at: instant, by: organisationId })),
});

/** @returns `undefined` for a licence that is no credential, and for one that nothing is said against */
export function endingOf(record: LicenceRecord): LicenceEnding | undefined {
  const { id, number, credential, revocation } = record;
  const suspension = openSuspension(record);
  if (credential === undefined || (revocation === undefined && suspension === undefined)) return undefined;
  return {
    licence: id, number, did: credential.did, root: credential.root,
    ...(revocation === undefined ? {} : { revocation: withoutReason(revocation) }),
    ...(suspension === undefined ? {} : { suspension: { at: suspension.at, by: suspension.by } }),
  };
}

function withoutReason({ reason: _reason, ...revocation }: NonNullable<LicenceRecord['revocation']>): NonNullable<LicenceEnding['revocation']> {
  return revocation;
}
