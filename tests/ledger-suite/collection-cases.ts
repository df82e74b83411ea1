/** Collections of private data of which nobody keeps the values: what every peer knows of them are hashes. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { ledger, peer } from '@hyperledger/fabric-protos';
import { CONTROLLED_COLLECTION } from '#domain/endorsement.js';
import { parseTransaction, preparedEnvelope } from './fabric-block.js';
import type { LedgerBench, LedgerCase } from './ledger-bench.js';

const { VALID, MVCC_READ_CONFLICT } = peer.TxValidationCode;
const FABRIC = 'Fabric, private data, hashed read-write sets';
const kv = ledger.rwset.kvrwset;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const endorsePrivate = (bench: LedgerBench, key: string, value: string) => bench.endorse('putPrivate', CONTROLLED_COLLECTION, key, value);

async function putPrivate(bench: LedgerBench, key: string, value: string): Promise<void> {
  expect((await bench.commit(await endorsePrivate(bench, key, value))).code).toBe(VALID);
}

const hashOf = (bench: LedgerBench, key: string): Promise<string> => bench.evaluate('privateHash', CONTROLLED_COLLECTION, key);

/** What an endorsed transaction says of the collection. */
function collectionIn(bench: LedgerBench, transaction: { getBytes(): Uint8Array }) {
  const sets = parseTransaction(preparedEnvelope(transaction.getBytes()), {}).readWriteSets;
  const [collection] = sets.find(({ namespace }) => namespace === bench.ledger.chaincode)?.collections ?? [];
  if (collection === undefined) throw new Error('the transaction has no collection');
  const hashed = kv.HashedRWSet.deserializeBinary(collection.getHashedRwset_asU8());
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return {
    name: collection.getCollectionName(), privateSetHash: hex(collection.getPvtRwsetHash_asU8()),
    reads: hashed.getHashedReadsList().map((read) => [hex(read.getKeyHash_asU8()), read.getVersion()?.getBlockNum() ?? null]),
    writes: hashed.getHashedWritesList().map((write) => [hex(write.getKeyHash_asU8()), hex(write.getValueHash_asU8()), write.getIsDelete()]),
  };
}

const NEEDS = { source: FABRIC, needs: 'controlledCollection' } as const;

export const COLLECTION_CASES: readonly LedgerCase[] = [
  {
    ...NEEDS, name: 'of a private value everybody reads the hash, and of none an empty one',
    run: async (bench) => {
      expect(await hashOf(bench, bench.key('a'))).toBe('');
      await putPrivate(bench, bench.key('a'), 'ba mươi kilôgam');
      expect(await hashOf(bench, bench.key('a'))).toBe(sha256('ba mươi kilôgam'));
      await putPrivate(bench, bench.key('a'), 'hai mươi kilôgam');
      expect(await hashOf(bench, bench.key('a'))).toBe(sha256('hai mươi kilôgam'));
    },
  },
  {
    ...NEEDS, name: 'a private value and an open one under the same key have nothing to do with each other',
    run: async (bench) => {
      await putPrivate(bench, bench.key('a'), 'private');
      expect(await bench.evaluate('get', bench.key('a'))).toBe('');
      await bench.submit('put', bench.key('a'), 'open');
      expect(await hashOf(bench, bench.key('a'))).toBe(sha256('private'));
      expect(await bench.evaluateJson('history', bench.key('a'))).toMatchObject([{ value: 'open' }]);
      expect(await bench.evaluateJson('keys', bench.key('a'), bench.key('b'))).toEqual([bench.key('a')]);
    },
  },
  {
    ...NEEDS, name: 'the transaction holds the hashes of key and value, and the hash of the private set',
    run: async (bench) => {
      const transaction = await endorsePrivate(bench, bench.key('a'), 'private canary');
      const set = new kv.KVRWSet();
      const write = set.addWrites();
      write.setKey(bench.key('a'));
      write.setValue(Buffer.from('private canary'));
      expect(collectionIn(bench, transaction)).toEqual({
        name: CONTROLLED_COLLECTION, reads: [], writes: [[sha256(bench.key('a')), sha256('private canary'), false]],
        privateSetHash: createHash('sha256').update(set.serializeBinary()).digest('hex'),
      });
    },
  },
  {
    ...NEEDS, name: 'a read of a hash is recorded under the key\'s hash, with the version found',
    run: async (bench) => {
      const first = await bench.endorse('publishPrivateHash', CONTROLLED_COLLECTION, bench.key('a'));
      expect(collectionIn(bench, first)).toEqual({ name: CONTROLLED_COLLECTION, reads: [[sha256(bench.key('a')), null]], writes: [], privateSetHash: '' });
      const { block } = await bench.commit(await endorsePrivate(bench, bench.key('a'), '1'));
      const second = await bench.endorse('publishPrivateHash', CONTROLLED_COLLECTION, bench.key('a'));
      expect(collectionIn(bench, second).reads).toEqual([[sha256(bench.key('a')), Number(block)]]);
    },
  },
  ...([
    ['a private value written after its hash was read is a conflict', 'changed', MVCC_READ_CONFLICT],
    ['so it is if there was none', 'made', MVCC_READ_CONFLICT],
    ['an open value written under the same key is none', 'open', VALID],
  ] as const).map(([name, change, code]): LedgerCase => ({
    ...NEEDS, name,
    run: async (bench) => {
      const key = bench.key('a');
      if (change !== 'made') await putPrivate(bench, key, '1');
      const reader = await bench.endorse('publishPrivateHash', CONTROLLED_COLLECTION, key);
      if (change === 'open') await bench.submit('put', key, '2');
      else await putPrivate(bench, key, '2');
      expect((await bench.commit(reader)).code).toBe(code);
    },
  })),
  {
    ...NEEDS, name: 'private values written blindly never conflict, and the later one in order remains',
    run: async (bench) => {
      const [first, second] = [await endorsePrivate(bench, bench.key('a'), 'first'), await endorsePrivate(bench, bench.key('a'), 'second')];
      expect((await bench.commit(second)).code).toBe(VALID);
      expect((await bench.commit(first)).code).toBe(VALID);
      expect(await hashOf(bench, bench.key('a'))).toBe(sha256('first'));
    },
  },
  {
    ...NEEDS, name: 'a collection that the definition does not name is refused',
    run: async (bench) => {
      await expect(bench.evaluate('privateHash', 'nowhere', bench.key('a'))).rejects.toThrow(/nowhere/);
      await expect(bench.submit('putPrivate', 'nowhere', bench.key('a'), '1')).rejects.toMatchObject({ name: 'EndorseError' });
    },
  },
];
