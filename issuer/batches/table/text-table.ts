/** CSV as spreadsheets write it (RFC 4180, with any of their separators), in UTF-8 or UTF-16. */
import { CsvError, parse } from 'csv-parse/sync';
import { Problem, require } from '#domain/errors.js';
import type { TableLimits, TableRow } from './table.js';

const SEPARATORS = [';', ',', '\t'] as const;
type Separator = typeof SEPARATORS[number];

const UTF16_LE = Buffer.from([0xff, 0xfe]);
const UTF16_BE = Buffer.from([0xfe, 0xff]);
/** Beyond it a quote was never closed. */
const LONGEST_ROW = 65_536;
/** In so many of the first lines the separator shows. */
const LOOKED_AT = 40;

/**
 * @param bytes the whole file, with or without byte order mark
 * @throws Problem IMPORT_NOT_UTF8, IMPORT_CSV_MALFORMED, IMPORT_ROW_TOO_LONG (field `row`), IMPORT_TOO_MANY_ROWS
 */
export function readTextTable(bytes: Buffer, limits: TableLimits): TableRow[] {
  const text = textOf(bytes);
  const rows = records(text, separatorOf(text), limits.rows + 1);
  require(rows.length <= limits.rows, 'IMPORT_TOO_MANY_ROWS', { most: String(limits.rows) });
  return rows.map((cells, index) => ({ row: index + 1, cells: cells.map((cell) => cell.slice(0, limits.cell + 1)), faults: [] }));
}

/** Spreadsheets call UTF-16 "Unicode text", and mark it. */
function textOf(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2);
  const encoding = mark.equals(UTF16_LE) ? 'utf-16le' : mark.equals(UTF16_BE) ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    require(!text.includes('\0'), 'IMPORT_NOT_UTF8', { after: '0' });
    return text;
  } catch (error) {
    throw error instanceof TypeError ? new Problem('IMPORT_NOT_UTF8', { after: '0' }) : error;
  }
}

/** The separator that the first lines hold most of, outside quotes: a name may hold a comma, a heading a semicolon. */
function separatorOf(text: string): Separator {
  const head = text.slice(0, LONGEST_ROW).split(/\r\n|\n|\r/, LOOKED_AT).join('\n').replaceAll(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((separator) => head.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function records(text: string, delimiter: Separator, to: number): string[][] {
  try {
    return parse(text, { delimiter, to, relax_column_count: true, skip_empty_lines: false, max_record_size: LONGEST_ROW, record_delimiter: ['\r\n', '\n', '\r'] });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const row = typeof error['records'] === 'number' ? error['records'] + 1 : 1;
    throw new Problem(error.code === 'CSV_MAX_RECORD_SIZE' ? 'IMPORT_ROW_TOO_LONG' : 'IMPORT_CSV_MALFORMED', { row: String(row) });
  }
}
