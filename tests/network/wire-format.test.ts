import { ledger, peer } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeReadWriteSets, encodeReadWriteSet, type ReadWriteSet, type Version } from '../../network/embedded/read-write-set.js';
import { asNumber, eachField, MalformedMessage, MessageWriter } from '../../network/embedded/wire-format.js';

const kv = ledger.rwset.kvrwset;
const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => text.isWellFormed());
const version = fc.option(fc.record({ block: fc.nat(), transaction: fc.nat({ max: 600 }) }), { nil: undefined });
const read = fc.record({ key, version });
const value = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const hashValue = fc.oneof(fc.constant(Buffer.alloc(0)), hash.map((digits) => Buffer.from(digits, 'hex')));
const set: fc.Arbitrary<ReadWriteSet> = fc.record({
  namespace: fc.constant('probe'), reads: fc.array(read, { maxLength: 4 }),
  ranges: fc.array(fc.record({ startKey: key, endKey: key, exhausted: fc.boolean(), reads: fc.array(read, { maxLength: 3 }) }), { maxLength: 2 }),
  writes: fc.array(fc.record({ key, value }).map((write) => ({ ...write, isDelete: write.value.length === 0 })), { maxLength: 4 }),
  collections: fc.array(fc.record({
    collection: fc.constantFrom('controlled', 'other'),
    reads: fc.array(fc.record({ key: hash, version }), { maxLength: 3 }),
    writes: fc.array(fc.record({ key: hash, value: hashValue }).map((write) => ({ ...write, isDelete: write.value.length === 0 })), { maxLength: 3 }),
    privateSetHash: hashValue,
  }), { maxLength: 2 }),
});

describe('read-write sets', () => {
  test('read back as they were written', () => {
    fc.assert(fc.property(set, (original) => {
      const bytes = encodeReadWriteSet(original);
      expect(decodeReadWriteSets(bytes)).toEqual(bytes.length === 0 ? [] : [original]);
    }));
  });

  test('are what Fabric\'s own messages say, byte for byte', () => {
    fc.assert(fc.property(set, (original) => {
      const ours = encodeReadWriteSet(original);
      expect(Buffer.from(withFabric(original)).toString('hex')).toBe(ours.toString('hex'));
    }));
  });

  test('values are views: nothing is copied', () => {
    const bytes = encodeReadWriteSet({ namespace: 'n', reads: [], ranges: [], writes: [{ key: 'k', isDelete: false, value: Buffer.from('value') }], collections: [] });
    expect(decodeReadWriteSets(bytes)[0]?.writes[0]?.value.buffer).toBe(bytes.buffer);
  });
});

describe('messages', () => {
  test('of any bytes are read or refused, never anything else', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        eachField(Buffer.from(bytes), () => undefined);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedMessage);
      }
    }), { numRuns: 2000 });
  });

  test('cut anywhere inside a field are refused', () => {
    const whole = new MessageWriter().text(1, 'abc').number(2, 300).bytes(3, Buffer.from('xyz')).finish();
    const ends = new Set([0, 5, 8, whole.length]);
    for (let end = 0; end <= whole.length; end += 1) {
      const walk = (): void => { eachField(whole.subarray(0, end), () => undefined); };
      if (ends.has(end)) expect(walk).not.toThrow();
      else expect(walk, `cut at ${end}`).toThrow(MalformedMessage);
    }
  });

  test.each([0, 1, 127, 128, 300, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER])('the number %d reads back', (number) => {
    const response = new peer.CDSData();
    response.setHash(Buffer.from('x'));
    let found = 0;
    eachField(new MessageWriter().number(1, number).finish(), (_, field) => { found = asNumber(field); });
    expect(found).toBe(number);
  });

  test('2^64 - 1, Fabric\'s "to the end", reads as the largest whole number', () => {
    let found = 0;
    eachField(Buffer.from('08ffffffffffffffffff01', 'hex'), (_, field) => { found = asNumber(field); });
    expect(found).toBe(Number.MAX_SAFE_INTEGER);
  });
});

function withFabric(original: ReadWriteSet): Uint8Array {
  if (original.reads.length + original.ranges.length + original.writes.length + original.collections.length === 0) return new Uint8Array();
  const message = new kv.KVRWSet();
  message.setReadsList(original.reads.map(fabricRead));
  message.setRangeQueriesInfoList(original.ranges.map((range) => {
    const info = new kv.RangeQueryInfo();
    info.setStartKey(range.startKey);
    info.setEndKey(range.endKey);
    info.setItrExhausted(range.exhausted);
    const raw = new kv.QueryReads();
    raw.setKvReadsList(range.reads.map(fabricRead));
    info.setRawReads(raw);
    return info;
  }));
  message.setWritesList(original.writes.map((write) => {
    const fabricWrite = new kv.KVWrite();
    fabricWrite.setKey(write.key);
    fabricWrite.setIsDelete(write.isDelete);
    fabricWrite.setValue(write.value);
    return fabricWrite;
  }));
  const namespace = new ledger.rwset.NsReadWriteSet();
  namespace.setNamespace(original.namespace);
  namespace.setRwset(message.serializeBinary());
  namespace.setCollectionHashedRwsetList(original.collections.map(fabricCollection));
  const transaction = new ledger.rwset.TxReadWriteSet();
  transaction.setNsRwsetList([namespace]);
  return transaction.serializeBinary();
}

function fabricRead(original: ReadWriteSet['reads'][number]): InstanceType<typeof kv.KVRead> {
  const message = new kv.KVRead();
  message.setKey(original.key);
  if (original.version !== undefined) message.setVersion(fabricVersion(original.version));
  return message;
}

function fabricVersion({ block, transaction }: Version): InstanceType<typeof kv.Version> {
  const height = new kv.Version();
  height.setBlockNum(block);
  height.setTxNum(transaction);
  return height;
}

function fabricCollection(original: ReadWriteSet['collections'][number]): InstanceType<typeof ledger.rwset.CollectionHashedReadWriteSet> {
  const hashed = new kv.HashedRWSet();
  for (const one of original.reads) {
    const hashedRead = hashed.addHashedReads();
    hashedRead.setKeyHash(Buffer.from(one.key, 'hex'));
    if (one.version !== undefined) hashedRead.setVersion(fabricVersion(one.version));
  }
  for (const one of original.writes) {
    const write = hashed.addHashedWrites();
    write.setKeyHash(Buffer.from(one.key, 'hex'));
    write.setIsDelete(one.isDelete);
    write.setValueHash(one.value);
  }
  const message = new ledger.rwset.CollectionHashedReadWriteSet();
  message.setCollectionName(original.collection);
  message.setHashedRwset(hashed.serializeBinary());
  message.setPvtRwsetHash(original.privateSetHash);
  return message;
}
