/** One collection of private data in a simulated transaction: the ledger keeps and orders hashes, never the values. */
import { sha256 } from './block.js';
import type { Snapshot } from './level-store.js';
import { encodePrivateWrites, sortedByKey, type CollectionSet, type KeyWrite, type Version } from './read-write-set.js';
import { collectionNamespace } from './record-names.js';
import type { WorldState } from './world-state.js';

export class CollectionSimulation {
  readonly #name: string;
  readonly #namespace: string;
  readonly #state: WorldState;
  /** By key as the contract names it: Fabric's order in the transaction is that of the keys, not of their hashes. */
  readonly #reads = new Map<string, Version | undefined>();
  readonly #writes = new Map<string, KeyWrite>();

  constructor(chaincode: string, name: string, state: WorldState) {
    this.#name = name;
    this.#namespace = collectionNamespace(chaincode, name);
    this.#state = state;
  }

  get wrote(): boolean {
    return this.#writes.size > 0;
  }

  /** @returns the hash of the committed value; empty if there is none */
  getHash(key: string, snapshot: Snapshot): Buffer {
    const found = this.#state.read(this.#namespace, hashOf(key), snapshot);
    this.#reads.set(key, found?.version);
    return found?.value ?? Buffer.alloc(0);
  }

  put(key: string, value: Buffer): void {
    this.#writes.set(key, { key, isDelete: value.length === 0, value });
  }

  result(): CollectionSet {
    const reads = sortedByKey([...this.#reads].map(([key, version]) => ({ key, version })));
    const writes = sortedByKey([...this.#writes.values()]);
    return {
      collection: this.#name,
      reads: reads.map(({ key, version }) => ({ key: hashOf(key), version })),
      writes: writes.map(({ key, isDelete, value }) => ({ key: hashOf(key), isDelete, value: isDelete ? value : sha256(value) })),
      privateSetHash: this.wrote ? sha256(encodePrivateWrites(writes)) : Buffer.alloc(0),
    };
  }
}

const hashOf = (key: string): string => sha256(Buffer.from(key, 'utf8')).toString('hex');
