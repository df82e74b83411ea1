/** Mass in whole milligrams, content in whole parts per million. */
import { Problem } from '../errors.js';
import { formatDecimal, parseDecimal } from './decimal.js';

/** Milligrams, written in records as a whole decimal number. */
export type Milligrams = bigint;

/** Parts per million by mass, 0 to 1 000 000. */
export type PartsPerMillion = bigint;

export const WHOLE: PartsPerMillion = 1_000_000n;

const WHOLE_NUMBER = /^(0|[1-9][0-9]{0,20})$/;

/**
 * @param text kilograms, e.g. `25.5`
 * @returns milligrams, e.g. 25500000n
 * @throws Problem QUANTITY_MALFORMED, QUANTITY_TOO_FINE, QUANTITY_ZERO
 */
export function parseKilograms(text: string): Milligrams {
  const mass = parseDecimal(text, 6);
  if (mass === 0n) throw new Problem('QUANTITY_ZERO', {});
  return mass;
}

/** As `parseKilograms`, nought allowed: for a loss or a remainder that may be none. */
export const parseKilogramsOrNone = (text: string): Milligrams => parseDecimal(text, 6);

/** Milligrams as kilograms, e.g. 25500000n → `25.5`. */
export const formatKilograms = (mass: Milligrams): string => formatDecimal(mass, 6);

/** Milligrams as a record holds them. Throws QUANTITY_MALFORMED. */
export function parseMilligrams(text: string): Milligrams {
  if (!WHOLE_NUMBER.test(text)) throw new Problem('QUANTITY_MALFORMED', { value: text.slice(0, 40) });
  return BigInt(text);
}

/**
 * @param text per cent by mass, e.g. `98.5`
 * @returns parts per million, e.g. 985000n
 * @throws Problem QUANTITY_MALFORMED, QUANTITY_TOO_FINE, CONTENT_ABOVE_WHOLE
 */
export function parsePercent(text: string): PartsPerMillion {
  const content = parseDecimal(text, 4);
  if (content > WHOLE) throw new Problem('CONTENT_ABOVE_WHOLE', { value: text });
  return content;
}

/** Parts per million as per cent, e.g. 985000n → `98.5`. */
export const formatPercent = (content: PartsPerMillion): string => formatDecimal(content, 4);

/**
 * The controlled mass in a mixture, rounded up to the milligram: a balance may open with a trace too much, never
 * with a trace that nobody counts.
 *
 * @param mass of the mixture, e.g. 200000000n
 * @param content e.g. 985000n
 * @returns e.g. 197000000n
 */
export function componentMass(mass: Milligrams, content: PartsPerMillion): Milligrams {
  return (mass * content + WHOLE - 1n) / WHOLE;
}
