/** What the keeper does about an orderer that lives and stands still, and how it gives way to commands. */
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { lockHolder, withLock, withLockBriefly } from '../../../network/fabric/command-lock.js';
import { waitForStandstill } from '../../../network/fabric/hosts/wait-for-standstill.js';
import { OrdererKeeper } from '../../../network/fabric/keep-orderers.js';
import { OrdererWatch } from '../../../network/fabric/orderer-watch.js';
import { stopProcess } from '../../../network/fabric/processes.js';
import { startAsItWas } from '../../../network/fabric/start-as-it-was.js';
import { networkStatus, statusLines } from '../../../network/fabric/status.js';
import { until } from '../../../network/fabric/until.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';
import { StandingOrderer } from './standing-orderer.js';

const WITHIN_MS = 30_000;
const PATIENCE_MS = 30_000;

function keeperOf({ folder }: StandingOrderer): { readonly keeper: OrdererKeeper; readonly told: string[] } {
  const told: string[] = [];
  return { keeper: new OrdererKeeper(folder, { tell: (line) => { told.push(line); } }), told };
}

/** Has it wait with its answers or its end; `release` ends that. */
async function hold(orderer: StandingOrderer, what: 'answers' | 'end'): Promise<{ readonly asked: () => Promise<unknown>; readonly release: () => Promise<void> }> {
  const files = orderer.held(what);
  await rm(files.asked, { force: true });
  await writeFile(files.hold, '');
  return { asked: async () => until({ what: `it to be asked for ${what}`, withinMs: WITHIN_MS }, () => existsSync(files.asked)), release: async () => rm(files.hold) };
}

describe('an orderer that stands still', () => {
  test('is started again as it was, is recorded, and the log and the status say so', async () => {
    await StandingOrderer.with(async (orderer) => {
      const { keeper, told } = keeperOf(orderer);
      const [before, startedWith] = [await orderer.running(), await orderer.startedWith()];
      await keeper.lookOnce(0);
      await keeper.lookOnce(PATIENCE_MS - 1);
      expect([await orderer.running(), told]).toEqual([before, []]);
      await keeper.lookOnce(PATIENCE_MS);
      expect((await orderer.running()).pid).not.toBe(before.pid);
      await orderer.answers();
      expect(await orderer.startedWith()).toEqual(startedWith);
      expect(told).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z orderer-RegulatorMSP stood still at 41 blocks with 3 requests waiting; it was started again$/)]);
      const [at = ''] = told[0]!.split(' ');
      expect(statusLines(await networkStatus(orderer.folder)).join('\n')).toContain(`stood still and was started again: 1, last ${at}`);
      expect(await lockHolder(orderer.folder.root)).toBeUndefined();
    });
  });

  test('is found by the keeper itself, which looks again and again', async () => {
    await StandingOrderer.with(async (orderer) => {
      const { pid } = await orderer.running();
      const keeper = new OrdererKeeper(orderer.folder, { everyMs: 5, patienceMs: 10, tell: () => undefined });
      keeper.start();
      await until({ what: 'another process', withinMs: WITHIN_MS }, async () => (await orderer.running()).pid !== pid);
      await keeper.stop();
    });
  });

  test('is found after a mistake that was complained of once', async () => {
    await StandingOrderer.with(async (orderer) => {
      const { pid } = await orderer.running();
      const topology = await readFile(orderer.folder.topology);
      await writeFile(orderer.folder.topology, '{');
      const told: string[] = [];
      const keeper = new OrdererKeeper(orderer.folder, { everyMs: 1, patienceMs: 10, tell: (line) => { told.push(line); } });
      keeper.start();
      await until({ what: 'the complaint', withinMs: WITHIN_MS }, () => told.length > 0);
      await writeFile(`${orderer.folder.topology}.whole`, topology);
      await rename(`${orderer.folder.topology}.whole`, orderer.folder.topology);
      await until({ what: 'another process', withinMs: WITHIN_MS }, async () => (await orderer.running()).pid !== pid);
      await keeper.stop();
      expect(told.map((line) => line.replace(/^\S+ /, '').split(/: | at /)[0]).slice(0, 2)).toEqual(['the orderers cannot be looked after', 'orderer-RegulatorMSP stood still']);
    });
  });

  test.each<[string, (orderer: StandingOrderer) => Promise<void>]>([
    ['has nothing to order', async (orderer) => orderer.tells({ height: 41, waiting: 0 })],
    ['orders', async (orderer) => orderer.tells({ height: 42, waiting: 3 })],
    ['tells nothing of SmartBFT', async (orderer) => orderer.tellsNothing()],
    ['does not run', async ({ folder, name }) => void await stopProcess(folder, name)],
    ['is on another machine', async ({ folder }) => rm(folder.host('RegulatorMSP').orderer.tlsKey)],
    ['is of a network that was removed', async ({ folder }) => rm(folder.topology)],
  ])('is none if it %s', async (_, change) => {
    await StandingOrderer.with(async (orderer) => {
      const watch = new OrdererWatch(orderer.folder);
      expect(await watch.look(0)).toEqual([]);
      await change(orderer);
      expect(await watch.look(PATIENCE_MS)).toEqual([]);
    });
  });

  test('is none of the watch under Raft', async () => {
    await StandingOrderer.with(async (orderer) => {
      const watch = new OrdererWatch(orderer.folder);
      expect([await watch.look(0), await watch.look(PATIENCE_MS)]).toEqual([[], []]);
      expect(existsSync(orderer.held('answers').asked)).toBe(false);
    }, 'raft');
  });
});

describe('where its process cannot be seen', () => {
  test('it is named all the same, and left alone', async () => {
    await StandingOrderer.with(async (orderer) => {
      const { pid } = await orderer.running();
      const { signal } = new AbortController();
      expect(await waitForStandstill(orderer.folder, { signal, everyMs: 1, patienceMs: 5 })).toMatchObject([{ name: orderer.name, sight: { height: 41, waiting: 3 } }]);
      expect((await orderer.running()).pid).toBe(pid);
    });
  });

  test('the waiting can be ended', async () => {
    await StandingOrderer.with(async (orderer) => {
      const interruption = new AbortController();
      const waiting = waitForStandstill(orderer.folder, { signal: interruption.signal });
      interruption.abort();
      await expect(waiting).rejects.toThrow('aborted');
    });
  });
});

describe('a command', () => {
  test('is not disturbed, and what stood still meanwhile is forgotten', async () => {
    await StandingOrderer.with(async (orderer) => {
      const { keeper, told } = keeperOf(orderer);
      await keeper.lookOnce(0);
      await withLock(orderer.folder.root, async () => keeper.lookOnce(PATIENCE_MS));
      await keeper.lookOnce(PATIENCE_MS + 1);
      await keeper.lookOnce(2 * PATIENCE_MS);
      expect(told).toEqual([]);
      await keeper.lookOnce(2 * PATIENCE_MS + 1);
      expect(told).toHaveLength(1);
    });
  });

  test('that begins while the keeper looks goes first', async () => {
    await StandingOrderer.with(async (orderer) => {
      const { keeper, told } = keeperOf(orderer);
      const { pid } = await orderer.running();
      await keeper.lookOnce(0);
      const answers = await hold(orderer, 'answers');
      const looking = keeper.lookOnce(PATIENCE_MS);
      await answers.asked();
      await withLock(orderer.folder.root, async () => {
        await answers.release();
        await looking;
      });
      expect([(await orderer.running()).pid, told]).toEqual([pid, []]);
    });
  });

  test('that has started the orderer anew since the look has settled it', async () => {
    await StandingOrderer.with(async (orderer) => {
      const watch = new OrdererWatch(orderer.folder);
      await watch.look(0);
      const [locked] = await watch.look(PATIENCE_MS);
      await stopProcess(orderer.folder, orderer.name);
      await orderer.start();
      const { pid } = await orderer.running();
      expect(await startAsItWas(orderer.folder, orderer.name, locked!.process)).toBe(false);
      expect((await orderer.running()).pid).toBe(pid);
    });
  });

  test('and the keeper\'s end wait until what is being started again is started', async () => {
    await StandingOrderer.with(async (orderer) => {
      const { keeper } = keeperOf(orderer);
      const { pid } = await orderer.running();
      await keeper.lookOnce(0);
      const end = await hold(orderer, 'end');
      const order: string[] = [];
      const looking = keeper.lookOnce(PATIENCE_MS);
      await end.asked();
      const stopped = keeper.stop().then(() => order.push('the keeper ends'));
      const command = withLock(orderer.folder.root, async () => { order.push('the command begins'); return orderer.running(); });
      order.push('the old process ends');
      await end.release();
      expect((await command).pid).not.toBe(pid);
      await Promise.all([stopped, looking]);
      expect(order.toSorted()).toEqual(['the command begins', 'the keeper ends', 'the old process ends']);
      expect(order[0]).toBe('the old process ends');
    });
  });
});

describe('the lock', () => {
  test('is not taken by the keeper while a command has it', async () => {
    await inTemporaryDirectory(async (dir) => {
      const root = `${dir}/network`;
      await withLock(root, async () => {
        expect(await lockHolder(root)).toMatchObject({ pid: process.pid, briefly: false });
        expect(await withLockBriefly(root, () => Promise.resolve('done'))).toBeUndefined();
      });
      expect(await withLockBriefly(root, () => Promise.resolve('done'))).toBe('done');
    });
  });

  test.each(['', `${process.pid} 1 briefly`, `${process.pid} 1`, 'x y'])('that reads %j is nobody\'s: one takes it over, and nothing is left behind', async (content) => {
    await inTemporaryDirectory(async (dir) => {
      const root = `${dir}/network`;
      await writeFile(`${root}.lock`, content);
      expect(await lockHolder(root)).toBeUndefined();
      let inside = 0;
      const most: number[] = [];
      const results = await Promise.allSettled(Array.from({ length: 20 }, async () => withLock(root, async () => {
        most.push(++inside);
        await readFile('/proc/self/stat');
        inside -= 1;
      })));
      expect(Math.max(...most)).toBe(1);
      expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'FABRIC_BUSY', fields: { process: String(process.pid) } });
      expect(await readdir(dir)).toEqual([]);
    });
  });
});
