/**
 * A second opinion: the validator inside bwip-js. Its drawing is stopped right behind the checks by an option that no
 * symbol accepts, so that a question costs a tenth of a millisecond instead of four.
 */
import bwip from 'bwip-js';

/** The error of the option that stops the drawing: whoever gets so far has passed every check. */
const STOPPED = 'bwipp.datamatrixVersionFormat';

interface BwipRaw {
  raw(symbol: string, text: string, options: Readonly<Record<string, unknown>>): unknown;
}

/** `undefined` when bwip-js accepts, else the name of its error, such as `GS1badChecksum`. */
function fault(symbol: string, text: string): string | undefined {
  try {
    (bwip as BwipRaw).raw(symbol, text, { version: 'none' });
  } catch (error) {
    const name = /bwipp\.(\w+)/.exec(String(error));
    if (name === null) return String(error);
    return name[0] === STOPPED ? undefined : name[1];
  }
  throw new Error('bwip-js has drawn with an option that it should refuse');
}

/** What bwip-js has against a Digital Link. */
export function linkFault(uri: string): string | undefined {
  return fault('gs1dldatamatrix', uri);
}

/** What bwip-js has against an element string in brackets. */
export function elementStringFault(text: string): string | undefined {
  return fault('gs1datamatrix', text);
}
