/** A bulk or a container is divided into containers: the parts hold to the milligram what the whole held. */
import { Problem, require } from '#domain/errors.js';
import { contentRecord, divide, readContent, type Content } from '#domain/chemistry/content.js';
import { isControlled } from '#domain/chemistry/controlled-record.js';
import { splitRequest, type SplitRequest } from '#domain/chemistry/requests.js';
import { checkContentFits, type LotRecord } from '#domain/goods/lot.js';
import type { SerialRecord } from '#domain/goods/records.js';
import { lotKey, parseItemKey, serialKey, type ItemKey, type Lot } from '#domain/gs1/item-key.js';
import { dayInVietNam } from '#domain/instant.js';
import { commissioned, decide } from '#domain/lifecycle/item.js';
import { loadOwnProduct } from '../goods/product.js';
import { handler, type Transaction } from '../transaction.js';

interface Source {
  readonly content: Content;
  readonly lot: LotRecord;
  /** Writes back what remains in it. */
  readonly keep: (rest: Content) => void;
}

export const split = handler(splitRequest, async (tx, request) => {
  require(request.loss === 0n || request.lossReason !== undefined, 'FIELD_MISSING', { field: 'lossReason' });
  const source = await openSource(tx, request.from);
  const parts = divide(source.content, [...request.into.map((one) => one.mass), request.remaining, request.loss]);
  const items = await fill(tx, request, source, parts);
  const rest = parts[request.into.length];
  if (rest === undefined) throw new RangeError('no remainder');
  source.keep(rest);
  const masses = request.into.map((one, index) => ({ item: items[index] ?? request.from, mass: String(one.mass) }));
  await tx.happened({
    step: 'split', items, source: request.from,
    masses: [...masses, { item: request.from, mass: String(rest.mass) }],
    loss: String(request.loss),
    ...(request.lossReason === undefined ? {} : { reason: request.lossReason }),
  }, request);
  return { containers: items };
});

async function openSource(tx: Transaction, from: ItemKey): Promise<Source> {
  const parsed = parseItemKey(from);
  if (parsed.kind === 'lot') return openBulk(tx, from);
  if (parsed.kind === 'serial') return openContainer(tx, from);
  throw new Problem('ITEM_NOT_MOVABLE', { item: from });
}

async function openBulk(tx: Transaction, from: ItemKey): Promise<Source> {
  const lot = await tx.ledger.load(from, 'lot');
  require(lot !== undefined, 'ITEM_UNKNOWN', { item: from });
  require(lot.maker === tx.caller.organisation, 'ITEM_NOT_HELD', { item: from, by: tx.caller.organisation });
  require(lot.bulk !== undefined, 'CONTAINER_EMPTY', { item: from });
  return { content: readContent(lot.bulk), lot, keep: (rest) => tx.ledger.save(from, { ...lot, bulk: contentRecord(rest) }) };
}

async function openContainer(tx: Transaction, from: ItemKey): Promise<Source> {
  const { container, content } = await loadContainer(tx, from);
  const lot = await tx.ledger.load(lotKey(container.gtin, container.lot), 'lot');
  require(lot !== undefined, 'LOT_UNKNOWN', { gtin: container.gtin, lot: container.lot });
  return { content, lot, keep: (rest) => tx.ledger.save(from, { ...container, content: contentRecord(rest) }) };
}

/** A container that its holder may open: in the caller's stock, not packed, not on hold. Throws ITEM_UNKNOWN, CONTAINER_EMPTY and as `decide`. */
export async function loadContainer(tx: Transaction, item: ItemKey): Promise<{ container: SerialRecord; content: Content }> {
  const container = await tx.ledger.load(item, 'serial');
  require(container !== undefined, 'ITEM_UNKNOWN', { item });
  decide({ do: 'ship', by: tx.caller.organisation, shipment: '' }, container.custody, item);
  require(container.content !== undefined, 'CONTAINER_EMPTY', { item });
  return { container, content: readContent(container.content) };
}

/** Makes the containers; their product may be another trade item of the caller's, whose lot then has the same number. */
async function fill(tx: Transaction, request: SplitRequest, { lot, content: whole }: Source, parts: readonly Content[]): Promise<ItemKey[]> {
  const items = request.into.map((one) => serialKey(one.gtin, one.serial));
  require(new Set(items).size === items.length, 'LIST_REPEATS', { field: 'into' });
  for (const [index, one] of request.into.entries()) {
    const item = items[index];
    const content = parts[index];
    if (item === undefined || content === undefined) throw new RangeError('no such part');
    require(await tx.ledger.load(item, 'serial') === undefined, 'ITEM_ALREADY_COMMISSIONED', { item, field: `into[${index}].serial` });
    const container = freshContainer(tx, one, lot.lot, content);
    await checkMayHold(tx, { container, whole, of: lot.gtin, field: `into[${index}].gtin` });
    await ensureLot(tx, one.gtin, lot);
    tx.ledger.save(item, container);
  }
  return items;
}

interface Filling {
  readonly container: SerialRecord;
  /** what is divided */
  readonly whole: Content;
  /** whose content it is already */
  readonly of: LotRecord['gtin'];
  readonly field: string;
}

/**
 * The product's components decide whether anybody asks for a container's hash (docs/decisions/0007): one that does not state
 * what it is filled with, or is not controlled itself, would be no surety for a controlled content.
 */
async function checkMayHold(tx: Transaction, { container, whole, of, field }: Filling): Promise<void> {
  const product = await loadOwnProduct(tx, container.gtin);
  if (container.gtin === of) return;
  checkContentFits(whole, product, field);
  const context = { on: dayInVietNam(tx.at), seen: () => undefined };
  require(!isControlled(container, context) || isControlled(product, context), 'CONTENT_OUT_OF_RANGE', { field });
}

function freshContainer(tx: Transaction, one: SplitRequest['into'][number], lot: Lot, content: Content): SerialRecord {
  const organisation = tx.caller.organisation;
  return {
    kind: 'serial', gtin: one.gtin, serial: one.serial, lot,
    maker: organisation, commissionedAt: tx.at,
    custody: commissioned(organisation),
    content: contentRecord(content),
  };
}

/** Containers of another trade item belong to a lot of it with the same number and dates. */
async function ensureLot(tx: Transaction, gtin: LotRecord['gtin'], of: LotRecord): Promise<void> {
  const key = lotKey(gtin, of.lot);
  if (gtin === of.gtin || await tx.ledger.load(key, 'lot') !== undefined) return;
  const { bulk: _bulk, recall: _recall, suspension: _suspension, ...dates } = of;
  const record: LotRecord = { ...dates, gtin, maker: tx.caller.organisation, openedAt: tx.at };
  tx.ledger.save(key, record);
}
