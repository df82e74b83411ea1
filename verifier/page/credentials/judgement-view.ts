/** Writes the browser's own judgement of a pasted credential: the same parts as the server's page, from the same words. */
import { epochMs } from '#domain/instant.js';
import { CREDENTIAL_TONES, credentialBand } from '../../core/credential/band.js';
import { credentialBandFacts, credentialBandText } from '../../core/credential/band-wording.js';
import { credentialCheckName, credentialOutcomeText } from '../../core/credential/check-wording.js';
import { CREDENTIAL_CHECKS, type CredentialReport } from '../../core/credential/credential-report.js';
import { headlineOf, isFictional, periodFacts, personalFacts, showsContent, showsIssuer, statusFact, subjectFacts, typeText } from '../../core/credential/shown-content.js';
import type { Language } from '../../core/goods/language.js';
import { ageText } from '../../core/goods/number-wording.js';
import { resultText } from '../../core/result-wording.js';
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

export function showJudgement(judgement: OwnJudgement, { band, out, language, now }: JudgementView): void {
  const { judged: { report, standing }, judged, snapshot } = judgement;
  const state = credentialBand(report, standing);
  const { means, doesNotMean, ...said } = credentialBandText(state, credentialBandFacts(judged), language);
  setBand(band, CREDENTIAL_TONES[state], said);
  out.replaceChildren(...[
    ...headOf(judgement, language),
    part(PASTED.meaning[language], element('p', '', means), element('p', '', doesNotMean)),
    holderOf(judgement, language),
    part(PASTED.checks[language], checksOf(report, language)),
    element('p', 'part', `${PASTED.ownCheck[language]} ${SAID.registerAsOf[language]} ${ageText(now - epochMs(snapshot.knownAt), language)}.`),
  ].filter((each) => each !== undefined));
  out.dataset['state'] = state;
  band.top.scrollIntoView();
}

function headOf({ judged: { report, facts, standing }, view }: OwnJudgement, language: Language): HTMLElement[] {
  if (facts === undefined || !showsIssuer(report)) return [];
  const { claims } = facts;
  const organisation = standing?.organisation === undefined ? undefined : view.organisation(standing.organisation);
  const name = language === 'en' ? organisation?.nameEn ?? organisation?.name : organisation?.name;
  const issuer: Child = name === undefined ? undefined : element('p', 'clip', `${PASTED.by[language]} `, element('b', '', isolated(name)));
  if (!showsContent(report)) return [element('section', 'card', element('h2', '', typeText(claims.type, language)), issuer)];
  const type = { name: PASTED.type[language], lines: [typeText(claims.type, language)] };
  const shown = factList([type, statusFact(report, standing?.statusAsOf, language), ...periodFacts(claims, language), ...subjectFacts(claims, language)]);
  const fictional = isFictional(claims) ? [element('section', 'card notice caution', element('p', '', PASTED.fictional[language]))] : [];
  return [...fictional, element('section', 'card', element('h2', 'clip', isolated(headlineOf(claims, language))), issuer, shown)];
}

function holderOf({ judged: { report, facts } }: OwnJudgement, language: Language): HTMLElement | undefined {
  if (facts === undefined || !showsContent(report) || report.disclosures.result !== 'pass') return undefined;
  return part(SAID.holder[language], factList(personalFacts(facts.disclosed, language)));
}

/** Every check by its name, in the order in which they are made. */
function checksOf(report: CredentialReport, language: Language): HTMLElement {
  const rows = CREDENTIAL_CHECKS.map((name) => {
    const outcome = report[name];
    const head = element('th', '', credentialCheckName(name, language), element('small', '', credentialOutcomeText(name, outcome, language)));
    head.scope = 'row';
    return element('tr', '', head, element('td', outcome.result === 'fail' ? 'fail' : '', resultText(outcome, language)));
  });
  return element('table', '', element('thead', '', element('tr', '', column(PASTED.check[language]), column(PASTED.result[language]))), element('tbody', '', ...rows));
}

function column(text: string): HTMLElement {
  const head = element('th', '', text);
  head.scope = 'col';
  return head;
}
