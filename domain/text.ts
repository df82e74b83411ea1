import { Problem } from './errors.js';

/**
 * Characters that never belong in a name: controls, direction overrides, invisible and unassigned ones, line and
 * paragraph separators. They make two different names look the same, or hide a part of one.
 */
const HIDDEN = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

/**
 * A line of text as people write it: NFC, nothing hidden, no space at either end.
 *
 * @param value e.g. `Trà xanh Shan Tuyết`
 * @param longest in UTF-16 units
 * @throws Problem FIELD_WRONG_TYPE, FIELD_WRONG_VALUE (empty), TEXT_TOO_LONG, TEXT_NOT_PLAIN
 */
export function plainText(value: unknown, longest: number): string {
  if (typeof value !== 'string') throw new Problem('FIELD_WRONG_TYPE', { expected: 'text' });
  if (value.length > longest) throw new Problem('TEXT_TOO_LONG', { longest: String(longest) });
  if (value === '') throw new Problem('FIELD_WRONG_VALUE', { expected: 'text, not empty' });
  if (!isPlainLatin(value) && (value.normalize('NFC') !== value || HIDDEN.test(value) || value.trim() !== value)) throw new Problem('TEXT_NOT_PLAIN');
  return value;
}

/**
 * The common case, decided a hundred times faster: nothing but ASCII and composed Latin letters, Vietnamese among them.
 * Each of these is visible and its own composed form, and there is no mark that could join the one before.
 */
function isPlainLatin(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (!isPlainLatinUnit(text.charCodeAt(at))) return false;
  }
  return text.charCodeAt(0) !== SPACE && text.charCodeAt(text.length - 1) !== SPACE;
}

const SPACE = 0x20;

/** Printable ASCII; Latin-1 letters and Latin Extended-A; ơ and ư; ạ to ỹ. */
function isPlainLatinUnit(unit: number): boolean {
  if (unit < 0x7f) return unit >= SPACE;
  return (unit >= 0xc0 && unit <= 0x17f) || (unit >= 0x1ea0 && unit <= 0x1ef9) || unit === 0x1a0 || unit === 0x1a1 || unit === 0x1af || unit === 0x1b0;
}

/** What phones write as one emoji: pictures that are joined, coloured or keyed by characters that nobody sees alone. */
const EMOJI = /\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?(?:\u200d\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?)*|[0-9#*]\ufe0f\u20e3/gu;

/**
 * Several lines of text as people type them: as {@link plainText}, with line feeds between the lines and with emoji.
 *
 * @param value e.g. `Tem bị rách.\nMua ở chợ 🙁`
 * @param longest in UTF-16 units, line feeds counted
 * @throws Problem as {@link plainText}
 */
export function plainParagraphs(value: unknown, longest: number): string {
  if (typeof value !== 'string') return plainText(value, longest);
  if (value === '' || value.length > longest || value.normalize('NFC') !== value || value.trim() !== value) return plainText(value, longest);
  if (HIDDEN.test(value.replaceAll(EMOJI, '').replaceAll('\n', ''))) throw new Problem('TEXT_NOT_PLAIN');
  return value;
}

const EVERY_HIDDEN = new RegExp(HIDDEN, 'gu');
/** Pictures of the control characters stand in the same order (Unicode, block Control Pictures). */
const CONTROL_PICTURES = 0x2400;

/**
 * Any text as one that hides nothing: NFC, hidden characters shown by signs that no code of GS1 can hold, no space at
 * either end. For text that was found and is kept as evidence; what is read again is not what it was.
 *
 * @param text e.g. `]d20109520000000011\u001d21S1\u202e`
 * @returns e.g. `]d20109520000000011␝21S1⟨U+202E⟩`
 */
export function spelledOut(text: string): string {
  return text.toWellFormed().normalize('NFC').replaceAll(EVERY_HIDDEN, signOf).trim();
}

function signOf(hidden: string): string {
  const point = hidden.codePointAt(0) ?? 0;
  return point < 0x20 ? String.fromCharCode(CONTROL_PICTURES + point) : `⟨U+${point.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
