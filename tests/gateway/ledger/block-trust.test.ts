import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { readBlock } from '../../../gateway/ledger/block-reader.js';
import { BlockTrust } from '../../../gateway/ledger/block-trust.js';
import { quorumOf } from '../../../gateway/ledger/orderer-trust.js';
import { createAuthority, type Authority } from '../../../network/enrolment/authority.js';
import type { Identity } from '../../../network/enrolment/identity.js';
import { SignedChain, type Ordering } from './signed-chain.js';

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

describe('how many orderers must sign', () => {
  // Source: hyperledger-labs/SmartBFT internal/bft/util.go, computeQuorum.
  it.each([[1, 1], [2, 2], [3, 2], [4, 3], [5, 4], [6, 4], [7, 5], [10, 7], [13, 9]])('of %i it is %i', (orderers, quorum) => {
    expect(quorumOf(orderers)).toBe(quorum);
  });
});
