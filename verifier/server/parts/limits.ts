/** What a scan can and cannot say, and how to know that one is at the right place. */
import { type Language, words } from '../../core/goods/language.js';
import { type Html, html } from '../html.js';
import { part } from './facts.js';

const LABELS = {
  heading: words('Trang này nói được đến đâu', 'What this page can say'),
  copies: words('Mã QR sao chép được dễ dàng. Ở đây chỉ có điều sổ đăng ký ghi về mã, không phải bằng chứng rằng món hàng trên tay đúng là món đã đăng ký, và không thay cho chứng nhận chất lượng nào.', 'A QR code is easily copied. Here stands what the register says of the code. It does not prove that the thing in your hand is the one registered, and it replaces no certificate of quality.'),
  address: words('Thanh địa chỉ phải ghi đúng', 'Your address bar must read exactly'),
  alike: words('Tên gần giống là của người khác. Trang này không bao giờ đòi đăng nhập, trả tiền hay tải ứng dụng.', 'Names that look alike belong to somebody else. This site never asks you to sign in, pay or install anything.'),
};

export function limitsPart(host: string, language: Language): Html | undefined {
  return part(LABELS.heading, html`<p>${LABELS.copies[language]}</p><p>${LABELS.address[language]} <b>${host}</b>. ${LABELS.alike[language]}</p>`, language);
}
