import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DurableStore } from '../../../gateway/ledger/durable-store.js';
import { openTestStore } from '../epcis/epcis-app.js';
import { WorldLedger, type SubmitFault } from '../epcis/world-ledger.js';
import { FaultyStore, type Fault } from '../ledger/faults.js';
import { openImportApp, type ImportApp, type ImportAppOptions, type Job } from './import-app.js';
import { productFile, productRow, products } from './sample-files.js';

let disk: { store: DurableStore; remove: () => Promise<void> };
let directory: string;
let ledger: WorldLedger;
let running: ImportApp | undefined;

beforeEach(async () => {
  disk = await openTestStore();
  directory = await mkdtemp(join(tmpdir(), 'minhchung-import-'));
  ledger = await WorldLedger.withTea();
});
afterEach(async () => {
  await running?.close();
  await disk.remove();
  await rm(directory, { recursive: true, force: true });
});

const start = async (options: ImportAppOptions = {}): Promise<ImportApp> => {
  running = await openImportApp({ ledger, directory, store: disk.store, foresee: async () => undefined, ...options });
  return running;
};

const stop = async (): Promise<void> => {
  await running?.close();
  running = undefined;
};

async function settled(imports: ImportApp, id: string): Promise<Job> {
  for (;;) {
    const job = (await imports.get(`/v1/imports/${id}`)).json<Job>();
    if (job['finishedAt'] !== undefined) return job;
    await new Promise(setImmediate);
  }
}

/** Three batches; rows 5 and 600 are on the ledger already, unknown to the check, so that two batches are tried twice. */
const FILE = products(1200);
const GOOD = 1198;

interface Row {
  readonly store: Fault[];
  readonly submit: SubmitFault[];
}

const none = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

/** Every durable write after the job was stored, before and after its effect; every submission in each way of failing. */
const ROWS: Row[] = [
  ...Array.from({ length: 7 }, (_, write) => (['before', 'after'] as const).map((fault): Row => ({ store: [...none(write + 1, 'none' as const), fault], submit: [] }))).flat(),
  ...(['unreachable', 'unheard', 'pending'] as const).flatMap((fault) => Array.from({ length: 5 }, (_, n): Row => ({ store: [], submit: [...none(n, undefined as never), fault] }))),
];

describe('an import that is broken off', () => {
  it.each(ROWS)('with store $store, ledger $submit, goes on at the next start without doubling or missing a row', async ({ store, submit }) => {
    const before = await start();
    await before.ended(await before.upload('kind=products', productFile(productRow(5), productRow(600))));
    await stop();
    const faulty = new FaultyStore(disk.store);
    ledger.faults = [...submit];
    const first = await start({ store: faulty });
    faulty.durableFaults = [...store];
    const answer = await first.upload('kind=products&mode=skip-bad-rows', FILE);
    const broken = (): boolean => (store.length > 0 ? first.faults.length > 0 : ledger.faults.length === 0);
    while (!broken()) await new Promise(setImmediate);
    expect(first.faults.map(String)).toEqual(store.length > 0 ? ['Problem: STORE_FAILED {"reason":"planned fault"}'] : []);
    await stop();
    const second = await start();
    const job = await settled(second, answer.json<Job>().id);
    expect(job).toMatchObject({ state: 'done', rows: { read: 1200, bad: 2, written: GOOD } });
    expect(job.errors.map(({ row }) => row)).toEqual([5, 600]);
    expect(ledger.world.all('product')).toHaveLength(GOOD + 3);
    expect(ledger.committed).toBe(4);
    const byKey = new Map(ledger.submitted.map(({ key, argument }) => [key, argument]));
    for (const { key, argument } of ledger.submitted) expect(argument).toBe(byKey.get(key));
    await expect.poll(() => second.spooled()).toEqual([]); // the file goes after the answer
  });

  it('before it was stored was never accepted, and its file is removed', async () => {
    const faulty = new FaultyStore(disk.store);
    const first = await start({ store: faulty });
    faulty.durableFaults = ['before'];
    const answer = await first.upload('kind=products', FILE);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([503, 'STORE_FAILED']);
    expect(await first.spooled()).toEqual([]);
  });

  it('in the middle of an upload leaves a file that the next start removes; other files it leaves alone', async () => {
    await writeFile(join(directory, `${'0'.repeat(32)}.csv`), 'half a f');
    await writeFile(join(directory, 'notes.txt'), 'mine');
    expect(await (await start()).spooled()).toEqual(['notes.txt']);
  });

  it('while it was being checked is checked again from the start', async () => {
    const first = await start({ foresee: () => new Promise(() => undefined) });
    const { id } = (await first.upload('kind=products', FILE)).json<Job>();
    const closing = first.close();
    running = undefined;
    await Promise.race([closing, new Promise(setImmediate)]);
    const second = await start();
    expect(await settled(second, id)).toMatchObject({ state: 'done', rows: { read: 1200, written: 1200 } });
  });

  it('after it was told to stop does not go on', async () => {
    ledger.faults = none(1, 'unreachable' as const);
    const first = await start();
    const { id } = (await first.upload('kind=products', FILE)).json<Job>();
    while (first.clock.waiting.length === 0) await new Promise(setImmediate);
    await first.cancel(id);
    await stop();
    expect(await settled(await start(), id)).toMatchObject({ state: 'cancelled', rows: { written: 0 } });
  });

  it('for longer than the ledger remembers keys is not tried again', async () => {
    ledger.faults = none(2, 'unreachable' as const);
    const first = await start();
    const { id } = (await first.upload('kind=products', FILE)).json<Job>();
    while (first.clock.waiting.length === 0) await new Promise(setImmediate);
    await stop();
    first.clock.advance(7 * 24 * 3_600_000);
    expect(await settled(await start({ clock: first.clock }), id)).toMatchObject({ state: 'refused', problem: { code: 'IMPORT_TOO_OLD' } });
    expect(ledger.committed).toBe(0);
  });
});

describe('what ended long ago', () => {
  it('is forgotten at a start, with its errors', async () => {
    const first = await start();
    const job = await first.ended(await first.upload('kind=products&mode=skip-bad-rows', productFile(productRow(2), none(7, 'x'))));
    await stop();
    first.clock.advance(29 * 24 * 3_600_000);
    const second = await start({ clock: first.clock });
    expect((await second.get(`/v1/imports/${job.id}`)).statusCode).toBe(200);
    await stop();
    first.clock.advance(2 * 24 * 3_600_000);
    expect((await (await start({ clock: first.clock })).get(`/v1/imports/${job.id}`)).statusCode).toBe(404);
    const left: string[] = [];
    for await (const [key] of disk.store.rows('import/')) left.push(key);
    expect(left).toEqual([]);
  });
});
