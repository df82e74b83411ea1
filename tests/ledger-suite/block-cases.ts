/** Blocks and signed answers as proof: everything checked with Fabric's own messages and the roots of block 0. */
import { expect } from 'vitest';
import { common, peer } from '@hyperledger/fabric-protos';
import { decode, type LedgerBench, type LedgerCase } from './ledger-bench.js';
import { blockSigners, dataHash, flagsOf, headerHash, parseTransaction, preparedEnvelope, rootsOfConfigBlock, type Roots } from './fabric-block.js';

const BLOCK = 'Fabric, block format';
const PROOF = 'Fabric, endorsed answers that are never submitted';

async function blocksFrom(bench: LedgerBench, start: bigint, count: number): Promise<common.Block[]> {
  const stream = await bench.client.network.getBlockEvents({ startBlock: start });
  const blocks: common.Block[] = [];
  try {
    for await (const block of stream) {
      blocks.push(block);
      if (blocks.length === count) break;
    }
  } finally {
    stream.close();
  }
  return blocks;
}

async function roots(bench: LedgerBench): Promise<Roots> {
  return rootsOfConfigBlock((await blocksFrom(bench, 0n, 1))[0]!);
}

const qscc = (bench: LedgerBench, name: string, ...args: string[]): Promise<Uint8Array> =>
  bench.client.contract('qscc').evaluateTransaction(name, bench.ledger.channel, ...args);

export const BLOCK_CASES: readonly LedgerCase[] = [
  {
    name: 'each block names the hash of the one before, and the hash of its own content', source: BLOCK,
    run: async (bench) => {
      for (let n = 0; n < 5; n += 1) await bench.submit('put', bench.key(String(n)), '1');
      const blocks = await blocksFrom(bench, await bench.height() - 5n, 5);
      for (const block of blocks) expect(Buffer.from(block.getHeader()!.getDataHash_asU8()).toString('hex')).toBe(dataHash(block));
      const previous = blocks.slice(1).map((block) => Buffer.from(block.getHeader()!.getPreviousHash_asU8()).toString('hex'));
      expect(previous).toEqual(blocks.slice(0, -1).map((block) => headerHash(block.getHeader()!)));
    },
  },
  {
    name: 'an orderer whose certificate chains to a root of block 0 signed each block', source: BLOCK,
    run: async (bench) => {
      await bench.submit('put', bench.key('x'), '1');
      const [genesis] = await blocksFrom(bench, 0n, 1);
      const [block] = await blocksFrom(bench, await bench.height() - 1n, 1);
      expect(blockSigners(block!, genesis!).length).toBeGreaterThan(0);
      block!.getHeader()!.setNumber(block!.getHeader()!.getNumber() + 1);
      expect(blockSigners(block!, genesis!)).toEqual([]);
    },
  },
  {
    name: 'a transaction stands in the block as it was signed, with client and endorsers', source: BLOCK,
    run: async (bench) => {
      const transaction = await bench.endorse('put', bench.key('x'), 'canary value');
      const { block } = await bench.commit(transaction);
      const trusted = await roots(bench);
      const [stored] = await blocksFrom(bench, block, 1);
      const parsed = stored!.getData()!.getDataList_asU8().map((envelope) => parseTransaction(envelope, trusted)).find(({ txId }) => txId === transaction.getTransactionId())!;
      expect(parsed.creatorMsp).toBe(bench.ledger.identity.mspId);
      expect(parsed.endorsements.length).toBeGreaterThan(0);
      expect(parsed.endorsements.every(({ valid }) => valid)).toBe(true);
      const writes = parsed.readWriteSets.flatMap(({ set }) => set.getWritesList()).map((write) => [write.getKey(), decode(write.getValue_asU8())]);
      expect(writes).toEqual([[bench.key('x'), 'canary value']]);
    },
  },
  {
    name: 'transient data reaches the contract and no block', source: 'Fabric, transient data',
    run: async (bench) => {
      const secret = bench.key('transient-canary');
      const proposal = bench.contract.newProposal('keepSecretLength', { arguments: [bench.key('x')], transientData: { secret } });
      const { block } = await bench.commit(await proposal.endorse());
      expect(await bench.evaluate('get', bench.key('x'))).toBe(String(secret.length));
      const [stored] = await blocksFrom(bench, block, 1);
      const bytes = Buffer.from(stored!.serializeBinary());
      expect(bytes.includes(bench.key('x'))).toBe(true);
      expect(bytes.includes(secret)).toBe(false);
    },
  },
  {
    name: 'every block after block 0 carries a commit hash of its own', source: BLOCK,
    run: async (bench) => {
      for (let n = 0; n < 3; n += 1) await bench.submit('put', bench.key('x'), String(n));
      const blocks = await blocksFrom(bench, await bench.height() - 3n, 3);
      const hashes = blocks.map((block) => {
        const metadata = block.getMetadata()!.getMetadataList_asU8()[common.BlockMetadataIndex.COMMIT_HASH]!;
        return Buffer.from(common.Metadata.deserializeBinary(metadata).getValue_asU8()).toString('hex');
      });
      expect(new Set(hashes).size).toBe(3);
      expect(hashes.every((hash) => hash.length === 64)).toBe(true);
    },
  },
  {
    name: 'a signed read proves value and version, and orders nothing', source: PROOF,
    run: async (bench) => {
      const { block } = await bench.commit(await bench.endorse('put', bench.key('x'), 'proven'));
      const before = await bench.height();
      const read = await bench.endorse('get', bench.key('x'));
      const parsed = parseTransaction(preparedEnvelope(read.getBytes()), await roots(bench));
      expect(decode(parsed.response!.getPayload_asU8())).toBe('proven');
      expect(parsed.endorsements.length).toBeGreaterThan(0);
      expect(parsed.endorsements.every(({ valid }) => valid)).toBe(true);
      const own = parsed.readWriteSets.find(({ namespace }) => namespace === bench.ledger.chaincode)!;
      const version = own.set.getReadsList()[0]!.getVersion()!;
      expect(BigInt(version.getBlockNum())).toBe(block);
      expect(await bench.height()).toBe(before + 1n);
    },
  },
  {
    name: 'qscc tells height and hash of the newest block', source: 'Fabric, qscc GetChainInfo',
    run: async (bench) => {
      const height = await bench.height();
      const info = common.BlockchainInfo.deserializeBinary(await qscc(bench, 'GetChainInfo'));
      expect(BigInt(info.getHeight())).toBe(height);
      const [newest] = await blocksFrom(bench, height - 1n, 1);
      expect(Buffer.from(info.getCurrentblockhash_asU8()).toString('hex')).toBe(headerHash(newest!.getHeader()!));
    },
  },
  {
    name: 'qscc gives blocks by number and by transaction, equal to those delivered', source: 'Fabric, qscc GetBlockByNumber, GetBlockByTxID',
    run: async (bench) => {
      const transaction = await bench.endorse('put', bench.key('x'), '1');
      const { block } = await bench.commit(transaction);
      const [delivered] = await blocksFrom(bench, block, 1);
      const wanted = Buffer.from(delivered!.serializeBinary());
      expect(Buffer.from(await qscc(bench, 'GetBlockByNumber', String(block))).equals(wanted)).toBe(true);
      expect(Buffer.from(await qscc(bench, 'GetBlockByTxID', transaction.getTransactionId())).equals(wanted)).toBe(true);
      await expect(qscc(bench, 'GetBlockByNumber', '999999999')).rejects.toThrow(/chaincode response 500/);
    },
  },
  {
    name: 'qscc gives a transaction with its validation code, signed if asked to', source: 'Fabric, qscc GetTransactionByID',
    run: async (bench) => {
      const loser = await bench.endorse('bump', bench.key('n'));
      await bench.submit('bump', bench.key('n'));
      await bench.commit(loser);
      const proposal = bench.client.contract('qscc').newProposal('GetTransactionByID', { arguments: [bench.ledger.channel, loser.getTransactionId()], endorsingOrganizations: [bench.ledger.endorser] });
      const answer = parseTransaction(preparedEnvelope((await proposal.endorse()).getBytes()), await roots(bench));
      const processed = peer.ProcessedTransaction.deserializeBinary(answer.response!.getPayload_asU8());
      expect(processed.getValidationcode()).toBe(peer.TxValidationCode.MVCC_READ_CONFLICT);
      expect(answer.endorsements.every(({ valid }) => valid)).toBe(true);
      await expect(qscc(bench, 'GetTransactionByID', 'f'.repeat(64))).rejects.toThrow(/chaincode response 500/);
    },
  },
  {
    name: 'no policy says who signs for qscc: the asker must', source: 'Fabric Gateway, Endorse',
    run: async (bench) => {
      const proposal = bench.client.contract('qscc').newProposal('GetChainInfo', { arguments: [bench.ledger.channel] });
      await expect(proposal.endorse()).rejects.toMatchObject({ name: 'EndorseError', code: 9, message: expect.stringContaining('No metadata was found for chaincode qscc') as string });
    },
  },
  {
    name: 'an organisation without a peer cannot be asked to sign', source: 'Fabric Gateway, Endorse',
    run: async (bench) => {
      const proposal = bench.contract.newProposal('get', { arguments: ['a'], endorsingOrganizations: ['NobodyMSP'] });
      await expect(proposal.endorse()).rejects.toMatchObject({ name: 'EndorseError', code: 14, message: expect.stringContaining('NobodyMSP') as string });
    },
  },
  {
    name: 'the contract sees who calls, with the attributes of the certificate', source: 'fabric-shim ClientIdentity',
    run: async (bench) => {
      expect(await bench.evaluateJson('caller', 'role')).toMatchObject({ mspId: bench.ledger.identity.mspId, attribute: 'enterprise', channel: bench.ledger.channel });
      expect(await bench.evaluateJson('caller', 'absent')).toMatchObject({ attribute: null });
    },
  },
  {
    name: 'the contract\'s time is the client\'s, and the same everywhere in the transaction', source: 'Fabric, GetTxTimestamp',
    run: async (bench) => {
      const earliest = Math.floor(Date.now() / 1000);
      const proposal = bench.contract.newProposal('times');
      const times = JSON.parse(decode(await proposal.evaluate())) as { txId: string; seconds: number; iso: string };
      expect(times.txId).toBe(proposal.getTransactionId());
      expect(times.seconds).toBeGreaterThanOrEqual(earliest);
      expect(Math.floor(Date.parse(times.iso) / 1000)).toBe(times.seconds);
    },
  },
  {
    name: 'a block\'s flags are as many as its transactions', source: BLOCK,
    run: async (bench) => {
      const transactions = await Promise.all(Array.from({ length: 20 }, (_, n) => bench.endorse('put', bench.key(String(n)), '1')));
      const blocks = await Promise.all(transactions.map((transaction) => bench.commit(transaction)));
      for (const number of new Set(blocks.map(({ block }) => block))) {
        const [block] = await blocksFrom(bench, number, 1);
        expect(flagsOf(block!)).toHaveLength(block!.getData()!.getDataList().length);
      }
    },
  },
];
