/** Every outcome of every check as a sentence. Codes have theirs in the closed list (`domain/errors.ts`). */
import { PROBLEMS } from '#domain/errors.js';
import type { Outcome } from '../report.js';
import type { GoodsCheck, GoodsReason } from './goods-report.js';
import { type Language, type Words, words } from './language.js';

export { resultText } from '../result-wording.js';

/** What was checked, and the sentence where it is as it should be. */
const CHECKS: Readonly<Record<GoodsCheck, { readonly name: Words; readonly pass: Words }>> = {
  'link-syntax': {
    name: words('Cách viết mã', 'Form of the code'),
    pass: words('Mã được viết đúng quy tắc GS1.', 'The code is written as GS1 says.'),
  },
  registered: {
    name: words('Có trong sổ', 'On the register'),
    pass: words('Sổ đăng ký có mã này.', 'The register has this code.'),
  },
  'company-prefix': {
    name: words('Chủ của mã', 'Owner of the number'),
    pass: words('Đơn vị đăng ký là đơn vị được cấp mã doanh nghiệp này.', 'Whoever registered it holds the company prefix of this number.'),
  },
  attributes: {
    name: words('Lô và ngày trong mã', 'Lot and dates in the code'),
    pass: words('Lô và ngày ghi trong mã khớp với sổ.', 'Lot and dates in the code are those on the register.'),
  },
  lifecycle: {
    name: words('Bán, dùng, mất', 'Sold, used, lost'),
    pass: words('Chưa ghi nhận đã bán, dùng, hủy hay mất.', 'Not recorded as sold, used, destroyed or lost.'),
  },
  recall: {
    name: words('Thu hồi', 'Recall'),
    pass: words('Lô này không bị thu hồi.', 'This lot is not recalled.'),
  },
  hold: {
    name: words('Tạm dừng, tạm giữ', 'Suspension, seizure'),
    pass: words('Không có lệnh tạm dừng hay tạm giữ.', 'No order suspends or seizes it.'),
  },
  expiry: {
    name: words('Hạn dùng', 'Expiry'),
    pass: words('Còn hạn dùng.', 'Not expired.'),
  },
  information: {
    name: words('Thông tin bắt buộc', 'Information for buyers'),
    pass: words('Đủ thông tin tối thiểu cho người mua.', 'The minimum that buyers must get is there.'),
  },
  'ledger-receipt': {
    name: words('Chữ ký của sổ cái', 'Signatures of the ledger'),
    pass: words('Thông tin ở đây đúng là thông tin sổ cái đã ký.', 'What stands here is what the ledger signed.'),
  },
  freshness: {
    name: words('Độ mới của dữ liệu', 'Age of the data'),
    pass: words('Dữ liệu mới được đối chiếu với sổ cái.', 'The data was compared with the ledger a short while ago.'),
  },
};

const REASONS: Readonly<Record<GoodsReason, Words>> = {
  'not-registered': words('Không áp dụng: mã không có trong sổ.', 'Does not apply: the code is not on the register.'),
  'no-single-item': words('Không áp dụng: mã không nêu riêng món hàng nào.', 'Does not apply: the code names no single thing.'),
  'does-not-expire': words('Không áp dụng: sản phẩm không có hạn dùng.', 'Does not apply: the product does not expire.'),
  'nothing-to-compare': words('Không áp dụng: mã không ghi lô hay ngày để so.', 'Does not apply: the code states no lot or date to compare.'),
  'unit-has-no-product': words('Không áp dụng: kiện hàng không phải một sản phẩm.', 'Does not apply: a logistic unit is not a product.'),
};

/** What a check is about, e.g. `Recall`. */
export function checkName(check: GoodsCheck, language: Language): string {
  return CHECKS[check].name[language];
}

/**
 * What came of a check.
 *
 * @param check e.g. `recall`
 * @param outcome e.g. `{ result: 'fail', code: 'LOT_RECALLED' }`
 * @returns e.g. `This lot is being recalled.`
 */
export function outcomeText(check: GoodsCheck, outcome: Outcome, language: Language): string {
  switch (outcome.result) {
    case 'pass': return CHECKS[check].pass[language];
    case 'not-applicable': return REASONS[outcome.reason as GoodsReason][language];
    case 'fail':
    case 'unknown': return PROBLEMS[outcome.code][language];
  }
}
