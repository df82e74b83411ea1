/** Licences for controlled chemicals and declarations of use, as the sale gate reads them. */
import { Problem, require } from '../errors.js';
import { dayInVietNam, parseDay, type Day, type Instant } from '../instant.js';
import { parseKilograms, parsePercent, type PartsPerMillion } from '../quantity/mass.js';
import { organisationId, province, type OrganisationId } from '../registry/organisation.js';
import { distinct, list, matching, object, optional, parsedBy, text, type Parsed } from '../shape.js';
import { did, type Did } from '../trust/did.js';
import { digest } from '../trust/records.js';
import { substance } from './content.js';
import type { SubstanceId } from './substances.js';

const day = parsedBy(parseDay);
const reference = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, '1 to 40 letters, digits, dots, hyphens');
const kilograms = parsedBy((value) => {
  parseKilograms(value);
  return value;
});
const percent = parsedBy((value) => {
  parsePercent(value);
  return value;
});

/** Names a licence on the ledger, e.g. `GP-2026-001`. */
export const licenceReference = reference;

/** Members of a licence's line: on the ledger, and in the credential. */
export const LICENCE_LINE = {
  line: reference,
  substance,
  /** Content of the mixtures it covers, per cent by mass. */
  least: percent,
  most: percent,
  /** Kilograms of the controlled component per calendar year (TT 01/2026 Annex VI). */
  perYear: kilograms,
} as const;

const line = object(LICENCE_LINE);

/** What ties a licence to its credential: who issues it, the commitment it stands under, and where its sites are. */
export const LICENCE_CREDENTIAL_FIELDS = {
  did,
  root: digest,
  /** The holder's own province where absent. */
  provinces: optional(distinct(province, { min: 1, max: 34 })),
} as const;

/** Members of {@link licenceRequest}. */
export const LICENCE_FIELDS = {
  id: reference,
  number: text(60),
  holder: organisationId,
  validFrom: day,
  validTo: day,
  lines: list(line, { min: 1, max: 50 }),
  /** The licence is also a credential. */
  credential: optional(object(LICENCE_CREDENTIAL_FIELDS)),
} as const;

/** Argument of `chemical:recordLicence`. */
export const licenceRequest = object(LICENCE_FIELDS);
export type LicenceRequest = Parsed<typeof licenceRequest>;
export type LicenceLine = LicenceRequest['lines'][number];

/** Members of {@link licenceRevocation}. */
export const REVOCATION_FIELDS = {
  id: reference,
  from: day,
  reason: text(300),
  /** A DID of another authority, by whose right to revoke such credentials it is done. */
  by: optional(did),
  /** The licence on the ledger that is given in its place: then it is not taken back, but replaced. */
  replacedBy: optional(reference),
} as const;

/** Argument of `chemical:revokeLicence`: the day from which it no longer gives a right; while it has not come, an earlier one takes its place. */
export const licenceRevocation = object(REVOCATION_FIELDS);
export type LicenceRevocation = Parsed<typeof licenceRevocation>;

/** Who says something of a licence, when, and why. */
export interface LicenceNote {
  readonly at: Instant;
  readonly by: OrganisationId;
  readonly reason: string;
}

/** In `[at, lifted.at)` the licence gives no right. Past ones stay, so that it can be told how it stood at any time. */
export interface LicenceSuspension extends LicenceNote {
  readonly lifted?: LicenceNote;
}

export interface LicenceRecord extends LicenceRequest {
  readonly kind: 'licence';
  readonly authority: OrganisationId;
  readonly recordedAt: Instant;
  readonly revocation?: { readonly from: Day; readonly at: Instant; readonly by: OrganisationId; readonly reason: string; readonly replacedBy?: string };
  /** Oldest first; only the last can be without an end. */
  readonly suspensions?: readonly LicenceSuspension[];
}

/** Argument of `chemical:declareUse` (NĐ 26/2026 Art. 15). */
export const useDeclaration = object({
  substance,
  purpose: matching(/^(0[1-9]|[1-3][0-9]|4[0-8])$/, 'purpose code 01 to 48 of TT 01/2026 Annex IX'),
  perYear: kilograms,
});
export type UseDeclaration = Parsed<typeof useDeclaration>;

export interface DeclarationRecord extends UseDeclaration {
  readonly kind: 'use-declaration';
  readonly organisation: OrganisationId;
  readonly declaredAt: Instant;
}

/** What a licence line was charged in a year, under `quota/{licence}/{line}/{year}`. */
export interface QuotaRecord {
  readonly kind: 'quota';
  readonly licence: string;
  readonly line: string;
  readonly year: string;
  /** Milligrams. */
  readonly used: string;
}

export const licenceKey = (id: string): string => `licence/${id}`;
export const licenceOfKey = (holder: OrganisationId, of: SubstanceId, id: string): string => `licence-of/${holder}/${of}/${id}`;
export const licenceCountKey = (of: Did): string => `licence-count/${of}`;
export const declarationKey = (organisation: OrganisationId, of: SubstanceId): string => `use-declaration/${organisation}/${of}`;
export const quotaKey = (licence: string, lineName: string, year: string): string => `quota/${licence}/${lineName}/${year}`;

/** Whether a line covers a mixture of this content. */
export function lineCovers(of: LicenceLine, wanted: SubstanceId, content: PartsPerMillion): boolean {
  return of.substance === wanted && content >= parsePercent(of.least) && content <= parsePercent(of.most);
}

/** @throws Problem LICENCE_PERIOD_WRONG, CONTENT_OUT_OF_RANGE, LIST_REPEATS */
export function checkLicence(request: LicenceRequest): void {
  require(request.validTo >= request.validFrom, 'LICENCE_PERIOD_WRONG', { field: 'validTo' });
  checkLicenceLines(request.lines);
}

/** @throws Problem CONTENT_OUT_OF_RANGE, LIST_REPEATS, with field `lines` */
export function checkLicenceLines(lines: readonly LicenceLine[]): void {
  const names = new Set(lines.map((one) => one.line));
  require(names.size === lines.length, 'LIST_REPEATS', { field: 'lines' });
  const crossed = lines.find((one) => parsePercent(one.least) > parsePercent(one.most));
  if (crossed !== undefined) throw new Problem('CONTENT_OUT_OF_RANGE', { field: 'lines', line: crossed.line });
}

/** The calendar year in Viet Nam in which a quota is counted, e.g. `2026`. */
export const quotaYear = (at: Instant): string => dayInVietNam(at).slice(0, 4);
