import { Problem } from '../errors.js';

const CAS = /^([1-9]\d{1,6})-(\d{2})-(\d)$/;

/**
 * A CAS registry number: the last digit is the sum of the others, weighted 1, 2, 3 … from the right, modulo 10.
 *
 * @param text e.g. `67-64-1`
 * @throws Problem CAS_MALFORMED, CAS_CHECK_DIGIT_WRONG
 */
export function parseCasNumber(text: string): string {
  const match = CAS.exec(text);
  if (match === null) throw new Problem('CAS_MALFORMED', { value: text.slice(0, 20) });
  const digits = [...`${match[1]}${match[2]}`].reverse();
  const sum = digits.reduce((total, digit, index) => total + (index + 1) * Number(digit), 0);
  if (sum % 10 !== Number(match[3])) throw new Problem('CAS_CHECK_DIGIT_WRONG', { value: text });
  return text;
}
