import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import { plainText } from '#domain/text.js';

const HIDDEN = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

/** The rule as it is said, without the short way for common letters. */
const isPlain = (text: string): boolean => text !== '' && text.normalize('NFC') === text && !HIDDEN.test(text) && text.trim() === text;

function isTaken(text: string): boolean {
  try {
    return plainText(text, 1_000) === text;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

test('every single unit, alone and between letters, is judged by the rule', () => {
  const wrong: string[] = [];
  for (let unit = 0; unit < 0x10000; unit++) {
    const one = String.fromCharCode(unit);
    for (const text of [one, `a${one}`, `${one}a`, `a${one}e`]) if (isTaken(text) !== isPlain(text)) wrong.push(unit.toString(16));
  }
  expect(wrong).toEqual([]);
});

test('so is every text', () => {
  const near = fc.array(fc.oneof(fc.constantFrom(...'aăâbdđeêơưỹĐẠ .-\u0301\u0323\u00a0\u200b\u0131\u017f\u1ea0\u1ef9\u1efa'), fc.string({ unit: 'binary', maxLength: 1 })), { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(fc.property(near, (text) => {
    expect(isTaken(text)).toBe(isPlain(text));
  }), { numRuns: 3_000 });
});
