/** Who may see what: the organisations that a record names, and authorities. Everybody else is told it is not there. */
import { Problem, type ProblemCode, type ProblemFields } from '#domain/errors.js';
import { assembleDossier, holderOf, type Dossier } from '#domain/goods/dossier.js';
import type { LotRecord } from '#domain/goods/lot.js';
import type { ProductRecord } from '#domain/goods/product.js';
import { parseGtin } from '#domain/gs1/gtin.js';
import { lotKey, parseItemKey, parseLot, productKey } from '#domain/gs1/item-key.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Principal } from '../tenants/principal.js';
import type { RecordReader } from './record-reader.js';

type Viewer = Pick<Principal, 'organisation' | 'type'>;

/** Whether a caller may see what these organisations made, hold, sent or received. */
export function maySee(viewer: Viewer, concerned: readonly (OrganisationId | undefined)[]): boolean {
  return viewer.type === 'authority' || concerned.includes(viewer.organisation);
}

/**
 * The record, if the caller may see it.
 *
 * @throws Problem `code`, the same for what is not there and for what is another's
 */
export function visible<T>(record: T | undefined, viewer: Viewer, concerned: (record: T) => readonly (OrganisationId | undefined)[], code: ProblemCode, fields: ProblemFields): T {
  if (record === undefined || !maySee(viewer, concerned(record))) throw new Problem(code, fields);
  return record;
}

/** @throws Problem GTIN_…, PRODUCT_UNKNOWN */
export function visibleProduct(records: RecordReader, viewer: Viewer, gtinText: string): ProductRecord {
  const gtin = parseGtin(gtinText);
  return visible(records.load(productKey(gtin), 'product'), viewer, ({ maker }) => [maker], 'PRODUCT_UNKNOWN', { gtin });
}

/** @throws Problem GTIN_…, LOT_MALFORMED, LOT_UNKNOWN */
export function visibleLot(records: RecordReader, viewer: Viewer, gtinText: string, lotText: string): LotRecord {
  const gtin = parseGtin(gtinText);
  const lot = parseLot(lotText);
  return visible(records.load(lotKey(gtin, lot), 'lot'), viewer, ({ maker }) => [maker], 'LOT_UNKNOWN', { gtin, lot });
}

/**
 * Everything known of an item that the caller made or has.
 *
 * @throws Problem ITEM_KEY_…, ITEM_UNKNOWN
 */
export async function visibleItem(records: RecordReader, viewer: Viewer, key: string): Promise<Dossier> {
  const dossier = await assembleDossier(key, records.loadRecord);
  return visible(isKnown(dossier) ? dossier : undefined, viewer, concernedBy, 'ITEM_UNKNOWN', { item: key.slice(0, 200) });
}

/** A product alone answers only for its own key: of an unknown serial it says nothing. */
function isKnown({ item, serial, unit, lot, product }: Dossier): boolean {
  if (serial !== undefined || unit !== undefined || lot !== undefined) return true;
  return product !== undefined && parseItemKey(item).kind === 'product';
}

function concernedBy({ serial, unit, lot, product, inside }: Dossier): (OrganisationId | undefined)[] {
  const made = [serial, unit, lot, product].map((record) => record?.maker);
  return [...made, holderOf(serial ?? unit, inside)];
}
