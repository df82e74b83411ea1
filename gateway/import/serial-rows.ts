/** Files of serial numbers: one row, one thing that comes into being. */
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { require } from '#domain/errors.js';
import type { Gtin } from '#domain/gs1/gtin.js';
import { parseLot, parseSerial, serialKey, type Lot, type Serial } from '#domain/gs1/item-key.js';
import { epochMs, parseInstant, type Day, type Instant } from '#domain/instant.js';
import type { ProvinceCode } from '#domain/registry/provinces.js';
import { readDate, readGtin, readProvince } from './cell-values.js';
import type { Column, ImportKind, RowValues, SerialEntry } from './import-kind.js';

const COLUMNS: readonly Column[] = [
  { field: 'gtin', vi: 'Mã GTIN', en: 'GTIN', also: ['mã vạch', 'mã sản phẩm', 'barcode'], required: true, example: '09520000000011', read: readGtin },
  { field: 'lot', vi: 'Số lô', en: 'Lot', also: ['mã lô', 'lô', 'batch', 'lot number', 'batch number'], required: true, example: 'LO26-001', read: parseLot },
  { field: 'serial', vi: 'Số sê-ri', en: 'Serial', also: ['sê-ri', 'số seri', 'seri', 'serial number'], required: true, example: '7QK2M9ZD4XWA', read: parseSerial },
  { field: 'commissionedOn', vi: 'Ngày đưa vào sử dụng', en: 'Commissioned on', also: ['ngày', 'ngày kích hoạt', 'date'], required: false, example: '20/11/2026', read: readDate },
  { field: 'province', vi: 'Tỉnh, thành phố', en: 'Province', also: ['tỉnh', 'mã tỉnh', 'province code'], required: false, example: '15', read: readProvince },
];

/** Rows of one transaction, and steps of one `goods:capture`. */
const MOST_SERIALS = 1000;
const MOST_STEPS = 200;

export const SERIALS: ImportKind<SerialEntry> = {
  name: 'serials',
  columns: COLUMNS,
  entryOf,
  batchRows: MOST_SERIALS,
  groupOf,
  batchGroups: MOST_STEPS,
  batchOf: (entries) => ({ transaction: 'goods:capture', argument: canonicalJson({ steps: stepsOf(entries) }) }),
};

function entryOf(values: RowValues, now: number): SerialEntry {
  const { gtin, lot, serial, commissionedOn, province } = values as {
    gtin: Gtin; lot: Lot; serial: Serial; commissionedOn?: Day; province?: ProvinceCode;
  };
  const happenedAt = commissionedOn === undefined ? undefined : beginningOf(commissionedOn);
  require(happenedAt === undefined || epochMs(happenedAt) <= now, 'HAPPENED_IN_FUTURE', { field: 'commissionedOn' });
  return {
    kind: 'serials', key: serialKey(gtin, serial), gtin, lot, serial,
    ...(happenedAt === undefined ? {} : { happenedAt }), ...(province === undefined ? {} : { province }),
  };
}

/** A day begins at midnight where the goods are. */
function beginningOf(day: Day): Instant {
  return parseInstant(`${day}T00:00:00+07:00`);
}

function groupOf({ gtin, lot, happenedAt, province }: SerialEntry): string {
  return [gtin, lot, happenedAt ?? '', province ?? ''].join(' ');
}

/** One commissioning for each product, lot and occasion, in the order in which they first appear. */
function stepsOf(entries: readonly SerialEntry[]): Json[] {
  const groups = new Map<string, { readonly first: SerialEntry; readonly serials: string[] }>();
  for (const entry of entries) {
    const name = groupOf(entry);
    const group = groups.get(name) ?? { first: entry, serials: [] };
    group.serials.push(entry.serial);
    groups.set(name, group);
  }
  return [...groups.values()].map(({ first: { gtin, lot, happenedAt, province }, serials }) => ({ transaction: 'goods:commission', request: { gtin, lot, serials, happenedAt, province } }));
}
