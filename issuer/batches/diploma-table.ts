/** A registrar's table read as diplomas: where its headings stand, and what is wrong with which row. */
import type { Cell } from '#domain/credential/diploma-cells.js';
import { DIPLOMA_COLUMNS, type DiplomaDefault } from '#domain/credential/diploma-columns.js';
import { readDiplomaHeadings, type DiplomaHeadings } from '#domain/credential/diploma-headings.js';
import { diplomaRowReader, type DiplomaBatch, type DiplomaRow, type DiplomaRowError } from '#domain/credential/diploma-rows.js';
import { Problem } from '#domain/errors.js';
import { plainWords } from '#domain/plain-words.js';
import type { CellFault, TableRow } from './table/table.js';

/** A row that can be issued. */
export interface GoodRow {
  /** in the file, from 1 */
  readonly row: number;
  readonly diploma: Extract<DiplomaRow, { diploma: unknown }>['diploma'];
  readonly personal: Extract<DiplomaRow, { diploma: unknown }>['personal'];
}

export interface ReadTable {
  readonly good: readonly GoodRow[];
  readonly errors: readonly DiplomaRowError[];
  /** rows with data */
  readonly rows: number;
  readonly headings: DiplomaHeadings;
}

/** Above the headings stand the names of ministry and university, and what the list is. */
const LOOKED_AT = 40;
/** A row of which fewer cells are known is no row of headings. */
const LEAST_KNOWN = 3;
/** After so many rows others get their turn. */
const ROWS_AT_ONCE = 200;

const KNOWN = new Set(DIPLOMA_COLUMNS.flatMap(({ vi, en, also = [] }) => [vi, en, ...also]).map(plainWords).filter((words) => words !== ''));

/**
 * @param rows of the file; headings may stand below some lines of title
 * @throws Problem BATCH_HEADINGS_MISSING, IMPORT_COLUMN_UNKNOWN, IMPORT_COLUMN_REPEATED, IMPORT_COLUMN_MISSING (field
 *   `column`); what is wrong with the batch itself
 */
export async function readDiplomaTable(rows: readonly TableRow[], batch: DiplomaBatch): Promise<ReadTable> {
  const at = headingRow(rows);
  const headings = readDiplomaHeadings(withoutEmptyEnd(rows[at]?.cells ?? []), Object.keys(batch.defaults) as DiplomaDefault[]);
  const read = diplomaRowReader(headings, batch);
  const good: GoodRow[] = [];
  const errors: DiplomaRowError[] = [];
  const bad = new Set<number>();
  for (const { row, cells, faults } of rows.slice(at + 1)) {
    const found = withFaults(read(row, cells), faults, headings);
    if ('diploma' in found) good.push({ row, ...found });
    if ('errors' in found) bad.add(row);
    if ('errors' in found) errors.push(...found.errors);
    if (row % ROWS_AT_ONCE === 0) await new Promise(setImmediate);
  }
  return { good, errors, rows: good.length + bad.size, headings };
}

/** The row in which most cells are known headings, the first of them. */
function headingRow(rows: readonly TableRow[]): number {
  const known = rows.slice(0, LOOKED_AT).map(({ cells }) => cells.filter(isHeading).length);
  const most = Math.max(0, ...known);
  if (most < LEAST_KNOWN) throw new Problem('BATCH_HEADINGS_MISSING', { known: String(most) });
  return known.indexOf(most);
}

function isHeading(cell: Cell): boolean {
  return typeof cell === 'string' && cell.length <= 100 && KNOWN.has(plainWords(cell));
}

/** What spreadsheets leave to the right of a table. */
function withoutEmptyEnd(cells: readonly Cell[]): readonly Cell[] {
  return cells.slice(0, cells.findLastIndex((cell) => String(cell).trim() !== '') + 1);
}

/** A cell whose formula failed has no value, and may look like one that was left empty. */
function withFaults(found: DiplomaRow, faults: readonly CellFault[], { columns, written }: DiplomaHeadings): DiplomaRow {
  const counting = faults.filter(({ cell }) => columns[cell] !== undefined && columns[cell]?.field !== 'ignored');
  if (counting.length === 0) return found;
  const errors = counting.map(({ row, cell, code }): DiplomaRowError => ({ row, column: written[cell] ?? '', code, fields: {}, value: '' }));
  const columnsAtFault = new Set(errors.map(({ column }) => column));
  const others = 'errors' in found ? found.errors.filter(({ column }) => !columnsAtFault.has(column)) : [];
  return { errors: [...errors, ...others] };
}
