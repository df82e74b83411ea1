/** Whatever a registrar sends, as rows of cells. */
import { require } from '#domain/errors.js';
import { isSpreadsheet, readSpreadsheet } from './spreadsheet.js';
import { TABLE_LIMITS, type TableLimits, type TableRow } from './table.js';
import { readTextTable } from './text-table.js';

/** What older spreadsheet programs write (Compound File Binary); it says nothing of a table to us. */
const COMPOUND_FILE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

/**
 * The rows of a CSV file or of a workbook's first sheet; what it is shows in its first bytes, whatever its name says.
 *
 * @throws Problem IMPORT_FILE_EMPTY, IMPORT_FILE_TOO_LARGE, BATCH_FILE_KIND_UNKNOWN, those of `readTextTable` and
 *   `readSpreadsheet`
 */
export async function readTable(bytes: Buffer, limits: TableLimits = TABLE_LIMITS): Promise<TableRow[]> {
  require(bytes.length > 0, 'IMPORT_FILE_EMPTY');
  require(bytes.length <= limits.bytes, 'IMPORT_FILE_TOO_LARGE', { most: String(limits.bytes) });
  require(!bytes.subarray(0, 4).equals(COMPOUND_FILE), 'BATCH_FILE_KIND_UNKNOWN', { expected: 'CSV, XLSX' });
  return isSpreadsheet(bytes) ? readSpreadsheet(bytes, limits) : readTextTable(bytes, limits);
}
