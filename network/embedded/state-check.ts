/** Fabric's multi-version check at commit: is everything the simulation read still so? */
import type { Snapshot } from './level-store.js';
import type { WorldState } from './world-state.js';
import { CODE } from './transaction-check.js';
import { compareKeys, sameVersion, type CollectionSet, type KeyRead, type RangeRead, type ReadWriteSet, type Version } from './read-write-set.js';
import { collectionNamespace, stateName } from './record-names.js';

/** A write that is ordered but not on the disk yet. */
export interface PendingWrite {
  /** Of a chaincode or of one of its collections (`collectionNamespace`). */
  readonly namespace: string;
  readonly key: string;
  readonly version: Version;
  /** `undefined` for a deletion. */
  readonly value: Buffer | undefined;
}

/** Writes of one block by `stateName`, the last one per key. */
export type PendingWrites = Map<string, PendingWrite>;

/** State as a transaction of the block under preparation meets it. */
export interface StateView {
  readonly state: WorldState;
  /** What is on the disk; the block before may be in it already, or not yet. */
  readonly snapshot: Snapshot;
  /** The block before, while it is still being written. */
  readonly previousBlock: ReadonlyMap<string, PendingWrite>;
  /** Valid transactions of this block so far. */
  readonly thisBlock: ReadonlyMap<string, PendingWrite>;
}

/**
 * Checks reads, then ranges, then reads of collections, of one transaction.
 *
 * @returns CODE.valid, CODE.mvccReadConflict or CODE.phantomReadConflict
 */
export async function checkReads(sets: readonly ReadWriteSet[], view: StateView): Promise<number> {
  for (const set of sets) {
    if (!set.reads.every((read) => readStillHolds(set.namespace, read, view))) return CODE.mvccReadConflict;
    for (const range of set.ranges) {
      if (!await rangeStillHolds(set.namespace, range, view)) return CODE.phantomReadConflict;
    }
    if (!set.collections.every((collection) => collectionStillHolds(set.namespace, collection, view))) return CODE.mvccReadConflict;
  }
  return CODE.valid;
}

function collectionStillHolds(namespace: string, { collection, reads }: CollectionSet, view: StateView): boolean {
  return reads.every((read) => readStillHolds(collectionNamespace(namespace, collection), read, view));
}

function readStillHolds(namespace: string, read: KeyRead, view: StateView): boolean {
  const name = stateName(namespace, read.key);
  if (view.thisBlock.has(name)) return false;
  const pending = view.previousBlock.get(name);
  const version = pending === undefined ? view.state.read(namespace, read.key, view.snapshot)?.version : versionAfter(pending);
  return sameVersion(version, read.version);
}

const versionAfter = (write: PendingWrite): Version | undefined => (write.value === undefined ? undefined : write.version);

/** Runs the range again; a range that was not read to its end counts up to and including the last key fetched. */
async function rangeStillHolds(namespace: string, range: RangeRead, view: StateView): Promise<boolean> {
  const changed = changedKeys(namespace, range, view);
  let matched = 0;
  const expect = (key: string, version: Version): boolean => {
    const read = range.reads[matched];
    matched += 1;
    return read?.key === key && sameVersion(read.version, version);
  };
  for await (const { key, version } of mergedRange(namespace, range, view, changed)) {
    if (!expect(key, version)) return false;
  }
  return matched === range.reads.length;
}

/** Pending changes inside the range, sorted; those of this block win over those of the block before. */
function changedKeys(namespace: string, range: RangeRead, view: StateView): PendingWrite[] {
  const changes = new Map<string, PendingWrite>();
  for (const writes of [view.previousBlock, view.thisBlock]) {
    for (const write of writes.values()) {
      if (write.namespace === namespace && isInside(write.key, range)) changes.set(write.key, write);
    }
  }
  return [...changes.values()].sort((a, b) => compareKeys(a.key, b.key));
}

function isInside(key: string, range: RangeRead): boolean {
  if (compareKeys(key, range.startKey) < 0) return false;
  const order = range.endKey === '' ? -1 : compareKeys(key, range.endKey);
  return range.exhausted ? order < 0 : order <= 0;
}

/** Stored keys of the range with the pending changes laid over them, in order. */
async function* mergedRange(
  namespace: string, range: RangeRead, view: StateView, changes: readonly PendingWrite[],
): AsyncGenerator<{ key: string; version: Version }, void, void> {
  let next = 0;
  const bounds = { from: range.startKey, to: range.endKey, includeTo: !range.exhausted };
  for await (const page of view.state.range(namespace, bounds, view.snapshot)) {
    for (const stored of page) {
      for (; isBefore(changes[next], stored.key); next += 1) yield* living(changes[next]);
      if (changes[next]?.key === stored.key) {
        yield* living(changes[next]);
        next += 1;
      } else {
        yield stored;
      }
    }
  }
  for (; next < changes.length; next += 1) yield* living(changes[next]);
}

function isBefore(change: PendingWrite | undefined, key: string): boolean {
  return change !== undefined && compareKeys(change.key, key) < 0;
}

function* living(change: PendingWrite | undefined): Generator<{ key: string; version: Version }, void, void> {
  if (change?.value !== undefined) yield { key: change.key, version: change.version };
}
