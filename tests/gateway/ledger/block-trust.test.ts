import { common } from '@hyperledger/fabric-protos';
import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { readBlock } from '../../../gateway/ledger/block-reader.js';
import { BlockTrust } from '../../../gateway/ledger/block-trust.js';
import { quorumOf } from '../../../gateway/ledger/orderer-trust.js';
import { createAuthority, type Authority } from '../../../network/enrolment/authority.js';
import type { Identity } from '../../../network/enrolment/identity.js';
import { revocationList, signingKey } from '../../support/revocation-list.js';
import { cutElsewhere, envelopeOf } from './fabric-blocks.js';
import { configEnvelope, SignedChain, type Ordering } from './signed-chain.js';

let authority: Authority;
let old: Identity[];
let fresh: Identity[];

beforeAll(async () => {
  authority = await createAuthority({ mspId: 'OrdererMSP', commonName: 'ca.orderers' });
  const orderers = await Promise.all(Array.from({ length: 8 }, (_, n) => authority.enrol({ commonName: `orderer${n}`, role: 'orderer' })));
  [old, fresh] = [orderers.slice(0, 4), orderers.slice(4)];
});

const bft = (orderers: readonly Identity[]): Ordering => ({ consensus: 'BFT', authority, orderers });
const raft = (orderers: readonly Identity[]): Ordering => ({ consensus: 'etcdraft', authority, orderers });

/** Reads the chain from block `from` on as a gateway does; the numbers it believed, and why it stopped. */
async function believed(blocks: readonly Buffer[], from: number, genesisHash: string): Promise<{ numbers: number[]; because: string; asked: number[] }> {
  const trust = new BlockTrust(genesisHash, readBlock);
  const numbers: number[] = [];
  const asked: number[] = [];
  try {
    await trust.prepare(BigInt(from), async (number) => {
      asked.push(Number(number));
      return blocks[Number(number)] ?? Buffer.alloc(0);
    });
    for (const bytes of blocks.slice(from)) {
      const block = readBlock(bytes);
      trust.check({ bytes, block });
      numbers.push(Number(block.number));
    }
    return { numbers, because: '', asked };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { numbers, because: `${error.code} ${error.fields['block'] ?? ''} ${error.fields['reason'] ?? ''}`, asked };
  }
}

describe('blocks of a network of which only the first is pinned', () => {
  it.each([['BFT', bft, 3], ['Raft', raft, 1]] as const)('are believed under %s from any block on, with enough signatures', async (_name, ordering, quorum) => {
    const chain = SignedChain.begin(ordering(old));
    for (let n = 0; n < 3; n++) await chain.add(old.slice(0, quorum));
    for (const from of [0, 1, 3]) expect(await believed(chain.blocks, from, chain.genesisHash)).toMatchObject({ numbers: [0, 1, 2, 3].slice(from), because: '' });
  });

  it('are not believed with a signature too few, or by strangers', async () => {
    const chain = SignedChain.begin(bft(old));
    await chain.add(old.slice(0, 3));
    await chain.add([old[0]!, old[0]!, old[1]!]);
    expect(await believed(chain.blocks, 0, chain.genesisHash)).toMatchObject({ numbers: [0, 1], because: 'LEDGER_BLOCK_WRONG 2 orderers' });
    const strangers = SignedChain.begin(raft(old));
    const other = await createAuthority({ mspId: 'OrdererMSP', commonName: 'ca.orderers' });
    await strangers.add([await other.enrol({ commonName: 'orderer0', role: 'orderer' })]);
    expect(await believed(strangers.blocks, 0, strangers.genesisHash)).toMatchObject({ numbers: [0], because: 'LEDGER_BLOCK_WRONG 1 orderers' });
  });

  it('are not believed where another first block is pinned', async () => {
    const chain = SignedChain.begin(bft(old));
    await chain.add();
    for (const from of [0, 1]) expect(await believed(chain.blocks, from, '00'.repeat(32))).toMatchObject({ numbers: [], because: 'LEDGER_BLOCK_WRONG 0 genesis' });
  });
});

describe('orderers that change', () => {
  async function renewed(): Promise<SignedChain> {
    const chain = SignedChain.begin(bft(old));
    await chain.add();
    await chain.change(bft([old[0]!, old[1]!, fresh[2]!, fresh[3]!]));
    await chain.add();
    await chain.change(bft(fresh));
    await chain.add();
    return chain;
  }

  it.each([0, 1, 2, 3, 4, 5])('are followed from block %i on, through every configuration', async (from) => {
    const chain = await renewed();
    expect(await believed(chain.blocks, from, chain.genesisHash)).toMatchObject({ numbers: [0, 1, 2, 3, 4, 5].slice(from), because: '' });
  });

  it('are learned backwards from the block before, without reading the rest', async () => {
    const chain = await renewed();
    for (let n = 0; n < 20; n++) await chain.add();
    const { asked } = await believed(chain.blocks, 25, chain.genesisHash);
    expect(asked).toEqual([0, 24, 3, 1, 2, 4]);
  });

  it('cannot sign any longer once they are replaced', async () => {
    const chain = await renewed();
    await chain.add(old);
    expect(await believed(chain.blocks, 0, chain.genesisHash)).toMatchObject({ numbers: [0, 1, 2, 3, 4, 5], because: 'LEDGER_BLOCK_WRONG 6 orderers' });
  });

  it('cannot replace each other by themselves', async () => {
    const chain = SignedChain.begin(bft(old));
    await chain.change(bft(fresh), fresh);
    expect(await believed(chain.blocks, 0, chain.genesisHash)).toMatchObject({ numbers: [0], because: 'LEDGER_BLOCK_WRONG 1 orderers' });
  });

  it('a peer that hides a configuration from whoever begins in the middle is found out', async () => {
    const chain = await renewed();
    // The replaced orderers go on by themselves, and say that nothing was changed.
    const fork = SignedChain.begin(bft(old));
    for (let n = 0; n < 6; n++) await fork.add(old);
    const blocks = [...chain.blocks.slice(0, 5), fork.blocks[5] ?? Buffer.alloc(0), fork.blocks[6] ?? Buffer.alloc(0)];
    const trust = new BlockTrust(chain.genesisHash, readBlock);
    await trust.prepare(5n, async (number) => blocks[Number(number)] ?? Buffer.alloc(0));
    await expect(trust.prepare(6n, async (number) => blocks[Number(number)] ?? Buffer.alloc(0))).rejects.toMatchObject({ code: 'LEDGER_BLOCK_WRONG', fields: { block: '5', reason: 'orderers' } });
  });

  it('a peer that delivers other blocks than it was asked for is not believed', async () => {
    const chain = await renewed();
    const trust = new BlockTrust(chain.genesisHash, readBlock);
    await expect(trust.prepare(5n, async () => chain.blocks[0] ?? Buffer.alloc(0))).rejects.toMatchObject({ code: 'LEDGER_BLOCK_WRONG', fields: { reason: 'number' } });
  });
});

describe('a configuration', () => {
  it('is believed alone in its block only', async () => {
    const chain = SignedChain.begin(bft(old));
    await chain.change(bft(fresh), old, [envelopeOf({})]);
    expect(await believed(chain.blocks, 0, chain.genesisHash)).toMatchObject({ numbers: [0], because: 'LEDGER_BLOCK_WRONG 1 configuration' });
  });
});

describe('a genuine block of which a peer cuts the bytes into other transactions', () => {
  it('does not bring in orderers that a member wrote into its own part of the configuration', async () => {
    const usurper = await createAuthority({ mspId: 'NewMSP', commonName: 'ca.new' });
    const usurpers = await Promise.all([0, 1, 2, 3].map((n) => usurper.enrol({ commonName: `orderer${n}`, role: 'orderer' })));
    const theirs: Ordering = { consensus: 'BFT', authority: usurper, orderers: usurpers };
    const chain = SignedChain.begin(bft(old));
    await chain.change({ ...bft(old), memberRoot: Buffer.concat([configEnvelope(theirs), Buffer.from('-----BEGIN CERTIFICATE-----')]) });
    const blocks = [chain.blocks[0]!, cutElsewhere(chain.blocks[1]!, configEnvelope(theirs), [255, 0, 255])];
    // Fabric's own classes would read the usurpers' configuration out of it.
    expect(Buffer.from(common.Block.deserializeBinary(blocks[1]!).getData()?.getDataList_asU8()[0] ?? [])).toEqual(Buffer.from(configEnvelope(theirs)));
    expect(await believed(chain.blocks, 0, chain.genesisHash)).toMatchObject({ numbers: [0, 1], because: '' });
    expect(await believed(blocks, 0, chain.genesisHash)).toMatchObject({ numbers: [0], because: 'LEDGER_BLOCK_WRONG 1 boundaries' });
  });

  it('does not bring in a transaction that was inside another one', async () => {
    const hidden = Buffer.from(envelopeOf({ writes: [{ key: 'licence/GP-FORGED', value: '{}' }] }));
    const chain = SignedChain.begin(bft(old));
    await chain.add(old, { writes: [{ key: 'k', value: hidden }] });
    const blocks = [chain.blocks[0]!, cutElsewhere(chain.blocks[1]!, hidden, [255, 0, 255])];
    expect(readBlock(blocks[1]!).transactions[1]?.writes[0]?.key).toBe('licence/GP-FORGED');
    expect(await believed(chain.blocks, 0, chain.genesisHash)).toMatchObject({ numbers: [0, 1], because: '' });
    expect(await believed(blocks, 0, chain.genesisHash)).toMatchObject({ numbers: [0], because: 'LEDGER_BLOCK_WRONG 1 boundaries' });
  });
});

describe('orderers whose certificates are taken back', () => {
  const revoking = async (revoked: readonly Identity[], by: Authority = authority): Promise<string> => {
    const maker = { pem: authority.certificatePem, key: await signingKey(by.privateKeyPem) };
    return revocationList(maker, { revoked: revoked.map(({ certificatePem }) => certificatePem), at: Date.UTC(2030, 0, 1), withAuthorityKey: true });
  };

  /** Blocks 0 to 5, all signed by orderers 0 to 2; block 3 brings lists. */
  async function revokedInBlock3(ordering: (orderers: readonly Identity[]) => Ordering, lists: readonly string[], signers: readonly number[]): Promise<SignedChain> {
    const chain = SignedChain.begin(ordering(old));
    const signed = signers.map((index) => old[index]!);
    await chain.add(signed);
    await chain.add(signed);
    await chain.change({ ...ordering(old), revocationLists: lists }, signed);
    await chain.add(signed);
    return chain.add(signed);
  }

  const believedFrom = async (chain: SignedChain, from: number): Promise<[number[], string]> => {
    const { numbers, because } = await believed(chain.blocks, from, chain.genesisHash);
    return [numbers, because];
  };

  it.each<[string, typeof bft, readonly number[], readonly number[], string]>([
    ['BFT, one of those who signed', bft, [0], [0, 1, 2], 'LEDGER_BLOCK_WRONG 4 orderers'],
    ['BFT, another one', bft, [3], [0, 1, 2], ''],
    ['BFT, one of four who signed', bft, [0], [0, 1, 2, 3], ''],
    ['BFT, two of four who signed', bft, [0, 3], [0, 1, 2, 3], 'LEDGER_BLOCK_WRONG 4 orderers'],
    ['Raft, the one who signed', raft, [1], [1], 'LEDGER_BLOCK_WRONG 4 orderers'],
    ['Raft, another one', raft, [0], [1], ''],
    ['nobody', bft, [], [0, 1, 2], ''],
  ])('%s: counts from the block after the configuration, and not before', async (_name, ordering, revoked, signers, because) => {
    const chain = await revokedInBlock3(ordering, [await revoking(revoked.map((index) => old[index]!))], signers);
    expect(await believedFrom(chain, 0)).toEqual([because === '' ? [0, 1, 2, 3, 4, 5] : [0, 1, 2, 3], because]);
    // Whoever begins in the middle judges alike; block 4 alone cannot be, and 5 is begun from it.
    expect(await believedFrom(chain, 2)).toEqual([because === '' ? [2, 3, 4, 5] : [2, 3], because]);
    expect(await believedFrom(chain, 4)).toEqual([because === '' ? [4, 5] : [], because]);
    expect(await believedFrom(chain, 5)).toEqual([because === '' ? [5] : [], because]);
  });

  it('a list that another authority signed changes nothing', async () => {
    const impostor = await createAuthority({ mspId: 'OrdererMSP', commonName: 'ca.orderers' });
    const chain = await revokedInBlock3(bft, [await revoking(old, impostor)], [0, 1, 2]);
    expect(await believedFrom(chain, 0)).toEqual([[0, 1, 2, 3, 4, 5], '']);
  });

  it('a list that cannot be read lets nobody sign from there on', async () => {
    const chain = await revokedInBlock3(bft, ['-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n'], [0, 1, 2]);
    expect(await believedFrom(chain, 0)).toEqual([[0, 1, 2, 3], 'LEDGER_BLOCK_WRONG 4 orderers']);
  });

  it('what a later configuration does not take back any longer counts again from there on', async () => {
    const chain = await revokedInBlock3(bft, [await revoking([old[3]!])], [0, 1, 2]);
    await chain.change(bft(old), old.slice(0, 3));
    await chain.add(old.slice(1));
    expect(await believedFrom(chain, 0)).toEqual([[0, 1, 2, 3, 4, 5, 6, 7], '']);
    expect(await believedFrom(chain, 7)).toEqual([[7], '']);
  });

  it('cannot bring themselves back', async () => {
    const chain = await revokedInBlock3(bft, [await revoking([old[0]!, old[1]!])], [0, 1, 2, 3]);
    await chain.change(bft(old));
    expect((await believedFrom(chain, 0))[1]).toBe('LEDGER_BLOCK_WRONG 4 orderers');
    const fewer = SignedChain.begin({ ...bft(old), revocationLists: [await revoking([old[0]!, old[1]!])] });
    await fewer.change(bft(old));
    expect(await believedFrom(fewer, 0)).toEqual([[0], 'LEDGER_BLOCK_WRONG 1 orderers']);
  });
});

describe('orderers whose certificates have ended', () => {
  it('are believed in what they signed: blocks say nothing of when that was', async () => {
    const ended = { notBefore: new Date(Date.UTC(2001, 0, 2)), notAfter: new Date(Date.UTC(2001, 0, 3)) };
    const ancient = await createAuthority({ mspId: 'OrdererMSP', commonName: 'ca.orderers', validity: { notBefore: new Date(Date.UTC(2001, 0, 1)), notAfter: new Date(Date.UTC(2002, 0, 1)) } });
    const orderers = await Promise.all([0, 1, 2, 3].map(async (n) => ancient.enrol({ commonName: `orderer${n}`, role: 'orderer', validity: ended })));
    const chain = SignedChain.begin({ consensus: 'BFT', authority: ancient, orderers });
    await chain.add();
    expect(await believed(chain.blocks, 0, chain.genesisHash)).toMatchObject({ numbers: [0, 1], because: '' });
  });

  it('are not where they began outside their authority\'s time', async () => {
    const short = await createAuthority({ mspId: 'OrdererMSP', commonName: 'ca.orderers', validity: { notBefore: new Date(Date.UTC(2001, 0, 1)), notAfter: new Date(Date.UTC(2002, 0, 1)) } });
    const orderers = await Promise.all([0, 1, 2, 3].map(async (n) => short.enrol({ commonName: `orderer${n}`, role: 'orderer' })));
    const chain = SignedChain.begin({ consensus: 'BFT', authority: short, orderers });
    await chain.add();
    expect(await believed(chain.blocks, 0, chain.genesisHash)).toMatchObject({ numbers: [0], because: 'LEDGER_BLOCK_WRONG 1 orderers' });
  });
});

describe('how many orderers must sign', () => {
  // Source: hyperledger-labs/SmartBFT internal/bft/util.go, computeQuorum.
  it.each([[1, 1], [2, 2], [3, 2], [4, 3], [5, 4], [6, 4], [7, 5], [10, 7], [13, 9]])('of %i it is %i', (orderers, quorum) => {
    expect(quorumOf(orderers)).toBe(quorum);
  });
});
