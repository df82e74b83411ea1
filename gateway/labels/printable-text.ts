/** Text from outside, made fit to stand in a box: nothing hidden, nothing that grows, nothing beyond the edge. */

/** Characters that print nothing but move, turn or hide what stands around them. */
const HIDDEN = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/gu;
const SPACES = /[^\S\u00a0\ufeff]+/gu;
const REPEATED_SPACES = / {2,}/g;
/** More than two marks on one letter climb into the line above; no language printed here needs a third after composing. */
const PILED_MARKS = /(\p{M}{2})\p{M}+/gu;
/** A sign that belongs to the number before it: `32 %` is not torn at a line's end. */
const NUMBER_AND_SIGN = /(\d) (?=[%‰°])/gu;
const LONGEST = 400;

/** The width of a text in the unit of the caller's box. */
export type Measure = (text: string) => number;

/**
 * One line of plain text: composed (NFC), spaces single, invisible characters and direction overrides gone, at most
 * two combining marks on a letter, at most 400 characters looked at.
 *
 * @param text anything, e.g. `Trà  xanh\u202e`
 * @returns e.g. `Trà xanh`
 */
export function printableText(text: string): string {
  const shown = text.slice(0, LONGEST).replace(SPACES, ' ').replace(HIDDEN, '').normalize('NFC');
  return shown.replace(PILED_MARKS, '$1').replace(REPEATED_SPACES, ' ').replace(NUMBER_AND_SIGN, '$1\u00a0').trim();
}

/**
 * Breaks a text into lines at spaces; a word wider than the box is broken between characters. What does not fit in
 * `most` lines ends with an ellipsis.
 *
 * @param text from {@link printableText}
 * @param width of the box, in the unit of `measure`
 * @param most lines, 1 or more
 * @returns at most `most` lines, each no wider than the box
 */
export function wrapText(text: string, width: number, most: number, measure: Measure): string[] {
  if (measure(text) <= width) return [text];
  const lines: string[] = [];
  let rest = text;
  while (rest !== '' && lines.length < most - 1) {
    const line = firstLine(rest, width, measure);
    lines.push(line);
    rest = rest.slice(line.length).trimStart();
  }
  if (rest !== '') lines.push(ellipsised(rest, width, measure));
  return lines;
}

/**
 * Sets pieces beside each other as far as a line goes, and never breaks a piece that fits on a line of its own.
 *
 * @param pieces e.g. `['(01)09520000000011', '(10)LO26-001']`
 * @param separator between two on one line, e.g. ` · `
 * @returns lines, each no wider than the box; nothing is left out
 */
export function flowPieces(pieces: readonly string[], separator: string, width: number, measure: Measure): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const joint = lines.length === 0 ? '' : `${lines[lines.length - 1]}${separator}${piece}`;
    if (joint !== '' && measure(joint) <= width) lines[lines.length - 1] = joint;
    else lines.push(...brokenAnywhere(piece, width, measure));
  }
  return lines;
}

/**
 * The text itself, or as much of it as fits with an ellipsis behind. Half a Vietnamese syllable is another word, so a
 * syllable is left out whole where that leaves half of the line or more.
 *
 * @returns e.g. `Bánh đậu xanh…`
 */
export function ellipsised(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  const fitting = fittingLength(text, width - measure('…'), measure);
  const space = text.lastIndexOf(' ', fitting);
  return `${text.slice(0, space * 2 >= fitting ? space : fitting).trimEnd()}…`;
}

/** Whether {@link wrapText} or {@link ellipsised} had to leave something out. */
export function isCut(lines: readonly string[]): boolean {
  return lines.at(-1)?.endsWith('…') === true;
}

/** The largest of `wanted` and what lets the text fit, so that an identifier is shrunk and never cut. */
export function sizeToFit(text: string, wanted: number, width: number, measure: Measure): number {
  const ems = measure(text);
  return ems * wanted <= width ? wanted : width / ems;
}

function brokenAnywhere(text: string, width: number, measure: Measure): string[] {
  const lines: string[] = [];
  let rest = text;
  while (measure(rest) > width) {
    const length = Math.max(firstCharacter(rest).length, fittingLength(rest, width, measure));
    lines.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  lines.push(rest);
  return lines;
}

function firstLine(text: string, width: number, measure: Measure): string {
  const length = Math.max(firstCharacter(text).length, fittingLength(text, width, measure));
  if (length >= text.length) return text;
  const space = text.lastIndexOf(' ', length);
  return space > 0 ? text.slice(0, space) : text.slice(0, length);
}

function firstCharacter(text: string): string {
  return /^\P{M}\p{M}*/u.exec(text)?.[0] ?? text.slice(0, 1);
}

/** How many UTF-16 units fit, ending before a whole letter and never between a letter and its marks. */
function fittingLength(text: string, width: number, measure: Measure): number {
  let fitting = 0;
  let used = 0;
  for (const [letter] of text.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
    used += measure(letter);
    if (used > width) return fitting;
    fitting += letter.length;
  }
  return fitting;
}
