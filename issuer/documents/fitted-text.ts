/** Text that has to stand in a box whole: it is broken into lines, then set smaller, and never cut. */
import type { PageDrawing } from './page-drawing.js';
import { LEADING, POINT } from './paper.js';
import type { Face } from './typeface.js';

export interface Box {
  /** in millimetres */
  readonly width: number;
  readonly face: Face;
  /** in points: what it is set in if it fits, and at the least */
  readonly size: number;
  readonly least: number;
  /** how many lines it may take at more than the least size */
  readonly lines: number;
}

export interface FittedText {
  readonly lines: readonly string[];
  readonly size: number;
  /** of all lines, in millimetres */
  readonly height: number;
}

const STEP = 0.5;

/** @param text one line of plain text, NFC */
export function fitText(drawing: PageDrawing, text: string, box: Box): FittedText {
  for (let size = box.size; ; size = Math.max(box.least, size - STEP)) {
    const lines = linesOf(text, box.width, (part) => drawing.widthOf(part, box.face, size));
    if (lines.length <= box.lines || size === box.least) return { lines, size, height: lines.length * size * LEADING * POINT };
  }
}

/** Broken at spaces; a word that is wider than the box, between letters. */
function linesOf(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => piecesOf(one, width, measure))) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measure(joined) > width) {
      lines.push(line);
      line = word;
    } else line = joined;
  }
  return [...lines, line];
}

/** A letter and the marks on it. */
const LETTER = /\P{M}\p{M}*|\p{M}+/gu;

function piecesOf(word: string, width: number, measure: (text: string) => number): string[] {
  if (measure(word) <= width) return [word];
  const pieces = [''];
  for (const [letter] of word.matchAll(LETTER)) {
    const last = pieces.at(-1) ?? '';
    if (last === '' || measure(last + letter) <= width) pieces[pieces.length - 1] = last + letter;
    else pieces.push(letter);
  }
  return pieces;
}
