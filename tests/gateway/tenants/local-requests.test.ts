import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { openDurableStore, type DurableStore } from '../../../gateway/ledger/durable-store.js';
import { LocalRequests } from '../../../gateway/tenants/local-requests.js';
import { TransactionOwners } from '../../../gateway/tenants/transaction-owners.js';

const DAY_MS = 24 * 3_600_000;
let folder: string;
let store: DurableStore;
let now: number;
const clock = { now: () => now };
const key = (name: string, body = 'x', principal = 'a') => ({ principal, key: name, body });

beforeEach(async () => {
  now = Date.parse('2026-11-20T08:00:00Z');
  folder = await mkdtemp(join(tmpdir(), 'minhchung-requests-'));
  store = await openDurableStore(folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a request that the gateway answers by itself', () => {
  it('is decided once for each key, at once and after a restart, with its changes', async () => {
    let decisions = 0;
    const decide = async () => ({ decided: ++decisions, changes: [{ key: `effect/${decisions}`, value: Buffer.from('x') }] });
    const requests = new LocalRequests(store, clock);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => requests.once(key('k'), decide)));
    expect(new Set(answers)).toEqual(new Set([1]));
    expect(await new LocalRequests(store, clock).once(key('k'), decide)).toBe(1);
    expect(await store.get('effect/1')).toEqual(Buffer.from('x'));
    expect(await store.get('effect/2')).toBeUndefined();
  });

  it('is another one under another key, of another principal, or without a key', async () => {
    let decisions = 0;
    const decide = async () => ({ decided: ++decisions, changes: [] });
    const requests = new LocalRequests(store, clock);
    for (const one of [key('k'), key('l'), key('k', 'x', 'b'), undefined, undefined]) await requests.once(one, decide);
    expect(decisions).toBe(5);
  });

  it('is refused with another body, also while it is being decided', async () => {
    const requests = new LocalRequests(store, clock);
    const decide = async () => ({ decided: 1, changes: [] });
    const first = requests.once(key('k'), decide);
    await expect(requests.once(key('k', 'y'), decide)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await first;
    await expect(requests.once(key('k', 'y'), decide)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('may be tried again when it was refused', async () => {
    const requests = new LocalRequests(store, clock);
    await expect(requests.once(key('k'), async () => { throw new RangeError('no'); })).rejects.toThrow('no');
    expect(await requests.once(key('k'), async () => ({ decided: 'yes', changes: [] }))).toBe('yes');
  });

  it('is forgotten after seven days, not before', async () => {
    let decisions = 0;
    const decide = async () => ({ decided: ++decisions, changes: [] });
    const requests = new LocalRequests(store, clock);
    await requests.once(key('k'), decide);
    now += 7 * DAY_MS;
    await requests.forgetOld();
    expect(await requests.once(key('k'), decide)).toBe(1);
    now += 1;
    await requests.forgetOld();
    expect(await requests.once(key('k'), decide)).toBe(2);
  });
});

describe('the owner of a transaction', () => {
  it('is known as long as its outcome is', async () => {
    const owners = new TransactionOwners(store, clock);
    await owners.note('t1', 'che-shan' as OrganisationId, true);
    now += 8 * DAY_MS;
    await owners.forgetOld();
    expect(await owners.ownerOf('t1')).toBe('che-shan');
    now += DAY_MS;
    await owners.forgetOld();
    expect(await owners.ownerOf('t1')).toBeUndefined();
    expect(await owners.ownerOf('t2')).toBeUndefined();
  });
});
