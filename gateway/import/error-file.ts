/** The errors of an import as a file: one line for each, in both languages. */
import { PROBLEMS } from '#domain/errors.js';
import { BYTE_ORDER_MARK, csvLine } from './csv-text.js';
import type { RowError } from './row-reader.js';

const HEADINGS = ['row', 'column', 'code', 'message_vi', 'message_en', 'value', 'details'];

/** @returns the file, piece by piece */
export async function* errorFile(errors: AsyncIterable<RowError>): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(HEADINGS);
  for await (const { row, column, code, fields, value } of errors) {
    const { vi, en } = PROBLEMS[code];
    const details = Object.entries(fields).filter(([name]) => name !== 'field').map(([name, text]) => `${name}: ${text}`).join('; ');
    yield csvLine([String(row), column, code, vi, en, value, details]);
  }
}
