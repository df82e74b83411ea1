/** The columns of a registrar's table: what each holds, and the many ways in which its heading is written. */
import type { DiplomaLevel, StudyMode } from './diploma.js';
import { cellDate, cellName, cellNumber, cellText, cellWord, cellYear, checkPersonalNumber, type Cell } from './diploma-cells.js';
import type { Classification, PersonalData } from './personal-data.js';

/** What a whole class has in common; each row may still say otherwise. */
export type DiplomaDefault = 'level' | 'title' | 'titleEn' | 'field' | 'fieldEn' | 'mode' | 'graduationYear' | 'decisionNumber' | 'issuePlace' | 'issueDate';

/** `ignored` columns are known, and not taken: most of them are personal. */
export type DiplomaField = keyof PersonalData | DiplomaDefault | 'familyName' | 'givenName' | 'ignored';

export interface DiplomaColumn {
  readonly field: DiplomaField;
  /** Heading in the template. */
  readonly vi: string;
  readonly en: string;
  /** Further headings that mean it. */
  readonly also?: readonly string[];
  readonly required: boolean;
  /** In the template's example row. */
  readonly example: string;
  /** Throws Problem. */
  readonly read: (cell: Cell) => string | number | undefined;
}

const LEVELS: Readonly<Record<string, DiplomaLevel>> = {
  'thcs': 'lower-secondary', 'trung hoc co so': 'lower-secondary', 'lower secondary': 'lower-secondary',
  'thpt': 'upper-secondary', 'trung hoc pho thong': 'upper-secondary', 'upper secondary': 'upper-secondary',
  'trung cap': 'intermediate', 'intermediate': 'intermediate',
  'cao dang': 'college', 'college': 'college',
  'dai hoc': 'bachelor', 'cu nhan': 'bachelor', 'bachelor': 'bachelor',
  'thac si': 'master', 'thac sy': 'master', 'cao hoc': 'master', 'master': 'master',
  'tien si': 'doctorate', 'tien sy': 'doctorate', 'doctorate': 'doctorate', 'doctor': 'doctorate',
};
const MODES: Readonly<Record<string, StudyMode>> = {
  'chinh quy': 'full-time', 'he chinh quy': 'full-time', 'tap trung': 'full-time', 'full time': 'full-time',
  'vua lam vua hoc': 'in-service', 'vlvh': 'in-service', 'tai chuc': 'in-service', 'in service': 'in-service', 'part time': 'in-service',
  'tu xa': 'distance', 'dao tao tu xa': 'distance', 'distance': 'distance',
};
const CLASSES: Readonly<Record<string, Classification>> = {
  'xuat sac': 'excellent', 'excellent': 'excellent',
  'gioi': 'very-good', 'loai gioi': 'very-good', 'very good': 'very-good',
  'kha': 'good', 'loai kha': 'good', 'good': 'good',
  'trung binh kha': 'fairly-good', 'tb kha': 'fairly-good', 'average good': 'fairly-good', 'fairly good': 'fairly-good',
  'trung binh': 'average', 'average': 'average', 'ordinary': 'average',
  'dat': 'pass', 'pass': 'pass',
};

const required = { required: true } as const;
const optional = { required: false } as const;
const ignored = (vi: string, en: string, also: readonly string[] = []): DiplomaColumn => ({ field: 'ignored', vi, en, also, ...optional, example: '', read: () => undefined });

/** Every column that is known. The template has those that are not ignored and not parts of the name. */
export const DIPLOMA_COLUMNS: readonly DiplomaColumn[] = [
  { field: 'fullName', vi: 'Họ và tên', en: 'Full name', also: ['họ tên', 'họ và tên sinh viên', 'họ tên sinh viên', 'họ và tên học viên', 'họ và tên người học', 'họ, chữ đệm và tên', 'họ tên người được cấp', 'name'], ...required, example: 'Nguyễn Thị Mây', read: cellName },
  { field: 'familyName', vi: 'Họ đệm', en: 'Family and middle name', also: ['họ', 'họ lót', 'họ và chữ đệm', 'họ và tên đệm', 'họ và đệm', 'họ chữ lót'], ...optional, example: '', read: cellName },
  { field: 'givenName', vi: 'Tên', en: 'Given name', also: ['tên gọi'], ...optional, example: '', read: cellName },
  { field: 'dateOfBirth', vi: 'Ngày sinh', en: 'Date of birth', also: ['ngày tháng năm sinh', 'sinh ngày', 'ngày sinh (dd/mm/yyyy)', 'ntns', 'dob', 'birth date'], ...required, example: '20/06/2004', read: cellDate },
  { field: 'serialNumber', vi: 'Số hiệu văn bằng', en: 'Serial number', also: ['số hiệu', 'số hiệu bằng', 'số hiệu bằng tốt nghiệp', 'số hiệu phôi', 'số bằng', 'diploma serial number'], ...required, example: 'VD 0001234', read: cellNumber },
  { field: 'registerNumber', vi: 'Số vào sổ gốc cấp bằng', en: 'Register number', also: ['số vào sổ', 'số vào sổ gốc', 'số vào sổ cấp bằng', 'số vào sổ cấp văn bằng', 'số vào sổ gốc cấp văn bằng', 'số sổ gốc', 'register entry number'], ...required, example: '001/2026/ĐHVD', read: cellNumber },
  { field: 'classification', vi: 'Xếp loại tốt nghiệp', en: 'Classification', also: ['xếp loại', 'xếp hạng', 'hạng tốt nghiệp', 'loại tốt nghiệp', 'xếp hạng tốt nghiệp', 'xếp loại tn'], ...optional, example: 'Giỏi', read: cellWord(CLASSES) },
  { field: 'level', vi: 'Trình độ đào tạo', en: 'Level', also: ['trình độ', 'bậc đào tạo', 'bậc học', 'cấp học'], ...required, example: 'Đại học', read: cellWord(LEVELS) },
  { field: 'title', vi: 'Tên văn bằng', en: 'Degree title', also: ['loại bằng', 'loại văn bằng', 'văn bằng', 'danh hiệu', 'học vị', 'bằng tốt nghiệp'], ...required, example: 'Bằng cử nhân', read: cellText },
  { field: 'titleEn', vi: 'Tên văn bằng tiếng Anh', en: 'Degree title in English', also: ['tên tiếng anh của văn bằng', 'văn bằng (tiếng anh)', 'english title'], ...optional, example: 'The degree of Bachelor', read: cellText },
  { field: 'field', vi: 'Ngành đào tạo', en: 'Field of study', also: ['ngành', 'ngành học', 'tên ngành', 'chuyên ngành', 'ngành/chuyên ngành', 'chuyên ngành đào tạo', 'nghề đào tạo', 'major', 'field'], ...required, example: 'Hóa học', read: cellText },
  { field: 'fieldEn', vi: 'Ngành đào tạo tiếng Anh', en: 'Field of study in English', also: ['tên ngành tiếng anh', 'ngành (tiếng anh)', 'english major'], ...optional, example: 'Chemistry', read: cellText },
  { field: 'mode', vi: 'Hình thức đào tạo', en: 'Mode of study', also: ['hệ đào tạo', 'loại hình đào tạo', 'phương thức đào tạo', 'hệ', 'mode'], ...required, example: 'Chính quy', read: cellWord(MODES) },
  { field: 'graduationYear', vi: 'Năm tốt nghiệp', en: 'Graduation year', also: ['năm tn', 'năm cấp bằng', 'năm công nhận tốt nghiệp'], ...required, example: '2026', read: cellYear },
  { field: 'decisionNumber', vi: 'Số quyết định tốt nghiệp', en: 'Decision number', also: ['số quyết định', 'quyết định tốt nghiệp', 'số quyết định công nhận tốt nghiệp', 'quyết định công nhận tốt nghiệp', 'số qđ', 'số qđ tốt nghiệp', 'qđ tốt nghiệp', 'qđtn'], ...required, example: '123/QĐ-ĐHVD', read: cellText },
  { field: 'issuePlace', vi: 'Nơi cấp', en: 'Place of issue', also: ['nơi cấp bằng', 'địa danh', 'nơi ký'], ...required, example: 'Hà Nội', read: cellText },
  { field: 'issueDate', vi: 'Ngày cấp', en: 'Date of issue', also: ['ngày cấp bằng', 'ngày cấp văn bằng', 'ngày ký', 'ngày ký bằng', 'ngày tháng năm cấp'], ...required, example: '30/06/2026', read: cellDate },
  { ...ignored('Số CCCD', 'Personal number', ['cccd', 'số căn cước', 'số căn cước công dân', 'số định danh cá nhân', 'mã định danh', 'số định danh']), read: checkPersonalNumber },
  ignored('STT', 'No.', ['tt', 'số tt', 'số thứ tự', '#']),
  ignored('Mã sinh viên', 'Student number', ['mã sv', 'mssv', 'mã số sinh viên', 'mã học viên', 'mã hs', 'mã người học', 'số báo danh', 'student id']),
  ignored('Lớp', 'Class', ['tên lớp', 'khóa', 'khóa học', 'khóa đào tạo', 'niên khóa']),
  ignored('Giới tính', 'Sex', ['nam/nữ', 'phái', 'gender']),
  ignored('Nơi sinh', 'Place of birth', ['quê quán', 'dân tộc', 'quốc tịch', 'nationality', 'ethnicity']),
  ignored('Điểm trung bình', 'Average mark', ['điểm', 'điểm tb', 'điểm tbtl', 'điểm trung bình tích lũy', 'gpa', 'tổng số tín chỉ']),
  ignored('Điện thoại', 'Telephone', ['số điện thoại', 'sđt', 'email', 'thư điện tử', 'địa chỉ']),
  ignored('Ghi chú', 'Note', ['ghi chú khác', 'notes', 'remarks']),
];
