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
  if (value.normalize('NFC') !== value || HIDDEN.test(value) || value.trim() !== value) throw new Problem('TEXT_NOT_PLAIN');
  return value;
}
