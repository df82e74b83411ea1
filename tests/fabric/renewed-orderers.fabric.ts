/** Orderers whose certificates are all replaced: blocks from before and after are believed, and the copy for reading is the same. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFabricLedger } from '../../gateway/ledger/fabric-ledger.js';
import { openReadModel } from '../../gateway/read-model/read-model.js';
import { recordIndexer } from '../../gateway/trace/record-index.js';
import { maker, reader, TEA } from '../support/fictional.js';
import { FabricWorld, LOT } from './fabric-world.js';
import { CommandNetwork } from './network-command.js';

let folder: string;
let network: CommandNetwork;
let world: FabricWorld;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'minhchung-renewed-'));
  network = await CommandNetwork.plan();
  await network.must('up');
  world = await FabricWorld.open({ connection: network.folder.connection });
  await world.found();
});
afterAll(async () => {
  await world.close();
  await network.close();
  await rm(folder, { recursive: true, force: true });
});

const commission = async (serials: readonly string[]): Promise<unknown> => world.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials });

/** A copy made anew from one peer's blocks alone, each of them checked. */
async function digestFrom(organisation: string): Promise<string> {
  const identity = await world.identity({ ...reader, msp: 'RegulatorMSP' });
  const { connection } = world.opened;
  const one = openFabricLedger({ ...connection, peers: connection.peers.filter(({ mspId }) => mspId === organisation), identity });
  const model = await openReadModel({ dir: await mkdtemp(join(folder, 'model-')), ledger: one.reader, namespace: connection.chaincode, indexer: recordIndexer });
  await model.caughtUp();
  const digest = await model.digest();
  await model.close();
  one.close();
  return digest;
}

test('the same gateway goes on through the renewal, and every peer\'s blocks are believed from the first one on', async () => {
  await commission(['RENEW1']);
  await network.must('renew', '--all');
  await commission(['RENEW2']);
  const digests = await Promise.all(['RegulatorMSP', 'IndustryMSP', 'EducationMSP'].map(digestFrom));
  expect(new Set(digests).size).toBe(1);
  const height = await world.ledger.height();
  const stop = new AbortController();
  let believed = 0n;
  for await (const { number } of world.ledger.blocks(0n, stop.signal)) {
    believed++;
    if (number === height - 1n) break;
  }
  expect(believed).toBe(height);
}, 300_000);
