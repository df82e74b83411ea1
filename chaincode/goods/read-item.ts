/** Everything the ledger knows about one item, in one answer that peers can sign. */
import type { Json } from '#domain/canonical-json.js';
import { DEEPEST_NESTING, type Dossier } from '#domain/goods/dossier.js';
import type { LotRecord } from '#domain/goods/lot.js';
import type { ProductRecord } from '#domain/goods/product.js';
import type { MovableRecord, SerialRecord, UnitRecord } from '#domain/goods/records.js';
import { lotKey, parseItemKey, productKey, type ItemKey, type ParsedItemKey } from '#domain/gs1/item-key.js';
import { organisationKey } from '#domain/registry/keys.js';
import type { OrganisationRecord } from '#domain/registry/organisation.js';
import type { Transaction } from '../transaction.js';

/** @throws Problem ITEM_KEY_MALFORMED, ITEM_KEY_NOT_CANONICAL and the codes of the values in the key */
export async function readItem(tx: Transaction, text: string): Promise<Json> {
  const parsed = parseItemKey(text);
  const item = text as ItemKey;
  const serial = parsed.kind === 'serial' ? await tx.ledger.load(item, 'serial') : undefined;
  const unit = parsed.kind === 'unit' ? await tx.ledger.load(item, 'unit') : undefined;
  const lot = await lotOf(tx, parsed, serial);
  const product = 'gtin' in parsed ? await tx.ledger.load(productKey(parsed.gtin), 'product') : undefined;
  const dossier = { item, product, lot, serial, unit, ...await surroundings(tx, product, serial ?? unit) } satisfies Loose<Dossier>;
  return dossier as unknown as Json;
}

/** Members that are `undefined` are left out of the canonical text. */
type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

async function surroundings(tx: Transaction, product: ProductRecord | undefined, record: MovableRecord | undefined): Promise<Pick<Dossier, 'inside' | 'organisations'>> {
  const inside = await unitsAround(tx, record);
  const organisations = await organisationsOf(tx, [product?.maker, record?.maker, holderOf(record, inside)]);
  return { inside, organisations };
}

async function lotOf(tx: Transaction, parsed: ParsedItemKey, serial: SerialRecord | undefined): Promise<LotRecord | undefined> {
  if (serial !== undefined) return tx.ledger.load(lotKey(serial.gtin, serial.lot), 'lot');
  return parsed.kind === 'lot' ? tx.ledger.load(lotKey(parsed.gtin, parsed.lot), 'lot') : undefined;
}

async function unitsAround(tx: Transaction, record: MovableRecord | undefined): Promise<UnitRecord[]> {
  const units: UnitRecord[] = [];
  let at = record;
  while (at !== undefined && at.custody.state === 'in-stock' && at.custody.parent !== undefined && units.length <= DEEPEST_NESTING) {
    at = await tx.ledger.load(at.custody.parent, 'unit');
    if (at !== undefined) units.push(at);
  }
  return units;
}

function holderOf(record: MovableRecord | undefined, inside: readonly UnitRecord[]): OrganisationRecord['id'] | undefined {
  return (inside.at(-1) ?? record)?.custody.holder;
}

async function organisationsOf(tx: Transaction, ids: readonly (OrganisationRecord['id'] | undefined)[]): Promise<OrganisationRecord[]> {
  const wanted = [...new Set(ids.filter((id) => id !== undefined))];
  const found = await Promise.all(wanted.map(async (id) => tx.ledger.load(organisationKey(id), 'organisation')));
  return found.filter((one) => one !== undefined);
}
