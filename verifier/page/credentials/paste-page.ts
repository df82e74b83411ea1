/** The form for pasted credentials: judged on this device first, and sent only if the reader says so. */
import type { TrustRoots } from '#domain/goods/public-item.js';
import { credentialBand } from '../../core/credential/band.js';
import { pastedLink, pastedText, type PastedLink } from '../../core/credential/pasted-text.js';
import type { Language } from '../../core/goods/language.js';
import type { BandView } from '../proof-view.js';
import { type Finding, FINDINGS, PASTED } from './credential-words.js';
import { fetchedCopies } from './fetched-copies.js';
import { element } from './markup.js';
import { judgeHere, type OwnJudgement } from './own-judgement.js';
import type { Platform } from './platform.js';
import { type CheckWords, showJudgement } from './judgement-view.js';

export interface PastePage extends Platform {
  readonly form: HTMLFormElement;
  readonly out: HTMLElement;
  readonly band: BandView;
  readonly pinned: TrustRoots | undefined;
}

/** From now on the form sends nothing by itself. */
export function judgePastes(page: PastePage): void {
  const { form, language } = page;
  note(form).textContent = PASTED.localNote[language];
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void judge(page, pastedText(textIn(form)));
  });
}

function textIn(form: HTMLFormElement): string {
  return form.querySelector('textarea')?.value ?? '';
}

function note(form: HTMLFormElement): HTMLElement {
  return form.querySelector<HTMLElement>('#paste-note') ?? form;
}

async function judge(page: PastePage, text: string): Promise<void> {
  const { out, language } = page;
  const link = pastedLink(text);
  if (link !== undefined) return follow(link, page);
  if (text === '') return out.replaceChildren(element('p', 'fail', PASTED.empty[language]));
  out.replaceChildren(element('p', '', PASTED.working[language]));
  out.dataset['finding'] = 'working';
  try {
    const [judgement, words] = await Promise.all([judgeHere(text, { ...page, copies: fetchedCopies, now: Date.now() }), fetchWords(language)]);
    if (judgement.judged.report.signature.result === 'unknown' && judgement.judged.report.signature.code === 'CRYPTO_UNAVAILABLE') return offerServer(page);
    showJudgement(judgement, words, { band: page.band, out, language, now: Date.now() });
    out.append(compareButton(page, text, judgement));
    out.dataset['finding'] = 'judged';
  } catch (error) {
    offerServer(page);
    throw error; // seen by whoever looks at the console; the reader has been told
  }
}

/** A printed link leads to its own page; its key stays behind the `#`. */
function follow({ host, id, key }: PastedLink, { out, language }: PastePage): void {
  if (host === location.host) return location.assign(`/c/${id}?lang=${language}${key === undefined ? '' : `#${key}`}`);
  out.replaceChildren(element('section', 'card notice warning', element('p', '', `${PASTED.elsewhere[language]} `, element('b', '', location.host))));
}

/** The same for every credential, so that asking for them tells nothing. */
async function fetchWords(language: Language): Promise<CheckWords> {
  const response = await fetch(`/credential-words.json?lang=${language}`);
  return await response.json() as CheckWords;
}

/** Without a judgement here, the reader decides whether the text is sent. */
function offerServer({ form, out, language }: PastePage): void {
  const button = element('button', '', PASTED.send[language]);
  button.type = 'button';
  button.addEventListener('click', () => form.submit());
  out.replaceChildren(element('section', 'card notice caution', element('p', '', PASTED.localFailed[language]), element('p', '', button)));
  out.dataset['finding'] = 'could-not-check';
}

function compareButton({ language }: PastePage, text: string, judgement: OwnJudgement): HTMLElement {
  const button = element('button', 'second', PASTED.send[language]);
  button.type = 'button';
  const said = element('p', '');
  said.setAttribute('role', 'status');
  button.addEventListener('click', () => {
    button.disabled = true;
    void tell(said, compare(text, judgement), language);
  });
  return element('div', 'part', button, said);
}

async function tell(said: HTMLElement, comparing: Promise<Finding>, language: Language): Promise<void> {
  const finding = await comparing;
  said.textContent = FINDINGS[finding][language];
  said.dataset['compared'] = finding;
}

/** The report must be the same to the letter. */
async function compare(text: string, { judged }: OwnJudgement): Promise<Finding> {
  const response = await fetch('/credentials/verify', { method: 'POST', headers: { 'content-type': 'application/json', 'accept': 'application/json' }, body: JSON.stringify({ verifiableCredential: text }) }).catch(() => undefined);
  if (response?.status !== 200) return 'could-not-check';
  const { report, band } = await response.json() as { report?: unknown; band?: { state?: unknown } };
  const isSame = JSON.stringify(report) === JSON.stringify(judged.report) && band?.state === credentialBand(judged.report, judged.standing);
  return isSame ? 'agrees' : 'disagrees';
}
