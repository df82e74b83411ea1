/** What it is: title, issuer, validity, status, and what it says of its subject. */
import type { CredentialClaims } from '#domain/credential/claims.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { TrustOrganisation } from '#domain/trust/snapshot.js';
import { headlineOf, isFictional, periodFacts, personalFacts, type ShownFact, showsContent, showsIssuer, statusFacts, subjectFacts, typeText } from '../../core/credential/shown-content.js';
import { type Language, words } from '../../core/goods/language.js';
import { type Html, html, isolated } from '../html.js';
import { factList, type Fact } from '../parts/facts.js';
import type { CredentialAnswer } from './credential-answer.js';
import type { KnownRegister } from './register-copy.js';

const LABELS = {
  by: words('Cấp bởi', 'Issued by'),
  signed: words('Ký bởi', 'Signed by'),
  byRegister: words('theo sổ đăng ký', 'by the register'),
  type: words('Loại', 'Type'),
  fictional: words('Dữ liệu minh họa: tổ chức và người nêu ở đây không có thật.', 'Demonstration data: the organisations and people named here do not exist.'),
};

/** The card at the top; of a credential whose issuer may only be named, its type and issuer. Nothing of any other. */
export function credentialHead({ judged: { facts, report, standing }, register }: CredentialAnswer, language: Language): Html | undefined {
  if (facts === undefined || !showsIssuer(report)) return undefined;
  const { claims } = facts;
  const nameOf = (id: OrganisationId | undefined): string | undefined => nameIn(register, id, language);
  const name = nameOf(standing?.organisation);
  const issuer = name === undefined ? undefined : html`<p class="clip">${(showsContent(report) ? LABELS.by : LABELS.signed)[language]} <b>${isolated(name)}</b> <span class="soft">(${LABELS.byRegister[language]})</span></p>`;
  if (!showsContent(report)) return html`<section class="card"><h2>${typeText(claims.type, language)}</h2>${issuer}</section>`;
  const rows = contentRows(claims, statusFacts(report, standing, nameOf, language), language);
  return html`<section class="card"><h2 class="clip">${isolated(headlineOf(claims, language))}</h2>${issuer}${factList(rows)}</section>`;
}

function nameIn({ view }: KnownRegister, id: OrganisationId | undefined, language: Language): string | undefined {
  const organisation = id === undefined ? undefined : view.organisation(id);
  return organisation && organisationText(organisation, language);
}

function contentRows(claims: CredentialClaims, status: readonly ShownFact[], language: Language): Fact[] {
  const type = { name: LABELS.type[language], lines: [typeText(claims.type, language)] };
  return [type, ...status, ...periodFacts(claims, language), ...subjectFacts(claims, language)].map(shownFact);
}

export function organisationText({ name, nameEn }: TrustOrganisation, language: Language): string {
  return language === 'en' && nameEn !== undefined ? nameEn : name;
}

/** A row of a list of facts. */
export function shownFact({ name, lines }: ShownFact): Html {
  return html`<div><dt>${name}</dt><dd>${lines.map((line, at) => (at === 0 ? isolated(line) : html`<br>${isolated(line)}`))}</dd></div>`;
}

/** Rows about the person, where their data were shown. */
export function personRows({ judged: { facts } }: CredentialAnswer, language: Language): Html | undefined {
  return facts === undefined ? undefined : factList(personalFacts(facts.disclosed, language).map(shownFact));
}

export function fictionalNotice({ judged: { facts, report } }: CredentialAnswer, language: Language): Html | undefined {
  if (facts === undefined || !showsContent(report) || !isFictional(facts.claims)) return undefined;
  return html`<section class="card notice caution"><p>${LABELS.fictional[language]}</p></section>`;
}
