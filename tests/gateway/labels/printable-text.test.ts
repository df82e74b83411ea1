import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ellipsised, flowPieces, printableText, sizeToFit, wrapText } from '../../../gateway/labels/printable-text.js';

/** A face in which every letter is one wide and marks have no width. */
const measure = (text: string): number => text.replaceAll(/\p{M}/gu, '').length;

const hostile = fc.string({ unit: 'binary', maxLength: 300 });
const printed = hostile.map(printableText).filter((text) => text !== '');
const widths = fc.integer({ min: 2, max: 40 });

describe('printable text', () => {
  test.each([
    { text: 'Trà  xanh\r\n\tShan ', printed: 'Trà xanh Shan', why: 'one space' },
    { text: 'a\u202eb\u202dc\u2066d\u2069', printed: 'abcd', why: 'no direction overrides (Unicode UAX 9)' },
    { text: 'a\u200bb\ufeffc\u00add', printed: 'abcd', why: 'nothing that only hides' },
    { text: 'a\u0000b\u001b[31mc', printed: 'ab[31mc', why: 'no controls' },
    { text: 'e\u0302\u0301', printed: 'ế', why: 'composed (NFC)' },
    { text: `x${'\u0301'.repeat(50)}y`, printed: 'x\u0301\u0301y', why: 'at most two marks' },
    { text: '25\u00a0kg', printed: '25\u00a0kg', why: 'a no-break space is kept' },
    { text: 'axit 32 %', printed: 'axit 32\u00a0%', why: 'a sign stays with its number' },
    { text: '\ud800x', printed: 'x', why: 'half a character is none' },
    { text: ' \u202e\u200b ', printed: '', why: 'nothing to see' },
    { text: 'W'.repeat(10_000), printed: 'W'.repeat(400), why: 'never endless' },
  ])('$why', ({ text, printed: expected }) => {
    expect(printableText(text)).toBe(expected);
  });

  test('nothing hidden is left of anything, and reading it again changes nothing', () => {
    fc.assert(fc.property(hostile, (text) => {
      const once = printableText(text);
      expect(once).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]|\p{M}{3}/u);
      expect(once.trim()).toBe(once);
      expect(printableText(once)).toBe(once);
    }));
  });
});

describe('wrapping', () => {
  test.each([
    { text: 'Trà Shan tuyết', width: 14, most: 2, lines: ['Trà Shan tuyết'] },
    { text: 'Trà Shan tuyết', width: 10, most: 2, lines: ['Trà Shan', 'tuyết'] },
    { text: 'Trà Shan tuyết cổ thụ', width: 8, most: 2, lines: ['Trà Shan', 'tuyết…'] },
    { text: 'Trà Shan', width: 8, most: 1, lines: ['Trà Shan'] },
    { text: 'WWWWWWWWWW', width: 4, most: 3, lines: ['WWWW', 'WWWW', 'WW'] },
    { text: 'WWWWWWWWWWWWW', width: 4, most: 2, lines: ['WWWW', 'WWW…'] },
    { text: 'ab 25\u00a0kg', width: 6, most: 2, lines: ['ab', '25\u00a0kg'] },
  ])('$text in $width', ({ text, width, most, lines }) => {
    expect(wrapText(text, width, most, measure)).toEqual(lines);
  });

  test('no line is wider than the box, no more lines than allowed, nothing but spaces lost before an ellipsis', () => {
    fc.assert(fc.property(printed, widths, fc.integer({ min: 1, max: 4 }), (text, width, most) => {
      const lines = wrapText(text, width, most, measure);
      expect(lines.length).toBeLessThanOrEqual(most);
      expect(lines.filter((line) => measure(line) > width)).toEqual([]);
      const kept = lines.join('').replace(/…$/, '').replaceAll(' ', '');
      expect(text.replaceAll(' ', '').startsWith(kept)).toBe(true);
    }));
  });

  test('a letter keeps its marks', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('x\u0323\u0301', 'q\u0303', 'b '), { minLength: 1, maxLength: 30 }), widths, (letters, width) => {
      for (const line of wrapText(letters.join('').trim(), width, 4, measure)) expect(line).not.toMatch(/^\p{M}/u);
    }));
  });
});

describe('pieces', () => {
  test.each([
    { pieces: ['(01)1', '(10)2', '(21)3'], width: 12, lines: ['(01)1  (10)2', '(21)3'] },
    { pieces: ['(01)1', '(10)2'], width: 5, lines: ['(01)1', '(10)2'] },
    { pieces: ['(21)ABCDEFGH'], width: 5, lines: ['(21)A', 'BCDEF', 'GH'] },
    { pieces: [], width: 5, lines: [] },
  ])('$pieces in $width', ({ pieces, width, lines }) => {
    expect(flowPieces(pieces, '  ', width, measure)).toEqual(lines);
  });

  test('identifiers are never cut short', () => {
    const pieces = fc.array(fc.stringMatching(/^[A-Za-z0-9()/]{1,24}$/), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(pieces, widths, (texts, width) => {
      const lines = flowPieces(texts, ' ', width, measure);
      expect(lines.join('').replaceAll(' ', '')).toBe(texts.join(''));
      expect(lines.filter((line) => measure(line) > width)).toEqual([]);
    }));
  });
});

describe('one line', () => {
  test.each([
    { text: 'abcdef', width: 6, line: 'abcdef' },
    { text: 'abcdef', width: 5, line: 'abcd…' },
    { text: 'abc def', width: 5, line: 'abc…' },
    { text: 'abc defgh', width: 7, line: 'abc…' },
    { text: 'abc defgh', width: 8, line: 'abc def…' },
    { text: 'a bcdefghij', width: 8, line: 'a bcdef…' },
  ])('$text in $width', ({ text, width, line }) => {
    expect(ellipsised(text, width, measure)).toBe(line);
  });

  test('shrinking is exact and only where needed', () => {
    expect(sizeToFit('abcd', 8, 40, measure)).toBe(8);
    expect(sizeToFit('abcd', 8, 16, measure)).toBe(4);
    expect(sizeToFit('', 8, 16, measure)).toBe(8);
  });
});
