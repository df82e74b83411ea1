/** Every outcome of every check as a sentence. Codes have theirs in the closed list (`domain/errors.ts`). */
import { PROBLEMS } from '#domain/errors.js';
import { words, type Language, type Words } from '../goods/language.js';
import type { Outcome } from '../report.js';
import type { CredentialCheck, CredentialReason } from './credential-report.js';

/** What was checked, and the sentence where it is as it should be. */
const CHECKS: Readonly<Record<CredentialCheck, { readonly name: Words; readonly pass: Words }>> = {
  format: {
    name: words('Cách viết', 'Form of the text'),
    pass: words('Nội dung được viết đúng quy cách.', 'The text is written as it must be.'),
  },
  header: {
    name: words('Phần đầu', 'Header'),
    pass: words('Phần đầu chỉ nêu thuật toán và khóa của bên cấp.', 'The header names the algorithm and a key of the issuer, and nothing else.'),
  },
  payload: {
    name: words('Nội dung', 'Content'),
    pass: words('Nội dung đủ và chỉ có các trường quy định.', 'The content has all the agreed members and no other.'),
  },
  issuer: {
    name: words('Bên cấp', 'Issuer'),
    pass: words('Sổ đăng ký biết bên cấp, và đó là tổ chức nêu trong nội dung.', 'The register knows the issuer, and it is the organisation that the content names.'),
  },
  key: {
    name: words('Khóa ký', 'Signing key'),
    pass: words('Khóa là của bên cấp và còn giá trị lúc ký.', 'The key is the issuer’s and counted when it was used.'),
  },
  signature: {
    name: words('Chữ ký', 'Signature'),
    pass: words('Chữ ký khớp: nội dung chưa bị sửa từ khi ký.', 'The signature fits: nothing was changed since it was made.'),
  },
  authorisation: {
    name: words('Quyền cấp', 'Right to issue'),
    pass: words('Lúc cấp, bên cấp có quyền cấp loại này cho phạm vi này.', 'When it was issued, the issuer had the right to issue this type for this scope.'),
  },
  commitment: {
    name: words('Ghi sổ cái', 'Ledger entry'),
    pass: words('Sổ cái có ghi nhận; thời điểm ghi là của sổ cái.', 'The ledger has an entry of it; the time of the entry is the ledger’s.'),
  },
  'not-before': {
    name: words('Ngày có hiệu lực', 'Start'),
    pass: words('Đã tới ngày có hiệu lực.', 'It has come into force.'),
  },
  expiry: {
    name: words('Ngày hết hạn', 'Expiry'),
    pass: words('Chưa hết hạn.', 'Not expired.'),
  },
  revocation: {
    name: words('Thu hồi', 'Revocation'),
    pass: words('Bên cấp không thu hồi, cơ quan có quyền cũng không.', 'Revoked neither by its issuer nor by an authority with the right to.'),
  },
  suspension: {
    name: words('Đình chỉ', 'Suspension'),
    pass: words('Bên cấp không đình chỉ.', 'Not suspended by its issuer.'),
  },
  supersession: {
    name: words('Bản thay thế', 'Replacement'),
    pass: words('Chưa có bản nào thay thế.', 'No newer one has replaced it.'),
  },
  disclosures: {
    name: words('Thông tin cá nhân', 'Personal data'),
    pass: words('Thông tin cá nhân hiển thị đúng là thông tin đã ký.', 'The personal data shown are those that were signed.'),
  },
  freshness: {
    name: words('Độ mới của dữ liệu', 'Age of the data'),
    pass: words('Sổ đăng ký và danh sách trạng thái còn đủ mới cho loại này.', 'Register and status lists are young enough for this type.'),
  },
  holder: {
    name: words('Người xuất trình', 'Who shows it'),
    pass: words('Người xuất trình là chủ thể.', 'Whoever shows it is its subject.'),
  },
};

const REASONS: Readonly<Record<CredentialReason, Words>> = {
  'no-expiry': words('Không áp dụng: loại này không có ngày hết hạn.', 'Does not apply: this type does not expire.'),
  'nothing-hidden': words('Không áp dụng: loại này không có thông tin cá nhân.', 'Does not apply: this type holds no personal data.'),
  'nothing-shown': words('Không áp dụng: thông tin cá nhân không được xuất trình.', 'Does not apply: the personal data are not shown.'),
  bearer: words('Không kiểm tra: ai cầm bản này cũng xuất trình được. Hãy so với giấy tờ của người trước mặt.', 'Not checked: whoever holds a copy can show it. Compare with the papers of the person in front of you.'),
};

/** What a check is about, e.g. `Revocation`. */
export function credentialCheckName(check: CredentialCheck, language: Language): string {
  return CHECKS[check].name[language];
}

/**
 * What came of a check.
 *
 * @param check e.g. `revocation`
 * @param outcome e.g. `{ result: 'fail', code: 'CREDENTIAL_REVOKED' }`
 * @returns e.g. `The issuer has revoked this credential.`
 */
export function credentialOutcomeText(check: CredentialCheck, outcome: Outcome, language: Language): string {
  switch (outcome.result) {
    case 'pass': return 'code' in outcome ? PROBLEMS[outcome.code][language] : CHECKS[check].pass[language];
    case 'not-applicable': return REASONS[outcome.reason as CredentialReason][language];
    case 'fail':
    case 'unknown': return PROBLEMS[outcome.code][language];
  }
}
