/** The copy for reading, made from the blocks of real peers: the same bytes from whichever peer, and however often. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { blockHash } from '../../gateway/ledger/block-hash.js';
import { openFabricLedger } from '../../gateway/ledger/fabric-ledger.js';
import type { LedgerConnection } from '../../gateway/ledger/ledger.js';
import { openReadModel, type ReadModel } from '../../gateway/read-model/read-model.js';
import { recordIndexer } from '../../gateway/trace/record-index.js';
import { maker, reader, TEA } from '../support/fictional.js';
import { CommandNetwork } from './network-command.js';
import { FabricWorld, LOT } from './fabric-world.js';
import { foundedOnce } from './founded.js';

const ORGANISATIONS = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'];

let folder: string;
let network: CommandNetwork;
let world: FabricWorld;
const opened: { connection: LedgerConnection; model?: ReadModel }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'minhchung-models-'));
  network = CommandNetwork.shared(inject('fabricFolder'), inject('fabricPortBase'));
  world = await FabricWorld.open({ connection: network.folder.connection });
  await foundedOnce(world);
  for (let part = 0; part < 5; part++) await commission(part);
});
afterAll(async () => {
  for (const { connection, model } of opened) {
    await model?.close();
    connection.close();
  }
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function commission(part: number): Promise<void> {
  const serials = Array.from({ length: 20 }, (_, index) => `RM${part}X${String(index).padStart(3, '0')}`);
  await world.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials });
}

/** A connection to the peer of one organisation alone, which checks what that peer delivers. */
async function connectTo(organisation: string, change: { genesisHash?: string } = {}): Promise<LedgerConnection> {
  const identity = await world.identity({ ...reader, msp: 'RegulatorMSP' });
  const { connection } = world.opened;
  const one = openFabricLedger({ ...connection, peers: connection.peers.filter(({ mspId }) => mspId === organisation), identity, ...change });
  opened.push({ connection: one });
  return one;
}

async function modelFrom(organisation: string, name: string): Promise<ReadModel> {
  const connection = await connectTo(organisation);
  const model = await openReadModel({ dir: join(folder, name), ledger: connection.reader, namespace: world.opened.connection.chaincode, indexer: recordIndexer });
  opened.push({ connection, model });
  await model.caughtUp();
  return model;
}

describe('the copy for reading', () => {
  test('has the same bytes whichever organisation\'s peer it is read from, and when it is rebuilt from block 0', async () => {
    const models = await Promise.all(ORGANISATIONS.map(async (organisation) => modelFrom(organisation, organisation)));
    const heights = models.map((model) => model.asOf().height);
    expect(new Set(heights).size).toBe(1);
    const digests = await Promise.all(models.map(async (model) => model.digest()));
    expect(new Set(digests).size).toBe(1);
    const again = await modelFrom('IndustryMSP', 'rebuilt');
    expect([again.asOf().height, await again.digest()]).toEqual([heights[0], digests[0]]);
  });

  test('goes on where it was with another organisation\'s peer', async () => {
    const first = await modelFrom('RegulatorMSP', 'moved');
    const before = first.asOf().height;
    await first.close();
    await commission(5);
    const second = await modelFrom('EducationMSP', 'moved');
    expect(second.asOf().height).toBeGreaterThan(before);
    const fresh = await modelFrom('RegulatorMSP', 'fresh');
    expect(await second.digest()).toBe(await fresh.digest());
  });

  test('is followed by any number of readers', async () => {
    const models = await Promise.all(Array.from({ length: 6 }, async (_, index) => modelFrom(ORGANISATIONS[index % 3] ?? '', `reader-${index}`)));
    await commission(6);
    const height = await (await connectTo('RegulatorMSP')).reader.height();
    await Promise.all(models.map(async (model) => model.waitFor(height - 1n)));
    expect(new Set(await Promise.all(models.map(async (model) => model.digest()))).size).toBe(1);
  });
});

describe('what a peer delivers', () => {
  test('is believed from the pinned first block on, and from the middle', async () => {
    const { reader: ledger } = await connectTo('IndustryMSP');
    const height = await ledger.height();
    expect(height).toBeGreaterThan(10n);
    const stop = new AbortController();
    let seen = 0n;
    for await (const { number } of ledger.blocks(0n, stop.signal)) {
      expect(number).toBe(seen++);
      if (seen === height) break;
    }
    for await (const { number } of (await connectTo('EducationMSP')).reader.blocks(height - 2n, stop.signal)) {
      expect(number).toBe(height - 2n);
      break;
    }
  });

  test('is not believed where another first block is pinned', async () => {
    const { reader: ledger } = await connectTo('IndustryMSP', { genesisHash: '00'.repeat(32) });
    await expect(blockHash(ledger, 0n)).rejects.toMatchObject({ code: 'LEDGER_BLOCK_WRONG', fields: { block: '0', reason: 'genesis' } });
    await expect(blockHash(ledger, 5n)).rejects.toMatchObject({ code: 'LEDGER_BLOCK_WRONG', fields: { block: '0', reason: 'genesis' } });
  });
});
