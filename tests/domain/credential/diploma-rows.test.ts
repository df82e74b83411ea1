import { describe, expect, test } from 'vitest';
import type { Cell } from '#domain/credential/diploma-cells.js';
import { DIPLOMA_COLUMNS } from '#domain/credential/diploma-columns.js';
import { readDiplomaHeadings } from '#domain/credential/diploma-headings.js';
import { diplomaDefaults, diplomaRowReader, type DiplomaBatch, type DiplomaRow, type DiplomaRowError } from '#domain/credential/diploma-rows.js';
import { parseDay } from '#domain/instant.js';
import { parseOrganisationId } from '#domain/registry/organisation.js';
import { plainWords } from '#domain/plain-words.js';
import type { ProblemCode, ProblemFields } from '#domain/errors.js';
import { throwsWith } from '../../support/rejects-with.js';

const HEADINGS = ['STT', 'Họ và tên', 'Ngày sinh', 'Số hiệu văn bằng', 'Số vào sổ gốc cấp bằng', 'Xếp loại tốt nghiệp', 'Trình độ đào tạo', 'Tên văn bằng', 'Ngành đào tạo', 'Hình thức đào tạo', 'Năm tốt nghiệp', 'Số quyết định tốt nghiệp', 'Nơi cấp', 'Ngày cấp', 'Tên văn bằng tiếng Anh'];
const ROW: readonly Cell[] = [1, 'Nguyễn Thị Mây', '20/06/2004', 'VD 0001234', '001/2026/ĐHVD', 'Giỏi', 'Đại học', 'Bằng cử nhân', 'Hóa học', 'Chính quy', 2026, '123/QĐ-ĐHVD', 'Hà Nội', '30/06/2026', 'The degree of Bachelor'];

const BATCH: DiplomaBatch = {
  institution: { organisation: parseOrganisationId('dai-hoc-vi-du'), name: 'Trường Đại học Ví Dụ', province: '01' },
  assurance: 'native', fictional: 'yes', defaults: {}, today: parseDay('2026-11-20'),
};

/** The row with some cells replaced, by their headings. */
function rowWith(cells: Readonly<Record<string, Cell>>): Cell[] {
  for (const heading of Object.keys(cells)) if (!HEADINGS.includes(heading)) throw new Error(`no column ${heading}`);
  return ROW.map((cell, at) => cells[HEADINGS[at] ?? ''] ?? cell);
}

const readOne = (cells: readonly Cell[], batch = BATCH): DiplomaRow => diplomaRowReader(readDiplomaHeadings(HEADINGS), batch)(2, cells);

function errorsOf(row: DiplomaRow): readonly DiplomaRowError[] {
  if (!('errors' in row)) throw new Error(`no errors: ${JSON.stringify(row)}`);
  return row.errors;
}

function personalOf(row: DiplomaRow): Readonly<Record<string, unknown>> {
  if (!('personal' in row)) throw new Error(`refused: ${JSON.stringify(row)}`);
  return { ...row.personal };
}

describe('a row that is right', () => {
  test('is a diploma and the personal data beside it', () => {
    expect(readOne(ROW)).toEqual({
      diploma: {
        institution: BATCH.institution, level: 'bachelor', title: 'Bằng cử nhân', titleEn: 'The degree of Bachelor', field: 'Hóa học', mode: 'full-time', graduationYear: 2026,
        decisionNumber: '123/QĐ-ĐHVD', issuePlace: 'Hà Nội', issueDate: '2026-06-30', assurance: 'native', fictional: 'yes',
      },
      personal: { fullName: 'Nguyễn Thị Mây', dateOfBirth: '2004-06-20', serialNumber: 'VD 0001234', registerNumber: '001/2026/ĐHVD', classification: 'very-good' },
    });
  });

  test('decomposed accents, no-break spaces and double spaces are what they look like', () => {
    const messy = rowWith({ 'Họ và tên': '  Nguyễn\u00a0Thị   Mây '.normalize('NFD'), 'Xếp loại tốt nghiệp': 'GIỎI'.normalize('NFD'), 'Trình độ đào tạo': ' đại  học ', 'Ngành đào tạo': 'Hóa\thọc'.normalize('NFD'), 'Số hiệu văn bằng': 'VD\u00a00001234' });
    expect(readOne(messy)).toEqual(readOne(ROW));
  });

  test.each<[Cell, string]>([
    ['20/06/2004', '2004-06-20'], ['2/6/2004', '2004-06-02'], ['02/6/2004', '2004-06-02'], ['20-6-2004', '2004-06-20'], ['20.06.2004', '2004-06-20'], ['2004-06-20', '2004-06-20'], ['29/02/2004', '2004-02-29'],
    [38_158, '2004-06-20'], // what LibreOffice shows as 38158 when 20/06/2004 is formatted as a number
    [36_526, '2000-01-01'], [25_569, '1970-01-01'], // the well-known offset between the two day counts
  ])('born %j is %s', (cell, day) => expect(personalOf(readOne(rowWith({ 'Ngày sinh': cell })))).toMatchObject({ dateOfBirth: day }));

  test.each<[string, string]>([
    ['Xuất sắc', 'excellent'], ['Giỏi', 'very-good'], ['Khá', 'good'], ['Trung bình khá', 'fairly-good'], ['TB khá', 'fairly-good'], ['Trung bình', 'average'], ['Đạt', 'pass'], ['Very good', 'very-good'],
  ])('classed %s is %s', (cell, meaning) => expect(personalOf(readOne(rowWith({ 'Xếp loại tốt nghiệp': cell })))).toMatchObject({ classification: meaning }));

  test('without a classification has none', () => expect(personalOf(readOne(rowWith({ 'Xếp loại tốt nghiệp': '' })))).not.toHaveProperty('classification'));
  test('a number that a spreadsheet keeps as one is its digits', () => expect(personalOf(readOne(rowWith({ 'Số hiệu văn bằng': 1234 })))).toMatchObject({ serialNumber: '1234' }));
  test.each([[['', '', '']], [[]], [['  ', '\u00a0', '']]])('%j is an empty one', (cells) => expect(readOne(cells)).toEqual({ empty: true }));

  test('the name may stand in two columns', () => {
    const headings = readDiplomaHeadings([...HEADINGS.map((one) => (one === 'Họ và tên' ? 'Họ đệm' : one)), 'Tên']);
    const read = diplomaRowReader(headings, BATCH);
    expect(personalOf(read(2, [...ROW.map((cell) => (cell === 'Nguyễn Thị Mây' ? 'Nguyễn Thị' : cell)), 'Mây']))).toMatchObject({ fullName: 'Nguyễn Thị Mây' });
    expect(errorsOf(read(3, [...rowWith({ 'Họ và tên': '', 'Số hiệu văn bằng': 'X 1', 'Số vào sổ gốc cấp bằng': 'Y 1' }), 'Mây'])).map(({ column, code }) => [column, code])).toEqual([['Họ đệm', 'FIELD_MISSING']]);
  });

  test('what the batch states need not stand in the table, and a cell overrules it', () => {
    const defaults = diplomaDefaults({ level: 'master', title: 'Bằng thạc sĩ', field: 'Hóa học', mode: 'in-service', graduationYear: 2025, decisionNumber: '9/QĐ', issuePlace: 'Huế', issueDate: '2025-12-01' });
    const headings = readDiplomaHeadings(['Họ tên', 'Sinh ngày', 'Số hiệu', 'Số vào sổ', 'Ngành'], ['level', 'title', 'field', 'mode', 'graduationYear', 'decisionNumber', 'issuePlace', 'issueDate']);
    const read = diplomaRowReader(headings, { ...BATCH, defaults });
    const rows = [read(2, ['Lê A', '1/2/1990', 'A1', 'B1']), read(3, ['Lê B', '1/2/1990', 'A2', 'B2', 'Vật lý'])];
    expect(rows.map((row) => ('diploma' in row ? [row.diploma.level, row.diploma.field, row.diploma.issueDate] : row))).toEqual([['master', 'Hóa học', '2025-12-01'], ['master', 'Vật lý', '2025-12-01']]);
  });
});

describe('a row that is wrong', () => {
  test.each<[string, Readonly<Record<string, Cell>>, string, ProblemCode, ProblemFields?]>([
    ['no name', { 'Họ và tên': '' }, 'Họ và tên', 'FIELD_MISSING'],
    ['no birthday', { 'Ngày sinh': ' ' }, 'Ngày sinh', 'FIELD_MISSING'],
    ['no serial number', { 'Số hiệu văn bằng': '' }, 'Số hiệu văn bằng', 'FIELD_MISSING'],
    ['no register number', { 'Số vào sổ gốc cấp bằng': '' }, 'Số vào sổ gốc cấp bằng', 'FIELD_MISSING'],
    ['no level', { 'Trình độ đào tạo': '' }, 'Trình độ đào tạo', 'FIELD_MISSING'],
    ['no field', { 'Ngành đào tạo': '' }, 'Ngành đào tạo', 'FIELD_MISSING'],
    ['a day that was not', { 'Ngày sinh': '30/02/2004' }, 'Ngày sinh', 'IMPORT_DATE_WRONG'],
    ['no leap year', { 'Ngày sinh': '29/02/2003' }, 'Ngày sinh', 'IMPORT_DATE_WRONG'],
    ['the month first', { 'Ngày sinh': '06/20/2004' }, 'Ngày sinh', 'IMPORT_DATE_WRONG'],
    ['a year of two digits', { 'Ngày sinh': '20/06/04' }, 'Ngày sinh', 'IMPORT_DATE_WRONG'],
    ['a month alone', { 'Ngày sinh': '6/2004' }, 'Ngày sinh', 'IMPORT_DATE_WRONG'],
    ['a time of day', { 'Ngày sinh': 38_158.5 }, 'Ngày sinh', 'IMPORT_DATE_WRONG'],
    ['a day before spreadsheets count right', { 'Ngày sinh': 60 }, 'Ngày sinh', 'IMPORT_DATE_WRONG'],
    ['a day after the last', { 'Ngày cấp': 2_958_466 }, 'Ngày cấp', 'IMPORT_DATE_WRONG'],
    ['a date with two signs', { 'Ngày cấp': '30/06-2026' }, 'Ngày cấp', 'IMPORT_DATE_WRONG'],
    ['a child', { 'Ngày sinh': '20/06/2014' }, 'Ngày sinh', 'DIPLOMA_BIRTH_IMPLAUSIBLE', { age: '12', least: '17', most: '100' }],
    ['the oldest of all', { 'Ngày sinh': '20/06/1904' }, 'Ngày sinh', 'DIPLOMA_BIRTH_IMPLAUSIBLE', { age: '122' }],
    ['born after graduation', { 'Ngày sinh': '20/06/2026' }, 'Ngày sinh', 'DIPLOMA_BIRTH_IMPLAUSIBLE', { age: '0' }],
    ['born before anybody', { 'Ngày sinh': '20/06/1804' }, 'Ngày sinh', 'DATE_INVALID'],
    ['a doctor of twenty', { 'Ngày sinh': '20/06/2006', 'Trình độ đào tạo': 'Tiến sĩ' }, 'Ngày sinh', 'DIPLOMA_BIRTH_IMPLAUSIBLE', { age: '20', least: '21' }],
    ['a diploma of tomorrow', { 'Ngày cấp': '21/11/2026' }, 'Ngày cấp', 'DIPLOMA_DATE_IN_FUTURE'],
    ['a graduation of next year', { 'Năm tốt nghiệp': 2027, 'Ngày cấp': '30/06/2027' }, 'Năm tốt nghiệp', 'DIPLOMA_DATE_IN_FUTURE'],
    ['a diploma from before graduation', { 'Ngày cấp': '30/06/2025' }, 'Ngày cấp', 'DIPLOMA_DATES_ORDER'],
    ['a year in words', { 'Năm tốt nghiệp': '2025-2026' }, 'Năm tốt nghiệp', 'FIELD_WRONG_VALUE', { expected: 'year of four digits' }],
    ['a year of long ago', { 'Năm tốt nghiệp': 1899 }, 'Năm tốt nghiệp', 'FIELD_WRONG_VALUE'],
    ['a class unknown', { 'Xếp loại tốt nghiệp': 'Rất giỏi' }, 'Xếp loại tốt nghiệp', 'IMPORT_WORD_UNKNOWN'],
    ['a class in doubt', { 'Xếp loại tốt nghiệp': 'Giỏi?' }, 'Xếp loại tốt nghiệp', 'IMPORT_WORD_UNKNOWN'],
    ['a level unknown', { 'Trình độ đào tạo': 'Chứng chỉ' }, 'Trình độ đào tạo', 'IMPORT_WORD_UNKNOWN'],
    ['a mode unknown', { 'Hình thức đào tạo': 'Liên thông' }, 'Hình thức đào tạo', 'IMPORT_WORD_UNKNOWN'],
    ['a name turned around', { 'Họ và tên': 'Nguyễn \u202eyâM' }, 'Họ và tên', 'TEXT_NOT_PLAIN'],
    ['a name with a hidden mark', { 'Họ và tên': 'Nguyễn\u200b Mây' }, 'Họ và tên', 'TEXT_NOT_PLAIN'],
    ['a name with a mark in front that trimming would take', { 'Họ và tên': '\ufeffNguyễn Mây' }, 'Họ và tên', 'TEXT_NOT_PLAIN'],
    ['a name on two lines', { 'Họ và tên': 'Nguyễn\nMây' }, 'Họ và tên', 'TEXT_NOT_PLAIN'],
    ['a field with a hidden mark', { 'Ngành đào tạo': 'Hóa\u2066 học' }, 'Ngành đào tạo', 'TEXT_NOT_PLAIN'],
    ['a date with a hidden mark', { 'Ngày sinh': '20/06/2004\u200e' }, 'Ngày sinh', 'TEXT_NOT_PLAIN'],
    ['a lone surrogate', { 'Họ và tên': 'Mây\ud800' }, 'Họ và tên', 'TEXT_NOT_PLAIN'],
    ['an Icelandic letter for Đ', { 'Họ và tên': 'Ðặng Mây' }, 'Họ và tên', 'LETTER_LOOKS_ALIKE', { character: 'U+00D0' }],
    ['an African letter for Đ', { 'Họ và tên': 'Ɖặng Mây' }, 'Họ và tên', 'LETTER_LOOKS_ALIKE', { character: 'U+0189' }],
    ['a Cyrillic letter', { 'Họ và tên': 'Lê Аnh' }, 'Họ và tên', 'LETTER_LOOKS_ALIKE', { character: 'U+0410' }],
    ['a Greek letter in a number', { 'Số hiệu văn bằng': 'ΑB 1' }, 'Số hiệu văn bằng', 'LETTER_LOOKS_ALIKE', { character: 'U+0391' }],
    ['a name with digits', { 'Họ và tên': 'Lê Anh 2' }, 'Họ và tên', 'PERSON_NAME_MALFORMED'],
    ['a name that is a number', { 'Họ và tên': 7 }, 'Họ và tên', 'PERSON_NAME_MALFORMED'],
    ['a formula for a name', { 'Họ và tên': '=HYPERLINK("x")' }, 'Họ và tên', 'PERSON_NAME_MALFORMED'],
    ['a name too long', { 'Họ và tên': `Lê ${'a'.repeat(98)}` }, 'Họ và tên', 'TEXT_TOO_LONG', { longest: '100' }],
    ['a cell far too long', { 'Ngành đào tạo': 'a'.repeat(401) }, 'Ngành đào tạo', 'TEXT_TOO_LONG', { longest: '400' }],
    ['a field too long', { 'Ngành đào tạo': 'a'.repeat(161) }, 'Ngành đào tạo', 'TEXT_TOO_LONG', { longest: '160' }],
    ['a number with a star', { 'Số vào sổ gốc cấp bằng': '001*' }, 'Số vào sổ gốc cấp bằng', 'REGISTER_NUMBER_MALFORMED'],
    ['a number too long', { 'Số vào sổ gốc cấp bằng': '1'.repeat(41) }, 'Số vào sổ gốc cấp bằng', 'TEXT_TOO_LONG'],
    ['a number that the spreadsheet rounded', { 'Số hiệu văn bằng': '1,23E+12' }, 'Số hiệu văn bằng', 'IMPORT_NUMBER_MANGLED'],
    ['a number of sixteen digits as a number', { 'Số hiệu văn bằng': 1_234_567_890_123_456 }, 'Số hiệu văn bằng', 'IMPORT_NUMBER_MANGLED'],
    ['a number with a fraction', { 'Số hiệu văn bằng': 12.5 }, 'Số hiệu văn bằng', 'IMPORT_NUMBER_MANGLED'],
  ])('%s', (_, cells, column, code, fields = {}) => {
    const errors = errorsOf(readOne(rowWith(cells)));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ row: 2, column, code, fields, value: String(cells[column]).slice(0, 100) });
  });

  test('tells everything that is wrong with its cells at once', () => {
    const errors = errorsOf(readOne(rowWith({ 'Họ và tên': '', 'Ngày sinh': '31/04/2004', 'Xếp loại tốt nghiệp': 'tốt', 'Nơi cấp': '' })));
    expect(errors.map(({ column, code }) => [column, code])).toEqual([['Ngày sinh', 'IMPORT_DATE_WRONG'], ['Xếp loại tốt nghiệp', 'IMPORT_WORD_UNKNOWN'], ['Họ và tên', 'FIELD_MISSING'], ['Nơi cấp', 'FIELD_MISSING']]);
  });

  test('a value beyond the headings is not passed over', () => {
    expect(errorsOf(readOne([...ROW, '', 'x']))).toEqual([{ row: 2, column: '', code: 'IMPORT_ROW_TOO_WIDE', fields: { cells: '17', headings: '15' }, value: 'x' }]);
    expect(readOne([...ROW, '', ' '])).toHaveProperty('diploma');
  });

  test('no number is given twice, however it is written', () => {
    const read = diplomaRowReader(readDiplomaHeadings(HEADINGS), BATCH);
    const numbered = (serial: string, register: string): Cell[] => rowWith({ 'Số hiệu văn bằng': serial, 'Số vào sổ gốc cấp bằng': register });
    expect(read(2, numbered('VD 0001', '1/ĐH'))).toHaveProperty('diploma');
    expect(read(3, numbered('VD 0002', '2/ĐH'))).toHaveProperty('diploma');
    expect(errorsOf(read(4, numbered('vd0001', '3/ĐH')))).toEqual([{ row: 4, column: 'Số hiệu văn bằng', code: 'IMPORT_REPEATED_IN_FILE', fields: { row: '2' }, value: 'vd0001' }]);
    expect(errorsOf(read(5, numbered('VD 0004', '2/đh'.normalize('NFD')))).map(({ column, code, fields }) => ({ column, code, fields }))).toEqual([{ column: 'Số vào sổ gốc cấp bằng', code: 'IMPORT_REPEATED_IN_FILE', fields: { row: '3' } }]);
    // one number may be a serial number here and a register number there
    expect(read(6, numbered('1/ĐH', 'VD 0001'))).toHaveProperty('diploma');
  });

  test('a number of a row that is otherwise wrong counts too', () => {
    const read = diplomaRowReader(readDiplomaHeadings(HEADINGS), BATCH);
    read(2, rowWith({ 'Ngày sinh': 'x' }));
    expect(errorsOf(read(3, ROW)).map(({ code, fields }) => [code, fields])).toEqual([['IMPORT_REPEATED_IN_FILE', { row: '2' }], ['IMPORT_REPEATED_IN_FILE', { row: '2' }]]);
  });

  test('a personal number is looked at and dropped', () => {
    const read = diplomaRowReader(readDiplomaHeadings([...HEADINGS, 'Số CCCD']), BATCH);
    expect(JSON.stringify(read(2, [...ROW, '000304000001']))).not.toContain('000304000001');
    const short = errorsOf(read(3, [...rowWith({ 'Số hiệu văn bằng': 'X 1', 'Số vào sổ gốc cấp bằng': 'Y 1' }), 304_000_001]));
    expect(short).toEqual([{ row: 3, column: 'Số CCCD', code: 'PERSONAL_NUMBER_WRONG', fields: {}, value: '304000001' }]);
  });

  test('what is wrong with the batch itself is not laid at the door of a row', () => {
    throwsWith(() => readOne(ROW, { ...BATCH, institution: { ...BATCH.institution, name: '' } }), 'FIELD_WRONG_VALUE', { field: 'institution.name' });
  });
});

describe('headings', () => {
  const field = (heading: string): string | undefined => {
    const others = ['Họ và tên', 'Ngày sinh', 'Số hiệu', 'Số vào sổ', 'Trình độ', 'Tên văn bằng', 'Ngành', 'Hình thức đào tạo', 'Năm tốt nghiệp', 'Số quyết định', 'Nơi cấp', 'Ngày cấp'];
    const known = DIPLOMA_COLUMNS.find((column) => [column.vi, column.en, ...(column.also ?? [])].some((one) => plainWords(one) === plainWords(heading)));
    const rest = others.filter((one) => DIPLOMA_COLUMNS.find((column) => [column.vi, ...(column.also ?? [])].some((spelling) => plainWords(spelling) === plainWords(one))) !== known);
    return readDiplomaHeadings([heading, ...rest]).columns[0]?.field;
  };

  test.each([
    ['Họ và tên', 'fullName'], ['HỌ VÀ TÊN', 'fullName'], ['Họ và tên'.normalize('NFD'), 'fullName'], ['ho va ten', 'fullName'], ['Họ tên (*)', 'fullName'], ['  Họ   và tên sinh viên ', 'fullName'], ['Full name', 'fullName'],
    ['Ngày, tháng, năm sinh', 'dateOfBirth'], ['Ngày sinh (dd/mm/yyyy)', 'dateOfBirth'], ['Sinh ngày:', 'dateOfBirth'], ['NTNS', 'dateOfBirth'], ['Date of Birth', 'dateOfBirth'],
    ['Số hiệu', 'serialNumber'], ['Số hiệu bằng', 'serialNumber'], ['SỐ HIỆU VĂN BẰNG', 'serialNumber'], ['Serial number', 'serialNumber'],
    ['Số vào sổ', 'registerNumber'], ['Số vào sổ gốc cấp văn bằng', 'registerNumber'], ['so vao so cap bang', 'registerNumber'],
    ['Xếp loại', 'classification'], ['Hạng tốt nghiệp', 'classification'], ['Ngành học', 'field'], ['Chuyên ngành', 'field'], ['Hệ đào tạo', 'mode'], ['Loại hình đào tạo', 'mode'],
    ['QĐ tốt nghiệp', 'decisionNumber'], ['Số QĐ', 'decisionNumber'], ['Ngày ký', 'issueDate'], ['Bậc đào tạo', 'level'], ['Danh hiệu', 'title'],
    ['STT', 'ignored'], ['#', 'ignored'], ['Giới tính', 'ignored'], ['Ghi chú', 'ignored'], ['CCCD', 'ignored'],
  ])('%j is %s', (heading, expected) => expect(field(heading)).toBe(expected));

  test('no spelling stands there twice', () => {
    const spellings = DIPLOMA_COLUMNS.flatMap((column) => [column.vi, column.en, ...(column.also ?? [])].map((one) => plainWords(one)).filter((one) => one !== ''));
    expect(spellings.filter((one, at) => spellings.indexOf(one) !== at)).toEqual([]);
  });

  test('the template reads itself', () => {
    const columns = DIPLOMA_COLUMNS.filter((column) => column.example !== '');
    const headings = readDiplomaHeadings(columns.map((column) => column.vi));
    expect(diplomaRowReader(headings, BATCH)(2, columns.map((column) => column.example))).toHaveProperty('personal.fullName', 'Nguyễn Thị Mây');
  });

  test.each<[string, readonly Cell[], ProblemCode, ProblemFields]>([
    ['one that nobody knows', [...HEADINGS, 'Màu mắt'], 'IMPORT_COLUMN_UNKNOWN', { column: 'Màu mắt' }],
    ['one twice', [...HEADINGS, 'Ngày tháng năm sinh'], 'IMPORT_COLUMN_REPEATED', { column: 'Ngày sinh' }],
    ['the name whole and in parts', [...HEADINGS, 'Tên'], 'IMPORT_COLUMN_REPEATED', { column: 'Họ và tên' }],
    ['half a name', HEADINGS.map((one) => (one === 'Họ và tên' ? 'Tên' : one)), 'IMPORT_COLUMN_MISSING', { column: 'Họ đệm' }],
    ['no name', HEADINGS.filter((one) => one !== 'Họ và tên'), 'IMPORT_COLUMN_MISSING', { column: 'Họ và tên' }],
    ['no serial number', HEADINGS.filter((one) => one !== 'Số hiệu văn bằng'), 'IMPORT_COLUMN_MISSING', { column: 'Số hiệu văn bằng' }],
    ['no place', HEADINGS.filter((one) => one !== 'Nơi cấp'), 'IMPORT_COLUMN_MISSING', { column: 'Nơi cấp', en: 'Place of issue' }],
    ['none', [], 'IMPORT_COLUMN_MISSING', { column: 'Họ và tên' }],
  ])('%s is refused', (_, cells, code, fields) => throwsWith(() => readDiplomaHeadings(cells), code, fields));

  test('ignored ones may stand there several times', () => expect(readDiplomaHeadings([...HEADINGS, 'Lớp', 'Khoa', 'Quê quán', 'Nơi sinh', '']).columns.at(-1)).toBeUndefined());
});
