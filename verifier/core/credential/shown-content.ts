/**
 * What of a credential is shown to a reader, as names and values in words: the same on the server's page and in the
 * browser. Nothing is shown that a registered issuer did not sign with the right to do so.
 */
import { CREDENTIAL_TYPES, type CredentialType } from '#domain/credential/credential-type.js';
import { isOfType, type CredentialClaims } from '#domain/credential/claims.js';
import type { ChemicalLicence, ChemicalLicenceLine } from '#domain/credential/chemical-licence.js';
import type { Diploma } from '#domain/credential/diploma.js';
import type { EnterpriseIdentity } from '#domain/credential/enterprise-identity.js';
import { DISCLOSURE_NAMES, type Classification, type DisclosureName, type PersonalData } from '#domain/credential/personal-data.js';
import {
  ASSURANCE_WORDS, CHEMICAL_LICENCE_WORDS, CLASSIFICATION_WORDS, DIPLOMA_WORDS, ENTERPRISE_IDENTITY_WORDS, LEVEL_WORDS, PERSONAL_WORDS, STUDY_MODE_WORDS,
  type Wording,
} from '#domain/credential/wording.js';
import { endsWithDay } from '#domain/credential/validity.js';
import { substanceOf } from '#domain/chemistry/substances.js';
import { instantOf, type Day } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { parseProvince, provinceName } from '#domain/registry/provinces.js';
import { words, type Language } from '../goods/language.js';
import { dayText, decimalText, momentText, vietnamDay } from '../goods/number-wording.js';
import type { CredentialReport } from './credential-report.js';
import type { CredentialStanding } from './credential-verdict.js';
import type { LicenceWord } from './licence-word.js';

/** One name and what stands under it, a line each. */
export interface ShownFact {
  readonly name: string;
  readonly lines: readonly string[];
}

const VOUCHED = ['issuer', 'key', 'signature', 'authorisation'] as const;

/** Whether the content may be shown: anybody else could write anything into it. */
export function showsContent(report: CredentialReport): boolean {
  return VOUCHED.every((name) => report[name].result === 'pass') && report.commitment.result !== 'fail';
}

/** Whether the issuer may be named: the register knows it, and its own key signed. */
export function showsIssuer(report: CredentialReport): boolean {
  return report.signature.result === 'pass' && report.issuer.result === 'pass' && report.key.result === 'pass';
}

/** e.g. `Văn bằng`, `Licence for special-control chemicals`. */
export function typeText(type: CredentialType, language: Language): string {
  return language === 'vi' ? CREDENTIAL_TYPES[type].nameVi : CREDENTIAL_TYPES[type].nameEn;
}

/** What it is called first, e.g. `Bằng cử nhân`, `Hóa chất Ban Mai`, `01/GP-HC`. */
export function headlineOf(claims: CredentialClaims, language: Language): string {
  if (isOfType(claims, 'DiplomaCredential')) return inEither(language, claims.subjectClaims.title, claims.subjectClaims.titleEn);
  if (isOfType(claims, 'EnterpriseIdentityCredential')) return inEither(language, claims.subjectClaims.name, claims.subjectClaims.nameEn);
  return isOfType(claims, 'ChemicalLicenceCredential') ? claims.subjectClaims.number : typeText(claims.type, language);
}

function inEither(language: Language, vi: string, en: string | undefined): string {
  return language === 'en' && en !== undefined ? en : vi;
}

const PERIOD = {
  name: words('Thời hạn', 'Validity'),
  from: words('từ', 'from'),
  to: words('đến hết', 'to the end of'),
  until: words('đến', 'until'),
  endless: words('không ghi ngày hết hạn', 'no expiry stated'),
  issued: words('Ký lúc', 'Signed at'),
};

/** When it is in force, by days in Viet Nam; one that ends within a day, to the minute. */
export function periodFacts({ notBefore, expires, issuedAt }: CredentialClaims, language: Language): ShownFact[] {
  const from = `${PERIOD.from[language]} ${dayOf(notBefore, language)}`;
  const to = expires === undefined ? PERIOD.endless[language] : endOf(expires, language);
  return [
    { name: PERIOD.name[language], lines: [`${from}, ${to}`] },
    { name: PERIOD.issued[language], lines: [momentText(instantOf(issuedAt * 1000), language)] },
  ];
}

function endOf(expires: number, language: Language): string {
  if (endsWithDay(expires)) return `${PERIOD.to[language]} ${dayOf(expires - 1, language)}`;
  return `${PERIOD.until[language]} ${momentText(instantOf(expires * 1000), language)}`;
}

function dayOf(seconds: number, language: Language): string {
  return dayText(vietnamDay(instantOf(seconds * 1000)), language);
}

/** What the credential says of its subject. */
export function subjectFacts(claims: CredentialClaims, language: Language): ShownFact[] {
  if (isOfType(claims, 'DiplomaCredential')) return diplomaFacts(claims.subjectClaims, language);
  if (isOfType(claims, 'ChemicalLicenceCredential')) return licenceFacts(claims.subjectClaims, language);
  return isOfType(claims, 'EnterpriseIdentityCredential') ? identityFacts(claims.subjectClaims, claims.subject, language) : [];
}

const fact = (name: Wording, language: Language, ...lines: readonly string[]): ShownFact => ({ name: name[language], lines });

function diplomaFacts(diploma: Diploma, language: Language): ShownFact[] {
  const { level, field, fieldEn, mode, graduationYear, decisionNumber, issuePlace, issueDate, assurance, replaces } = diploma;
  return [
    fact(DIPLOMA_WORDS.level, language, LEVEL_WORDS[level][language]),
    fact(DIPLOMA_WORDS.field, language, inEither(language, field, fieldEn)),
    fact(DIPLOMA_WORDS.mode, language, STUDY_MODE_WORDS[mode][language]),
    fact(DIPLOMA_WORDS.graduationYear, language, String(graduationYear)),
    fact(DIPLOMA_WORDS.decisionNumber, language, decisionNumber),
    fact(DIPLOMA_WORDS.issueDate, language, `${dayText(issueDate, language)}, ${issuePlace}`),
    fact(DIPLOMA_WORDS.assurance, language, ASSURANCE_WORDS[assurance][language]),
    ...(replaces === undefined ? [] : [fact(DIPLOMA_WORDS.replaces, language, `${CORRECTION[language]} ${replaces.decisionNumber}`)]),
  ];
}

const CORRECTION = words('Bản chỉnh sửa theo quyết định', 'Correction by decision');

const HOLDER_NUMBER = words('mã số', 'number');

function licenceFacts({ holder, lines, replaces }: ChemicalLicence, language: Language): ShownFact[] {
  return [
    fact(CHEMICAL_LICENCE_WORDS.holder, language, inEither(language, holder.name, holder.nameEn), `${HOLDER_NUMBER[language]} ${holder.enterpriseNumber}`),
    ...lines.map((line, place) => lineFact(line, place, language)),
    ...(replaces === undefined ? [] : [fact(CHEMICAL_LICENCE_WORDS.replaces, language, replaces.number)]),
  ];
}

const LINE = {
  substance: words('Hóa chất', 'Chemical'),
  year: words('mỗi năm', 'a year'),
  group: words('nhóm', 'group'),
};

/** e.g. `Axeton, 5–100 %` · `1.000.000 kg mỗi năm, nhóm 2` · `KCN Bình Minh, Đồng Nai`. */
function lineFact({ substance, least, most, perYear, site, group }: ChemicalLicenceLine, place: number, language: Language): ShownFact {
  const { vi, en } = substanceOf(substance);
  const name = language === 'vi' && vi !== '' ? vi : en;
  const content = `${decimalText(least, language)}–${decimalText(most, language)}\u00a0%`;
  return {
    name: `${LINE.substance[language]} ${place + 1}`,
    lines: [
      `${name}, ${content}`,
      `${decimalText(perYear, language)}\u00a0kg ${LINE.year[language]}, ${LINE.group[language]}\u00a0${group}`,
      placeText(site.address, provinceName(parseProvince(site.province))),
    ],
  };
}

/** An address that ends with its province says it once. */
function placeText(address: string, province: string): string {
  return address.endsWith(province) ? address : `${address}, ${province}`;
}

function identityFacts(identity: EnterpriseIdentity, subject: string, language: Language): ShownFact[] {
  const { enterpriseNumber, address, province, gs1Prefixes, nameEn, name } = identity;
  return [
    fact(ENTERPRISE_IDENTITY_WORDS.enterpriseNumber, language, enterpriseNumber),
    ...(language === 'vi' && nameEn !== undefined ? [fact(ENTERPRISE_IDENTITY_WORDS.nameEn, language, nameEn)] : []),
    ...(language === 'en' && nameEn !== undefined ? [fact(ENTERPRISE_IDENTITY_WORDS.name, language, name)] : []),
    fact(ENTERPRISE_IDENTITY_WORDS.address, language, placeText(address, provinceName(parseProvince(province)))),
    ...(gs1Prefixes.length === 0 ? [] : [fact(ENTERPRISE_IDENTITY_WORDS.gs1Prefixes, language, gs1Prefixes.join(', '))]),
    { name: 'DID', lines: [subject] },
  ];
}

/** Personal data that were shown, in the order of the form. */
export function personalFacts(data: Partial<PersonalData>, language: Language): ShownFact[] {
  return DISCLOSURE_NAMES.flatMap((name) => {
    const value = data[name];
    return value === undefined ? [] : [fact(PERSONAL_WORDS[name], language, personalText(name, value, language))];
  });
}

function personalText(name: DisclosureName, value: string, language: Language): string {
  if (name === 'dateOfBirth') return dayText(value as Day, language);
  return name === 'classification' ? CLASSIFICATION_WORDS[value as Classification][language] : value;
}

const STANDING = {
  name: words('Trạng thái', 'Status'),
  none: words('Không bị thu hồi, đình chỉ hay thay thế', 'Not revoked, suspended or replaced'),
  open: words('Chưa rõ', 'Not known'),
  asOf: words('tới', 'as of'),
  set: { revocation: words('Đã bị thu hồi', 'Revoked'), suspension: words('Đang bị đình chỉ', 'Suspended'), supersession: words('Đã được thay thế', 'Replaced by a newer one') },
};

/** Revoked, suspended, replaced, none of these, or not known; and until when that is known. */
export function statusFact(report: CredentialReport, statusAsOf: number | undefined, language: Language): ShownFact {
  const set = (['revocation', 'suspension', 'supersession'] as const).filter((name) => report[name].result === 'fail');
  const isOpen = report.revocation.result === 'unknown' || report.suspension.result === 'unknown' || report.supersession.result === 'unknown';
  if (isOpen && set.length === 0) return { name: STANDING.name[language], lines: [STANDING.open[language]] };
  const said = set.length > 0 ? set.map((name) => STANDING.set[name][language]) : [STANDING.none[language]];
  const asOf = statusAsOf === undefined ? [] : [`${STANDING.asOf[language]} ${momentText(instantOf(statusAsOf), language)}`];
  return { name: STANDING.name[language], lines: [...said, ...asOf] };
}

const LICENCES = words('Sổ giấy phép', 'Register of licences');

const REVOKER = { name: words('Thu hồi bởi', 'Revoked by'), decision: words('quyết định', 'decision') };

/**
 * The status, and who revoked it, if somebody else than its issuer did; or who put the licence out of force, if the register
 * of licences alone says so.
 *
 * @param nameOf as the register names an organisation; without a name, its id stands there
 */
export function statusFacts(report: CredentialReport, standing: CredentialStanding | undefined, nameOf: (id: OrganisationId) => string | undefined, language: Language): ShownFact[] {
  const { revokedBy: by, licence } = standing ?? {};
  // What others revoked stands in the register: the lists may be older than that.
  const status = statusFact(report, by ?? licence ? standing?.registerAsOf : standing?.statusAsOf, language);
  const ended = licence === undefined ? [] : [{ name: LICENCES[language], lines: [nameOf(licence.by) ?? licence.by, endedText(licence, language)] }];
  if (by === undefined) return [status, ...ended];
  return [status, ...ended, { name: REVOKER.name[language], lines: [nameOf(by.organisation) ?? by.organisation, `${REVOKER.decision[language]} ${by.decision}, ${momentText(by.at, language)}`] }];
}

/** e.g. `từ 20/11/2026, 16:30 20/11/2026`: from which day, and when that was recorded. */
function endedText({ at, from }: LicenceWord, language: Language): string {
  return `${from === undefined ? '' : `${PERIOD.from[language]} ${dayText(from, language)}, `}${momentText(at, language)}`;
}

/** Whether everything in it is made up for a demonstration. */
export function isFictional({ subjectClaims }: CredentialClaims): boolean {
  return subjectClaims.fictional === 'yes';
}
