/**
 * Failures of real processes under load: whatever dies, every acknowledged transaction is on the ledger once, every refused
 * one is not, and all peers come to the same state.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../network/fabric/until.js';
import { maker, serial, TEA } from '../support/fictional.js';
import { CutLine, type LineState } from './cut-line.js';
import { FabricWorld } from './fabric-world.js';
import { FailingNetwork } from './failing-network.js';
import { ledgerErrors } from './ledger-audit.js';
import { SteadyLoad } from './steady-load.js';

/** So many are to be acknowledged before the next thing happens. */
const SOME = 15;

let network: FailingNetwork;
let world: FabricWorld;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  opened.push(network = await FailingNetwork.make());
  opened.push(world = await FabricWorld.open({ connection: network.folder.connection, answerWithinMs: 1500 }));
  await world.found();
});

afterAll(async () => {
  for (const one of opened.reverse()) await one.close();
});

let loads = 0;
/** what went wrong first: on a network that was left broken, nothing else can be told */
let broken: unknown;

/** Lets something happen under load, and then audits every peer's ledger against every answer. */
async function underLoad(happen: (load: SteadyLoad) => Promise<void>, through = world): Promise<void> {
  if (broken !== undefined) throw new Error('not tried', { cause: broken });
  const load = new SteadyLoad(through, `F${loads++}`);
  try {
    await load.more(SOME);
    await happen(load);
    await load.more(SOME);
    await load.stop();
    await network.settled();
    expect(await ledgerErrors(through, load.operations)).toEqual([]);
  } catch (error) {
    broken = error;
    await load.abandon();
    throw error;
  }
}

/** Killed, missed by nobody for long, started again. */
async function killedAndStarted(name: string): Promise<void> {
  await underLoad(async (load) => {
    await network.kill(name);
    await load.more(SOME);
    await network.start(name);
    await load.more(SOME);
  });
}

describe('one process is killed and started again', () => {
  test.each([0, 1, 2])('peer %i', async (index) => killedAndStarted(network.peers[index]!));

  test('the orderer that leads', async () => {
    await killedAndStarted(await network.leader());
  });

  test.each([0, 1, 2])('follower %i', async (index) => {
    const leader = await network.leader();
    await killedAndStarted(network.orderers.filter((name) => name !== leader)[index]!);
  });

  test.each([0, 1, 2])('chaincode server %i, which its keeper starts again', async (index) => {
    const name = network.chaincodes[index]!;
    await underLoad(async (load) => {
      await network.kill(name);
      await load.more(SOME);
    });
    expect(await network.isRunning(name)).toBe(true);
  });
});

describe('a majority is missing', () => {
  test('of four orderers two: nothing is acknowledged until one is back', async () => {
    const [first = '', second = ''] = [await network.leader(), ...network.orderers].filter((name, index, all) => all.indexOf(name) === index);
    await underLoad(async (load) => {
      await network.kill(first);
      await load.more(SOME);
      await network.kill(second);
      const alone = await standstill(load, 'pending');
      await network.start(first);
      await load.more(SOME);
      expect(alone).toEqual([]);
      await network.start(second);
    });
  });

  test('of three peers two: nothing is acknowledged until one is back', async () => {
    const [first = '', second = ''] = network.peers;
    await underLoad(async (load) => {
      await network.kill(first);
      await network.kill(second);
      const alone = await standstill(load, 'refused');
      await network.start(first);
      await load.more(SOME);
      expect(alone).toEqual([]);
      await network.start(second);
    });
  });
});

/** What was acknowledged of all that was begun from now on until so many were answered otherwise. */
async function standstill(load: SteadyLoad, answer: 'pending' | 'refused', count = SOME): Promise<unknown[]> {
  const from = performance.now();
  await load.more(count, answer);
  const to = performance.now();
  return load.operations.filter((one) => one.begun >= from && one.answered <= to && one.answer === 'committed');
}

describe('a whole organisation', () => {
  test.each(['RegulatorMSP', 'IndustryMSP'])('%s is switched off, and comes back', async (mspId) => {
    const chaincode = network.chaincodes.find((name) => name.startsWith(`chaincode-${mspId}`))!;
    await underLoad(async (load) => {
      await Promise.all([network.kill(`peer-${mspId}`), network.kill(`orderer-${mspId}`), network.kill(chaincode)]);
      await load.more(2 * SOME);
      await network.start(`orderer-${mspId}`);
      await network.start(`peer-${mspId}`);
    });
  });
});

describe('a peer that lost everything', () => {
  test('has every block and the same state again, and endorses', async () => {
    const [peer = ''] = network.peers;
    await underLoad(async (load) => {
      await network.kill(peer);
      await network.forgetData(peer);
      await load.more(SOME);
      await network.up();
    });
    const alone = world.opened.connection.peers.find(({ mspId }) => peer.endsWith(mspId))!;
    expect(await ledgerErrors(world, [], [alone])).toEqual([]);
  });
});

/** Of a gateway with a line of its own to each peer. */
describe('the lines between gateway and peers', () => {
  const lines: CutLine[] = [];
  let remote: FabricWorld;

  beforeAll(async () => {
    const { connection } = network.folder;
    for (const { address } of world.opened.connection.peers) lines.push(await CutLine.to(address));
    remote = await FabricWorld.open({ connection, answerWithinMs: 1500, through: (peer, index) => ({ ...peer, address: lines[index]!.address }) });
  });

  afterAll(async () => {
    await remote.close();
    for (const line of lines) await line.close();
  });

  /** Something was stored and sent, and nobody knows yet what became of it: now. */
  async function afterSubmit(): Promise<void> {
    await until({ what: 'transactions to be under way', withinMs: 10_000 }, () => remote.ledger.health().waiting > 1);
  }

  test.each<LineState>(['cut', 'deaf', 'silent'])('%s after submit to the peer that is asked first: others are asked', async (state) => {
    await underLoad(async (load) => {
      await afterSubmit();
      lines[0]!.become(state);
      await load.more(SOME);
      lines[0]!.become('open');
    }, remote);
  });

  test.each<LineState>(['cut', 'deaf', 'silent'])('%s after submit to all: nothing is acknowledged until they are back', async (state) => {
    await underLoad(async (load) => {
      await afterSubmit();
      for (const line of lines) line.become(state);
      // Whoever asks in vain waits 5 seconds for each of three peers.
      const alone = await standstill(load, 'refused', 4);
      for (const line of lines) line.become('open');
      expect(alone).toEqual([]);
    }, remote);
  });
});

describe('everything', () => {
  test('killed at once under load, and up again without a repair', async () => {
    await underLoad(async (load) => {
      await Promise.all([...network.peers, ...network.orderers, ...network.chaincodes].map(async (name) => network.kill(name)));
      await network.up();
      await load.more(SOME);
    });
  });

  test('what was commissioned first can still be read', async () => {
    await world.call(maker, 'goods:commission', { gtin: TEA, lot: 'L26-001', serials: ['LAST'] });
    expect(JSON.parse(await world.ledger.evaluate('registry:readRecord', [serial(TEA, 'F0-0')]))).toMatchObject({ kind: 'serial' });
  });
});
