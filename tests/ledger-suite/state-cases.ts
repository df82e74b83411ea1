/** Reading and writing: what a transaction sees, what it records, what remains. */
import { expect } from 'vitest';
import type { LedgerBench, LedgerCase } from './ledger-bench.js';
import { parseTransaction, preparedEnvelope } from './fabric-block.js';

const FABRIC = 'Fabric, read-write set semantics';

/** Keys of a transaction's reads with their versions, and of its writes, in the order they stand there. */
async function recorded(bench: LedgerBench, name: string, ...args: string[]) {
  const transaction = await bench.endorse(name, ...args);
  // A Fabric peer also records that it looked up the chaincode's definition.
  const own = parseTransaction(preparedEnvelope(transaction.getBytes()), {}).readWriteSets.find(({ namespace }) => namespace === bench.ledger.chaincode);
  const reads = own?.set.getReadsList().map((read) => {
    const version = read.getVersion();
    return [read.getKey(), version === undefined ? null : `${version.getBlockNum()}:${version.getTxNum()}`];
  });
  return { reads: reads ?? [], writes: own?.set.getWritesList().map((write) => write.getKey()) ?? [] };
}

export const STATE_CASES: readonly LedgerCase[] = [
  {
    name: 'a value that was written is read back', source: FABRIC,
    run: async (bench) => {
      await bench.submit('put', bench.key('a'), 'Nhà máy số 7');
      expect(await bench.evaluate('get', bench.key('a'))).toBe('Nhà máy số 7');
    },
  },
  {
    name: 'a key that does not exist reads as empty', source: FABRIC,
    run: async (bench) => { expect(await bench.evaluate('get', bench.key('none'))).toBe(''); },
  },
  {
    name: 'a transaction sees none of its own writes, neither by key nor by range', source: FABRIC,
    run: async (bench) => {
      await bench.submit('put', bench.key('own'), 'old');
      expect(JSON.parse(await bench.submit('ownWrites', bench.key('own')))).toEqual({ before: 'old', after: 'old', seen: [bench.key('own')] });
      expect(await bench.evaluate('get', bench.key('own'))).toBe('new');
    },
  },
  {
    name: 'of several writes to one key the last one counts', source: FABRIC,
    run: async (bench) => {
      await bench.submit('putTwice', bench.key('twice'), 'first', 'second');
      expect(await bench.evaluate('get', bench.key('twice'))).toBe('second');
      expect(await bench.evaluateJson('history', bench.key('twice'))).toHaveLength(1);
    },
  },
  {
    name: 'an empty value deletes the key', source: FABRIC,
    run: async (bench) => {
      await bench.submit('put', bench.key('empty'), 'x');
      await bench.submit('put', bench.key('empty'), '');
      expect(await bench.evaluateJson('keys', bench.key('empty'), bench.key('emptz'))).toEqual([]);
      expect(await bench.evaluateJson('history', bench.key('empty'))).toMatchObject([{ isDelete: true, value: '' }, { isDelete: false, value: 'x' }]);
    },
  },
  {
    name: 'a deleted key can be created again', source: FABRIC,
    run: async (bench) => {
      await bench.submit('create', bench.key('again'), '1');
      await bench.submit('remove', bench.key('again'));
      await bench.submit('create', bench.key('again'), '2');
      expect(await bench.evaluate('get', bench.key('again'))).toBe('2');
    },
  },
  {
    name: 'a read records the block and transaction that wrote the key', source: FABRIC,
    run: async (bench) => {
      const { block } = await bench.commit(await bench.endorse('put', bench.key('version'), '1'));
      const { reads } = await recorded(bench, 'get', bench.key('version'));
      expect(reads).toEqual([[bench.key('version'), expect.stringMatching(new RegExp(`^${block}:\\d+$`))]]);
    },
  },
  {
    name: 'a read of a missing key is recorded without version', source: FABRIC,
    run: async (bench) => {
      expect((await recorded(bench, 'create', bench.key('null'), '1')).reads).toEqual([[bench.key('null'), null]]);
    },
  },
  {
    name: 'reads are recorded once and sorted, writes are sorted, both under the chaincode\'s name', source: FABRIC,
    run: async (bench) => {
      const [a, b] = [bench.key('a'), bench.key('b')];
      expect(await recorded(bench, 'shuffle', a, b)).toEqual({ reads: [[a, null], [b, null]], writes: [`${a}1`, `${b}2`] });
    },
  },
  {
    name: 'a simulation sees one state from beginning to end, whatever is submitted meanwhile', source: FABRIC,
    run: async (bench) => {
      await bench.submit('put', bench.key('state'), 'before');
      const watched = bench.evaluateJson('watch', bench.key('state'), '3000');
      await bench.submit('put', bench.key('state'), 'after');
      expect(await watched).toHaveLength(1);
      expect(await bench.evaluateJson('watch', bench.key('state'), '2')).toEqual(['after']);
    },
  },
  {
    name: 'blocks are committed while a transaction is simulated', source: FABRIC, needs: 'commitsWhileSimulating',
    run: async (bench) => {
      let committedMeanwhile = false;
      for (let attempt = 0; attempt < 20 && !committedMeanwhile; attempt += 1) {
        const key = bench.key(`snapshot-${attempt}`);
        await bench.submit('put', key, 'before');
        let watching = true;
        const watched = bench.evaluateJson('watch', key, '3000').finally(() => { watching = false; });
        await bench.submit('put', key, 'after');
        committedMeanwhile = watching;
        expect(await watched).toHaveLength(1);
      }
      expect(committedMeanwhile, 'no commit fell into a simulation').toBe(true);
    },
  },
  {
    name: 'history comes newest first, with deletions, and with the client\'s time', source: 'Fabric, GetHistoryForKey',
    run: async (bench) => {
      const key = bench.key('history');
      const earliest = Math.floor(Date.now() / 1000);
      await bench.submit('put', key, 'a');
      await bench.submit('put', key, 'b');
      await bench.submit('remove', key);
      await bench.submit('put', key, 'c');
      const changes = await bench.evaluateJson('history', key) as { value: string; isDelete: boolean; txId: string; seconds: number }[];
      expect(changes.map(({ value, isDelete }) => [value, isDelete])).toEqual([['c', false], ['', true], ['b', false], ['a', false]]);
      expect(new Set(changes.map(({ txId }) => txId)).size).toBe(4);
      expect(changes.every(({ seconds }) => seconds >= earliest && seconds <= Date.now() / 1000)).toBe(true);
    },
  },
  {
    name: 'history holds no transaction that was not valid', source: 'Fabric, GetHistoryForKey',
    run: async (bench) => {
      const key = bench.key('invalid');
      const loser = await bench.endorse('create', key, 'loser');
      await bench.submit('create', key, 'winner');
      expect((await bench.commit(loser)).code).toBe(11);
      expect(await bench.evaluateJson('history', key)).toMatchObject([{ value: 'winner' }]);
    },
  },
  {
    name: 'histories of keys that begin alike are kept apart', source: 'Fabric, GetHistoryForKey',
    run: async (bench) => {
      await bench.submit('putComposite', JSON.stringify(['lot', bench.key('x')]), 'short');
      await bench.submit('putComposite', JSON.stringify(['lot', bench.key('x'), 'y']), 'long');
      await bench.submit('put', bench.key('x'), 'plain');
      await bench.submit('put', `${bench.key('x')}y`, 'plain');
      expect(await bench.evaluateJson('history', bench.key('x'))).toHaveLength(1);
      expect(await bench.evaluateJson('history', `\u0000lot\u0000${bench.key('x')}\u0000`)).toMatchObject([{ value: 'short' }]);
    },
  },
  {
    name: 'history of more changes than one message holds is complete', source: 'Fabric, GetHistoryForKey',
    run: async (bench) => {
      const key = bench.key('long');
      const transactions = await Promise.all(Array.from({ length: 120 }, (_, n) => bench.endorse('put', key, String(n))));
      await Promise.all(transactions.map((transaction) => bench.commit(transaction)));
      const changes = await bench.evaluateJson('history', key) as { value: string }[];
      expect(new Set(changes.map(({ value }) => value)).size).toBe(120);
      expect(changes[0]?.value).toBe(await bench.evaluate('get', key));
    },
  },
];
