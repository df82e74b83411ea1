/** The first row of a file: which column holds what. */
import { createReadStream } from 'node:fs';
import { Problem, require } from '#domain/errors.js';
import { readCsv, type CsvRow, type Separator } from './csv-file.js';
import type { Column, ImportKind } from './import-kind.js';
import { plainWords } from './plain-words.js';

export interface Headings {
  readonly separator: Separator;
  /** what stands in each column; `undefined` for one without a heading */
  readonly columns: readonly (Column | undefined)[];
  /** the headings as they are written in the file */
  readonly written: readonly string[];
}

const SEPARATORS: readonly Separator[] = [';', ',', '\t'];
const LOOKED_AT_BYTES = 16_384;

/**
 * Reads the headings, in Vietnamese or English, with or without accents, in any order.
 *
 * @throws Problem IMPORT_FILE_EMPTY, IMPORT_NOT_UTF8, IMPORT_COLUMN_UNKNOWN, IMPORT_COLUMN_REPEATED,
 *   IMPORT_COLUMN_MISSING (field `column`), and those of `readCsv`
 */
export async function readHeadings(path: string, kind: ImportKind): Promise<Headings> {
  await requireText(path);
  const separator = await likeliestSeparator(path, kind);
  const first = await firstRow(path, separator);
  require(first !== undefined && first.cells.some((cell) => cell.trim() !== ''), 'IMPORT_FILE_EMPTY', {});
  const columns = first.cells.map((cell) => columnOf(kind, cell));
  requireOnce(columns);
  const missing = kind.columns.find((column) => column.required && !columns.includes(column));
  require(missing === undefined, 'IMPORT_COLUMN_MISSING', { column: missing?.vi ?? '', en: missing?.en ?? '' });
  return { separator, columns, written: first.cells.map((cell) => cell.trim()) };
}

/** A file in UTF-16, or of another kind, has zeros in it from the start. */
async function requireText(path: string): Promise<void> {
  for await (const chunk of createReadStream(path, { end: LOOKED_AT_BYTES - 1 }) as AsyncIterable<Buffer>) {
    require(!chunk.includes(0) && !chunk.subarray(0, 2).equals(UTF16_MARK), 'IMPORT_NOT_UTF8', { after: '0' });
  }
}

const UTF16_MARK = Buffer.from([0xff, 0xfe]);

/** The separator with which most headings are known: a heading may itself hold the other one. */
async function likeliestSeparator(path: string, kind: ImportKind): Promise<Separator> {
  let best: { separator: Separator; known: number } = { separator: ',', known: -1 };
  for (const separator of SEPARATORS) {
    const known = await knownHeadings(path, separator, kind);
    if (known > best.known) best = { separator, known };
  }
  return best.separator;
}

async function knownHeadings(path: string, separator: Separator, kind: ImportKind): Promise<number> {
  try {
    const row = await firstRow(path, separator);
    return (row?.cells ?? []).filter((cell) => findColumn(kind, cell) !== undefined).length;
  } catch (error) {
    if (error instanceof Problem) return -1; // with this separator it cannot be read
    throw error;
  }
}

async function firstRow(path: string, separator: Separator): Promise<CsvRow | undefined> {
  for await (const row of readCsv(path, separator, 1)) return row;
  return undefined;
}

function columnOf(kind: ImportKind, cell: string): Column | undefined {
  if (cell.trim() === '') return undefined;
  const column = findColumn(kind, cell);
  require(column !== undefined, 'IMPORT_COLUMN_UNKNOWN', { column: cell.trim().slice(0, 100) });
  return column;
}

function findColumn(kind: ImportKind, cell: string): Column | undefined {
  const words = plainWords(cell.slice(0, 200));
  return kind.columns.find(({ field, vi, en, also = [] }) => [field, vi, en, ...also].some((heading) => plainWords(heading) === words));
}

function requireOnce(columns: readonly (Column | undefined)[]): void {
  const repeated = columns.find((column, index) => column !== undefined && columns.indexOf(column) !== index);
  require(repeated === undefined, 'IMPORT_COLUMN_REPEATED', { column: repeated?.vi ?? '', en: repeated?.en ?? '' });
}
