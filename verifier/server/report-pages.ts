/** The pages around a citizen's report: the form, that it was received, and that it was not. */
import type { Problem, ProblemCode } from '#domain/errors.js';
import { PROBLEMS } from '#domain/errors.js';
import { type FiledReport, REPORT_LIMITS } from '#domain/goods/citizen-report.js';
import { productOf } from '../core/goods/evidence.js';
import { bandText } from '../core/goods/band-wording.js';
import { type Language, type Words, words } from '../core/goods/language.js';
import { countText, momentText } from '../core/goods/number-wording.js';
import { type Html, html, isolated } from './html.js';
import { type Band, document, FORM_STYLE, type PageFrame } from './parts/document.js';
import { factList, row } from './parts/facts.js';
import { productName } from './parts/item-head.js';
import { type ReportField, type ReportFormContent, reportFormPart } from './parts/report-form.js';
import { refusalText } from './refusal-wording.js';
import type { ScanAnswer } from './scan-answer.js';

const FORM = {
  title: words('Báo cho nhà sản xuất và cơ quan quản lý', 'Report to the maker and the authority'),
  instruction: words('Không cần cho biết bạn là ai. Báo cáo không tự làm đổi tình trạng của mã.', 'You need not say who you are. A report does not by itself change the state of the code.'),
  about: words('Báo cáo về', 'Report about'),
  unread: words('một mã không đọc được', 'a code that cannot be read'),
  unknown: words('một mã trên hàng hóa', 'a code on goods'),
  says: words('Trang của mã cho biết:', 'The page of the code says:'),
};

/** What the page of the code says, where it could be read. */
export type Found = ScanAnswer | undefined;

export function reportPage(frame: PageFrame, content: ReportFormContent, found: Found): Html {
  const { language } = frame;
  const band: Band = { tone: 'neutral', state: 'report-form', title: FORM.title[language], instruction: FORM.instruction[language] };
  return document(frame, band, html`${aboutPart(content, found, language)}${reportFormPart(content, language)}`, FORM_STYLE);
}

function aboutPart({ code }: ReportFormContent, found: Found, language: Language): Html | undefined {
  if (code === '') return undefined;
  const product = found && productOf(found.question);
  const name = product === undefined ? html`${(found === undefined ? FORM.unread : FORM.unknown)[language]}` : isolated(productName(product, language));
  const says = found && html`<p>${FORM.says[language]} <b>${bandText(found.state, found.facts, language).title}</b></p>`;
  return html`<section class="card"><p>${FORM.about[language]} <b class="clip">${name}</b></p>${says}</section>`;
}

const RECEIVED = {
  title: words('Đã nhận báo cáo', 'Report received'),
  instruction: words('Hãy ghi lại số báo cáo', 'Write down the number of your report'),
  reference: words('Số báo cáo', 'Number of the report'),
  at: words('Nhận lúc', 'Received at'),
  next: words('Doanh nghiệp giữ mã số này và cơ quan quản lý đọc được báo cáo từ lúc này. Muốn hỏi lại, hoặc muốn xóa thông tin liên hệ đã để lại, hãy nêu số trên với đơn vị vận hành:', 'The enterprise that holds this number and the authority can read the report from now on. To ask about it, or to have your contact deleted, name the number above to the operator:'),
  back: words('Trở lại trang của mã', 'Back to the page of the code'),
};

/** @param address of the code's page, where there is one */
export function receivedPage(frame: PageFrame, { reference, receivedAt }: FiledReport, address: string | undefined): Html {
  const { language, site } = frame;
  const band: Band = { tone: 'normal', state: 'report-received', title: RECEIVED.title[language], instruction: html`${RECEIVED.instruction[language]}: <span class="whole">${reference}</span>.` };
  const facts = factList([
    row(RECEIVED.reference, html`<b class="whole" id="reference">${reference}</b>`, language),
    row(RECEIVED.at, html`<time datetime="${receivedAt}">${momentText(receivedAt, language)}</time>`, language),
  ]);
  const back = address === undefined ? undefined : html`<p><a class="act" href="${address}${address.includes('?') ? '&' : '?'}lang=${language}">${RECEIVED.back[language]}</a></p>`;
  return document(frame, band, html`<section class="card sent">${facts}<p>${RECEIVED.next[language]} <bdi>${site.operator.contact}</bdi></p>${back}</section>`, FORM_STYLE);
}

const NOT_RECEIVED = {
  title: words('CHƯA nhận được báo cáo', 'The report was NOT received'),
  again: words('Điều bạn viết vẫn còn ở dưới. Hãy bấm gửi lại sau ít phút; gửi lại không tạo ra báo cáo thứ hai.', 'What you wrote is still below. Press send again in a few minutes; that does not make a second report.'),
};

/** Nothing is lost: the same form, filled in, with the same token. */
export function notReceivedPage(frame: PageFrame, problem: Problem | undefined, content: ReportFormContent, found: Found): Html {
  const { language } = frame;
  const instruction = problem === undefined || problem.kind === 'unavailable' ? NOT_RECEIVED.again[language] : refusalText(problem, language);
  const band: Band = { tone: 'danger', state: 'report-not-received', title: NOT_RECEIVED.title[language], instruction };
  return document(frame, band, html`${aboutPart(content, found, language)}${reportFormPart(content, language)}`, FORM_STYLE);
}

const MENDING: Partial<Record<ProblemCode, Words>> = {
  TEXT_NOT_PLAIN: words('Có ký tự ẩn hoặc ký tự điều khiển: hãy gõ lại thay vì dán.', 'There are hidden or control characters: type it again instead of pasting.'),
  FIELD_WRONG_VALUE: words('Hãy chọn một mục trong danh sách.', 'Choose one of the list.'),
};
const MISSING: Partial<Record<ReportField, Words>> = {
  code: words('Chưa có mã: hãy nhập mã in trên hàng.', 'There is no code: type the one printed on the goods.'),
  reason: words('Hãy chọn một điều không ổn.', 'Choose what is wrong.'),
};

/** How to mend one field. */
export function mendingText(field: ReportField, { code }: Problem, language: Language): string {
  const missing = code === 'FIELD_MISSING' ? MISSING[field] : undefined;
  if (missing !== undefined) return missing[language];
  if (code === 'TEXT_TOO_LONG') return tooLong(field === 'contact' ? REPORT_LIMITS.contact : REPORT_LIMITS.text, language);
  return (MENDING[code] ?? PROBLEMS[code])[language];
}

function tooLong(most: number, language: Language): string {
  const count = countText(String(most), language);
  return language === 'vi' ? `Dài quá ${count} ký tự: hãy rút ngắn.` : `Longer than ${count} characters: make it shorter.`;
}
