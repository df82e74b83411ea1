/** Index entries of one event: short, because an event of two thousand items is long, and a journey needs little of it. */
import type { EventRecord, Step } from '#domain/epcis/event-record.js';
import type { Difference } from '#domain/goods/records.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import type { Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { ProvinceCode } from '#domain/registry/provinces.js';
import type { WriteContext } from '../read-model/rows.js';

/**
 * What an item was in an event: what it happened to (`item`), the unit that was packed or unpacked, the source that
 * was divided, or something found short, damaged or over on arrival.
 */
export type Part = 'item' | 'unit' | 'source' | 'short' | 'damaged' | 'over';

/** One event as one of its items sees it. */
export interface EventMention {
  readonly part: Part;
  readonly step: Step;
  readonly by: OrganisationId;
  readonly happenedAt: Instant;
  readonly recordedAt: Instant;
  readonly province: ProvinceCode;
  /** The unit of packing and unpacking. */
  readonly unit?: ItemKey;
}

export interface EventEntry {
  readonly index: 'event' | 'event-by';
  /** item, then its place on the ledger: `/01/…/21/… 00000000000c.0003.0000 ` */
  readonly subject: string;
  readonly value: string;
}

/** Where an event stands in the ledger's order: texts compare as the places do. */
export function placeOf(key: string, at: WriteContext): string {
  const number = Number(key.slice(key.lastIndexOf('/') + 1));
  return `${at.block.toString(16).padStart(12, '0')}.${hex4(at.index)}.${hex4(number)}`;
}

function hex4(number: number): string {
  return number.toString(16).padStart(4, '0');
}

/** One entry for each item named in the event, and one for whoever recorded it. */
export function eventEntries(event: EventRecord, key: string, at: WriteContext): EventEntry[] {
  const place = placeOf(key, at);
  const parts = partsOf(event);
  const values = new Map<Part, string>();
  const valueOf = (part: Part): string => {
    const known = values.get(part) ?? packMention(event, part);
    values.set(part, known);
    return known;
  };
  const entries: EventEntry[] = [];
  for (const [item, part] of parts) entries.push({ index: 'event', subject: `${item} ${place} `, value: valueOf(part) });
  entries.push({ index: 'event-by', subject: `${event.by} ${place} `, value: valueOf('item') });
  return entries;
}

/** Each item once, in the part that says most: what was damaged was also received. */
function partsOf({ items, unit, source, difference }: EventRecord): Map<ItemKey, Part> {
  const parts = new Map<ItemKey, Part>();
  if (source !== undefined) parts.set(source, 'source');
  for (const item of items) parts.set(item, 'item');
  if (unit !== undefined) parts.set(unit, 'unit');
  if (difference !== undefined) addDifference(difference, parts);
  return parts;
}

function addDifference({ damaged, short, over }: Difference, parts: Map<ItemKey, Part>): void {
  for (const item of damaged) parts.set(item, 'damaged');
  for (const item of short) parts.set(item, 'short');
  for (const item of over) parts.set(item, 'over');
}

/** Tab-separated: part, step, by, happened, recorded, province, unit. */
function packMention({ step, by, happenedAt, recordedAt, province, unit }: EventRecord, part: Part): string {
  return [part, step, by, happenedAt, recordedAt, province, unit ?? ''].join('\t');
}

/** What `packMention` packed. */
export function readMention(packed: string): EventMention {
  const [part = '', step = '', by = '', happenedAt = '', recordedAt = '', province = '', unit = ''] = packed.split('\t');
  return {
    part: part as Part, step: step as Step, by: by as OrganisationId,
    happenedAt: happenedAt as Instant, recordedAt: recordedAt as Instant, province: province as ProvinceCode,
    ...(unit === '' ? {} : { unit: unit as ItemKey }),
  };
}
