/** The pages of credentials: the answer about one, and the form in which one is pasted. */
import { CREDENTIAL_CHECKS } from '../../core/credential/credential-report.js';
import { CREDENTIAL_TONES } from '../../core/credential/band.js';
import { credentialBandText } from '../../core/credential/band-wording.js';
import { credentialCheckName, credentialOutcomeText } from '../../core/credential/check-wording.js';
import type { PastedLink } from '../../core/credential/pasted-text.js';
import type { Tone } from '../../core/goods/band.js';
import { type Language, type Words, words } from '../../core/goods/language.js';
import { type Html, html } from '../html.js';
import { checksTable } from '../parts/checks-table.js';
import { type Band, document, FORM_STYLE, type PageFrame } from '../parts/document.js';
import { part } from '../parts/facts.js';
import { toneSymbols } from '../parts/icons.js';
import type { TrustWorker } from '../trust-worker.js';
import type { CredentialAnswer } from './credential-answer.js';
import { credentialHead, fictionalNotice } from './credential-head.js';
import { credentialAsOf, credentialProofPart } from './credential-proof.js';
import type { PublicCredential } from './credential-sources.js';
import { holderPart, type RevealForm } from './holder-part.js';

export interface CredentialPage {
  readonly frame: PageFrame;
  readonly answer: CredentialAnswer;
  readonly worker: TrustWorker;
  /** Of an address `/c/{id}`. */
  readonly record?: PublicCredential;
  /** What was typed into the form for the name, where that is what was asked. */
  readonly form?: RevealForm;
}

/** The answer about a credential. */
export function credentialPage(page: CredentialPage): Html {
  const { frame, answer, worker, record } = page;
  const { language } = frame;
  const text = credentialBandText(answer.state, answer.band, language);
  const band: Band = { tone: CREDENTIAL_TONES[answer.state], state: answer.state, title: text.title, instruction: text.instruction, ...asOf(page) };
  const table = checksTable({ checks: CREDENTIAL_CHECKS, report: answer.judged.report, name: credentialCheckName, text: credentialOutcomeText, marked: ['signature', 'disclosures'] }, language);
  const machine = record === undefined ? undefined : `/c/${record.id}?format=json`;
  const proof = credentialProofPart({ answer, worker, machine, canCheckAgain: record !== undefined }, language);
  const holder = holderPart(answer, formOf(page), language);
  const isNamed = Object.keys(answer.judged.facts?.disclosed ?? {}).length > 0;
  const body = html`${noticesOf(page)}<div class="cols"><div>${credentialHead(answer, language)}${isNamed && holder}${meaningPart(text.means, text.doesNotMean, language)}${!isNamed && holder}${table}</div><aside>${limitsPart(frame.site.host, language)}${proof}</aside></div>`;
  return document(frame, band, html`${body}${anotherPart(language)}`, FORM_STYLE);
}

function asOf({ answer, worker, frame }: CredentialPage): Pick<Band, 'asOf'> {
  const text = credentialAsOf(answer, worker.isReady, frame.language);
  return text === undefined ? {} : { asOf: text };
}

function formOf({ record, form }: CredentialPage): RevealForm | 'gone' | undefined {
  if (record === undefined) return undefined;
  if (record.sealed === undefined) return 'gone';
  return form ?? { id: record.id, values: {}, errors: new Map() };
}

const NOTICES = {
  newer: words('Đã có bản mới thay cho bản này.', 'A newer one has replaced this.'),
  seeNewer: words('Xem bản mới', 'See the newer one'),
  document: words('Tài liệu DID mà bên cấp tự công bố khác với khóa trong sổ đăng ký. Kết quả ở đây chỉ dựa vào sổ đăng ký; hãy báo cho bên cấp.', 'The DID document that the issuer publishes differs from the keys on the register. The result here rests on the register alone; tell the issuer.'),
};

function noticesOf({ answer, record, frame: { language } }: CredentialPage): Html {
  const newer = record?.supersededBy !== undefined && answer.judged.facts !== undefined
    ? html`<section class="card notice warning"><p>${NOTICES.newer[language]} <a class="act" href="/c/${record.supersededBy}?lang=${language}">${NOTICES.seeNewer[language]}</a></p></section>`
    : undefined;
  const differs = answer.document?.finding === 'differs' ? html`<section class="card notice caution"><p>${NOTICES.document[language]}</p></section>` : undefined;
  return html`${newer}${differs}${fictionalNotice(answer, language)}`;
}

const MEANING = words('Kết quả này nghĩa là gì', 'What this result means');

function meaningPart(means: string, doesNotMean: string, language: Language): Html | undefined {
  return part(MEANING, html`<p>${means}</p><p>${doesNotMean}</p>`, language);
}

const LIMITS = {
  heading: words('Trang này nói được đến đâu', 'What this page can say'),
  bearer: words('Mã QR và nội dung đều sao chép được: trang này nói về bản được cấp, không nói về người đang cầm nó.', 'A QR code and a text can be copied: this page speaks of what was issued, not of the person who holds it.'),
  address: words('Thanh địa chỉ phải ghi đúng', 'Your address bar must read exactly'),
  alike: words('Tên gần giống là của người khác. Trang này không bao giờ đòi đăng nhập, trả tiền hay tải ứng dụng.', 'Names that look alike belong to somebody else. This site never asks you to sign in, pay or install anything.'),
};

function limitsPart(host: string, language: Language): Html | undefined {
  return part(LIMITS.heading, html`<p>${LIMITS.bearer[language]}</p><p>${LIMITS.address[language]} <b>${host}</b>. ${LIMITS.alike[language]}</p>`, language);
}

const ANOTHER = words('Kiểm tra văn bằng, giấy phép khác', 'Check another diploma or licence');

function anotherPart(language: Language): Html {
  return html`<p class="part"><a class="act" href="/credentials?lang=${language}">${ANOTHER[language]}</a></p>`;
}

const PASTE = {
  title: words('Kiểm tra văn bằng, giấy phép', 'Check a diploma or licence'),
  instruction: words('Quét mã QR trên giấy bằng máy ảnh của điện thoại, hoặc dán nội dung ở đây.', 'Scan the QR code on the paper with your phone’s camera, or paste the text here.'),
  label: words('Dán nội dung văn bằng, chứng thư', 'Paste the text of the credential'),
  hint: words('Bắt đầu bằng “eyJ”; chép cả phần sau dấu #. Cũng dán được đường dẫn trong mã QR.', 'It begins with “eyJ”; copy the part behind the # sign too. The link in the QR code will do as well.'),
  sent: words('Nội dung được gửi tới máy chủ này để kiểm tra và không được lưu lại.', 'The text is sent to this server to be checked, and is not kept.'),
  check: words('Kiểm tra', 'Check'),
  heading: words('Bạn sẽ được biết', 'What you will learn'),
  learn: [
    words('Ai cấp, loại gì, còn hiệu lực, bị thu hồi, đình chỉ hay thay thế.', 'Who issued it, of which type, and whether it is in force, revoked, suspended or replaced.'),
    words('Bên cấp có quyền cấp loại đó vào lúc cấp hay không.', 'Whether the issuer had the right to issue that type at the time.'),
    words('Nội dung có bị sửa sau khi ký, và sổ cái có ghi nhận hay không.', 'Whether it was changed after signing, and whether the ledger has an entry of it.'),
  ] satisfies readonly Words[],
};

export interface PastePage {
  readonly frame: PageFrame;
  /** A refusal, in words. */
  readonly error?: string;
  /** A printed link that was pasted instead of a text: it leads to a page of its own. */
  readonly link?: PastedLink;
}

/** The form; works without script, and with it sends nothing. */
export function pastePage({ frame, error, link }: PastePage): Html {
  const { language, site } = frame;
  const tone: Tone = 'neutral';
  const band: Band = { tone, state: 'credential-form', title: PASTE.title[language], instruction: PASTE.instruction[language] };
  const learn = html`<ul class="list">${PASTE.learn.map((each) => html`<li>${each[language]}</li>`)}</ul>`;
  return document(frame, band, html`<div class="cols"><div>${link && linkNotice(link, site.host, language)}${pasteForm(error, language)}${part(PASTE.heading, learn, language)}</div><aside>${limitsPart(site.host, language)}</aside></div>`, FORM_STYLE);
}

function pasteForm(error: string | undefined, language: Language): Html {
  const described = `${error === undefined ? '' : 'text-error '}text-hint`;
  return html`${toneSymbols()}<div id="own-result"></div><form class="card tell" id="paste" action="/credentials?lang=${language}" method="post"><p><label for="text">${PASTE.label[language]}</label></p><p class="soft" id="text-hint">${PASTE.hint[language]}</p>${error !== undefined && html`<p class="fail" id="text-error">${error}</p>`}<textarea id="text" name="text" rows="6" maxlength="131072" autocomplete="off" autocapitalize="none" spellcheck="false" required aria-describedby="${described}"${error !== undefined && html` aria-invalid="true"`}></textarea><p class="soft" id="paste-note">${PASTE.sent[language]}</p><button>${PASTE.check[language]}</button></form>`;
}

const LINK = {
  own: words('Đó là đường dẫn trong mã QR.', 'That is the link in the QR code.'),
  open: words('Mở trang của nó', 'Open its page'),
  other: words('Đường dẫn bạn dán dẫn tới một trang khác, không phải trang này. Chỉ tin địa chỉ', 'The link that you pasted leads to another site, not to this one. Trust this address only:'),
};

/** What leads elsewhere is not repeated here. */
function linkNotice({ host, id }: PastedLink, own: string, language: Language): Html {
  if (host !== own) return html`<section class="card notice warning"><p>${LINK.other[language]} <b>${own}</b></p></section>`;
  return html`<section class="card notice normal"><p>${LINK.own[language]} <a class="act" href="/c/${id}?lang=${language}">${LINK.open[language]}</a></p></section>`;
}

const MISSING = {
  unknown: {
    title: words('Không có mã này', 'No such credential'),
    instruction: words('Hệ thống này không cấp bản nào có mã đó. Hãy quét lại; nếu vẫn vậy, đừng dựa vào giấy này.', 'No credential with this code was issued here. Scan it again; if it stays so, do not rely on the paper.'),
  },
  erased: {
    title: words('Dữ liệu đã được xóa', 'The data were erased'),
    instruction: words('Dữ liệu của bản này đã được xóa theo yêu cầu, nên không kiểm tra được ở đây nữa. Hãy hỏi thẳng tổ chức cấp.', 'The data of this one were erased as requested, so it cannot be checked here any more. Ask the issuing organisation.'),
  },
  unreachable: {
    title: words('Chưa kiểm tra được', 'Could not be checked'),
    instruction: words('Hệ thống cấp tạm thời không trả lời. Hãy thử lại sau ít phút; tới lúc đó đừng coi là đã xác nhận.', 'The issuing system does not answer at the moment. Try again in a few minutes; until then take nothing as confirmed.'),
  },
};

/** Why there is no record of a code. */
export type NoRecord = keyof typeof MISSING;

const NO_RECORD_BANDS: Readonly<Record<NoRecord, Pick<Band, 'tone' | 'state'>>> = {
  unknown: { tone: 'warning', state: 'credential-unknown' },
  erased: { tone: 'neutral', state: 'credential-erased' },
  unreachable: { tone: 'caution', state: 'unchecked' },
};

/** A code of which there is no record, or none could be had. */
export function noRecordPage(frame: PageFrame, why: NoRecord): Html {
  const { language, site } = frame;
  const { title, instruction } = MISSING[why];
  const band: Band = { ...NO_RECORD_BANDS[why], title: title[language], instruction: instruction[language] };
  return document(frame, band, html`<div class="cols"><div>${pasteForm(undefined, language)}</div><aside>${limitsPart(site.host, language)}</aside></div>`, FORM_STYLE);
}
