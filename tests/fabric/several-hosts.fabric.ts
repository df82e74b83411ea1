/**
 * The network on several machines, made and started by the commands of its documentation: each machine a host in a network
 * namespace of its own. Needs root and the program ip; where these are missing the test says so and is not run.
 */
import { readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PeerAddress } from '../../gateway/ledger/peer-link.js';
import { until } from '../../network/fabric/until.js';
import { maker, serial, TEA } from '../support/fictional.js';
import { whyNoNamespaces } from '../support/network-namespaces.js';
import { FabricWorld, LOT } from './fabric-world.js';
import { ledgerErrors } from './ledger-audit.js';
import { chainOf, timesWritten } from './peer-chains.js';
import { NAMES, SpreadNetwork, type Machine } from './spread-network.js';
import { SteadyLoad } from './steady-load.js';

const whyNot = whyNoNamespaces();
if (whyNot !== undefined) console.info(`not run: the network on several machines (${whyNot})`);

const PATIENCE_MS = 60_000;
const SOME = 10;
const EDUCATION: readonly Machine[] = ['education.example', 'orderer.education.example'];
const TWO_ORDERERS: readonly Machine[] = ['operator.example', 'orderer.education.example'];

describe.skipIf(whyNot !== undefined)('a network on five machines', () => {
  let network: SpreadNetwork;
  let world: FabricWorld;

  beforeAll(async () => {
    network = await SpreadNetwork.open();
    const checks = await network.make();
    for (const [machine, { status, stdout, stderr }] of checks) expect({ machine, status, stderr, missing: /^missing:.*$/m.exec(stdout)?.[0] }).toEqual({ machine, status: 0, stderr: '', missing: undefined });
    await network.up();
    world = await FabricWorld.open(await network.wish({ answerWithinMs: 1_500 }));
    await world.found();
  });

  afterAll(async () => {
    await world?.close();
    await network?.close();
  });

  /** Every peer, as this machine reaches it. */
  async function peers(): Promise<PeerAddress[]> {
    const { through = (peer) => peer } = await network.wish();
    return world.opened.connection.peers.map(through);
  }

  /** Lets something happen under load, and then compares every peer's ledger with every answer. */
  async function underLoad(name: string, happen: (load: SteadyLoad) => Promise<void>): Promise<void> {
    const load = new SteadyLoad(world, name);
    try {
      await load.more(SOME);
      await happen(load);
      await load.more(SOME);
    } catch (error) {
      await load.abandon();
      throw error;
    }
    await sameEverywhere(load);
  }

  async function sameEverywhere(load: SteadyLoad): Promise<void> {
    await load.stop();
    const reached = await peers();
    await until({ what: 'all peers to have the same blocks', withinMs: PATIENCE_MS }, async () => {
      const heights = await Promise.all(reached.map(async (peer) => (await chainOf(world, peer)).blocks.length));
      return new Set(heights).size === 1;
    });
    expect(await ledgerErrors(world, load.operations, reached)).toEqual([]);
  }

  test('every machine has made the same block 0', async () => {
    const blocks = await Promise.all(NAMES.map(async (machine) => (await readFile(network.folder(machine).genesisBlock)).toString('hex')));
    expect(new Set(blocks).size).toBe(1);
  });

  test('a second start changes nothing', async () => {
    for (const machine of NAMES) {
      const { status, stdout } = await network.network(machine, 'up');
      expect({ machine, status, started: /started .*/.exec(stdout)?.[0] }).toEqual({ machine, status: 0, started: undefined });
    }
  });

  test('every machine keeps a watch, the one with an orderer alone too, and says that it is up', async () => {
    for (const machine of NAMES) {
      const { status, stdout } = await network.network(machine, 'status');
      expect({ machine, status, keeper: /^keeper +\d+  ready /m.test(stdout), end: stdout.trim().split(': ').at(-1) }).toEqual({ machine, status: 0, keeper: true, end: 'the network is up' });
    }
  });

  test('what one machine writes, all have', async () => {
    await world.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: ['H1'] });
    const wanted = serial(TEA, 'H1');
    for (const peer of await peers()) {
      await until({ what: `${peer.mspId} to have the record`, withinMs: PATIENCE_MS }, async () => timesWritten(await chainOf(world, peer)).get(wanted) === 1);
    }
  });

  test('a machine is cut off: the others go on, and once healed it has what they have', async () => {
    await underLoad('C', async (load) => {
      for (const machine of EDUCATION) network.host(machine).cutOff();
      await load.more(SOME);
      // The orderers stand still once more when their lines to the silent one are given up.
      await network.givenUp('orderer.education.example', 'regulator.example');
      await load.more(SOME);
      for (const machine of EDUCATION) network.host(machine).heal();
    });
  });

  test('two of four orderers are cut off: nothing is acknowledged until they are healed', async () => {
    await underLoad('M', async (load) => {
      for (const machine of TWO_ORDERERS) network.host(machine).cutOff();
      // What was ordered before may still come; of what is begun from now on, nothing.
      await load.more(SOME, 'pending');
      const begun = performance.now();
      await load.more(SOME, 'pending');
      expect(load.operations.filter((one) => one.begun >= begun && one.answer === 'committed')).toEqual([]);
      for (const machine of TWO_ORDERERS) network.host(machine).heal();
    });
  });

  test('a peer that lost everything takes it from the others, and the organisations agree once more', async () => {
    await network.network('education.example', 'down');
    await rm(network.folder('education.example').host('EducationMSP').peer.data, { recursive: true });
    const { status, stdout } = await network.network('education.example', 'up');
    expect({ status, waits: stdout.includes('is approved by EducationMSP; 2 organisations have to') }).toEqual({ status: 0, waits: true });
    for (const machine of ['regulator.example', 'industry.example'] as const) {
      const again = await network.network(machine, 'up');
      expect({ machine, status: again.status, stderr: again.stderr, runs: /the channel runs minhchung-/.test(again.stdout) }).toEqual({ machine, status: 0, stderr: '', runs: true });
    }
    const load = new SteadyLoad(world, 'R');
    await load.more(SOME);
    await sameEverywhere(load);
  });

  test('a machine renews its certificates, and says what the others have to take', async () => {
    const { status, stdout, stderr } = await network.network('regulator.example', 'renew', '--all');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const said = ['peer-RegulatorMSP runs on its new certificate', 'orderer-RegulatorMSP runs on its new certificate', 'public part for all others, who take it once more: ', 'goes on naming orderer-RegulatorMSP by its old certificate'];
    for (const words of said) expect(stdout).toContain(words);
    const load = new SteadyLoad(world, 'N');
    await load.more(SOME);
    await sameEverywhere(load);
  });

  test('every machine stops what it runs', async () => {
    for (const machine of NAMES) expect((await network.network(machine, 'down')).stdout).toMatch(/stopped (\S+, )*(peer|orderer)-/);
  });
});
