import writeWorkbook, { type SheetData } from 'write-excel-file/node';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiplomaBatch } from '#domain/credential/diploma-rows.js';
import { BYTE_ORDER_MARK, csvLine } from '../../../issuer/batches/csv-lines.js';
import { readDiplomaTable, type ReadTable } from '../../../issuer/batches/diploma-table.js';
import { errorFile } from '../../../issuer/batches/error-file.js';
import { readTable } from '../../../issuer/batches/table/read-table.js';
import { templateFile } from '../../../issuer/batches/template-file.js';
import { rejectsWith } from '../../support/rejects-with.js';
import { CLASS } from './graduates.js';
import { inline, rawWorkbook } from './table/raw-zip.js';

const read = async (bytes: Buffer, batch: DiplomaBatch = CLASS): Promise<ReadTable> => readDiplomaTable(await readTable(bytes), batch);
const HEADINGS = 'STT;Họ và tên;Ngày sinh;Số hiệu;Số vào sổ;Xếp loại';
const lines = (...rows: string[]): Buffer => Buffer.from([HEADINGS, ...rows].join('\n'));

describe('a class', () => {
  it('is read below the lines of title, with decomposed accents, in any order and spelling of its headings', async () => {
    const { good, errors, rows } = await read(Buffer.from([
      'BỘ GIÁO DỤC VÀ ĐÀO TẠO;;;;;', 'TRƯỜNG ĐẠI HỌC VÍ DỤ;;;;;', '', 'DANH SÁCH SINH VIÊN TỐT NGHIỆP, ĐỢT 1;;;;;',
      'TT;XẾP HẠNG;Số vào sổ gốc cấp bằng (*);Số hiệu bằng;NGÀY, THÁNG, NĂM SINH;Họ tên sinh viên;;',
      `1;Giỏi;001/2026;VD 0001;31/5/2004;${'Nguyễn Thị Mây'.normalize('NFD')};;`, ';;;;;;;', "2;;002/2026;VD 0002;2004-06-01;Nay H'Lan",
    ].join('\n')));
    expect(errors).toEqual([]);
    expect(rows).toBe(2);
    expect(good.map(({ row, personal }) => ({ row, ...personal }))).toEqual([
      { row: 6, fullName: 'Nguyễn Thị Mây', dateOfBirth: '2004-05-31', serialNumber: 'VD 0001', registerNumber: '001/2026', classification: 'very-good' },
      { row: 8, fullName: "Nay H'Lan", dateOfBirth: '2004-06-01', serialNumber: 'VD 0002', registerNumber: '002/2026' },
    ]);
    expect(good[0]?.diploma).toMatchObject({ title: 'Bằng cử nhân', institution: CLASS.institution, assurance: 'native' });
  });

  it('is read from a workbook with its dates as dates and as numbers', async () => {
    const sheet: SheetData = [
      ['Họ đệm', 'Tên', 'Ngày sinh', 'Số hiệu', 'Số vào sổ'].map((value) => ({ value })),
      [{ value: 'Nguyễn Thị' }, { value: 'Mây' }, { value: new Date(Date.UTC(2004, 4, 31)), type: Date, format: 'dd/mm/yyyy' }, { value: 1234 }, { value: '001' }],
      [{ value: 'Lê' }, { value: 'An' }, { value: 38_138 }, { value: 'VD 2' }, { value: '002' }],
    ];
    const { good, errors } = await read(await writeWorkbook(sheet).toBuffer());
    expect(errors).toEqual([]);
    expect(good.map(({ personal }) => [personal.fullName, personal.dateOfBirth, personal.serialNumber])).toEqual([['Nguyễn Thị Mây', '2004-05-31', '1234'], ['Lê An', '2004-05-31', 'VD 2']]);
  });

  it('names row, column, code and value of everything that is wrong', async () => {
    const { good, errors, rows } = await read(lines(
      '1;Nguyễn Thị Mây;31/05/2004;VD 1;001;Giỏi',
      '2;Nguyen Тhi;31/02/2004;VD 1;002;Tuyệt vời',
      '3;;31/05/2044;1,2E+15;00 1;',
      '4;Ng\u202euyễn;31/05/04;=HYPERLINK(A1);@a;Khá',
    ));
    expect(good.map(({ row }) => row)).toEqual([2]);
    expect(rows).toBe(4);
    expect(errors.map(({ row, column, code }) => [row, column, code])).toEqual([
      [3, 'Họ và tên', 'LETTER_LOOKS_ALIKE'], [3, 'Ngày sinh', 'IMPORT_DATE_WRONG'], [3, 'Xếp loại', 'IMPORT_WORD_UNKNOWN'], [3, 'Số hiệu', 'IMPORT_REPEATED_IN_FILE'],
      [4, 'Số hiệu', 'IMPORT_NUMBER_MANGLED'], [4, 'Họ và tên', 'FIELD_MISSING'], [4, 'Số vào sổ', 'IMPORT_REPEATED_IN_FILE'],
      [5, 'Họ và tên', 'TEXT_NOT_PLAIN'], [5, 'Ngày sinh', 'IMPORT_DATE_WRONG'], [5, 'Số hiệu', 'REGISTER_NUMBER_MALFORMED'], [5, 'Số vào sổ', 'REGISTER_NUMBER_MALFORMED'],
    ]);
    expect(errors.find(({ code }) => code === 'IMPORT_REPEATED_IN_FILE')).toMatchObject({ fields: { row: '2' }, value: 'VD 1' });
  });

  it('has no value where a formula failed or was never calculated, also in a column that may be empty', async () => {
    const row = (r: number, ...cells: string[]): string => `<row r="${r}">${cells.join('')}</row>`;
    const { errors, good } = await read(rawWorkbook({ sheet: row(1, inline('A1', 'Họ và tên'), inline('B1', 'Ngày sinh'), inline('C1', 'Số hiệu'), inline('D1', 'Số vào sổ'), inline('E1', 'Xếp loại'), inline('F1', 'Ghi chú'))
      + row(2, inline('A2', 'Lê An'), inline('B2', '31/05/2004'), inline('C2', 'VD 1'), '<c r="D2" t="str"><f>A1</f></c>', '<c r="E2" t="e"><v>#N/A</v></c>', '<c r="F2" t="e"><v>#N/A</v></c>')
      + row(3, inline('A3', 'Lê An'), inline('B3', '31/05/2004'), inline('C3', 'VD 2'), inline('D3', '2'), '<c r="F3" t="e"><v>#N/A</v></c>') }));
    expect(errors.map(({ row: at, column, code }) => [at, column, code])).toEqual([[2, 'Số vào sổ', 'BATCH_FORMULA_NOT_CALCULATED'], [2, 'Xếp loại', 'BATCH_CELL_FAILED']]);
    expect(good.map(({ row: at }) => at)).toEqual([3]);
  });

  it.each<[string, string, Parameters<typeof rejectsWith>[1], Parameters<typeof rejectsWith>[2]?]>([
    ['no headings', 'a;b;c\n1;2;3\n', 'BATCH_HEADINGS_MISSING'],
    ['a column nobody knows', `${HEADINGS};Màu sắc\n`, 'IMPORT_COLUMN_UNKNOWN', { column: 'Màu sắc' }],
    ['a column twice', `${HEADINGS};Họ tên\n`, 'IMPORT_COLUMN_REPEATED', { column: 'Họ và tên' }],
    ['no column of numbers', 'STT;Họ và tên;Ngày sinh;Số hiệu\n', 'IMPORT_COLUMN_MISSING', { column: 'Số vào sổ gốc cấp bằng' }],
  ])('is refused whole for %s', async (_name, text, code, fields) => {
    await rejectsWith(read(Buffer.from(text)), code, fields ?? {});
  });

  it('needs a column for what the batch does not state', async () => {
    const { decisionNumber: _left, ...defaults } = CLASS.defaults;
    await rejectsWith(read(lines(), { ...CLASS, defaults }), 'IMPORT_COLUMN_MISSING', { column: 'Số quyết định tốt nghiệp' });
  });

  it('of ten thousand is read, and every row of it counts', async () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => `${at + 1};Nguyễn Thị Mây;31/05/2004;VD ${at + 1};${at + 1}/2026;Khá`);
    expect(await read(lines(...rows))).toMatchObject({ rows: 10_000, errors: [] });
  });
});

describe('the template', () => {
  it('is a class of one that can be issued', async () => {
    const { good, errors } = await read(Buffer.from(templateFile()), { ...CLASS, defaults: {} });
    expect(errors).toEqual([]);
    expect(good).toHaveLength(1);
  });
});

async function textOf(errors: Parameters<typeof errorFile>[0]): Promise<string> {
  let text = '';
  for await (const piece of errorFile(errors)) text += piece;
  return text;
}

describe('the file of errors', () => {
  it('holds a line for each, in both languages, and no formula', async () => {
    const errors = [{ row: 5, column: 'Số hiệu', code: 'REGISTER_NUMBER_MALFORMED' as const, fields: {}, value: '=1+1' }, { row: 0, column: '', code: 'BATCH_COUNT_DIFFERS' as const, fields: { stated: '3', found: '2' }, value: '' }];
    const text = await textOf((async function* all() { yield* errors; })());
    expect(text.startsWith(BYTE_ORDER_MARK)).toBe(true);
    const [, first = '', second = ''] = text.split('\r\n');
    expect(first).toContain('"5","Số hiệu","\'=1+1",');
    expect(second).toContain('"","","",');
    expect(second).toContain('"BATCH_COUNT_DIFFERS","stated: 3; found: 2"');
  });

  it.each([['=1+1', `"'=1+1"`], ['+84', `"'+84"`], ['-1', `"'-1"`], ['@SUM(A1)', `"'@SUM(A1)"`], ['\t=1', `"'\t=1"`], ['a "b"', '"a ""b"""'], ['', '""']])('writes %j as %s', (cell, written) => {
    expect(csvLine([cell])).toBe(`${written}\r\n`);
  });

  it('never begins a cell with a formula, whatever stands in it', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (cells) => {
      const opened = [...csvLine(cells).matchAll(/(?:^|,)"((?:[^"]|"")*)"(?=,|\r\n$)/g)].map(([, cell = '']) => cell);
      expect(opened).toHaveLength(cells.length);
      expect(opened.every((cell) => !/^[=+\-@\t\r\n]/.test(cell))).toBe(true);
    }));
  });
});
