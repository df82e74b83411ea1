/** The GS1 check digit (GS1 General Specifications 7.9.1): mod 10, weights 3 and 1 from the right. */

const ZERO = 48;
const NINE = 57;

/**
 * The check digit that belongs behind `digits`.
 *
 * @param digits the key without its check digit, e.g. `952000000001`
 * @returns one digit, e.g. `1` (so the GTIN-13 is 9520000000011)
 * @throws TypeError for anything that is not one digit or more: callers check characters first
 */
export function checkDigitOf(digits: string): string {
  const sum = weightedSum(digits, digits.length, 3);
  if (sum < 0) throw new TypeError('a check digit needs digits');
  return String((10 - (sum % 10)) % 10);
}

/**
 * True when the last digit is the check digit of those before it.
 *
 * @param digits a whole key of any length, e.g. `9520000000011`
 * @returns false also for fewer than two characters and for anything that is not a digit
 */
export function hasCheckDigit(digits: string): boolean {
  if (digits.length < 2) return false;
  const sum = weightedSum(digits, digits.length, 1);
  return sum >= 0 && sum % 10 === 0;
}

/** Sum of digit × weight, the rightmost weighing `last` and then 3 and 1 in turn; -1 if one is not a digit. */
function weightedSum(digits: string, length: number, last: 1 | 3): number {
  if (length === 0) return -1;
  let sum = 0;
  let weight: number = last;
  for (let at = length - 1; at >= 0; at--) {
    const code = digits.charCodeAt(at);
    if (code < ZERO || code > NINE) return -1;
    sum += (code - ZERO) * weight;
    weight = 4 - weight;
  }
  return sum;
}
