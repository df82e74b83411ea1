/**
 * What of an event a caller may see: all, if it took part or is an authority; of other people's events with goods that
 * it made or has, what happened to those goods; nothing else.
 */
import type { EventRecord } from '#domain/epcis/event-record.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import type { JobOwner } from '../jobs/ledger-writer.js';

/**
 * @param followed items that the query names and that the caller made or has
 * @returns the record, a shortened one, or `undefined`
 */
export function seenBy(caller: JobOwner, record: EventRecord, followed: ReadonlySet<ItemKey>): EventRecord | undefined {
  if (caller.type === 'authority' || tookPart(caller, record)) return record;
  if (record.unit !== undefined && followed.has(record.unit)) return shortened(record, record.items);
  const own = record.items.filter((item) => followed.has(item));
  return own.length === 0 ? undefined : shortened(record, own);
}

function tookPart({ organisation }: JobOwner, { by, from, to }: EventRecord): boolean {
  return by === organisation || from === organisation || to === organisation;
}

/** Without the other goods, the parties and papers of the hand-over, and what was weighed. */
function shortened({ kind, step, by, happenedAt, recordedAt, province, unit }: EventRecord, items: readonly ItemKey[]): EventRecord {
  return { kind, step, by, happenedAt, recordedAt, province, items, ...(unit === undefined ? {} : { unit }) };
}
