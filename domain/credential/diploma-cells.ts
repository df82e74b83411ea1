/** What a cell of a registrar's table means. A cell is what stands there, never a formula. */
import { Problem, require } from '../errors.js';
import { addDays, parseDay, type Day } from '../instant.js';
import { plainWord } from '../plain-words.js';
import { plainText } from '../text.js';

/** Text, or a number as a spreadsheet keeps it: its dates are numbers too. An empty cell is an empty text. */
export type Cell = string | number;

const LONGEST_CELL = 400;
const SPACES = /[\p{Zs}\t]+/gu;

/**
 * A cell's text as the rest of the product takes it: NFC, single spaces, none at the ends. Spreadsheets are full of
 * decomposed accents and no-break spaces that nobody sees; everything else that nobody sees is refused.
 *
 * @throws Problem TEXT_TOO_LONG, TEXT_NOT_PLAIN; IMPORT_NUMBER_MANGLED for a number whose digits are not all there
 */
export function cellText(cell: Cell): string {
  if (typeof cell === 'number') return wholeText(cell);
  const text = tidyText(cell);
  return text === '' ? '' : plainText(text, LONGEST_CELL);
}

/** The same without looking at what the text holds: for what is shown back. */
export function tidyText(text: string): string {
  return text.normalize('NFC').replace(SPACES, ' ').replace(/^ | $/g, '');
}

/** Spreadsheets keep fifteen digits of a number. */
const MOST_DIGITS = 1e15;

function wholeText(number: number): string {
  require(Number.isInteger(number) && number >= 0 && number < MOST_DIGITS, 'IMPORT_NUMBER_MANGLED');
  return String(number);
}

/** A spreadsheet's way of saying that it no longer knows the digits: `1,23E+12`. */
const ROUNDED = /^\d+(?:[.,]\d+)?E\+?\d+$/i;
/** Letters that look like Vietnamese or Latin ones and are others; old fonts turn Đ into the Icelandic Ð. */
const LOOK_ALIKE = /[\u00d0\u00f0\u0189\u0256\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** A name or number that somebody will compare by eye. Throws also LETTER_LOOKS_ALIKE (field `character`). */
export function cellName(cell: Cell): string {
  const text = cellText(cell);
  const letter = LOOK_ALIKE.exec(text)?.[0];
  if (letter !== undefined) throw new Problem('LETTER_LOOKS_ALIKE', { character: `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` });
  return text;
}

/** Số hiệu, số vào sổ. Throws also IMPORT_NUMBER_MANGLED for `1,23E+12`. */
export function cellNumber(cell: Cell): string {
  const text = cellName(cell);
  require(!ROUNDED.test(text), 'IMPORT_NUMBER_MANGLED');
  return text;
}

const DAY_FIRST = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/;
/** Day 0 of spreadsheets. They take 1900 for a leap year, so that days before March 1900 are off by one: those are refused. */
const SERIAL_ZERO = '1899-12-30' as Day;
const FIRST_SERIAL = 61;
const LAST_SERIAL = 2_958_465;

/**
 * A date, day first as in Viet Nam.
 *
 * @param cell `20/06/2004`, `2/6/2004`, `20-6-2004`, `2004-06-20`, or a spreadsheet's number such as 38158
 * @throws Problem IMPORT_DATE_WRONG also for days that the calendar does not have, years of two digits and times of day;
 *   TEXT_NOT_PLAIN, TEXT_TOO_LONG
 */
export function cellDate(cell: Cell): Day {
  if (typeof cell === 'number') return serialDate(cell);
  const text = cellText(cell);
  const [, day = '', , month = '', year = ''] = DAY_FIRST.exec(text) ?? [];
  try {
    return parseDay(year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  } catch (error) {
    throw error instanceof Problem ? new Problem('IMPORT_DATE_WRONG') : error;
  }
}

function serialDate(serial: number): Day {
  require(Number.isInteger(serial) && serial >= FIRST_SERIAL && serial <= LAST_SERIAL, 'IMPORT_DATE_WRONG');
  return addDays(SERIAL_ZERO, serial);
}

/** A year of four digits. Throws FIELD_WRONG_VALUE. */
export function cellYear(cell: Cell): number {
  const text = cellText(cell);
  require(/^\d{4}$/.test(text), 'FIELD_WRONG_VALUE', { expected: 'year of four digits' });
  return Number(text);
}

/**
 * One of some words.
 *
 * @param words what people write, as `plainWords` has it, and what it means, e.g. `{ gioi: 'very-good' }`
 * @throws Problem IMPORT_WORD_UNKNOWN (field `expected`)
 */
export function cellWord<T extends string>(words: Readonly<Record<string, T>>): (cell: Cell) => T {
  return (cell) => {
    const word = plainWord(cellText(cell));
    const meaning = Object.hasOwn(words, word) ? words[word] : undefined;
    if (meaning === undefined) throw new Problem('IMPORT_WORD_UNKNOWN', { expected: Object.keys(words).join(' | ') });
    return meaning;
  };
}

/** Looked at for the errors that spreadsheets make, and then dropped: it is not part of a diploma. Throws PERSONAL_NUMBER_WRONG. */
export function checkPersonalNumber(cell: Cell): undefined {
  require(/^\d{12}$/.test(cellText(cell)), 'PERSONAL_NUMBER_WRONG');
}
