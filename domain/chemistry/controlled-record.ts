/**
 * Which records are about controlled chemicals, so that nobody writes them without the regulator's endorsement: whatever
 * gives a right to milligrams, holds them or moves them. And of which keys a transaction must ask whether they are such.
 */
import type { EventRecord } from '../epcis/event-record.js';
import type { LotRecord } from '../goods/lot.js';
import type { ProductRecord } from '../goods/product.js';
import type { SerialRecord } from '../goods/records.js';
import { productKey } from '../gs1/item-key.js';
import type { Day } from '../instant.js';
import { parsePercent } from '../quantity/mass.js';
import type { LedgerRecord, RecordKind, RecordOf } from '../records.js';
import { concentration, readContent, type ContentRecord } from './content.js';
import { controlOf } from './control.js';

/** What a transaction knows besides the record itself. */
export interface RecordContext {
  /** Which listings are in force. */
  readonly on: Day;
  /** Another record that the transaction has loaded or is about to write; `undefined` where it has not. */
  readonly seen: (key: string) => LedgerRecord | undefined;
}

type Rules = { readonly [K in RecordKind]?: (record: RecordOf<K>, context: RecordContext) => boolean };

const always = (): boolean => true;

const RULES: Rules = {
  'licence': always,
  'licence-of': always,
  'use-declaration': always,
  'quota': always,
  'product': productIsControlled,
  'lot': (record, context) => holdsControlled(record.bulk, context) || ofControlledProduct(record, context),
  'serial': (record, context) => holdsControlled(record.content, context) || ofControlledProduct(record, context),
  'unit': (record, context) => anyControlled(record.contents, context),
  'shipment': (record) => (record.allowances ?? []).length > 0,
  'event': (record, context) => anyControlled(itemsOf(record), context),
};

/**
 * @param record e.g. a container with acetone of 98 %; the quota of a licence; a pallet with one such container in it
 * @returns true if the record must not be written without the regulator
 */
export function isControlled(record: LedgerRecord, context: RecordContext): boolean {
  const rule = RULES[record.kind] as ((record: LedgerRecord, context: RecordContext) => boolean) | undefined;
  return rule?.(record, context) ?? false;
}

/** A product is controlled if a lot of it may be: its lots and containers then are, whatever they hold at the moment. */
function productIsControlled({ components = [] }: ProductRecord, { on }: RecordContext): boolean {
  return components.some(({ substance, most }) => controlOf(substance, parsePercent(most), on).controlled);
}

function ofControlledProduct({ gtin }: LotRecord | SerialRecord, context: RecordContext): boolean {
  const product = context.seen(productKey(gtin));
  return product?.kind === 'product' && productIsControlled(product, context);
}

function holdsControlled(record: ContentRecord | undefined, { on }: RecordContext): boolean {
  if (record === undefined) return false;
  const content = readContent(record);
  return content.components.some((one) => controlOf(one.substance, concentration(content, one), on).controlled);
}

/** A unit of units is decided by what is inside them; a thing that the transaction did not look at decides nothing. */
function anyControlled(items: readonly string[], context: RecordContext): boolean {
  return items.some((item) => {
    const record = context.seen(item);
    return record !== undefined && isControlled(record, context);
  });
}

function itemsOf({ items, unit, source }: EventRecord): readonly string[] {
  return [...items, ...(unit === undefined ? [] : [unit]), ...(source === undefined ? [] : [source])];
}

/**
 * Whether there may be a hash in the collection for what stands under a key: `by-product` if and only if the thing's product
 * has components.
 */
export type AttestationRule = 'never' | 'always' | 'by-product';

/** Goods are many, and kept apart from chemicals by their product alone; what has nothing to do with goods is never attested. */
const SERIAL = /^\/01\/\d{14}\/21\//;
const NEVER = /^(organisation|organisation-name|company-prefix|organisation-key|did|did-key|grant|grant-of|credential-commitment|credential-revocation|status-list|event)\//;

/** @param key e.g. `/01/09520000000011/21/7QK2M9ZD4XWA` gives `by-product`, `licence/GP-2026-001` gives `always` */
export function attestationRule(key: string): AttestationRule {
  if (SERIAL.test(key)) return 'by-product';
  return NEVER.test(key) ? 'never' : 'always';
}

/** Key of the product that an instance's key names, e.g. `/01/09520000000011`. */
export const productKeyOf = (serialKey: string): string => serialKey.slice(0, '/01/'.length + 14);
