/** What the reader is told first: the state of the code in a few words, and one thing to do. */
import type { ProblemCode } from '#domain/errors.js';
import type { Day, Instant } from '#domain/instant.js';
import { provinceName, type ProvinceCode } from '#domain/registry/provinces.js';
import type { BandState } from './band.js';
import { type GoodsQuestion, lotOf, recordOf, whereaboutsOf } from './evidence.js';
import type { GoodsReport } from './goods-report.js';
import { type Language, type Words, words } from './language.js';
import { dayText, momentText, vietnamDay } from './number-wording.js';

/** What some of the sentences name. */
export interface BandFacts {
  readonly expiresOn?: Day;
  /** When and where a thing left circulation or was reported gone. */
  readonly left?: { readonly at: Instant; readonly province: ProvinceCode };
  /** When this copy was last at the head of the ledger. */
  readonly knownAt?: Instant;
  /** The outcome that explains `used` and `unchecked`. */
  readonly because?: ProblemCode;
}

export interface BandText {
  readonly title: string;
  readonly instruction: string;
}

/** One thing to say in both languages, from the facts. */
type Sentence = (facts: BandFacts, language: Language) => string;

const say = (vi: string, en: string): Sentence => {
  const both = words(vi, en);
  return (_, language) => both[language];
};

/** The facts that the sentences of a state need. */
export function bandFacts(report: GoodsReport, question?: GoodsQuestion): BandFacts {
  const because = reasonOf(report);
  const known = because === undefined ? {} : { because };
  return question === undefined ? known : { ...known, ...factsOf(question) };
}

function reasonOf({ lifecycle, registered, freshness, ...report }: GoodsReport): ProblemCode | undefined {
  if (lifecycle.result === 'fail') return lifecycle.code;
  const open = [registered, freshness, report['ledger-receipt']].find(({ result }) => result === 'unknown');
  return open?.result === 'unknown' ? open.code : undefined;
}

function factsOf(question: GoodsQuestion): BandFacts {
  const expiresOn = lotOf(question)?.expiresOn;
  const record = recordOf(question);
  if (question.answer === 'unreachable') return {};
  const { dossier, asOf } = question.answer.item;
  const custody = record === undefined ? undefined : whereaboutsOf(record, dossier.inside)?.custody;
  return {
    knownAt: asOf.knownAt,
    ...(expiresOn === undefined ? {} : { expiresOn }),
    ...(custody !== undefined && 'at' in custody ? { left: { at: custody.at, province: custody.province } } : {}),
  };
}

const USED_TITLES: Partial<Record<ProblemCode, Words>> = {
  ITEM_ALREADY_SOLD: words('Mã này đã được bán', 'This code was already sold'),
  ITEM_USED: words('Mã này đã được dùng', 'This code was already used'),
  ITEM_DESTROYED: words('Hàng mang mã này đã bị tiêu hủy', 'Goods under this code were destroyed'),
};
const USED_OTHERWISE = words('Mã này đã ngừng sử dụng', 'This code is no longer in use');

const usedTitle: Sentence = ({ because }, language) => ((because && USED_TITLES[because]) ?? USED_OTHERWISE)[language];

const usedInstruction: Sentence = ({ left, because }, language) => {
  const where = left === undefined ? '' : `${recorded(left, language)} `;
  const bought = because === 'ITEM_ALREADY_SOLD'
    ? words('Nếu chính bạn đã mua thì điều này là bình thường; nếu đang được mời mua như hàng mới, đừng mua.', 'If you are the one who bought it, this is as it should be; if it is offered to you as new, do not buy it.')
    : words('Nếu đang được mời mua, đừng mua.', 'If it is offered to you, do not buy it.');
  return where + bought[language];
};

function recorded({ at, province }: NonNullable<BandFacts['left']>, language: Language): string {
  const day = dayText(vietnamDay(at), language);
  return language === 'vi' ? `Ghi nhận ngày ${day} tại ${provinceName(province)}.` : `Recorded on ${day} in ${provinceName(province)}.`;
}

const expiredTitle: Sentence = ({ expiresOn }, language) => {
  const day = expiresOn === undefined ? '' : ` ${dayText(expiresOn, language)}`;
  return `${language === 'vi' ? 'Hết hạn' : 'Expired'}${day}`;
};

const uncheckedInstruction: Sentence = ({ because, knownAt }, language) => {
  if (because === 'READ_MODEL_STALE' && knownAt !== undefined) return staleSince(knownAt, language);
  if (because === 'LEDGER_UNREACHABLE') return words('Sổ đăng ký tạm thời không trả lời. Hãy thử lại sau ít phút.', 'The register does not answer at the moment. Try again in a few minutes.')[language];
  return words('Chưa kiểm tra được hết, nên đừng coi là đã xác nhận. Xem mục “Đã kiểm tra những gì” bên dưới.', 'Not everything could be checked, so take nothing as confirmed. See “What was checked” below.')[language];
};

function staleSince(knownAt: Instant, language: Language): string {
  const moment = momentText(knownAt, language);
  return language === 'vi'
    ? `Dữ liệu ở đây dừng lại lúc ${moment}. Hãy thử lại sau ít phút.`
    : `The data here ends at ${moment}. Try again in a few minutes.`;
}

const WORDS: Readonly<Record<BandState, { readonly title: Sentence; readonly instruction: Sentence }>> = {
  recalled: {
    title: say('Đang thu hồi\u00a0– không dùng', 'Recalled\u00a0– do not use'),
    instruction: say('Đừng dùng, đừng bán. Làm theo hướng dẫn thu hồi ngay bên dưới.', 'Do not use it, do not sell it. Follow the recall instruction just below.'),
  },
  suspended: {
    title: say('Tạm dừng lưu hành', 'Suspended'),
    instruction: say('Đừng mua, đừng bán cho đến khi có thông báo mới.', 'Do not buy or sell it until further notice.'),
  },
  lost: {
    title: say('Hàng báo mất', 'Reported lost or stolen'),
    instruction: say('Đừng mua. Hãy báo công an hoặc quản lý thị trường nơi gần nhất.', 'Do not buy it. Tell the police or the market authority.'),
  },
  'proof-failed': {
    title: say('Bằng chứng không khớp', 'The proof does not hold'),
    instruction: say('Chữ ký của sổ cái không xác nhận thông tin ở đây. Đừng dựa vào trang này; hãy thử lại sau và báo cho đơn vị vận hành.', 'The signatures of the ledger do not confirm what stands here. Do not rely on this page; try again later and tell the operator.'),
  },
  malformed: {
    title: say('Mã không đúng quy cách', 'Not a valid code'),
    instruction: say('Hãy quét hoặc nhập lại. Nếu vẫn vậy, đừng tin nhãn này.', 'Scan or type it again. If it stays so, do not trust the label.'),
  },
  'not-kept': {
    title: say('Loại mã này không có ở đây', 'No codes of this kind here'),
    instruction: say('Sổ đăng ký này chỉ có sản phẩm, lô, sê-ri và kiện hàng.', 'This register holds products, lots, serials and logistic units only.'),
  },
  'unknown-code': {
    title: say('Không có mã này', 'Code not on register'),
    instruction: say('Đừng tin nhãn này. Đừng mua; hãy báo lại.', 'Do not trust this label. Do not buy it; report it.'),
  },
  mismatch: {
    title: say('Mã không khớp sổ đăng ký', 'Code does not match the register'),
    instruction: say('Lô hoặc ngày trong mã khác với sổ đăng ký. Đừng tin nhãn này; hãy báo lại.', 'Lot or date in the code differ from the register. Do not trust this label; report it.'),
  },
  'not-on-sale': {
    title: say('Mã chưa đưa ra bán', 'Code not yet on sale'),
    instruction: say('Nhà sản xuất chưa khai báo món hàng nào mang mã này. Đừng mua; hãy báo lại.', 'The maker has declared no goods under this code. Do not buy it; report it.'),
  },
  used: { title: usedTitle, instruction: usedInstruction },
  expired: {
    title: expiredTitle,
    instruction: say('Đừng dùng. Hãy so ngày này với ngày in trên hàng.', 'Do not use it. Compare this date with the one printed on the goods.'),
  },
  incomplete: {
    title: say('Chưa đủ thông tin', 'Information incomplete'),
    instruction: say('Nhà sản xuất chưa cung cấp đủ thông tin bắt buộc. Hãy so kỹ những gì có bên dưới.', 'The maker has not given all that buyers must get. Compare what there is below with care.'),
  },
  unchecked: { title: say('Chưa kiểm tra được', 'Could not be checked'), instruction: uncheckedInstruction },
  registered: {
    title: say('Mã có trong sổ đăng ký', 'Code is on the register'),
    instruction: say('Hãy so với hàng trên tay: hình, tên, quy cách, lô, ngày.', 'Compare with what you hold: picture, name, size, lot, dates.'),
  },
  'lot-registered': {
    title: say('Lô hàng có trong sổ đăng ký', 'Lot is on the register'),
    instruction: say('Mã này chung cho cả lô, không riêng món trên tay. Hãy so hình, tên, quy cách, lô, ngày.', 'One code for the whole lot, not for the very thing you hold. Compare picture, name, size, lot, dates.'),
  },
  'product-registered': {
    title: say('Sản phẩm có trong sổ đăng ký', 'Product is on the register'),
    instruction: say('Mã này chỉ nêu loại sản phẩm: không cho biết lô, hạn dùng hay thu hồi. Hãy tìm mã QR có số lô.', 'This code names the kind of product only: nothing of lot, expiry or recall. Look for a QR code with a lot number.'),
  },
  'unit-registered': {
    title: say('Kiện hàng có trong sổ đăng ký', 'Logistic unit is on the register'),
    instruction: say('Mã này chỉ nêu kiện hàng. Hãy quét mã trên từng món bên trong.', 'This code names the unit only. Scan the codes on the things inside.'),
  },
};

/**
 * The words of the band.
 *
 * @param state of `bandOf`
 * @param facts of `bandFacts`
 */
export function bandText(state: BandState, facts: BandFacts, language: Language): BandText {
  const { title, instruction } = WORDS[state];
  return { title: title(facts, language), instruction: instruction(facts, language) };
}
