/** CSV as spreadsheets write it (RFC 4180, with either separator), read row by row without holding more than one. */
import type { Buffer } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse, type Options } from 'csv-parse';
import { Problem } from '#domain/errors.js';

export interface CsvRow {
  /** as the spreadsheet numbers it: the headings are row 1, empty rows count */
  readonly row: number;
  readonly cells: readonly string[];
  /** octets of the file up to and with this row */
  readonly bytes: number;
}

export type Separator = ',' | ';' | '\t';

/** Beyond it a quote was never closed. */
const LONGEST_ROW = 65_536;
const CHUNK_BYTES = 65_536;

/**
 * The rows of a file.
 *
 * @param rows how many to read; all, if absent. What comes after them may be anything
 * @throws Problem IMPORT_NOT_UTF8, IMPORT_CSV_MALFORMED, IMPORT_ROW_TOO_LONG (field `row`)
 */
export async function* readCsv(path: string, separator: Separator, rows?: number): AsyncGenerator<CsvRow> {
  const parser = parse({ ...OPTIONS, delimiter: separator, ...(rows === undefined ? {} : { to: rows }) });
  pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), requireUtf8, parser, () => undefined); // what fails comes out of the parser
  let row = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { bytes: number } }>) {
      row += 1;
      yield { row, cells: record, bytes: info.bytes };
    }
  } catch (error) {
    throw problemOf(error, row);
  }
}

const OPTIONS: Options = {
  bom: true, info: true, relax_column_count: true, skip_empty_lines: false,
  max_record_size: LONGEST_ROW, record_delimiter: ['\r\n', '\n', '\r'],
};

/** Passes on what is valid; a character may be cut by the end of a chunk. */
async function* requireUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of chunks) {
    decoder.decode(chunk, { stream: true });
    yield chunk;
  }
  decoder.decode();
}

/** @param read rows that came out; the parser may have read further when it met the error */
function problemOf(error: unknown, read: number): unknown {
  if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return new Problem('IMPORT_NOT_UTF8', { after: String(read) });
  if (!(error instanceof CsvError)) return error;
  const row = typeof error['records'] === 'number' ? error['records'] + 1 : read + 1;
  return new Problem(error.code === 'CSV_MAX_RECORD_SIZE' ? 'IMPORT_ROW_TOO_LONG' : 'IMPORT_CSV_MALFORMED', { row: String(row) });
}
