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
  if (!isSigned) return;
  // Who it is for is what is compared first.
  out.previousElementSibling?.before(out);
  tickDisclosures(language);
}

/** The server was not shown the data, and its table says so: with the name beside it that would be wrong. */
function tickDisclosures(language: Language): void {
  const [said, result] = document.querySelector<HTMLTableRowElement>('tr[data-check=disclosures]')?.cells ?? [];
  const ticked = document.querySelector('tr[data-check=signature] td');
  said?.querySelector('small')?.replaceChildren(PRINTED.signed[language]);
  if (ticked !== null) result?.replaceWith(ticked.cloneNode(true));
}

/** Above the form, which still works. */
export function showWrongKey(out: HTMLElement, language: Language): void {
  const said = element('p', 'fail', PRINTED.wrongKey[language]);
  said.setAttribute('role', 'alert');
  out.querySelector('h2')?.after(said);
  out.dataset['holder'] = 'wrong-key';
}
