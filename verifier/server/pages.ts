/** The pages: each a band and the parts below it. */
import { PROBLEMS, type ProblemCode } from '#domain/errors.js';
import { epochMs } from '#domain/instant.js';
import { type Tone, TONES } from '../core/goods/band.js';
import { bandText } from '../core/goods/band-wording.js';
import { type Evidence, lotOf } from '../core/goods/evidence.js';
import { type Language, type Words, words } from '../core/goods/language.js';
import { type Html, html, isolated } from './html.js';
import { checksPart } from './parts/checks-table.js';
import { codeForm } from './parts/code-form.js';
import { type Band, document, FORM_STYLE, type PageFrame } from './parts/document.js';
import { part } from './parts/facts.js';
import { itemHead, makerOf, organisationName, productName } from './parts/item-head.js';
import { journeyPart } from './parts/journey.js';
import { limitsPart } from './parts/limits.js';
import { foreignAddressNotice, notices } from './parts/notices.js';
import { hazardPart, responsibilityPart } from './parts/product-facts.js';
import { reportOffer } from './parts/report-offer.js';
import { asOfText, proofPart } from './parts/proof.js';
import { unreadText } from './unread-wording.js';
import { withoutLanguage } from './raw-url.js';
import type { ScanAnswer } from './scan-answer.js';

export interface ScanPage extends PageFrame {
  readonly answer: ScanAnswer;
  /** Path and query of the item's own address, e.g. `/01/09520000000011/21/7QK2M9ZD4XWA`. */
  readonly address: string;
  /** As it was scanned or typed. */
  readonly code: string;
  /** Whether a typed link leads to another host than this one. */
  readonly leadsElsewhere: boolean;
}

/** The answer to a scan. */
export function scanPage(page: ScanPage): Html {
  const { answer, site, language, address } = page;
  const evidence = answer.question.answer;
  const band = scanBand(answer, language);
  const elsewhere = page.leadsElsewhere && foreignAddressNotice(site.host, language);
  const body = evidence === 'unreachable' ? unansweredBody(page) : answeredBody(page, evidence);
  const head = html`<link rel="canonical" href="${site.origin}${address}">`;
  return document(page, band, html`${elsewhere}${body}`, head);
}

function scanBand({ state, facts, question }: ScanAnswer, language: Language): Band {
  const text = bandText(state, facts, language);
  if (question.answer === 'unreachable') return { tone: TONES[state], state, ...text };
  const { asOf } = question.answer.item;
  return { tone: TONES[state], state, ...text, asOf: asOfText(asOf, question.now - epochMs(asOf.knownAt), language) };
}

function answeredBody(page: ScanPage, { item, receipt }: Evidence): Html {
  const { answer: { question, report, trust }, language, site, address } = page;
  const { dossier, journey, asOf } = item;
  const lot = lotOf(question);
  const isKnown = report.registered.result === 'pass';
  const machine = `${address}${address.includes('?') ? '&' : '?'}format=json`;
  const offer = reportOffer(page.code, site, language);
  const isSuspect = SUSPECT.has(TONES[page.answer.state]);
  return html`${notices(dossier, lot, language)}<div class="cols"><div>${isKnown ? itemHead(dossier, lot, language) : claimedProduct(page)}${isSuspect && offer}${isKnown && dossier.product && hazardPart(dossier.product, language)}${isKnown && responsibilityPart(dossier, language)}${journeyPart(journey, language)}${checksPart(report, language)}${!isSuspect && offer}</div><aside>${limitsPart(site.host, language)}${proofPart({ receipt, trust, asOf, now: question.now, machine }, language)}</aside></div>`;
}

/** Where the band says that something is wrong, whoever reads on wants to say so. */
const SUSPECT: ReadonlySet<Tone> = new Set<Tone>(['danger', 'warning']);

function unansweredBody({ answer, language, site, code }: ScanPage): Html {
  return html`<div class="cols"><div>${checksPart(answer.report, language)}${reportOffer(code, site, language)}</div><aside>${limitsPart(site.host, language)}</aside></div>`;
}

const CLAIMED = {
  heading: words('Mã này tự nhận là gì', 'What the code claims to be'),
  belongs: words('Số mã vạch trong mã thuộc về', 'The barcode number in it belongs to'),
  by: words('của', 'of'),
  warning: words('Ai cũng có thể in số này lên nhãn. Đừng xem đây là hàng của đơn vị trên.', 'Anybody can print that number on a label. Do not take these for goods of that organisation.'),
};

/** For a code that is not on the register, although its GTIN is: no picture, nothing that lends it credit. */
function claimedProduct({ answer, language }: ScanPage): Html | undefined {
  if (answer.question.answer === 'unreachable') return undefined;
  const { dossier } = answer.question.answer.item;
  const { product } = dossier;
  if (product === undefined) return undefined;
  const maker = makerOf(dossier);
  const owner = maker && html` ${CLAIMED.by[language]} ${isolated(organisationName(maker, language))}`;
  return part(CLAIMED.heading, html`<p class="clip">${CLAIMED.belongs[language]} ${isolated(productName(product, language))}${owner}.</p><p>${CLAIMED.warning[language]}</p>`, language);
}

/** A code that cannot be read: its own sentence, and the form. Nothing else could be checked, so nothing else is shown. */
export function malformedPage(frame: PageFrame, code: ProblemCode, typed: string | undefined): Html {
  const { language, site } = frame;
  const text = bandText('malformed', {}, language);
  const band: Band = { tone: TONES.malformed, state: 'malformed', title: text.title, instruction: `${unreadText(code, language)} ${text.instruction}` };
  const offer = reportOffer(typed ?? withoutLanguage(frame.url), site, language);
  const body = html`<div class="cols"><div>${codeForm(language, typed, typed === undefined ? undefined : PROBLEMS[code][language])}${offer}</div><aside>${limitsPart(site.host, language)}</aside></div>`;
  return document(frame, band, body, FORM_STYLE);
}

const HOME = {
  title: words('Kiểm tra mã trên hàng hóa', 'Check the code on goods'),
  instruction: words('Quét mã QR bằng máy ảnh của điện thoại, hoặc nhập mã ở đây.', 'Scan the QR code with your phone’s camera, or type the code here.'),
  credentials: words('Kiểm tra văn bằng, giấy phép', 'Check a diploma or licence'),
  heading: words('Bạn sẽ được biết', 'What you will learn'),
  learn: [
    words('Sổ đăng ký có mã này không, và ai chịu trách nhiệm về hàng.', 'Whether the register has the code, and who answers for the goods.'),
    words('Hàng có bị thu hồi, tạm dừng, báo mất, hết hạn, hay mã đã được dùng.', 'Whether the goods are recalled, suspended, reported lost or expired, or the code already used.'),
    words('Hình, tên, quy cách, lô, ngày để bạn so với hàng trên tay.', 'Picture, name, size, lot and dates, to compare with what you hold.'),
    words('Tổ chức nào đã ký cho những điều đó; trình duyệt của bạn tự kiểm tra chữ ký.', 'Which organisations signed for all that; your browser checks the signatures by itself.'),
  ] satisfies readonly Words[],
};

/** The first page: a form, and what to expect. */
export function homePage(frame: PageFrame, error?: ProblemCode): Html {
  const { language, site } = frame;
  const band: Band = { tone: 'normal', title: HOME.title[language], instruction: HOME.instruction[language] };
  const learn = html`<ul class="list">${HOME.learn.map((each) => html`<li>${each[language]}</li>`)}</ul>`;
  const sentence = error === undefined ? undefined : PROBLEMS[error][language];
  return document(frame, band, html`<div class="cols"><div>${codeForm(language, '', sentence)}${site.takesCredentials && html`<p><a class="act" href="/credentials?lang=${language}">${HOME.credentials[language]}</a></p>`}${part(HOME.heading, learn, language)}</div><aside>${limitsPart(site.host, language)}</aside></div>`, FORM_STYLE);
}

const NOT_TAKEN = words('CHƯA nhận được', 'NOT received');
const NO_ANSWER: Readonly<Record<number, Words>> = {
  400: NOT_TAKEN, 403: NOT_TAKEN, 413: NOT_TAKEN, 415: NOT_TAKEN,
  404: words('Không có ở đây', 'Not here'),
  405: words('Chỉ xem được', 'For reading only'),
  429: words('Xin chờ một chút', 'Please wait a moment'),
};
const NOT_NOW = words('Chưa trả lời được', 'No answer at the moment');

/** For an address that is no code at all: a picture that is not there, a fault of ours. */
export function messagePage(frame: PageFrame, status: number, instruction: string): Html {
  const title = (NO_ANSWER[status] ?? NOT_NOW)[frame.language];
  return document(frame, { tone: 'neutral', title, instruction }, codeForm(frame.language), FORM_STYLE);
}
