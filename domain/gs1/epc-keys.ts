/**
 * GS1 keys put together from the parts an EPC has (GS1 EPC Tag Data Standard 7): the company prefix stands apart
 * there, the indicator or extension digit stands with the reference, and the check digit is left out.
 */
import { checkDigitOf } from './check-digit.js';

/** Company prefix and reference together: how many digits they have. */
export const SGTIN_DIGITS = 13;
export const SSCC_DIGITS = 17;
export const GLN_DIGITS = 12;

/**
 * @param prefix e.g. `9520123`
 * @param reference with the indicator or extension digit in front, e.g. `145678`
 * @returns a GTIN-14 or an SSCC with its check digit, e.g. `19520123456785`
 */
export function keyWithLeadingDigit(prefix: string, reference: string): string {
  return withCheckDigit(reference.slice(0, 1) + prefix + reference.slice(1));
}

/**
 * @param prefix e.g. `9520000`
 * @param reference e.g. `00010`
 * @returns a GLN with its check digit, e.g. `9520000000103`
 */
export function glnOf(prefix: string, reference: string): string {
  return withCheckDigit(prefix + reference);
}

function withCheckDigit(digits: string): string {
  return digits + checkDigitOf(digits);
}
