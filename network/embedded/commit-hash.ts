/**
 * Fabric's commit hash: a chain over the validation flags and the state updates of every block, equal on all peers that
 * came to the same state. It starts with block 1.
 */
import { sha256 } from './block.js';
import { MessageWriter } from './wire-format.js';
import { compareKeys, type Version } from './read-write-set.js';

export interface StateUpdate {
  readonly namespace: string;
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

/** Fabric's deterministic form of an update batch (`txmgr.Updates`): the namespace stands on its first key only. */
function updateBatch(updates: readonly StateUpdate[]): Buffer {
  const batch = new MessageWriter();
  let namespace = '';
  for (const update of sorted(updates)) {
    const write = new MessageWriter();
    if (update.namespace !== namespace) write.text(1, update.namespace);
    namespace = update.namespace;
    write.bytes(3, Buffer.from(update.key, 'utf8')).number(4, update.value === undefined ? 1 : 0);
    if (update.value !== undefined) write.bytes(5, update.value);
    batch.message(1, write.bytes(6, versionBytes(update.version)));
  }
  return batch.finish();
}

function sorted(updates: readonly StateUpdate[]): StateUpdate[] {
  return [...updates].sort((a, b) => compareKeys(a.namespace, b.namespace) || compareKeys(a.key, b.key));
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
