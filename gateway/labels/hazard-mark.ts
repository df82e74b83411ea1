/** Where hazard pictograms, the signal word and the UN number stand, and how large. */
import { Problem } from '#domain/errors.js';
import { GHS_DRAWINGS } from './ghs-pictograms.js';
import type { GhsPictogram, HazardLabel } from './label-job.js';
import type { LabelSetting } from './label-setting.js';
import type { Media } from './media.js';
import type { PageContent } from './page-content.js';

/** Diagonals of a pictogram in millimetres: 1 cm² wherever there is room, and never below half of that. */
const WANTED_DIAGONAL = 14.15;
export const LEAST_DIAGONAL = 10;
const LARGEST_DIAGONAL = 30;

/** Free edge left, right and below a strip of pictograms. */
const EDGE = 1.2;
export const STRIP_FOOT = 0.8;
const ABOVE_CODE = 0.3;

/** Side of the square that a code may take above the smallest pictograms. */
export function roomAboveStrip(media: Media): number {
  return media.label.height - media.jobLine - LEAST_DIAGONAL - STRIP_FOOT - ABOVE_CODE;
}

export interface HazardStrip {
  /** Of one pictogram; 0 when there is none. */
  readonly diagonal: number;
  /** Type size of the signal word to the right of the pictograms; `undefined` when it stands in the text. */
  readonly signalSize?: number;
}

/** e.g. `NGUY HIỂM · UN 1789`. */
export function signalLine(hazard: HazardLabel, setting: LabelSetting): string {
  const word = setting.words.signal[hazard.signalWord];
  return hazard.unNumber === undefined ? word : `${word} · UN\u00a0${hazard.unNumber}`;
}

/** Diagonals to try, largest first: pictograms give way to text that would not fit otherwise. */
export const STRIP_DIAGONALS = [WANTED_DIAGONAL, 12, LEAST_DIAGONAL] as const;

/**
 * The strip below the code of a small label.
 *
 * @param most the largest diagonal to take, millimetres
 * @throws Problem LABEL_HAZARD_DOES_NOT_FIT (fields `media`, `pictograms`, `most`)
 */
export function hazardStrip(hazard: HazardLabel, most: number, setting: LabelSetting): HazardStrip {
  const count = hazard.pictograms.length;
  if (count === 0) return { diagonal: 0 };
  const { label, jobLine, name } = setting.media;
  const width = label.width - 2 * EDGE;
  const diagonal = Math.min(most, label.height - jobLine - setting.qr.box - STRIP_FOOT - ABOVE_CODE, width / count);
  if (diagonal < LEAST_DIAGONAL) {
    throw new Problem('LABEL_HAZARD_DOES_NOT_FIT', { field: 'hazard.pictograms', media: name, pictograms: String(count), most: String(Math.floor(width / LEAST_DIAGONAL)) });
  }
  return { diagonal, ...signalBeside(hazard, setting, width - count * diagonal - 1) };
}

function signalBeside(hazard: HazardLabel, setting: LabelSetting, room: number): { signalSize?: number } {
  const perPoint = setting.fonts.bold.widthOf(setting.words.signal[hazard.signalWord]) * 0.3528;
  const size = Math.min(13, room / perPoint);
  return size >= setting.media.type.body ? { signalSize: size } : {};
}

/** Draws pictograms in a row from (x, y), the top left of the first one's box. */
export function drawPictograms(content: PageContent, names: readonly GhsPictogram[], at: { readonly x: number; readonly y: number }, diagonal: number): void {
  for (const [index, name] of names.entries()) {
    content.drawing(GHS_DRAWINGS[name], at.x + (index + 0.5) * diagonal, at.y + diagonal / 2, diagonal / 100);
  }
}

/** Draws the strip at the foot of a small label whose frame is `frame`. */
export function drawHazardStrip(content: PageContent, hazard: HazardLabel, strip: HazardStrip, frame: { readonly x: number; readonly bottom: number; readonly right: number }, setting: LabelSetting): void {
  const y = frame.bottom - STRIP_FOOT - strip.diagonal;
  drawPictograms(content, hazard.pictograms, { x: frame.x + EDGE, y }, strip.diagonal);
  if (strip.signalSize === undefined) return;
  const left = frame.x + EDGE + hazard.pictograms.length * strip.diagonal;
  const middle = { x: (left + frame.right - EDGE) / 2 + 0.5, y: y + strip.diagonal / 2 - strip.signalSize * 0.09 };
  content.ink('black').textAround({ ...middle, text: setting.words.signal[hazard.signalWord], face: 'bold', size: strip.signalSize });
  if (hazard.unNumber !== undefined) {
    content.textAround({ x: middle.x, y: middle.y + strip.signalSize * 0.43, text: `UN\u00a0${hazard.unNumber}`, face: 'bold', size: strip.signalSize });
  }
}

/** Rows and diagonal of the pictograms on a large label: one row, unless two make them a fifth larger. */
export function pictogramGrid(count: number, width: number, height: number): { readonly perRow: number; readonly rows: number; readonly diagonal: number } {
  const single = Math.min(LARGEST_DIAGONAL, width / count, height);
  const half = Math.ceil(count / 2);
  const double = Math.min(LARGEST_DIAGONAL, width / half, height / 2);
  return double > single * 1.2 ? { rows: 2, perRow: half, diagonal: double } : { rows: 1, perRow: count, diagonal: single };
}
