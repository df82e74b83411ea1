/**
 * Noto Sans, of which each document carries the letters that it uses. Letters are looked up once in the process, not once
 * in each document: shaping a line by the font's tables takes longer than everything else on a page, and composed
 * Vietnamese has one glyph for every letter.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export type Face = 'regular' | 'bold';

const FILES: Readonly<Record<Face, string>> = {
  regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
};

/** The parsed font file, as far as it is used here. */
export interface FontProgram {
  readonly unitsPerEm: number;
  glyphForCodePoint(codePoint: number): { readonly id: number; readonly advanceWidth: number };
}

/** What pdfkit keeps of a font that a document embeds. */
export interface EmbeddedFont {
  readonly id: string;
  readonly font: FontProgram;
  readonly subset: { includeGlyph(glyph: number): number };
  /** advances of the subset's glyphs in thousandths of an em */
  readonly widths: number[];
  /** what each glyph of the subset reads as, for whoever copies or searches the text */
  readonly unicode: number[][];
}

interface Letter {
  readonly glyph: number;
  readonly codePoint: number;
  /** in thousandths of an em */
  readonly advance: number;
}

const REPLACEMENT = 0xfffd;
const letters: Readonly<Record<Face, Map<string, Letter>>> = { regular: new Map(), bold: new Map() };
/** Both spaces have one glyph. */
const READS_AS: ReadonlyMap<number, number> = new Map([[0xa0, 0x20]]);

/** The bytes of a face's TrueType file. */
export function typefaceFile(face: Face): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(FILES[face]));
}

/** One face in one document. */
export class Typeface {
  readonly #face: Face;
  readonly #font: EmbeddedFont;
  readonly #hex = new Map<string, string>();

  constructor(face: Face, font: EmbeddedFont) {
    this.#face = face;
    this.#font = font;
  }

  /** The name under which a page's resources know it. */
  get id(): string {
    return this.#font.id;
  }

  /** Width of a text in ems. */
  widthOf(text: string): number {
    let width = 0;
    for (const letter of text) width += this.#letter(letter).advance;
    return width / 1000;
  }

  /** A text as the hexadecimal digits of a PDF string. */
  encode(text: string): string {
    let hex = '';
    for (const letter of text) hex += this.#hex.get(letter) ?? this.#include(letter);
    return hex;
  }

  #letter(text: string): Letter {
    const known = letters[this.#face].get(text);
    if (known !== undefined) return known;
    const letter = lookUp(this.#font.font, text);
    letters[this.#face].set(text, letter);
    return letter;
  }

  #include(text: string): string {
    const { glyph, codePoint, advance } = this.#letter(text);
    const place = this.#font.subset.includeGlyph(glyph);
    this.#font.widths[place] = advance;
    this.#font.unicode[place] = [codePoint];
    const hex = place.toString(16).padStart(4, '0');
    this.#hex.set(text, hex);
    return hex;
  }
}

/** A letter that the font lacks is shown as missing, never left out. */
function lookUp(program: FontProgram, text: string): Letter {
  const asked = text.codePointAt(0) ?? REPLACEMENT;
  const codePoint = program.glyphForCodePoint(asked).id === 0 ? REPLACEMENT : asked;
  const { id, advanceWidth } = program.glyphForCodePoint(codePoint);
  return { glyph: id, codePoint: READS_AS.get(codePoint) ?? codePoint, advance: (advanceWidth * 1000) / program.unitsPerEm };
}
