/** Conflicts: what makes a transaction invalid at commit, and what does not. */
import { expect } from 'vitest';
import { common, peer } from '@hyperledger/fabric-protos';
import type { LedgerBench, LedgerCase } from './ledger-bench.js';
import { flagsOf, payloadOf } from './fabric-block.js';

const { VALID, MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT, DUPLICATE_TXID } = peer.TxValidationCode;
const MVCC = 'Fabric, multi-version concurrency control at commit';
const PHANTOM = 'Fabric, phantom read check at commit';

/** Rounds of the race for one key; a hundred say more than a few. */
const RACE_ROUNDS = Number(process.env['LEDGER_RACE_ROUNDS'] ?? 3);
const CONTENDERS = 200;

/** Endorses `reader`, lets `change` be committed, then commits the reader. */
async function codeAfter(bench: LedgerBench, reader: readonly string[], change: readonly string[]): Promise<number> {
  const [name = '', ...args] = reader;
  const [changeName = '', ...changeArgs] = change;
  const transaction = await bench.endorse(name, ...args);
  await bench.submit(changeName, ...changeArgs);
  return (await bench.commit(transaction)).code;
}

async function putKeys(bench: LedgerBench, prefix: string, count: number): Promise<void> {
  const pairs = Array.from({ length: count }, (_, n) => [`${prefix}${String(n).padStart(4, '0')}`, '1']);
  await bench.submit('putMany', JSON.stringify(pairs));
}

const range = (bench: LedgerBench): { from: string; to: string; target: string } => ({ from: bench.key('r~'), to: bench.key('r~~'), target: bench.key('count') });

export const CONFLICT_CASES: readonly LedgerCase[] = [
  {
    name: 'read-modify-write loses against a write in between', source: MVCC,
    run: async (bench) => { expect(await codeAfter(bench, ['bump', bench.key('n')], ['bump', bench.key('n')])).toBe(MVCC_READ_CONFLICT); },
  },
  {
    name: 'a blind write never conflicts, and the later one in order remains', source: MVCC,
    run: async (bench) => {
      expect(await codeAfter(bench, ['put', bench.key('blind'), 'ordered last'], ['put', bench.key('blind'), 'ordered first'])).toBe(VALID);
      expect(await bench.evaluate('get', bench.key('blind'))).toBe('ordered last');
    },
  },
  {
    name: 'two creators of one key: the second loses, because its read of nothing was recorded', source: MVCC,
    run: async (bench) => { expect(await codeAfter(bench, ['create', bench.key('c'), 'a'], ['create', bench.key('c'), 'b'])).toBe(MVCC_READ_CONFLICT); },
  },
  {
    name: 'a rewrite with equal bytes is a conflict all the same', source: MVCC,
    run: async (bench) => {
      await bench.submit('put', bench.key('same'), '1');
      expect(await codeAfter(bench, ['bump', bench.key('same')], ['put', bench.key('same'), '1'])).toBe(MVCC_READ_CONFLICT);
    },
  },
  {
    name: 'deleting a key that was read is a conflict', source: MVCC,
    run: async (bench) => {
      await bench.submit('put', bench.key('gone'), '1');
      expect(await codeAfter(bench, ['bump', bench.key('gone')], ['remove', bench.key('gone')])).toBe(MVCC_READ_CONFLICT);
    },
  },
  {
    name: 'a key written earlier in the same block invalidates a later read of it', source: MVCC,
    run: async (bench) => {
      const both = [await bench.endorse('bump', bench.key('t')), await bench.endorse('bump', bench.key('t'))];
      const ordered = [await both[0]!.submit(), await both[1]!.submit()];
      const statuses = await Promise.all(ordered.map((commit) => commit.getStatus()));
      expect(statuses.map(({ code }) => code)).toEqual([VALID, MVCC_READ_CONFLICT]);
    },
  },
  {
    name: 'an invalid transaction writes nothing and counts for nobody else', source: MVCC,
    run: async (bench) => {
      const loser = await bench.endorse('create', bench.key('w'), 'loser');
      await bench.submit('create', bench.key('w'), 'winner');
      const reader = await bench.endorse('bump', bench.key('other'));
      expect((await bench.commit(loser)).code).toBe(MVCC_READ_CONFLICT);
      expect((await bench.commit(reader)).code).toBe(VALID);
      expect(await bench.evaluate('get', bench.key('w'))).toBe('winner');
    },
  },
  ...([
    ['an insert into a range that was read is a phantom', 'put', 'r~0005x', PHANTOM_READ_CONFLICT],
    ['a rewrite inside a range that was read is a phantom', 'put', 'r~0003', PHANTOM_READ_CONFLICT],
    ['a deletion inside a range that was read is a phantom', 'remove', 'r~0003', PHANTOM_READ_CONFLICT],
    ['an insert before the range is none', 'put', 'q~9', VALID],
    ['an insert after the range is none', 'put', 'r~~', VALID],
  ] as const).map(([name, change, key, code]): LedgerCase => ({
    name, source: PHANTOM,
    run: async (bench) => {
      await putKeys(bench, bench.key('r~'), 10);
      const { from, to, target } = range(bench);
      const args = change === 'put' ? [bench.key(key), '1'] : [bench.key(key)];
      expect(await codeAfter(bench, ['summarise', from, to, target], [change, ...args])).toBe(code);
    },
  })),
  ...([
    ['a range left early counts up to the last key fetched: an insert before it is a phantom', 'r~0050x', PHANTOM_READ_CONFLICT],
    ['a range left early counts up to the last key fetched: an insert behind it is none', 'r~0140x', VALID],
  ] as const).map(([name, key, code]): LedgerCase => ({
    name, source: PHANTOM,
    run: async (bench) => {
      await putKeys(bench, bench.key('r~'), 150);
      const { from, to, target } = range(bench);
      expect(await codeAfter(bench, ['firstKeys', from, to, '2', target], ['put', bench.key(key), '1'])).toBe(code);
    },
  })),
  {
    name: 'an insert ordered just before a range was checked makes it a phantom, in the same block too', source: PHANTOM,
    run: async (bench) => {
      await putKeys(bench, bench.key('r~'), 3);
      const { from, to, target } = range(bench);
      const insert = await bench.endorse('put', bench.key('r~new'), '1');
      const scan = await bench.endorse('summarise', from, to, target);
      const ordered = [await insert.submit(), await scan.submit()];
      const statuses = await Promise.all(ordered.map((commit) => commit.getStatus()));
      expect(statuses.map(({ code }) => code)).toEqual([VALID, PHANTOM_READ_CONFLICT]);
    },
  },
  {
    name: `${CONTENDERS} contenders for one key: exactly one wins, in each of ${RACE_ROUNDS} rounds`, source: MVCC,
    run: async (bench) => {
      for (let round = 0; round < RACE_ROUNDS; round += 1) {
        const key = bench.key(`race-${round}`);
        const attempts = await Promise.allSettled(Array.from({ length: CONTENDERS }, async (_, n) => bench.commit(await bench.endorse('create', key, String(n)))));
        const codes = attempts.map((attempt) => (attempt.status === 'fulfilled' ? attempt.value.code : 'refused'));
        expect(codes.filter((code) => code === VALID)).toHaveLength(1);
        expect(codes.every((code) => code === VALID || code === MVCC_READ_CONFLICT || code === 'refused')).toBe(true);
        expect(await bench.evaluateJson('history', key)).toHaveLength(1);
      }
    },
  },
  {
    name: 'a counter is as high as the number of its valid transactions', source: MVCC,
    run: async (bench) => {
      const key = bench.key('counter');
      // Peers of several organisations refuse at once where one has seen a block that the other has not.
      const attempts = await Promise.all(Array.from({ length: 60 }, () => bench.endorse('bump', key).catch(() => undefined)));
      const codes = await Promise.all(attempts.map(async (attempt) => (attempt === undefined ? 'refused' : (await bench.commit(attempt)).code)));
      expect(codes).toContain(VALID);
      expect(await bench.evaluate('get', key)).toBe(String(codes.filter((code) => code === VALID).length));
    },
  },
  {
    name: 'a transaction submitted twice counts once, and its status stays valid', source: 'Fabric, duplicate transaction id',
    run: async (bench) => {
      const transaction = await bench.endorse('put', bench.key('dup'), 'x');
      const first = await bench.commit(transaction);
      expect(first.code).toBe(VALID);
      expect(await bench.commit(transaction)).toEqual(first);
      expect(await bench.evaluateJson('history', bench.key('dup'))).toHaveLength(1);
    },
  },
  {
    name: 'a transaction submitted twice at once counts once', source: 'Fabric, duplicate transaction id',
    run: async (bench) => {
      const transaction = await bench.endorse('put', bench.key('dup2'), 'x');
      const [one, other] = await Promise.all([bench.commit(transaction), bench.commit(transaction)]);
      expect(one.code).toBe(VALID);
      expect(other).toEqual(one);
      expect(await bench.evaluateJson('history', bench.key('dup2'))).toHaveLength(1);
    },
  },
  {
    name: 'the second copy of a transaction stands in a block with its code', source: 'Fabric, duplicate transaction id', needs: 'ordersDuplicates',
    run: async (bench) => {
      const transaction = await bench.endorse('put', bench.key('dup3'), 'x');
      const { block } = await bench.commit(transaction);
      await transaction.submit();
      const marker = await bench.height();
      expect(await flagsOfTransaction(bench, transaction.getTransactionId(), block, marker)).toEqual([VALID, DUPLICATE_TXID]);
    },
  },
];

/** Flags of all copies of a transaction in the blocks from `first` up to `height`. */
async function flagsOfTransaction(bench: LedgerBench, txId: string, first: bigint, height: bigint): Promise<number[]> {
  const found: number[] = [];
  const blocks = await bench.client.network.getBlockEvents({ startBlock: first });
  try {
    for await (const block of blocks) {
      const flags = flagsOf(block);
      block.getData()!.getDataList_asU8().forEach((envelope, index) => {
        const header = common.ChannelHeader.deserializeBinary(payloadOf(envelope).getHeader()!.getChannelHeader_asU8());
        if (header.getTxId() === txId) found.push(flags[index]!);
      });
      if (BigInt(block.getHeader()!.getNumber()) + 1n >= height) break;
    }
  } finally {
    blocks.close();
  }
  return found;
}
