/** The line that ties a page to its print job: without it, printed, applied, spoiled and returned cannot be reconciled. */
import type { LabelSetting } from './label-setting.js';
import { labelsPerPage } from './media.js';
import type { PageContent } from './page-content.js';
import { sizeToFit } from './printable-text.js';
import { POINT } from './typography.js';
import { countInWords } from './wording.js';

/** Baseline above the foot of the page, and free edge at both sides: on sheets outside what printers leave blank. */
const SHEET = { base: 6.2, edge: 12, size: 7 };
const SINGLE = { base: 1.1, edge: 1.5, size: 4.8 };
const LARGE = { base: 2.6, edge: 6, size: 6 };

/**
 * @param page 1 is the test page
 * @returns e.g. `tem 25–48 / 1.000`, or on the test page `tem 0 / 1.000`
 */
export function countRange(page: number, { labels, media, words, language }: LabelSetting): string {
  const perPage = labelsPerPage(media);
  const first = (page - 2) * perPage + 1;
  const last = Math.min(labels, (page - 1) * perPage);
  const count = (value: number): string => countInWords(value, language);
  const range = page === 1 ? '0' : first === last ? count(first) : `${count(first)}–${count(last)}`;
  return `${words.labels} ${range} / ${count(labels)}`;
}

/** Draws job id, page n/N and the range of labels at the foot of a page. */
export function drawFooter(content: PageContent, page: number, setting: LabelSetting): void {
  const { jobId, words, media, language } = setting;
  const place = placeOf(setting);
  const text = `${words.job} ${jobId}  ·  ${words.page} ${countInWords(page, language)}/${countInWords(setting.pages, language)}  ·  ${countRange(page, setting)}`;
  const size = sizeToFit(text, place.size, (media.page.width - 2 * place.edge) / POINT, (part) => content.fonts.regular.widthOf(part));
  content.ink('grey').text({ x: place.edge, y: media.page.height - place.base, text, face: 'regular', size }).ink('black');
}

function placeOf({ media }: LabelSetting): typeof SHEET {
  if (labelsPerPage(media) > 1) return SHEET;
  return media.hazard === 'field' ? LARGE : SINGLE;
}
