import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gtin, openTeaLot, PREFIX, TEA } from '../../support/fictional.js';
import { openImportApp, type ImportApp } from './import-app.js';
import { csv, gtinOf, PRODUCT_HEADINGS, productFile, productRow, products, serialFile, serialRow, SERIAL_HEADINGS, serials } from './sample-files.js';

let imports: ImportApp;
beforeEach(async () => { imports = await openImportApp(); });
afterEach(async () => {
  expect(imports.faults).toEqual([]);
  await imports.close();
});

const product = (n: number): unknown => imports.ledger.world.read(`/01/${gtinOf(n)}`, 'product');
const serial = (n: number): unknown => imports.ledger.world.read(`/01/${TEA}/21/S${n}`, 'serial');
const written = (): number => imports.ledger.world.all('serial').length;

describe('a file of products', () => {
  it('is registered, five hundred at a time', async () => {
    const job = await imports.run('kind=products', products(1001));
    expect(job).toMatchObject({ kind: 'products', mode: 'all-or-nothing', dryRun: false, state: 'done', rows: { read: 1001, bad: 0, written: 1001 }, errors: [] });
    expect(imports.ledger.submitted.map(({ transaction, argument }) => [transaction, (JSON.parse(argument) as { products: unknown[] }).products.length])).toEqual([
      ['goods:registerProducts', 500], ['goods:registerProducts', 500], ['goods:registerProducts', 1],
    ]);
    expect(product(2)).toMatchObject({ name: 'Trà số 2', producer: { name: 'Hợp tác xã Trà Shan Mây', address: 'Bản Mây, Lào Cai' }, origin: 'VN', expires: true, risk: 'low', standards: [], warnings: [] });
    expect(await imports.spooled()).toEqual([]);
  });

  it('may hold all that a product has', async () => {
    const headings = ['GTIN', 'Product name', 'English name', 'Brand', 'Producer name', 'Producer address', 'Importer name', 'Importer address', 'Country of origin', 'Net quantity', 'Standards', 'Warnings', 'Has expiry date', 'Risk', 'Image (SHA-256)', 'GHS signal word', 'GHS pictograms', 'UN number', 'Components'];
    const row = [gtinOf(2), 'Axeton', 'Acetone', 'Ban Mai', 'A', 'B', 'C', 'D', 'việt nam', '25 kg', 'TCVN 1|TCVN 2', 'Dễ cháy\nTránh lửa', 'no', 'High', 'a'.repeat(64), 'Nguy hiểm', 'GHS02, GHS07', '1090', 'acetone:95:99.5'];
    expect(await imports.run('kind=products', csv(',', headings, row))).toMatchObject({ state: 'done' });
    expect(product(2)).toMatchObject({
      nameEn: 'Acetone', brand: 'Ban Mai', importer: { name: 'C', address: 'D' }, origin: 'VN', netQuantity: '25 kg', standards: ['TCVN 1', 'TCVN 2'], warnings: ['Dễ cháy', 'Tránh lửa'],
      expires: false, risk: 'high', image: 'a'.repeat(64), hazard: { signalWord: 'danger', pictograms: ['GHS02', 'GHS07'], unNumber: '1090' }, components: [{ substance: 'acetone', least: '95', most: '99.5' }],
    });
  });

  it('of long texts goes in batches that a transaction can carry', async () => {
    const warnings = Array.from({ length: 20 }, (_, n) => `${n}`.padStart(3, '0') + 'ư'.repeat(297)).join('|');
    const rows = Array.from({ length: 400 }, (_, n) => [...productRow(n + 2), warnings]);
    const job = await imports.run('kind=products', csv(';', [...PRODUCT_HEADINGS, 'Cảnh báo'], ...rows));
    expect(job).toMatchObject({ state: 'done', rows: { written: 400 } });
    expect(imports.ledger.submitted.length).toBeGreaterThan(1);
    expect(imports.ledger.submitted.every(({ argument }) => argument.length <= 1_010_000)).toBe(true);
  });
});

describe('a file of serial numbers', () => {
  it('is commissioned, a thousand at a time', async () => {
    const job = await imports.run('kind=serials', serials(2500));
    expect(job).toMatchObject({ state: 'done', rows: { read: 2500, bad: 0, written: 2500 } });
    expect(imports.ledger.submitted.map(({ transaction }) => transaction)).toEqual(['goods:capture', 'goods:capture', 'goods:capture']);
    expect(serial(2499)).toMatchObject({ lot: 'L26-001', maker: 'tra-shan' });
  });

  it('may mix lots and occasions', async () => {
    const { world } = imports.ledger;
    await openTeaLot(world, 'L2');
    const rows = [[...serialRow(1), '01/11/2026', 'Lào Cai'], [...serialRow(2, 'L2'), '2026-11-02', '01'], [...serialRow(3), '1/11/2026', '15'], [...serialRow(4), '', '']];
    expect(await imports.run('kind=serials', csv(';', [...SERIAL_HEADINGS, 'Ngày đưa vào sử dụng', 'Tỉnh, thành phố'], ...rows))).toMatchObject({ state: 'done', rows: { written: 4 } });
    expect(imports.ledger.submitted).toHaveLength(1);
    expect(imports.ledger.all().slice(-3).map(({ record }) => [record.items.length, record.happenedAt, record.province])).toEqual([
      [2, '2026-10-31T17:00:00.000Z', '15'], [1, '2026-11-01T17:00:00.000Z', '01'], [1, world.now, '15'],
    ]);
  });
});

describe('how a spreadsheet may have saved it', () => {
  const rows = [PRODUCT_HEADINGS, productRow(2), productRow(3)];
  it.each<[string, string | Buffer]>([
    ['with semicolons', csv(';', ...rows)],
    ['with commas', csv(',', ...rows)],
    ['with tabs', csv('\t', ...rows)],
    ['with a byte order mark', `\ufeff${csv(';', ...rows)}`],
    ['with line feeds alone', csv(';', ...rows).replaceAll('\r\n', '\n')],
    ['without an end to the last line', csv(';', ...rows).trimEnd()],
    ['with empty lines', `${csv(';', ...rows)}\r\n;;;;;;\r\n`],
    ['decomposed', csv(';', ...rows).normalize('NFD')],
    ['without accents in the headings', csv(';', ['ma gtin', 'TEN SAN PHAM', 'ten nha san xuat', 'dia chi nha san xuat', 'xuat xu', 'co han su dung', 'muc rui ro'], ...rows.slice(1))],
    ['with English headings', csv(',', ['GTIN', 'Product name', 'Producer name', 'Producer address', 'Country of origin', 'Has expiry date', 'Risk'], ...rows.slice(1))],
    ['with columns in another order', csv(';', ...rows.map((row) => [...row].reverse()))],
    ['with empty columns at the end', csv(';', ...rows.map((row) => [...row, '', '']))],
    ['with short rows', csv(';', [...PRODUCT_HEADINGS, 'Nhãn hiệu'], productRow(2), productRow(3))],
    ['with spaces around', csv(';', ...rows.map((row) => row.map((cell) => `  ${cell}\u00a0`)))],
    ['all in quotes', rows.map((row) => `${row.map((cell) => `"${cell}"`).join(';')}\r\n`).join('')],
  ])('%s', async (_name, file) => {
    const job = await imports.run('kind=products', file);
    expect(job).toMatchObject({ state: 'done', rows: { read: 2, bad: 0, written: 2 } });
    expect(product(3)).toMatchObject({ name: 'Trà số 3', producer: { address: 'Bản Mây, Lào Cai' } });
  });

  it('in a form', async () => {
    const file = csv(';', ...rows);
    const form = (...parts: string[]): string => `${parts.map((part) => `--x\r\n${part}\r\n`).join('')}--x--\r\n`;
    const part = `Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n${file}`;
    const send = (body: string): ReturnType<ImportApp['upload']> => imports.upload('kind=products', body, { 'content-type': 'multipart/form-data; boundary=x' });
    expect(await imports.ended(await send(form(part)))).toMatchObject({ state: 'done', rows: { written: 2 } });
    for (const [body, code] of [
      [form(part, part.replace('a.csv', 'b.csv')), 'IMPORT_FILE_MISSING'], [form(), 'IMPORT_FILE_MISSING'],
      [form('Content-Disposition: form-data; name="kind"\r\n\r\nproducts', part), 'IMPORT_FILE_MISSING'], [form(part).slice(0, -20), 'REQUEST_UNREADABLE'],
    ] as const) {
      const refused = await send(body);
      expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([400, code]);
    }
    expect(await imports.spooled()).toEqual([]);
  });
});

describe('what is wrong with rows', () => {
  const bad = ['9520000000012', '', 'A', 'B', 'Vietnam?', 'maybe', 'thấp'];

  it('is told cell by cell, and nothing is written', async () => {
    const job = await imports.run('kind=products', productFile(productRow(2), bad, productRow(3)));
    expect(job).toMatchObject({ state: 'refused', rows: { read: 3, bad: 1, written: 0 }, problem: { code: 'IMPORT_ROWS_REFUSED', fields: { rows: '3', bad: '1' } } });
    expect(job.errors).toEqual([
      expect.objectContaining({ row: 3, column: 'Mã GTIN', code: 'GTIN_CHECK_DIGIT_WRONG', value: '9520000000012', fields: { gtin: '9520000000012', expected: '1' } }),
      expect.objectContaining({ row: 3, column: 'Tên sản phẩm', code: 'FIELD_MISSING', value: '', messageVi: expect.stringContaining('bắt buộc') as string, messageEn: expect.stringContaining('required') as string }),
      expect.objectContaining({ row: 3, column: 'Xuất xứ', code: 'IMPORT_WORD_UNKNOWN', value: 'Vietnam?' }),
      expect.objectContaining({ row: 3, column: 'Có hạn sử dụng', code: 'IMPORT_YES_NO_WRONG', value: 'maybe' }),
    ]);
    expect([imports.ledger.submitted, product(2)]).toEqual([[], undefined]);
  });

  it('is left out only if that was asked for', async () => {
    const job = await imports.run('kind=products&mode=skip-bad-rows', productFile(productRow(2), bad, productRow(3)));
    expect(job).toMatchObject({ state: 'done', mode: 'skip-bad-rows', rows: { read: 3, bad: 1, written: 2 } });
    expect([product(2), product(3)].every((one) => one !== undefined)).toBe(true);
  });

  it('can be asked without writing', async () => {
    expect(await imports.run('kind=products&dryRun=true', products(3))).toMatchObject({ state: 'done', dryRun: true, rows: { read: 3, bad: 0, written: 0 } });
    expect(await imports.run('kind=products&dryRun=true', productFile(productRow(2), bad))).toMatchObject({ state: 'refused', dryRun: true, rows: { read: 2, bad: 1, written: 0 } });
    expect(await imports.run('kind=products&dryRun=true&mode=skip-bad-rows', productFile(productRow(2), bad))).toMatchObject({ state: 'done', rows: { bad: 1, written: 0 } });
    expect(imports.ledger.submitted).toEqual([]);
  });

  it.each<[string, string, string, Record<string, unknown>]>([
    ['a product that is there', 'products', productFile([TEA, ...productRow(1).slice(1)]), { column: 'Mã GTIN', code: 'PRODUCT_ALREADY_REGISTERED', value: TEA }],
    ['another\'s number', 'products', productFile([gtin(PREFIX['cua-hang-sao'], 1), ...productRow(1).slice(1)]), { column: 'Mã GTIN', code: 'PREFIX_NOT_HELD' }],
    ['a number twice', 'products', productFile(productRow(2), productRow(3), productRow(2)), { row: 4, column: 'Mã GTIN', code: 'IMPORT_REPEATED_IN_FILE', fields: { row: '2' } }],
    ['an importer without an address', 'products', csv(';', [...PRODUCT_HEADINGS, 'Tên nhà nhập khẩu', 'Địa chỉ nhà nhập khẩu'], [...productRow(2), 'C', '']), { column: 'Địa chỉ nhà nhập khẩu', code: 'FIELD_MISSING' }],
    ['a name that hides something', 'products', productFile([gtinOf(2), 'Trà\u202e', ...productRow(2).slice(2)]), { column: 'Tên sản phẩm', code: 'TEXT_NOT_PLAIN' }],
    ['a zero in a cell', 'products', productFile([gtinOf(2), 'Tr\u0000à', ...productRow(2).slice(2)]).padEnd(20_000, '\n').replace('Tr\u0000à', 'Trà').concat(csv(';', [gtinOf(3), 'Tr\u0000à', ...productRow(3).slice(2)])), { column: 'Tên sản phẩm', code: 'TEXT_NOT_PLAIN' }],
    ['a name that is too long', 'products', productFile([gtinOf(2), 'x'.repeat(201), ...productRow(2).slice(2)]), { column: 'Tên sản phẩm', code: 'TEXT_TOO_LONG' }],
    ['too many cells', 'products', productFile([...productRow(2), 'x']), { column: '', code: 'IMPORT_ROW_TOO_WIDE', value: 'x' }],
    ['a range upside down', 'products', csv(';', [...PRODUCT_HEADINGS, 'Thành phần'], [...productRow(2), 'acetone:99:95']), { column: 'Thành phần', code: 'CONTENT_OUT_OF_RANGE' }],
    ['a substance of no catalogue', 'products', csv(';', [...PRODUCT_HEADINGS, 'Thành phần'], [...productRow(2), 'phlogiston:1:2']), { column: 'Thành phần', code: 'SUBSTANCE_UNKNOWN' }],
    ['a lot that is not there', 'serials', serialFile(serialRow(1, 'L9')), { column: 'Số lô', code: 'LOT_UNKNOWN', value: 'L9' }],
    ['a product that is not there', 'serials', serialFile([gtinOf(9), 'L26-001', 'S1']), { column: 'Mã GTIN', code: 'PRODUCT_UNKNOWN' }],
    ['a serial twice', 'serials', serialFile(serialRow(1), serialRow(1)), { row: 3, column: 'Số sê-ri', code: 'IMPORT_REPEATED_IN_FILE', fields: { row: '2' }, value: 'S1' }],
    ['a serial with a space', 'serials', serialFile([TEA, 'L26-001', 'S 1']), { column: 'Số sê-ri', code: 'SERIAL_MALFORMED', value: 'S 1' }],
    ['a day to come', 'serials', csv(',', [...SERIAL_HEADINGS, 'Ngày'], [...serialRow(1), '22/11/2026']), { column: 'Ngày', code: 'HAPPENED_IN_FUTURE', value: '22/11/2026' }],
  ])('%s', async (_name, kind, file, expected) => {
    const job = await imports.run(`kind=${kind}`, file);
    expect(job.state).toBe('refused');
    expect(job.errors).toHaveLength(1);
    expect(job.errors[0]).toMatchObject(expected);
  });

  it('serials that begin like a formula are taken as they are', async () => {
    const odd = ['=1+1', '+84', '-1', '@S'];
    const file = serialFile(...odd.map((one) => [TEA, 'L26-001', one]));
    expect(await imports.run('kind=serials', file.replace('@S', 'S@'))).toMatchObject({ state: 'refused', errors: [{ value: 'S@' }] });
    expect(await imports.run('kind=serials&mode=skip-bad-rows', file)).toMatchObject({ state: 'done', rows: { written: 3, bad: 1 } });
    expect(imports.ledger.world.all('serial').map(({ serial: number }) => number)).toEqual(['=1+1', '+84', '-1']);
  });

  it('can be opened in a spreadsheet without harm', async () => {
    const evil = '=HYPERLINK("http://evil.example","x")';
    const { id } = await imports.run('kind=products', productFile([gtinOf(2), 'Trà', 'A', 'B', evil, 'có', 'thấp'], ['@SUM(1)', 'Trà', 'A', 'B', 'VN', 'có', '-1']));
    const answer = await imports.get(`/v1/imports/${id}/errors.csv`);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="errors.csv"', 'cache-control': 'no-store' });
    const lines = answer.body.split('\r\n');
    expect(lines[0]).toBe('\ufeff"row","column","code","message_vi","message_en","value","details"');
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`);
    expect(lines[2]).toContain(`"'@SUM(1)"`);
    expect(lines[3]).toContain(`"'-1"`);
    expect(lines).toHaveLength(5);
    expect(answer.body).not.toMatch(/(?:^|,)"[=+@-]/m);
  });

  it('are described up to a bound, and all counted', async () => {
    await imports.close();
    imports = await openImportApp({ limits: { errors: 10 } });
    const { id, ...job } = await imports.run('kind=serials&mode=skip-bad-rows', serialFile(...Array.from({ length: 700 }, (_, n) => (n % 7 === 0 ? serialRow(n) : [TEA, 'L26-001', '']))));
    expect(job).toMatchObject({ state: 'done', rows: { read: 700, bad: 600, written: 100 } });
    expect((await imports.errorsFile(id)).trim().split('\r\n')).toHaveLength(11);
    expect(written()).toBe(100);
  });
});

describe('a file that is none', () => {
  it.each<[string, string | Buffer, number, string, Record<string, string>]>([
    ['nothing', '', 400, 'IMPORT_FILE_EMPTY', {}],
    ['line ends', '\r\n\r\n', 400, 'IMPORT_FILE_EMPTY', {}],
    ['UTF-16', Buffer.from(`\ufeff${products(1)}`, 'utf16le'), 400, 'IMPORT_NOT_UTF8', {}],
    ['zeros', Buffer.alloc(100), 400, 'IMPORT_NOT_UTF8', {}],
    ['Windows-1258', Buffer.from([0x4d, 0xe3, 0x3b, 0x47]), 400, 'IMPORT_NOT_UTF8', {}],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 400, 'IMPORT_NOT_UTF8', {}],
    ['an unknown column', csv(';', [...PRODUCT_HEADINGS, 'Màu sắc'], [...productRow(2), 'xanh']), 400, 'IMPORT_COLUMN_UNKNOWN', { column: 'Màu sắc' }],
    ['a column that is missing', csv(';', PRODUCT_HEADINGS.slice(1), productRow(2).slice(1)), 400, 'IMPORT_COLUMN_MISSING', { column: 'Mã GTIN', en: 'GTIN' }],
    ['a column twice', csv(';', [...PRODUCT_HEADINGS, 'GTIN'], [...productRow(2), gtinOf(2)]), 400, 'IMPORT_COLUMN_REPEATED', { column: 'Mã GTIN' }],
    ['headings of the other kind', serials(1), 400, 'IMPORT_COLUMN_UNKNOWN', {}],
    ['a heading that never ends', `"${'x'.repeat(2_000_000)}`, 413, 'IMPORT_ROW_TOO_LONG', {}],
  ])('is refused at once: %s', async (_name, file, status, code, fields) => {
    const answer = await imports.upload('kind=products', file);
    expect([answer.statusCode, answer.json()]).toMatchObject([status, { code, fields }]);
    expect(await imports.spooled()).toEqual([]);
  });

  it.each<[string, string | Buffer, string, Record<string, string>]>([
    ['no rows', productFile(), 'IMPORT_FILE_EMPTY', {}],
    ['a quote that is not closed', `${products(2)}"${'x'.repeat(10)}`, 'IMPORT_CSV_MALFORMED', { row: '4' }],
    ['a quote in the middle', `${products(1)}${gtinOf(3)};a"b;c;d;VN;có;thấp\r\n`, 'IMPORT_CSV_MALFORMED', { row: '3' }],
    ['a cell of a megabyte', `${products(1)}${gtinOf(3)};${'x'.repeat(1_000_000)};c;d;VN;có;thấp\r\n`, 'IMPORT_ROW_TOO_LONG', { row: '3' }],
    ['another encoding further down', Buffer.concat([Buffer.from(products(3000)), Buffer.from([0xff, 0xfe]), Buffer.from(products(1))]), 'IMPORT_NOT_UTF8', {}],
    ['a character cut in two at the end', Buffer.from(`${products(1)}Đ`).subarray(0, -1), 'IMPORT_NOT_UTF8', {}],
  ])('is refused when it is read: %s', async (_name, file, code, fields) => {
    const job = await imports.run('kind=products&mode=skip-bad-rows', file);
    expect(job).toMatchObject({ state: 'refused', rows: { written: 0 }, problem: { code, fields } });
    expect(imports.ledger.submitted).toEqual([]);
    expect(await imports.spooled()).toEqual([]);
  });

  it('is refused beyond its bounds', async () => {
    await imports.close();
    imports = await openImportApp({ limits: { bytes: 10_000, rows: 100 } });
    const large = await imports.upload('kind=products', products(200));
    expect([large.statusCode, large.json()]).toMatchObject([413, { code: 'IMPORT_FILE_TOO_LARGE', fields: { most: '10000' } }]);
    expect(await imports.run('kind=serials', serials(100))).toMatchObject({ state: 'refused', problem: { code: 'IMPORT_TOO_MANY_ROWS', fields: { most: '100' } } });
    expect(await imports.run('kind=serials', serials(99))).toMatchObject({ state: 'done', rows: { written: 99 } });
    expect(await imports.spooled()).toEqual([]);
  });

  it('quotes, separators and line ends inside a cell are text', async () => {
    const name = 'Trà "Shan"; loại 1, 100 g';
    const lines = 'Bản Mây';
    const file = productFile([gtinOf(2), name, 'A', lines, 'VN', 'có', 'thấp'], ['', '', '', '', '', '', ''], [gtinOf(3), 'hai\ndòng', 'A', 'B', 'VN', 'có', 'thấp']);
    const job = await imports.run('kind=products&mode=skip-bad-rows', file);
    expect(job.errors).toEqual([expect.objectContaining({ row: 4, column: 'Tên sản phẩm', code: 'TEXT_NOT_PLAIN' })]);
    expect(product(2)).toMatchObject({ name });
  });
});

describe('any bytes at all', () => {
  const cell = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom('"', '""', ';', ',', '\n', '\r\n', '=1+1', gtinOf(2), 'có', 'thấp', 'VN', '\u0000', '\ufeff'));
  const likely = fc.array(fc.array(cell, { maxLength: 9 }), { maxLength: 6 }).map((rows) => Buffer.from(productFile() + rows.map((row) => row.join(';')).join('\r\n')));

  it('are imported or refused, never a fault of ours', async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(likely, fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))), async (file) => {
      const answer = await imports.upload('kind=products&mode=skip-bad-rows&dryRun=true', file);
      if (answer.statusCode === 202) expect(['done', 'refused']).toContain((await imports.ended(answer)).state);
      else expect([400, 413]).toContain(answer.statusCode);
    }), { numRuns: 150 });
    expect(await imports.spooled()).toEqual([]);
  });
});
