/** The copy for reading, made from the blocks of real peers: the same bytes from whichever peer, and however often. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { canonicalJson } from '#domain/canonical-json.js';
import { blockHash } from '../../gateway/ledger/block-hash.js';
import { readFilteredBlock } from '../../gateway/ledger/block-reader.js';
import { deliverRequest } from '../../gateway/ledger/deliver-request.js';
import { deliver } from '../../gateway/ledger/deliver-stream.js';
import { openFabricLedger } from '../../gateway/ledger/fabric-ledger.js';
import type { BlockStatuses, LedgerConnection, LedgerTransaction } from '../../gateway/ledger/ledger.js';
import { nativeSigner } from '../../gateway/ledger/native-signer.js';
import { openPeerLink, type PeerAddress } from '../../gateway/ledger/peer-link.js';
import { openReadModel, type ReadModel } from '../../gateway/read-model/read-model.js';
import { recordIndexer } from '../../gateway/trace/record-index.js';
import { maker, reader, TEA } from '../support/fictional.js';
import { CommandNetwork } from './network-command.js';
import { FabricWorld, LOT } from './fabric-world.js';
import { foundedOnce } from './founded.js';
import { garbage, submitChanged, withoutEndorsements, type Change } from './hostile-submission.js';

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

/** A connection to all peers, as a gateway has it: two organisations must say the same of a block. */
async function connectToAll(): Promise<LedgerConnection> {
  const connection = openFabricLedger({ ...world.opened.connection, identity: await world.identity({ ...reader, msp: 'RegulatorMSP' }) });
  opened.push({ connection });
  return connection;
}

/** What a peer says of one block when it is asked for ids and codes alone. */
async function filteredForm(peer: PeerAddress, number: bigint): Promise<BlockStatuses | undefined> {
  const { client } = openPeerLink(peer);
  const identity = await world.identity({ ...reader, msp: 'RegulatorMSP' });
  const asker = { channel: world.opened.connection.channel, identity, sign: nativeSigner(identity.privateKey) };
  try {
    for await (const delivery of deliver(client, 'DeliverFiltered', await deliverRequest(asker, number, number), new AbortController().signal)) {
      if ('filtered' in delivery) return readFilteredBlock(delivery.filtered);
    }
    return undefined;
  } finally {
    client.close();
  }
}

async function modelFrom(organisation: string, name: string): Promise<ReadModel> {
  return modelOver(await connectTo(organisation), name);
}

async function modelOver(connection: LedgerConnection, name: string): Promise<ReadModel> {
  const model = await openReadModel({ dir: join(folder, name), ledger: connection.reader, namespace: world.opened.connection.chaincode, indexer: recordIndexer });
  opened.push({ connection, model });
  await model.caughtUp();
  return model;
}

describe('the copy for reading', () => {
  test('has the same bytes whichever organisation\'s peer it is read from, and when it is rebuilt from block 0', async () => {
    const models = await Promise.all([...ORGANISATIONS.map(async (organisation) => modelFrom(organisation, organisation)), modelOver(await connectToAll(), 'all')]);
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

describe('a transaction that keeps to no rule', () => {
  test.each<[string, Change, number]>([
    ['that nobody endorsed', withoutEndorsements, 10],
    ['that is no message', garbage, -1],
  ])('%s: is in a block, is not in the copy, and stops nobody', async (_name, change, code) => {
    const connection = await connectToAll();
    const model = await modelOver(connection, `hostile ${code}`);
    const serial = `HX${String(code).replace('-', 'M')}`;
    const request = canonicalJson({ gtin: TEA, lot: LOT, serials: [serial] });
    const before = await connection.reader.height();
    const { channel, peers: [through] } = world.opened.connection;
    const hostile = { connection, through: through ?? expect.fail('no peer'), channel, identity: await world.identity(maker) };
    const id = await submitChanged(hostile, ['goods:commission', request], change);
    await expect.poll(async () => connection.reader.height(), { timeout: 20_000 }).toBeGreaterThan(before);
    const stop = new AbortController();
    let found: LedgerTransaction | undefined;
    let at = before;
    for await (const { number, transactions } of connection.reader.blocks(before, stop.signal)) {
      found = transactions.find((one) => one.id === id);
      at = number;
      if (found !== undefined) break;
    }
    stop.abort();
    expect(found?.valid).toBe(false);
    if (code > 0) expect(found?.code).toBe(code);
    else await expect(filteredForm(hostile.through, at)).rejects.toMatchObject({ name: 'LedgerFailure', code: 'INVALID_ARGUMENT' });
    // The statuses of the gateway go past it, too.
    await commission(change === garbage ? 7 : 8);
    const height = await connection.reader.height();
    expect(await model.waitFor(height - 1n)).toBe(true);
    expect(model.get(`/01/${TEA}/21/${serial}`)).toBeUndefined();
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
