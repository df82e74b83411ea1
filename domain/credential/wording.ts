/** Names of the members of credentials, and of their words, in both languages. Types have theirs in `credential-type.ts`. */
import type { ChemicalLicence, ChemicalLicenceLine } from './chemical-licence.js';
import type { ASSURANCES, Diploma, DiplomaLevel, StudyMode } from './diploma.js';
import type { EnterpriseIdentity } from './enterprise-identity.js';
import type { Classification, DisclosureName } from './personal-data.js';
import type { StatusPurpose } from './status-list.js';

export interface Wording {
  readonly vi: string;
  readonly en: string;
}

type Wordings<K extends string> = Readonly<Record<K, Wording>>;

/* @__NO_SIDE_EFFECTS__ */
function say(vi: string, en: string): Wording {
  return { vi, en };
}

const FICTIONAL = say('Hư cấu, chỉ để trình diễn', 'Fictional, for demonstration only');

export const ENTERPRISE_IDENTITY_WORDS: Wordings<keyof EnterpriseIdentity> = {
  enterpriseNumber: say('Mã số doanh nghiệp', 'Enterprise number'),
  organisation: say('Mã trên sổ đăng ký', 'Id on the register'),
  name: say('Tên', 'Name'),
  nameEn: say('Tên tiếng Anh', 'English name'),
  address: say('Địa chỉ trụ sở', 'Registered address'),
  province: say('Tỉnh, thành phố', 'Province'),
  gs1Prefixes: say('Mã doanh nghiệp GS1', 'GS1 company prefixes'),
  fictional: FICTIONAL,
};

export const CHEMICAL_LICENCE_WORDS: Wordings<keyof ChemicalLicence> = {
  number: say('Số giấy phép', 'Licence number'),
  authority: say('Cơ quan cấp', 'Issued by'),
  holder: say('Tổ chức được cấp', 'Holder'),
  lines: say('Hóa chất được phép', 'Chemicals allowed'),
  replaces: say('Thay thế giấy phép', 'Replaces licence'),
  fictional: FICTIONAL,
};

export const LICENCE_LINE_WORDS: Wordings<keyof ChemicalLicenceLine> = {
  line: say('Dòng', 'Line'),
  substance: say('Chất', 'Substance'),
  least: say('Hàm lượng từ (%)', 'Content from (%)'),
  most: say('Hàm lượng đến (%)', 'Content to (%)'),
  perYear: say('Khối lượng mỗi năm (kg)', 'Mass per year (kg)'),
  site: say('Địa điểm', 'Site'),
  group: say('Nhóm', 'Group'),
};

export const DIPLOMA_WORDS: Wordings<keyof Diploma> = {
  institution: say('Cơ sở đào tạo', 'Institution'),
  level: say('Trình độ đào tạo', 'Level'),
  title: say('Tên văn bằng', 'Degree title'),
  titleEn: say('Tên văn bằng tiếng Anh', 'Degree title in English'),
  field: say('Ngành đào tạo', 'Field of study'),
  fieldEn: say('Ngành đào tạo tiếng Anh', 'Field of study in English'),
  mode: say('Hình thức đào tạo', 'Mode of study'),
  graduationYear: say('Năm tốt nghiệp', 'Year of graduation'),
  decisionNumber: say('Số quyết định công nhận tốt nghiệp', 'Number of the graduation decision'),
  issuePlace: say('Nơi cấp', 'Place of issue'),
  issueDate: say('Ngày cấp', 'Date of issue'),
  assurance: say('Nguồn gốc', 'Origin'),
  replaces: say('Thay thế văn bằng', 'Replaces diploma'),
  fictional: FICTIONAL,
};

export const PERSONAL_WORDS: Wordings<DisclosureName> = {
  fullName: say('Họ và tên', 'Full name'),
  dateOfBirth: say('Ngày sinh', 'Date of birth'),
  serialNumber: say('Số hiệu', 'Serial number'),
  registerNumber: say('Số vào sổ gốc cấp bằng', 'Number in the master register'),
  classification: say('Xếp loại tốt nghiệp', 'Classification'),
};

export const LEVEL_WORDS: Wordings<DiplomaLevel> = {
  'lower-secondary': say('Trung học cơ sở', 'Lower secondary'),
  'upper-secondary': say('Trung học phổ thông', 'Upper secondary'),
  intermediate: say('Trung cấp', 'Intermediate'),
  college: say('Cao đẳng', 'College'),
  bachelor: say('Đại học', 'Bachelor'),
  master: say('Thạc sĩ', 'Master'),
  doctorate: say('Tiến sĩ', 'Doctorate'),
};

export const STUDY_MODE_WORDS: Wordings<StudyMode> = {
  'full-time': say('Chính quy', 'Full-time'),
  'in-service': say('Vừa làm vừa học', 'In-service'),
  distance: say('Đào tạo từ xa', 'Distance learning'),
};

export const CLASSIFICATION_WORDS: Wordings<Classification> = {
  excellent: say('Xuất sắc', 'Excellent'),
  'very-good': say('Giỏi', 'Very good'),
  good: say('Khá', 'Good'),
  'fairly-good': say('Trung bình khá', 'Fairly good'),
  average: say('Trung bình', 'Average'),
  pass: say('Đạt', 'Pass'),
};

export const ASSURANCE_WORDS: Wordings<(typeof ASSURANCES)[number]> = {
  native: say('Cấp dưới dạng điện tử ngay từ đầu', 'Issued in electronic form from the start'),
  digitised: say('Số hóa từ sổ gốc của bằng giấy: cơ sở đào tạo chỉ xác nhận điều ghi trong sổ', 'Digitised from the register of paper diplomas: the institution vouches for the entry only'),
};

/** What a set bit of each list says of a credential. */
export const STATUS_WORDS: Wordings<StatusPurpose> = {
  revocation: say('Đã bị thu hồi', 'Revoked'),
  suspension: say('Đang bị đình chỉ', 'Suspended'),
  refresh: say('Đã được thay thế', 'Superseded'),
};
