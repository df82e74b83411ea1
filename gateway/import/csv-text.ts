/** CSV to be opened in a spreadsheet: no cell may become a formula there. */

/** What a spreadsheet begins to calculate at; a tab or line end in front would be skipped over. */
const FORMULA = /^[=+\-@\t\r\n]/;

/**
 * One line, every cell in quotes; a cell that a spreadsheet would take for a formula has an apostrophe in front.
 *
 * @param cells e.g. `['=1+1', 'a "b"']`
 * @returns e.g. `"'=1+1","a ""b"""` with a line end
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${harmless(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

function harmless(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** So that spreadsheets take the text for UTF-8. */
export const BYTE_ORDER_MARK = '\ufeff';
