import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instantOf } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { openDurableStore, type Change, type DurableStore } from '../../../gateway/ledger/durable-store.js';
import { ApiKeys, type ApiKeyOrder } from '../../../gateway/tenants/api-keys.js';

const START = Date.parse('2026-11-20T08:00:00Z');
const HOUR_MS = 3_600_000;
let folder: string;
let store: DurableStore;
let now: number;
const clock = { now: () => now };

const order: ApiKeyOrder = { organisation: 'che-shan' as OrganisationId, type: 'enterprise', label: 'kho', scopes: ['goods:read'], expiresAt: instantOf(START + HOUR_MS) };
const open = async (): Promise<ApiKeys> => ApiKeys.open({ store, clock, randomBytes });

beforeEach(async () => {
  now = START;
  folder = await mkdtemp(join(tmpdir(), 'minhchung-keys-'));
  store = await openDurableStore(folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('API keys', () => {
  it('say who calls, until the moment at which they end', async () => {
    const keys = await open();
    const { text, key } = await keys.issue(order);
    expect(keys.authenticate(`Bearer ${text}`)).toEqual({ keyId: key.id, organisation: 'che-shan', type: 'enterprise', scopes: new Set(['goods:read']) });
    now = START + HOUR_MS - 1;
    expect(keys.authenticate(`Bearer ${text}`).keyId).toBe(key.id);
    now = START + HOUR_MS;
    expect(() => keys.authenticate(`Bearer ${text}`)).toThrow(expect.objectContaining({ code: 'API_KEY_EXPIRED', fields: { key: key.id, expiresAt: order.expiresAt } }));
  });

  it('tell that they are revoked or expired only to who has the secret', async () => {
    const keys = await open();
    const { text, key } = await keys.issue(order);
    await keys.revoke(key.id);
    const wrong = `Bearer ${text.slice(0, 16)}${'x'.repeat(43)}`;
    expect(() => keys.authenticate(`Bearer ${text}`)).toThrow(expect.objectContaining({ code: 'API_KEY_REVOKED' }));
    expect(() => keys.authenticate(wrong)).toThrow(expect.objectContaining({ code: 'API_KEY_WRONG', fields: {} }));
  });

  it('are as they were when the store is opened again, without their secrets', async () => {
    const first = await open();
    const { text, key } = await first.issue(order);
    const gone = await first.issue({ ...order, label: 'cũ' });
    const revoked = await first.revoke(gone.key.id);
    const again = await open();
    expect(again.list(order.organisation)).toEqual(expect.arrayContaining([key, revoked]));
    expect(again.authenticate(`Bearer ${text}`).keyId).toBe(key.id);
    expect(() => again.authenticate(`Bearer ${gone.text}`)).toThrow(expect.objectContaining({ code: 'API_KEY_REVOKED' }));
    expect(JSON.stringify(again.list(order.organisation))).not.toContain(text.slice(-43));
    expect(again.view(key.id)).not.toHaveProperty('hash');
  });

  it('note the day on which they are used, once a day (days of Viet Nam)', async () => {
    const written: Change[][] = [];
    const watched: DurableStore = { ...store, write: async (changes, durable) => { written.push([...changes]); return store.write(changes, durable); }, rows: (prefix) => store.rows(prefix), failure: undefined, get: (key) => store.get(key), close: () => store.close() };
    const keys = await ApiKeys.open({ store: watched, clock, randomBytes });
    const { text, key } = await keys.issue({ ...order, expiresAt: instantOf(START + 48 * HOUR_MS) });
    for (let count = 0; count < 5; count++) keys.authenticate(`Bearer ${text}`);
    expect(keys.view(key.id).lastUsedOn).toBe('2026-11-20');
    expect(written).toHaveLength(2);
    now = Date.parse('2026-11-20T17:00:00Z');
    keys.authenticate(`Bearer ${text}`);
    expect(keys.view(key.id).lastUsedOn).toBe('2026-11-21');
    expect(written).toHaveLength(3);
  });

  it('stay revoked, and keep the moment of it', async () => {
    const keys = await open();
    const { key } = await keys.issue(order);
    const { revokedAt } = await keys.revoke(key.id);
    now += HOUR_MS;
    expect((await keys.revoke(key.id)).revokedAt).toBe(revokedAt);
    await expect(keys.revoke('NOBODY')).rejects.toMatchObject({ code: 'API_KEY_UNKNOWN', fields: { key: 'NOBODY' } });
  });

  it('do not open where a row is damaged', async () => {
    const keys = await open();
    const { key } = await keys.issue(order);
    const row = await store.get(`api-key/${key.id}`);
    const flipped = Buffer.from(row!);
    flipped[10]! ^= 1;
    await store.write([{ key: `api-key/${key.id}`, value: flipped }], true);
    await expect(open()).rejects.toMatchObject({ code: 'TENANT_DATA_DAMAGED', fields: { row: `api-key/${key.id}` } });
  });
});
