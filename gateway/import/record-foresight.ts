/** What the ledger would say to a row, by the records that the gateway's read model has. */
import { Problem, type ProblemCode, type ProblemFields } from '#domain/errors.js';
import { prefixCandidates } from '#domain/gs1/company-prefix.js';
import type { Gtin } from '#domain/gs1/gtin.js';
import { lotKey, productKey } from '#domain/gs1/item-key.js';
import { prefixKey } from '#domain/registry/keys.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { RecordReader } from '../trace/record-reader.js';
import type { ImportEntry, ProductEntry, SerialEntry } from './import-kind.js';
import type { Foresee } from './ports.js';

type Records = Pick<RecordReader, 'load'>;

/** @param records as far as blocks are projected */
export function foreseenBy(records: Records): Foresee {
  return async ({ organisation }, entry) => refusalOf(records, organisation, entry);
}

function refusalOf(records: Records, organisation: OrganisationId, entry: ImportEntry): Problem | undefined {
  return entry.kind === 'products' ? ofProduct(records, organisation, entry) : ofSerial(records, organisation, entry);
}

function ofProduct(records: Records, organisation: OrganisationId, { key, request: { gtin } }: ProductEntry): Problem | undefined {
  return refused(ownerOf(records, gtin) !== organisation, 'PREFIX_NOT_HELD', { number: gtin, organisation })
    ?? refused(records.load(key, 'product') !== undefined, 'PRODUCT_ALREADY_REGISTERED', { gtin });
}

function ofSerial(records: Records, organisation: OrganisationId, { key, gtin, lot }: SerialEntry): Problem | undefined {
  const product = records.load(productKey(gtin), 'product');
  if (product === undefined) return new Problem('PRODUCT_UNKNOWN', { gtin });
  return refused(product.maker !== organisation, 'PREFIX_NOT_HELD', { number: gtin, organisation })
    ?? refused(records.load(lotKey(gtin, lot), 'lot') === undefined, 'LOT_UNKNOWN', { gtin, lot })
    ?? refused(product.components !== undefined, 'LOT_IS_BULK', { gtin, lot })
    ?? refused(records.load(key, 'serial') !== undefined, 'ITEM_ALREADY_COMMISSIONED', { item: key });
}

function refused(condition: boolean, code: ProblemCode, fields: ProblemFields): Problem | undefined {
  return condition ? new Problem(code, fields) : undefined;
}

function ownerOf(records: Records, gtin: Gtin): OrganisationId | undefined {
  for (const prefix of prefixCandidates(gtin)) {
    const record = records.load(prefixKey(prefix), 'company-prefix');
    if (record !== undefined) return record.organisation;
  }
  return undefined;
}
