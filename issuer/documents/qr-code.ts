/** The QR of a printed credential (ISO/IEC 18004): paper is folded, stamped and kept for a lifetime, so a quarter of it may go. */
import { create } from 'qrcode';

/** Light modules on every side. */
export const QUIET_ZONE = 4;

/** Six dots of a 300 dpi printer, twelve of a 600 dpi one; four of a 203 dpi one within two hundredths. */
export const MODULE_MM = 0.508;

export interface QrModules {
  /** modules on a side, without quiet zone */
  readonly size: number;
  /** row by row, 1 is dark */
  readonly dark: Uint8Array;
}

/**
 * @param link from `printedLink`, e.g. `https://xac-minh.example/c/2GLC42sKQveCfGfryNRN9w#sQ…`: the case of its letters matters,
 *   so it is kept as bytes
 */
export function qrModules(link: string): QrModules {
  const { modules } = create([{ data: new TextEncoder().encode(link), mode: 'byte' }], { errorCorrectionLevel: 'Q' });
  return { size: modules.size, dark: modules.data };
}

/** Side of a symbol with its quiet zones, in millimetres. */
export function qrSide({ size }: QrModules): number {
  return (size + 2 * QUIET_ZONE) * MODULE_MM;
}
