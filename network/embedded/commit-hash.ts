/**
 * Fabric's commit hash: a chain over the validation flags and the state updates of every block, equal on all peers that
 * came to the same state. It starts with block 1.
 */
import { sha256 } from './block.js';
import { MessageWriter } from './wire-format.js';
import { compareKeys, type Version } from './read-write-set.js';
import { partsOfNamespace } from './record-names.js';

export interface StateUpdate {
  /** Of a chaincode, e.g. `minhchung`, or of one of its collections (`collectionNamespace`). */
  readonly namespace: string;
  /** In a collection: the key's hash, in hexadecimal digits. */
  readonly key: string;
  readonly version: Version;
  /** `undefined` for a deletion. */
  readonly value: Buffer | undefined;
}

/**
 * @param flags one validation code per transaction
 * @param updates the last valid write of each key in this block
 * @param previous commit hash of the block before; empty for the first one
 */
export function commitHash(flags: Buffer, updates: readonly StateUpdate[], previous: Buffer): Buffer {
  const count = new MessageWriter().bytes(1, flags).finish().subarray(1); // varint length, then the flags
  return sha256(count, updateBatch(updates), previous);
}

/**
 * Fabric's deterministic form of an update batch (`txmgr.Updates`): a chaincode's own keys, then those of its collections.
 * The names of chaincode and collection stand on their first key only.
 */
function updateBatch(updates: readonly StateUpdate[]): Buffer {
  const batch = new MessageWriter();
  let namespace = '';
  let at = partsOfNamespace(namespace);
  for (const update of sorted(updates)) {
    const write = new MessageWriter();
    if (update.namespace !== namespace) {
      const { chaincode, collection } = partsOfNamespace(update.namespace);
      write.text(1, chaincode === at.chaincode ? '' : chaincode).text(2, collection);
      at = { chaincode, collection };
      namespace = update.namespace;
    }
    batch.message(1, keyMessage(write, update, at.collection === '' ? 'utf8' : 'hex'));
  }
  return batch.finish();
}

function keyMessage(write: MessageWriter, { key, value, version }: StateUpdate, encoding: 'utf8' | 'hex'): MessageWriter {
  write.bytes(3, Buffer.from(key, encoding)).number(4, value === undefined ? 1 : 0);
  if (value !== undefined) write.bytes(5, value);
  return write.bytes(6, versionBytes(version));
}

function sorted(updates: readonly StateUpdate[]): StateUpdate[] {
  return [...updates].sort((a, b) => compareNamespaces(a.namespace, b.namespace) || compareKeys(a.key, b.key));
}

function compareNamespaces(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [partsOfNamespace(a), partsOfNamespace(b)];
  return compareKeys(left.chaincode, right.chaincode) || compareKeys(left.collection, right.collection);
}

/** Block and transaction, each as its length in bytes and its big-endian digits. */
function versionBytes(version: Version): Buffer {
  return Buffer.concat([orderPreserving(version.block), orderPreserving(version.transaction)]);
}

function orderPreserving(n: number): Buffer {
  if (n === 0) return Buffer.of(0);
  const digits = n.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
