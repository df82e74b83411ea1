/** The gateway's own rows: JSON that knows whether it is whole. */
import { Problem } from '#domain/errors.js';
import type { Change, DurableStore } from './ledger/durable-store.js';
import { openRow, sealJson } from './ledger/sealed-row.js';

/** A change that stores `value` under `key`. */
export function putJson(key: string, value: unknown): Change {
  return { key, value: sealJson(key, value) };
}

/** @throws Problem TENANT_DATA_DAMAGED */
export function openJson(key: string, row: Buffer): unknown {
  const content = openRow(key, row);
  if (content === undefined) throw new Problem('TENANT_DATA_DAMAGED', { row: key.slice(0, 80) });
  return JSON.parse(content.toString('utf8'));
}

/** What stands under `key`, or `undefined`. Throws TENANT_DATA_DAMAGED. */
export async function getJson(store: DurableStore, key: string): Promise<unknown> {
  const row = await store.get(key);
  return row === undefined ? undefined : openJson(key, row);
}
