import { describe, expect, test } from 'vitest';
import { countInWords, dayInWords, LABEL_WORDS, millimetresInWords } from '../../../gateway/labels/wording.js';

/** Every text of a table with its path, e.g. `signal.danger`. */
function textsOf(value: unknown, path = ''): [string, string][] {
  return typeof value === 'string' ? [[path, value]] : Object.entries(value as object).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`));
}

test('both languages say everything, and say it differently', () => {
  const vi = new Map(textsOf(LABEL_WORDS.vi));
  const en = new Map(textsOf(LABEL_WORDS.en));
  expect([...en.keys()]).toEqual([...vi.keys()]);
  expect([...vi].filter(([path, text]) => text.trim() === '' || en.get(path) === text)).toEqual([]);
});

describe('signal words', () => {
  test.each([
    { language: 'vi', danger: 'NGUY HIỂM', warning: 'CẢNH BÁO' },
    { language: 'en', danger: 'DANGER', warning: 'WARNING' },
  ] as const)('$language (UN GHS 1.4.10.5.2)', ({ language, danger, warning }) => {
    expect(LABEL_WORDS[language].signal).toEqual({ danger, warning });
  });
});

describe('numbers and days as the reader writes them', () => {
  test.each([
    ['2027-12-31', '31/12/2027', '31 Dec 2027'],
    ['2028-03-04', '04/03/2028', '04 Mar 2028'],
  ])('%s', (day, vi, en) => {
    expect([dayInWords(day, 'vi'), dayInWords(day, 'en')]).toEqual([vi, en]);
  });

  test.each([
    [0, '0', '0'], [999, '999', '999'], [1000, '1.000', '1,000'], [1_234_567, '1.234.567', '1,234,567'],
  ])('%i', (count, vi, en) => {
    expect([countInWords(count, 'vi'), countInWords(count, 'en')]).toEqual([vi, en]);
  });

  test('millimetres', () => {
    expect([millimetresInWords(0.42333, 'vi'), millimetresInWords(0.42333, 'en')]).toEqual(['0,423\u00a0mm', '0.423\u00a0mm']);
  });
});
