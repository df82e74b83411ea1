/** Writes the browser's own judgement of a pasted credential: the same parts as the server's page, from the same words. */
import { epochMs } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { CREDENTIAL_TONES, credentialBand } from '../../core/credential/band.js';
import { credentialBandFacts, credentialBandText } from '../../core/credential/band-wording.js';
import { CREDENTIAL_CHECKS, type CredentialReport } from '../../core/credential/credential-report.js';
import { headlineOf, isFictional, periodFacts, personalFacts, showsContent, showsIssuer, statusFacts, subjectFacts, typeText } from '../../core/credential/shown-content.js';
import type { Language } from '../../core/goods/language.js';
import { ageText } from '../../core/goods/number-wording.js';
import type { Outcome } from '../../core/report.js';
import { type BandView, setBand } from '../proof-view.js';
import { PASTED, SAID } from './credential-words.js';
import { type Child, element, factList, isolated, part } from './markup.js';
import type { OwnJudgement } from './own-judgement.js';

export interface JudgementView {
  readonly band: BandView;
  readonly out: HTMLElement;
  readonly language: Language;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Words for checks and outcomes, as `/credential-words.json` has them. */
export interface CheckWords {
  readonly checks: Readonly<Record<string, { readonly name: string; readonly pass: string }>>;
  readonly reasons: Readonly<Record<string, string>>;
  readonly results: Readonly<Record<string, string>>;
  readonly problems: Readonly<Record<string, string>>;
}

export function showJudgement(judgement: OwnJudgement, words: CheckWords, { band, out, language, now }: JudgementView): void {
  const { judged: { report, standing }, judged, snapshot } = judgement;
  const state = credentialBand(report, standing);
  const { means, doesNotMean, ...said } = credentialBandText(state, credentialBandFacts(judged), language);
  setBand(band, CREDENTIAL_TONES[state], said);
  setIcon(CREDENTIAL_TONES[state]);
  out.replaceChildren(...[
    ...headOf(judgement, language),
    part(PASTED.meaning[language], element('p', '', means), element('p', '', doesNotMean)),
    holderOf(judgement, language),
    part(PASTED.checks[language], checksOf(report, words, language)),
    element('p', 'part', `${PASTED.ownCheck[language]} ${SAID.registerAsOf[language]} ${ageText(now - epochMs(snapshot.knownAt), language)}.`),
  ].filter((each) => each !== undefined));
  out.dataset['state'] = state;
  band.top.scrollIntoView();
}

/** The page brings a shape for each tone, so that colour is never alone. */
function setIcon(tone: string): void {
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#tone-${tone}`);
  document.querySelector('#band svg')?.replaceChildren(use);
}

function headOf(judgement: OwnJudgement, language: Language): HTMLElement[] {
  const { judged: { report, facts, standing } } = judgement;
  if (facts === undefined || !showsIssuer(report)) return [];
  const { claims } = facts;
  const issuer = issuerOf(judgement, language);
  if (!showsContent(report)) return [element('section', 'card', element('h2', '', typeText(claims.type, language)), issuer)];
  const type = { name: PASTED.type[language], lines: [typeText(claims.type, language)] };
  const status = statusFacts(report, standing, (id) => nameOf(judgement, id, language), language);
  const shown = factList([type, ...status, ...periodFacts(claims, language), ...subjectFacts(claims, language)]);
  const fictional = isFictional(claims) ? [element('section', 'card notice caution', element('p', '', PASTED.fictional[language]))] : [];
  return [...fictional, element('section', 'card', element('h2', 'clip', isolated(headlineOf(claims, language))), issuer, shown)];
}

/** The name is the register's, never the credential's. */
function issuerOf(judgement: OwnJudgement, language: Language): Child {
  const { standing, report } = judgement.judged;
  const name = nameOf(judgement, standing?.organisation, language);
  if (name === undefined) return undefined;
  return element('p', 'clip', `${(showsContent(report) ? PASTED.by : PASTED.signed)[language]} `, element('b', '', isolated(name)));
}

function nameOf({ view }: OwnJudgement, id: OrganisationId | undefined, language: Language): string | undefined {
  const organisation = id === undefined ? undefined : view.organisation(id);
  return language === 'en' ? organisation?.nameEn ?? organisation?.name : organisation?.name;
}

function holderOf({ judged: { report, facts } }: OwnJudgement, language: Language): HTMLElement | undefined {
  if (facts === undefined || !showsContent(report) || report.disclosures.result !== 'pass') return undefined;
  return part(SAID.holder[language], factList(personalFacts(facts.disclosed, language)));
}

/** Every check by its name, in the order in which they are made. */
function checksOf(report: CredentialReport, words: CheckWords, language: Language): HTMLElement {
  const rows = CREDENTIAL_CHECKS.map((name) => {
    const outcome = report[name];
    const head = element('th', '', words.checks[name]?.name ?? name, element('small', '', sentenceOf(words, name, outcome)));
    head.scope = 'row';
    return element('tr', '', head, element('td', outcome.result === 'fail' ? 'fail' : '', words.results[outcome.result] ?? outcome.result));
  });
  return element('table', '', element('thead', '', element('tr', '', column(PASTED.check[language]), column(PASTED.result[language]))), element('tbody', '', ...rows));
}

/** A code without a sentence stands for itself. */
function sentenceOf({ checks, reasons, problems }: CheckWords, name: string, outcome: Outcome): string {
  if ('code' in outcome) return problems[outcome.code] ?? outcome.code;
  return outcome.result === 'pass' ? checks[name]?.pass ?? '' : reasons[outcome.reason] ?? outcome.reason;
}

function column(text: string): HTMLElement {
  const head = element('th', '', text);
  head.scope = 'col';
  return head;
}
