/** Which of several orderers on one machine that stand still at the same time is started again, and when. */
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeOrganisation } from '../../../network/fabric/certificates.js';
import { NetworkFolder } from '../../../network/fabric/network-folder.js';
import { makeOperationsIdentity } from '../../../network/fabric/operations-identity.js';
import { OrdererWatch } from '../../../network/fabric/orderer-watch.js';
import { planTopology } from '../../../network/fabric/topology.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';

const MSP_IDS = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'] as const;
const REGULATOR = 'orderer-RegulatorMSP';
const INDUSTRY = 'orderer-IndustryMSP';
const EDUCATION = 'orderer-EducationMSP';

/** What an orderer shows, and the number of its process. */
interface Shown {
  height: number;
  waiting: number;
  pid: number;
}

/** A machine with three orderers, all with a request that waits at block 41. */
class Machine {
  readonly shown = new Map<string, Shown>(MSP_IDS.map((mspId, index) => [`orderer-${mspId}`, { height: 41, waiting: 1, pid: index + 1 }]));
  readonly #watch: OrdererWatch;

  constructor(folder: NetworkFolder) {
    this.#watch = new OrdererWatch(folder, { find: (name) => Promise.resolve({ pid: this.shown.get(name)!.pid, startedAt: '' }) });
  }

  /** Starts again what it is told to, looking every five seconds. @returns seconds and names */
  async runs(from: number, to: number): Promise<(readonly [at: number, name: string])[]> {
    const restarts: (readonly [number, string])[] = [];
    for (let at = from; at <= to; at += 5) {
      for (const { name } of await this.#watch.look(at * 1_000)) {
        restarts.push([at, name]);
        this.shown.get(name)!.pid += 100;
      }
    }
    return restarts;
  }
}

async function withMachine(use: (machine: Machine) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (dir) => {
    const folder = new NetworkFolder(dir);
    const topology = planTopology({ consensus: 'bft', portBase: 17_000 });
    const machine = new Machine(folder);
    const servers: Server[] = [];
    const organisations = [];
    for (const { peer: _, ...organisation } of topology.organisations.filter(({ mspId }) => MSP_IDS.some((one) => one === mspId))) {
      const host = folder.host(organisation.mspId);
      await mkdir(host.root, { recursive: true });
      await makeOrganisation(host, organisation);
      await makeOperationsIdentity(host);
      const [cert, key] = [await readFile(host.orderer.tlsCertificate), await readFile(host.orderer.tlsKey)];
      const server = createServer({ cert, key }, (_request, response) => {
        const { height, waiting } = machine.shown.get(`orderer-${organisation.mspId}`)!;
        response.end(`consensus_smartbft_pool_count_of_elements{channel="minhchung"} ${waiting}\nledger_blockchain_height{channel="minhchung"} ${height}\n`);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      servers.push(server);
      organisations.push({ ...organisation, orderer: { ...organisation.orderer!, operations: (server.address() as AddressInfo).port } });
    }
    await writeFile(join(dir, 'network.json'), JSON.stringify({ ...topology, organisations }));
    try {
      await use(machine);
    } finally {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    }
  });
}

describe('orderers that stand still at the same time', () => {
  test('are started again one after the other, a minute apart, the least recent first', async () => {
    await withMachine(async (machine) => {
      const restarts = await machine.runs(0, 400);
      expect(restarts.slice(0, 4)).toEqual([[30, REGULATOR], [90, INDUSTRY], [150, EDUCATION], [210, REGULATOR]]);
      for (const [index, [at]] of restarts.entries()) if (index > 0) expect(at - restarts[index - 1]![0]).toBeGreaterThanOrEqual(60);
    });
  });

  test('follow each other sooner where the one before has got a block', async () => {
    await withMachine(async (machine) => {
      expect(await machine.runs(0, 45)).toEqual([[30, REGULATOR]]);
      Object.assign(machine.shown.get(REGULATOR)!, { height: 42, waiting: 0 });
      expect(await machine.runs(50, 50)).toEqual([[50, INDUSTRY]]);
      expect(await machine.runs(55, 75)).toEqual([]);
      Object.assign(machine.shown.get(INDUSTRY)!, { height: 43, waiting: 0 });
      expect(await machine.runs(80, 80)).toEqual([[80, EDUCATION]]);
    });
  });

  test('that go on meanwhile are left alone', async () => {
    await withMachine(async (machine) => {
      await machine.runs(0, 30);
      for (const shown of machine.shown.values()) Object.assign(shown, { height: 42, waiting: 0 });
      expect(await machine.runs(35, 300)).toEqual([]);
    });
  });
});
