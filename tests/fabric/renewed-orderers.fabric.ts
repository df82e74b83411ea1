/** Orderers whose certificates are all replaced: blocks from before and after are believed, and the copy for reading is the same. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { msp, type common } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFabricLedger } from '../../gateway/ledger/fabric-ledger.js';
import { signerJudge } from '../../gateway/ledger/orderer-organisation.js';
import { openReadModel } from '../../gateway/read-model/read-model.js';
import { recordIndexer } from '../../gateway/trace/record-index.js';
import { loadIdentity } from '../../network/enrolment/identity-files.js';
import { newestConfig } from '../../network/fabric/channel-change.js';
import { askerOf, changeChannel } from '../../network/fabric/membership.js';
import { ordererOrganisations } from '../../network/fabric/topology.js';
import { maker, reader, TEA } from '../support/fictional.js';
import { revocationList, signingKey } from '../support/revocation-list.js';
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

/** The certificates that orderers sign with, by their organisation. */
async function orderersCertificates(): Promise<ReadonlyMap<string, string>> {
  const { folder: files, topology } = await network.open();
  return new Map(await Promise.all(ordererOrganisations(topology).map(async ({ mspId }): Promise<[string, string]> => [mspId, await readFile(files.host(mspId).orderer.certificate, 'utf8')])));
}

/** Has the channel's definition of each organisation take back a certificate, with a list of its own authority. */
async function takeBack(certificates: ReadonlyMap<string, string>): Promise<void> {
  const opened = await network.open();
  const lists = new Map<string, string>();
  for (const [mspId, certificate] of certificates) {
    const authority = await loadIdentity(network.folder.host(mspId).authority, mspId);
    const by = { pem: authority?.certificatePem ?? '', key: await signingKey(authority?.privateKeyPem ?? '') };
    lists.set(mspId, await revocationList(by, { revoked: [certificate], at: Date.now(), withAuthorityKey: true }));
  }
  await changeChannel(opened, (channel) => {
    channel.getGroupsMap().forEach((part: common.ConfigGroup) => part.getGroupsMap().forEach((organisation: common.ConfigGroup) => withLists(organisation, lists)));
  });
}

/** In whichever part of the channel an organisation stands, its definition must be the same. */
function withLists(organisation: common.ConfigGroup, lists: ReadonlyMap<string, string>): void {
  const value = organisation.getValuesMap().get('MSP');
  const config = msp.MSPConfig.deserializeBinary(value?.getValue_asU8() ?? new Uint8Array());
  const fabric = msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
  const list = lists.get(fabric.getName());
  if (list === undefined) return;
  fabric.setRevocationListList([Buffer.from(list)]);
  config.setConfig(fabric.serializeBinary());
  value?.setValue(config.serializeBinary());
}

/** Whether each orderer's certificate may sign by the newest configuration. */
async function maySign(certificates: ReadonlyMap<string, string>): Promise<boolean[]> {
  const opened = await network.open();
  const orderers = (await newestConfig(opened, askerOf(opened))).getChannelGroup()?.getGroupsMap().get('Orderer');
  return [...certificates].map(([mspId, certificate]) => {
    const value = orderers?.getGroupsMap().get(mspId)?.getValuesMap().get('MSP')?.getValue_asU8() ?? new Uint8Array();
    const fabric = msp.FabricMSPConfig.deserializeBinary(msp.MSPConfig.deserializeBinary(value).getConfig_asU8());
    const roots = fabric.getRootCertsList_asU8().map((root: Uint8Array) => Buffer.from(root).toString());
    return signerJudge({ roots, revocationLists: fabric.getRevocationListList_asU8() })(certificate) !== undefined;
  });
}

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

test('the same gateway goes on while certificates are renewed and the old ones taken back, and every peer\'s blocks are believed from the first one on', async () => {
  await commission(['RENEW1']);
  const before = await orderersCertificates();
  await network.must('renew', '--all');
  await commission(['RENEW2']);
  expect(await maySign(before)).toEqual([true, true, true, true]);
  await takeBack(before);
  expect(await maySign(before)).toEqual([false, false, false, false]);
  expect(await maySign(await orderersCertificates())).toEqual([true, true, true, true]);
  await commission(['RENEW3']);
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
