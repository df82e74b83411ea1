/**
 * What the read model finds records by. Each entry is a pure function of one record and where it was written; a space
 * ends each part of a key, because no key, id or instant has one.
 *
 * | index | key | finds |
 * |---|---|---|
 * | `event` | item, block, place | events of an item, a unit or a lot, in the ledger's order |
 * | `event-by` | organisation, block, place | events that an organisation recorded |
 * | `serial-of-lot` | lot | its serials, with where each is |
 * | `product-of` | maker | products |
 * | `bulk-of` | maker | lots with chemicals that are not in containers yet |
 * | `unit-of`, `container-of` | holder | units and containers that are inside nothing |
 * | `unit-in`, `container-in` | unit | what is inside it |
 * | `shipment-from`, `shipment-to` | organisation, `open` or `closed`, instant | shipments |
 * | `licence-of`, `licence-by` | holder, authority | licences |
 * | `prefix-of` | organisation | GS1 company prefixes |
 * | `did-of` | organisation | DIDs on the trust registry |
 * | `grant-to`, `grant-by` | DID, organisation | grants that it holds, that it gave |
 * | `trust` | block | every record of the trust registry, every licence that is a credential, and every organisation, by its last change |
 */
import type { LicenceRecord } from '#domain/chemistry/licence.js';
import type { EventRecord } from '#domain/epcis/event-record.js';
import type { LotRecord } from '#domain/goods/lot.js';
import type { ProductRecord } from '#domain/goods/product.js';
import type { SerialRecord, ShipmentRecord, UnitRecord } from '#domain/goods/records.js';
import { lotKey } from '#domain/gs1/item-key.js';
import type { LedgerRecord, RecordKind, RecordOf } from '#domain/records.js';
import type { PrefixRecord } from '#domain/registry/organisation.js';
import type { DidRecord, GrantRecord } from '#domain/trust/records.js';
import type { IndexEntry, Indexer } from '../read-model/projection.js';
import type { WriteContext } from '../read-model/rows.js';
import { eventEntries } from './event-index.js';
import { packStanding } from './standing.js';

/** Every index by its name. */
export type IndexName =
  | 'event' | 'event-by' | 'serial-of-lot' | 'product-of' | 'bulk-of'
  | 'unit-of' | 'unit-in' | 'container-of' | 'container-in'
  | 'shipment-from' | 'shipment-to' | 'licence-of' | 'licence-by' | 'prefix-of'
  | 'did-of' | 'grant-to' | 'grant-by' | 'trust';

type Named = IndexEntry & { readonly index: IndexName };

const named = (index: IndexName, key: string, value?: string): Named => ({ index, key: `${key} `, ...(value === undefined ? {} : { value }) });

function ofProduct(product: ProductRecord): Named[] {
  return [named('product-of', product.maker)];
}

function ofLot(lot: LotRecord): Named[] {
  return lot.bulk === undefined || lot.bulk.mass === '0' ? [] : [named('bulk-of', lot.maker)];
}

function ofSerial(serial: SerialRecord): Named[] {
  const inLot = named('serial-of-lot', lotKey(serial.gtin, serial.lot), packStanding(serial.custody));
  return serial.content === undefined || serial.content.mass === '0' ? [inLot] : [inLot, ...placed('container', serial)];
}

/** Inside a unit, or with whoever holds it; what is gone is neither. */
function placed(what: 'unit' | 'container', { custody }: SerialRecord | UnitRecord): Named[] {
  if (custody.state === 'in-stock' && custody.parent !== undefined) return [named(`${what}-in`, custody.parent)];
  return custody.state === 'in-stock' || custody.state === 'in-transit' ? [named(`${what}-of`, custody.holder)] : [];
}

function ofShipment(shipment: ShipmentRecord): Named[] {
  const when = `${shipment.state === 'in-transit' ? 'open' : 'closed'} ${shipment.shippedAt}`;
  return [named('shipment-from', `${shipment.from} ${when}`), named('shipment-to', `${shipment.to} ${when}`)];
}

/** What is said against a licence concerns whoever verifies the credential that it is. */
function ofLicence(licence: LicenceRecord, _key: string, at: WriteContext): Named[] {
  return [named('licence-of', licence.holder), named('licence-by', licence.authority), ...(licence.credential === undefined ? [] : [changed(at)])];
}

function ofPrefix(prefix: PrefixRecord): Named[] {
  return [named('prefix-of', prefix.organisation)];
}

function ofDid(record: DidRecord, _key: string, at: WriteContext): Named[] {
  return [named('did-of', record.organisation), changed(at)];
}

function ofGrant(record: GrantRecord, _key: string, at: WriteContext): Named[] {
  return [named('grant-to', record.grantee), named('grant-by', record.grantor), changed(at)];
}

/** Records are never removed: whoever has read up to a block finds what is new behind it. */
function changed({ block }: WriteContext): Named {
  return named('trust', String(block).padStart(15, '0'));
}

function ofEvent(event: EventRecord, key: string, at: WriteContext): Named[] {
  return eventEntries(event, key, at).map(({ index, subject, value }) => ({ index, key: subject, value }));
}

type Rules = { readonly [K in RecordKind]: (record: RecordOf<K>, key: string, at: WriteContext) => readonly Named[] };

const nothing = (): readonly Named[] => [];

/** A kind of record without a row here does not compile. */
const RULES: Rules = {
  'event': ofEvent,
  'product': ofProduct,
  'lot': ofLot,
  'serial': ofSerial,
  'unit': (unit) => placed('unit', unit),
  'shipment': ofShipment,
  'licence': ofLicence,
  'company-prefix': ofPrefix,
  'organisation': (_record, _key, at) => [changed(at)],
  'organisation-name': nothing,
  'organisation-key': nothing,
  'licence-of': nothing,
  'licence-count': nothing,
  'use-declaration': nothing,
  'quota': nothing,
  'did': ofDid,
  'did-key': (_record, _key, at) => [changed(at)],
  'grant': ofGrant,
  'status-list': (_record, _key, at) => [changed(at)],
  'credential-revocation': (_record, _key, at) => [changed(at)],
  'grant-of': nothing,
  'credential-commitment': nothing,
};

function entriesOf(record: LedgerRecord, key: string, at: WriteContext): readonly Named[] {
  const rule = RULES[record.kind] as (record: LedgerRecord, key: string, at: WriteContext) => readonly Named[];
  return rule(record, key, at);
}

/** The gateway's indexer. Its version changes with its rule: then the read model is built anew. */
export const recordIndexer: Indexer = {
  version: 'records-3',
  entries: ({ key, value }, context) => entriesOf(JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')) as LedgerRecord, key, context),
};
