/** What the browser says of its own check. */
import { type Language, type Words, words } from '../core/goods/language.js';
import type { OwnFinding } from './own-check.js';

const PROVEN = words('Trình duyệt của bạn đã tự kiểm tra: chữ ký đúng, kết quả giống máy chủ.', 'Your browser has checked by itself: the signatures hold, and the result is the server’s.');
const SAME_UNPROVEN = words('Trình duyệt của bạn đã tự kiểm tra và cũng thấy bằng chứng không khớp.', 'Your browser has checked by itself and also finds that the proof does not hold.');
const CHANGED = words('Tình trạng vừa thay đổi trong lúc bạn xem; dải trên cùng đã được cập nhật.', 'The state has just changed while you were looking; the band above was brought up to date.');
const DISAGREES = words('Trình duyệt của bạn tự kiểm tra và KHÔNG đồng ý với máy chủ.', 'Your browser has checked by itself and does NOT agree with the server.');
const NOT_HERE = words('Trình duyệt này chưa tự kiểm tra được; chỉ có lời của máy chủ.', 'This browser could not check by itself; there is only the server’s word.');
const NO_CRYPTO = words('Không kiểm tra chữ ký ở đây được vì trang không mở bằng https.', 'Signatures could not be checked here, because the page was not opened with https.');
const CLOCK = words('Đồng hồ của máy này lệch nhiều; đã dùng giờ của máy chủ.', 'The clock of this device is far off; the server’s time was used.');

const BAND_TITLE = words('Hai lần kiểm tra trái nhau', 'Two checks disagree');
const BAND_INSTRUCTION = words('Trình duyệt của bạn không xác nhận điều máy chủ nói. Đừng dựa vào trang này; hãy báo cho đơn vị vận hành.', 'Your browser does not confirm what the server says. Do not rely on this page; tell the operator.');

/** The sentence below the proof. */
export function findingText(finding: OwnFinding, language: Language): string {
  const sentences: Words[] = [mainSentence(finding), ...(finding.clockIsOff ? [CLOCK] : [])];
  return sentences.map((each) => each[language]).join(' ');
}

function mainSentence(finding: OwnFinding): Words {
  switch (finding.finding) {
    case 'agrees': return finding.isProven ? PROVEN : SAME_UNPROVEN;
    case 'changed': return CHANGED;
    case 'disagrees': return DISAGREES;
    case 'could-not-check': return finding.codes.includes('CRYPTO_UNAVAILABLE') ? NO_CRYPTO : NOT_HERE;
  }
}

/** Where no check was possible at all: no answer, or one that is not ours. */
export const notCheckedHere = (language: Language): string => NOT_HERE[language];

/** What the band says instead when browser and server come to different results. */
export function disagreementBand(language: Language): { title: string; instruction: string } {
  return { title: BAND_TITLE[language], instruction: BAND_INSTRUCTION[language] };
}

export const ROOTS = {
  remembered: words('Trình duyệt đã ghi nhớ các gốc tin cậy này và sẽ báo nếu chúng đổi.', 'This browser has remembered these trusted roots and will say so if they change.'),
  same: words('Các gốc tin cậy vẫn như lần trước.', 'The trusted roots are those of your earlier visit.'),
  notRemembered: words('Trình duyệt này không cho ghi nhớ gốc tin cậy.', 'This browser does not let the trusted roots be remembered.'),
  changed: words('Gốc tin cậy đã thay đổi so với lần trước', 'The trusted roots have changed since your last visit'),
  why: words('Có thể một tổ chức mới tham gia hoặc đã đổi khóa, cũng có thể có kẻ giả mạo. Hãy hỏi đơn vị vận hành qua một đường khác và so dấu này trước khi chấp nhận.', 'An organisation may have joined or renewed its key, or somebody may be posing as this site. Ask the operator over another channel and compare this fingerprint before you accept.'),
  accept: words('Tôi đã so, chấp nhận gốc mới', 'I have compared them: accept the new roots'),
} as const;
