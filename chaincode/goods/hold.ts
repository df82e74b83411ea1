/** Single things are ordered not to move, and released. */
import { Problem, require } from '#domain/errors.js';
import { holdRequest, releaseRequest, type HoldRequest } from '#domain/goods/requests.js';
import type { MovableRecord } from '#domain/goods/records.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import { handler, type Transaction } from '../transaction.js';
import { applyAll, loadMovable, outermost } from './movable.js';

export const hold = handler(holdRequest, async (tx, request) => {
  checkCause(tx, request);
  for (const item of request.items) await checkInCharge(tx, item, await loadMovable(tx, item));
  const by = tx.caller.organisation;
  await applyAll(tx, request.items, { do: 'hold', hold: { cause: request.cause, reason: request.reason, by, at: tx.happenedAt(request) } });
  await tx.happened({ step: 'hold', items: request.items, reason: request.reason }, request);
  return { held: request.items.length };
});

/** Only an inspector seizes. */
function checkCause(tx: Transaction, request: HoldRequest): void {
  const allowed = request.cause !== 'seized' || tx.caller.role === 'inspector';
  if (!allowed) throw new Problem('CALLER_NOT_ALLOWED', { cause: request.cause, role: tx.caller.role });
}

/** An inspector may hold anything; an enterprise what it made or has. */
async function checkInCharge(tx: Transaction, item: ItemKey, record: MovableRecord): Promise<void> {
  if (tx.caller.role === 'inspector' || record.maker === tx.caller.organisation) return;
  const { record: carrier } = await outermost(tx, item, record);
  require(carrier.custody.holder === tx.caller.organisation, 'ITEM_NOT_HELD', { item, by: tx.caller.organisation });
}

export const release = handler(releaseRequest, async (tx, request) => {
  for (const item of request.items) checkMayLift(tx, item, await loadMovable(tx, item));
  await applyAll(tx, request.items, { do: 'release' });
  await tx.happened({ step: 'release', items: request.items, reason: request.reason }, request);
  return { released: request.items.length };
});

/** What an authority ordered, only an authority lifts; the rest, whoever ordered it. */
function checkMayLift(tx: Transaction, item: ItemKey, record: MovableRecord): void {
  const held = 'hold' in record.custody ? record.custody.hold : undefined;
  if (held === undefined || tx.caller.role === 'inspector' || held.by === tx.caller.organisation) return;
  throw new Problem('CALLER_NOT_ALLOWED', { item, orderedBy: held.by });
}
