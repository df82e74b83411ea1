import { Problem, require } from '../errors.js';
import { checkDigitOf, hasCheckDigit } from './check-digit.js';

/** A Global Trade Item Number, always 14 digits with a right check digit, e.g. `09520000000011`. */
export type Gtin = string & { readonly __gtin: true };

const GTIN_TEXT = /^(?:\d{8}|\d{12,14})$/;

/**
 * Reads a GTIN-8, -12, -13 or -14 and fills it to 14 digits with zeros on the left, so that all spellings of one
 * GTIN are one text (GS1 General Specifications 7.1, "GTINs in 14-digit form").
 *
 * @param text digits alone, no spaces or hyphens, e.g. `9520000000011`
 * @returns e.g. `09520000000011`
 * @throws Problem GTIN_MALFORMED (length or characters), GTIN_CHECK_DIGIT_WRONG (fields `gtin`, `expected`)
 */
export function parseGtin(text: string): Gtin {
  require(GTIN_TEXT.test(text), 'GTIN_MALFORMED', { gtin: text.slice(0, 40) });
  if (!hasCheckDigit(text)) {
    throw new Problem('GTIN_CHECK_DIGIT_WRONG', { gtin: text, expected: checkDigitOf(text.slice(0, -1)) });
  }
  return text.padStart(14, '0') as Gtin;
}

/**
 * True for a GTIN-8 in its 14-digit form: six zeros in front. No GTIN-12 or -13 looks so, because the prefixes
 * 00000 are kept out of use for exactly this reason.
 */
export function isGtin8(gtin: Gtin): boolean {
  return gtin.startsWith('000000');
}
