/** The receipt in words: who signed, when, in which block, and how a reader checks it without trusting this server. */
import { hash } from 'node:crypto';
import type { AsOf, TrustRoots } from '#domain/goods/public-item.js';
import { instantOf } from '#domain/instant.js';
import { type Language, type Words, words } from '../../core/goods/language.js';
import { ageText, countText, momentText } from '../../core/goods/number-wording.js';
import { fingerprintText, trustText } from '../../core/goods/trust-fingerprint.js';
import { memberText } from '../../core/member-wording.js';
import type { ReceiptVerdict } from '../../core/receipt.js';
import { Html, html, isolated } from '../html.js';
import { factList, facts, figure, part, row } from './facts.js';

const LABELS = {
  heading: words('Bằng chứng', 'Proof'),
  signedBy: words('Đã ký', 'Signed by'),
  signedAt: words('Lúc', 'At'),
  block: words('Khối', 'Block'),
  embedded: words('Sổ cái này do một đơn vị vận hành, nên chỉ có chữ ký của đơn vị đó: chưa có bên độc lập thứ hai xác nhận.', 'One operator runs this ledger, so the signature is that operator’s alone: no second, independent party confirms it.'),
  fabric: words('Mỗi tổ chức trên giữ một bản sổ cái riêng và ký độc lập.', 'Each of these organisations keeps its own copy of the ledger and signed by itself.'),
  later: words('Chữ ký xác nhận sổ cái vào lúc đó. Thay đổi sau đó, nếu có, là do máy chủ này cho biết.', 'The signatures confirm the ledger at that moment. What changed since, if anything, is this server’s word.'),
  none: words('Chưa có chữ ký nào xác nhận thông tin này.', 'No signature confirms this information.'),
  ownCheck: words('Máy chủ đã kiểm tra. Khi bật JavaScript, trình duyệt của bạn tự kiểm tra lại.', 'The server has checked. With JavaScript on, your browser checks again by itself.'),
  details: words('Chi tiết kỹ thuật', 'Technical details'),
  roots: words('Dấu gốc tin cậy', 'Fingerprint of the trusted roots'),
  question: words('Mã câu hỏi đã ký', 'Id of the signed question'),
  download: words('Tải bản cho máy đọc, kèm biên nhận (JSON)', 'Get the answer for machines, with its receipt (JSON)'),
};

export interface Proof {
  readonly receipt: ReceiptVerdict | undefined;
  readonly trust: TrustRoots | undefined;
  readonly asOf: AsOf;
  readonly now: number;
  /** Address of the machine answer. */
  readonly machine: string;
}

export function proofPart(proof: Proof, language: Language): Html | undefined {
  const body = html`${signatures(proof, language)}<p id="own-check">${LABELS.ownCheck[language]}</p>${technical(proof, language)}`;
  return part(LABELS.heading, body, language);
}

/** When this copy was last compared with the ledger, in words and exactly. */
export function asOfText({ height, knownAt }: AsOf, age: number, language: Language): Html {
  const block = countText(height, language);
  return new Html(`${language === 'vi' ? 'Cập nhật' : 'Updated'} ${timeMarkup(knownAt, ageText(age, language))} · ${language === 'vi' ? 'khối' : 'block'} ${html`${block}`.markup}`);
}

function timeMarkup(instant: string, text: string): string {
  return html`<time datetime="${instant}">${text}</time>`.markup;
}

function signatures({ receipt, trust, asOf }: Proof, language: Language): Html {
  if (receipt?.verdict !== 'verified') return html`<p>${LABELS.none[language]}</p>`;
  const { organisations, askedAt } = receipt.facts;
  const moment = instantOf(askedAt);
  const rows = factList([
    facts(LABELS.signedBy, organisations.map((mspId) => memberText(mspId, language)), language),
    row(LABELS.signedAt, html`<time datetime="${moment}">${momentText(moment, language)}</time>`, language),
    figure(LABELS.block, countText(asOf.height, language), language),
  ]);
  return html`${rows}<p>${sentence(trust, language)} ${LABELS.later[language]}</p>`;
}

function sentence(trust: TrustRoots | undefined, language: Language): string {
  const which: Words = trust?.ledger === 'fabric' ? LABELS.fabric : LABELS.embedded;
  return which[language];
}

function technical({ receipt, trust, machine }: Proof, language: Language): Html {
  return html`<details><summary>${LABELS.details[language]}</summary>${factList([
    trust && row(LABELS.roots, html`<code>${fingerprintOf(trust)}</code>`, language),
    receipt?.verdict === 'verified' ? row(LABELS.question, html`<code>${isolated(receipt.facts.transactionId)}</code>`, language) : undefined,
  ])}<p><a href="${machine}">${LABELS.download[language]}</a></p></details>`;
}

const FINGERPRINTS = new WeakMap<TrustRoots, string>();

function fingerprintOf(trust: TrustRoots): string {
  const known = FINGERPRINTS.get(trust);
  if (known !== undefined) return known;
  const fingerprint = fingerprintText(hash('sha256', trustText(trust)));
  FINGERPRINTS.set(trust, fingerprint);
  return fingerprint;
}
