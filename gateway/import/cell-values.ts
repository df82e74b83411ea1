/** What a cell means. A cell is text: one that begins with `=`, `+`, `-` or `@` is no formula here. */
import { Problem } from '#domain/errors.js';
import { parseGtin, type Gtin } from '#domain/gs1/gtin.js';
import { parseDay, type Day } from '#domain/instant.js';
import { PROVINCE_CODES, parseProvince, provinceName, type ProvinceCode } from '#domain/registry/provinces.js';
import { plainWord } from './plain-words.js';

/** A spreadsheet's way of saying that it no longer knows the digits: `9,52E+12`. */
const ROUNDED = /^\d+(?:[.,]\d+)?E\+?\d+$/i;

/**
 * @param text e.g. `9520000000011`
 * @returns e.g. `09520000000011`
 * @throws Problem IMPORT_NUMBER_MANGLED, GTIN_MALFORMED, GTIN_CHECK_DIGIT_WRONG
 */
export function readGtin(text: string): Gtin {
  if (ROUNDED.test(text)) throw new Problem('IMPORT_NUMBER_MANGLED');
  return parseGtin(text);
}

const DAY_FIRST = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

/**
 * @param text `31/12/2026`, day first as in Viet Nam, or `2026-12-31`
 * @throws Problem IMPORT_DATE_WRONG
 */
export function readDate(text: string): Day {
  const [, day = '', month = '', year = ''] = DAY_FIRST.exec(text) ?? [];
  try {
    return parseDay(year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('IMPORT_DATE_WRONG');
  }
}

const YES = new Set(['co', 'yes', 'y', 'true', '1', 'x']);
const NO = new Set(['khong', 'no', 'n', 'false', '0']);

/** `có`, `yes`, `true`, `1`, `x`; `không`, `no`, `false`, `0`. Throws IMPORT_YES_NO_WRONG. */
export function readYesNo(text: string): boolean {
  const word = plainWord(text);
  if (YES.has(word)) return true;
  if (!NO.has(word)) throw new Problem('IMPORT_YES_NO_WRONG');
  return false;
}

/**
 * One of some words, in either language.
 *
 * @param words what people write, in plain words, and what it means, e.g. `{ thap: 'low', low: 'low' }`
 * @throws Problem IMPORT_WORD_UNKNOWN (field `expected`)
 */
export function oneOfWords<T extends string>(words: Readonly<Record<string, T>>): (text: string) => T {
  return (text) => {
    const word = plainWord(text);
    const meaning = Object.hasOwn(words, word) ? words[word] : undefined;
    if (meaning === undefined) throw new Problem('IMPORT_WORD_UNKNOWN', { expected: Object.keys(words).join(' | ') });
    return meaning;
  };
}

/** Several texts in one cell, with `|` or line ends between them. */
export function readList(text: string): string[] {
  return text.split(/[|\r\n]+/).map((one) => one.trim()).filter((one) => one !== '');
}

const PROVINCES: ReadonlyMap<string, ProvinceCode> = new Map(PROVINCE_CODES.map((code) => [plainWord(provinceName(code)), code]));

/** A province by its code or its name: `01`, `Hà Nội`. Throws PROVINCE_UNKNOWN. */
export function readProvince(text: string): ProvinceCode {
  return PROVINCES.get(plainWord(text)) ?? parseProvince(text);
}

/** A country by its ISO code; this one also by its name. Throws IMPORT_WORD_UNKNOWN. */
export function readCountry(text: string): string {
  const word = plainWord(text);
  if (word === 'viet nam' || word === 'vietnam') return 'VN';
  if (!/^[a-z]{2}$/i.test(text)) throw new Problem('IMPORT_WORD_UNKNOWN', { expected: 'ISO 3166-1 alpha-2 code, e.g. VN' });
  return text.toUpperCase();
}

export interface ComponentCell {
  readonly substance: string;
  readonly least: string;
  readonly most: string;
}

/** `acetone:95:99.5 | toluene:0:1`. Throws IMPORT_COMPONENT_MALFORMED. */
export function readComponents(text: string): ComponentCell[] {
  return readList(text).map((one) => {
    const [substance = '', least = '', most = '', ...rest] = one.split(':').map((part) => part.trim());
    if (most === '' || least === '' || rest.length > 0) throw new Problem('IMPORT_COMPONENT_MALFORMED', { component: one.slice(0, 100) });
    return { substance, least, most };
  });
}
