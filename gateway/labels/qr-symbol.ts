/** QR Code (ISO/IEC 18004) carrying a GS1 Digital Link: version, module size in whole printer dots, module matrix. */
import { create } from 'qrcode';
import { Problem } from '#domain/errors.js';
import { dotPitch, MOST_MODULE, type Media, type PrinterDpi } from './media.js';

/** Light modules on every side (ISO/IEC 18004, 6.3.8). */
export const QUIET_ZONE = 4;

/** A square symbol: `size` × `size` modules row by row, 1 is dark. */
export interface Modules {
  readonly size: number;
  readonly data: Uint8Array;
}

/** How the symbols of a whole job are drawn, so that all have one size. Lengths in millimetres. */
export interface QrPlan {
  readonly version: number;
  /** Printer dots per module. */
  readonly dots: number;
  readonly module: number;
  /** Side with both quiet zones. */
  readonly box: number;
}

const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]*$/;

/** Characters that fit at level M, from version 1 (ISO/IEC 18004 table 7). */
const ALPHANUMERIC_AT_M = [20, 38, 61, 90, 122, 154, 178, 221, 262, 311];
const BYTES_AT_M = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213];

/** The longest link that any media takes, in alphanumeric characters. */
export const LONGEST_LINK = 311;

/** True when every character is one of the 45 that QR packs into 5½ bits: digits, capitals and `$%*+-./:`. */
export function isAlphanumeric(link: string): boolean {
  return ALPHANUMERIC.test(link);
}

/**
 * The smallest version that carries a link at level M in one segment.
 *
 * @param link ASCII, e.g. `HTTPS://ID.EXAMPLE.VN/01/09520000000011/21/7QK2M9ZD4XWA`
 * @returns 1 to 10, or `undefined` beyond that: no media has room for it
 */
export function qrVersion(link: string): number | undefined {
  const capacities = isAlphanumeric(link) ? ALPHANUMERIC_AT_M : BYTES_AT_M;
  const at = capacities.findIndex((most) => link.length <= most);
  return at < 0 ? undefined : at + 1;
}

/** Modules on one side without quiet zone, e.g. 33 for version 4. */
export function qrSize(version: number): number {
  return 17 + 4 * version;
}

/**
 * Chooses the module: the size the media wants, rounded up to whole dots (but not over the largest
 * of the standard); if the symbol is then too large for the media, fewer dots, down to the media's least module.
 *
 * @param room side of the square the symbol and its quiet zone may take, millimetres
 * @throws Problem LABEL_LINK_TOO_LONG (fields `media`, `module`, `least`: the module that would fit, and the least allowed)
 */
export function planQr(version: number, media: Media, dpi: PrinterDpi, wanted: number, room: number): QrPlan {
  const dot = dotPitch(dpi);
  const modules = qrSize(version) + 2 * QUIET_ZONE;
  const fitting = Math.floor(room / (modules * dot) + 1e-9);
  const dots = Math.min(Math.ceil(wanted / dot - 1e-9), Math.floor(MOST_MODULE / dot + 1e-9), fitting);
  if (dots * dot < media.qr.least) {
    throw new Problem('LABEL_LINK_TOO_LONG', { media: media.name, module: (dots * dot).toFixed(3), least: String(media.qr.least) });
  }
  return { version, dots, module: dots * dot, box: modules * dots * dot };
}

/**
 * The modules of a link at level M: one alphanumeric segment, or one byte segment when the link has other characters.
 *
 * @param version at least {@link qrVersion} of the link
 */
export function qrModules(link: string, version: number): Modules {
  const segment = isAlphanumeric(link)
    ? { data: link, mode: 'alphanumeric' as const }
    : { data: new TextEncoder().encode(link), mode: 'byte' as const };
  return create([segment], { errorCorrectionLevel: 'M', version }).modules;
}
