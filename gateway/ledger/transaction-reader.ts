/** One transaction of a block: who, when, what it wrote. Read from the wire format, see `block-reader.ts`. */
import { Buffer } from 'node:buffer';
import { Problem } from '#domain/errors.js';
import type { HashedWrite, LedgerEvent, LedgerTransaction, LedgerWrite } from './ledger.js';
import { WireError, WireReader } from './protobuf-wire.js';

/** `common.HeaderType.ENDORSER_TRANSACTION`; configuration blocks have other types and write no state. */
const ENDORSER_TRANSACTION = 3;
/** The end of the year 9999, and of what a protobuf Timestamp can say; negative seconds read as far beyond it. */
const LATEST_TIME = 253_402_300_799_999;
const NOTHING: Buffer = Buffer.alloc(0);

interface Draft {
  type: number;
  id: string;
  timestamp: number;
  creatorMsp: string;
  data: Buffer;
  writes: LedgerWrite[];
  touched: { namespace: string; key: string }[];
  hashed: HashedWrite[];
  event: LedgerEvent | undefined;
}

/** A version as the ledger counts: block number and place in the block. */
export interface ReadVersion {
  readonly block: bigint;
  readonly index: number;
}

/** One key that a transaction read; `null` if it was not there. */
export interface KeyRead {
  readonly namespace: string;
  readonly key: string;
  readonly version: ReadVersion | null;
}

/**
 * Reads one envelope of a block.
 *
 * @param code the peer's TxValidationCode for it: what is invalid wrote nothing, and may be any bytes at all
 * @throws Problem LEDGER_BLOCK_WRONG if it is valid but cannot be read
 */
export function readTransaction(envelope: Buffer, index: number, code: number, block: bigint): LedgerTransaction {
  const draft = emptyDraft();
  try {
    readEnvelope(envelope, draft);
    if (code === 0 && draft.type === ENDORSER_TRANSACTION) readActions(draft);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (code === 0) throw new Problem('LEDGER_BLOCK_WRONG', { block: String(block), transaction: String(index), reason: error.message });
  }
  const { id, timestamp, creatorMsp, writes, touched, hashed, event } = draft;
  return { id, index, valid: code === 0, code, timestamp, creatorMsp, writes, touched, hashed, ...(event === undefined ? {} : { event }) };
}

/**
 * What an endorsed transaction read, from its serialised `common.Payload` (a receipt): single keys, and the keys
 * found by ranges.
 *
 * @returns `ranges` is true if it asked for a range: then a new key may matter that is not among the reads
 * @throws WireError
 */
export function readSetOf(payload: Uint8Array): { reads: KeyRead[]; ranges: boolean } {
  const draft = emptyDraft();
  readPayload(new WireReader(payload), draft);
  const out = { reads: [] as KeyRead[], ranges: false };
  forEachAction(draft.data, (results) => forEachNamespace(results, (namespace, set) => readReads(namespace, set, out)));
  return out;
}

/**
 * The keys that an endorsed transaction writes, from its serialised `common.Payload`.
 *
 * @throws WireError
 */
export function writtenKeys(payload: Uint8Array): readonly { readonly namespace: string; readonly key: string }[] {
  const draft = emptyDraft();
  readPayload(new WireReader(payload), draft);
  readActions(draft);
  return draft.writes;
}

/**
 * The collections of private data of which an endorsed transaction writes hashes, from its serialised `common.Payload`.
 *
 * @returns their names, e.g. `controlled`
 * @throws WireError
 */
export function writtenCollections(payload: Uint8Array): ReadonlySet<string> {
  const draft = emptyDraft();
  readPayload(new WireReader(payload), draft);
  const found = new Set<string>();
  forEachAction(draft.data, (results) => forEachNamespace(results, (_namespace, _set, collections) => {
    for (const collection of collections) readCollection(collection, found);
  }));
  return found;
}

/** `rwset.CollectionHashedReadWriteSet`; in its `kvrwset.HashedRWSet` field 2 is writes, 3 what was written of policies. */
function readCollection(reader: WireReader, written: Set<string>): void {
  let name = '';
  let set = NOTHING;
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) set = reader.view();
  }
  const hashes = new WireReader(set);
  while (hashes.next()) if (hashes.field === 2 || hashes.field === 3) written.add(name);
}

function readReads(namespace: string, set: WireReader, out: { reads: KeyRead[]; ranges: boolean }): void {
  while (set.next()) {
    if (set.field === 1) out.reads.push(readKeyRead(set.nested(), namespace));
    else if (set.field === 2) {
      out.ranges = true;
      readRange(set.nested(), namespace, out.reads);
    }
  }
}

function emptyDraft(): Draft {
  return { type: 0, id: '', timestamp: 0, creatorMsp: '', data: NOTHING, writes: [], touched: [], hashed: [], event: undefined };
}

function readEnvelope(envelope: Buffer, draft: Draft): void {
  const reader = new WireReader(envelope);
  let payload = NOTHING;
  while (reader.next()) if (reader.field === 1) payload = reader.view();
  readPayload(new WireReader(payload), draft);
}

function readPayload(reader: WireReader, draft: Draft): void {
  const header: { channel: Buffer; signature: Buffer } = { channel: NOTHING, signature: NOTHING };
  while (reader.next()) {
    if (reader.field === 1) readHeader(reader.nested(), header);
    else if (reader.field === 2) draft.data = reader.view();
  }
  readChannelHeader(new WireReader(header.channel), draft);
  readCreator(new WireReader(header.signature), draft);
}

function readHeader(reader: WireReader, header: { channel: Buffer; signature: Buffer }): void {
  while (reader.next()) {
    if (reader.field === 1) header.channel = reader.view();
    else if (reader.field === 2) header.signature = reader.view();
  }
}

function readChannelHeader(reader: WireReader, draft: Draft): void {
  const time = { seconds: 0, nanos: 0 };
  while (reader.next()) {
    if (reader.varint === 1) draft.type = reader.int32;
    else if (reader.field === 3) readTimestamp(reader.nested(), time);
    else if (reader.field === 5) draft.id = reader.text();
  }
  const milliseconds = time.seconds * 1000 + Math.floor(time.nanos / 1_000_000);
  draft.timestamp = milliseconds <= LATEST_TIME ? milliseconds : 0;
}

function readTimestamp(reader: WireReader, time: { seconds: number; nanos: number }): void {
  while (reader.next()) {
    if (reader.varint === 1) time.seconds = reader.number;
    else if (reader.varint === 2) time.nanos = reader.number;
  }
}

function readCreator(reader: WireReader, draft: Draft): void {
  let creator = NOTHING;
  while (reader.next()) if (reader.field === 1) creator = reader.view();
  const identity = new WireReader(creator);
  while (identity.next()) if (identity.field === 1) draft.creatorMsp = identity.text();
}

function readActions(draft: Draft): void {
  forEachAction(draft.data, (results, event) => {
    if (event.length > 0) draft.event = readEvent(new WireReader(event));
    forEachNamespace(results, (namespace, set, collections) => {
      readWrites(namespace, set, draft);
      for (const collection of collections) readHashedWrites(namespace, collection, draft.hashed);
    });
  });
}

function readWrites(namespace: string, set: WireReader, draft: Draft): void {
  while (set.next()) {
    if (set.field === 3) draft.writes.push(readWrite(set.nested(), namespace));
    else if (set.field === 4) draft.touched.push({ namespace, key: readKey(set.nested()) });
  }
}

/** Transaction → TransactionAction → ChaincodeActionPayload → ChaincodeEndorsedAction → … → ChaincodeAction. */
function forEachAction(transaction: Buffer, visit: (results: Buffer, event: Buffer) => void): void {
  const reader = new WireReader(transaction);
  while (reader.next()) {
    if (reader.field !== 1) continue;
    const payload = lastBytes(reader.nested(), 2);
    const response = mergedBytes(new WireReader(payload), 2, 1);
    const action = new WireReader(lastBytes(new WireReader(response), 2));
    const found = { results: NOTHING, event: NOTHING };
    while (action.next()) {
      if (action.field === 1) found.results = action.view();
      else if (action.field === 2) found.event = action.view();
    }
    visit(found.results, found.event);
  }
}

type NamespaceVisitor = (namespace: string, set: WireReader, collections: readonly WireReader[]) => void;

const NO_COLLECTIONS: readonly WireReader[] = [];

function forEachNamespace(results: Buffer, visit: NamespaceVisitor): void {
  const reader = new WireReader(results);
  while (reader.next()) if (reader.field === 2) readNamespace(reader.nested(), visit);
}

function readNamespace(reader: WireReader, visit: NamespaceVisitor): void {
  let namespace = '';
  let set = NOTHING;
  let collections: WireReader[] | undefined;
  while (reader.next()) {
    if (reader.field === 1) namespace = reader.text();
    else if (reader.field === 2) set = reader.view();
    else if (reader.field === 3) (collections ??= []).push(reader.nested());
  }
  visit(namespace, new WireReader(set), collections ?? NO_COLLECTIONS);
}

/** A bytes field that occurs twice: the last one counts. */
function lastBytes(reader: WireReader, field: number): Buffer {
  let found = NOTHING;
  while (reader.next()) if (reader.field === field) found = reader.view();
  return found;
}

/** Field `inner` of the message in field `outer`, all occurrences of the message merged. */
function mergedBytes(reader: WireReader, outer: number, inner: number): Buffer {
  let found = NOTHING;
  while (reader.next()) {
    if (reader.field !== outer) continue;
    const nested = reader.nested();
    while (nested.next()) if (nested.field === inner) found = nested.view();
  }
  return found;
}

function readWrite(reader: WireReader, namespace: string): LedgerWrite {
  let key = '';
  let removed = false;
  let value: Buffer = NOTHING;
  while (reader.next()) {
    if (reader.field === 1) key = reader.text();
    else if (reader.varint === 2) removed = reader.number !== 0;
    else if (reader.field === 3) value = reader.view();
  }
  return { namespace, key, value: removed || value.length === 0 ? null : value };
}

/** `rwset.CollectionHashedReadWriteSet`, of which `kvrwset.HashedRWSet` is field 2, and the writes its field 2. */
function readHashedWrites(namespace: string, reader: WireReader, into: HashedWrite[]): void {
  let collection = '';
  let set = NOTHING;
  while (reader.next()) {
    if (reader.field === 1) collection = reader.text();
    else if (reader.field === 2) set = reader.view();
  }
  const writes = new WireReader(set);
  while (writes.next()) if (writes.field === 2) into.push(readHashedWrite(writes.nested(), namespace, collection));
}

/** `kvrwset.KVWriteHash` */
function readHashedWrite(reader: WireReader, namespace: string, collection: string): HashedWrite {
  let keyHash = NOTHING;
  let removed = false;
  let valueHash = NOTHING;
  while (reader.next()) {
    if (reader.field === 1) keyHash = reader.view();
    else if (reader.varint === 2) removed = reader.number !== 0;
    else if (reader.field === 3) valueHash = reader.view();
  }
  return { namespace, collection, keyHash, valueHash: removed ? null : valueHash };
}

function readKey(reader: WireReader): string {
  let key = '';
  while (reader.next()) if (reader.field === 1) key = reader.text();
  return key;
}

function readEvent(reader: WireReader): LedgerEvent {
  const event = { chaincode: '', name: '', payload: NOTHING };
  while (reader.next()) {
    if (reader.field === 1) event.chaincode = reader.text();
    else if (reader.field === 3) event.name = reader.text();
    else if (reader.field === 4) event.payload = reader.view();
  }
  return event;
}

function readKeyRead(reader: WireReader, namespace: string): KeyRead {
  let key = '';
  const version = { block: 0, index: 0, found: false };
  while (reader.next()) {
    if (reader.field === 1) key = reader.text();
    else if (reader.field === 2) readVersion(reader.nested(), version);
  }
  return { namespace, key, version: version.found ? { block: BigInt(version.block), index: version.index } : null };
}

/** An empty version message is version 0:0, not an absent one: fields of value 0 are left out. */
function readVersion(reader: WireReader, version: { block: number; index: number; found: boolean }): void {
  version.found = true;
  while (reader.next()) {
    if (reader.varint === 1) version.block = reader.number;
    else if (reader.varint === 2) version.index = reader.number;
  }
}

function readRange(reader: WireReader, namespace: string, into: KeyRead[]): void {
  while (reader.next()) {
    if (reader.field !== 4) continue;
    const raw = reader.nested();
    while (raw.next()) if (raw.field === 1) into.push(readKeyRead(raw.nested(), namespace));
  }
}
