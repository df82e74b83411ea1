/** The part of the page about the person. */
import type { PersonalData } from '#domain/credential/personal-data.js';
import type { CredentialReport } from '../../core/credential/credential-report.js';
import { personalFacts } from '../../core/credential/shown-content.js';
import type { Language } from '../../core/goods/language.js';
import { PRINTED, SAID } from './credential-words.js';
import { element, factList, part } from './markup.js';

/** The name instead of the form; nothing of data that are not signed. */
export function showName(out: HTMLElement, report: CredentialReport, data: Partial<PersonalData>, language: Language): void {
  const isSigned = report.disclosures.result === 'pass';
  const body = isSigned ? [factList(personalFacts(data, language)), element('p', '', PRINTED.compare[language])] : [element('p', 'fail', PRINTED.hidden[language])];
  out.replaceChildren(part(SAID.holder[language], ...body));
  out.dataset['holder'] = isSigned ? 'shown' : 'refused';
  // Who it is for is what is compared first.
  if (isSigned) out.previousElementSibling?.before(out);
}

/** Above the form, which still works. */
export function showWrongKey(out: HTMLElement, language: Language): void {
  const said = element('p', 'fail', PRINTED.wrongKey[language]);
  said.setAttribute('role', 'alert');
  out.querySelector('h2')?.after(said);
  out.dataset['holder'] = 'wrong-key';
}
