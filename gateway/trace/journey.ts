/**
 * An item's way: its own events, those of the units around it while it was inside them, and those of its lot. Which
 * unit it was in when is read off its own events, in the ledger's order.
 */
import { DEEPEST_NESTING, type Dossier } from '#domain/goods/dossier.js';
import type { JourneyStop } from '#domain/goods/public-item.js';
import { lotKey, type ItemKey } from '#domain/gs1/item-key.js';
import { readMention, type EventMention } from './event-index.js';
import type { RecordReader } from './record-reader.js';

/** A mention with its place on the ledger and the event's key. */
export interface PlacedMention extends EventMention {
  readonly place: string;
  readonly event: string;
}

/** Events of one subject that are looked at: a pallet may be used for years. */
const MOST_EVENTS = 2000;
const FIRST = '';
const LAST = 'g';

/** Where on the ledger: after `from`, up to and with `to`; places compare as texts. */
interface Stretch {
  readonly from: string;
  readonly to: string;
}

/** The mentions of one item in the ledger's order. */
export async function mentionsOf(records: RecordReader, item: ItemKey, stretch: Stretch = { from: FIRST, to: LAST }): Promise<PlacedMention[]> {
  const mentions: PlacedMention[] = [];
  for await (const row of records.entries('event', `${item} ${commonStart(stretch)}`)) {
    const place = row.key.slice(item.length + 1, -1);
    if (place > stretch.to || mentions.length >= MOST_EVENTS) break;
    if (place > stretch.from) mentions.push({ ...readMention(row.value), place, event: row.stateKey });
  }
  return mentions;
}

function commonStart({ from, to }: Stretch): string {
  let length = 0;
  while (length < from.length && from[length] === to[length]) length++;
  return from.slice(0, length);
}

/** Everything that happened to an item, in the ledger's order: alone, inside units, and through its lot. */
export async function historyOf(records: RecordReader, { item, serial, lot }: Pick<Dossier, 'item' | 'serial' | 'lot'>): Promise<PlacedMention[]> {
  const found = new Map<string, PlacedMention>();
  await collect(records, item, { from: FIRST, to: LAST }, found, 0);
  if (serial !== undefined && lot !== undefined) {
    for (const mention of await mentionsOf(records, lotKey(lot.gtin, lot.lot))) if (mention.part === 'item') found.set(mention.place, mention);
  }
  return [...found.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** What the public sees of it: the oldest happening first. */
export async function journeyOf(records: RecordReader, dossier: Dossier): Promise<JourneyStop[]> {
  const history = await historyOf(records, dossier);
  const stops = history.map(({ step, happenedAt, recordedAt, province }) => ({ step, at: happenedAt, recordedAt, province }));
  return stops.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

async function collect(records: RecordReader, subject: ItemKey, stretch: Stretch, found: Map<string, PlacedMention>, depth: number): Promise<void> {
  let inside: { readonly unit: ItemKey; readonly since: string } | undefined;
  const leave = async (at: string): Promise<void> => {
    if (inside !== undefined && depth <= DEEPEST_NESTING) await collect(records, inside.unit, { from: inside.since, to: at }, found, depth + 1);
    inside = undefined;
  };
  for (const mention of await mentionsOf(records, subject, stretch)) {
    if (happenedTo(mention, depth)) found.set(mention.place, mention);
    if (hasLeft(mention)) await leave(mention.place);
    if (hasEntered(mention)) inside = { unit: mention.unit, since: mention.place };
  }
  await leave(stretch.to);
}

/** What is packed into or out of a carrier besides is not this item's story; of the item itself everything is. */
function happenedTo(mention: EventMention, depth: number): boolean {
  if (mention.part === 'short' || mention.part === 'over') return false;
  return depth === 0 || mention.part === 'item' || mention.part === 'damaged';
}

function hasEntered(mention: PlacedMention): mention is PlacedMention & { readonly unit: ItemKey } {
  return mention.part === 'item' && mention.step === 'pack' && mention.unit !== undefined;
}

/** Taken out, or found short or damaged inside a unit that arrived. */
function hasLeft(mention: EventMention): boolean {
  return (mention.part === 'item' && mention.step === 'unpack') || mention.part === 'short' || mention.part === 'damaged';
}
