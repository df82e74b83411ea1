/** Who issues credentials in the demonstration, to whom. Fictional: the numbers fail their check digit on purpose. */
import { TEA_MAKER, type CastMember } from './cast.js';

export const MINISTRY: CastMember = {
  id: 'bo-hoa-chat-mau', type: 'authority',
  name: 'Bộ Hóa chất Mẫu (mô phỏng)', nameEn: 'Ministry of Chemicals (simulated)',
  address: '5 Phố Mẫu, Hà Nội', province: '01',
};

export const PROVINCE: CastMember = {
  id: 'so-hoa-chat-mau', type: 'authority',
  name: 'Sở Hóa chất Mẫu Thành phố Hồ Chí Minh (mô phỏng)', nameEn: 'Department of Chemicals of Ho Chi Minh City (simulated)',
  address: '7 Đường Mẫu, TP. Hồ Chí Minh', province: '79',
};

export const UNIVERSITY: CastMember = {
  id: 'dai-hoc-sen-hong', type: 'institution',
  name: 'Trường Đại học Sen Hồng (mô phỏng)', nameEn: 'Sen Hong University (simulated)',
  address: '9 Đường Mẫu, Hà Nội', province: '01',
};

export const BUSINESS_REGISTRAR: CastMember = {
  id: 'dang-ky-kinh-doanh', type: 'registrar',
  name: 'Phòng Đăng ký kinh doanh Mẫu (mô phỏng)', nameEn: 'Business Registration Office (simulated)',
  address: '3 Phố Mẫu, Hà Nội', province: '01',
};

/** Who issues. */
export const ISSUERS: readonly CastMember[] = [MINISTRY, PROVINCE, UNIVERSITY, BUSINESS_REGISTRAR];

/** Buys acetone under a licence that is a credential. */
export const PLASTICS: CastMember = {
  id: 'nhua-song-xanh', type: 'enterprise',
  name: 'Công ty Nhựa Sông Xanh', nameEn: 'Song Xanh Plastics',
  address: 'KCN Bến Nước, TP. Hồ Chí Minh', province: '79',
};

export const CREDENTIAL_CAST: readonly CastMember[] = [...ISSUERS, PLASTICS];

/** Enterprises with a DID of their own, and their numbers. */
export const ENTERPRISE_NUMBERS: Readonly<Record<string, string>> = { [TEA_MAKER.id]: '9900000001', [PLASTICS.id]: '9900000021' };

/** The class as the university's spreadsheet has it; what is the same for all stands beside the upload. */
export const CLASS_TABLE = [
  'STT;Họ và tên;Ngày sinh;Số hiệu văn bằng;Số vào sổ gốc cấp bằng;Xếp loại tốt nghiệp',
  '1;Nguyễn Thị Ví Dụ;08/03/2004;SH-26-0001;2026/001;Giỏi',
  '2;Trần Văn Mẫu;17/11/2003;SH-26-0002;2026/002;Khá',
  '3;Lê Thử Nghiệm;01/02/2004;SH-26-0003;2026/003;Khá',
  '4;Phạm Thị Minh Họa;29/02/2004;SH-26-0004;2026/004;Xuất sắc',
].join('\n');

export const CLASS_FACTS = {
  graduates: '4', level: 'bachelor', title: 'Bằng cử nhân', titleEn: 'The degree of Bachelor', field: 'Hóa học', fieldEn: 'Chemistry',
  mode: 'full-time', graduationYear: '2026', decisionNumber: '26/QĐ-ĐHSH', issuePlace: 'Hà Nội', issueDate: '2026-06-30',
} as const;
