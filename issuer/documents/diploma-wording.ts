/** The words of a printed diploma, Vietnamese and English side by side. */
import type { DiplomaLevel, StudyMode } from '#domain/credential/diploma.js';
import type { Classification } from '#domain/credential/personal-data.js';

/** One thing in both languages. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

const words = (vi: string, en: string): Words => ({ vi, en });

export const LEVELS: Readonly<Record<DiplomaLevel, Words>> = {
  'lower-secondary': words('Trung học cơ sở', 'Lower secondary'),
  'upper-secondary': words('Trung học phổ thông', 'Upper secondary'),
  'intermediate': words('Trung cấp', 'Intermediate'),
  'college': words('Cao đẳng', 'College'),
  'bachelor': words('Đại học', 'Bachelor'),
  'master': words('Thạc sĩ', 'Master'),
  'doctorate': words('Tiến sĩ', 'Doctorate'),
};

export const MODES: Readonly<Record<StudyMode, Words>> = {
  'full-time': words('Chính quy', 'Full-time'),
  'in-service': words('Vừa làm vừa học', 'In-service'),
  'distance': words('Từ xa', 'Distance'),
};

export const CLASSES: Readonly<Record<Classification, Words>> = {
  'excellent': words('Xuất sắc', 'Excellent'),
  'very-good': words('Giỏi', 'Very good'),
  'good': words('Khá', 'Good'),
  'fairly-good': words('Trung bình khá', 'Fairly good'),
  'average': words('Trung bình', 'Average'),
  'pass': words('Đạt', 'Pass'),
};

export const LABELS = {
  awarded: words('cấp cho', 'awarded to'),
  dateOfBirth: words('Ngày sinh', 'Date of birth'),
  classification: words('Xếp loại tốt nghiệp', 'Classification'),
  field: words('Ngành đào tạo', 'Field of study'),
  level: words('Trình độ đào tạo', 'Level'),
  mode: words('Hình thức đào tạo', 'Mode of study'),
  graduationYear: words('Năm tốt nghiệp', 'Graduation year'),
  decisionNumber: words('Quyết định công nhận tốt nghiệp', 'Graduation decision'),
  serialNumber: words('Số hiệu', 'Serial number'),
  registerNumber: words('Số vào sổ gốc cấp bằng', 'Register number'),
  issued: words('Nơi cấp, ngày cấp', 'Place and date of issue'),
  replaces: words('Thay thế văn bằng đã cấp, theo quyết định', 'Replaces an earlier diploma, by decision'),
  assurance: words('Nguồn', 'Source'),
} as const satisfies Record<string, Words>;

export const DIGITISED = words('Số hóa từ sổ gốc cấp bằng, không phải cấp mới', 'Digitised from the register of paper diplomas, not newly issued');
export const SPECIMEN = words('MINH HỌA: NGƯỜI VÀ TRƯỜNG KHÔNG CÓ THẬT', 'SPECIMEN: NO REAL PERSON OR INSTITUTION');

export const CHECKING = {
  scan: words('Quét mã để kiểm tra', 'Scan to check'),
  address: words('Địa chỉ đúng duy nhất', 'The only genuine address'),
  typed: words('Không quét được: mở địa chỉ dưới đây, rồi nhập số hiệu và ngày sinh.', 'Without a camera: open the address below, then enter serial number and date of birth.'),
  paper: words('Tờ in không tự chứng minh điều gì: trang kiểm tra cho biết văn bằng còn giá trị hay đã bị thay thế, thu hồi.', 'The print proves nothing by itself: the page says whether the diploma stands, was replaced or was revoked.'),
  keep: words('Ai có mã này đều xem được tên và ngày sinh: hãy giữ và gửi tờ này cẩn thận như bản gốc.', 'Whoever has this code sees name and date of birth: keep and send this sheet with care.'),
} as const satisfies Record<string, Words>;

/** e.g. `2004-06-20` → `20/06/2004`, and `20 June 2004`. */
export function dateWords(day: string): Words {
  const [year = '', month = '', date = ''] = day.split('-');
  return words(`${date}/${month}/${year}`, `${Number(date)} ${MONTHS[Number(month) - 1] ?? ''} ${year}`);
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
