/** On the page of a code: where to say that something is wrong. The form is a page of its own, so that this one stays light. */
import { type Language, words } from '../../core/goods/language.js';
import { type Html, html } from '../html.js';
import { reportAddress } from '../reported-code.js';
import type { Site } from '../site.js';
import { part } from './facts.js';

const LABELS = {
  heading: words('Thấy điều đáng ngờ?', 'Does something look wrong?'),
  report: words('Báo cho nhà sản xuất và cơ quan quản lý', 'Report it to the maker and the authority'),
};

/**
 * @param code as it was scanned or typed
 * @returns `undefined` on a site that takes no reports
 */
export function reportOffer(code: string, { takesReports }: Site, language: Language): Html | undefined {
  if (!takesReports) return undefined;
  return part(LABELS.heading, html`<p><a class="act" href="${reportAddress(code, language)}">${LABELS.report[language]}</a></p>`, language);
}
