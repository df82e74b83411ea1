import { messageReader } from './protobuf-reader.js';
import { Refusal } from './refusal.js';

/** A key that the call read, and the version it found. */
export interface KeyVersion {
  readonly key: string;
  /** `block:transaction` of the last write, e.g. `12:0`; `null` if nothing stood there. */
  readonly version: string | null;
}

export interface Simulation {
  /** What was read in the namespace asked for, in the ledger's order. */
  readonly reads: readonly KeyVersion[];
  /** Whether the call wrote nothing anywhere: no value, no metadata, no private data. */
  readonly isReadOnly: boolean;
}

// fabric-protos ledger/rwset/rwset.proto and ledger/rwset/kvrwset/kv_rwset.proto
const readTxReadWriteSet = messageReader({ dataModel: [1, 'number'], namespaces: [2, 'list'] });
const readNamespace = messageReader({ name: [1, 'text'], rwset: [2, 'bytes'], collections: [3, 'list'] });
const readCollection = messageReader({ name: [1, 'text'], hashedRwset: [2, 'bytes'], privateRwsetHash: [3, 'bytes'] });
const readKvRwset = messageReader({ reads: [1, 'list'], ranges: [2, 'list'], writes: [3, 'list'], metadataWrites: [4, 'list'] });
const readHashedRwset = messageReader({ reads: [1, 'list'], writes: [2, 'list'], metadataWrites: [3, 'list'] });
const readRead = messageReader({ key: [1, 'text'], version: [2, 'message'] });
const readVersion = messageReader({ block: [1, 'number'], transaction: [2, 'number'] });

const KEY_VALUE_MODEL = 0;

/**
 * What a call read and whether it wrote.
 *
 * @param results the `results` of a ChaincodeAction: a serialized rwset.TxReadWriteSet
 * @param chaincode whose keys are wanted; peers also record their own reads of the chaincode's definition
 * @throws Refusal RECEIPT_BYTES_MALFORMED
 */
export function readSimulation(results: Uint8Array, chaincode: string): Simulation {
  const { dataModel, namespaces } = readTxReadWriteSet(results);
  if (dataModel !== KEY_VALUE_MODEL) throw new Refusal('RECEIPT_BYTES_MALFORMED');
  const reads: KeyVersion[] = [];
  let writes = 0;
  for (const bytes of namespaces) {
    const namespace = readNamespace(bytes);
    const kv = readKvRwset(namespace.rwset);
    const own = kv.reads.map(readKeyVersion);
    if (namespace.name === chaincode) reads.push(...own);
    writes += kv.writes.length + kv.metadataWrites.length + privateWrites(namespace.collections);
  }
  return { reads, isReadOnly: writes === 0 };
}

function readKeyVersion(bytes: Uint8Array): KeyVersion {
  const { key, version } = readRead(bytes);
  if (version === undefined) return { key, version: null };
  const { block, transaction } = readVersion(version);
  return { key, version: `${block}:${transaction}` };
}

function privateWrites(collections: readonly Uint8Array[]): number {
  let writes = 0;
  for (const bytes of collections) {
    const hashed = readHashedRwset(readCollection(bytes).hashedRwset);
    writes += hashed.writes.length + hashed.metadataWrites.length;
  }
  return writes;
}
