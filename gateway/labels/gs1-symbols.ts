/** The two GS1 symbols beside the QR code, as bare geometry: GS1-128 bars and GS1 DataMatrix modules. */
import bwip from 'bwip-js';
import type { Modules } from './qr-symbol.js';

/** Widths in modules, in turn dark and light, beginning and ending dark. */
export type Bars = readonly number[];

/** Least module and height of a GS1-128 on a logistic unit, millimetres (GS1 General Specifications, symbol specification table for logistic units). */
export const LEAST_SSCC_MODULE = 0.495;
export const SSCC_HEIGHT = 32;
/** Light modules on either side of a GS1-128 (ISO/IEC 15417, 4.3.2). */
export const GS1_128_QUIET_ZONE = 10;

/**
 * GS1-128 of an SSCC: start C, FNC1, (00), 18 digits, check character, stop; 156 modules.
 *
 * @param sscc 18 digits with the right check digit, e.g. `095200000000000011`
 */
export function ssccBars(sscc: string): Bars {
  const [symbol] = bwip.raw('gs1-128', `(00)${sscc}`);
  if (symbol === undefined || !('sbs' in symbol)) throw new Error('the bar code library gave no bars');
  return symbol.sbs;
}

/** Width in modules, without quiet zones. */
export function barsWidth(bars: Bars): number {
  return bars.reduce((sum, width) => sum + width, 0);
}

/**
 * GS1 DataMatrix of an element string, for scanners that know AIs and no links.
 *
 * @param elements fields with `AI` and value joined, those of variable length last, e.g. `['0109520000000011', '10LO26-001', '21S1']`;
 *   a separator is set between them, which readers ignore behind a field of fixed length
 */
export function dataMatrix(elements: readonly string[]): Modules {
  // The library's own GS1 notation cannot carry brackets inside a value, and set 82 has them; no value holds a caret.
  const text = `^FNC1${elements.join('^FNC1').replace(/^(01\d{14})\^FNC1/, '$1')}`;
  const [symbol] = bwip.raw('datamatrix', text, { parsefnc: true });
  if (symbol === undefined || !('pixs' in symbol)) throw new Error('the bar code library gave no modules');
  return { size: symbol.pixx, data: Uint8Array.from(symbol.pixs) };
}
