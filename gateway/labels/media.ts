/** The label stock: geometry in millimetres, from the top left corner of the page. Data, and the arithmetic on it. */
import { Problem } from '#domain/errors.js';

export type MediaName = 'a4-24' | 'a4-40' | 'a4-65' | 'roll-60x40' | 'a6-logistic';

/** Dots per inch of the printers in use: thermal 203 and 300, laser 600. */
export type PrinterDpi = 203 | 300 | 600;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Frame extends Size {
  readonly x: number;
  readonly y: number;
}

export interface Media {
  readonly name: MediaName;
  readonly page: Size;
  readonly label: Size;
  readonly columns: number;
  readonly rows: number;
  /** Top left corner of the first label. */
  readonly left: number;
  readonly top: number;
  /** From one label's left (top) edge to the next one's. */
  readonly pitchX: number;
  readonly pitchY: number;
  /** The printer that usually feeds this stock. */
  readonly dpi: PrinterDpi;
  /** Largest side of a QR code with its quiet zone, the module wanted, and the module below which a job is refused. */
  readonly qr: { readonly box: number; readonly wanted: number; readonly least: number };
  /** Type sizes in points: the product's name and everything else on a label. */
  readonly type: { readonly name: number; readonly body: number };
  /** Height kept free at the foot of each label for the job line; 0 where the line stands in the sheet's margin. */
  readonly jobLine: number;
  /** Room for hazard pictograms: none, a strip below the code, or a field of its own. */
  readonly hazard: 'none' | 'strip' | 'field';
}

const A4: Size = { width: 210, height: 297 };

/** Smallest and largest module of a two-dimensional symbol at retail and in general use, millimetres (GS1 General Specifications, symbol specification tables). */
export const LEAST_MODULE = 0.396;
export const MOST_MODULE = 0.99;

/** Sheets have the sizes that most makers of European A4 label stock share; margins follow from centring the grid. */
export const MEDIA: Readonly<Record<MediaName, Media>> = {
  'a4-24': {
    name: 'a4-24', page: A4, label: { width: 63.5, height: 33.9 }, columns: 3, rows: 8,
    left: 7.21, top: 12.9, pitchX: 66.04, pitchY: 33.9, dpi: 600,
    qr: { box: 21, wanted: 0.495, least: LEAST_MODULE }, type: { name: 9, body: 6.8 }, jobLine: 0, hazard: 'strip',
  },
  'a4-40': {
    name: 'a4-40', page: A4, label: { width: 45.7, height: 25.4 }, columns: 4, rows: 10,
    left: 9.7, top: 21.5, pitchX: 48.3, pitchY: 25.4, dpi: 600,
    qr: { box: 19.1, wanted: LEAST_MODULE, least: LEAST_MODULE }, type: { name: 7.2, body: 5.8 }, jobLine: 0, hazard: 'none',
  },
  'a4-65': {
    name: 'a4-65', page: A4, label: { width: 38.1, height: 21.2 }, columns: 5, rows: 13,
    left: 4.75, top: 10.7, pitchX: 40.6, pitchY: 21.2, dpi: 600,
    qr: { box: 19.1, wanted: LEAST_MODULE, least: 0.338 }, type: { name: 6, body: 5 }, jobLine: 0, hazard: 'none',
  },
  'roll-60x40': {
    name: 'roll-60x40', page: { width: 60, height: 40 }, label: { width: 60, height: 40 }, columns: 1, rows: 1,
    left: 0, top: 0, pitchX: 60, pitchY: 40, dpi: 203,
    qr: { box: 23, wanted: 0.495, least: LEAST_MODULE }, type: { name: 9, body: 6.8 }, jobLine: 2.6, hazard: 'strip',
  },
  'a6-logistic': {
    name: 'a6-logistic', page: { width: 105, height: 148 }, label: { width: 105, height: 148 }, columns: 1, rows: 1,
    left: 0, top: 0, pitchX: 105, pitchY: 148, dpi: 203,
    qr: { box: 42, wanted: MOST_MODULE, least: LEAST_MODULE }, type: { name: 17, body: 9 }, jobLine: 4.4, hazard: 'field',
  },
};

/**
 * @param name e.g. `a4-24`
 * @throws Problem LABEL_MEDIA_UNKNOWN (fields `media`, `known`)
 */
export function mediaNamed(name: string): Media {
  if (!Object.hasOwn(MEDIA, name)) {
    throw new Problem('LABEL_MEDIA_UNKNOWN', { field: 'media', media: name.slice(0, 40), known: Object.keys(MEDIA).join(', ') });
  }
  return MEDIA[name as MediaName];
}

/** Labels on one page, e.g. 24. */
export function labelsPerPage(media: Media): number {
  return media.columns * media.rows;
}

/** The frame of the label at `place` of its page, 0 top left, row by row. */
export function labelFrame(media: Media, place: number): Frame {
  const column = place % media.columns;
  const row = Math.floor(place / media.columns);
  return { x: media.left + column * media.pitchX, y: media.top + row * media.pitchY, ...media.label };
}

/** Millimetres between two dots of a printer, e.g. 0.0423 at 600 dpi. */
export function dotPitch(dpi: PrinterDpi): number {
  return 25.4 / dpi;
}
