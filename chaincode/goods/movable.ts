/** Things that move, loaded and changed one by one or many at once. */
import { Problem, require } from '#domain/errors.js';
import { checkLotMayMove } from '#domain/goods/lot.js';
import { DEEPEST_NESTING } from '#domain/goods/dossier.js';
import type { MovableRecord, SerialRecord } from '#domain/goods/records.js';
import { lotKey, parseItemKey, type ItemKey } from '#domain/gs1/item-key.js';
import { dayInVietNam, type Instant } from '#domain/instant.js';
import { decide, evolve, type Custody, type ItemCommand } from '#domain/lifecycle/item.js';
import type { Transaction } from '../transaction.js';

/** @throws Problem ITEM_NOT_MOVABLE for a product, lot or place, ITEM_UNKNOWN */
export async function loadMovable(tx: Transaction, item: ItemKey): Promise<MovableRecord> {
  const { kind } = parseItemKey(item);
  if (kind !== 'serial' && kind !== 'unit') throw new Problem('ITEM_NOT_MOVABLE', { item });
  const record = await tx.ledger.load(item, kind);
  require(record !== undefined, 'ITEM_UNKNOWN', { item });
  return record;
}

/** All of them, in order; loaded together so that the peer is asked once for the lot of them. */
export async function loadMovables(tx: Transaction, items: readonly ItemKey[]): Promise<MovableRecord[]> {
  return Promise.all(items.map(async (item) => loadMovable(tx, item)));
}

/** Lets a command happen to a thing: decided by its custody, saved with the new one. */
export function apply(tx: Transaction, item: ItemKey, record: MovableRecord, command: ItemCommand): Custody {
  const custody = evolve(record.custody, decide(command, record.custody, item));
  tx.ledger.save(item, { ...record, custody });
  return custody;
}

/** The same command for many things. */
export async function applyAll(tx: Transaction, items: readonly ItemKey[], command: ItemCommand): Promise<void> {
  const records = await loadMovables(tx, items);
  items.forEach((item, index) => {
    const record = records[index];
    if (record !== undefined) apply(tx, item, record, command);
  });
}

/** Every serial in these things: a unit's contents stand for it, down to the innermost. Throws UNIT_TOO_DEEP. */
export async function serialsIn(tx: Transaction, items: readonly ItemKey[], depth = 0): Promise<SerialRecord[]> {
  require(depth <= DEEPEST_NESTING, 'UNIT_TOO_DEEP', { deepest: String(DEEPEST_NESTING) });
  const found: SerialRecord[] = [];
  for (const record of await loadMovables(tx, items)) {
    if (record.kind === 'serial') found.push(record);
    else found.push(...await serialsIn(tx, record.contents, depth + 1));
  }
  return found;
}

/** Whether goods of all these lots may be handed on. Throws LOT_RECALLED, LOT_SUSPENDED, LOT_EXPIRED. */
export async function checkLotsMayMove(tx: Transaction, serials: readonly SerialRecord[], at: Instant): Promise<void> {
  const keys = new Set(serials.map((serial) => lotKey(serial.gtin, serial.lot)));
  for (const key of keys) {
    const lot = await tx.ledger.load(key, 'lot');
    if (lot !== undefined) checkLotMayMove(lot, dayInVietNam(at));
  }
}

/** The unit that a thing travels with, itself where it is in none, and who holds that. Throws UNIT_TOO_DEEP. */
export async function outermost(tx: Transaction, item: ItemKey, record: MovableRecord): Promise<{ item: ItemKey; record: MovableRecord }> {
  let at = { item, record };
  for (let depth = 0; at.record.custody.state === 'in-stock' && at.record.custody.parent !== undefined; depth++) {
    require(depth <= DEEPEST_NESTING, 'UNIT_TOO_DEEP', { item });
    const { parent } = at.record.custody;
    const unit = await tx.ledger.load(parent, 'unit');
    require(unit !== undefined, 'ITEM_UNKNOWN', { item: parent });
    at = { item: parent, record: unit };
  }
  return at;
}
