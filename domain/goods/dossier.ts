/** Everything the ledger knows that bears on one item: what a scan is judged by, and what a receipt proves. */
import { lotKey, parseItemKey, productKey, type ItemKey, type ParsedItemKey } from '../gs1/item-key.js';
import type { RecordKind, RecordOf } from '../records.js';
import { organisationKey } from '../registry/keys.js';
import type { OrganisationId, OrganisationRecord } from '../registry/organisation.js';
import type { LotRecord } from './lot.js';
import type { ProductRecord } from './product.js';
import type { MovableRecord, SerialRecord, UnitRecord } from './records.js';

/**
 * A logistic unit as a dossier shows it: how many things are inside, not which. Whoever scans one thing must not learn
 * the serials of its neighbours, which are random so that nobody can guess them.
 */
export type Carrier = Omit<UnitRecord, 'contents'> & { readonly count: number };

/**
 * The answer of `goods:readItem`. What is not on the ledger is absent: a dossier without `serial` for a serial's key
 * says that the ledger knows no such serial, and is proven by the same receipt.
 */
export interface Dossier {
  readonly item: ItemKey;
  readonly product?: ProductRecord;
  readonly lot?: LotRecord;
  readonly serial?: SerialRecord;
  readonly unit?: Carrier;
  /** The units the item is inside, the innermost first. Where the outermost is, the item is. */
  readonly inside: readonly Carrier[];
  /** Maker and present holder, as far as the ledger knows them. */
  readonly organisations: readonly OrganisationRecord[];
}

/** Units may stand in units this deep: item, carton, case, pallet, container. */
export const DEEPEST_NESTING = 5;

/** Finds the record of a kind under a key, on a peer or in a copy for reading. */
export type LoadRecord = <K extends RecordKind>(key: string, kind: K) => Promise<RecordOf<K> | undefined>;

/**
 * Gathers the dossier of an item: the one rule by which peers, for a receipt, and the copy for reading, for a page,
 * say the same of it.
 *
 * @param text a canonical key, e.g. `/01/09520000000011/21/7QK2M9ZD4XWA`
 * @returns a dossier of what is known; an unknown item has neither product nor serial, lot or unit
 * @throws Problem ITEM_KEY_MALFORMED, ITEM_KEY_NOT_CANONICAL and the codes of the values in the key
 */
export async function assembleDossier(text: string, load: LoadRecord): Promise<Dossier> {
  const parsed = parseItemKey(text);
  const item = text as ItemKey;
  const serial = parsed.kind === 'serial' ? await load(item, 'serial') : undefined;
  const unit = parsed.kind === 'unit' ? await load(item, 'unit') : undefined;
  const lot = await lotOf(parsed, serial, load);
  const product = 'gtin' in parsed ? await load(productKey(parsed.gtin), 'product') : undefined;
  const record = serial ?? unit;
  const inside = (await unitsAround(record, load)).map(carrierOf);
  const organisations = await organisationsOf([product?.maker, record?.maker, holderOf(record, inside)], load);
  return { item, ...present({ product, lot, serial, unit: unit === undefined ? undefined : carrierOf(unit) }), inside, organisations };
}

function carrierOf({ contents, ...unit }: UnitRecord): Carrier {
  return { ...unit, count: contents.length };
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that are there. */
function present<T extends Readonly<Record<string, unknown>>>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}

async function lotOf(parsed: ParsedItemKey, serial: SerialRecord | undefined, load: LoadRecord): Promise<LotRecord | undefined> {
  if (serial !== undefined) return load(lotKey(serial.gtin, serial.lot), 'lot');
  return parsed.kind === 'lot' ? load(lotKey(parsed.gtin, parsed.lot), 'lot') : undefined;
}

/** The units around a thing, the innermost first. */
export async function unitsAround(record: MovableRecord | undefined, load: LoadRecord): Promise<UnitRecord[]> {
  const units: UnitRecord[] = [];
  let at = record;
  while (at !== undefined && at.custody.state === 'in-stock' && at.custody.parent !== undefined && units.length <= DEEPEST_NESTING) {
    at = await load(at.custody.parent, 'unit');
    if (at !== undefined) units.push(at);
  }
  return units;
}

/** Who has a thing: whoever holds the outermost unit around it. */
export function holderOf(record: Pick<MovableRecord, 'custody'> | undefined, inside: readonly Pick<MovableRecord, 'custody'>[]): OrganisationId | undefined {
  return (inside.at(-1) ?? record)?.custody.holder;
}

async function organisationsOf(ids: readonly (OrganisationId | undefined)[], load: LoadRecord): Promise<OrganisationRecord[]> {
  const wanted = [...new Set(ids.filter((id) => id !== undefined))];
  const found = await Promise.all(wanted.map(async (id) => load(organisationKey(id), 'organisation')));
  return found.filter((one) => one !== undefined);
}
