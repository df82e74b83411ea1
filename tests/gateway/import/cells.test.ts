import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '#domain/errors.js';
import { oneOfWords, readComponents, readCountry, readDate, readGtin, readList, readProvince, readYesNo } from '../../../gateway/import/cell-values.js';
import { csvLine } from '../../../gateway/import/csv-text.js';
import { plainWords } from '../../../gateway/import/plain-words.js';
import { RowMarks } from '../../../gateway/import/row-marks.js';
import { SeenKeys } from '../../../gateway/import/seen-keys.js';

const codeOf = (run: () => unknown): string => {
  try {
    return JSON.stringify(run());
  } catch (error) {
    return (error as Problem).code;
  }
};

describe('a cell', () => {
  it.each<[string, (text: string) => unknown, string, unknown]>([
    ['a GTIN-13', readGtin, '9520000000011', '09520000000011'],
    ['a GTIN-14', readGtin, '09520000000011', '09520000000011'],
    ['a rounded number', readGtin, '9.52E+12', 'IMPORT_NUMBER_MANGLED'],
    ['a rounded number with a comma', readGtin, '9,52E12', 'IMPORT_NUMBER_MANGLED'],
    ['a formula', readGtin, '="9520000000011"', 'GTIN_MALFORMED'],
    ['a mistyped GTIN', readGtin, '9520000000012', 'GTIN_CHECK_DIGIT_WRONG'],
    ['a date, day first', readDate, '31/12/2026', '2026-12-31'],
    ['a short date', readDate, '1/2/2026', '2026-02-01'],
    ['a date as computers write it', readDate, '2026-12-31', '2026-12-31'],
    ['a date, month first', readDate, '12/31/2026', 'IMPORT_DATE_WRONG'],
    ['a date of no calendar', readDate, '29/02/2026', 'IMPORT_DATE_WRONG'],
    ['a date of two-digit year', readDate, '31/12/26', 'IMPORT_DATE_WRONG'],
    ['a spreadsheet\'s serial number', readDate, '46387', 'IMPORT_DATE_WRONG'],
    ['yes', readYesNo, 'Có', true],
    ['yes, decomposed', readYesNo, 'Co\u0301', true],
    ['no', readYesNo, 'KHÔNG', false],
    ['neither', readYesNo, 'maybe', 'IMPORT_YES_NO_WRONG'],
    ['a word', oneOfWords({ 'trung binh': 'medium' }), 'Trung bình', 'medium'],
    ['a word of no list', oneOfWords({ 'trung binh': 'medium' }), 'toString', 'IMPORT_WORD_UNKNOWN'],
    ['a list', readList, 'a | b\n c ||', ['a', 'b', 'c']],
    ['a province', readProvince, 'Hà Nội', '01'],
    ['a province with another accent', readProvince, 'ha noi', '01'],
    ['a province code', readProvince, '79', '79'],
    ['no province', readProvince, 'Atlantis', 'PROVINCE_UNKNOWN'],
    ['a province code that lost its zero', readProvince, '1', 'PROVINCE_UNKNOWN'],
    ['a country by name', readCountry, 'Việt Nam', 'VN'],
    ['a country code', readCountry, 'jp', 'JP'],
    ['a country of many letters', readCountry, 'JPN', 'IMPORT_WORD_UNKNOWN'],
    ['components', readComponents, 'acetone:95:99.5|toluene: 0:1', [{ substance: 'acetone', least: '95', most: '99.5' }, { substance: 'toluene', least: '0', most: '1' }]],
    ['a component cut short', readComponents, 'acetone:95', 'IMPORT_COMPONENT_MALFORMED'],
    ['a component drawn out', readComponents, 'acetone:95:96:97', 'IMPORT_COMPONENT_MALFORMED'],
  ])('%s', (_name, read, text, expected) => {
    expect(codeOf(() => read(text))).toBe(typeof expected === 'string' && /^[A-Z]+_/.test(expected) ? expected : JSON.stringify(expected));
  });

  it('is the same word with and without accents, composed and decomposed, in any case', () => {
    for (const text of ['Đường', 'ĐƯỜNG', 'đường', 'Đường'.normalize('NFD'), 'duong', ' Đường: ']) expect(plainWords(text)).toBe('duong');
  });
});

describe('a cell to be opened in a spreadsheet', () => {
  it.each([
    ['=1+1', `"'=1+1"`], ['+84 1', `"'+84 1"`], ['-1', `"'-1"`], ['@SUM(A1)', `"'@SUM(A1)"`], ['\t=1', `"'\t=1"`], ['\r=1', `"'\r=1"`],
    ['a=1', '"a=1"'], ['"', '""""'], ['a,b;c', '"a,b;c"'], ['a\nb', '"a\nb"'], ['', '""'], ['Trà', '"Trà"'],
    ['=cmd|\' /C calc\'!A0', `"'=cmd|' /C calc'!A0"`],
  ])('%j is written as %s', (cell, written) => {
    expect(csvLine([cell])).toBe(`${written}\r\n`);
  });

  it('never begins with a formula', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (cells) => {
      const line = csvLine(cells);
      expect(line.endsWith('"\r\n')).toBe(true);
      const opened = [...line.matchAll(/(?:^|,)"((?:[^"]|"")*)"(?=,|\r\n$)/g)].map(([, cell = '']) => cell);
      expect(opened.every((cell) => !/^[=+\-@\t\r\n]/.test(cell))).toBe(true);
    }));
  });
});

describe('keys of a file', () => {
  it('are found again with their rows, as in a plain map', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 3000 }).map((n) => `/01/09520000000011/21/S${n}`), { maxLength: 6000 }), (keys) => {
      const seen = new SeenKeys();
      const map = new Map<string, number>();
      keys.forEach((key, index) => {
        expect(seen.add(key, index + 2)).toBe(map.get(key));
        if (!map.has(key)) map.set(key, index + 2);
      });
    }), { numRuns: 20 });
  });

  it('are held in little memory', () => {
    const seen = new SeenKeys();
    const before = process.memoryUsage().arrayBuffers;
    for (let n = 0; n < 100_000; n++) seen.add(`/01/09520000000011/21/S${n}`, n + 2);
    expect(seen.add('/01/09520000000011/21/S99999', 1)).toBe(100_001);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
  });
});

describe('marks of rows', () => {
  it('are kept, also through storage', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 200_000 }), { maxLength: 50 }), fc.integer({ min: 1, max: 200_000 }), (rows, other) => {
      const marks = new RowMarks();
      for (const row of rows) marks.mark(row);
      const again = new RowMarks(Buffer.from(marks.bytes));
      expect(rows.every((row) => again.has(row))).toBe(true);
      expect(again.has(other)).toBe(rows.includes(other));
    }));
  });
});
