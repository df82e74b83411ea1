import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { openDurableStore, type DurableStore } from '../../../gateway/ledger/durable-store.js';
import type { EndorsedTransaction, UnsignedBytes } from '../../../gateway/ledger/ledger.js';
import type { PreparedTransaction, WantedTransaction } from '../../../gateway/offline-signing/prepared-transaction.js';
import { PreparedTransactions } from '../../../gateway/offline-signing/prepared-transactions.js';
import { ManualClock } from '../manual-clock.js';

const ORGANISATION = 'che-shan' as OrganisationId;
const TEN_MINUTES_MS = 600_000;

let folder: string;
let store: DurableStore;
let clock: ManualClock;
let prepared: PreparedTransactions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prepared-'));
  store = await openDurableStore(folder);
  clock = new ManualClock();
  prepared = await PreparedTransactions.open({ store, clock });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const wanted = (change: Partial<WantedTransaction> = {}): WantedTransaction => ({ organisation: ORGANISATION, certificate: 'one', transaction: 'goods:openLot', text: '{"lot":"Lô 1"}', idempotencyKey: 'k', ...change });
const proposal = (transactionId: string): UnsignedBytes => ({ transactionId, bytes: Uint8Array.of(0, 255, 10) });
const endorsement = (transactionId: string): EndorsedTransaction => ({ transactionId, bytes: Uint8Array.of(1, 254, 13), result: '{"item":"x"}' });
const add = async (id: string, change: Partial<WantedTransaction> = {}): Promise<PreparedTransaction> => prepared.add(wanted(change), proposal(id));
const idOf = (found: PreparedTransaction | undefined): string | undefined => found?.proposal.transactionId;

async function rowsLeft(): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of store.rows('prepared/')) keys.push(key);
  return keys;
}

describe('what waits to be signed', () => {
  it('is the same in the next run, with its endorsement, its key and the time that is left', async () => {
    const first = await add('aa');
    await prepared.endorsed(await add('bb', { idempotencyKey: 'k2' }), endorsement('bb'));
    const { idempotencyKey: _, ...unkeyed } = wanted();
    await prepared.add(unkeyed, proposal('cc'));
    clock.advance(TEN_MINUTES_MS - 1);
    const next = await PreparedTransactions.open({ store, clock });
    expect(next.of('aa', ORGANISATION)).toEqual({ ...first, proposal: { transactionId: 'aa', bytes: Buffer.of(0, 255, 10) } });
    expect(next.of('bb', ORGANISATION).endorsed).toEqual({ transactionId: 'bb', bytes: Buffer.of(1, 254, 13), result: '{"item":"x"}' });
    expect([next.again(wanted()), next.again(wanted({ idempotencyKey: 'k2' })), next.again(unkeyed)].map(idOf)).toEqual(['aa', 'bb', undefined]);
    expect(idOf(next.of('cc', ORGANISATION))).toBe('cc');
    clock.advance(1);
    expect(() => next.of('aa', ORGANISATION)).toThrow('OFFLINE_TRANSACTION_UNKNOWN');
  });

  it('leaves nothing behind when its time is over, whether or not the gateway ran', async () => {
    await add('aa');
    await add('bb', { idempotencyKey: 'k2' });
    clock.advance(TEN_MINUTES_MS);
    expect(prepared.again(wanted())).toBeUndefined();
    await PreparedTransactions.open({ store, clock });
    await store.write([], true);
    expect(await rowsLeft()).toEqual([]);
  });

  it('is another organisation\'s to nobody', async () => {
    await add('aa');
    expect(() => prepared.of('aa', 'doi-thu' as OrganisationId)).toThrow('OFFLINE_TRANSACTION_UNKNOWN');
    expect(prepared.again(wanted({ organisation: 'doi-thu' as OrganisationId }))).toBeUndefined();
  });

  it('is replaced under its key in the name of another certificate, and not brought back by an endorsement that comes late', async () => {
    const first = await add('aa');
    expect(prepared.again(wanted({ certificate: 'two' }))).toBeUndefined();
    await add('bb', { certificate: 'two' });
    await expect(prepared.endorsed(first, endorsement('aa'))).rejects.toMatchObject({ code: 'OFFLINE_TRANSACTION_UNKNOWN', fields: { transaction: 'aa' } });
    expect(idOf(prepared.again(wanted({ certificate: 'two' })))).toBe('bb');
    await store.write([], true);
    expect(await rowsLeft()).toEqual(['prepared/bb']);
  });

  it.each<[string, Partial<WantedTransaction>]>([
    ['text', { text: '{"lot":"Lô 2"}' }],
    ['transaction', { transaction: 'goods:suspendLot' }],
  ])('is a conflict under its key with another %s', async (_name, change) => {
    await add('aa');
    expect(() => prepared.again(wanted(change))).toThrow('IDEMPOTENCY_KEY_REUSED');
    expect(() => prepared.again(wanted({ ...change, certificate: 'two' }))).toThrow('IDEMPOTENCY_KEY_REUSED');
    expect(idOf(prepared.again(wanted()))).toBe('aa');
  });

  it('counts for its organisation also in the next run', async () => {
    for (let n = 0; n < 200; n++) await add(`id${n}`, { idempotencyKey: `k${n}` });
    const next = await PreparedTransactions.open({ store, clock });
    await expect(next.add(wanted({ idempotencyKey: 'one-more' }), proposal('zz'))).rejects.toMatchObject({ code: 'OFFLINE_TRANSACTIONS_FULL', fields: { most: '200' } });
    expect(idOf(await next.add(wanted({ idempotencyKey: 'k7', certificate: 'two' }), proposal('zz')))).toBe('zz');
  });
});

describe('the room', () => {
  const rival = 'doi-thu' as OrganisationId;
  const MEGABYTE = 1024 * 1024;
  const large = async (id: string, megabytes: number, organisation = ORGANISATION): Promise<PreparedTransaction> => (
    prepared.add({ organisation, certificate: 'one', transaction: 'goods:openLot', text: '{}' }, { transactionId: id, bytes: new Uint8Array(megabytes * MEGABYTE) }));
  const full = { code: 'OFFLINE_TRANSACTIONS_FULL', fields: { most: '200', megabytes: '16' } };

  it('is shared: an organisation that fills its part shuts out nobody else', async () => {
    for (let n = 0; n < 7; n++) await large(`a${n}`, 2);
    await expect(large('a7', 2)).rejects.toMatchObject(full);
    expect(idOf(await large('b0', 2, rival))).toBe('b0');
    clock.advance(TEN_MINUTES_MS);
    expect(idOf(await large('a8', 2))).toBe('a8');
  });

  it('has an end for all together', async () => {
    for (let n = 0; n < 9; n++) await large(`o${n}`, 14, `to-chuc-${n}` as OrganisationId);
    await expect(large('z', 14, rival)).rejects.toMatchObject(full);
    prepared.submitted(prepared.of('o3', 'to-chuc-3' as OrganisationId), undefined);
    expect(idOf(await large('z', 14, rival))).toBe('z');
  });

  it('counts endorsements, and one that does not fit leaves the transaction as it was', async () => {
    const [one, two] = [await large('aa', 1), await large('bb', 1)];
    const sized = (transactionId: string, megabytes: number): EndorsedTransaction => ({ transactionId, bytes: new Uint8Array(megabytes * MEGABYTE), result: '{}' });
    await prepared.endorsed(one, sized('aa', 10));
    await expect(prepared.endorsed(two, sized('bb', 10))).rejects.toMatchObject(full);
    expect(prepared.of('bb', ORGANISATION)).toEqual(two);
    await prepared.endorsed(two, sized('bb', 3));
  });

  it('is not taken by what is too old when the gateway starts', async () => {
    for (let n = 0; n < 3; n++) await large(`a${n}`, 5);
    clock.advance(TEN_MINUTES_MS);
    prepared = await PreparedTransactions.open({ store, clock });
    await store.write([], true);
    expect(await rowsLeft()).toEqual([]);
    expect(idOf(await large('aa', 15))).toBe('aa');
  });

  it('is left by what was submitted: first the number, then the bytes, and whose it was is known as long as before', async () => {
    for (let n = 0; n < 200; n++) prepared.submitted(await add(`id${n}`, { idempotencyKey: `k${n}` }), `k${n}`);
    await add('cc', { idempotencyKey: 'cc' });
    expect(idOf(prepared.of('id7', ORGANISATION))).toBe('id7');
    expect(prepared.remainsOf('id7', ORGANISATION)).toBeUndefined();
    await large('dd', 15);
    await large('ee', 0.999);
    expect(() => prepared.of('id0', ORGANISATION)).toThrow('OFFLINE_TRANSACTION_UNKNOWN');
    expect(prepared.remainsOf('id0', ORGANISATION)).toMatchObject({ transactionId: 'id0', idempotencyKey: 'k0' });
    expect(prepared.remainsOf('id0', rival)).toBeUndefined();
    expect(idOf(prepared.of('cc', ORGANISATION))).toBe('cc');
    const next = await PreparedTransactions.open({ store, clock });
    expect(next.remainsOf('id7', ORGANISATION)).toMatchObject({ transactionId: 'id7', idempotencyKey: 'k7' });
    clock.advance(TEN_MINUTES_MS);
    expect(next.remainsOf('id7', ORGANISATION)).toBeUndefined();
    await store.write([], true);
    const left: string[] = [];
    for await (const [key] of store.rows('prepared-submitted/')) left.push(key);
    expect(left).toEqual([]);
  });
});
