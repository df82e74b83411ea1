/** A table as a registrar sends it, whatever the file was. */
import type { Cell } from '#domain/credential/diploma-cells.js';
import type { ProblemCode } from '#domain/errors.js';

export interface TableRow {
  /** as the spreadsheet numbers it, from 1; empty rows count */
  readonly row: number;
  /** a cell that a spreadsheet shows as a date is `2003-05-31` */
  readonly cells: readonly Cell[];
  /** cells that hold no value though they should */
  readonly faults: readonly CellFault[];
}

export interface CellFault {
  readonly row: number;
  /** from 0 */
  readonly cell: number;
  readonly code: ProblemCode;
}

export interface TableLimits {
  /** bytes of the file */
  readonly bytes: number;
  /** bytes of all parts of a spreadsheet that are read, inflated; characters of all its cells */
  readonly inflated: number;
  /** rows, the headings and what stands above them too */
  readonly rows: number;
  readonly columns: number;
  /** characters of a cell; of a longer one, one character more comes out */
  readonly cell: number;
}

/** Ten thousand graduates, with some lines of title above them. */
export const TABLE_LIMITS: TableLimits = { bytes: 8 * 1024 * 1024, inflated: 40 * 1024 * 1024, rows: 10_050, columns: 64, cell: 1_000 };
