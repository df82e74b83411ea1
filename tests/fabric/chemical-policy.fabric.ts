/**
 * Who must endorse what (docs/decisions/0007): any two of three organisations for goods, the regulator always among them for
 * controlled chemicals. Transactions are endorsed by organisations named here, so that the peers' own choice decides nothing.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { common, peer } from '@hyperledger/fabric-protos';
import type { Caller } from '#domain/access.js';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { licenceKey } from '#domain/chemistry/licence.js';
import { CONTROLLED_COLLECTION } from '#domain/endorsement.js';
import type { Problem } from '#domain/errors.js';
import { CHAINCODE, type TransactionName } from '#domain/transactions.js';
import type { LedgerFailure, SubmitAnswer, UnsignedBytes } from '../../gateway/ledger/ledger.js';
import { nativeSigner } from '../../gateway/ledger/native-signer.js';
import { commitHash, type StateUpdate } from '../../network/embedded/commit-hash.js';
import { decodeReadWriteSets, type KeyWrite } from '../../network/embedded/read-write-set.js';
import { collectionNamespace } from '../../network/embedded/record-names.js';
import { decodeEnvelope, decodeTransaction } from '../../network/embedded/transaction-message.js';
import type { ConnectionFile } from '../../network/fabric/connection-file.js';
import { until } from '../../network/fabric/until.js';
import { connectClient, type LedgerClient } from '../ledger-suite/ledger-client.js';
import type { ContractWorld } from '../support/contract-world.js';
import { ACETONE_CAN, ACETONE_DRUM, authority, buyer, grantLicence, inspector, maker, openAcetoneLot, reader, serial, TEA, trader } from '../support/fictional.js';
import { CutLine } from './cut-line.js';
import { FabricWorld, LOT } from './fabric-world.js';
import { FailingNetwork } from './failing-network.js';
import { committedCode } from './sure-submission.js';
import { peerOf } from './network-client.js';

const { VALID, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
const REGULATOR = 'RegulatorMSP';
const INDUSTRY = 'IndustryMSP';
const EDUCATION = 'EducationMSP';
const WITHOUT_REGULATOR = [INDUSTRY, EDUCATION];
const BULK = `/01/${ACETONE_DRUM}/10/AC-01`;
const can = (number: number): string => serial(ACETONE_CAN, `C${number}`);

let network: FailingNetwork;
let world: FabricWorld;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  opened.push(network = await FailingNetwork.make());
  opened.push(world = await FabricWorld.open({ connection: network.folder.connection, organisation: INDUSTRY, answerWithinMs: 20_000 }));
  await world.found();
  const contracts = { call: world.call.bind(world), read: () => undefined } as unknown as ContractWorld;
  await openAcetoneLot(contracts);
  await grantLicence(contracts, 'GP-1', buyer, '1000');
});

afterAll(async () => {
  for (const one of opened.reverse()) await one.close();
});

/** Runs `use` with the caller's own client, connected to an organisation's peer. */
async function withClient<T>(caller: Caller, use: (client: LedgerClient) => Promise<T>, organisation = INDUSTRY): Promise<T> {
  const { mspId, certificate, privateKey } = await world.opened.enrol({ mspId: caller.msp, commonName: caller.organisation, attributes: { org: caller.organisation, role: caller.role } });
  const connection = JSON.parse(await readFile(network.folder.connection, 'utf8')) as ConnectionFile;
  const client = connectClient({ ...peerOf(connection, organisation), channel: connection.channel, identity: { mspId, certificatePem: certificate, privateKeyPem: privateKey } });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** Has a transaction endorsed by these organisations' peers and no others. @returns the code it was committed with */
async function commitBy(endorsers: readonly string[], caller: Caller, name: TransactionName, request: Json): Promise<number> {
  // Each time other peers are asked than those that told of the last commit: these may be a moment behind.
  await network.settled();
  return withClient(caller, async (client) => {
    const proposal = client.contract(CHAINCODE).newProposal(name, { arguments: [canonicalJson(request)], endorsingOrganizations: [...endorsers] });
    return committedCode(client, await proposal.endorse());
  }, endorsers[0]);
}

const licence = (id: string): Json => ({
  id, number: `${id}/GP-HC`, holder: buyer.organisation, validFrom: '2026-01-01', validTo: '2027-12-31',
  lines: [{ line: '1', substance: 'acetone', least: '5', most: '100', perYear: '10' }],
});
const lot = (name: string): Json => ({ gtin: ACETONE_DRUM, lot: name, producedOn: '2026-11-01', province: '75', bulk: { mass: '10', components: [{ substance: 'acetone', content: '98' }] } });
const split = (first: number, remaining: string): Json => ({ from: BULK, into: [first, first + 1].map((number) => ({ gtin: ACETONE_CAN, serial: `C${number}`, mass: '25' })), remaining, loss: '0' });

describe('controlled chemicals', () => {
  /** Each of them makes keys that were never there, and those after the second change some that were. */
  test.each<[string, Caller, TransactionName, Json]>([
    ['a licence', authority, 'chemical:recordLicence', licence('GP-2')],
    ['a declaration of use', buyer, 'chemical:declareUse', { substance: 'toluene', purpose: '15', perYear: '500' }],
    ['a lot', trader, 'goods:openLot', lot('AC-02')],
    ['a division into containers', trader, 'chemical:split', split(1, '150')],
    ['a second one', trader, 'chemical:split', split(3, '100')],
    ['a sale, which charges a licence', trader, 'goods:ship', { number: 'V1', to: buyer.organisation, items: [can(1)] }],
    ['its arrival', buyer, 'goods:receive', { from: trader.organisation, number: 'V1', received: [can(1)], short: [], damaged: [], over: [] }],
    ['a draw', buyer, 'chemical:draw', { item: can(1), mass: '1', as: 'used', reason: 'pha sơn' }],
    ['an order not to move', inspector, 'goods:hold', { items: [can(2)], cause: 'seized', reason: 'kiểm tra' }],
    ['a recall', inspector, 'goods:recallLot', { gtin: ACETONE_DRUM, lot: 'AC-02', reason: 'sai nhãn', instruction: 'trả lại' }],
    ['a revocation', authority, 'chemical:revokeLicence', { id: 'GP-2', from: '2026-12-01', reason: 'vi phạm' }],
  ])('%s: refused at commit without the regulator, and nothing of it stays; taken with it', async (_, caller, name, request) => {
    expect(await commitBy(WITHOUT_REGULATOR, caller, name, request)).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(await commitBy([REGULATOR], caller, name, request)).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(await commitBy([EDUCATION, REGULATOR], caller, name, request)).toBe(VALID);
  });

  test('where nobody is named, the peers ask the regulator by themselves', async () => {
    await world.call(trader, 'chemical:split', split(5, '50'));
    await world.call(trader, 'goods:ship', { number: 'V2', to: buyer.organisation, items: [can(5)] });
    expect(await world.ledger.evaluate('goods:readItem', [can(5)])).toContain('V2');
  });
});

describe('other goods', () => {
  test.each([[WITHOUT_REGULATOR, 'S1'], [[REGULATOR, INDUSTRY], 'S2'], [[EDUCATION, REGULATOR], 'S3']] as const)('%j are enough', async (endorsers, name) => {
    expect(await commitBy(endorsers, maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: [name] })).toBe(VALID);
  });

  test.each([REGULATOR, INDUSTRY, EDUCATION])('%s alone is not', async (endorser) => {
    expect(await commitBy([endorser], maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: [`S-${endorser}`] })).toBe(ENDORSEMENT_POLICY_FAILURE);
  });
});

describe('while the regulator\'s peer is away', () => {
  test('goods go on, chemicals wait, and go on when it is back', async () => {
    const [regulator = ''] = network.peers;
    await network.kill(regulator);
    const sale = { number: 'V4', to: buyer.organisation, items: [can(6)] };
    try {
      await world.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: ['S4'] });
      // In the first moments the peers still ask it in vain; then they know that nobody can satisfy the policy.
      const refused = await world.call(trader, 'goods:ship', sale).then(() => expect.fail('taken'), (error: unknown) => error as LedgerFailure);
      expect([refused.stage, refused.retry, refused.asProblem().kind]).toEqual(['endorse', 'new-id', 'unavailable']);
      await world.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: ['S5'] });
    } finally {
      await network.start(regulator);
    }
    await until({ what: 'the sale to be taken', withinMs: 60_000 }, () => world.call(trader, 'goods:ship', sale).then(() => true, () => false));
    await network.settled();
  });
});

/** How often a licence's record was written from block `from` on, and how many transactions of any kind were invalid. */
async function timesWritten(id: string, from: bigint): Promise<{ times: number; invalid: number }> {
  const height = await world.ledger.height();
  const found = { times: 0, invalid: 0 };
  for await (const { number, transactions } of world.ledger.blocks(from, new AbortController().signal)) {
    found.invalid += transactions.filter(({ valid }) => !valid).length;
    found.times += transactions.flatMap(({ writes }) => writes).filter(({ key, namespace }) => namespace === CHAINCODE && key === licenceKey(id)).length;
    if (number === height - 1n) return found;
  }
  throw new Error('the blocks end too soon');
}

const isSilent = (of: FabricWorld): boolean => of.ledger.peers().some(({ organisation, silent }) => organisation === REGULATOR && silent);

/** A proposal as somebody hands it in who keeps the key. */
async function signedOutside(request: Json): Promise<{ proposal: UnsignedBytes; signature: Uint8Array }> {
  const identity = await world.identity(authority);
  const proposal = world.ledger.offline.propose(identity, 'chemical:recordLicence', [canonicalJson(request)]);
  return { proposal, signature: await nativeSigner(identity.privateKey)(proposal.bytes) };
}

describe('while the regulator\'s peer says nothing', () => {
  const record = async (id: string): Promise<SubmitAnswer> => world.submit(authority, 'chemical:recordLicence', licence(id), `record-${id}`);
  const refusedNow = async (id: string): Promise<Problem> => record(id).then(({ status }) => expect.fail(status), (error: unknown) => (error as LedgerFailure).asProblem());

  test('goods go on; chemicals are not taken now, leave nothing behind, and are recorded once when they are repeated', async () => {
    const [regulator = ''] = network.peers;
    // One that was just started again could not be told from one that refuses.
    await until({ what: 'the gateway to reach every peer', withinMs: 30_000 }, () => world.ledger.peers().every(({ reachable }) => reachable));
    const from = await world.ledger.height();
    const { proposal, signature } = await signedOutside(licence('GP-S4'));
    await network.freeze(regulator);
    try {
      expect(await refusedNow('GP-S1')).toMatchObject({ kind: 'unavailable', fields: { stage: 'endorse' } });
      await until({ what: 'the gateway to notice', withinMs: 20_000 }, () => isSilent(world));
      await world.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: ['S6'] });
      for (const id of ['GP-S1', 'GP-S2']) {
        expect(await refusedNow(id)).toMatchObject({ code: 'LEDGER_ENDORSEMENT_LACKING', kind: 'unavailable', fields: { stage: 'endorse', code: 'FAILED_PRECONDITION' } });
      }
      await expect(world.ledger.offline.endorse(proposal, signature)).rejects.toMatchObject({ stage: 'endorse', retry: 'new-id', code: 'FAILED_PRECONDITION', message: expect.stringContaining(REGULATOR) as string });
      expect(world.ledger.health().waiting).toBe(0);
      for (const id of ['GP-S1', 'GP-S2']) expect(await timesWritten(id, from)).toEqual({ times: 0, invalid: 0 });
    } finally {
      await network.thaw(regulator);
    }
    for (const id of ['GP-S1', 'GP-S2']) {
      const answer = await until({ what: `${id} to be taken`, withinMs: 60_000 }, () => record(id).catch(() => undefined));
      expect(answer).toMatchObject({ status: 'committed' });
      expect(await record(id)).toEqual(answer);
      expect(await timesWritten(id, from)).toEqual({ times: 1, invalid: 0 });
    }
    expect(JSON.parse((await world.ledger.offline.endorse(proposal, signature)).result)).toBeTypeOf('object');
    await network.settled();
  });

  test('to the gateway alone, the other peers ask it, and chemicals go on as goods do', async () => {
    const lines: CutLine[] = [];
    for (const { address } of world.opened.connection.peers) lines.push(await CutLine.to(address));
    const remote = await FabricWorld.open({ connection: network.folder.connection, organisation: INDUSTRY, answerWithinMs: 20_000, through: (one, index) => ({ ...one, address: lines[index]!.address }) });
    try {
      const from = await world.ledger.height();
      await remote.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: ['S7'] });
      lines[world.opened.connection.peers.findIndex(({ mspId }) => mspId === REGULATOR)]!.become('silent');
      await until({ what: 'the gateway to notice', withinMs: 20_000 }, () => isSilent(remote));
      await remote.call(authority, 'chemical:recordLicence', licence('GP-S3'));
      await remote.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: ['S8'] });
      expect(await timesWritten('GP-S3', from)).toEqual({ times: 1, invalid: 0 });
    } finally {
      await remote.close();
      for (const line of lines) await line.close();
    }
  });
});

describe('the peers\' commit hash', () => {
  /** Hashes in a collection are part of it, so peers that agree on it agree on what the regulator endorsed. */
  test('of every block is the one that the embedded ledger gives to the same block', async () => {
    const blocks = await world.ledger.height();
    let before: Buffer = Buffer.alloc(0);
    let collections = 0;
    await withClient(reader, async (client) => {
      const stream = await client.network.getBlockEvents({ startBlock: 0n });
      for await (const block of stream) {
        const number = block.getHeader()?.getNumber() ?? 0;
        const { updates, flags } = changesOf(block, number);
        collections += updates.filter(({ namespace }) => namespace.includes(CONTROLLED_COLLECTION)).length;
        const said = commitHashIn(block);
        if (number > 0) expect(said.toString('hex'), `block ${number}`).toBe(commitHash(flags, updates, before).toString('hex'));
        before = said;
        if (BigInt(number) === blocks - 1n) break;
      }
      stream.close();
    });
    expect(collections).toBeGreaterThan(20);
  });
});

function commitHashIn(block: common.Block): Buffer {
  const metadata = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.COMMIT_HASH] ?? new Uint8Array();
  return Buffer.from(common.Metadata.deserializeBinary(metadata).getValue_asU8());
}

/** The last valid write of each key, and the validation codes. */
function changesOf(block: common.Block, number: number): { updates: StateUpdate[]; flags: Buffer } {
  const flags = Buffer.from(block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ?? []);
  const updates = new Map<string, StateUpdate>();
  block.getData()?.getDataList_asU8().forEach((bytes, transaction) => {
    const envelope = decodeEnvelope(Buffer.from(bytes));
    if (flags[transaction] !== VALID || envelope.header.channel.type !== common.HeaderType.ENDORSER_TRANSACTION) return;
    for (const [namespace, { key, isDelete, value }] of writesOf(envelope)) {
      updates.set(`${namespace} ${key}`, { namespace, key, version: { block: number, transaction }, value: isDelete ? undefined : value });
    }
  });
  return { updates: [...updates.values()], flags };
}

function writesOf(envelope: ReturnType<typeof decodeEnvelope>): [string, KeyWrite][] {
  return decodeReadWriteSets(decodeTransaction(envelope).readWriteSet).flatMap(({ namespace, writes, collections }) => [
    ...writes.map((write): [string, KeyWrite] => [namespace, write]),
    ...collections.flatMap(({ collection, writes: hashes }) => hashes.map((write): [string, KeyWrite] => [collectionNamespace(namespace, collection), write])),
  ]);
}
