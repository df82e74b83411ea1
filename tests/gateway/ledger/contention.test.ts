import { gateway, common } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { contendedKey, ContentionLanes } from '../../../gateway/ledger/contention.js';
import type { SignedTransaction } from '../../../gateway/ledger/ledger.js';
import { envelopeOf, type TransactionSpec } from './fabric-blocks.js';

function signed(spec: TransactionSpec): SignedTransaction {
  const prepared = new gateway.PreparedTransaction();
  prepared.setTransactionId('aa');
  prepared.setEnvelope(common.Envelope.deserializeBinary(envelopeOf(spec)));
  return { transactionId: 'aa', bytes: prepared.serializeBinary(), result: '' };
}

const counter = (key: string): SignedTransaction => signed({ reads: [{ key, version: [1, 0] }], writes: [{ key, value: 'v' }] });

describe('the key that a transaction contends for', () => {
  it.each<[string, TransactionSpec, string | undefined]>([
    ['the one that it reads and writes', { reads: [{ key: 'a', version: null }, { key: 'b', version: [1, 0] }], writes: [{ key: 'b', value: 'v' }] }, 'b'],
    ['the first that it reads, if it writes others', { reads: [{ key: 'a', version: null }], writes: [{ key: 'b', value: 'v' }] }, 'a'],
    ['one found by a range', { ranges: [{ start: 'a', end: 'c', reads: [{ key: 'b', version: [1, 0] }] }], writes: [{ key: 'b', value: 'v' }] }, 'b'],
    ['none, if it reads nothing', { writes: [{ key: 'b', value: 'v' }] }, undefined],
  ])('%s', (_name, spec, key) => {
    expect(contendedKey(signed(spec))).toBe(key);
  });
});

describe('turns', () => {
  it('come one after the other in the order of asking, for each key by itself', async () => {
    const lanes = new ContentionLanes();
    const log: string[] = [];
    const take = async (name: string, key: string): Promise<() => void> => {
      const end = await lanes.enter(counter(key));
      log.push(name);
      return end;
    };
    const [first, second, third, other] = [take('a1', 'a'), take('a2', 'a'), take('a3', 'a'), take('b1', 'b')];
    const endFirst = await first;
    await other;
    expect(log).toEqual(['a1', 'b1']);
    endFirst();
    const endSecond = await second;
    expect(log).toEqual(['a1', 'b1', 'a2']);
    endSecond();
    await third;
    expect(log).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('are over when the last one is, and not before', async () => {
    const lanes = new ContentionLanes();
    expect(lanes.isContended(counter('a'))).toBe(false);
    const [first, second] = [lanes.enter(counter('a')), lanes.enter(counter('a'))];
    (await first)();
    expect(lanes.isContended(counter('a'))).toBe(true);
    expect(lanes.isContended(counter('b'))).toBe(false);
    (await second)();
    expect(lanes.isContended(counter('a'))).toBe(false);
  });
});
