/** Who it was issued to: named to whoever holds the paper, and to nobody else. */
import { CREDENTIAL_TYPES } from '#domain/credential/credential-type.js';
import { showsContent } from '../../core/credential/shown-content.js';
import { type Language, type Words, words } from '../../core/goods/language.js';
import { type Html, html } from '../html.js';
import { part } from '../parts/facts.js';
import type { CredentialAnswer } from './credential-answer.js';
import { personRows } from './credential-head.js';

/** Fields of the form. */
export type RevealField = 'serialNumber' | 'dateOfBirth';

export interface RevealForm {
  /** Of the public record. */
  readonly id: string;
  /** What was typed before. */
  readonly values: Readonly<Partial<Record<RevealField, string>>>;
  /** What is wrong with it: with one field, or with both. */
  readonly errors: ReadonlyMap<RevealField | 'both', string>;
}

const LABELS = {
  heading: words('Người được cấp', 'Issued to'),
  hidden: words('Trang này không nêu tên người được cấp. Ai có bản giấy trong tay thì xem được.', 'This page does not name the person. Whoever holds the paper can see the name.'),
  byKey: words('Quét lại mã QR trên giấy bằng trình duyệt có JavaScript, hoặc nhập hai thông tin in trên giấy:', 'Scan the QR code on the paper again in a browser with JavaScript, or type two things that are printed on it:'),
  serialNumber: words('Số hiệu', 'Serial number'),
  dateOfBirth: words('Ngày sinh', 'Date of birth'),
  dateHint: words('Ví dụ 05/09/2001', 'For example 05/09/2001'),
  show: words('Hiện tên', 'Show the name'),
  gone: words('Dữ liệu cá nhân của bản này không còn được lưu ở đây.', 'The personal data of this one are no longer kept here.'),
  notShown: words('Nội dung bạn đưa ra không kèm dữ liệu cá nhân.', 'The text that you gave holds no personal data.'),
  compare: words('Dữ liệu này do bên cấp ký. So với giấy tờ của người xuất trình.', 'The issuer signed these data. Compare them with the papers of the person who shows it.'),
};

/**
 * @param form where a public record has a box that the paper opens; `gone` where it has none, `undefined` for a pasted text
 * @returns `undefined` for types without personal data, and for what may not be shown
 */
export function holderPart(answer: CredentialAnswer, form: RevealForm | 'gone' | undefined, language: Language): Html | undefined {
  const { facts, report } = answer.judged;
  if (facts === undefined || !showsContent(report) || CREDENTIAL_TYPES[facts.claims.type].disclosures.length === 0) return undefined;
  const rows = personRows(answer, language);
  const body = rows === undefined ? withheld(form, language) : html`${rows}<p>${LABELS.compare[language]}</p>`;
  return html`<div id="holder">${part(LABELS.heading, body, language)}</div>`;
}

function withheld(form: RevealForm | 'gone' | undefined, language: Language): Html {
  if (form === undefined) return html`<p>${LABELS.notShown[language]}</p>`;
  if (form === 'gone') return html`<p>${LABELS.gone[language]}</p>`;
  return html`<p>${LABELS.hidden[language]} ${LABELS.byKey[language]}</p>${revealForm(form, language)}`;
}

function revealForm({ id, values, errors }: RevealForm, language: Language): Html {
  const both = errors.get('both');
  return html`<form class="card tell" action="/c/${id}/reveal?lang=${language}" method="post">${both !== undefined && html`<p class="fail" role="alert">${both}</p>`}${field('serialNumber', LABELS.serialNumber, undefined, { values, errors }, language)}${field('dateOfBirth', LABELS.dateOfBirth, LABELS.dateHint, { values, errors }, language)}<button>${LABELS.show[language]}</button></form>`;
}

function field(name: RevealField, label: Words, hint: Words | undefined, { values, errors }: Pick<RevealForm, 'values' | 'errors'>, language: Language): Html {
  const error = errors.get(name);
  const described = [...(error === undefined ? [] : [`${name}-error`]), ...(hint === undefined ? [] : [`${name}-hint`])].join(' ');
  return html`<p><label for="${name}">${label[language]}</label></p>${hint && html`<p class="soft" id="${name}-hint">${hint[language]}</p>`}${error !== undefined && html`<p class="fail" id="${name}-error">${error}</p>`}<input id="${name}" name="${name}" value="${values[name] ?? ''}" maxlength="60" autocomplete="off" spellcheck="false" required${described !== '' && html` aria-describedby="${described}"`}${error !== undefined && html` aria-invalid="true"`}>`;
}
