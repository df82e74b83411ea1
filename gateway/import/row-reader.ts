/** One row of a file: what it says, or everything that is wrong with it. */
import { Problem, type ProblemCode, type ProblemFields } from '#domain/errors.js';
import type { CsvRow } from './csv-file.js';
import type { Headings } from './heading-row.js';
import type { Column, ImportEntry, ImportKind } from './import-kind.js';

/** Something wrong with one cell, or with a row as a whole. */
export interface RowError {
  readonly row: number;
  /** the heading, as it is written in the file; empty for the row as a whole */
  readonly column: string;
  readonly code: ProblemCode;
  readonly fields: ProblemFields;
  /** the cell, shortened */
  readonly value: string;
}

export type ReadRow =
  | { readonly entry: ImportEntry }
  | { readonly errors: readonly RowError[] }
  | { readonly empty: true };

const LONGEST_VALUE = 100;

/**
 * @param now milliseconds since 1970: nothing can have happened later
 * @returns the entry, all errors found, or that the row is empty
 */
export function readRow(kind: ImportKind, headings: Headings, row: CsvRow, now: number): ReadRow {
  const cells = row.cells.map((cell) => cell.normalize('NFC').trim());
  if (cells.every((cell) => cell === '')) return { empty: true };
  const tooWide = cells.findIndex((cell, index) => cell !== '' && headings.columns[index] === undefined);
  if (tooWide >= 0) return { errors: [errorAt(row.row, '', new Problem('IMPORT_ROW_TOO_WIDE', { cells: String(cells.length), headings: String(headings.columns.length) }), cells[tooWide] ?? '')] };
  return readCells(kind, headings, { row: row.row, cells }, now);
}

interface Cells {
  readonly row: number;
  readonly cells: readonly string[];
}

function readCells(kind: ImportKind, headings: Headings, { row, cells }: Cells, now: number): ReadRow {
  const values: Record<string, unknown> = {};
  const errors: RowError[] = [];
  for (const [index, column] of headings.columns.entries()) {
    const cell = cells[index] ?? '';
    const problem = column === undefined ? undefined : readCell(column, cell, values);
    if (problem !== undefined) errors.push(errorAt(row, headings.written[index] ?? '', problem, cell));
  }
  return errors.length > 0 ? { errors } : readWhole(kind, headings, { row, cells }, values, now);
}

function readCell(column: Column, cell: string, values: Record<string, unknown>): Problem | undefined {
  if (cell === '') return column.required ? new Problem('FIELD_MISSING') : undefined;
  return caught(() => { values[column.field] = column.read(cell); });
}

/** What the cells mean together. */
function readWhole(kind: ImportKind, headings: Headings, { row, cells }: Cells, values: Readonly<Record<string, unknown>>, now: number): ReadRow {
  let entry: ImportEntry | undefined;
  const problem = caught(() => { entry = kind.entryOf(values, now); });
  if (problem !== undefined) return { errors: [placed(headings, row, cells, problem)] };
  return entry === undefined ? { empty: true } : { entry };
}

function caught(run: () => void): Problem | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** A refusal of the whole names a field of the request; the column is the one that this field comes from. */
function placed(headings: Headings, row: number, cells: readonly string[], problem: Problem): RowError {
  const field = problem.fields['field'] ?? '';
  const index = headings.columns.findIndex((column) => column !== undefined && (field === column.field || field.startsWith(`${column.field}.`) || field.startsWith(`${column.field}[`)));
  return errorAt(row, headings.written[index] ?? field, problem, cells[index] ?? '');
}

/** An error as it is kept and shown. */
export function errorAt(row: number, column: string, { code, fields }: Problem, value: string): RowError {
  return { row, column: column.slice(0, LONGEST_VALUE), code, fields, value: value.slice(0, LONGEST_VALUE) };
}
