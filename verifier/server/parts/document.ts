/** The shell of every page: head, the coloured top with the answer, the rest, the foot. */
import type { Tone } from '../../core/goods/band.js';
import { type Language, type Words, words } from '../../core/goods/language.js';
import { Html, html } from '../html.js';
import { inLanguage, type RawUrl } from '../raw-url.js';
import type { Site } from '../site.js';
import { FORM_STYLES, STYLES } from '../styles.js';
import { MARK, toneIcon } from './icons.js';

export interface PageFrame {
  readonly site: Site;
  readonly language: Language;
  /** The address asked for, for the language switch. */
  readonly url: RawUrl;
}

export interface Band {
  readonly tone: Tone;
  readonly title: string;
  readonly instruction: string | Html;
  /** How old the answer is. */
  readonly asOf?: Html;
  /** For the script: the state that the server came to. */
  readonly state?: string;
}

/** How every page begins: the same bytes in each language, so that they are compressed once. The title follows, because it differs. */
const STARTS = { vi: startIn('vi'), en: startIn('en') };
export const PAGE_STARTS: readonly string[] = [STARTS.vi.markup, STARTS.en.markup];

function startIn(language: Language): Html {
  return html`<!doctype html><html lang="${language}" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="/icon.svg" type="image/svg+xml">${new Html(`<style>${STYLES}</style>`)}`;
}

/** For the head of a page that holds a form. */
export const FORM_STYLE = new Html(`<style>${FORM_STYLES}</style>`);

const NAME = 'Minh Chứng';
const HOME: Words = words('Trang đầu', 'Home');
const OTHER = { vi: { language: 'en', name: 'English' }, en: { language: 'vi', name: 'Tiếng Việt' } } as const;

const FOOT = {
  operator: words('Đơn vị vận hành:', 'Run by'),
  contact: words('Báo lại điều đáng ngờ:', 'Report what looks wrong:'),
  privacy: words('Trang này không đặt cookie, không tải gì từ nơi khác và không hỏi bạn là ai.', 'This site sets no cookie, loads nothing from elsewhere and does not ask who you are.'),
  another: words('Kiểm tra mã khác', 'Check another code'),
};

/**
 * A whole page.
 *
 * @param band said first, announced to readers that listen
 * @param head more for the head, e.g. the canonical address
 * @param body everything below the band
 */
export function document(frame: PageFrame, band: Band, body: Html, head?: Html): Html {
  const { site, language } = frame;
  return html`${STARTS[language]}<title>${band.title} – ${NAME}</title>${head}</head><body><div class="top ${band.tone}" id="top">${masthead(frame)}${bandPart(band)}</div><main class="wrap">${body}</main>${foot(site, language)}${script(site)}</body></html>`;
}

function masthead({ language, url }: PageFrame): Html {
  const other = OTHER[language];
  return html`<header class="mast wrap"><a href="/?lang=${language}">${MARK}<b>${NAME}</b><span class="hide">– ${HOME[language]}</span></a><a href="${inLanguage(url, other.language)}" hreflang="${other.language}" lang="${other.language}">${other.name}</a></header>`;
}

function bandPart({ tone, title, instruction, asOf, state }: Band): Html {
  return html`<div class="band wrap" role="status" id="band" data-state="${state ?? ''}">${toneIcon(tone)}<h1>${title}</h1><p>${instruction}</p>${asOf === undefined ? undefined : html`<p class="asof">${asOf}</p>`}</div>`;
}

function foot({ operator }: Site, language: Language): Html {
  return html`<footer class="wrap foot"><p>${FOOT.operator[language]} <bdi>${operator.name}</bdi></p><p>${FOOT.contact[language]} <bdi>${operator.contact}</bdi></p><p>${FOOT.privacy[language]}</p><p><a href="/?lang=${language}">${FOOT.another[language]}</a></p></footer>`;
}

function script({ script: source }: Site): Html | undefined {
  return source === undefined ? undefined : html`<script src="${source}" type="module"></script>`;
}
