/** Drawing on one page in millimetres from its top left corner, written straight as PDF operators (ISO 32000-1, 8 and 9). */
import { POINT } from './typography.js';
import type { Face, LabelFont } from './label-font.js';
import type { Bars } from './gs1-symbols.js';
import type { Frame } from './media.js';
import type { Modules } from './qr-symbol.js';

/** Ink as DeviceGray, so that black is printed with black alone. A number is a grey, 0 black to 1 white. */
export type Ink = 'black' | 'grey' | number;

export interface TextRun {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly text: string;
  readonly face: Face;
  /** Type size in points. */
  readonly size: number;
}

export type Fonts = Readonly<Record<Face, LabelFont>>;

const NAMED_INKS = { black: '0 g 0 G', grey: '0.35 g 0.35 G' } as const;

/** Collects the operators of a page; nothing is kept when it has been written. */
export class PageContent {
  readonly fonts: Fonts;
  #text = '';

  constructor(fonts: Fonts) {
    this.fonts = fonts;
  }

  /** Ink for what follows. */
  ink(ink: Ink): this {
    this.#text += typeof ink === 'number' ? `${short(ink)} g ${short(ink)} G\n` : `${NAMED_INKS[ink]}\n`;
    return this;
  }

  rect(frame: Frame): this {
    this.#text += `${short(frame.x)} ${short(frame.y)} ${short(frame.width)} ${short(frame.height)} re f\n`;
    return this;
  }

  /** The outline of a frame, its line centred on the edge. */
  outline(frame: Frame, lineWidth: number): this {
    this.#text += `${short(lineWidth)} w ${short(frame.x)} ${short(frame.y)} ${short(frame.width)} ${short(frame.height)} re S\n`;
    return this;
  }

  /** Square modules in one path, so that no viewer can leave a seam between two. */
  modules(modules: Modules, x: number, y: number, module: number): this {
    this.#text += `q ${long(module)} 0 0 ${long(module)} ${long(x)} ${long(y)} cm\n${moduleRuns(modules)}f Q\n`;
    return this;
  }

  /** Bars of a linear symbol, `height` millimetres high. */
  bars(bars: Bars, at: { readonly x: number; readonly y: number }, module: number, height: number): this {
    this.#text += `q ${long(module)} 0 0 ${long(height)} ${long(at.x)} ${long(at.y)} cm\n`;
    let from = 0;
    for (const [index, width] of bars.entries()) {
      if (index % 2 === 0) this.#text += `${from} 0 ${width} 1 re\n`;
      from += width;
    }
    this.#text += 'f Q\n';
    return this;
  }

  /** Operators of a drawing made in units of its own, `unit` millimetres each, from (x, y). */
  drawing(operators: string, x: number, y: number, unit: number): this {
    this.#text += `q ${long(unit)} 0 0 ${long(unit)} ${long(x)} ${long(y)} cm\n${operators}\nQ\n`;
    return this;
  }

  text(run: TextRun): this {
    const font = this.fonts[run.face];
    this.#text += `BT /${font.id} ${short(run.size * POINT)} Tf 1 0 0 -1 ${short(run.x)} ${short(run.y)} Tm <${font.encode(run.text)}> Tj ET\n`;
    return this;
  }

  /** Text ending at `run.x`. */
  textTo(run: TextRun): this {
    return this.text({ ...run, x: run.x - this.widthOf(run.text, run.face, run.size) });
  }

  /** Text centred on `run.x`. */
  textAround(run: TextRun): this {
    return this.text({ ...run, x: run.x - this.widthOf(run.text, run.face, run.size) / 2 });
  }

  /** Millimetres. */
  widthOf(text: string, face: Face, size: number): number {
    return this.fonts[face].widthOf(text) * size * POINT;
  }

  /** The operators so far. */
  operators(): string {
    return this.#text;
  }
}

/** Micrometres are finer than any printer. */
function short(length: number): string {
  return String(Math.round(length * 1000) / 1000);
}

/** Scales are multiplied by up to 156 modules, so they keep a nanometre. */
function long(length: number): string {
  return String(Math.round(length * 1e6) / 1e6);
}

/** One rectangle for each run of dark modules in a row. */
function moduleRuns({ size, data }: Modules): string {
  let operators = '';
  for (let row = 0; row < size; row++) {
    const end = (row + 1) * size;
    for (let at = row * size; at < end; at++) {
      if (data[at] !== 1) continue;
      const from = at;
      while (at < end && data[at] === 1) at++;
      operators += `${from - row * size} ${row} ${at - from} 1 re\n`;
    }
  }
  return operators;
}
