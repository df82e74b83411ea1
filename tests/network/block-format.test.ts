import { createHash } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { BinaryWriter } from 'google-protobuf';
import { describe, expect, test } from 'vitest';
import { commitHash, type StateUpdate } from '../../network/embedded/commit-hash.js';
import { collectionNamespace } from '../../network/embedded/record-names.js';
import { dataHash, encodeData, encodeFrame, headerBytes, headerHash } from '../../network/embedded/block.js';

const hash = (byte: number): Buffer => Buffer.alloc(32, byte);

describe('block headers', () => {
  test.each([
    [0, '020100'], [1, '020101'], [127, '02017f'], [128, '02020080'], [255, '020200ff'], [256, '02020100'], [65535, '020300ffff'], [2 ** 40, '0206010000000000'],
  ])('number %d is a DER integer without needless bytes', (number, integer) => {
    const der = headerBytes({ number, previousHash: hash(1), dataHash: hash(2) }).toString('hex');
    const body = `${integer}0420${'01'.repeat(32)}0420${'02'.repeat(32)}`;
    expect(der).toBe(`30${(body.length / 2).toString(16)}${body}`);
  });

  test('block 0 has an empty previous hash', () => {
    expect(headerBytes({ number: 0, previousHash: Buffer.alloc(0), dataHash: hash(2) }).toString('hex')).toBe(`302702010004000420${'02'.repeat(32)}`);
  });

  test('are hashed with SHA-256 over that form', () => {
    const header = { number: 7, previousHash: hash(1), dataHash: hash(2) };
    expect(headerHash(header).equals(createHash('sha256').update(headerBytes(header)).digest())).toBe(true);
  });
});

describe('blocks', () => {
  test('are read by Fabric\'s own message class', () => {
    const envelopes = [Buffer.from('first'), Buffer.from('second')];
    const header = { number: 300, previousHash: hash(1), dataHash: dataHash(envelopes) };
    const frame = encodeFrame({ header, metadata: [Buffer.from('a'), Buffer.alloc(0), Buffer.from('c'), Buffer.alloc(0), Buffer.from('e')] });
    const block = common.Block.deserializeBinary(Buffer.concat([frame.header, encodeData(envelopes), frame.metadata]));
    expect(block.getHeader()!.getNumber()).toBe(300);
    expect(Buffer.from(block.getHeader()!.getDataHash_asU8()).equals(createHash('sha256').update('firstsecond').digest())).toBe(true);
    expect(block.getData()!.getDataList_asU8().map((bytes) => Buffer.from(bytes).toString())).toEqual(['first', 'second']);
    expect(block.getMetadata()!.getMetadataList_asU8().map((bytes) => Buffer.from(bytes).toString())).toEqual(['a', '', 'c', '', 'e']);
  });
});

interface FabricUpdate {
  readonly namespace: string;
  readonly collection?: string;
  readonly key: string | Buffer;
  readonly value: string | undefined;
  readonly version: string;
}

/** Fabric's `txmgr.Updates`, written with the platform-independent writer of google-protobuf. */
function updatesWithFabric(entries: readonly FabricUpdate[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const { namespace, collection = '', key, value, version } of entries) {
    const inner = new BinaryWriter();
    if (namespace !== '') inner.writeString(1, namespace);
    if (collection !== '') inner.writeString(2, collection);
    inner.writeBytes(3, typeof key === 'string' ? Buffer.from(key) : key);
    if (value === undefined) inner.writeBool(4, true);
    else inner.writeBytes(5, Buffer.from(value));
    inner.writeBytes(6, Buffer.from(version, 'hex'));
    writer.writeBytes(1, inner.getResultBuffer());
  }
  return writer.getResultBuffer();
}

describe('the commit hash', () => {
  const update = (namespace: string, key: string, value: string | undefined, version: StateUpdate['version']): StateUpdate =>
    ({ namespace, key, version, value: value === undefined ? undefined : Buffer.from(value) });

  test('covers flags, updates sorted by namespace and key, and the hash before (Fabric, kv_ledger addBlockCommitHash)', () => {
    const updates = [
      update('b', 'z', 'last', { block: 256, transaction: 0 }), update('a', '\u{1F600}', 'emoji', { block: 1, transaction: 300 }),
      update('a', '\uFFFD', undefined, { block: 0, transaction: 1 }), update('a', 'k', 'v', { block: 1, transaction: 1 }),
    ];
    const expected = updatesWithFabric([
      { namespace: 'a', key: 'k', value: 'v', version: '01010101' }, { namespace: '', key: '\uFFFD', value: undefined, version: '000101' },
      { namespace: '', key: '\u{1F600}', value: 'emoji', version: '010102012c' }, { namespace: 'b', key: 'z', value: 'last', version: '02010000' },
    ]);
    const flags = Buffer.from([0, 11]);
    const wanted = createHash('sha256').update(Buffer.of(2)).update(flags).update(expected).update(hash(9)).digest('hex');
    expect(commitHash(flags, updates, hash(9)).toString('hex')).toBe(wanted);
  });

  test('covers the hashes of each collection after its chaincode\'s own keys (Fabric, deterministicBytesForPubAndHashUpdates)', () => {
    const at = { block: 1, transaction: 1 };
    const [low, high] = [hash(1), hash(200)];
    const updates = [
      update(collectionNamespace('b', 'x'), low.toString('hex'), 'only a hash', at), update(collectionNamespace('a', 'y'), low.toString('hex'), 'y1', at),
      update(collectionNamespace('a', 'x'), high.toString('hex'), undefined, at), update(collectionNamespace('a', 'x'), low.toString('hex'), 'x1', at), update('a', 'k', 'v', at),
    ];
    const version = '01010101';
    const expected = updatesWithFabric([
      { namespace: 'a', key: 'k', value: 'v', version }, { namespace: '', collection: 'x', key: low, value: 'x1', version }, { namespace: '', key: high, value: undefined, version },
      { namespace: '', collection: 'y', key: low, value: 'y1', version }, { namespace: 'b', collection: 'x', key: low, value: 'only a hash', version },
    ]);
    const wanted = createHash('sha256').update(Buffer.from([1, 0])).update(expected).update(hash(3)).digest('hex');
    expect(commitHash(Buffer.of(0), updates, hash(3)).toString('hex')).toBe(wanted);
  });

  test('of a block without updates still depends on flags and predecessor', () => {
    const wanted = createHash('sha256').update(Buffer.from([1, 11])).update(hash(3)).digest('hex');
    expect(commitHash(Buffer.of(11), [], hash(3)).toString('hex')).toBe(wanted);
  });

  test('counts more than 127 flags with two bytes', () => {
    const flags = Buffer.alloc(200);
    const wanted = createHash('sha256').update(Buffer.from([0xc8, 0x01])).update(flags).update(hash(3)).digest('hex');
    expect(commitHash(flags, [], hash(3)).toString('hex')).toBe(wanted);
  });
});
