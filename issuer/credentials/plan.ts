/**
 * The plan of a credential: every id, time, index and salt is drawn and written down before anything is signed, so that a
 * program that dies goes on with the same credential and not with another one.
 */
import { payloadOf, readPayload, schemaOf, type CredentialClaims } from '#domain/credential/claims.js';
import { STATUS_PURPOSES, type StatusPurpose } from '#domain/credential/status-list.js';
import type { StatusEntries } from '#domain/credential/status-entry.js';
import { endsWithDay, startsDay } from '#domain/credential/validity.js';
import { Problem, require } from '#domain/errors.js';
import { instantOf } from '#domain/instant.js';
import { at } from '#domain/shape.js';
import type { HeldDid } from '../dids/held-did.js';
import type { Chance } from '../random-names.js';
import type { Slot } from '../status/list-sets.js';
import { putJson, type Change } from '../store/issuer-store.js';
import { PENDING, publicRow, putRecord, secretsRow, type CredentialRecord, type Secrets } from './credential-record.js';
import type { IssueOrder } from './issue-order.js';
import { digestsOf, disclosuresOf, sealDisclosures } from './sealed-disclosures.js';

/** How long before now an issuance may claim to be: the time that a request travels. */
const TRAVEL_SECONDS = 60;

export interface PlanParts {
  readonly order: IssueOrder;
  readonly held: Pick<HeldDid, 'organisation'>;
  readonly keyId: string;
  readonly slot: Slot;
  readonly urlOf: (set: string, purpose: StatusPurpose) => string;
  readonly chance: Pick<Chance, 'token' | 'urnUuid'>;
  /** milliseconds since 1970 */
  readonly now: number;
  readonly unique?: string;
  /** Subject of the credential that is superseded: a correction is about the same one. */
  readonly subject?: string;
}

export interface Plan {
  readonly record: CredentialRecord;
  readonly secrets: Secrets;
}

/**
 * Draws up the plan.
 *
 * @throws Problem CREDENTIAL_SUBJECT_OTHER, CREDENTIAL_SUBJECT_MALFORMED, CREDENTIAL_TIMES_ORDER, FIELD_WRONG_VALUE with field
 *   `credential.issuanceDate` for an issuance in the past, and for a licence that begins or ends in the middle of a day
 */
export function planCredential(parts: PlanParts): Plan {
  const { order, held, keyId, slot, chance, now, unique } = parts;
  requireOwnClaims(order, held);
  const secrets = secretsOf(order, chance);
  const claims = claimsOf(parts, secrets);
  requireWholeDays(claims);
  const record: CredentialRecord = {
    id: claims.id, publicId: chance.token(), organisation: held.organisation, claims, keyId, slot,
    state: 'planned', plannedAt: instantOf(now), wanted: {}, log: [],
    ...(unique === undefined ? {} : { unique }),
    ...(order.supersedes === undefined ? {} : { supersedes: order.supersedes }),
  };
  return { record, secrets };
}

/** The rows of a plan; with them goes the claim of its status index. */
export function planRows({ record, secrets }: Plan): Change[] {
  return [putRecord(record), putJson(secretsRow(record.id), secrets), putJson(publicRow(record.publicId), record.id), putJson(PENDING + record.id, true)];
}

function secretsOf({ type, personal }: IssueOrder, chance: PlanParts['chance']): Secrets {
  const salt = chance.token();
  if (personal === undefined) return { salt, disclosures: [] };
  const disclosures = disclosuresOf(type, personal, () => chance.token());
  const revealKey = chance.token();
  return { salt, disclosures, revealKey, sealed: sealDisclosures(disclosures, revealKey) };
}

/** Whoever issues speaks for itself: an authority's licence is its own, a university's diploma too. */
function requireOwnClaims({ subjectClaims }: IssueOrder, { organisation }: Pick<HeldDid, 'organisation'>): void {
  if ('authority' in subjectClaims) requireSame(subjectClaims.authority.organisation, organisation, 'authority.organisation');
  if ('institution' in subjectClaims) requireSame(subjectClaims.institution.organisation, organisation, 'institution.organisation');
}

function requireSame(stated: string, own: string, field: string): void {
  require(stated === own, 'CREDENTIAL_SUBJECT_OTHER', { field: `credential.credentialSubject.${field}`, expected: own });
}

function claimsOf({ order, slot, urlOf, chance, now, subject }: PlanParts, { disclosures }: Secrets): CredentialClaims {
  const issuedAt = Math.floor(now / 1000);
  const claims: CredentialClaims = {
    issuer: order.did, subject: order.subject ?? subject ?? newSubject(order, chance), id: chance.urnUuid(), type: order.type,
    issuedAt, notBefore: notBeforeOf(order, issuedAt), ...(order.expires === undefined ? {} : { expires: order.expires }),
    status: Object.fromEntries(STATUS_PURPOSES.map((purpose) => [purpose, { list: urlOf(slot.set, purpose), index: slot.index }])) as unknown as StatusEntries,
    subjectClaims: order.subjectClaims, digests: digestsOf(disclosures), schema: schemaOf(order.type),
  };
  // What a verifier would refuse is not signed.
  return at('credential', () => readPayload(payloadOf(claims)));
}

/** An enterprise is known by its DID; a person without one, or a licence's holder, by a number made for this. */
function newSubject({ type }: IssueOrder, chance: PlanParts['chance']): string {
  if (type === 'EnterpriseIdentityCredential') throw new Problem('FIELD_MISSING', { field: 'credential.credentialSubject.id' });
  return chance.urnUuid();
}

/** The ledger counts a licence's days: in the middle of one, it and the credential would say different things. */
function requireWholeDays({ type, issuedAt, notBefore, expires }: CredentialClaims): void {
  if (type !== 'ChemicalLicenceCredential') return;
  const begins = notBefore - issuedAt <= TRAVEL_SECONDS || startsDay(notBefore);
  require(begins, 'FIELD_WRONG_VALUE', { field: 'credential.issuanceDate', expected: 'now, or the beginning of a day in Viet Nam, e.g. 2027-01-01T00:00:00+07:00' });
  require(expires === undefined || endsWithDay(expires), 'FIELD_WRONG_VALUE', { field: 'credential.expirationDate', expected: 'the end of a day in Viet Nam, e.g. 2032-01-01T00:00:00+07:00' });
}

function notBeforeOf({ validFrom }: IssueOrder, issuedAt: number): number {
  if (validFrom === undefined || validFrom >= issuedAt) return validFrom ?? issuedAt;
  require(validFrom >= issuedAt - TRAVEL_SECONDS, 'FIELD_WRONG_VALUE', { field: 'credential.issuanceDate', expected: 'now or later' });
  return issuedAt;
}
