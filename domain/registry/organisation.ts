/** Organisations on the registry, their GS1 company prefixes and their keys. */
import { Problem } from '../errors.js';
import type { Instant } from '../instant.js';
import { matching, object, oneOf, optional, parsedBy, text, type Parsed } from '../shape.js';
import { parseProvince } from './provinces.js';

/** A short name that never changes, e.g. `tra-xanh-shan`; it stands in certificates as the attribute `org`. */
export type OrganisationId = string & { readonly __organisation: true };

const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** @throws Problem ORGANISATION_ID_MALFORMED for anything but 2 to 32 of a–z, 0–9 and single inner hyphens */
export function parseOrganisationId(id: string): OrganisationId {
  if (id.length < 2 || id.length > 32 || !ID.test(id)) throw new Problem('ORGANISATION_ID_MALFORMED', { value: id.slice(0, 40) });
  return id as OrganisationId;
}

export const organisationId = parsedBy(parseOrganisationId);
export const province = parsedBy(parseProvince);

/** What an organisation is to the registry; what its people may do is in the access table. */
export const organisationKind = oneOf('enterprise', 'authority', 'registrar', 'institution');

/** Argument of `registry:registerOrganisation`. */
export const organisationRequest = object({
  id: organisationId,
  type: organisationKind,
  name: text(200),
  nameEn: optional(text(200)),
  address: text(300),
  province,
  /** Set for organisations of a demonstration, which are shown as fictional everywhere. */
  fictional: optional(oneOf('yes')),
});
export type OrganisationRequest = Parsed<typeof organisationRequest>;

export interface OrganisationRecord extends OrganisationRequest {
  readonly kind: 'organisation';
  readonly registeredAt: Instant;
}

/** Whose a name is, with all that look like it. */
export interface OrganisationNameRecord {
  readonly kind: 'organisation-name';
  readonly organisation: OrganisationId;
}

/** Argument of `registry:grantPrefix`: the GS1 company prefix that a GS1 member organisation licensed. */
export interface PrefixRecord {
  readonly kind: 'company-prefix';
  readonly prefix: string;
  readonly organisation: OrganisationId;
  readonly grantedAt: Instant;
}

/** Argument of `registry:registerKey`: a public key an organisation signs with outside the ledger. */
export const keyRequest = object({
  organisation: organisationId,
  keyId: matching(/^[A-Za-z0-9._-]{1,64}$/, '1 to 64 letters, digits, dots, hyphens'),
  algorithm: oneOf('ES256', 'EdDSA'),
  publicKey: matching(/^[A-Za-z0-9_-]{40,120}$/, 'base64url of the SubjectPublicKeyInfo'),
});
export type KeyRequest = Parsed<typeof keyRequest>;

/** Argument of `registry:retireKey`. */
export const keyRetirement = object({
  organisation: organisationId,
  keyId: matching(/^[A-Za-z0-9._-]{1,64}$/, '1 to 64 letters, digits, dots, hyphens'),
  reason: oneOf('superseded', 'compromised'),
});
export type KeyRetirement = Parsed<typeof keyRetirement>;

export interface KeyRecord extends KeyRequest {
  readonly kind: 'organisation-key';
  readonly from: Instant;
  readonly to?: Instant;
  readonly reason?: 'superseded' | 'compromised';
}
