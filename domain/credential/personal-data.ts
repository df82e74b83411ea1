/** What a diploma says of a person. It never stands in a signed payload nor on the ledger, only in disclosures. */
import { Problem, require } from '../errors.js';
import { parseDay, type Day } from '../instant.js';
import { oneOf, parsedBy, type Shape } from '../shape.js';
import { plainText } from '../text.js';

/** Names of the members that are personal. */
export const DISCLOSURE_NAMES = ['fullName', 'dateOfBirth', 'serialNumber', 'registerNumber', 'classification'] as const;

export type DisclosureName = (typeof DISCLOSURE_NAMES)[number];

/** Those that every diploma has; many levels know no classification. */
export const COMPULSORY_DISCLOSURES = ['fullName', 'dateOfBirth', 'serialNumber', 'registerNumber'] as const satisfies readonly DisclosureName[];

/** Classes of graduation, from the best on; which of them exist differs by level and time. */
export const CLASSIFICATIONS = ['excellent', 'very-good', 'good', 'fairly-good', 'average', 'pass'] as const;

export type Classification = (typeof CLASSIFICATIONS)[number];

export interface PersonalData {
  readonly fullName: string;
  readonly dateOfBirth: Day;
  /** Số hiệu: the number of the form. */
  readonly serialNumber: string;
  /** Số vào sổ gốc cấp bằng: the entry in the master register. A fake often reuses one of the two and invents the other. */
  readonly registerNumber: string;
  readonly classification?: Classification;
}

const LONGEST_NAME = 100;
const LONGEST_NUMBER = 40;
/** Latin letters with any marks: the letters of passports. Single spaces, so that no two spellings look alike. */
const NAME = /^\p{Script=Latin}[\p{Script=Latin}\p{M}.,'’-]*(?: [\p{Script=Latin}\p{M}.,'’-]+)*$/u;
const NUMBER = /^[\p{Script=Latin}0-9][\p{Script=Latin}0-9./-]*(?: [\p{Script=Latin}0-9./-]+)*$/u;

/**
 * The name as the diploma prints it.
 *
 * @param text NFC, e.g. `Nguyễn Thị Mây`, `Nay H'Lan`
 * @throws Problem as `plainText`, PERSON_NAME_MALFORMED
 */
export function parseFullName(text: string): string {
  require(NAME.test(plainText(text, LONGEST_NAME)), 'PERSON_NAME_MALFORMED');
  return text;
}

/**
 * Số hiệu or số vào sổ gốc, as printed.
 *
 * @param text e.g. `VP 0001234`, `12/2026/ĐHVP-BC`
 * @throws Problem as `plainText`, REGISTER_NUMBER_MALFORMED
 */
export function parseRegisterNumber(text: string): string {
  require(NUMBER.test(plainText(text, LONGEST_NUMBER)), 'REGISTER_NUMBER_MALFORMED');
  return text;
}

/** A day on which somebody now holding a diploma can have been born. Throws DATE_INVALID, which does not repeat the day. */
function parseBirthday(text: string): Day {
  const day = calendarDay(text);
  if (day === undefined || day < '1880-01-01') throw new Problem('DATE_INVALID');
  return day;
}

function calendarDay(text: string): Day | undefined {
  try {
    return parseDay(text);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** How each personal member is read. */
export const PERSONAL_SHAPES: Readonly<Record<DisclosureName, Shape<string>>> = {
  fullName: parsedBy(parseFullName),
  dateOfBirth: parsedBy(parseBirthday),
  serialNumber: parsedBy(parseRegisterNumber),
  registerNumber: parsedBy(parseRegisterNumber),
  classification: oneOf(...CLASSIFICATIONS),
};

/**
 * The form in which two numbers are compared: people leave out spaces and type small letters.
 *
 * @param number e.g. `vp 0001234`
 * @returns e.g. `VP0001234`
 */
export function comparableNumber(number: string): string {
  return number.normalize('NFC').replace(/\s+/gu, '').toUpperCase();
}
