import writeWorkbook, { type SheetData } from 'write-excel-file/node';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../../../issuer/batches/table/read-table.js';
import { TABLE_LIMITS, type TableRow } from '../../../../issuer/batches/table/table.js';
import { rejectsWith } from '../../../support/rejects-with.js';
import { inline, rawWorkbook, rawZip } from './raw-zip.js';

const cellsOf = (rows: readonly TableRow[]): TableRow['cells'][] => rows.map(({ cells }) => cells);
const HEADINGS = 'Họ và tên;Ngày sinh;Số hiệu';
const ROWS = [['Họ và tên', 'Ngày sinh', 'Số hiệu'], ['Nguyễn Thị Mây', '31/05/2003', 'VP 0001234']];

async function workbook(data: SheetData): Promise<Buffer> {
  return writeWorkbook(data).toBuffer();
}

describe('a table of texts', () => {
  const csv = `${HEADINGS}\r\nNguyễn Thị Mây;31/05/2003;VP 0001234\r\n`;

  it.each<[string, Buffer]>([
    ['UTF-8 with semicolons', Buffer.from(csv)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${csv}`)],
    ['UTF-8 with commas', Buffer.from(csv.replaceAll(';', ','))],
    ['UTF-8 with tabs and line feeds', Buffer.from(csv.replaceAll(';', '\t').replaceAll('\r\n', '\n'))],
    ['UTF-16, little end first', Buffer.from(`\ufeff${csv}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${csv}`, 'utf16le').swap16()],
    ['quotes around everything', Buffer.from('"Họ và tên","Ngày sinh","Số hiệu"\n"Nguyễn Thị Mây","31/05/2003","VP 0001234"\n')],
    ['the last line without an end', Buffer.from(csv.trimEnd())],
  ])('is read from %s', async (_name, bytes) => {
    expect(cellsOf(await readTable(bytes))).toEqual(ROWS);
  });

  it('keeps commas of a name where semicolons separate, and numbers rows as a spreadsheet does', async () => {
    const rows = await readTable(Buffer.from(`DANH SÁCH, khóa 2026\n\n${HEADINGS}\nA, B, C và D, E;1/1/2003;"VP\n1"\nX;2/1/2003;VP 2\n`));
    expect(rows.map(({ row, cells }) => [row, cells[0]])).toEqual([[1, 'DANH SÁCH, khóa 2026'], [2, ''], [3, 'Họ và tên'], [4, 'A, B, C và D, E'], [5, 'X']]);
    expect(rows[3]?.cells[2]).toBe('VP\n1');
  });

  it('leaves a decomposed name as it stands: whether it is the same is not for the file reader to say', async () => {
    const name = 'Nguyễn'.normalize('NFD');
    expect(cellsOf(await readTable(Buffer.from(`${name};a\n`)))).toEqual([[name, 'a']]);
  });

  it.each<[string, Buffer, Parameters<typeof rejectsWith>[1]]>([
    ['nothing', Buffer.alloc(0), 'IMPORT_FILE_EMPTY'],
    ['too many bytes', Buffer.alloc(TABLE_LIMITS.bytes + 1, 'a'), 'IMPORT_FILE_TOO_LARGE'],
    ['too many rows', Buffer.from('a;b\n'.repeat(TABLE_LIMITS.rows + 1)), 'IMPORT_TOO_MANY_ROWS'],
    ['a million rows', Buffer.from('a;b\n'.repeat(1_000_000)), 'IMPORT_TOO_MANY_ROWS'],
    ['a Windows code page', Buffer.from('H\xf4 v\xe0 t\xean;Ng\xe0y sinh\n', 'latin1'), 'IMPORT_NOT_UTF8'],
    ['UTF-16 that nobody marked', Buffer.from(csv, 'utf16le'), 'IMPORT_NOT_UTF8'],
    ['UTF-16 with half a pair', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]), 'IMPORT_NOT_UTF8'],
    ['zeros', Buffer.from('a;b\0\n'), 'IMPORT_NOT_UTF8'],
    ['a quote that is never closed', Buffer.from(`${HEADINGS}\n"Nguyễn;1;2\n${'x;y;z\n'.repeat(20_000)}`), 'IMPORT_ROW_TOO_LONG'],
    ['a quote in the middle', Buffer.from(`${HEADINGS}\na"b"c;"d"e;f\n`), 'IMPORT_CSV_MALFORMED'],
    ['a workbook of the old format', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'BATCH_FILE_KIND_UNKNOWN'],
  ])('is refused for %s', async (_name, bytes, code) => {
    await rejectsWith(readTable(bytes), code);
  });
});

describe('a workbook', () => {
  it('is read with its dates as days, its numbers as numbers and its texts untouched', async () => {
    const bytes = await workbook([
      [{ value: 'Họ và tên' }, { value: 'Ngày sinh' }, { value: 'Năm' }, { value: 'x' }],
      [{ value: ' =HYPERLINK("x") ' }, { value: new Date(Date.UTC(2003, 4, 31)), type: Date, format: 'dd/mm/yyyy' }, { value: 2026 }, { value: true }],
      [null, { value: '31/05/2003' }, { value: 123_456_789_012_345 }, null],
    ]);
    expect(cellsOf(await readTable(bytes))).toEqual([
      ['Họ và tên', 'Ngày sinh', 'Năm', 'x'],
      [' =HYPERLINK("x") ', '2003-05-31', 2026, 'TRUE'],
      ['', '31/05/2003', 123_456_789_012_345, ''],
    ]);
  });

  it('counts days from 1904 where it says so', async () => {
    const styled = { name: 'xl/styles.xml', content: '<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>' };
    const relations = '<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.replaceAll('http://x', 'http://schemas.openxmlformats.org/officeDocument/2006/relationships')
      .replace('</R', '<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></R');
    const day = (date1904: string): Buffer => rawWorkbook({
      sheet: '<row r="1"><c r="A1" s="1"><v>36310</v></c></row>', relations, more: [styled],
      workbook: `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="${date1904}"/><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    });
    expect(cellsOf(await readTable(day('0')))).toEqual([['1999-05-30']]);
    expect(cellsOf(await readTable(day('1')))).toEqual([['2003-05-31']]);
  });

  it('takes what a formula gave, and names the cells whose formula gave nothing', async () => {
    const rows = await readTable(rawWorkbook({ sheet: '<row r="1">'
      + '<c r="A1" t="str"><f>UPPER("a")</f><v>A</v></c><c r="B1" t="str"><f>UPPER(C1)</f></c><c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D1"><f>1+1</f><v>2</v></c>'
      + '</row><row r="3"><c r="B3"><f>B2</f></c></row>' }));
    expect(cellsOf(rows)[0]?.[0]).toBe('A');
    expect(cellsOf(rows)[0]?.[3]).toBe(2);
    expect(rows.flatMap(({ faults }) => faults)).toEqual([
      { row: 1, cell: 1, code: 'BATCH_FORMULA_NOT_CALCULATED' }, { row: 1, cell: 2, code: 'BATCH_CELL_FAILED' },
    ]);
  });

  it('is read from its first sheet, wherever that lies, and nothing else of it is inflated', async () => {
    const relations = '<Relationships><Relationship Id="b" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet9.xml"/><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="/xl/worksheets/first.xml"/></Relationships>';
    const bytes = rawWorkbook({
      sheet: '', relations,
      workbook: '<x:workbook xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><x:sheets><x:sheet name="đầu" sheetId="7" r:id="a"/><x:sheet name="sau" sheetId="1" r:id="b"/></x:sheets></x:workbook>',
      more: [
        { name: 'xl/worksheets/first.xml', content: `<worksheet><sheetData><row r="1">${inline('A1', 'first')}</row></sheetData></worksheet>` },
        { name: 'xl/worksheets/sheet9.xml', content: 'bomb', statedSize: 0xfffffff0 },
        { name: 'xl/media/photo.png', content: 'not needed', statedCrc: 1 },
      ],
    });
    expect(cellsOf(await readTable(bytes))).toEqual([['first']]);
  });
});

describe('a hostile workbook', () => {
  const bomb = Buffer.alloc(64 * 1024 * 1024, ' ');
  const row = (inner: string): Buffer => rawWorkbook({ sheet: inner });
  const deep = 'A'.repeat(3);

  it.each<[string, Buffer, Parameters<typeof rejectsWith>[1], Parameters<typeof rejectsWith>[2]?]>([
    ['that inflates beyond all bounds, and says so', rawWorkbook({ sheet: bomb.toString('latin1') }), 'BATCH_SPREADSHEET_TOO_LARGE', { most: String(TABLE_LIMITS.inflated) }],
    ['that inflates to more than it says', rawZip([{ name: 'xl/workbook.xml', content: bomb, statedSize: 100 }]), 'BATCH_SPREADSHEET_TOO_LARGE', { most: '100' }],
    ['that says it holds 4 GiB', rawZip([{ name: 'xl/workbook.xml', content: 'x', statedSize: 0xfffffff0 }]), 'BATCH_SPREADSHEET_TOO_LARGE'],
    ['with many shared strings', rawWorkbook({ sheet: `<row r="1">${inline('A1', 'a')}</row>`, sharedStrings: bomb.toString('latin1') }), 'BATCH_SPREADSHEET_TOO_LARGE'],
    ['with more entries than bytes', rawZip([{ name: 'xl/workbook.xml', content: 'x' }], { statedEntries: 60_000 }), 'BATCH_SPREADSHEET_TOO_LARGE'],
    ['with fewer entries than it says', rawZip([{ name: 'xl/workbook.xml', content: 'x' }], { statedEntries: 7 }), 'BATCH_SPREADSHEET_BROKEN', { reason: 'directory' }],
    ['of several disks', rawZip([{ name: 'xl/workbook.xml', content: 'x' }], { disk: 1 }), 'BATCH_SPREADSHEET_BROKEN', { reason: 'several disks' }],
    ['of the larger format', rawZip([{ name: 'a', content: 'x' }], { statedEntries: 0xffff }), 'BATCH_SPREADSHEET_BROKEN', { reason: 'zip64' }],
    ['with an encrypted part', rawZip([{ name: 'xl/workbook.xml', content: 'x', flags: 1 }]), 'BATCH_SPREADSHEET_BROKEN', { reason: 'encrypted' }],
    ['packed in another way', rawZip([{ name: 'xl/workbook.xml', content: 'x', method: 14 }]), 'BATCH_SPREADSHEET_BROKEN', { reason: 'compression' }],
    ['with a part twice', rawZip([{ name: 'xl/workbook.xml', content: 'x' }, { name: 'xl/workbook.xml', content: 'y' }]), 'BATCH_SPREADSHEET_BROKEN', { reason: 'an entry stands there twice' }],
    ['with a wrong checksum', rawZip([{ name: 'xl/workbook.xml', content: 'x', statedCrc: 1 }]), 'BATCH_SPREADSHEET_BROKEN', { reason: 'checksum' }],
    ['with broken packing', rawZip([{ name: 'xl/workbook.xml', content: 'xx', packed: Buffer.from('ffffff', 'hex') }]), 'BATCH_SPREADSHEET_BROKEN', { reason: 'deflate' }],
    ['cut off', rawWorkbook({ sheet: '' }).subarray(0, 200), 'BATCH_SPREADSHEET_BROKEN', { reason: 'no directory' }],
    ['without a workbook', rawZip([{ name: 'word/document.xml', content: '<w/>' }]), 'BATCH_SPREADSHEET_BROKEN', { reason: 'part missing', part: 'xl/workbook.xml' }],
    ['without a sheet', rawWorkbook({ sheet: '', workbook: '<workbook/>' }), 'BATCH_SPREADSHEET_BROKEN', { reason: 'no worksheet' }],
    ['whose sheet is missing', rawWorkbook({ sheet: '', relations: '<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="../../../etc/passwd"/></Relationships>' }), 'BATCH_SPREADSHEET_BROKEN', { reason: 'part missing' }],
    ['with entities of its own', rawWorkbook({ sheet: '', workbook: '<!DOCTYPE a [<!ENTITY b "c">]><workbook><sheets><sheet name="x" sheetId="1" r:id="rId1"/></sheets></workbook>' }), 'BATCH_SPREADSHEET_BROKEN', { reason: 'XML' }],
    ['with a cell in a comment', row('<!-- <row r="1"></row> -->'), 'BATCH_SPREADSHEET_BROKEN', { reason: 'XML' }],
    ['with a row far down', row(`<row r="1048576">${inline('A1048576', 'x')}</row>`), 'IMPORT_TOO_MANY_ROWS', { row: '1048576' }],
    ['with a row beyond any sheet', row('<row r="99999999999"></row>'), 'BATCH_SPREADSHEET_BROKEN', { reason: 'row number' }],
    ['with a cell far down', row(`<row>${inline('A1048576', 'x')}</row>`), 'IMPORT_TOO_MANY_ROWS', { row: '1048576' }],
    ['with a cell far right', row(`<row r="1">${inline(`${deep}1`, 'x')}</row>`), 'IMPORT_ROW_TOO_WIDE', { cells: deep }],
    ['with a cell beyond any sheet', row(`<row r="1">${inline('ZZZZZZZ1', 'x')}</row>`), 'BATCH_SPREADSHEET_BROKEN', { reason: 'cell address' }],
    ['with an address in disguise', row('<row r="1"><c r="&#90;&#90;&#90;1"><v>1</v></c></row>'), 'BATCH_SPREADSHEET_BROKEN', { reason: 'cell address' }],
    ['with an address behind a bracket', row('<row r="1"><c x=">" r="ZZZZ1"><v>1</v></c></row>'), 'BATCH_SPREADSHEET_BROKEN', { reason: 'worksheet' }],
    ['with two addresses', row('<row r="1"><c r="A1" r="ZZZZ1"><v>1</v></c></row>'), 'BATCH_SPREADSHEET_BROKEN', { reason: 'attribute' }],
    ['with the same cell over and over', row('<row r="1">'.concat('<c r="A1"/>'.repeat(TABLE_LIMITS.rows * TABLE_LIMITS.columns + TABLE_LIMITS.rows))), 'BATCH_SPREADSHEET_TOO_LARGE'],
    ['with cells out of order', row(`<row r="1">${inline('B1', 'x')}${inline('A1', 'x')}</row>`), 'BATCH_SPREADSHEET_BROKEN'],
    ['with rows out of order', row(`<row r="2">${inline('A2', 'x')}</row><row r="1">${inline('A1', 'x')}</row>`), 'BATCH_SPREADSHEET_BROKEN'],
    ['with a string that is not there', row('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), 'BATCH_SPREADSHEET_BROKEN'],
    ['with a type that is none', row('<row r="1"><c r="A1" t="boom"><v>7</v></c></row>'), 'BATCH_SPREADSHEET_BROKEN'],
  ])('%s is refused', async (_name, bytes, code, fields) => {
    await rejectsWith(readTable(bytes), code, fields ?? {});
  });

  it('of a million empty rows is refused by its size or by its rows, in bounded memory', async () => {
    const rows = Array.from({ length: 1_000_000 }, (_, index) => `<row r="${index + 1}"/>`).join('');
    await rejectsWith(readTable(row(rows)), 'IMPORT_TOO_MANY_ROWS');
  });

  const many = (length: number, rows: number): Buffer => {
    const columns = Array.from({ length: TABLE_LIMITS.columns }, (_, index) => (index < 26 ? '' : String.fromCharCode(64 + Math.floor(index / 26))) + String.fromCharCode(65 + (index % 26)));
    const sheet = Array.from({ length: rows }, (_, at) => `<row r="${at + 1}">${columns.map((column) => `<c r="${column}${at + 1}" t="s"><v>0</v></c>`).join('')}</row>`).join('');
    return rawWorkbook({ sheet, sharedStrings: `<sst><si><t>${'x'.repeat(length)}</t></si></sst>` });
  };

  it('with one enormous text in many cells has each of them cut', async () => {
    const rows = await readTable(many(1_000_000, 3));
    expect(rows.flatMap(({ cells }) => cells).map((cell) => String(cell).length)).toEqual(Array.from({ length: 3 * TABLE_LIMITS.columns }, () => TABLE_LIMITS.cell + 1));
  });

  it('with one text in all cells is refused when it would come to more than any list', async () => {
    await rejectsWith(readTable(many(100, TABLE_LIMITS.rows)), 'BATCH_SPREADSHEET_TOO_LARGE', { reason: 'text' });
  });
});
