import { Buffer } from 'node:buffer';
import { common, peer } from '@hyperledger/fabric-protos';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { blockOfDelivery, headerBytes, readBlock, readFilteredBlock } from '../../../gateway/ledger/block-reader.js';
import { WireReader } from '../../../gateway/ledger/protobuf-wire.js';
import { readSetOf } from '../../../gateway/ledger/transaction-reader.js';
import { BlockChain, blockOf, envelopeOf, payloadOf, NAMESPACE, type TransactionSpec, type WriteSpec } from './fabric-blocks.js';

const text = (value: Uint8Array | null | undefined): string | null => (value === null || value === undefined ? null : Buffer.from(value).toString());

function problemOf(run: () => unknown): Problem {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('readBlock', () => {
  it('reads what Fabric\'s own classes wrote', () => {
    const chain = new BlockChain();
    const previous = chain.lastHash;
    const bytes = chain.add([
      { id: 'aa', time: 1_700_000_001_234, msp: 'MinistryMSP', writes: [{ key: '/01/1', value: 'one' }, { key: '/01/2', value: null }], event: { name: 'made', payload: '{}' } },
      { id: 'bb', code: 11, time: 1_800_000_000_000, writes: [{ key: '/01/1', value: 'never' }] },
      { id: 'cc', time: 1_700_000_001_000, writes: [{ key: 'k', value: 'v', namespace: '_lifecycle' }], touched: ['/01/3'] },
    ]);
    const block = readBlock(bytes);
    expect(block.number).toBe(1n);
    expect(Buffer.from(block.previousHash)).toEqual(previous);
    expect(Buffer.from(block.hash)).toEqual(chain.lastHash);
    expect(block.time).toBe(1_700_000_001_234);
    expect(block.transactions.map(({ id, index, valid, code, timestamp, creatorMsp }) => ({ id, index, valid, code, timestamp, creatorMsp }))).toEqual([
      { id: 'aa', index: 0, valid: true, code: 0, timestamp: 1_700_000_001_234, creatorMsp: 'MinistryMSP' },
      { id: 'bb', index: 1, valid: false, code: 11, timestamp: 1_800_000_000_000, creatorMsp: 'EnterpriseMSP' },
      { id: 'cc', index: 2, valid: true, code: 0, timestamp: 1_700_000_001_000, creatorMsp: 'EnterpriseMSP' },
    ]);
    expect(block.transactions.map(({ writes }) => writes.map(({ namespace, key, value }) => [namespace, key, text(value)]))).toEqual([
      [[NAMESPACE, '/01/1', 'one'], [NAMESPACE, '/01/2', null]], [], [['_lifecycle', 'k', 'v']],
    ]);
    expect(block.transactions[2]?.touched).toEqual([{ namespace: NAMESPACE, key: '/01/3' }]);
    expect(block.transactions[0]?.event).toMatchObject({ chaincode: NAMESPACE, name: 'made' });
    expect(text(block.transactions[0]?.event?.payload)).toBe('{}');
  });

  it('takes an empty value for a removal, as peers do', () => {
    const block = readBlock(new BlockChain().add([{ writes: [{ key: 'k', value: '' }] }]));
    expect(block.transactions[0]?.writes).toEqual([{ namespace: NAMESPACE, key: 'k', value: null }]);
  });

  it('reads a configuration block as one that writes nothing', () => {
    const genesis = readBlock(new BlockChain().blocks[0] ?? Buffer.alloc(0));
    expect(genesis).toMatchObject({ number: 0n, time: 1_700_000_000_000 });
    expect(genesis.transactions).toMatchObject([{ valid: true, writes: [] }]);
  });

  it('reads a genesis block from a file, which no peer has judged', () => {
    const bytes = blockOf(0, Buffer.alloc(0), [envelopeOf({ type: 1, id: '' })]);
    expect(readBlock(bytes).transactions).toMatchObject([{ valid: true, code: 0 }]);
  });

  it.each([
    ['a later block without codes', () => new BlockChain().add([{}], { metadata: false }), { block: '1', reason: 'codes' }],
    ['changed data', () => flipped(new BlockChain().add([{ id: 'dd' }]), 'dd'), { block: '1', reason: 'data-hash' }],
    ['a valid transaction that is no message', () => blockOf(7, Buffer.alloc(32), [Buffer.from([0xff, 0xff])], [0]), { block: '7', transaction: '0', reason: 'a number without end' }],
    ['a block cut short', () => new BlockChain().add([{}]).subarray(0, 50), { reason: 'a field reaches beyond its message' }],
  ])('refuses %s', (_name, make, fields) => {
    const problem = problemOf(() => readBlock(make()));
    expect(problem.code).toBe('LEDGER_BLOCK_WRONG');
    expect(problem.fields).toEqual(fields);
  });

  it('keeps an invalid transaction that is no message', () => {
    const block = readBlock(blockOf(7, Buffer.alloc(32), [Buffer.from([0xff, 0xff])], [2]));
    expect(block.transactions).toMatchObject([{ id: '', valid: false, code: 2, writes: [] }]);
  });

  it('does not let an invalid transaction set the time of a block', () => {
    const block = readBlock(new BlockChain().add([{ code: 3, time: 4_000_000_000_000 }, { time: 5 }]));
    expect(block.time).toBe(5);
  });

  it('merges a repeated message field, as peers do', () => {
    const plain = common.Envelope.deserializeBinary(envelopeOf({ id: 'ee', writes: [{ key: 'k', value: 'v' }] }));
    const emptyHeader = Buffer.from([0x0a, 0x00]);
    plain.setPayload(Buffer.concat([plain.getPayload_asU8(), emptyHeader]));
    const block = readBlock(blockOf(1, Buffer.alloc(32), [plain.serializeBinary()], [0]));
    expect(block.transactions[0]).toMatchObject({ id: 'ee', creatorMsp: 'EnterpriseMSP' });
    expect(block.transactions[0]?.writes).toHaveLength(1);
  });

  it('steps over unknown fields of every wire type, groups included', () => {
    const unknown = Buffer.concat([
      Buffer.from([0xf8, 0x01, 0x96, 0x01]), // field 31, varint
      Buffer.from([0xf9, 0x01, 1, 2, 3, 4, 5, 6, 7, 8]), // 64 bits
      Buffer.from([0xfd, 0x01, 1, 2, 3, 4]), // 32 bits
      Buffer.from([0xfb, 0x01, 0x0b, 0x08, 0x01, 0x0c, 0xfc, 0x01]), // a group in a group
    ]);
    const envelope = Buffer.concat([envelopeOf({ id: 'ff', writes: [{ key: 'k', value: 'v' }] }), unknown]);
    expect(readBlock(blockOf(1, Buffer.alloc(32), [envelope], [0])).transactions[0]).toMatchObject({ id: 'ff', valid: true });
  });
});

/** Whoever submits could otherwise have peers write what nobody reads. Go: google.golang.org/protobuf, proto/decode.go. */
describe('what peers take for a field that they do not know', () => {
  const writing = envelopeOf({ id: 'ff', writes: [{ key: 'k', value: 'v' }] });
  const inPayload = (bytes: readonly number[]): Uint8Array => {
    const envelope = common.Envelope.deserializeBinary(writing);
    envelope.setPayload(Buffer.concat([envelope.getPayload_asU8(), Buffer.from(bytes)]));
    return envelope.serializeBinary();
  };

  it.each<[string, Uint8Array]>([
    ['a payload that is a number', Buffer.concat([writing, Buffer.from([0x08, 0x01])])],
    ['a payload of 32 bits', Buffer.concat([writing, Buffer.from([0x0d, 1, 2, 3, 4])])],
    ['a payload that is a group', Buffer.concat([writing, Buffer.from([0x0b, 0x0c])])],
    ['data that is a number', inPayload([0x10, 0x00])],
    ['data of 64 bits', inPayload([0x11, 1, 2, 3, 4, 5, 6, 7, 8])],
  ])('%s: does not hide what is written', (_name, envelope) => {
    expect(readBlock(blockOf(1, Buffer.alloc(32), [envelope], [0])).transactions[0]?.writes).toHaveLength(1);
  });

  it.each([
    ['that is bytes', [0x0a, 0x01, 0x01]],
    ['of 3 + 2^32, of which peers take the lowest 32 bits', [0x08, 0x83, 0x80, 0x80, 0x80, 0x10]],
    ['of 3 + 2^63', [0x08, 0x83, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
  ])('a type %s: does not, either', (_name, bytes) => {
    const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(writing).getPayload_asU8());
    const header = payload.getHeader();
    header?.setChannelHeader(Buffer.concat([header.getChannelHeader_asU8(), Buffer.from(bytes)]));
    const envelope = common.Envelope.deserializeBinary(writing);
    envelope.setPayload(payload.serializeBinary());
    expect(readBlock(blockOf(1, Buffer.alloc(32), [envelope.serializeBinary()], [0])).transactions[0]?.writes).toHaveLength(1);
  });
});

function flipped(bytes: Buffer, at: string): Buffer {
  const place = bytes.indexOf(at);
  const copy = Buffer.from(bytes);
  copy[place] = (copy[place] ?? 0) ^ 1;
  return copy;
}

function shape(list: readonly WriteSpec[]): string[] {
  return list.map(({ namespace, key, value }) => JSON.stringify([namespace, key, value === null ? null : Buffer.from(value as Uint8Array).toString('hex')])).sort();
}

describe('readBlock against Fabric\'s own classes', () => {
  const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
  const value = fc.option(fc.uint8Array({ minLength: 1, maxLength: 40 }), { nil: null });
  const spec: fc.Arbitrary<TransactionSpec> = fc.record({
    id: fc.uint8Array({ maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    code: fc.constantFrom(0, 0, 0, 11),
    time: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    msp: key,
    writes: fc.array(fc.record({ key, value, namespace: fc.constantFrom(NAMESPACE, 'other') }), { maxLength: 5 }),
    touched: fc.array(key, { maxLength: 2 }),
  });

  it('finds the same writes, times and submitters', () => {
    fc.assert(fc.property(fc.array(spec, { minLength: 1, maxLength: 4 }), (specs) => {
      const block = readBlock(new BlockChain().add(specs));
      specs.forEach((wanted, index) => {
        const found = block.transactions[index];
        expect(found).toMatchObject({ id: wanted.id, code: wanted.code, timestamp: wanted.time, creatorMsp: wanted.msp });
        const writes = wanted.code === 0 ? (wanted.writes ?? []) : [];
        expect(shape(found?.writes ?? [])).toEqual(shape(writes));
      });
    }), { numRuns: 150 });
  });

  it('answers any damage with a refusal and nothing else', () => {
    const bytes = new BlockChain().add([{ id: 'aa', writes: [{ key: 'key', value: 'value' }] }, { code: 11 }]);
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, mask, cut) => {
      const damaged = Buffer.from(cut ? bytes.subarray(0, at) : bytes);
      if (!cut) damaged[at] = (damaged[at] ?? 0) ^ mask;
      try {
        const block = readBlock(damaged);
        // Only what no hash covers may differ: the number and previous hash (the chain covers them) and the metadata.
        expect(Buffer.from(block.dataHash)).toEqual(Buffer.from(readBlock(bytes).dataHash));
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
        expect((error as Problem).code).toBe('LEDGER_BLOCK_WRONG');
      }
    }), { numRuns: 2000 });
  });
});

describe('headerBytes', () => {
  const none = Buffer.alloc(0);
  it.each([
    [0n, '300702010004000400'],
    [127n, '300702017f04000400'],
    [128n, '30080202008004000400'],
    [65_535n, '3009020300ffff04000400'],
    [2n ** 53n - 1n, '300d02071fffffffffffff04000400'],
  ])('writes number %s as an ASN.1 INTEGER (X.690 8.3)', (number, hex) => {
    expect(headerBytes(number, none, none).toString('hex')).toBe(hex);
  });
});

describe('readFilteredBlock', () => {
  it('reads ids and codes', () => {
    const block = new peer.FilteredBlock();
    block.setChannelId('channel');
    block.setNumber(12_345);
    block.setFilteredTransactionsList([['aa', 0], ['bb', 11], ['', 255]].map(([id, code]) => {
      const transaction = new peer.FilteredTransaction();
      transaction.setTxid(String(id));
      transaction.setTxValidationCode(code as 0);
      return transaction;
    }));
    expect(readFilteredBlock(block.serializeBinary())).toEqual({
      number: 12_345n, transactions: [{ id: 'aa', code: 0 }, { id: 'bb', code: 11 }, { id: '', code: 255 }],
    });
  });

  it('refuses what is no message', () => {
    expect(problemOf(() => readFilteredBlock(Buffer.from([0x22, 0x7f])))).toMatchObject({ code: 'LEDGER_BLOCK_WRONG', fields: { reason: 'a field reaches beyond its message' } });
  });
});

describe('blockOfDelivery', () => {
  it.each([
    ['a block', (response: peer.DeliverResponse) => response.setBlock(new common.Block()), { block: Buffer.alloc(0) }],
    ['a filtered block', (response: peer.DeliverResponse) => response.setFilteredBlock(new peer.FilteredBlock()), { filtered: Buffer.alloc(0) }],
    ['a status', (response: peer.DeliverResponse) => response.setStatus(common.Status.FORBIDDEN), { status: 403 }],
  ])('finds %s', (_name, fill, expected) => {
    const response = new peer.DeliverResponse();
    fill(response);
    expect(blockOfDelivery(response.serializeBinary())).toEqual(expected);
  });
});

describe('readSetOf', () => {
  it('gives every key read with its version', () => {
    const payload = payloadOf({
      reads: [{ key: 'a', version: [7, 3] }, { key: 'b', version: null }, { key: 'c', version: [0, 0] }],
    });
    expect(readSetOf(payload)).toEqual({
      ranges: false,
      reads: [
        { namespace: NAMESPACE, key: 'a', version: { block: 7n, index: 3 } },
        { namespace: NAMESPACE, key: 'b', version: null },
        { namespace: NAMESPACE, key: 'c', version: { block: 0n, index: 0 } },
      ],
    });
  });

  it('says that a range was read, and what was found in it', () => {
    const payload = payloadOf({ ranges: [{ start: 'a', end: 'b', reads: [{ key: 'a1', version: [9, 1] }] }] });
    expect(readSetOf(payload)).toEqual({ ranges: true, reads: [{ namespace: NAMESPACE, key: 'a1', version: { block: 9n, index: 1 } }] });
  });
});

describe('WireReader', () => {
  it.each([
    ['field number 0', [0x00, 0x01], 'field number 0'],
    ['a wire type that does not exist', [0x0e], 'wire type 6'],
    ['an end of a group without a begin', [0x0c], 'wire type 4'],
    ['a group that never ends', [0x0b, 0x08, 0x01], 'a number without end'],
    ['a group that ends as another', [0x0b, 0x14], 'a group ends that did not begin'],
    ['11 bytes of one number', [0x08, ...Array.from({ length: 10 }, () => 0x80), 0x01], 'a number without end'],
    ['groups deeper than any message', Array.from({ length: 10_002 }, () => 0x0b), 'groups too deep'],
  ])('refuses %s', (_name, bytes, message) => {
    const reader = new WireReader(Uint8Array.from(bytes));
    expect(() => { while (reader.next()); }).toThrow(message);
  });
});
