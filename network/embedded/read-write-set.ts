/** What a simulated transaction read and wants to write (Fabric's `ledger/rwset`), and its bytes in the transaction. */
import { asBytes, asNumber, asText, eachField, MessageWriter } from './wire-format.js';

/** Height at which a key was last written: the block, and the transaction's place in it. */
export interface Version {
  readonly block: number;
  readonly transaction: number;
}

/** A key that was read, with the version found; `undefined` if the key did not exist. */
export interface KeyRead {
  readonly key: string;
  readonly version: Version | undefined;
}

export interface RangeRead {
  readonly startKey: string;
  /** The end asked for if the range was read to its end, else the last key fetched. */
  readonly endKey: string;
  readonly exhausted: boolean;
  readonly reads: readonly KeyRead[];
}

/** An empty value and a deletion are the same thing in Fabric. */
export interface KeyWrite {
  readonly key: string;
  readonly isDelete: boolean;
  readonly value: Buffer;
}

/** Reads and writes of one collection of private data: of keys and values alike, only hashes go into the transaction. */
export interface CollectionSet {
  readonly collection: string;
  /** Keys are SHA-256 in hexadecimal digits. */
  readonly reads: readonly KeyRead[];
  /** Keys likewise; values are SHA-256 of the private values. */
  readonly writes: readonly KeyWrite[];
  /** SHA-256 of the private write set, values and all; empty if nothing was written. */
  readonly privateSetHash: Buffer;
}

/** Reads and writes of one chaincode. */
export interface ReadWriteSet {
  readonly namespace: string;
  readonly reads: readonly KeyRead[];
  readonly ranges: readonly RangeRead[];
  readonly writes: readonly KeyWrite[];
  readonly collections: readonly CollectionSet[];
}

/** True if both name the same height, or both say that the key does not exist. */
export function sameVersion(a: Version | undefined, b: Version | undefined): boolean {
  return a?.block === b?.block && a?.transaction === b?.transaction;
}

/** Order of keys in Fabric: by UTF-8 bytes, which is not JavaScript's order of strings. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** Sorts in place. */
export function sortedByKey<T extends { readonly key: string }>(items: T[]): T[] {
  return items.sort((a, b) => compareKeys(a.key, b.key));
}

/** @returns `rwset.TxReadWriteSet` with one namespace, or no bytes at all if nothing was read or written */
export function encodeReadWriteSet(set: ReadWriteSet): Buffer {
  const kv = new MessageWriter();
  for (const read of set.reads) kv.message(1, keyReadMessage(read));
  for (const range of set.ranges) kv.message(2, rangeMessage(range));
  for (const write of set.writes) kv.message(3, writeMessage(write));
  if (kv.length === 0 && set.collections.length === 0) return Buffer.alloc(0);
  const namespace = new MessageWriter().text(1, set.namespace);
  if (kv.length > 0) namespace.message(2, kv);
  for (const collection of set.collections) namespace.message(3, collectionMessage(collection));
  return new MessageWriter().message(2, namespace).finish();
}

/** The bytes whose hash stands for the private values: `kvrwset.KVRWSet` with nothing but writes. */
export function encodePrivateWrites(writes: readonly KeyWrite[]): Buffer {
  const kv = new MessageWriter();
  for (const write of writes) kv.message(3, writeMessage(write));
  return kv.finish();
}

function collectionMessage({ collection, reads, writes, privateSetHash }: CollectionSet): MessageWriter {
  const hashed = new MessageWriter();
  for (const { key, version } of reads) {
    const read = new MessageWriter().bytes(1, Buffer.from(key, 'hex'));
    hashed.message(1, version === undefined ? read : read.message(2, versionMessage(version)));
  }
  for (const { key, isDelete, value } of writes) {
    hashed.message(2, new MessageWriter().bytes(1, Buffer.from(key, 'hex')).number(2, isDelete ? 1 : 0).bytes(3, value));
  }
  return new MessageWriter().text(1, collection).bytes(2, hashed.finish()).bytes(3, privateSetHash);
}

function keyReadMessage(read: KeyRead): MessageWriter {
  const message = new MessageWriter().text(1, read.key);
  return read.version === undefined ? message : message.message(2, versionMessage(read.version));
}

function versionMessage(version: Version): MessageWriter {
  return new MessageWriter().number(1, version.block).number(2, version.transaction);
}

function rangeMessage(range: RangeRead): MessageWriter {
  const rawReads = new MessageWriter();
  for (const read of range.reads) rawReads.message(1, keyReadMessage(read));
  return new MessageWriter().text(1, range.startKey).text(2, range.endKey).number(3, range.exhausted ? 1 : 0).message(4, rawReads);
}

function writeMessage(write: KeyWrite): MessageWriter {
  return new MessageWriter().text(1, write.key).number(2, write.isDelete ? 1 : 0).bytes(3, write.value);
}

/**
 * Reads a `rwset.TxReadWriteSet`; values stay views into `raw`.
 *
 * @throws MalformedMessage
 */
export function decodeReadWriteSets(raw: Buffer): ReadWriteSet[] {
  const sets: ReadWriteSet[] = [];
  eachField(raw, (field, value) => {
    if (field === 2) sets.push(decodeNamespace(asBytes(value)));
  });
  return sets;
}

function decodeNamespace(raw: Buffer): ReadWriteSet {
  const set = { namespace: '', reads: [] as KeyRead[], ranges: [] as RangeRead[], writes: [] as KeyWrite[], collections: [] as CollectionSet[] };
  eachField(raw, (field, value) => {
    if (field === 1) set.namespace = asText(value);
    else if (field === 2) decodeKeyValueSet(asBytes(value), set);
    else if (field === 3) set.collections.push(decodeCollection(asBytes(value)));
  });
  return set;
}

function decodeCollection(raw: Buffer): CollectionSet {
  const set = { collection: '', reads: [] as KeyRead[], writes: [] as KeyWrite[], privateSetHash: Buffer.alloc(0) as Buffer };
  eachField(raw, (field, value) => {
    if (field === 1) set.collection = asText(value);
    else if (field === 2) decodeHashedSet(asBytes(value), set);
    else if (field === 3) set.privateSetHash = asBytes(value);
  });
  return set;
}

function decodeHashedSet(raw: Buffer, into: { reads: KeyRead[]; writes: KeyWrite[] }): void {
  eachField(raw, (field, value) => {
    if (field === 1) into.reads.push(decodeKeyRead(asBytes(value), asHash));
    else if (field === 2) into.writes.push(decodeWrite(asBytes(value), asHash));
  });
}

const asHash = (value: number | Buffer): string => asBytes(value).toString('hex');

function decodeKeyValueSet(raw: Buffer, into: { reads: KeyRead[]; ranges: RangeRead[]; writes: KeyWrite[] }): void {
  eachField(raw, (field, value) => {
    if (field === 1) into.reads.push(decodeKeyRead(asBytes(value)));
    else if (field === 2) into.ranges.push(decodeRange(asBytes(value)));
    else if (field === 3) into.writes.push(decodeWrite(asBytes(value)));
  });
}

function decodeKeyRead(raw: Buffer, asKey: (value: number | Buffer) => string = asText): KeyRead {
  let key = '';
  let version: Version | undefined;
  eachField(raw, (field, value) => {
    if (field === 1) key = asKey(value);
    else if (field === 2) version = decodeVersion(asBytes(value));
  });
  return { key, version };
}

function decodeVersion(raw: Buffer): Version {
  const version = { block: 0, transaction: 0 };
  eachField(raw, (field, value) => {
    if (field === 1) version.block = asNumber(value);
    else if (field === 2) version.transaction = asNumber(value);
  });
  return version;
}

function decodeRange(raw: Buffer): RangeRead {
  const range = { startKey: '', endKey: '', exhausted: false, reads: [] as KeyRead[] };
  eachField(raw, (field, value) => {
    if (field === 1) range.startKey = asText(value);
    else if (field === 2) range.endKey = asText(value);
    else if (field === 3) range.exhausted = asNumber(value) === 1;
    else if (field === 4) range.reads = decodeRawReads(asBytes(value));
  });
  return range;
}

function decodeRawReads(raw: Buffer): KeyRead[] {
  const reads: KeyRead[] = [];
  eachField(raw, (field, value) => {
    if (field === 1) reads.push(decodeKeyRead(asBytes(value)));
  });
  return reads;
}

function decodeWrite(raw: Buffer, asKey: (value: number | Buffer) => string = asText): KeyWrite {
  let key = '';
  let isDelete = false;
  let bytes: Buffer = Buffer.alloc(0);
  eachField(raw, (field, value) => {
    if (field === 1) key = asKey(value);
    else if (field === 2) isDelete = asNumber(value) === 1;
    else if (field === 3) bytes = asBytes(value);
  });
  return { key, isDelete: isDelete || bytes.length === 0, value: bytes };
}
