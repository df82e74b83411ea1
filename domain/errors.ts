/**
 * The closed list of everything that can be refused, and the one-line form in which a refusal crosses a peer.
 *
 * A `Problem` is an expected refusal: the caller did or asked something that cannot be. An ordinary `Error` is our
 * bug: it is logged whole and answered without detail.
 */

/** Whose turn it is, and so which HTTP status the programs answer with. */
export type ProblemKind =
  | 'malformed' // the text or shape cannot be read
  | 'unauthorised' // nobody is signed in
  | 'forbidden' // signed in, but not allowed
  | 'not-found'
  | 'conflict' // true once, not any more; or done already
  | 'refused' // readable and allowed, but a rule says no
  | 'too-large'
  | 'too-many' // slow down
  | 'unavailable'; // ours to mend; try again

export interface ProblemMeaning {
  readonly kind: ProblemKind;
  /** What is wrong and how to mend it, for a Vietnamese reader. */
  readonly vi: string;
  /** The same in English. */
  readonly en: string;
}

const meaning = (kind: ProblemKind, vi: string, en: string): ProblemMeaning => ({ kind, vi, en });

/** Every code. Sections follow the folders of `domain/`; `docs/errors.md` is compared with this table by a test. */
export const PROBLEMS = {
  // ---- text, shapes, instants
  TEXT_NOT_JSON: meaning('malformed', 'Nội dung không phải JSON hợp lệ.', 'The text is not valid JSON.'),
  TEXT_TOO_LONG: meaning('too-large', 'Nội dung dài quá giới hạn.', 'The text is longer than allowed.'),
  TEXT_NOT_PLAIN: meaning('malformed', 'Chữ có ký tự ẩn, ký tự điều khiển hoặc không ở dạng NFC.', 'The text has invisible or control characters, or is not in Unicode form NFC.'),
  JSON_DUPLICATE_KEY: meaning('malformed', 'Một trường xuất hiện hai lần.', 'A field stands there twice.'),
  JSON_TOO_DEEP: meaning('malformed', 'Cấu trúc lồng nhau quá sâu.', 'The structure is nested too deeply.'),
  FIELD_MISSING: meaning('malformed', 'Thiếu một trường bắt buộc.', 'A required field is missing.'),
  FIELD_UNKNOWN: meaning('malformed', 'Có trường không được biết.', 'There is a field that nobody knows.'),
  FIELD_WRONG_TYPE: meaning('malformed', 'Trường có kiểu dữ liệu sai.', 'The field has the wrong type.'),
  FIELD_WRONG_VALUE: meaning('malformed', 'Giá trị của trường không hợp lệ.', 'The value of the field is not allowed.'),
  LIST_EMPTY: meaning('malformed', 'Danh sách trống.', 'The list is empty.'),
  LIST_TOO_LONG: meaning('too-large', 'Danh sách dài quá giới hạn.', 'The list is longer than allowed.'),
  LIST_REPEATS: meaning('malformed', 'Danh sách có phần tử lặp lại.', 'The list names the same thing twice.'),
  INSTANT_INVALID: meaning('malformed', 'Thời điểm không đúng dạng RFC 3339.', 'The instant is not in RFC 3339 form.'),
  DATE_INVALID: meaning('malformed', 'Ngày không đúng dạng yyyy-mm-dd hoặc không có trong lịch.', 'The date is not of the form yyyy-mm-dd, or not in the calendar.'),
  ARGUMENT_COUNT: meaning('malformed', 'Số đối số của giao dịch sai.', 'The transaction got the wrong number of arguments.'),
  // ---- GS1 keys (domain/gs1)
  GTIN_MALFORMED: meaning('malformed', 'GTIN phải có 8, 12, 13 hoặc 14 chữ số.', 'A GTIN has 8, 12, 13 or 14 digits.'),
  GTIN_CHECK_DIGIT_WRONG: meaning('malformed', 'Số kiểm tra của GTIN sai: có chữ số bị gõ nhầm.', 'The check digit of the GTIN is wrong: a digit was mistyped.'),
  SSCC_MALFORMED: meaning('malformed', 'SSCC phải có 18 chữ số.', 'An SSCC has 18 digits.'),
  SSCC_CHECK_DIGIT_WRONG: meaning('malformed', 'Số kiểm tra của SSCC sai.', 'The check digit of the SSCC is wrong.'),
  GLN_MALFORMED: meaning('malformed', 'GLN phải có 13 chữ số.', 'A GLN has 13 digits.'),
  GLN_CHECK_DIGIT_WRONG: meaning('malformed', 'Số kiểm tra của GLN sai.', 'The check digit of the GLN is wrong.'),
  LOT_MALFORMED: meaning('malformed', 'Số lô phải có 1–20 ký tự thuộc bộ ký tự 82 của GS1, và không phải “.” hay “..”.', 'A lot number has 1–20 characters of GS1 character set 82, and is not "." or "..".'),
  SERIAL_MALFORMED: meaning('malformed', 'Số sê-ri phải có 1–20 ký tự thuộc bộ ký tự 82 của GS1, và không phải “.” hay “..”.', 'A serial number has 1–20 characters of GS1 character set 82, and is not "." or "..".'),
  COMPANY_PREFIX_MALFORMED: meaning('malformed', 'Mã doanh nghiệp GS1 phải có 4–12 chữ số.', 'A GS1 company prefix has 4–12 digits.'),
  COMPANY_PREFIX_RESTRICTED: meaning('refused', 'GS1 không cấp dải số này cho doanh nghiệp nào.', 'GS1 licenses this range of numbers to no enterprise.'),
  ITEM_KEY_MALFORMED: meaning('malformed', 'Khóa định danh không đúng cấu trúc đường dẫn GS1.', 'The item key does not have the structure of a GS1 path.'),
  ITEM_KEY_NOT_CANONICAL: meaning('malformed', 'Khóa định danh không ở dạng chuẩn duy nhất.', 'The item key is not in its one canonical spelling.'),
  COMPANY_PREFIX_NOT_OWNER: meaning('refused', 'Mã số này không thuộc mã doanh nghiệp GS1 đã cho.', 'The number was not given out under this company prefix.'),
  // ---- GS1 data fields (domain/gs1/data-field.ts, linters.ts, associations.ts)
  AI_UNKNOWN: meaning('malformed', 'Số định danh ứng dụng GS1 không tồn tại.', 'There is no such GS1 Application Identifier.'),
  AI_PRIMARY_KEY_MISSING: meaning('malformed', 'Không có mã GS1 nào định danh đối tượng.', 'No GS1 key names the thing.'),
  AI_REPEATED: meaning('malformed', 'Một số định danh ứng dụng xuất hiện hai lần với giá trị khác nhau.', 'An Application Identifier stands there twice with different values.'),
  AI_REQUIRES: meaning('refused', 'Trường dữ liệu này phải đi kèm trường khác.', 'This data field must stand beside another one.'),
  AI_EXCLUDES: meaning('refused', 'Hai trường dữ liệu này không được đi cùng nhau.', 'These two data fields must not stand together.'),
  AI_VALUE_TOO_SHORT: meaning('malformed', 'Giá trị ngắn hơn quy định của GS1.', 'The value is shorter than GS1 demands.'),
  AI_VALUE_TOO_LONG: meaning('malformed', 'Giá trị dài hơn quy định của GS1.', 'The value is longer than GS1 allows.'),
  AI_VALUE_CHARACTERS: meaning('malformed', 'Giá trị có ký tự không thuộc bộ ký tự GS1 cho phép.', 'The value has a character outside the set GS1 allows there.'),
  AI_VALUE_NOT_ALLOWED: meaning('malformed', 'Giá trị vi phạm quy tắc GS1 của trường này.', 'The value breaks a GS1 rule of this field.'),
  AI_CHECK_DIGIT_WRONG: meaning('malformed', 'Số kiểm tra sai: có chữ số bị gõ hoặc đọc nhầm.', 'The check digit is wrong: a digit was mistyped or misread.'),
  AI_CHECK_PAIR_WRONG: meaning('malformed', 'Cặp ký tự kiểm tra sai: có ký tự bị gõ hoặc đọc nhầm.', 'The check character pair is wrong: a character was mistyped or misread.'),
  AI_COMPANY_PREFIX_MISSING: meaning('malformed', 'Giá trị không bắt đầu bằng mã doanh nghiệp GS1.', 'The value does not begin with a GS1 company prefix.'),
  AI_DATE_WRONG: meaning('malformed', 'Ngày không có trong lịch.', 'The date is not in the calendar.'),
  AI_TIME_WRONG: meaning('malformed', 'Giờ, phút hoặc giây không hợp lệ.', 'The hour, minute or second does not exist.'),
  AI_CODE_UNKNOWN: meaning('malformed', 'Mã không có trong danh mục mà GS1 quy định (nước, tiền tệ, loại bao bì…).', 'The code is not in the list that GS1 refers to (country, currency, package type …).'),
  AI_PERCENT_WRONG: meaning('malformed', 'Dấu phần trăm trong giá trị không đi kèm hai chữ số thập lục phân.', 'A percent sign in the value is not followed by two hexadecimal digits.'),
  // ---- GS1 Digital Link, element strings, EPCs (domain/gs1)
  LINK_NOT_A_URI: meaning('malformed', 'Liên kết có ký tự không được phép trong địa chỉ web.', 'The link has a character that no web address may hold.'),
  LINK_TOO_LONG: meaning('too-large', 'Liên kết dài quá giới hạn.', 'The link is longer than allowed.'),
  LINK_SCHEME_WRONG: meaning('malformed', 'Liên kết phải bắt đầu bằng https:// hoặc http://.', 'The link must begin with https:// or http://.'),
  LINK_DOMAIN_WRONG: meaning('malformed', 'Tên miền trong liên kết không hợp lệ.', 'The domain name of the link is not valid.'),
  LINK_STEM_WRONG: meaning('malformed', 'Phần đường dẫn đứng trước mã GS1 không hợp lệ.', 'The part of the path in front of the GS1 key is not valid.'),
  LINK_STEM_UNEXPECTED: meaning('malformed', 'Trước mã GS1 không được có gì trong đường dẫn.', 'Nothing may stand in front of the GS1 key in the path.'),
  LINK_NO_PRIMARY_KEY: meaning('malformed', 'Đường dẫn không chứa mã GS1 nào.', 'The path holds no GS1 key.'),
  LINK_SEGMENTS_ODD: meaning('malformed', 'Đường dẫn có một mục không có giá trị, hoặc thừa một mục.', 'The path has a segment too many, or one without its value.'),
  LINK_SEGMENT_EMPTY: meaning('malformed', 'Đường dẫn có một giá trị trống.', 'A value in the path is empty.'),
  LINK_DOT_SEGMENT: meaning('malformed', 'Đường dẫn web không thể mang giá trị “.” hoặc “..”.', 'A web path cannot carry the value "." or "..".'),
  LINK_PERCENT_WRONG: meaning('malformed', 'Dấu phần trăm trong liên kết không đi kèm hai chữ số thập lục phân.', 'A percent sign in the link is not followed by two hexadecimal digits.'),
  LINK_CONTROL_CHARACTER: meaning('malformed', 'Liên kết chứa ký tự điều khiển đã mã hóa.', 'The link holds an encoded control character.'),
  LINK_AI_ENCODED: meaning('malformed', 'Số định danh ứng dụng không được viết dưới dạng mã hóa phần trăm.', 'An Application Identifier must not be percent-encoded.'),
  LINK_AI_REPEATED: meaning('malformed', 'Một số định danh ứng dụng xuất hiện hai lần trong liên kết.', 'An Application Identifier stands in the link twice.'),
  LINK_TOO_MANY_AIS: meaning('too-large', 'Liên kết có quá nhiều trường dữ liệu.', 'The link has too many data fields.'),
  LINK_VALUE_MISSING: meaning('malformed', 'Một tham số GS1 trong liên kết không có giá trị.', 'A GS1 parameter of the link has no value.'),
  LINK_QUALIFIER_ORDER: meaning('malformed', 'Các trường bổ nghĩa sai thứ tự hoặc không dùng chung được.', 'The key qualifiers are in the wrong order or do not go together.'),
  LINK_ATTRIBUTE_IN_PATH: meaning('malformed', 'Trường này không bổ nghĩa cho mã, nên phải ở sau dấu hỏi.', 'This field does not qualify the key, so it belongs behind the question mark.'),
  LINK_QUALIFIER_IN_QUERY: meaning('malformed', 'Trường này bổ nghĩa cho mã, nên phải ở trong đường dẫn.', 'This field qualifies the key, so it belongs in the path.'),
  LINK_NOT_AN_ATTRIBUTE: meaning('malformed', 'GS1 không cho phép trường này ở sau dấu hỏi.', 'GS1 does not allow this field behind the question mark.'),
  LINK_GTIN_NOT_14_DIGITS: meaning('malformed', 'Trong liên kết, GTIN phải viết đủ 14 chữ số.', 'In a link a GTIN has all 14 digits.'),
  ELEMENT_STRING_MALFORMED: meaning('malformed', 'Chuỗi phần tử GS1 không đọc được.', 'The GS1 element string cannot be read.'),
  ELEMENT_STRING_TOO_LONG: meaning('too-large', 'Chuỗi phần tử GS1 dài quá giới hạn.', 'The GS1 element string is longer than allowed.'),
  EPC_URN_MALFORMED: meaning('malformed', 'URN của EPC không đúng cấu trúc.', 'The EPC URN does not have the right structure.'),
  EPC_URN_SCHEME_UNKNOWN: meaning('malformed', 'Loại URN của EPC này không được hỗ trợ.', 'This kind of EPC URN is not supported.'),
  EPC_BINARY_MALFORMED: meaning('malformed', 'EPC nhị phân trong liên kết không đọc được.', 'The binary EPC in the link cannot be read.'),
  EPC_BINARY_SCHEME_UNKNOWN: meaning('malformed', 'Loại EPC nhị phân này không được hỗ trợ.', 'This kind of binary EPC is not supported.'),
  // ---- quantities and chemistry
  QUANTITY_MALFORMED: meaning('malformed', 'Số lượng không đúng dạng số thập phân, ví dụ 25.5.', 'The quantity is not a plain decimal such as 25.5.'),
  QUANTITY_TOO_FINE: meaning('malformed', 'Số lượng có quá nhiều chữ số thập phân.', 'The quantity has more decimal places than its unit allows.'),
  QUANTITY_ZERO: meaning('malformed', 'Số lượng phải lớn hơn không.', 'The quantity must be more than nought.'),
  CONTENT_ABOVE_WHOLE: meaning('malformed', 'Hàm lượng vượt quá 100 %.', 'The content is more than the whole.'),
  CONTENT_OUT_OF_RANGE: meaning('refused', 'Hàm lượng của lô nằm ngoài khoảng đã đăng ký cho sản phẩm.', 'The content of the lot is outside the range registered for the product.'),
  BALANCE_MISMATCH: meaning('refused', 'Tổng các phần không bằng khối lượng ban đầu; hãy cân lại hoặc khai phần hao hụt.', 'The parts do not add up to the whole; weigh again or declare the loss.'),
  SUBSTANCE_UNKNOWN: meaning('malformed', 'Không có chất này trong danh mục.', 'The catalogue has no such substance.'),
  CAS_MALFORMED: meaning('malformed', 'Số CAS không đúng dạng.', 'The CAS number is malformed.'),
  CAS_CHECK_DIGIT_WRONG: meaning('malformed', 'Số CAS sai chữ số kiểm tra.', 'The check digit of the CAS number is wrong.'),
  BUYER_NOT_LICENSED: meaning('refused', 'Bên mua chưa có giấy phép còn hiệu lực cho chất này và cũng chưa khai báo sử dụng.', 'The buyer has neither a licence in force for this substance nor a declaration of use.'),
  SELLER_NOT_LICENSED: meaning('refused', 'Bên bán chưa có giấy phép còn hiệu lực cho chất này.', 'The seller has no licence in force for this substance.'),
  QUOTA_EXCEEDED: meaning('refused', 'Vượt quá khối lượng còn lại của giấy phép; chỉ được phép đến số kg ghi kèm.', 'More than the licence has left; allowed up to the kilograms stated.'),
  FIRST_USE_TOO_EARLY: meaning('refused', 'Chưa đủ 30 ngày kể từ ngày khai báo, chưa được sử dụng.', 'First use is allowed 30 days after the declaration, not before.'),
  LICENCE_UNKNOWN: meaning('not-found', 'Không có giấy phép này trong sổ đăng ký.', 'There is no such licence on the register.'),
  LICENCE_ALREADY_RECORDED: meaning('conflict', 'Giấy phép này đã được ghi.', 'This licence is recorded already.'),
  LICENCE_ALREADY_REVOKED: meaning('conflict', 'Giấy phép này đã bị thu hồi.', 'This licence is revoked already.'),
  LICENCE_PERIOD_WRONG: meaning('malformed', 'Ngày hết hạn phải sau ngày bắt đầu.', 'The last day must come after the first.'),
  CONTAINER_EMPTY: meaning('refused', 'Bao bì này không ghi nhận hóa chất.', 'No chemical is recorded in this container.'),
  // ---- registry
  ORGANISATION_ID_MALFORMED: meaning('malformed', 'Mã tổ chức gồm 2–32 ký tự a–z, 0–9 và dấu gạch nối ở giữa.', 'An organisation id has 2 to 32 of a–z, 0–9 and inner hyphens.'),
  ORGANISATION_UNKNOWN: meaning('not-found', 'Tổ chức này chưa có trong sổ đăng ký.', 'This organisation is not on the register.'),
  ORGANISATION_ALREADY_REGISTERED: meaning('conflict', 'Tổ chức này đã được đăng ký.', 'This organisation is registered already.'),
  PROVINCE_UNKNOWN: meaning('malformed', 'Không có mã tỉnh, thành phố này.', 'There is no province with this code.'),
  PREFIX_ALREADY_GRANTED: meaning('conflict', 'Mã doanh nghiệp GS1 này trùng với mã đã cấp.', 'This company prefix collides with one already granted.'),
  PREFIX_NOT_HELD: meaning('forbidden', 'Mã GTIN hoặc SSCC này không thuộc mã doanh nghiệp GS1 của tổ chức.', 'This number is not under a GS1 company prefix of the organisation.'),
  KEY_ALREADY_REGISTERED: meaning('conflict', 'Khóa này đã được đăng ký.', 'This key is registered already.'),
  KEY_UNKNOWN: meaning('not-found', 'Không có khóa này.', 'There is no such key.'),
  KEY_ALREADY_RETIRED: meaning('conflict', 'Khóa này đã ngừng dùng.', 'This key is retired already.'),
  // ---- access
  CALLER_NOT_ALLOWED: meaning('forbidden', 'Người gọi không được phép thực hiện giao dịch này.', 'The caller may not call this transaction.'),
  CALLER_UNREADABLE: meaning('forbidden', 'Chứng thư của người gọi thiếu thông tin tổ chức hoặc vai trò.', "The caller's certificate lacks the organisation or the role."),
  TRANSACTION_UNKNOWN: meaning('not-found', 'Không có giao dịch này.', 'There is no such transaction.'),
  // ---- goods
  PRODUCT_UNKNOWN: meaning('not-found', 'GTIN này chưa được đăng ký.', 'This GTIN is not registered.'),
  PRODUCT_ALREADY_REGISTERED: meaning('conflict', 'GTIN này đã được đăng ký.', 'This GTIN is registered already.'),
  LOT_UNKNOWN: meaning('not-found', 'Không có lô này.', 'There is no such lot.'),
  LOT_ALREADY_OPENED: meaning('conflict', 'Lô này đã có.', 'This lot is there already.'),
  LOT_DATES_WRONG: meaning('malformed', 'Ngày hết hạn thiếu, thừa hoặc trước ngày sản xuất.', 'The expiry date is missing, not expected, or before production.'),
  LOT_RECALLED: meaning('refused', 'Lô này đang bị thu hồi.', 'This lot is being recalled.'),
  LOT_SUSPENDED: meaning('refused', 'Lô này đang tạm dừng lưu hành.', 'This lot is suspended.'),
  LOT_IS_BULK: meaning('refused', 'Sản phẩm hóa chất: hãy chia lô thành bao bì thay vì khai báo sê-ri.', 'A chemical product: split the lot into containers instead of commissioning serials.'),
  LOT_EXPIRED: meaning('refused', 'Lô này đã hết hạn.', 'This lot has expired.'),
  LOT_NOT_RECALLED: meaning('conflict', 'Lô này không bị thu hồi.', 'This lot is not being recalled.'),
  LOT_NOT_SUSPENDED: meaning('conflict', 'Lô này không bị tạm dừng.', 'This lot is not suspended.'),
  ITEM_UNKNOWN: meaning('not-found', 'Mã này không có trong sổ đăng ký.', 'This code is not on the register.'),
  ITEM_ALREADY_COMMISSIONED: meaning('conflict', 'Mã này đã được đưa vào sử dụng.', 'This code is commissioned already.'),
  ITEM_NOT_HELD: meaning('forbidden', 'Tổ chức không giữ mặt hàng này.', 'The organisation does not hold this item.'),
  ITEM_IS_PACKED: meaning('refused', 'Mặt hàng nằm trong một kiện; hãy mở kiện trước.', 'The item is inside a logistic unit; unpack it first.'),
  ITEM_NOT_PACKED_HERE: meaning('refused', 'Mặt hàng không nằm trong kiện này.', 'The item is not inside this unit.'),
  ITEM_ON_HOLD: meaning('refused', 'Mặt hàng đang bị tạm giữ.', 'The item is on hold.'),
  ITEM_NOT_ON_HOLD: meaning('conflict', 'Mặt hàng không bị tạm giữ.', 'The item is not on hold.'),
  ITEM_IN_TRANSIT: meaning('refused', 'Mặt hàng đang được vận chuyển.', 'The item is in transit.'),
  ITEM_NOT_IN_SHIPMENT: meaning('refused', 'Mặt hàng không thuộc chuyến hàng này.', 'The item is not in this shipment.'),
  ITEM_ALREADY_SOLD: meaning('conflict', 'Mặt hàng đã được bán.', 'The item is sold already.'),
  ITEM_GONE: meaning('conflict', 'Mặt hàng đã ra khỏi lưu thông.', 'The item has left circulation.'),
  ITEM_NOT_MOVABLE: meaning('malformed', 'Chỉ có thể di chuyển sản phẩm có sê-ri hoặc kiện SSCC.', 'Only serials and logistic units can be moved.'),
  UNIT_ALREADY_PACKED: meaning('conflict', 'SSCC này đã được dùng.', 'This SSCC is in use already.'),
  UNIT_TOO_DEEP: meaning('refused', 'Kiện lồng nhau quá nhiều tầng.', 'Units are nested too deeply.'),
  SHIPMENT_UNKNOWN: meaning('not-found', 'Không có chuyến hàng này.', 'There is no such shipment.'),
  SHIPMENT_ALREADY_SENT: meaning('conflict', 'Mã chuyến hàng này đã được dùng.', 'This shipment number is used already.'),
  SHIPMENT_CLOSED: meaning('conflict', 'Chuyến hàng đã được nhận hoặc đã hủy.', 'The shipment is received or cancelled already.'),
  SHIPMENT_TO_SELF: meaning('malformed', 'Bên nhận phải khác bên gửi.', 'The receiver must be another organisation.'),
  SHIPMENT_ITEM_UNANSWERED: meaning('malformed', 'Phải trả lời cho từng mặt hàng: đã nhận, thiếu hoặc hỏng.', 'Every item must be answered for: received, short or damaged.'),
  HAPPENED_IN_FUTURE: meaning('malformed', 'Thời điểm xảy ra nằm ở tương lai.', 'It cannot have happened in the future.'),
  // ---- public scans (verifier/core/goods, verifier/server)
  SCAN_EMPTY: meaning('malformed', 'Chưa có mã: hãy nhập hoặc dán mã in trên hàng.', 'There is no code: type or paste the one printed on the goods.'),
  SCAN_NAMES_NO_LOT: meaning('unavailable', 'Mã này không nêu lô, nên không biết hàng có bị thu hồi hay hết hạn không.', 'This code names no lot, so nobody can say whether the goods are recalled or expired.'),
  ITEM_NOT_ON_SALE: meaning('not-found', 'Nhà sản xuất chưa khai báo món hàng mang mã này.', 'The maker has not declared any goods under this code.'),
  ITEM_KIND_NOT_KEPT: meaning('not-found', 'Sổ đăng ký không quản lý loại mã này.', 'The register keeps no codes of this kind.'),
  ITEM_USED: meaning('conflict', 'Món hàng mang mã này đã được dùng.', 'The goods under this code were used up.'),
  ITEM_DECOMMISSIONED: meaning('conflict', 'Mã này đã ngừng sử dụng.', 'This code was taken out of use.'),
  ITEM_DESTROYED: meaning('conflict', 'Món hàng mang mã này đã bị tiêu hủy.', 'The goods under this code were destroyed.'),
  ITEM_LOST: meaning('refused', 'Món hàng mang mã này bị báo mất.', 'The goods under this code are reported lost.'),
  ITEM_STOLEN: meaning('refused', 'Món hàng mang mã này bị báo mất cắp.', 'The goods under this code are reported stolen.'),
  ITEM_MISSING: meaning('refused', 'Món hàng mang mã này thiếu khi giao nhận.', 'The goods under this code were missing when their shipment arrived.'),
  ITEM_SUSPENDED: meaning('refused', 'Món hàng này đang tạm dừng lưu hành.', 'These goods are suspended.'),
  ITEM_QUARANTINED: meaning('refused', 'Món hàng này đang bị cách ly để kiểm tra.', 'These goods are in quarantine.'),
  ITEM_SEIZED: meaning('refused', 'Món hàng này đang bị tạm giữ theo lệnh.', 'These goods are seized by order.'),
  ITEM_DAMAGED: meaning('refused', 'Món hàng này bị ghi nhận hư hỏng khi giao nhận.', 'These goods were found damaged on arrival.'),
  ITEM_UNITS_INCOMPLETE: meaning('unavailable', 'Không đọc được đủ các kiện chứa món hàng này, nên không rõ nó đang ở đâu.', 'The units around these goods cannot all be read, so where they are is not known.'),
  MAKER_UNKNOWN: meaning('refused', 'Đơn vị đứng tên sản phẩm không có trong sổ đăng ký.', 'The organisation that stands for the product is not on the register.'),
  MAKER_DIFFERS: meaning('refused', 'Sản phẩm, lô và mã không do cùng một đơn vị đăng ký.', 'Product, lot and code were not registered by the same organisation.'),
  LINK_LOT_DIFFERS: meaning('refused', 'Số lô trong mã khác với số lô trong sổ đăng ký.', 'The lot in the code is not the lot on the register.'),
  LINK_EXPIRY_DIFFERS: meaning('refused', 'Hạn dùng trong mã khác với hạn dùng trong sổ đăng ký.', 'The expiry date in the code is not the one on the register.'),
  LINK_PRODUCTION_DIFFERS: meaning('refused', 'Ngày sản xuất trong mã khác với ngày trong sổ đăng ký.', 'The production date in the code is not the one on the register.'),
  LINK_TYPE_UNKNOWN: meaning('not-found', 'Không có liên kết loại này cho mã đã hỏi.', 'There is no link of this type for the code asked for.'),
  PRODUCT_INFORMATION_INCOMPLETE: meaning('refused', 'Nhà sản xuất chưa cung cấp đủ thông tin bắt buộc cho người mua.', 'The maker has not given all the information that buyers must get.'),
  RECEIPT_MISSING: meaning('unavailable', 'Chưa nhận được chữ ký của sổ cái cho thông tin này.', 'The signatures of the ledger for this information have not arrived.'),
  RECEIPT_OTHER_RECORD: meaning('refused', 'Thông tin được hiển thị khác với thông tin mà sổ cái đã ký.', 'What is shown is not what the ledger signed.'),
  READ_MODEL_STALE: meaning('unavailable', 'Dữ liệu ở đây đã cũ: chưa biết điều gì xảy ra sau đó.', 'The data here is old: what happened since is not known.'),
  METHOD_NOT_ALLOWED: meaning('malformed', 'Địa chỉ này chỉ để đọc (GET, HEAD, OPTIONS).', 'This address can only be read (GET, HEAD, OPTIONS).'),
  // ---- receipts and certificates (verifier/core)
  RECEIPT_TOO_LARGE: meaning('too-large', 'Biên nhận lớn quá giới hạn 256 KiB.', 'The receipt is larger than 256 KiB.'),
  RECEIPT_NOT_JSON: meaning('malformed', 'Biên nhận không phải JSON hợp lệ.', 'The receipt is not valid JSON.'),
  RECEIPT_FIELDS_WRONG: meaning('malformed', 'Biên nhận phải có đúng hai trường “format” và “payload”, mỗi trường một lần.', 'A receipt has exactly the fields "format" and "payload", once each.'),
  RECEIPT_FORMAT_UNKNOWN: meaning('malformed', 'Không nhận ra định dạng của biên nhận.', 'The format of the receipt is not one we know.'),
  RECEIPT_BASE64_WRONG: meaning('malformed', 'Nội dung biên nhận không phải base64 ở dạng chuẩn.', 'The payload of the receipt is not canonical base64.'),
  RECEIPT_BYTES_MALFORMED: meaning('malformed', 'Nội dung biên nhận bị hỏng hoặc có phần thừa.', 'The payload of the receipt is damaged or has something added.'),
  RECEIPT_NOT_ONE_CALL: meaning('malformed', 'Biên nhận phải chứa đúng một lời gọi hợp đồng.', 'A receipt holds exactly one call of a contract.'),
  RECEIPT_NOT_ENDORSED: meaning('malformed', 'Biên nhận không có chữ ký xác nhận nào.', 'The receipt carries no endorsement.'),
  RECEIPT_TOO_MANY_ENDORSEMENTS: meaning('too-large', 'Biên nhận có quá nhiều chữ ký xác nhận.', 'The receipt carries too many endorsements.'),
  RECEIPT_OTHER_CHANNEL: meaning('refused', 'Biên nhận thuộc một kênh sổ cái khác.', 'The receipt is of another channel.'),
  RECEIPT_OTHER_CHAINCODE: meaning('refused', 'Biên nhận thuộc một hợp đồng khác.', 'The receipt is of another chaincode.'),
  RECEIPT_OTHER_FUNCTION: meaning('refused', 'Biên nhận trả lời một hàm khác với hàm đã hỏi.', 'The receipt answers another function than the one asked.'),
  RECEIPT_OTHER_ARGUMENTS: meaning('refused', 'Biên nhận trả lời một câu hỏi khác.', 'The receipt answers another question than the one asked.'),
  RECEIPT_PROPOSAL_HASH_WRONG: meaning('refused', 'Câu trả lời đã ký không thuộc về câu hỏi trong biên nhận.', 'The signed answer does not belong to the question in the receipt.'),
  RECEIPT_TRANSACTION_ID_WRONG: meaning('refused', 'Mã giao dịch trong biên nhận sai.', 'The transaction id in the receipt is wrong.'),
  RECEIPT_FROM_THE_FUTURE: meaning('unavailable', 'Biên nhận mang thời điểm ở tương lai: hãy kiểm tra đồng hồ của thiết bị này.', 'The receipt bears a time in the future: check the clock of this device.'),
  RECEIPT_SIGNATURE_WRONG: meaning('refused', 'Một chữ ký trong biên nhận sai.', 'A signature in the receipt is wrong.'),
  RECEIPT_SIGNATURE_NOT_CANONICAL: meaning('refused', 'Một chữ ký trong biên nhận không ở dạng chuẩn duy nhất (DER, S thấp).', 'A signature in the receipt is not in its one canonical form (DER, low S).'),
  RECEIPT_ORGANISATION_UNKNOWN: meaning('refused', 'Biên nhận do một tổ chức chưa được tin cậy ký.', 'The receipt is signed by an organisation that is not trusted here.'),
  RECEIPT_NOT_A_PEER: meaning('refused', 'Biên nhận không do một máy chủ sổ cái (peer) ký.', 'The receipt is signed by something other than a peer.'),
  RECEIPT_TOO_FEW_ORGANISATIONS: meaning('refused', 'Chưa đủ số tổ chức khác nhau xác nhận.', 'Too few different organisations have endorsed.'),
  RECEIPT_RESPONSE_STATUS: meaning('refused', 'Sổ cái trả lời rằng lời gọi không thành công.', 'The ledger answered that the call did not succeed.'),
  RECEIPT_RESPONSE_NOT_TEXT: meaning('malformed', 'Câu trả lời đã ký không phải văn bản UTF-8.', 'The signed answer is not UTF-8 text.'),
  RECEIPT_NOT_READ_ONLY: meaning('refused', 'Lời gọi này có ghi dữ liệu, nên không chứng minh được điều gì đang nằm trên sổ cái.', 'The call writes, so it does not prove what stands on the ledger.'),
  RECEIPT_CHECK_NOT_REACHED: meaning('unavailable', 'Chưa kiểm tra được mục này vì phần nó dựa vào không đọc hoặc không kiểm tra được.', 'This was not checked because something it rests on could not be read or checked.'),
  RECEIPT_POLICY_UNUSABLE: meaning('unavailable', 'Danh sách tổ chức tin cậy trên thiết bị này không dùng được.', 'The list of trusted organisations on this device cannot be used.'),
  CERTIFICATE_MALFORMED: meaning('malformed', 'Chứng thư số bị hỏng hoặc không ở dạng DER chuẩn.', 'The certificate is damaged or not in strict DER.'),
  CERTIFICATE_UNSUPPORTED: meaning('refused', 'Chứng thư số dùng thuật toán hoặc phần mở rộng không được chấp nhận.', 'The certificate uses an algorithm or an extension that is not accepted.'),
  CERTIFICATE_NOT_YET_VALID: meaning('refused', 'Chứng thư số chưa có hiệu lực vào thời điểm đó.', 'The certificate was not valid yet at that time.'),
  CERTIFICATE_EXPIRED: meaning('refused', 'Chứng thư số đã hết hạn vào thời điểm đó.', 'The certificate had expired at that time.'),
  CERTIFICATE_UNTRUSTED: meaning('refused', 'Chứng thư số không dẫn tới gốc tin cậy của tổ chức.', 'The certificate does not lead to a trusted root of its organisation.'),
  CERTIFICATE_ISSUER_NOT_AUTHORITY: meaning('refused', 'Chứng thư số do một chứng thư không có quyền cấp ký.', 'The certificate is signed by one that may not issue certificates.'),
  CERTIFICATE_WRONG_USE: meaning('refused', 'Chứng thư số không được dùng để ký dữ liệu.', 'The certificate is not meant for signing data.'),
  CRYPTO_UNAVAILABLE: meaning('unavailable', 'Trình duyệt không cho phép kiểm tra chữ ký ở đây: hãy mở trang bằng https.', 'The browser does not allow signatures to be checked here: open the page with https.'),

  // ---- gateway: the ledger, the outbox, the read model
  LEDGER_UNREACHABLE: meaning('unavailable', 'Chưa liên lạc được với sổ cái; vui lòng thử lại.', 'The ledger cannot be reached at the moment; try again.'),
  LEDGER_CONFLICT: meaning('conflict', 'Dữ liệu vừa bị giao dịch khác thay đổi; vui lòng thử lại.', 'Another transaction changed the same data first; try again.'),
  LEDGER_REJECTED: meaning('refused', 'Sổ cái từ chối giao dịch.', 'The ledger rejected the transaction.'),
  LEDGER_BLOCK_WRONG: meaning('unavailable', 'Một khối của sổ cái không đọc được hoặc không khớp mã băm, chữ ký.', 'A block of the ledger cannot be read, or does not fit its hashes or signatures.'),
  LEDGER_DIFFERENT: meaning('unavailable', 'Dữ liệu ở đây thuộc về một sổ cái khác.', 'The data here belongs to another ledger.'),
  LEDGER_REWOUND: meaning('unavailable', 'Sổ cái có ít khối hơn dữ liệu đã ghi ở đây.', 'The ledger has fewer blocks than were seen here before.'),
  OUTBOX_FULL: meaning('unavailable', 'Quá nhiều giao dịch đang chờ; vui lòng thử lại sau.', 'Too many transactions are waiting; try again later.'),
  OUTBOX_DAMAGED: meaning('unavailable', 'Dữ liệu giao dịch đang chờ bị hỏng.', 'The stored waiting transactions are damaged.'),
  IDEMPOTENCY_KEY_WRONG: meaning('malformed', 'Khóa chống lặp phải có 1–255 ký tự ASCII hiển thị được.', 'The idempotency key must be 1 to 255 visible ASCII characters.'),
  IDEMPOTENCY_KEY_REUSED: meaning('conflict', 'Khóa chống lặp này đã dùng cho một nội dung khác.', 'This idempotency key was used before with another body.'),
  READ_MODEL_DAMAGED: meaning('unavailable', 'Bản sao để đọc bị hỏng và đang được dựng lại từ sổ cái.', 'The copy for reading is damaged and is being rebuilt from the ledger.'),
  READ_MODEL_CHECKING: meaning('unavailable', 'Bản sao để đọc đang được kiểm tra; vui lòng thử lại sau vài giây.', 'The copy for reading is being checked; try again in a few seconds.'),
  STORE_IN_USE: meaning('unavailable', 'Một tiến trình khác đang dùng thư mục dữ liệu này.', 'Another process is using this data directory.'),
  STORE_FAILED: meaning('unavailable', 'Không ghi được xuống đĩa; hệ thống tạm dừng ghi.', 'Writing to disk failed; the system has stopped writing.'),
  // ---- gateway: the enterprise API (gateway/routes, gateway/tenants, gateway/public)
  API_KEY_MISSING: meaning('unauthorised', 'Thiếu khóa API: hãy gửi tiêu đề “Authorization: Bearer …”.', 'The API key is missing: send the header "Authorization: Bearer …".'),
  API_KEY_WRONG: meaning('unauthorised', 'Khóa API không đúng.', 'The API key is not right.'),
  API_KEY_EXPIRED: meaning('unauthorised', 'Khóa API đã hết hạn; hãy xin khóa mới.', 'The API key has expired; ask for a new one.'),
  API_KEY_REVOKED: meaning('unauthorised', 'Khóa API đã bị thu hồi; hãy xin khóa mới.', 'The API key is revoked; ask for a new one.'),
  API_KEY_UNKNOWN: meaning('not-found', 'Không có khóa API này.', 'There is no such API key.'),
  ACCESS_DENIED: meaning('forbidden', 'Khóa API này không được dùng địa chỉ này.', 'This API key may not use this address.'),
  SCOPE_MISSING: meaning('forbidden', 'Khóa API không có quyền cần thiết ghi kèm.', 'The API key lacks the scope stated.'),
  ROUTE_UNKNOWN: meaning('not-found', 'Không có địa chỉ này.', 'There is no such address.'),
  CONTENT_TYPE_WRONG: meaning('malformed', 'Kiểu nội dung của yêu cầu không được chấp nhận ở đây.', 'The content type of the request is not accepted here.'),
  REQUEST_UNREADABLE: meaning('malformed', 'Yêu cầu HTTP không đọc được.', 'The HTTP request cannot be read.'),
  REQUEST_TOO_SLOW: meaning('unavailable', 'Yêu cầu gửi đến quá chậm nên đã bị ngắt.', 'The request arrived too slowly and was cut off.'),
  RATE_LIMITED: meaning('too-many', 'Quá nhiều yêu cầu; hãy chờ số giây ghi trong Retry-After.', 'Too many requests; wait the seconds stated in Retry-After.'),
  OVERLOADED: meaning('unavailable', 'Hệ thống đang quá tải; hãy thử lại sau giây lát.', 'The system is overloaded; try again in a moment.'),
  TRANSACTION_ID_UNKNOWN: meaning('not-found', 'Không có giao dịch này, hoặc đã quá cũ.', 'There is no such transaction, or it is long past.'),
  SERIAL_ORDER_UNKNOWN: meaning('not-found', 'Không có lệnh cấp sê-ri này.', 'There is no such order of serials.'),
  SERIAL_NOT_IN_ORDER: meaning('refused', 'Sê-ri này không thuộc lệnh, hoặc đã được báo hỏng hay trả lại.', 'This serial is not in the order, or is reported spoiled or returned.'),
  SERIAL_ALREADY_APPLIED: meaning('conflict', 'Sê-ri này đã được đưa vào sử dụng.', 'This serial is applied already.'),
  SSCC_EXHAUSTED: meaning('refused', 'Đã dùng hết số SSCC của mã doanh nghiệp GS1 này.', 'All SSCCs under this company prefix are used up.'),
  MEDIA_UNKNOWN: meaning('not-found', 'Không có ảnh này.', 'There is no such picture.'),
  MEDIA_NOT_A_PICTURE: meaning('malformed', 'Tệp không phải ảnh JPEG, PNG hoặc WebP.', 'The file is not a JPEG, PNG or WebP picture.'),
  MEDIA_TOO_LARGE: meaning('too-large', 'Ảnh lớn quá 2 MB.', 'The picture is larger than 2 MB.'),
  TENANT_DATA_DAMAGED: meaning('unavailable', 'Dữ liệu lưu trên đĩa của cổng kết nối bị hỏng.', 'Data stored on the disk of the gateway are damaged.'),
  SETTING_WRONG: meaning('malformed', 'Cấu hình có giá trị thiếu hoặc sai.', 'The configuration has values that are missing or wrong.'),
  // ---- printed labels (gateway/labels)
  LABEL_JOB_EMPTY: meaning('malformed', 'Lệnh in không có tem nào.', 'The print job has no labels.'),
  LABEL_JOB_TOO_LARGE: meaning('too-large', 'Lệnh in có quá nhiều tem: hãy chia thành nhiều lệnh.', 'The print job has too many labels: divide it into several jobs.'),
  LABEL_MEDIA_UNKNOWN: meaning('malformed', 'Không có loại giấy tem này.', 'There is no label media of this name.'),
  LABEL_LINK_MISMATCH: meaning('refused', 'Đường dẫn trong mã QR không nói về đúng hàng hóa hoặc tên miền in trên tem.', 'The link in the QR code does not name the goods or the host printed beside it.'),
  LABEL_LINK_TOO_LONG: meaning('refused', 'Đường dẫn quá dài: mã QR sẽ quá nhỏ để đọc trên loại tem này. Hãy rút ngắn hoặc chọn tem lớn hơn.', 'The link is too long: its QR code would be too fine to read on this media. Shorten it or choose larger labels.'),
  LABEL_TEXT_DOES_NOT_FIT: meaning('refused', 'Chữ bắt buộc không vừa tem. Hãy chọn tem lớn hơn.', 'The text that must stand on the label does not fit. Choose larger labels.'),
  LABEL_HAZARD_DOES_NOT_FIT: meaning('refused', 'Hình đồ cảnh báo GHS không vừa loại tem này. Hãy chọn tem lớn hơn.', 'The GHS pictograms do not fit this media. Choose larger labels.'),
  LABEL_KIND_NOT_ON_MEDIA: meaning('refused', 'Tem đơn vị logistics (SSCC) chỉ in trên khổ A6.', 'Labels of logistic units (SSCC) are printed on A6 only.'),

  // ---- the embedded ledger's own state
  LEDGER_RECORD_DAMAGED: meaning('unavailable', 'Một bản ghi trên đĩa của sổ cái bị hỏng; sổ cái chỉ còn đọc được cho tới khi được kiểm tra và khôi phục.', 'A record on the ledger\'s disk is damaged; the ledger is read-only until it is checked and restored.'),
  LEDGER_READ_ONLY: meaning('unavailable', 'Sổ cái không nhận ghi sau một lỗi đọc hoặc ghi đĩa; hãy khởi động lại sau khi xử lý đĩa.', 'The ledger takes no writes after a disk error; mend the disk and start it again.'),
  LEDGER_IN_USE: meaning('unavailable', 'Thư mục sổ cái đang được một tiến trình khác mở.', 'Another process has the ledger\'s directory open.'),
  LEDGER_OPENED_DIFFERENTLY: meaning('conflict', 'Thư mục sổ cái được tạo cho một kênh hoặc các tổ chức khác.', 'The ledger\'s directory was made for another channel or for other organisations.'),
  // ---- EPCIS 2.0 (domain/epcis, gateway/epcis)
  EPCIS_DOCUMENT_TYPE_WRONG: meaning('malformed', 'Tài liệu phải là EPCISDocument hoặc EPCISQueryDocument.', 'The document must be an EPCISDocument or an EPCISQueryDocument.'),
  EPCIS_VERSION_UNSUPPORTED: meaning('refused', 'Chỉ nhận EPCIS và CBV phiên bản 2.0.', 'Only version 2.0 of EPCIS and CBV is taken.'),
  EPCIS_CONTEXT_UNSUPPORTED: meaning('refused', 'Chỉ nhận ngữ cảnh JSON-LD của GS1 và khai báo tiền tố.', "Only GS1's own JSON-LD context and declarations of prefixes are taken."),
  EPCIS_MASTER_DATA_UNSUPPORTED: meaning('refused', 'Không nhận dữ liệu gốc qua EPCIS; hãy đăng ký sản phẩm qua /v1.', 'Master data are not taken through EPCIS; register products under /v1.'),
  EPCIS_EVENT_TYPE_UNSUPPORTED: meaning('refused', 'Không nhận loại sự kiện này qua EPCIS.', 'Events of this type are not taken through EPCIS.'),
  EPCIS_OPERATION_UNSUPPORTED: meaning('refused', 'Không có nghiệp vụ nào ứng với loại sự kiện, action, bizStep và disposition này.', 'No operation fits this event type, action, business step and disposition.'),
  EPCIS_FIELD_UNSUPPORTED: meaning('refused', 'Sổ cái không giữ được trường này của sự kiện; hãy bỏ trường đó.', 'The ledger cannot keep this field of the event; leave it out.'),
  EPCIS_EXTENSION_UNKNOWN: meaning('refused', 'Không biết trường mở rộng này; hãy bỏ trường đó.', 'This extension is not known; leave it out.'),
  EPCIS_ERROR_DECLARATION_UNSUPPORTED: meaning('refused', 'Chưa nhận khai báo sai sót (errorDeclaration) qua EPCIS.', 'Error declarations are not taken through EPCIS yet.'),
  EPCIS_WORD_UNKNOWN: meaning('malformed', 'Từ này không có trong bộ từ vựng CBV 2.0.', 'This word is not in the vocabulary of CBV 2.0.'),
  EPCIS_URI_MALFORMED: meaning('malformed', 'Giá trị phải là một URI.', 'The value must be a URI.'),
  EPCIS_EPC_NOT_GS1: meaning('refused', 'Chỉ nhận mã dạng GS1 Digital Link hoặc EPC URN.', 'Only GS1 Digital Links and EPC URNs are taken as identifiers.'),
  EPCIS_EPC_KIND_WRONG: meaning('refused', 'Loại mã này không dùng được ở đây.', 'An identifier of this kind cannot stand here.'),
  EPCIS_PRODUCTS_DIFFER: meaning('refused', 'Mỗi sự kiện chỉ được nói về một GTIN và một lô.', 'One event may be about one GTIN and one lot only.'),
  EPCIS_LOT_MISSING: meaning('malformed', 'Thiếu số lô: ghi vào ilmd (cbvmda:lotNumber) hoặc vào đường dẫn.', 'The lot is missing: state it in ilmd (cbvmda:lotNumber) or in the links.'),
  EPCIS_PARTY_MISSING: meaning('malformed', 'Thiếu bên gửi hoặc bên nhận (sourceList, destinationList).', 'The sending or receiving party is missing (sourceList, destinationList).'),
  EPCIS_PARTY_UNKNOWN: meaning('refused', 'Không có tổ chức nào trong sổ đăng ký mang mã này.', 'No organisation on the register has this identifier.'),
  EPCIS_PARTY_OTHER: meaning('refused', 'Bên này phải là tổ chức đang gửi dữ liệu.', 'This party must be the organisation that sends the data.'),
  EPCIS_PARTIES_DIFFER: meaning('refused', 'Chủ sở hữu và bên giữ hàng phải là một tổ chức.', 'Owner and possessor must be the same organisation.'),
  EPCIS_PLACE_UNKNOWN: meaning('refused', 'Không biết địa điểm này thuộc tỉnh, thành phố nào; hãy ghi thêm minhchung:province.', 'It is not known in which province this place is; add minhchung:province.'),
  EPCIS_PLACES_DIFFER: meaning('refused', 'readPoint, bizLocation và minhchung:province phải cùng một tỉnh, thành phố.', 'readPoint, bizLocation and minhchung:province must be in one province.'),
  EPCIS_SHIPMENT_MISSING: meaning('malformed', 'Thiếu mã chuyến hàng: ghi vào bizTransactionList với loại desadv.', 'The shipment number is missing: state it in bizTransactionList with type desadv.'),
  EPCIS_EVENT_ID_REUSED: meaning('conflict', 'eventID này đã dùng cho một sự kiện khác.', 'This eventID was used before for another event.'),
  EPCIS_EVENT_UNKNOWN: meaning('not-found', 'Không có sự kiện này.', 'There is no such event.'),
  EPCIS_JOB_UNKNOWN: meaning('not-found', 'Không có lượt ghi nhận này.', 'There is no such capture job.'),
  EPCIS_JOB_TOO_OLD: meaning('conflict', 'Lượt ghi nhận bị gián đoạn quá lâu; hãy xem các sự kiện đã ghi trước khi gửi lại.', 'The capture job was interrupted for too long; look at the recorded events before sending it again.'),
  EPCIS_TOO_MANY_JOBS: meaning('too-many', 'Quá nhiều lượt ghi nhận đang chờ; vui lòng thử lại sau.', 'Too many capture jobs are waiting; try again later.'),
  EPCIS_TOO_MANY_EVENTS: meaning('too-large', 'Tài liệu có quá nhiều sự kiện; xem tiêu đề GS1-EPCIS-Capture-Limit.', 'The document has too many events; see the header GS1-EPCIS-Capture-Limit.'),
  EPCIS_BEHAVIOUR_UNKNOWN: meaning('malformed', 'GS1-Capture-Error-Behaviour phải là rollback hoặc proceed.', 'GS1-Capture-Error-Behaviour must be rollback or proceed.'),
  EPCIS_NOT_ACCEPTABLE: meaning('refused', 'Chỉ trả lời bằng JSON, EPCIS 2.0, với GS1 Digital Link.', 'Answers are JSON, EPCIS 2.0, with GS1 Digital Links.'),
  EPCIS_PARAMETER_UNKNOWN: meaning('malformed', 'Không biết tham số truy vấn này.', 'This query parameter is not known.'),
  EPCIS_PARAMETER_WRONG: meaning('malformed', 'Giá trị của tham số truy vấn không hợp lệ.', 'The value of the query parameter is not allowed.'),
  EPCIS_PAGE_TOKEN_WRONG: meaning('malformed', 'nextPageToken sai, đã hết hạn hoặc thuộc truy vấn khác; hãy truy vấn lại từ đầu.', 'The nextPageToken is wrong, expired or of another query; start the query again.'),
  EPCIS_RESULT_TOO_LARGE: meaning('too-large', 'Kết quả có nhiều sự kiện hơn maxEventCount.', 'The result has more events than maxEventCount.'),
  EPCIS_QUERY_TOO_COMPLEX: meaning('too-large', 'Truy vấn phải xem quá nhiều sự kiện; hãy thu hẹp bằng MATCH_anyEPC.', 'The query would have to look at too many events; narrow it with MATCH_anyEPC.'),
  // ---- bulk import (gateway/import)
  IMPORT_FILE_TOO_LARGE: meaning('too-large', 'Tệp lớn quá giới hạn.', 'The file is larger than allowed.'),
  IMPORT_TOO_MANY_ROWS: meaning('too-large', 'Tệp có quá nhiều dòng; hãy chia thành nhiều tệp.', 'The file has too many rows; divide it into several files.'),
  IMPORT_FILE_MISSING: meaning('malformed', 'Yêu cầu không có đúng một tệp CSV.', 'The request does not carry exactly one CSV file.'),
  IMPORT_FILE_EMPTY: meaning('malformed', 'Tệp không có dòng dữ liệu nào.', 'The file has no row of data.'),
  IMPORT_NOT_UTF8: meaning('malformed', 'Tệp không ở dạng UTF-8; hãy lưu lại từ bảng tính với dạng “CSV UTF-8”.', 'The file is not UTF-8; save it from the spreadsheet as "CSV UTF-8".'),
  IMPORT_CSV_MALFORMED: meaning('malformed', 'Tệp CSV hỏng từ dòng này: dấu nháy kép không khớp.', 'The CSV is broken from this line on: quotes do not match.'),
  IMPORT_ROW_TOO_LONG: meaning('too-large', 'Một dòng dài quá giới hạn, thường do thiếu dấu nháy kép đóng.', 'A row is longer than allowed, mostly because a closing quote is missing.'),
  IMPORT_COLUMN_UNKNOWN: meaning('malformed', 'Không biết cột này; hãy dùng tiêu đề trong tệp mẫu.', 'This column is not known; use the headings of the template.'),
  IMPORT_COLUMN_MISSING: meaning('malformed', 'Thiếu một cột bắt buộc.', 'A required column is missing.'),
  IMPORT_COLUMN_REPEATED: meaning('malformed', 'Một cột xuất hiện hai lần.', 'A column stands there twice.'),
  IMPORT_ROW_TOO_WIDE: meaning('malformed', 'Dòng có nhiều ô hơn dòng tiêu đề.', 'The row has more cells than there are headings.'),
  IMPORT_NUMBER_MANGLED: meaning('malformed', 'Bảng tính đã làm tròn số này; hãy định dạng cột là văn bản và nhập lại.', 'The spreadsheet has rounded this number; format the column as text and enter it again.'),
  IMPORT_YES_NO_WRONG: meaning('malformed', 'Ghi “có” hoặc “không”.', 'Write "yes" or "no".'),
  IMPORT_WORD_UNKNOWN: meaning('malformed', 'Từ này không dùng được ở cột này.', 'This word cannot be used in this column.'),
  IMPORT_DATE_WRONG: meaning('malformed', 'Ngày phải có dạng ngày/tháng/năm (31/12/2026) hoặc 2026-12-31 và có trong lịch.', 'A date is of the form day/month/year (31/12/2026) or 2026-12-31, and in the calendar.'),
  IMPORT_COMPONENT_MALFORMED: meaning('malformed', 'Thành phần phải có dạng chất:từ:đến, ví dụ acetone:95:99.5.', 'A component is of the form substance:least:most, e.g. acetone:95:99.5.'),
  IMPORT_REPEATED_IN_FILE: meaning('malformed', 'Mã này đã có ở một dòng trước trong tệp.', 'This code stands in an earlier row of the file already.'),
  IMPORT_ROWS_REFUSED: meaning('refused', 'Tệp có dòng sai nên không ghi gì; hãy sửa hoặc chọn bỏ qua dòng sai.', 'Some rows are wrong, so nothing was written; mend them or choose to skip bad rows.'),
  IMPORT_UNKNOWN: meaning('not-found', 'Không có lượt nhập này.', 'There is no such import.'),
  IMPORT_FINISHED: meaning('conflict', 'Lượt nhập đã kết thúc.', 'The import has ended already.'),
  IMPORT_TOO_OLD: meaning('conflict', 'Lượt nhập bị gián đoạn quá lâu; hãy nhập lại, các dòng đã ghi sẽ được báo là đã có.', 'The import was interrupted for too long; import again, rows already written will be reported as such.'),
  IMPORT_TOO_MANY_JOBS: meaning('too-many', 'Quá nhiều lượt nhập đang chờ; vui lòng đợi lượt trước kết thúc.', 'Too many imports are waiting; wait for an earlier one to end.'),
} as const satisfies Record<string, ProblemMeaning>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What the refusal is about: `field` is a path such as `lines[2].mass`, the rest are facts to show. */
export type ProblemFields = Readonly<Record<string, string>>;

/** An expected refusal with a code from the closed list. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly fields: ProblemFields;

  constructor(code: ProblemCode, fields: ProblemFields = {}) {
    super(`${code} ${JSON.stringify(fields)}`);
    this.name = 'Problem';
    this.code = code;
    this.fields = fields;
  }

  get kind(): ProblemKind {
    return PROBLEMS[this.code].kind;
  }
}

/** Refuses with `code` unless `condition` holds. */
export function require(condition: boolean, code: ProblemCode, fields: ProblemFields = {}): asserts condition {
  if (!condition) throw new Problem(code, fields);
}

/** The same refusal, its field placed below `parent`: `mass` in `lines[2]` becomes `lines[2].mass`. */
export function within(parent: string, problem: Problem): Problem {
  const own = problem.fields['field'];
  const joint = own === undefined || own === '' ? '' : own.startsWith('[') ? own : `.${own}`;
  return new Problem(problem.code, { ...problem.fields, field: `${parent}${joint}` });
}

/** True for a text that is one of the codes. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text);
}

const LEDGER_MESSAGE = /(?:^|[\s,])([A-Z][A-Z0-9_]{2,60}) (\{.*\})/s;

/**
 * Reads a refusal back from the text a peer gives: only `error.message` crosses it, and the peer and the gateway
 * put words of their own in front.
 *
 * @param text e.g. `chaincode response 500, ITEM_UNKNOWN {"item":"/01/09520000000011"}`
 * @returns the refusal, or `undefined` if the text holds none of ours (then it is a bug or the peer's own answer)
 */
export function parseLedgerMessage(text: string): Problem | undefined {
  const match = LEDGER_MESSAGE.exec(text);
  if (match === null) return undefined;
  const [, code = '', json = ''] = match;
  const fields = readFields(json);
  return isProblemCode(code) && fields !== undefined ? new Problem(code, fields) : undefined;
}

function readFields(json: string): ProblemFields | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(value);
    return entries.every(([, v]) => typeof v === 'string') ? Object.fromEntries(entries) : undefined;
  } catch {
    return undefined; // the peer cut the message: not readable as ours
  }
}
