/** Words as people type them into a spreadsheet, made comparable. */

const MARKS = /\p{M}/gu;
const NOT_A_LETTER = /[^a-z0-9]+/g;

/**
 * A heading without accents, case and punctuation.
 *
 * @param text composed or decomposed, e.g. `Họ  và tên (*)`
 * @returns e.g. `ho va ten`
 */
export function plainWords(text: string): string {
  return text.normalize('NFD').replace(MARKS, '').toLowerCase().replaceAll('đ', 'd').replace(NOT_A_LETTER, ' ').trim();
}

/** What nobody writes in a name: a question mark, for one, means that it is not certain. */
const NOT_IN_A_NAME = /[^\p{L}\p{M}\p{N}\s.,'-]/u;

/** A cell that is one of a few words, as {@link plainWords} has it; empty for anything else. */
export function plainWord(text: string): string {
  return NOT_IN_A_NAME.test(text) ? '' : plainWords(text);
}
