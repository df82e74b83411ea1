/** The GS1 check character pair of alphanumeric keys such as the Global Model Number (GS1 General Specifications 7.9.5). */
import { SET_82 } from './character-sets.js';

/** The weights from the right; they end where the longest key ends. */
const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];
const PAIR_CHARACTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const MODULUS = 1021;

/**
 * The two characters that belong behind `text`.
 *
 * @param text 1–23 characters of set 82, e.g. `1987654Ad4X4bL5ttr2310c`
 * @returns e.g. `2K`; `undefined` for text that is empty, too long or outside set 82
 */
export function checkPairOf(text: string): string | undefined {
  if (text.length === 0 || text.length > PRIMES.length) return undefined;
  let sum = 0;
  for (let at = 0; at < text.length; at++) {
    const value = SET_82.indexOf(text.charAt(at));
    if (value < 0) return undefined;
    sum += value * (PRIMES[text.length - 1 - at] ?? 0);
  }
  const rest = sum % MODULUS;
  return PAIR_CHARACTERS.charAt(rest >> 5) + PAIR_CHARACTERS.charAt(rest & 31);
}

/**
 * True when the last two characters are the check pair of those before them.
 *
 * @param text e.g. `1987654Ad4X4bL5ttr2310c2K`
 */
export function hasCheckPair(text: string): boolean {
  return text.length > 2 && checkPairOf(text.slice(0, -2)) === text.slice(-2);
}
