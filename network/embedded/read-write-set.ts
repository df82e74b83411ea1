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

/** Reads and writes of one chaincode. */
export interface ReadWriteSet {
  readonly namespace: string;
  readonly reads: readonly KeyRead[];
  readonly ranges: readonly RangeRead[];
  readonly writes: readonly KeyWrite[];
}

/** True if both name the same height, or both say that the key does not exist. */
export function sameVersion(a: Version | undefined, b: Version | undefined): boolean {
  return a?.block === b?.block && a?.transaction === b?.transaction;
}

/** Order of keys in Fabric: by UTF-8 bytes, which is not JavaScript's order of strings. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** @returns `rwset.TxReadWriteSet` with one namespace, or no bytes at all if nothing was read or written */
export function encodeReadWriteSet(set: ReadWriteSet): Buffer {
  const kv = new MessageWriter();
  for (const read of set.reads) kv.message(1, keyReadMessage(read));
  for (const range of set.ranges) kv.message(2, rangeMessage(range));
  for (const write of set.writes) kv.message(3, writeMessage(write));
  if (kv.length === 0) return Buffer.alloc(0);
  const namespace = new MessageWriter().text(1, set.namespace).message(2, kv);
  return new MessageWriter().message(2, namespace).finish();
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
  const set = { namespace: '', reads: [] as KeyRead[], ranges: [] as RangeRead[], writes: [] as KeyWrite[] };
  eachField(raw, (field, value) => {
    if (field === 1) set.namespace = asText(value);
    else if (field === 2) decodeKeyValueSet(asBytes(value), set);
  });
  return set;
}

function decodeKeyValueSet(raw: Buffer, into: { reads: KeyRead[]; ranges: RangeRead[]; writes: KeyWrite[] }): void {
  eachField(raw, (field, value) => {
    if (field === 1) into.reads.push(decodeKeyRead(asBytes(value)));
    else if (field === 2) into.ranges.push(decodeRange(asBytes(value)));
    else if (field === 3) into.writes.push(decodeWrite(asBytes(value)));
  });
}

function decodeKeyRead(raw: Buffer): KeyRead {
  let key = '';
  let version: Version | undefined;
  eachField(raw, (field, value) => {
    if (field === 1) key = asText(value);
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

function decodeWrite(raw: Buffer): KeyWrite {
  let key = '';
  let isDelete = false;
  let bytes: Buffer = Buffer.alloc(0);
  eachField(raw, (field, value) => {
    if (field === 1) key = asText(value);
    else if (field === 2) isDelete = asNumber(value) === 1;
    else if (field === 3) bytes = asBytes(value);
  });
  return { key, isDelete: isDelete || bytes.length === 0, value: bytes };
}
