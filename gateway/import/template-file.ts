/** An empty file to begin with: Vietnamese headings, and one row that shows how it is meant. */
import { BYTE_ORDER_MARK, csvLine } from './csv-text.js';
import type { ImportKind } from './import-kind.js';

/** The template of a kind; it can be imported as it is. */
export function templateFile({ columns }: ImportKind): string {
  return BYTE_ORDER_MARK + csvLine(columns.map(({ vi }) => vi)) + csvLine(columns.map(({ example }) => example));
}
