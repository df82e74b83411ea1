import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DurableStore } from '../../../gateway/ledger/durable-store.js';
import { FaultyStore, type Fault } from '../ledger/faults.js';
import { openEpcisApp, openTestStore, type EpcisApp } from './epcis-app.js';
import { commissioning, documentOf, holding } from './tea-events.js';
import { WorldLedger, type SubmitFault } from './world-ledger.js';

let disk: { store: DurableStore; remove: () => Promise<void> };
let ledger: WorldLedger;
let running: EpcisApp | undefined;

beforeEach(async () => {
  disk = await openTestStore();
  ledger = await WorldLedger.withTea();
});
afterEach(async () => {
  await running?.close();
  await disk.remove();
});

const start = async (store: DurableStore = disk.store): Promise<EpcisApp> => {
  running = await openEpcisApp({ ledger, store });
  return running;
};

const stop = async (): Promise<void> => {
  await running?.close();
  running = undefined;
};

const settled = async (epcis: EpcisApp, url: string): Promise<Record<string, unknown>> => {
  for (;;) {
    const job = (await epcis.get(url)).json<Record<string, unknown>>();
    if (job['running'] !== true) return job;
    await new Promise(setImmediate);
  }
};

const DOCUMENT = documentOf(commissioning('S1', 'S2'), holding('S1'), commissioning('S3'));
const steps = (): string[] => ledger.all().map(({ record }) => record.step).filter((step) => step !== 'open-lot');

interface Row {
  readonly behaviour: 'rollback' | 'proceed';
  readonly store: Fault[];
  readonly submit: SubmitFault[];
}

/** Every place at which a run can break off: each durable write before and after its effect, each submission. */
const ROWS: Row[] = (['rollback', 'proceed'] as const).flatMap((behaviour) => {
  const writes = behaviour === 'rollback' ? 1 : 3;
  const broken = Array.from({ length: writes }, (_, write) => (['before', 'after'] as const).map((fault): Row => (
    { behaviour, store: [...Array.from({ length: write + 1 }, () => 'none' as const), fault], submit: [] })));
  const submits = (['unreachable', 'unheard', 'pending'] as const).flatMap((fault) => Array.from({ length: writes }, (_, n): Row => (
    { behaviour, store: [], submit: [...Array.from({ length: n }, () => undefined as never), fault] })));
  return [...broken.flat(), ...submits];
});

describe('a capture that is broken off', () => {
  it.each(ROWS)('with $behaviour, store $store, ledger $submit, ends at the next start as if it had not been', async ({ behaviour, store, submit }) => {
    const faulty = new FaultyStore(disk.store);
    faulty.durableFaults = [...store];
    ledger.faults = [...submit];
    const first = await start(faulty);
    const answer = await first.post('/epcis/capture', DOCUMENT, 'tra-shan', { 'GS1-Capture-Error-Behaviour': behaviour });
    expect(answer.statusCode).toBe(202);
    const broken = (): boolean => (store.length > 0 ? first.faults.length > 0 : ledger.faults.length === 0);
    while (!broken()) await new Promise(setImmediate);
    expect(first.faults.map(String)).toEqual(store.length > 0 ? ['Problem: STORE_FAILED {"reason":"planned fault"}'] : []);
    await stop();
    const second = await start();
    const job = await settled(second, answer.headers.location!);
    expect(job).toMatchObject({ running: false, success: true, errors: [], captureErrorBehaviour: behaviour });
    expect(steps()).toEqual(['commission', 'hold', 'commission']);
    expect(ledger.committed).toBe(behaviour === 'rollback' ? 1 : 3);
    const ids = ledger.all().filter(({ record }) => record.step !== 'open-lot').map(({ transactionId, index }) => `urn:minhchung:event:${transactionId}:${index}`);
    expect(job['minhchung:eventIDs']).toEqual(ids);
    const again = await second.post('/epcis/capture', DOCUMENT);
    expect(await settled(second, again.headers.location!)).toMatchObject({ success: true, 'minhchung:eventIDs': ids });
    expect(ledger.committed).toBe(behaviour === 'rollback' ? 1 : 3);
  });

  it('before it was stored was never accepted', async () => {
    const faulty = new FaultyStore(disk.store);
    faulty.durableFaults = ['before'];
    const answer = await (await start(faulty)).post('/epcis/capture', DOCUMENT);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([503, 'STORE_FAILED']);
    await stop();
    expect((await (await start()).get('/epcis/capture')).json()).toEqual([]);
  });

  it('for longer than the ledger remembers keys is not tried again', async () => {
    ledger.faults = ['unreachable'];
    const first = await start();
    const answer = await first.post('/epcis/capture', DOCUMENT);
    while (ledger.faults.length > 0) await new Promise(setImmediate);
    await stop();
    first.clock.advance(7 * 24 * 3_600_000);
    running = await openEpcisApp({ ledger, store: disk.store, clock: first.clock });
    expect(await settled(running, answer.headers.location!)).toMatchObject({ running: false, success: false, errors: [{ code: 'EPCIS_JOB_TOO_OLD', status: 409 }] });
    expect(steps()).toEqual([]);
  });

  it('while the ledger is away goes on when it is back, and does not ask it all the time', async () => {
    ledger.faults = Array.from({ length: 5 }, () => 'unreachable' as const);
    const epcis = await start();
    const answer = await epcis.post('/epcis/capture', DOCUMENT);
    const pauses: number[] = [];
    while (ledger.faults.length > 0 || epcis.clock.waiting.length > 0) {
      const [pause] = epcis.clock.waiting;
      if (pause !== undefined) {
        pauses.push(pause);
        epcis.clock.advance(pause);
      }
      await new Promise(setImmediate);
    }
    expect(pauses).toEqual([200, 400, 800, 1600, 3200]);
    expect(await settled(epcis, answer.headers.location!)).toMatchObject({ success: true });
  });
});
