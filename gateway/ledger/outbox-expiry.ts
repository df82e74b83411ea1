/** Forgetting outcomes and idempotency keys when their time is over. */
import type { Change, DurableStore } from './durable-store.js';
import { EXPIRY, readExpiry, readKeyRecord, rowKeys } from './outbox-rows.js';

/** Changes in one batch. */
const BATCH = 1000;

/**
 * Removes what has expired.
 *
 * @param now milliseconds since 1970
 * @returns how many outcomes were removed
 * @throws Problem OUTBOX_DAMAGED
 */
export async function removeExpired(store: DurableStore, now: number): Promise<number> {
  let removed = 0;
  const changes: Change[] = [];
  for await (const [rowKey, row] of store.rows(EXPIRY)) {
    const { at, id, key } = readExpiry(rowKey, row);
    if (at > now) break;
    changes.push({ key: rowKey }, { key: rowKeys.outcome(id) }, ...await expiredKey(store, key, id));
    removed++;
    if (changes.length >= BATCH) await store.write(changes.splice(0), false);
  }
  if (changes.length > 0) await store.write(changes, false);
  return removed;
}

/** A key that stands for a newer transaction by now lives as long as that one. */
async function expiredKey(store: DurableStore, key: string | null, transactionId: string): Promise<Change[]> {
  if (key === null) return [];
  const rowKey = rowKeys.key(key);
  const row = await store.get(rowKey);
  return row !== undefined && readKeyRecord(rowKey, row).transaction === transactionId ? [{ key: rowKey }] : [];
}
