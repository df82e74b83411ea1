/**
 * Names on the register are what people are shown as the issuer or the maker: no two may look the same (`trust.md` T8, after
 * Unicode UTS 39: an allow-list for the script, and a skeleton that look-alikes have in common).
 */
import { Problem } from '../errors.js';

/**
 * Printable ASCII, the letters of Vietnamese, those of Latin-1 but Ð, ð, Þ and þ, and the usual signs. Whatever else looks
 * like one of these, of Latin or of another script, is not among them.
 */
const STRANGE = /[^ -~À-ÏÑ-ÖØ-Ýß-ïñ-öø-ýÿĂăĐđĨĩŨũƠơƯưẠ-ỹ‘’“”–]/u;

/**
 * Refuses a name with a character that is none of the register's.
 *
 * @param name plain text, e.g. `Đại học Ví Dụ`
 * @param field e.g. `nameEn`
 * @throws Problem ORGANISATION_NAME_CHARACTER with `character`, e.g. `U+00D0` for the Icelandic Ð
 */
export function checkNameCharacters(name: string, field: string): void {
  const [strange] = STRANGE.exec(name) ?? [];
  if (strange === undefined) return;
  throw new Problem('ORGANISATION_NAME_CHARACTER', { field, character: `U+${(strange.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` });
}

/** What fonts draw alike, small and capital letters being one: a one, an l and an I; a nought and an O; r and n in a row, and an m. */
const DRAWN_ALIKE: readonly (readonly [RegExp, string])[] = [[/[1l|]/g, 'i'], [/0/g, 'o'], [/rn/g, 'm']];

/**
 * `Hòa` and `Hoà`, `Khỏe` and `Khoẻ`, `Thủy` and `Thuỷ`: two schools of spelling put the mark of the tone on one or the
 * other vowel of the same word. Decomposed: grave, acute, tilde, hook above, dot below.
 */
const TONE_ON_FIRST = /(?<=o)([\u0300\u0301\u0303\u0309\u0323])([ae])(?!\p{M})|(?<=u)([\u0300\u0301\u0303\u0309\u0323])(y)(?!\p{M})/gu;

const withToneOnSecond = (name: string): string => name.normalize('NFD').replaceAll(TONE_ON_FIRST, '$2$4$1$3').normalize('NFC');

/** Signs and spaces tell no two names apart. */
const SIGNS = /[^\p{L}\p{N}]+/gu;

/**
 * What names that look the same, or are spelt in two ways, have in common. Marks stay: `Hoa Mai` and `Hoà Mai` are two names.
 *
 * @param name that {@link checkNameCharacters} lets through, e.g. `CÔNG TY TNHH A & B`
 * @returns e.g. `công ty tnhh a b`; for showing nobody
 */
export function nameSkeleton(name: string): string {
  const plain = DRAWN_ALIKE.reduce((text, [look, same]) => text.replaceAll(look, same), withToneOnSecond(name.toLowerCase()));
  return plain.replaceAll(SIGNS, ' ').trim();
}
