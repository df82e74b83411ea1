/** Which transactions of a block count, where peers of several organisations deliver it and one of them lies. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openFabricLedger } from '../../../gateway/ledger/fabric-ledger.js';
import type { LedgerBlock, LedgerConnection } from '../../../gateway/ledger/ledger.js';
import { createAuthority } from '../../../network/enrolment/authority.js';
import type { Identity } from '../../../network/enrolment/identity.js';
import { DeliveringPeer } from './delivering-peer.js';
import { recoded } from './fabric-blocks.js';
import { SignedChain } from './signed-chain.js';

const NOT_ENDORSED = 10;
const open: { close(): void }[] = [];
let chain: SignedChain;
let client: Identity;
/** Block 3 holds a transaction that nobody endorsed. */
let honest: readonly Buffer[];
let lying: readonly Buffer[];

beforeAll(async () => {
  const authority = await createAuthority({ mspId: 'OrdererMSP', commonName: 'ca.orderers' });
  const orderers = await Promise.all([0, 1, 2, 3].map((n) => authority.enrol({ commonName: `orderer${n}`, role: 'orderer' })));
  client = await authority.enrol({ commonName: 'gateway', role: 'client' });
  chain = SignedChain.begin({ consensus: 'BFT', authority, orderers });
  for (let n = 1; n <= 4; n++) await chain.add();
  lying = chain.blocks;
  honest = chain.blocks.map((block, number) => (number === 3 ? recoded(block, [NOT_ENDORSED]) : block));
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function peers(...blocks: readonly (readonly Buffer[] | undefined)[]): Promise<DeliveringPeer[]> {
  return Promise.all(['RegulatorMSP', 'IndustryMSP', 'EducationMSP'].slice(0, blocks.length).map(async (mspId, index) => {
    const peer = await DeliveringPeer.start(mspId, blocks[index] ?? []);
    open.push({ close: () => peer.stop() });
    if (blocks[index] === undefined) peer.stop();
    return peer;
  }));
}

function connect(to: readonly DeliveringPeer[], minimumOrganisations?: number): LedgerConnection {
  const connection = openFabricLedger({
    peers: to.map(({ mspId, address }) => ({ mspId, address })), channel: 'channel', chaincode: 'trace', genesisHash: chain.genesisHash,
    identity: { mspId: client.mspId, certificate: client.certificatePem, privateKey: client.privateKeyPem },
    ...(minimumOrganisations === undefined ? {} : { minimumOrganisations }),
  });
  open.push(connection);
  return connection;
}

/** What is delivered from a block on, up to block 4, and the error before it, if there is one. */
async function read(connection: LedgerConnection, from: number): Promise<{ codes: string[]; error: unknown }> {
  const stop = new AbortController();
  const blocks: LedgerBlock[] = [];
  try {
    for await (const block of connection.reader.blocks(BigInt(from), stop.signal)) if (blocks.push(block) === 5 - from) break;
    return { codes: blocks.map(told), error: undefined };
  } catch (error) {
    return { codes: blocks.map(told), error };
  } finally {
    stop.abort();
  }
}

const told = ({ number, transactions }: LedgerBlock): string => `${number}: ${transactions.map(({ code, writes }) => `${code}${writes.length > 0 ? ' written' : ''}`).join()}`;
const GOOD = ['0: 0', '1: 0 written', '2: 0 written', '3: 10', '4: 0 written'];
const WRONG = { code: 'LEDGER_BLOCK_WRONG', fields: { block: '3', reason: 'codes' } };

describe('blocks of which two organisations say the same', () => {
  it.each([0, 1, 3, 4])('are delivered from block %i on', async (from) => {
    const connection = connect(await peers(honest, honest, honest), 2);
    expect(await read(connection, from)).toEqual({ codes: GOOD.slice(from), error: undefined });
  });

  it('are delivered though a third one lies, or is away', async () => {
    for (const other of [lying, undefined]) {
      expect(await read(connect(await peers(honest, other, honest), 2), 0)).toEqual({ codes: GOOD, error: undefined });
    }
  });
});

describe('a block of which its peer alone says otherwise', () => {
  it.each([
    ['that what was refused is valid', () => lying],
    ['that what is valid was refused', () => honest.map((block, number) => (number === 1 ? recoded(block, [NOT_ENDORSED]) : block))],
  ])('%s: is not delivered, and the next peer is asked', async (_name, of) => {
    const connection = connect(await peers(of(), honest, honest), 2);
    const { codes, error } = await read(connection, 0);
    const wrong = of() === lying ? 3 : 1;
    expect(error).toMatchObject({ ...WRONG, fields: { block: String(wrong), reason: 'codes' } });
    expect(codes).toEqual(GOOD.slice(0, wrong));
    expect(connection.peers().map(({ distrusted }) => distrusted)).toEqual([true, false, false]);
    expect(await read(connection, wrong)).toEqual({ codes: GOOD.slice(wrong), error: undefined });
  });

  it('is held back while nobody is there to agree, all but block 0', async () => {
    const connection = connect(await peers(honest, undefined, undefined), 2);
    expect(await read(connection, 0)).toMatchObject({ codes: GOOD.slice(0, 1), error: { name: 'LedgerFailure', stage: 'status', code: 'UNAVAILABLE' } });
  });
});

describe('where one organisation is to be believed', () => {
  it.each<[string, number | undefined, number]>([
    ['because nothing else is asked for', undefined, 3],
    ['because one is asked for', 1, 3],
    ['because there is no other', 2, 1],
  ])('%s, its peer\'s word counts', async (_name, minimumOrganisations, count) => {
    const only = [honest, undefined, undefined].slice(0, count);
    expect(await read(connect(await peers(...only), minimumOrganisations), 0)).toEqual({ codes: GOOD, error: undefined });
  });
});

describe('a peer that begins with another block than it was asked for', () => {
  it('is not believed', async () => {
    const connection = connect(await peers([honest[0]!, honest[1]!, honest[1]!, honest[3]!, honest[4]!]), 1);
    expect((await read(connection, 2)).error).toMatchObject({ code: 'LEDGER_BLOCK_WRONG', fields: { block: '2', reason: 'number' } });
  });
});

/** Fabric's peers end the filtered stream with 400 at a block with a transaction that is no message (`core/peer/deliverevents.go`). */
describe('a block that has no filtered form', () => {
  it.each([3, 4])('number %i: does not keep anybody from statuses, heights and blocks', async (number) => {
    const three = await Promise.all(['RegulatorMSP', 'IndustryMSP', 'EducationMSP'].map(async (mspId) => DeliveringPeer.start(mspId, honest, [number])));
    for (const peer of three) open.push({ close: () => peer.stop() });
    const connection = connect(three, 2);
    const stop = new AbortController();
    const codes: string[] = [];
    for await (const one of connection.statuses(0n, stop.signal)) if (codes.push(`${one.number}: ${one.transactions.map(({ code }) => code).join()}`) === 5) break;
    stop.abort();
    expect(codes).toEqual(['0: 0', '1: 0', '2: 0', '3: 10', '4: 0']);
    expect(await connection.reader.height()).toBe(5n);
    expect(await read(connection, 0)).toEqual({ codes: GOOD, error: undefined });
  });
});
