import { Buffer } from 'node:buffer';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDurableStore } from '../../../gateway/ledger/durable-store.js';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'store-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true, force: true });
});

const row = (text: string): Buffer => Buffer.from(text);

/** The chained batches that the store writes, with their options; and an error for the write with number `failing`. */
function observeWrites(failing?: number): { sync: boolean | undefined; length: number }[] {
  const seen: { sync: boolean | undefined; length: number }[] = [];
  const original = Reflect.get(Level.prototype, 'batch') as unknown as (this: Level) => { write(options: { sync?: boolean }): Promise<void>; length: number };
  vi.spyOn(Level.prototype, 'batch').mockImplementation(function batch(this: Level) {
    const inner = original.call(this);
    const write = inner.write.bind(inner);
    inner.write = async (options) => {
      seen.push({ sync: options.sync, length: inner.length });
      if (seen.length === failing) throw new Error('EIO');
      await write(options);
    };
    return inner as never;
  });
  return seen;
}

describe('a durable store', () => {
  it('writes changes in order, all or none, and gives rows by prefix', async () => {
    const store = await openDurableStore(dir);
    await store.write([{ key: 'a1', value: row('1') }, { key: 'a2', value: row('2') }, { key: 'b', value: row('3') }], true);
    await Promise.all([store.write([{ key: 'a1' }], false), store.write([{ key: 'a1', value: row('again') }], true), store.write([{ key: 'a2' }], true)]);
    const found: string[] = [];
    for await (const [key, value] of store.rows('a')) found.push(`${key}=${value.toString()}`);
    expect(found).toEqual(['a1=again']);
    expect(await store.get('a2')).toBeUndefined();
    await store.close();
  });

  it('gives the rows behind a key, of the same prefix', async () => {
    const store = await openDurableStore(dir);
    await store.write(['a1', 'a2', 'a3', 'b1'].map((key) => ({ key, value: row(key) })), true);
    const behind = async (after: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const [key] of store.rows('a', after)) found.push(key);
      return found;
    };
    expect([await behind('a1'), await behind('a11'), await behind('a3'), await behind('a')]).toEqual([['a2', 'a3'], ['a2', 'a3'], [], ['a1', 'a2', 'a3']]);
    await store.close();
  });

  it('flushes what is to be durable, and many writers at once', async () => {
    const seen = observeWrites();
    const store = await openDurableStore(dir);
    await store.write([{ key: 'lazy', value: row('1') }], false);
    await Promise.all(Array.from({ length: 100 }, (_, n) => store.write([{ key: `k${n}`, value: row('1') }], n === 50)));
    expect(seen).toEqual([{ sync: false, length: 1 }, { sync: false, length: 1 }, { sync: true, length: 99 }]);
    await store.close();
  });

  it('stops for good at the first error, and tells it once', async () => {
    observeWrites(2);
    const told: string[] = [];
    const store = await openDurableStore(dir, (error) => told.push(error.message));
    await store.write([{ key: 'a', value: row('1') }], true);
    const writes = await Promise.allSettled([store.write([{ key: 'b', value: row('1') }], true), store.write([{ key: 'c', value: row('1') }], true)]);
    expect(writes.map((write) => (write.status === 'rejected' ? (write.reason as { code: string }).code : 'written'))).toEqual(['STORE_FAILED', 'STORE_FAILED']);
    await expect(store.write([{ key: 'd', value: row('1') }], true)).rejects.toMatchObject({ code: 'STORE_FAILED', fields: { reason: 'EIO' } });
    expect(told).toEqual(['EIO']);
    expect(store.failure?.message).toBe('EIO');
    expect((await store.get('a'))?.toString()).toBe('1');
    await store.close();
  });

  it('refuses a folder that another has open, and writing after the end', async () => {
    const store = await openDurableStore(dir);
    await expect(openDurableStore(dir)).rejects.toMatchObject({ code: 'STORE_IN_USE', fields: { directory: dir } });
    await store.close();
    await expect(store.write([{ key: 'a', value: row('1') }], true)).rejects.toMatchObject({ code: 'STORE_FAILED', fields: { reason: 'closed' } });
    expect(store.failure).toBeUndefined();
  });
});
