/** Things go into logistic units and come out again. */
import { require } from '#domain/errors.js';
import { DEEPEST_NESTING } from '#domain/goods/dossier.js';
import { packRequest, unpackRequest, type PackRequest } from '#domain/goods/requests.js';
import type { UnitRecord } from '#domain/goods/records.js';
import { ssccKey, type ItemKey } from '#domain/gs1/item-key.js';
import { commissioned } from '#domain/lifecycle/item.js';
import { checkPrefixHeld } from '../registry/prefix-owner.js';
import { handler, type Transaction } from '../transaction.js';
import { apply, applyAll, loadMovables, outermost } from './movable.js';

export const pack = handler(packRequest, async (tx, request) => {
  const unit = ssccKey(request.unit);
  require(!request.items.includes(unit), 'UNIT_TOO_DEEP', { item: unit });
  const record = await unitToPack(tx, unit, request);
  await applyAll(tx, request.items, { do: 'pack', by: tx.caller.organisation, into: unit });
  tx.ledger.save(unit, { ...record, contents: [...record.contents, ...request.items] });
  require(await heightOf(tx, request.items) < DEEPEST_NESTING, 'UNIT_TOO_DEEP', { item: unit });
  await tx.happened({ step: 'pack', unit, items: request.items }, request);
  return { unit, packed: request.items.length };
});

/** A new unit needs the caller's own prefix; one that stands may be filled up by its holder while it is nowhere packed. */
async function unitToPack(tx: Transaction, unit: ItemKey, request: PackRequest): Promise<UnitRecord> {
  const known = await tx.ledger.load(unit, 'unit');
  if (known === undefined) {
    await checkPrefixHeld(tx, request.unit);
    const organisation = tx.caller.organisation;
    return { kind: 'unit', sscc: request.unit, maker: organisation, commissionedAt: tx.at, custody: commissioned(organisation), contents: [] };
  }
  const free = known.custody.state === 'in-stock' && known.custody.holder === tx.caller.organisation && known.custody.parent === undefined;
  require(free, 'UNIT_ALREADY_PACKED', { unit, state: known.custody.state });
  return known;
}

/** How many levels of units stand in these things. */
async function heightOf(tx: Transaction, items: readonly ItemKey[], depth = 0): Promise<number> {
  if (depth > DEEPEST_NESTING) return depth;
  const units = (await loadMovables(tx, items)).filter((record): record is UnitRecord => record.kind === 'unit');
  const heights = await Promise.all(units.map(async (unit) => heightOf(tx, unit.contents, depth + 1)));
  return Math.max(depth, ...heights);
}

export const unpack = handler(unpackRequest, async (tx, request) => {
  const key = ssccKey(request.unit);
  const unit = await tx.ledger.load(key, 'unit');
  require(unit !== undefined, 'ITEM_UNKNOWN', { item: key });
  await checkHolds(tx, key, unit);
  const items = request.items ?? unit.contents;
  require(items.length > 0, 'LIST_EMPTY', { field: 'items' });
  await takeOut(tx, key, unit, items, tx.caller.organisation);
  await tx.happened({ step: 'unpack', unit: key, items }, request);
  return { unit: key, unpacked: items.length };
});

async function checkHolds(tx: Transaction, key: ItemKey, unit: UnitRecord): Promise<void> {
  const { record } = await outermost(tx, key, unit);
  require(record.custody.holder === tx.caller.organisation, 'ITEM_NOT_HELD', { item: key, by: tx.caller.organisation });
  require(record.custody.state === 'in-stock', 'ITEM_IN_TRANSIT', { item: key });
}

/** Takes things out of a unit; they stand with `holder` afterwards, on hold if the unit was. */
export async function takeOut(tx: Transaction, key: ItemKey, unit: UnitRecord, items: readonly ItemKey[], holder: UnitRecord['maker']): Promise<void> {
  await applyAll(tx, items, { do: 'unpack', by: holder, from: key });
  if (unit.custody.state === 'in-stock' && unit.custody.hold !== undefined) {
    const records = await loadMovables(tx, items);
    for (const [index, item] of items.entries()) {
      const record = records[index];
      if (record !== undefined) apply(tx, item, record, { do: 'hold', hold: unit.custody.hold });
    }
  }
  const out = new Set(items);
  tx.ledger.save(key, { ...unit, contents: unit.contents.filter((item) => !out.has(item)) });
}
