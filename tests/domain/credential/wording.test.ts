import { describe, expect, test } from 'vitest';
import { CREDENTIAL_TYPES } from '#domain/credential/credential-type.js';
import * as wording from '#domain/credential/wording.js';
import { plainText } from '#domain/text.js';

const tables = Object.entries(wording) as [string, Readonly<Record<string, wording.Wording>>][];

describe('words for members of credentials', () => {
  test.each(tables.flatMap(([table, words]) => Object.entries(words).map(([name, words_]) => [`${table}.${name}`, words_] as const)))('%s has both languages', (_, { vi, en }) => {
    expect(plainText(vi, 200)).toBe(vi);
    expect(plainText(en, 200)).toBe(en);
    expect(/^[ -~]+$/.test(en)).toBe(true);
  });

  test.each(tables)('%s: no two words are the same', (_, words) => {
    const all = Object.values(words);
    expect(new Set(all.map(({ vi }) => vi)).size).toBe(all.length);
    expect(new Set(all.map(({ en }) => en)).size).toBe(all.length);
  });

  test.each(Object.entries(CREDENTIAL_TYPES))('%s has a name in both', (_, { nameVi, nameEn }) => expect([plainText(nameVi, 100), plainText(nameEn, 100)]).toEqual([nameVi, nameEn]));
});
