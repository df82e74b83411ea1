/** What stands on one page, as PDF operators in millimetres (ISO 32000-1, 8 and 9). */
import { POINT } from './paper.js';
import type { QrModules } from './qr-code.js';
import type { Face, Typeface } from './typeface.js';

export type Faces = Readonly<Record<Face, Typeface>>;

export interface Line {
  readonly x: number;
  /** of the baseline */
  readonly y: number;
  readonly text: string;
  readonly face: Face;
  /** in points */
  readonly size: number;
  /** where `x` is; the left end if absent */
  readonly anchor?: 'middle';
}

export class PageDrawing {
  readonly #faces: Faces;
  readonly #operators: string[] = [];

  constructor(faces: Faces) {
    this.#faces = faces;
  }

  /** Ink for what follows, 0 black to 1 white. */
  grey(level: number): void {
    this.#operators.push(`${short(level)} g ${short(level)} G`);
  }

  line({ x, y, text, face, size, anchor }: Line): void {
    const left = anchor === 'middle' ? x - this.widthOf(text, face, size) / 2 : x;
    const typeface = this.#faces[face];
    this.#operators.push(`BT /${typeface.id} ${short(size * POINT)} Tf 1 0 0 -1 ${short(left)} ${short(y)} Tm <${typeface.encode(text)}> Tj ET`);
  }

  rectangle(x: number, y: number, width: number, height: number): void {
    this.#operators.push(`${short(x)} ${short(y)} ${short(width)} ${short(height)} re f`);
  }

  outline(x: number, y: number, width: number, height: number, lineWidth: number): void {
    this.#operators.push(`${short(lineWidth)} w ${short(x)} ${short(y)} ${short(width)} ${short(height)} re S`);
  }

  /** A symbol with its top left module at (x, y): one path, so that no viewer leaves a seam between two modules. */
  symbol({ size, dark }: QrModules, x: number, y: number, module: number): void {
    this.#operators.push(`q ${fine(module)} 0 0 ${fine(module)} ${fine(x)} ${fine(y)} cm`, ...runsOf(size, dark), 'f Q');
  }

  /** In millimetres. */
  widthOf(text: string, face: Face, size: number): number {
    return this.#faces[face].widthOf(text) * size * POINT;
  }

  operators(): string {
    return this.#operators.join('\n');
  }
}

/** Micrometres: finer than any printer. */
function short(length: number): string {
  return String(Math.round(length * 1000) / 1000);
}

/** A scale is multiplied by every module of a row. */
function fine(length: number): string {
  return String(Math.round(length * 1e6) / 1e6);
}

function* runsOf(size: number, dark: Uint8Array): Generator<string> {
  for (let row = 0; row < size; row += 1) {
    let from = 0;
    for (let at = 0; at <= size; at += 1) {
      if (at < size && dark[row * size + at] === 1) continue;
      if (at > from) yield `${from} ${row} ${at - from} 1 re`;
      from = at + 1;
    }
  }
}
