/** Rows of a registrar's table: a diploma and the personal data beside it, or everything that is wrong with the row. */
import { Problem, require, type ProblemCode, type ProblemFields } from '../errors.js';
import { parseDay, type Day } from '../instant.js';
import { object, oneOf, optional, parsedBy, text, wholeNumber, type Parsed } from '../shape.js';
import { diploma, DIPLOMA_LEVELS, STUDY_MODES, type Diploma, type DiplomaLevel } from './diploma.js';
import { tidyText, type Cell } from './diploma-cells.js';
import { DIPLOMA_COLUMNS, type DiplomaColumn, type DiplomaField } from './diploma-columns.js';
import type { DiplomaHeadings } from './diploma-headings.js';
import { comparableNumber, DISCLOSURE_NAMES, PERSONAL_SHAPES, type PersonalData } from './personal-data.js';

/** What the whole class has in common, as the registrar states it beside the table. */
export const diplomaDefaults = object({
  level: optional(oneOf(...DIPLOMA_LEVELS)),
  title: optional(text(120)),
  titleEn: optional(text(120)),
  field: optional(text(160)),
  fieldEn: optional(text(160)),
  mode: optional(oneOf(...STUDY_MODES)),
  graduationYear: optional(wholeNumber(1900, 2999)),
  decisionNumber: optional(text(60)),
  issuePlace: optional(text(100)),
  issueDate: optional(parsedBy(parseDay)),
});
export type DiplomaDefaults = Parsed<typeof diplomaDefaults>;

export interface DiplomaBatch {
  readonly institution: Diploma['institution'];
  readonly assurance: Diploma['assurance'];
  readonly fictional?: 'yes';
  readonly defaults: DiplomaDefaults;
  /** In Viet Nam: nothing can have been awarded later. */
  readonly today: Day;
}

/** Something wrong with one cell, or with a row as a whole. */
export interface DiplomaRowError {
  readonly row: number;
  /** The heading as it is written in the file; its Vietnamese name where the column is absent; empty for the row as a whole. */
  readonly column: string;
  readonly code: ProblemCode;
  readonly fields: ProblemFields;
  /** The cell, shortened. */
  readonly value: string;
}

export type DiplomaRow =
  | { readonly diploma: Diploma; readonly personal: PersonalData }
  | { readonly errors: readonly DiplomaRowError[] }
  | { readonly empty: true };

/** Years of age at graduation that are taken for true: a check for slips of the pen, not a rule about people. */
const LEAST_AGE: Readonly<Record<DiplomaLevel, number>> = {
  'lower-secondary': 13, 'upper-secondary': 15, 'intermediate': 15, 'college': 17, 'bachelor': 17, 'master': 19, 'doctorate': 21,
};
const MOST_AGE = 100;
const LONGEST_VALUE = 100;

type Values = Partial<Record<DiplomaField, string | number>>;

/**
 * A reader of the rows of one table. It remembers the numbers it saw, so that none is given to two people.
 *
 * @param headings of the table, as `readDiplomaHeadings` gives them
 * @returns reads a row: its number in the file (from 1, the headings being a row), its cells; all errors of the cells
 *   are told at once, those of the row as a whole when its cells are right. Codes: FIELD_MISSING, IMPORT_DATE_WRONG,
 *   IMPORT_WORD_UNKNOWN, IMPORT_NUMBER_MANGLED, IMPORT_REPEATED_IN_FILE (field `row`: the earlier one), IMPORT_ROW_TOO_WIDE, TEXT_…,
 *   LETTER_LOOKS_ALIKE, PERSON_NAME_MALFORMED, REGISTER_NUMBER_MALFORMED, PERSONAL_NUMBER_WRONG, DIPLOMA_…
 */
export function diplomaRowReader(headings: DiplomaHeadings, batch: DiplomaBatch): (row: number, cells: readonly Cell[]) => DiplomaRow {
  const seen = new Map<string, number>();
  return (row, cells) => new RowReading(headings, row, cells).read(batch, seen);
}

/** One row while it is read. */
class RowReading {
  readonly #headings: DiplomaHeadings;
  readonly #row: number;
  readonly #cells: readonly Cell[];
  readonly #values: Values = {};
  readonly #errors: DiplomaRowError[] = [];

  constructor(headings: DiplomaHeadings, row: number, cells: readonly Cell[]) {
    this.#headings = headings;
    this.#row = row;
    this.#cells = cells;
  }

  read(batch: DiplomaBatch, seen: Map<string, number>): DiplomaRow {
    if (this.#cells.every(isEmpty)) return { empty: true };
    this.#refuseExtraCells();
    Object.assign(this.#values, batch.defaults);
    this.#headings.columns.forEach((column, at) => this.#readCell(column, this.#cells[at] ?? ''));
    this.#joinName();
    this.#refuseMissing();
    this.#checkPersonal();
    this.#refuseRepeated('serialNumber', seen);
    this.#refuseRepeated('registerNumber', seen);
    return this.#errors.length > 0 ? { errors: this.#errors } : this.#whole(batch);
  }

  #refuseExtraCells(): void {
    const { columns } = this.#headings;
    const extra = this.#cells.findIndex((cell, at) => !isEmpty(cell) && columns[at] === undefined);
    if (extra === -1) return;
    const problem = new Problem('IMPORT_ROW_TOO_WIDE', { cells: String(this.#cells.length), headings: String(columns.length) });
    this.#errors.push({ row: this.#row, column: '', code: problem.code, fields: problem.fields, value: shortened(this.#cells[extra]) });
  }

  /** An empty cell leaves what the batch says. */
  #readCell(column: DiplomaColumn | undefined, cell: Cell): void {
    if (column === undefined || isEmpty(cell)) return;
    this.#attempt(column, () => {
      const value = column.read(cell);
      if (value !== undefined) this.#values[column.field] = value;
    });
  }

  #joinName(): void {
    const { familyName, givenName } = this.#values;
    if (familyName !== undefined && givenName !== undefined) this.#values.fullName = `${familyName} ${givenName}`;
  }

  #refuseMissing(): void {
    const inParts = this.#headings.columns.some((column) => column?.field === 'familyName');
    for (const column of DIPLOMA_COLUMNS) {
      const isNeeded = column.field === 'familyName' || column.field === 'givenName' ? inParts : column.required && !(inParts && column.field === 'fullName');
      if (isNeeded && this.#values[column.field] === undefined && !this.#isWrong(column)) this.#add(column, new Problem('FIELD_MISSING'));
    }
  }

  #isWrong(column: DiplomaColumn): boolean {
    const heading = this.#headingOf(column);
    return this.#errors.some((error) => error.column === heading);
  }

  #checkPersonal(): void {
    for (const name of DISCLOSURE_NAMES) {
      const value = this.#values[name];
      const column = this.#columnOf(name);
      if (value !== undefined && column !== undefined) this.#attempt(column, () => PERSONAL_SHAPES[name](value));
    }
  }

  /** Two people cannot have one number, however it is spaced. */
  #refuseRepeated(name: 'serialNumber' | 'registerNumber', seen: Map<string, number>): void {
    const value = this.#values[name];
    const column = this.#columnOf(name);
    if (value === undefined || column === undefined) return;
    const key = `${name} ${comparableNumber(String(value))}`;
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, this.#row);
    else this.#add(column, new Problem('IMPORT_REPEATED_IN_FILE', { row: String(earlier) }));
  }

  /** What the cells mean together. */
  #whole(batch: DiplomaBatch): DiplomaRow {
    try {
      const personal = personalOf(this.#values);
      const award = diploma({ ...publicOf(this.#values), ...batchPart(batch) });
      checkYears(award, personal, batch.today);
      return { diploma: award, personal };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const column = this.#columnOf(error.fields['field'] ?? '');
      if (column === undefined) throw error; // of the batch itself, not of this row
      this.#add(column, error);
      return { errors: this.#errors };
    }
  }

  #attempt(column: DiplomaColumn, read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#add(column, error);
    }
  }

  #add(column: DiplomaColumn, { code, fields }: Problem): void {
    const cell = this.#cells[this.#headings.columns.indexOf(column)];
    this.#errors.push({ row: this.#row, column: this.#headingOf(column), code, fields, value: shortened(cell) });
  }

  #headingOf(column: DiplomaColumn): string {
    return this.#headings.written[this.#headings.columns.indexOf(column)] ?? column.vi;
  }

  /** Where a value came from: the name may stand in two columns, of which the first is named. */
  #columnOf(field: string): DiplomaColumn | undefined {
    const { columns } = this.#headings;
    const own = columns.find((column) => column?.field === field) ?? (field === 'fullName' ? columns.find((column) => column?.field === 'familyName') : undefined);
    return own ?? DIPLOMA_COLUMNS.find((column) => column.field === field);
  }
}

function isEmpty(cell: Cell): boolean {
  return typeof cell === 'string' && tidyText(cell) === '';
}

function shortened(cell: Cell | undefined): string {
  return String(cell ?? '').slice(0, LONGEST_VALUE);
}

function personalOf({ fullName, dateOfBirth, serialNumber, registerNumber, classification }: Values): PersonalData {
  return { fullName, dateOfBirth, serialNumber, registerNumber, ...(classification === undefined ? {} : { classification }) } as PersonalData;
}

const PUBLIC = ['level', 'title', 'titleEn', 'field', 'fieldEn', 'mode', 'graduationYear', 'decisionNumber', 'issuePlace', 'issueDate'] as const;

function publicOf(values: Values): Values {
  return Object.fromEntries(PUBLIC.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));
}

function batchPart({ institution, assurance, fictional }: DiplomaBatch): Partial<Diploma> {
  return { institution, assurance, ...(fictional === undefined ? {} : { fictional }) };
}

function checkYears(award: Diploma, { dateOfBirth }: PersonalData, today: Day): void {
  require(award.graduationYear <= Number(today.slice(0, 4)), 'DIPLOMA_DATE_IN_FUTURE', { field: 'graduationYear' });
  require(award.issueDate <= today, 'DIPLOMA_DATE_IN_FUTURE', { field: 'issueDate' });
  const age = award.graduationYear - Number(dateOfBirth.slice(0, 4));
  const least = LEAST_AGE[award.level];
  require(age >= least && age <= MOST_AGE, 'DIPLOMA_BIRTH_IMPLAUSIBLE', { field: 'dateOfBirth', age: String(age), least: String(least), most: String(MOST_AGE) });
}
