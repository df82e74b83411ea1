/** The form of a citizen's report; works without script, keeps what was typed when something has to be mended. */
import { REPORT_LIMITS, REPORT_REASONS, type ReportReason } from '#domain/goods/citizen-report.js';
import { PROVINCE_CODES, provinceName } from '#domain/registry/provinces.js';
import { type Language, type Words, words } from '../../core/goods/language.js';
import { type Html, html } from '../html.js';

/** Fields that a reader fills in. */
export type ReportField = 'code' | 'reason' | 'text' | 'province' | 'contact';

export interface ReportFormContent {
  /** Names this form: sent twice, it is one report. */
  readonly token: string;
  readonly code: string;
  /** The state that the band of the code's page shows. */
  readonly shown: string;
  /** What was typed before. */
  readonly values: Readonly<Partial<Record<ReportField, string>>>;
  /** What is wrong with it, field by field. */
  readonly errors: ReadonlyMap<ReportField, string>;
}

const LABELS = {
  mend: words('Chưa gửi được. Hãy sửa:', 'Not sent yet. Please mend:'),
  code: words('Mã in trên hàng', 'The code printed on the goods'),
  reason: words('Có điều gì không ổn?', 'What is wrong?'),
  text: words('Kể thêm (không bắt buộc)', 'Tell more (optional)'),
  textHint: words('Mua ở đâu, khi nào, hàng trông thế nào. Tối đa 1.000 ký tự. Đừng ghi tên hay số điện thoại của ai.', 'Where and when you bought it, what it looks like. Up to 1,000 characters. Leave out names and numbers of people.'),
  province: words('Ở tỉnh, thành phố nào (không bắt buộc)', 'In which province (optional)'),
  nowhere: words('Không nêu', 'Not stated'),
  contact: words('Số điện thoại hoặc e-mail của bạn (không bắt buộc)', 'Your phone number or e-mail (optional)'),
  contactHint: words('Chỉ cơ quan quản lý đọc được, chỉ để hỏi lại về báo cáo này. Không đưa lên sổ cái, không hiện công khai. Được xóa khi bạn yêu cầu, chậm nhất sau một năm.', 'Only the authority reads it, only to ask back about this report. It is not put on the ledger and not shown in public. It is deleted when you ask, after a year at the latest.'),
  readers: words('Phần còn lại được gửi tới doanh nghiệp giữ mã số này và cơ quan quản lý. Không lưu bạn gửi từ đâu.', 'The rest goes to the enterprise that holds this number and to the authority. Where you sent it from is not kept.'),
  send: words('Gửi báo cáo', 'Send the report'),
};

const REASONS: Readonly<Record<ReportReason, Words>> = {
  'seal-broken': words('Tem hoặc bao bì đã bị mở, bị sửa', 'Seal or packaging was opened or tampered with'),
  'sold-after-recall': words('Vẫn được bán dù đã thu hồi hoặc hết hạn', 'Still sold although recalled or expired'),
  'code-on-other-goods': words('Cùng mã này có trên món hàng khác', 'The same code is on other goods'),
  'differs-from-picture': words('Hàng không giống hình hoặc thông tin ở đây', 'The goods differ from the picture or the facts here'),
  'label-suspect': words('Tem nhãn đáng ngờ, hoặc sổ đăng ký không có mã này', 'The label is suspect, or the register does not have the code'),
  other: words('Điều khác', 'Something else'),
};

const NAMES: Partial<Record<ReportField, Words>> = {
  text: words('Kể thêm', 'Tell more'),
  province: words('Tỉnh, thành phố', 'Province'),
  contact: words('Liên hệ', 'Contact'),
};

/** The form, and above it what has to be mended. */
export function reportFormPart(content: ReportFormContent, language: Language): Html {
  const { token, shown, values, errors } = content;
  return html`${errorSummary(errors, language)}<form class="card tell" action="/report?lang=${language}" method="post"><input type="hidden" name="token" value="${token}"><input type="hidden" name="shown" value="${shown}">${codeField(content, language)}${reasonField(values.reason, errors.get('reason'), language)}${textField(values.text, errors.get('text'), language)}${provinceField(values.province, errors.get('province'), language)}${contactField(values.contact, errors.get('contact'), language)}<p class="soft">${LABELS.readers[language]}</p><button>${LABELS.send[language]}</button></form>`;
}

function errorSummary(errors: ReportFormContent['errors'], language: Language): Html | undefined {
  if (errors.size === 0) return undefined;
  const links = [...errors].map(([field, sentence]) => html`<li><a class="act" href="#${field}">${fieldName(field, language)}${sentence}</a></li>`);
  return html`<section class="card notice danger" role="alert"><h2>${LABELS.mend[language]}</h2><ul>${links}</ul></section>`;
}

/** Above the form one sentence can be about several fields. What is missing names its field itself. */
function fieldName(field: ReportField, language: Language): string {
  const name = NAMES[field];
  return name === undefined ? '' : `${name[language]}: `;
}

/** The code is asked for only where none came along; else it goes along unseen, because anybody can write into a link. */
function codeField({ code, errors }: ReportFormContent, language: Language): Html {
  if (code !== '') return html`<input type="hidden" name="code" value="${code}">`;
  const error = errors.get('code');
  return html`<p><label for="code">${LABELS.code[language]}</label></p>${said('code', error)}<input id="code" name="code" maxlength="${REPORT_LIMITS.code}" autocomplete="off" spellcheck="false" required${describedBy('code', error)}>`;
}

function reasonField(chosen: string | undefined, error: string | undefined, language: Language): Html {
  const choices = REPORT_REASONS.map((reason, at) => html`<label class="pick"><input type="radio" name="reason" value="${reason}" required${at === 0 && html` id="reason"`}${reason === chosen && html` checked`}> ${REASONS[reason][language]}</label>`);
  return html`<fieldset${error !== undefined && html` aria-describedby="reason-error"`}><legend>${LABELS.reason[language]}</legend>${said('reason', error)}${choices}</fieldset>`;
}

function textField(value: string | undefined, error: string | undefined, language: Language): Html {
  return html`<p><label for="text">${LABELS.text[language]}</label></p>${hint('text', LABELS.textHint, language)}${said('text', error)}<textarea id="text" name="text" rows="5" maxlength="${REPORT_LIMITS.text}"${describedBy('text', error, true)}>${firstLineKept(value)}</textarea>`;
}

/** A parser drops the first line feed inside a textarea (HTML 13.1.2.5). */
function firstLineKept(value = ''): string {
  return value.startsWith('\n') ? `\n${value}` : value;
}

function provinceField(chosen: string | undefined, error: string | undefined, language: Language): Html {
  const options = PROVINCE_CODES.map((code) => html`<option value="${code}"${code === chosen && html` selected`}>${provinceName(code)}</option>`);
  return html`<p><label for="province">${LABELS.province[language]}</label></p>${said('province', error)}<select id="province" name="province"${describedBy('province', error)}><option value="">${LABELS.nowhere[language]}</option>${options}</select>`;
}

function contactField(value: string | undefined, error: string | undefined, language: Language): Html {
  return html`<p><label for="contact">${LABELS.contact[language]}</label></p>${hint('contact', LABELS.contactHint, language)}${said('contact', error)}<input id="contact" name="contact" value="${value ?? ''}" maxlength="${REPORT_LIMITS.contact}" autocomplete="off"${describedBy('contact', error, true)}>`;
}

function hint(field: ReportField, text: Words, language: Language): Html {
  return html`<p class="soft" id="${field}-hint">${text[language]}</p>`;
}

function said(field: ReportField, error: string | undefined): Html | undefined {
  return error === undefined ? undefined : html`<p class="fail" id="${field}-error">${error}</p>`;
}

function describedBy(field: ReportField, error: string | undefined, hasHint = false): Html | undefined {
  const ids = [...(error === undefined ? [] : [`${field}-error`]), ...(hasHint ? [`${field}-hint`] : [])].join(' ');
  return ids === '' ? undefined : html` aria-describedby="${ids}"${error !== undefined && html` aria-invalid="true"`}`;
}
