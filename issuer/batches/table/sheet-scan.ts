/**
 * A worksheet's XML looked over before a parser gets it (ECMA-376 part 1, 18.3.1): the parser makes room for whatever
 * row and column a cell names, and takes failed formulas for empty cells.
 */
import { Problem, require } from '#domain/errors.js';
import type { CellFault, TableLimits } from './table.js';

/** A row or cell with its attributes, each in quotes of its own, as every program writes them. */
const TAG = /<(?:[A-Za-z][\w.-]{0,20}:)?(row|c)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*)\s*(\/?)>/g;
/** As many of them as any parser could see. */
const ANY_TAG = /<(?:[A-Za-z][\w.-]{0,20}:)?(?:row|c)(?=[\s/>])/g;
const ATTRIBUTE = /\s([rt])\s*=\s*["']([^"']*)["']/g;
const ADDRESS = /^([A-Z]{1,3})([1-9][0-9]{0,6})$/;
const ROW = /^[1-9][0-9]{0,6}$/;
const FORMULA = /\s*<(?:[A-Za-z][\w.-]{0,20}:)?f[\s/>]/y;
const VALUE = /<(?:[A-Za-z][\w.-]{0,20}:)?(?:v|is)[\s/>]/;

/**
 * @param xml of one worksheet
 * @returns the cells that hold no value: formulas that failed, and formulas that nobody calculated
 * @throws Problem BATCH_SPREADSHEET_BROKEN, BATCH_SPREADSHEET_TOO_LARGE, IMPORT_TOO_MANY_ROWS, IMPORT_ROW_TOO_WIDE
 */
export function scanSheet(xml: string, limits: TableLimits): CellFault[] {
  const scan = new SheetScan(xml, limits);
  for (const match of xml.matchAll(TAG)) scan.see(match);
  scan.end();
  return scan.faults;
}

class SheetScan {
  readonly faults: CellFault[] = [];
  readonly #xml: string;
  readonly #limits: TableLimits;
  #seen = 0;
  /** the last cell, and where its content begins */
  #open: { readonly address: Address; readonly start: number } | undefined;

  constructor(xml: string, limits: TableLimits) {
    this.#xml = xml;
    this.#limits = limits;
  }

  see({ 0: tag, 1: name, 2: attributes = '', index }: RegExpExecArray): void {
    this.#close(index);
    this.#seen += 1;
    const { rows, columns } = this.#limits;
    require(this.#seen <= rows * (columns + 1), 'BATCH_SPREADSHEET_TOO_LARGE', { most: String(rows * columns) });
    const { r = '', t } = attributesOf(attributes);
    if (name === 'row') return requireRow(r, this.#limits);
    const address = requireCell(r, this.#limits);
    if (t === 'e') this.faults.push({ ...address, code: 'BATCH_CELL_FAILED' });
    this.#open = { address, start: index + tag.length };
  }

  end(): void {
    this.#close(this.#xml.length);
    require(this.#seen === countOf(this.#xml), 'BATCH_SPREADSHEET_BROKEN', { reason: 'worksheet' });
  }

  /** A cell's content ends before the next cell; the formula is its first element. */
  #close(end: number): void {
    const cell = this.#open;
    this.#open = undefined;
    FORMULA.lastIndex = cell?.start ?? end;
    if (cell === undefined || !FORMULA.test(this.#xml) || VALUE.test(this.#xml.slice(cell.start, end))) return;
    this.faults.push({ ...cell.address, code: 'BATCH_FORMULA_NOT_CALCULATED' });
  }
}

function attributesOf(text: string): { r?: string; t?: string } {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (Object.hasOwn(found, name)) throw new Problem('BATCH_SPREADSHEET_BROKEN', { reason: 'attribute' });
    found[name] = value;
  }
  return found;
}

function countOf(xml: string): number {
  let count = 0;
  for (const _ of xml.matchAll(ANY_TAG)) count += 1;
  return count;
}

function requireRow(r: string, { rows }: TableLimits): void {
  require(r === '' || ROW.test(r), 'BATCH_SPREADSHEET_BROKEN', { reason: 'row number' });
  require(Number(r) <= rows, 'IMPORT_TOO_MANY_ROWS', { most: String(rows), row: r });
}

interface Address {
  readonly row: number;
  /** from 0 */
  readonly cell: number;
}

function requireCell(r: string, { rows, columns }: TableLimits): Address {
  const [, letters = '', digits = ''] = ADDRESS.exec(r) ?? [];
  require(letters !== '', 'BATCH_SPREADSHEET_BROKEN', { reason: 'cell address' });
  const cell = Array.from(letters).reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  require(Number(digits) <= rows, 'IMPORT_TOO_MANY_ROWS', { most: String(rows), row: digits });
  require(cell < columns, 'IMPORT_ROW_TOO_WIDE', { row: digits, cells: letters, headings: String(columns) });
  return { row: Number(digits), cell };
}
