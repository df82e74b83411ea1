/** From what is on the register to what is printed. */
import { Problem, require } from '#domain/errors.js';
import type { ProductRecord } from '#domain/goods/product.js';
import { prefixCandidates } from '#domain/gs1/company-prefix.js';
import { lotKey, productKey, serialKey, ssccKey, type ItemKey, type Serial, type Sscc } from '#domain/gs1/item-key.js';
import { organisationKey, prefixKey } from '#domain/registry/keys.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { ItemLabel, Label, UnitLabel } from '../labels/label-job.js';
import type { RecordReader } from '../trace/record-reader.js';
import type { SerialOrder } from './serial-order.js';

/** The address in the code: host in capitals, so that with a serial in capitals the symbol stays small. */
function linkOf(host: string, item: ItemKey): string {
  return `HTTPS://${host.toUpperCase()}${item}`;
}

/**
 * One label for each serial of a lot.
 *
 * @param of whose product it must be
 * @throws Problem PRODUCT_UNKNOWN
 */
export function itemLabels(records: RecordReader, host: string, of: OrganisationId, { gtin, lot }: Pick<SerialOrder, 'gtin' | 'lot'>, serials: readonly Serial[]): ItemLabel[] {
  const product = records.load(productKey(gtin), 'product');
  require(product?.maker === of, 'PRODUCT_UNKNOWN', { gtin });
  const expiry = records.load(lotKey(gtin, lot), 'lot')?.expiresOn;
  const common = { kind: 'item' as const, gtin, lot, ...productText(product), ...(expiry === undefined ? {} : { expiry }) };
  return serials.map((serial) => ({ ...common, serial, link: linkOf(host, serialKey(gtin, serial)) }));
}

function productText({ name, brand, netQuantity, hazard }: ProductRecord): Pick<ItemLabel, 'productName' | 'brand' | 'netQuantity' | 'hazard'> {
  return {
    productName: name,
    ...(brand === undefined ? {} : { brand }),
    ...(netQuantity === undefined ? {} : { netQuantity }),
    ...(hazard === undefined ? {} : { hazard: { signalWord: hazard.signalWord, pictograms: hazard.pictograms, ...(hazard.unNumber === undefined ? {} : { unNumber: hazard.unNumber }) } }),
  };
}

/**
 * One label for each logistic unit.
 *
 * @throws Problem PREFIX_NOT_HELD for an SSCC that is not under the organisation's prefix and not in its hands
 */
export function unitLabels(records: RecordReader, host: string, of: OrganisationId, units: readonly Sscc[]): Label[] {
  const shipFrom = records.load(organisationKey(of), 'organisation')?.name;
  return units.map((sscc, index) => {
    const key = ssccKey(sscc);
    const unit = records.load(key, 'unit');
    if (unit?.custody.holder !== of && ownerOf(records, sscc) !== of) throw new Problem('PREFIX_NOT_HELD', { field: `units[${index}]`, number: sscc, organisation: of });
    const label: UnitLabel = { kind: 'unit', sscc, link: linkOf(host, key), ...(shipFrom === undefined ? {} : { shipFrom }) };
    return label;
  });
}

function ownerOf(records: RecordReader, sscc: Sscc): OrganisationId | undefined {
  for (const prefix of prefixCandidates(sscc)) {
    const owner = records.load(prefixKey(prefix), 'company-prefix')?.organisation;
    if (owner !== undefined) return owner;
  }
  return undefined;
}
