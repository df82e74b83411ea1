/** The one grammar in which a quantity may be written, and the whole number it means. */
import { Problem } from '../errors.js';

const DECIMAL = /^(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,6}))?$/;

/**
 * @param text e.g. `25.5`; no sign, exponent, leading zero, space or comma
 * @param places decimal places the unit has room for, e.g. 6 for milligrams in a kilogram
 * @returns the quantity times 10^places, e.g. 25500000n
 * @throws Problem QUANTITY_MALFORMED, QUANTITY_TOO_FINE (more places than the unit has)
 */
export function parseDecimal(text: string, places: number): bigint {
  const match = DECIMAL.exec(text);
  if (match === null) throw new Problem('QUANTITY_MALFORMED', { value: text.slice(0, 40) });
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > places) throw new Problem('QUANTITY_TOO_FINE', { value: text, places: String(places) });
  return BigInt(whole + fraction.padEnd(places, '0'));
}

/**
 * The shortest text that `parseDecimal` reads back to the same number.
 *
 * @param value e.g. 25500000n
 * @param places e.g. 6
 * @returns e.g. `25.5`
 */
export function formatDecimal(value: bigint, places: number): string {
  const digits = String(value).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
