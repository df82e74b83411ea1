/** CSV that will be opened in a spreadsheet: nothing in it is a formula there. */

/** What a spreadsheet takes for the beginning of a formula; tabs and line ends in front of one are skipped there. */
const FORMULA = /^[=+\-@\t\r\n]/;

/** In front of the first line, so that spreadsheets read UTF-8. */
export const BYTE_ORDER_MARK = '\ufeff';

/**
 * @param cells e.g. `['=1+1', 'a "b"']`
 * @returns e.g. `"'=1+1","a ""b"""` and a line end
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: string): string {
  const harmless = FORMULA.test(cell) ? `'${cell}` : cell;
  return `"${harmless.replaceAll('"', '""')}"`;
}
