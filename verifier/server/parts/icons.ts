/** Icons of our own, one stroke width, always beside words and so hidden from readers that speak. */
import type { Tone } from '../../core/goods/band.js';
import type { Outcome } from '../../core/report.js';
import { type Html, html } from '../html.js';

/** A shape for each tone, so that colour is never alone: octagon, triangle, dashed ring, register, page. */
const TONE_SHAPES: Readonly<Record<Tone, Html>> = {
  danger: html`<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z"/><path d="m8.5 8.5 7 7m0-7-7 7"/>`,
  warning: html`<path d="M12 3 22 21H2z"/><path d="M12 10v5m0 3v.01"/>`,
  caution: html`<circle cx="12" cy="12" r="10" stroke-dasharray="4 3.5"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7m0 3v.01"/>`,
  normal: html`<path d="M5 3h12a2 2 0 0 1 2 2v16H7a2 2 0 0 1-2-2zm0 16a2 2 0 0 1 2-2h12"/><path d="M9 7.5h6M9 11.5h6"/>`,
  neutral: html`<path d="M6 2h8l5 5v15H6z"/><path d="M14 2v5h5M9.5 13h6m-6 4h6"/>`,
};

const RESULT_SHAPES: Readonly<Record<Outcome['result'], Html>> = {
  pass: html`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
  fail: html`<path d="m6 6 12 12M18 6 6 18"/>`,
  unknown: html`<path d="M9 9a3 3 0 1 1 4 2.8c-.8.3-1 .9-1 1.7m0 3.5v.01"/>`,
  'not-applicable': html`<path d="M6 12h12"/>`,
};

export function toneIcon(tone: Tone): Html {
  return icon(TONE_SHAPES[tone]);
}

/** All tones, for a script that judges by itself: `tone-danger`, … */
export function toneSymbols(): Html {
  return html`<svg class="hide" aria-hidden="true">${Object.entries(TONE_SHAPES).map(([tone, shape]) => html`<symbol id="tone-${tone}" viewBox="0 0 24 24">${shape}</symbol>`)}</svg>`;
}

/** The shapes that a page needs, once in it; `resultIcon` refers to them. */
export function resultSymbols(results: Iterable<Outcome['result']>): Html {
  return html`<svg class="hide" aria-hidden="true">${[...results].map((result) => html`<symbol id="${result}" viewBox="0 0 24 24">${RESULT_SHAPES[result]}</symbol>`)}</svg>`;
}

export function resultIcon(result: Outcome['result']): Html {
  return html`<svg aria-hidden="true"><use href="#${result}"/></svg>`;
}

/** Ruled lines and a seal: a page of a register, the product's mark. No tick: the site promises nothing by looks. */
export const MARK = icon(html`<rect x="3" y="3" width="18" height="18" rx="3"/><path d="M7 8h10M7 12h5M7 16h3"/><circle cx="15.5" cy="15" r="2.2"/>`, 24);

export const PICTURE_MISSING = icon(html`<rect x="3" y="4" width="18" height="16" rx="2"/><path d="m3 17 5.5-5.5L14 17m-1.5-1.5 3-3L21 17M16 8.5v.01"/>`);

/** The same mark for the browser's tab. */
export const MARK_FILE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#243f55" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><rect x="3" y="3" width="18" height="18" rx="3" fill="#fff"/><path d="M7 8h10M7 12h5M7 16h3"/><circle cx="15.5" cy="15" r="2.2"/></svg>`;

function icon(shape: Html, size?: number): Html {
  return size === undefined
    ? html`<svg viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`
    : html`<svg viewBox="0 0 24 24" width="${size}" height="${size}" aria-hidden="true">${shape}</svg>`;
}
