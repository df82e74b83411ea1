/** The first passage through a file: everything that is wrong with it, before anything is written. */
import { Problem, require } from '#domain/errors.js';
import type { JobOwner } from '../jobs/ledger-writer.js';
import { readCsv, type CsvRow } from './csv-file.js';
import type { Headings } from './heading-row.js';
import type { ImportEntry, ImportKind } from './import-kind.js';
import type { Foresee, ImportLimits } from './ports.js';
import { RowMarks } from './row-marks.js';
import { errorAt, readRow, type ReadRow, type RowError } from './row-reader.js';
import { SeenKeys } from './seen-keys.js';

export interface FileCheck {
  readonly path: string;
  readonly kind: ImportKind;
  readonly headings: Headings;
  readonly owner: JobOwner;
  readonly foresee: Foresee;
  readonly limits: ImportLimits;
  readonly now: () => number;
  /** Takes down errors, some hundreds at a time. */
  readonly note: (errors: readonly RowError[]) => Promise<void>;
  /** Told now and then how far it is; true: stop. */
  readonly onProgress: (rows: number, bytes: number) => Promise<boolean>;
}

export interface CheckedFile {
  /** rows with data */
  readonly rows: number;
  /** of them wrong */
  readonly bad: number;
  /** the wrong ones */
  readonly marks: RowMarks;
}

const NOTED_AT_ONCE = 500;
const PROGRESS_EVERY = 500;

/**
 * @returns what was found, or `undefined` if it was told to stop
 * @throws Problem IMPORT_FILE_EMPTY, IMPORT_TOO_MANY_ROWS, and those of `readCsv`
 */
export async function checkFile(check: FileCheck): Promise<CheckedFile | undefined> {
  const found = new Findings(check);
  for await (const row of readCsv(check.path, check.headings.separator)) {
    require(row.row <= check.limits.rows, 'IMPORT_TOO_MANY_ROWS', { most: String(check.limits.rows) });
    if (row.row > 1) await found.look(row);
    if (row.row % PROGRESS_EVERY === 0 && await check.onProgress(row.row, row.bytes)) return undefined;
  }
  await found.finish();
  require(found.rows > 0, 'IMPORT_FILE_EMPTY', {});
  return found;
}

class Findings implements CheckedFile {
  rows = 0;
  bad = 0;
  readonly marks = new RowMarks();
  readonly #check: FileCheck;
  readonly #seen = new SeenKeys();
  #noted = 0;
  #waiting: RowError[] = [];

  constructor(check: FileCheck) {
    this.#check = check;
  }

  async look(row: CsvRow): Promise<void> {
    const { kind, headings, now } = this.#check;
    const read = readRow(kind, headings, row, now());
    if ('empty' in read) return;
    this.rows += 1;
    const errors = await this.#errorsOf(row, read);
    if (errors.length === 0) return;
    this.bad += 1;
    this.marks.mark(row.row);
    await this.#note(errors);
  }

  async finish(): Promise<void> {
    await this.#check.note(this.#waiting);
    this.#waiting = [];
  }

  async #errorsOf({ row }: CsvRow, read: Exclude<ReadRow, { empty: true }>): Promise<readonly RowError[]> {
    if ('errors' in read) return read.errors;
    const earlier = this.#seen.add(read.entry.key, row);
    const problem = earlier === undefined
      ? await this.#check.foresee(this.#check.owner, read.entry)
      : new Problem('IMPORT_REPEATED_IN_FILE', { row: String(earlier) });
    return problem === undefined ? [] : [errorOfEntry(this.#check.headings, row, read.entry, problem)];
  }

  async #note(errors: readonly RowError[]): Promise<void> {
    if (this.#noted >= this.#check.limits.errors) return;
    this.#noted += 1;
    this.#waiting.push(...errors);
    if (this.#waiting.length >= NOTED_AT_ONCE) await this.#check.note(this.#waiting.splice(0));
  }
}

/** The column that a refusal of the ledger is about: what it names. */
const COLUMN_OF_CODE: Readonly<Record<string, string>> = { LOT_UNKNOWN: 'lot', LOT_IS_BULK: 'lot', ITEM_ALREADY_COMMISSIONED: 'serial' };

/** A refusal of a row that could be read, placed at the cell it is about. */
export function errorOfEntry({ columns, written }: Headings, row: number, entry: ImportEntry, problem: Problem): RowError {
  const field = COLUMN_OF_CODE[problem.code] ?? (entry.kind === 'serials' && problem.code === 'IMPORT_REPEATED_IN_FILE' ? 'serial' : 'gtin');
  const index = columns.findIndex((column) => column?.field === field);
  return errorAt(row, written[index] ?? '', problem, valueOf(entry, field));
}

function valueOf(entry: ImportEntry, field: string): string {
  if (entry.kind === 'products') return entry.request.gtin;
  return field === 'lot' ? entry.lot : field === 'serial' ? entry.serial : entry.gtin;
}
