/** What the browser says of its own check of a credential. */
import { type Words, words } from '../../core/goods/language.js';

export const FINDINGS = {
  agrees: words('Trình duyệt của bạn đã tự kiểm tra: kết quả giống hệt máy chủ.', 'Your browser has checked by itself: the result is the server’s, to the letter.'),
  changed: words('Tình trạng vừa thay đổi trong lúc bạn xem; dải trên cùng đã được cập nhật.', 'The state has just changed while you were looking; the band above was brought up to date.'),
  disagrees: words('Trình duyệt của bạn tự kiểm tra và KHÔNG đồng ý với máy chủ.', 'Your browser has checked by itself and does NOT agree with the server.'),
  'could-not-check': words('Trình duyệt này chưa tự kiểm tra được; chỉ có lời của máy chủ.', 'This browser could not check by itself; there is only the server’s word.'),
} as const satisfies Readonly<Record<string, Words>>;

export type Finding = keyof typeof FINDINGS;

/** On both pages. */
export const SAID = {
  registerAsOf: words('Bản sao sổ đăng ký dùng để kiểm tra được cập nhật', 'The copy of the register that it was checked by was updated'),
  holder: words('Người được cấp', 'Issued to'),
} as const satisfies Readonly<Record<string, Words>>;

/** On the page of a printed credential. */
export const PRINTED = {
  noCrypto: words('Không kiểm tra chữ ký ở đây được vì trang không mở bằng https.', 'Signatures could not be checked here, because the page was not opened with https.'),
  clock: words('Đồng hồ của máy này lệch nhiều; đã dùng giờ của máy chủ.', 'The clock of this device is far off; the server’s time was used.'),
  compare: words('Tên được mở ngay trên máy này bằng khóa trong mã QR, khóa không được gửi đi; trình duyệt đã so với chữ ký của bên cấp. Hãy so với giấy tờ của người xuất trình.', 'The name was opened on this device with the key in the QR code, which was sent nowhere, and checked against the issuer’s signature. Compare it with the papers of the person who shows it.'),
  wrongKey: words('Khóa trong mã QR không mở được tên của bản này: mã có thể bị sửa hoặc ghép từ giấy khác.', 'The key in the QR code does not open the name of this one: the code may have been changed, or taken from another paper.'),
  signed: words('Thông tin cá nhân hiển thị đúng là thông tin đã ký; trình duyệt của bạn đã so.', 'The personal data shown are those that were signed; your browser has compared them.'),
  hidden: words('Dữ liệu cá nhân kèm theo không thuộc về bản này, nên không hiển thị.', 'The personal data beside it do not belong to this one, so they are not shown.'),
} as const satisfies Readonly<Record<string, Words>>;

/** Where a credential is pasted. */
export const PASTED = {
  localNote: words('Trình duyệt của bạn kiểm tra tại chỗ, nội dung không được gửi đi. Máy chủ chỉ được hỏi sổ đăng ký, danh sách trạng thái và mã băm ghi sổ.', 'Your browser checks here; the text is not sent. The server is asked only for register, status lists and the hash of the ledger entry.'),
  working: words('Đang kiểm tra trên máy của bạn…', 'Checking on your device…'),
  localFailed: words('Trình duyệt này chưa tự kiểm tra được. Bạn có thể gửi nội dung lên máy chủ để kiểm tra.', 'This browser could not check by itself. You can send the text to the server to be checked.'),
  send: words('Gửi lên máy chủ để so kết quả', 'Send it to the server and compare'),
  elsewhere: words('Đường dẫn bạn dán dẫn tới một trang khác, không phải trang này. Chỉ tin địa chỉ', 'The link that you pasted leads to another site, not to this one. Trust this address only:'),
  empty: words('Chưa có nội dung nào.', 'There is no text yet.'),
  by: words('Cấp bởi', 'Issued by'),
  signed: words('Ký bởi', 'Signed by'),
  type: words('Loại', 'Type'),
  meaning: words('Kết quả này nghĩa là gì', 'What this result means'),
  checks: words('Đã kiểm tra những gì', 'What was checked'),
  check: words('Mục kiểm tra', 'Check'),
  result: words('Kết quả', 'Result'),
  ownCheck: words('Đã kiểm tra trên máy của bạn.', 'Checked on your device.'),
  fictional: words('Dữ liệu minh họa: tổ chức và người nêu ở đây không có thật.', 'Demonstration data: the organisations and people named here do not exist.'),
} as const satisfies Readonly<Record<string, Words>>;
