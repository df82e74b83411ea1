/** Writes the browser's finding into the page. Text only: nothing that came from a server becomes markup. */
import type { TrustRoots } from '#domain/goods/public-item.js';
import { TONES } from '../core/goods/band.js';
import { utf8Of, hexOf } from '../core/bytes.js';
import type { CryptoPort } from '../core/crypto-port.js';
import type { Language } from '../core/goods/language.js';
import { fingerprintText, trustText } from '../core/goods/trust-fingerprint.js';
import type { OwnFinding } from './own-check.js';
import { disagreementBand, findingText, ROOTS } from './own-words.js';

export interface BandView {
  readonly top: HTMLElement;
  readonly title: HTMLElement;
  readonly instruction: HTMLElement;
}

/** The band's elements; `undefined` on a page without an answer. */
export function bandView(): BandView | undefined {
  const top = document.getElementById('top');
  const title = document.querySelector<HTMLElement>('#band h1');
  const instruction = document.querySelector<HTMLElement>('#band p');
  return top === null || title === null || instruction === null ? undefined : { top, title, instruction };
}

/** A finding that differs from what stands there is said first, in the band. */
export function showFinding(finding: OwnFinding, band: BandView, place: HTMLElement, language: Language): void {
  place.textContent = findingText(finding, language);
  place.dataset['finding'] = finding.finding;
  if (finding.finding === 'disagrees') setBand(band, 'danger', disagreementBand(language));
  if (finding.finding === 'changed') setBand(band, TONES[finding.state], finding.text);
  if ('codes' in finding && finding.codes.length > 0) place.after(paragraph(finding.codes.join(', '), 'soft'));
}

/** What the band says instead. */
export function setBand({ top, title, instruction }: BandView, tone: string, text: { readonly title: string; readonly instruction: string }): void {
  top.className = `top ${tone}`;
  title.textContent = text.title;
  instruction.textContent = text.instruction;
}

/** One sentence about the roots, below the finding. */
export function showRoots(sentence: keyof typeof ROOTS, place: HTMLElement, language: Language): void {
  place.after(paragraph(ROOTS[sentence][language], 'soft'));
}

/** Changed roots: aloud, above everything but the band, with what to compare and a decision that is the reader's. */
export async function showChangedRoots(trust: TrustRoots, crypto: CryptoPort, language: Language, accept: () => void): Promise<void> {
  const notice = document.createElement('section');
  notice.className = 'card notice warning';
  notice.setAttribute('role', 'alert');
  const heading = document.createElement('h2');
  heading.textContent = ROOTS.changed[language];
  const button = document.createElement('button');
  button.textContent = ROOTS.accept[language];
  button.addEventListener('click', () => {
    accept();
    location.reload();
  });
  const fingerprint = document.createElement('code');
  fingerprint.textContent = await fingerprintOf(trust, crypto);
  const shown = paragraph('', '');
  shown.append(fingerprint);
  const decision = paragraph('', '');
  decision.append(button);
  notice.append(heading, paragraph(ROOTS.why[language], ''), shown, decision);
  document.querySelector('main')?.prepend(notice);
}

async function fingerprintOf(trust: TrustRoots, crypto: CryptoPort): Promise<string> {
  return fingerprintText(hexOf(await crypto.sha256(utf8Of(trustText(trust)))));
}

function paragraph(text: string, className: string): HTMLParagraphElement {
  const element = document.createElement('p');
  element.textContent = text;
  element.className = className;
  return element;
}
