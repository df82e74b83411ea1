/** The character sets of GS1 data fields (GS1 General Specifications 7.11, and RFC 4648 5 for the last). */

/** `N` digits, `X` set 82, `Y` set 39, `Z` base64url. */
export type CharacterSet = 'N' | 'X' | 'Y' | 'Z';

const DIGITS = '0123456789';
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SMALL = CAPITALS.toLowerCase();

/** Set 82 in the standard's order, which is also the order of its values in the check pair. */
export const SET_82 = `!"%&'()*+,-./${DIGITS}:;<=>?${CAPITALS}_${SMALL}`;

const SETS: Readonly<Record<CharacterSet, Uint8Array>> = {
  N: tableOf(DIGITS),
  X: tableOf(SET_82),
  Y: tableOf(`#-/${DIGITS}${CAPITALS}`),
  Z: tableOf(`${CAPITALS}${SMALL}${DIGITS}-_=`),
};

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** The set as a table by character code: 1 for a member. Codes above 127 are members of none. */
export function charactersOf(set: CharacterSet): Uint8Array {
  return SETS[set];
}

/**
 * The place of the first character that is not in the set.
 *
 * @param allowed from {@link charactersOf}
 * @param text e.g. `LO26-001`
 * @returns -1 when all are members
 */
export function firstOutside(allowed: Uint8Array, text: string): number {
  for (let at = 0; at < text.length; at++) {
    if (allowed[text.charCodeAt(at)] !== 1) return at;
  }
  return -1;
}
