import { describe, expect, test } from 'vitest';
import { PdfDocument } from '../../../gateway/labels/pdf-document.js';
import { withPages } from './read-back.js';
import { jobOf, tea } from './sample-labels.js';

const opened = (): PdfDocument => new PdfDocument({ title: 'x', language: 'vi', page: { width: 100, height: 100 } });

/** All letters of the Vietnamese alphabet that carry a mark, small and capital. */
const VIETNAMESE = 'àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ'.normalize('NFC');
const LETTERS = [...VIETNAMESE, ...VIETNAMESE.toUpperCase()];

describe.each(['regular', 'bold'] as const)('%s', (face) => {
  test('has every Vietnamese letter, each as one glyph of its own', () => {
    const font = opened().fonts[face];
    const glyphs = LETTERS.map((letter) => font.encode(letter));
    expect(LETTERS).toHaveLength(134);
    expect(glyphs.filter((glyph) => glyph.length !== 4 || glyph === font.encode('\ufffd'))).toEqual([]);
    expect(new Set(glyphs).size).toBe(134);
  });

  test('has figures of one width', () => {
    const font = opened().fonts[face];
    expect(new Set([...'0123456789'].map((figure) => font.widthOf(figure))).size).toBe(1);
  });

  test('adds up letters, and counts marks for nothing', () => {
    const font = opened().fonts[face];
    expect(font.widthOf('Trà')).toBeCloseTo(font.widthOf('T') + font.widthOf('r') + font.widthOf('à'), 9);
    expect(font.widthOf('x\u0301')).toBe(font.widthOf('x'));
    expect(font.widthOf('')).toBe(0);
  });

  test.each(['中', '😀', 'ع', '\ue000'])('%s, which it lacks, is one replacement character', (letter) => {
    const font = opened().fonts[face];
    expect(font.encode(letter)).toBe(font.encode('\ufffd'));
    expect(font.widthOf(letter)).toBeGreaterThan(0);
  });
});

describe('what is printed can be searched and copied', () => {
  const everyLetter = (names: readonly string[]) => jobOf('a6-logistic', names.map((productName, at) => tea(at, { productName, brand: productName })));

  test.each(Array.from({ length: 12 }, (_, at) => LETTERS.slice(at * 12, at * 12 + 12).join('')))('%s', async (letters) => {
    await withPages(everyLetter([letters]), async ([, page]) => {
      expect(page!.text.normalize('NFC').replaceAll(/\s/g, '')).toContain(letters);
    });
  });

  test('also after another document has met the letters as parts of others', async () => {
    await withPages(everyLetter(['ớ ợ ị ụ ế Ộ']), async () => undefined);
    await withPages(everyLetter(['ơ i u ê Ô Nơi gửi']), async ([, page]) => {
      expect(page!.text.normalize('NFC')).toContain('ơ i u ê Ô Nơi gửi');
    });
  });
});
