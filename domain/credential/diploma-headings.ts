/** The first row of a registrar's table: which column holds what. */
import { Problem, require } from '../errors.js';
import { plainWords } from '../plain-words.js';
import { tidyText, type Cell } from './diploma-cells.js';
import { DIPLOMA_COLUMNS, type DiplomaColumn, type DiplomaDefault } from './diploma-columns.js';

export interface DiplomaHeadings {
  /** What stands in each column; `undefined` for one without a heading. */
  readonly columns: readonly (DiplomaColumn | undefined)[];
  /** The headings as they are written in the file. */
  readonly written: readonly string[];
}

const LONGEST_HEADING = 100;

const BY_WORDS: ReadonlyMap<string, DiplomaColumn> = new Map(
  DIPLOMA_COLUMNS.flatMap((column) => [column.field, column.vi, column.en, ...(column.also ?? [])]
    .filter((heading) => heading !== 'ignored')
    .map((heading) => [plainWords(heading), column] as const)),
);

/**
 * Reads the headings, in Vietnamese or English, with or without accents, in any order. The name may stand in one column or in
 * two (`Họ đệm`, `Tên`).
 *
 * @param cells of the first row
 * @param known what the batch states for every row, so that no column is needed for it
 * @throws Problem IMPORT_COLUMN_UNKNOWN, IMPORT_COLUMN_REPEATED, IMPORT_COLUMN_MISSING, each with field `column`
 */
export function readDiplomaHeadings(cells: readonly Cell[], known: readonly DiplomaDefault[] = []): DiplomaHeadings {
  const written = cells.map((cell) => tidyText(String(cell)).slice(0, LONGEST_HEADING));
  const columns = written.map(columnOf);
  const present = columns.filter((column) => column !== undefined);
  requireOnce(present);
  requireName(present);
  const needed = DIPLOMA_COLUMNS.filter(({ field, required }) => required && field !== 'fullName' && !(known as readonly string[]).includes(field));
  requireColumns(needed, present);
  return { columns, written };
}

function columnOf(heading: string): DiplomaColumn | undefined {
  if (heading === '') return undefined;
  const column = BY_WORDS.get(plainWords(heading)) ?? (heading === '#' ? BY_WORDS.get('stt') : undefined);
  require(column !== undefined, 'IMPORT_COLUMN_UNKNOWN', { column: heading });
  return column;
}

function requireOnce(present: readonly DiplomaColumn[]): void {
  const repeated = present.find((column, at) => column.field !== 'ignored' && present.indexOf(column) !== at);
  if (repeated !== undefined) throw new Problem('IMPORT_COLUMN_REPEATED', { column: repeated.vi, en: repeated.en });
}

/** The whole name, or its two parts; not both, since they could differ. */
function requireName(present: readonly DiplomaColumn[]): void {
  const fields = new Set(present.map((one) => one.field));
  const parts = fields.has('familyName') || fields.has('givenName');
  if (fields.has('fullName')) require(!parts, 'IMPORT_COLUMN_REPEATED', { column: 'Họ và tên', en: 'Full name' });
  else requireColumns(DIPLOMA_COLUMNS.filter(({ field }) => (parts ? field === 'familyName' || field === 'givenName' : field === 'fullName')), present);
}

function requireColumns(needed: readonly DiplomaColumn[], present: readonly DiplomaColumn[]): void {
  const missing = needed.find((column) => !present.includes(column));
  if (missing !== undefined) throw new Problem('IMPORT_COLUMN_MISSING', { column: missing.vi, en: missing.en });
}
