/** Nodes that run though these commands did not start them: nobody takes them for stopped, or their folder away from under them. */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { reset, stopNetwork } from '../../../network/fabric/down.js';
import type { Network } from '../../../network/fabric/network.js';
import { expectRestarts, pendingRestarts } from '../../../network/fabric/pending-restarts.js';
import { keptByOthers } from '../../../network/fabric/processes-here.js';
import { restartAll } from '../../../network/fabric/restarts.js';
import { networkStatus, statusLines } from '../../../network/fabric/status.js';
import { readTopology } from '../../../network/fabric/topology-file.js';
import type { Topology } from '../../../network/fabric/topology.js';
import { rejectsWith } from '../../support/rejects-with.js';
import { StandingOrderer } from './standing-orderer.js';

/** An orderer of which nothing is recorded, as one in a container. */
async function withUnrecorded(use: (orderer: StandingOrderer, topology: Topology) => Promise<void>): Promise<void> {
  await StandingOrderer.with(async (orderer) => {
    const record = orderer.folder.pidFile(orderer.name);
    await rename(record, `${record}.aside`);
    try {
      await use(orderer, (await readTopology(orderer.folder))!);
    } finally {
      await rename(`${record}.aside`, record);
    }
  });
}

describe('an orderer that something else keeps', () => {
  test('is no stopped one', async () => {
    await withUnrecorded(async ({ folder, name }, topology) => {
      expect(await keptByOthers(folder, topology)).toEqual([name]);
      const { processes, whole } = await networkStatus(folder);
      expect(processes.map((one) => [one.name, one.keptBy, one.ready])).toEqual([[name, 'others', true], ['peer-RegulatorMSP', undefined, false]]);
      expect(processes[0]).toMatchObject({ pid: undefined, memory: 0, height: 41 });
      const [line] = statusLines({ topology, processes, whole, leader: undefined, chaincodes: [] });
      expect(line).toMatch(/^orderer-RegulatorMSP +- {2}ready .*kept by others than these commands$/);
    });
  });

  test('is not said to be down, and keeps its folder', async () => {
    await withUnrecorded(async (orderer) => {
      await rejectsWith(stopNetwork(orderer.folder), 'FABRIC_KEPT_ELSEWHERE', { processes: orderer.name });
      await rejectsWith(reset(orderer.folder), 'FABRIC_KEPT_ELSEWHERE', { processes: orderer.name });
      expect(existsSync(orderer.folder.topology)).toBe(true);
      await orderer.answers();
    });
  });

  test('runs on its old certificates, and that is said', async () => {
    await withUnrecorded(async ({ folder, name }, topology) => {
      await expectRestarts(folder, [name, 'peer-RegulatorMSP']);
      const network: Network = { folder, topology, programs: { peer: '', orderer: '', configtxgen: '', environment: {}, warnings: [] }, withinMs: 1, logging: 'warn', tell: () => undefined, signal: new AbortController().signal, started: [] };
      expect([await restartAll(network, await pendingRestarts(folder)), await pendingRestarts(folder)]).toEqual([[name], []]);
    });
  });
});

test('an orderer that these commands keep, and one that does not run, are kept by nobody else', async () => {
  await StandingOrderer.with(async ({ folder }) => {
    const topology = (await readTopology(folder))!;
    expect(await keptByOthers(folder, topology)).toEqual([]);
    expect(await stopNetwork(folder)).toEqual(['orderer-RegulatorMSP']);
    expect(await keptByOthers(folder, topology)).toEqual([]);
    expect((await networkStatus(folder)).processes.map(({ name, keptBy }) => [name, keptBy])).toEqual([['orderer-RegulatorMSP', undefined], ['peer-RegulatorMSP', undefined], ['keeper', undefined]]);
    await reset(folder);
    expect(existsSync(folder.root)).toBe(false);
  });
});
