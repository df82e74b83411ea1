/** Serials of an order are commissioned: as many transactions as they need, and the same ones when it is asked again. */
import { Problem } from '#domain/errors.js';
import { MOST_ITEMS } from '#domain/goods/requests.js';
import { serialKey, type Serial } from '#domain/gs1/item-key.js';
import type { RecordReader } from '../trace/record-reader.js';
import type { SerialOrder } from './serial-order.js';

/** Which of an order's serials to apply: all, or those from one to another as they were printed. */
export interface Span {
  readonly first?: Serial;
  readonly last?: Serial;
}

/**
 * The serials in a span that are not on the ledger yet and not set aside.
 *
 * @param serials of the order, as they were printed
 * @throws Problem SERIAL_NOT_IN_ORDER (field `first` or `last`)
 */
export function serialsToApply(order: SerialOrder, serials: readonly Serial[], span: Span, records: RecordReader): Serial[] {
  const from = span.first === undefined ? 0 : placeIn(serials, span.first, 'first');
  const to = span.last === undefined ? serials.length - 1 : placeIn(serials, span.last, 'last');
  const aside = new Set([...order.spoiled, ...order.returned]);
  return serials.slice(from, to + 1).filter((serial) => !aside.has(serial) && !isApplied(records, order, serial));
}

function placeIn(serials: readonly Serial[], serial: Serial, field: string): number {
  const place = serials.indexOf(serial);
  if (place < 0) throw new Problem('SERIAL_NOT_IN_ORDER', { field, serial });
  return place;
}

export function isApplied(records: RecordReader, order: Pick<SerialOrder, 'gtin'>, serial: Serial): boolean {
  return records.load(serialKey(order.gtin, serial), 'serial') !== undefined;
}

/** How many of an order's serials are on the ledger. */
export function countApplied(records: RecordReader, order: SerialOrder, serials: readonly Serial[]): number {
  let applied = 0;
  for (const serial of serials) if (isApplied(records, order, serial)) applied++;
  return applied;
}

/** Parts of at most as many as one transaction may name. */
export function inTransactions(serials: readonly Serial[]): Serial[][] {
  const parts: Serial[][] = [];
  for (let at = 0; at < serials.length; at += MOST_ITEMS) parts.push(serials.slice(at, at + MOST_ITEMS));
  return parts;
}
