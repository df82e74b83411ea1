/**
 * The world state: the newest value of every key, and the history of each. Every read is checked against a second
 * record, and both are taken from one snapshot, because blocks are written while others read.
 */
import { decodeEnvelope } from './transaction-message.js';
import type { Timestamp } from './proposal-message.js';
import { endOfPrefix, envelopeName, historyPrefix, stateName, statePrefix, twinName, twinPrefix } from './record-names.js';
import { sameVersion, type Version } from './read-write-set.js';
import { recordDamaged } from './record-seal.js';
import type { Entry, LevelStore, Snapshot } from './level-store.js';

const VERSION_BYTES = 12;

/** A key's newest value and the height it was written at. */
export interface VersionedValue {
  readonly version: Version;
  readonly value: Buffer;
}

export interface KeyedValue extends VersionedValue {
  readonly key: string;
}

/** What is known about a key without its value; stays when the key is deleted. */
export interface Twin {
  readonly version: Version;
  /** How many valid transactions wrote or deleted the key. */
  readonly changes: number;
  readonly deleted: boolean;
}

/** One change of a key. */
export interface Modification {
  readonly transactionId: string;
  readonly timestamp: Timestamp;
  readonly isDelete: boolean;
  readonly value: Buffer;
}

/** Where a change's value stands inside its transaction's envelope: history keeps no second copy. */
export interface ValuePlace {
  readonly offset: number;
  readonly length: number;
  readonly isDelete: boolean;
}

export class WorldState {
  readonly #store: LevelStore;

  constructor(store: LevelStore) {
    this.#store = store;
  }

  /**
   * @returns the key's value, or `undefined` if it does not exist
   * @throws Problem LEDGER_RECORD_DAMAGED also when a record is gone that must be there
   */
  read(namespace: string, key: string, snapshot: Snapshot): VersionedValue | undefined {
    const name = stateName(namespace, key);
    const content = this.#store.get(name, snapshot);
    const found = content === undefined ? undefined : decodeState(content);
    const twin = this.twin(namespace, key, snapshot);
    const expected = twin === undefined || twin.deleted ? undefined : twin.version;
    if (!sameVersion(found?.version, expected)) throw this.#damaged(name);
    return found;
  }

  twin(namespace: string, key: string, snapshot: Snapshot): Twin | undefined {
    const content = this.#store.get(twinName(namespace, key), snapshot);
    return content === undefined ? undefined : decodeTwin(content);
  }

  /**
   * Keys from `from` (included) to `to` (not included; empty means to the end), in pages, ordered by UTF-8 bytes.
   *
   * @throws Problem LEDGER_RECORD_DAMAGED
   */
  async *range(namespace: string, bounds: KeyRange, snapshot: Snapshot): AsyncGenerator<KeyedValue[], void, void> {
    const twins = new LiveTwins(this.#store, namespace, bounds, snapshot);
    const prefix = statePrefix(namespace);
    try {
      for await (const page of this.#store.entries({ ...storeRange(prefix, bounds), snapshot })) {
        const values = page.map((entry) => ({ key: entry.name.slice(prefix.length), ...decodeState(entry.content) }));
        for (const value of values) await this.#expectTwin(namespace, twins, value);
        yield values;
      }
      const missing = await twins.next();
      if (missing !== undefined) throw this.#damaged(stateName(namespace, missing.key));
    } finally {
      await twins.close();
    }
  }

  async #expectTwin(namespace: string, twins: LiveTwins, value: KeyedValue): Promise<void> {
    const twin = await twins.next();
    if (twin?.key === value.key && sameVersion(twin.version, value.version)) return;
    throw this.#damaged(stateName(namespace, twin?.key ?? value.key));
  }

  /** All changes of a key, newest first; @throws Problem LEDGER_RECORD_DAMAGED also if one is missing */
  async *history(namespace: string, key: string, snapshot: Snapshot): AsyncGenerator<Modification, void, void> {
    const prefix = historyPrefix(namespace, key);
    let missing = this.twin(namespace, key, snapshot)?.changes ?? 0;
    const range = { from: prefix, to: endOfPrefix(prefix), reverse: true, snapshot };
    for await (const page of this.#store.entries(range)) {
      for (const entry of page) {
        missing -= 1;
        yield this.#modification(decodeHeight(entry.name.slice(prefix.length)), decodePlace(entry.content), snapshot);
      }
    }
    if (missing !== 0) throw this.#damaged(prefix);
  }

  #modification(version: Version, place: ValuePlace, snapshot: Snapshot): Modification {
    const name = envelopeName(version);
    const envelope = this.#store.get(name, snapshot);
    if (envelope === undefined) throw this.#damaged(name);
    const { channel } = decodeEnvelope(envelope).header;
    const value = envelope.subarray(place.offset, place.offset + place.length);
    return { transactionId: channel.transactionId, timestamp: channel.timestamp, isDelete: place.isDelete, value };
  }

  #damaged(name: string): Error {
    return this.#store.fail(recordDamaged(name, 'missing, or not the newest'));
  }
}

export interface KeyRange {
  readonly from: string;
  readonly to: string;
  readonly includeTo?: boolean;
}

function storeRange(prefix: string, bounds: KeyRange): { from: string; to: string; includeTo: boolean } {
  const open = bounds.to === '';
  return { from: prefix + bounds.from, to: open ? endOfPrefix(prefix) : prefix + bounds.to, includeTo: !open && bounds.includeTo === true };
}

/** The twins of the keys that exist, one after the other. */
class LiveTwins {
  readonly #pages: AsyncGenerator<Entry[], void, void>;
  readonly #prefixLength: number;
  #page: Entry[] = [];
  #at = 0;

  constructor(store: LevelStore, namespace: string, bounds: KeyRange, snapshot: Snapshot) {
    const prefix = twinPrefix(namespace);
    this.#prefixLength = prefix.length;
    this.#pages = store.entries({ ...storeRange(prefix, bounds), snapshot });
  }

  async next(): Promise<{ key: string; version: Version } | undefined> {
    for (;;) {
      const entry = this.#page[this.#at] ?? await this.#turnPage();
      if (entry === undefined) return undefined;
      this.#at += 1;
      const twin = decodeTwin(entry.content);
      if (!twin.deleted) return { key: entry.name.slice(this.#prefixLength), version: twin.version };
    }
  }

  async #turnPage(): Promise<Entry | undefined> {
    const page = await this.#pages.next();
    if (page.done === true) return undefined;
    this.#page = page.value;
    this.#at = 0;
    return this.#page[0];
  }

  async close(): Promise<void> {
    await this.#pages.return();
  }
}

/** Bytes of a height as all records hold it: 8 bytes block, 4 bytes transaction, big-endian. */
export function encodeVersion(version: Version): Buffer {
  const bytes = Buffer.allocUnsafe(VERSION_BYTES);
  bytes.writeUIntBE(0, 0, 2);
  bytes.writeUIntBE(version.block, 2, 6);
  bytes.writeUInt32BE(version.transaction, 8);
  return bytes;
}

export function decodeVersion(bytes: Buffer): Version {
  return { block: bytes.readUIntBE(2, 6), transaction: bytes.readUInt32BE(8) };
}

/** Out of the last 18 hexadecimal digits of a record's name. */
function decodeHeight(digits: string): Version {
  return { block: Number.parseInt(digits.slice(0, 12), 16), transaction: Number.parseInt(digits.slice(12), 16) };
}

function decodeState(content: Buffer): VersionedValue {
  return { version: decodeVersion(content), value: content.subarray(VERSION_BYTES) };
}

export function encodeTwin(twin: Twin): Buffer {
  const tail = Buffer.allocUnsafe(5);
  tail.writeUInt32BE(twin.changes, 0);
  tail[4] = twin.deleted ? 1 : 0;
  return Buffer.concat([encodeVersion(twin.version), tail]);
}

function decodeTwin(content: Buffer): Twin {
  return { version: decodeVersion(content), changes: content.readUInt32BE(VERSION_BYTES), deleted: content[VERSION_BYTES + 4] === 1 };
}

export function encodePlace(place: ValuePlace): Buffer {
  const bytes = Buffer.allocUnsafe(9);
  bytes.writeUInt32BE(place.offset, 0);
  bytes.writeUInt32BE(place.length, 4);
  bytes[8] = place.isDelete ? 1 : 0;
  return bytes;
}

function decodePlace(content: Buffer): ValuePlace {
  return { offset: content.readUInt32BE(0), length: content.readUInt32BE(4), isDelete: content[8] === 1 };
}

