/** An empty table to begin with: every column that can be filled, and an example row. */
import { DIPLOMA_COLUMNS, type DiplomaField } from '#domain/credential/diploma-columns.js';
import { BYTE_ORDER_MARK, csvLine } from './csv-lines.js';

/** The name stands in one column, and what is never taken has none. */
const LEFT_OUT: ReadonlySet<DiplomaField> = new Set(['familyName', 'givenName', 'ignored']);

export function templateFile(): string {
  const columns = DIPLOMA_COLUMNS.filter(({ field }) => !LEFT_OUT.has(field));
  return BYTE_ORDER_MARK + csvLine(columns.map(({ vi }) => vi)) + csvLine(columns.map(({ example }) => example));
}
