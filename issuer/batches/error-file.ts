/** Everything that is wrong with a table, as a table: to be worked through beside the one that is mended. */
import type { DiplomaRowError } from '#domain/credential/diploma-rows.js';
import { PROBLEMS } from '#domain/errors.js';
import { BYTE_ORDER_MARK, csvLine } from './csv-lines.js';

const HEADINGS = ['Dòng', 'Cột', 'Giá trị', 'Lỗi', 'Error', 'Mã lỗi', 'Chi tiết'];

/** One line for each error, in the order of the rows. */
export async function* errorFile(errors: AsyncIterable<DiplomaRowError>): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(HEADINGS);
  for await (const { row, column, code, fields, value } of errors) {
    const { vi, en } = PROBLEMS[code];
    const details = Object.entries(fields).map(([name, text]) => `${name}: ${text}`).join('; ');
    yield csvLine([row === 0 ? '' : String(row), column, value, vi, en, code, details]);
  }
}
