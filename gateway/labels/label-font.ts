/** Noto Sans, embedded as a subset; its digits all have one width, so numbers stand in columns. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export type Face = 'regular' | 'bold';

const FILES: Readonly<Record<Face, string>> = {
  regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
};

/** The bytes of a face's TrueType file, about 630 kB. */
export function fontFile(face: Face): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(FILES[face]));
}

/** What this module needs of a font that pdfkit has embedded. */
export interface EmbeddedFont {
  readonly id: string;
  /** Glyphs of the subset as four hex digits each, and their advances in thousandths of an em; features by their OpenType tags. */
  encode(text: string, features: Readonly<Record<string, boolean>>): [string[], { readonly xAdvance: number }[]];
  /** Code points of each glyph of the subset, for whoever copies or searches the text. */
  readonly unicode: (readonly number[])[];
}

/** The glyphs of one letter. */
interface Glyphs {
  readonly hex: string;
  /** In ems. */
  readonly advance: number;
}

/** Without composition: with it, the font takes `ụ` apart into `u` and a dot. */
const FEATURES = { ccmp: false };
const NO_GLYPH = '0000';
const REPLACEMENT = '\ufffd';
const ASCII = 128;

/**
 * One face in one document. Text is set letter by letter: Vietnamese, composed, has a glyph for every letter, and
 * shaping each run by the font's tables took longer than making its QR code.
 */
export class LabelFont {
  readonly #font: EmbeddedFont;
  readonly #ascii: (Glyphs | undefined)[] = Array.from({ length: ASCII });
  readonly #others = new Map<string, Glyphs>();
  readonly #read = new Map<number, number>();

  constructor(font: EmbeddedFont) {
    this.#font = font;
  }

  /** The name under which a page's resources know it. */
  get id(): string {
    return this.#font.id;
  }

  /** Width of a text in ems: times the type size, in the unit of the size. */
  widthOf(text: string): number {
    let width = 0;
    for (const letter of text) width += this.#glyph(letter).advance;
    return width;
  }

  /** The glyphs of a text, four hex digits each, as a PDF string without its angle brackets. */
  encode(text: string): string {
    let hex = '';
    for (const letter of text) hex += this.#glyph(letter).hex;
    return hex;
  }

  #glyph(letter: string): Glyphs {
    const code = letter.charCodeAt(0);
    const known = code < ASCII ? this.#ascii[code] : this.#others.get(letter);
    return known ?? this.#learn(letter, code);
  }

  #learn(letter: string, code: number): Glyphs {
    const found = this.#ask(letter);
    const glyph = found.hex === NO_GLYPH && letter !== REPLACEMENT ? this.#glyph(REPLACEMENT) : found;
    if (code < ASCII) this.#ascii[code] = glyph;
    else this.#others.set(letter, glyph);
    return glyph;
  }

  /**
   * What a glyph reads as. Left to itself, the font library says what it was first asked for, in whichever document,
   * or nothing if the glyph was first met as a part of another. Of two letters with one glyph (the two spaces), the
   * lower counts.
   */
  #readAs(glyph: number, codePoint: number): void {
    const lowest = Math.min(codePoint, this.#read.get(glyph) ?? codePoint);
    this.#read.set(glyph, lowest);
    this.#font.unicode[glyph] = [lowest];
  }

  #ask(letter: string): Glyphs {
    const [hex, positions] = this.#font.encode(letter, FEATURES);
    const [only = NO_GLYPH] = hex;
    if (hex.length === 1 && only !== NO_GLYPH) this.#readAs(Number.parseInt(only, 16), letter.codePointAt(0) ?? 0);
    return { hex: hex.join(''), advance: positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0) / 1000 };
  }
}
