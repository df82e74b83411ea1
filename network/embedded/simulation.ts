/**
 * One simulated transaction: reads come from a snapshot of the committed state, writes are only collected. A transaction
 * never sees its own writes, and everything it reads is recorded so that the commit can check it again.
 */
import type { Snapshot } from './level-store.js';
import { compareKeys, encodeReadWriteSet, sortedByKey, type CollectionSet, type KeyRead, type KeyWrite, type RangeRead, type ReadWriteSet, type Version } from './read-write-set.js';
import { CollectionSimulation } from './collection-simulation.js';
import type { KeyedValue, Modification, WorldState } from './world-state.js';

/** Results of one message of a range query, and what follows. */
export interface RangePage {
  readonly values: readonly KeyedValue[];
  readonly more: boolean;
  /** Where the next page starts, for a query with page size; empty at the end. */
  readonly bookmark: string;
}

export interface HistoryPage {
  readonly changes: readonly Modification[];
  readonly more: boolean;
}

/** A peer sends this many results per message and fetches one further, which counts as read. */
const RESULTS_PER_MESSAGE = 100;
/** Fabric's `totalQueryLimit`: no query gives more results than this, page size or not. */
const TOTAL_QUERY_LIMIT = 100_000;

export class Simulation {
  readonly namespace: string;
  readonly #defined: ReadonlySet<string>;
  readonly #state: WorldState;
  readonly #snapshot: Snapshot;
  readonly #reads = new Map<string, Version | undefined>();
  readonly #writes = new Map<string, KeyWrite>();
  readonly #ranges: OpenRange[] = [];
  readonly #queries = new Map<string, OpenRange | OpenHistory>();
  readonly #collections = new Map<string, CollectionSimulation>();
  #paginated = false;
  #wrote = false;

  /** @param collections of private data that the chaincode's definition names */
  constructor(namespace: string, collections: ReadonlySet<string>, state: WorldState, snapshot: Snapshot) {
    this.namespace = namespace;
    this.#defined = collections;
    this.#state = state;
    this.#snapshot = snapshot;
  }

  /** @returns the committed value; empty if the key does not exist */
  getState(key: string): Buffer {
    const found = this.#state.read(this.namespace, key, this.#snapshot);
    this.#reads.set(key, found?.version);
    return found?.value ?? Buffer.alloc(0);
  }

  /** An empty value deletes, as in Fabric. */
  putState(key: string, value: Buffer): void {
    this.#startWriting();
    this.#writes.set(key, { key, isDelete: value.length === 0, value });
  }

  deleteState(key: string): void {
    this.putState(key, Buffer.alloc(0));
  }

  /** @returns SHA-256 of the private value that was committed last; empty if there is none */
  getPrivateHash(collection: string, key: string): Buffer {
    return this.#collection(collection).getHash(key, this.#snapshot);
  }

  /** The value leaves nothing but its hash. */
  putPrivate(collection: string, key: string, value: Buffer): void {
    this.#startWriting();
    this.#collection(collection).put(key, value);
  }

  #collection(name: string): CollectionSimulation {
    if (!this.#defined.has(name)) throw new Error(`collection [${name}] not defined in the collection config for chaincode [${this.namespace}]`);
    const known = this.#collections.get(name) ?? new CollectionSimulation(this.namespace, name, this.#state);
    this.#collections.set(name, known);
    return known;
  }

  #startWriting(): void {
    if (this.#paginated) throw new Error('unsuppored transaction. Transaction has already performed a paginated query. Writes are not allowed');
    this.#wrote = true;
  }

  /**
   * Starts a range query.
   *
   * @param query `endKey` empty means to the end; `pageSize` 0 and no bookmark means a query without pages
   * @returns the first page; further ones, if any, with `nextPage` under the same id
   */
  async openRange(id: string, query: { startKey: string; endKey: string; pageSize: number; bookmark: string }): Promise<RangePage> {
    const paginated = query.pageSize > 0 || query.bookmark !== '';
    if (paginated) this.#startPagination();
    const startKey = query.bookmark === '' ? query.startKey : query.bookmark;
    const pages = this.#state.range(this.namespace, { from: startKey, to: query.endKey }, this.#snapshot);
    const pageSize = query.pageSize > 0 ? Math.min(query.pageSize, TOTAL_QUERY_LIMIT) : TOTAL_QUERY_LIMIT;
    const range = new OpenRange(startKey, query.endKey, pages, paginated ? pageSize : undefined);
    this.#ranges.push(range);
    this.#queries.set(id, range);
    return range.nextPage();
  }

  #startPagination(): void {
    if (this.#wrote) throw new Error('unsuppored transaction. Transaction has already performed writes. Paginated queries are not allowed');
    this.#paginated = true;
  }

  async openHistory(id: string, key: string): Promise<HistoryPage> {
    const history = new OpenHistory(this.#state.history(this.namespace, key, this.#snapshot));
    this.#queries.set(id, history);
    return history.nextPage();
  }

  /** @throws Error if no query with this id is open */
  async nextPage(id: string): Promise<RangePage | HistoryPage> {
    const query = this.#queries.get(id);
    if (query === undefined) throw new Error(`query iterator not found: ${id}`);
    return query.nextPage();
  }

  async closeQuery(id: string): Promise<void> {
    const query = this.#queries.get(id);
    this.#queries.delete(id);
    await query?.close();
  }

  /** Ends every query that the contract left open; the snapshot itself belongs to the caller. */
  async close(): Promise<void> {
    for (const id of this.#queries.keys()) await this.closeQuery(id);
  }

  /** Reads and writes so far, sorted by key. */
  result(): ReadWriteSet {
    return {
      namespace: this.namespace,
      reads: sortedByKey([...this.#reads].map(([key, version]) => ({ key, version }))),
      ranges: this.#ranges.map((range) => range.result()),
      writes: sortedByKey([...this.#writes.values()]),
      collections: this.#collectionSets(),
    };
  }

  #collectionSets(): CollectionSet[] {
    return [...this.#collections].sort(([a], [b]) => compareKeys(a, b)).map(([, collection]) => collection.result());
  }

  encodedResult(): Buffer {
    return encodeReadWriteSet(this.result());
  }
}

/** A range query under way. */
class OpenRange {
  readonly #startKey: string;
  readonly #endKey: string;
  readonly #values: ValueCursor;
  readonly #pageSize: number | undefined;
  readonly #reads: KeyRead[] = [];
  #ahead: KeyedValue | undefined;
  #exhausted = false;

  constructor(startKey: string, endKey: string, pages: AsyncGenerator<KeyedValue[], void, void>, pageSize: number | undefined) {
    this.#startKey = startKey;
    this.#endKey = endKey;
    this.#values = new ValueCursor(pages);
    this.#pageSize = pageSize;
  }

  async nextPage(): Promise<RangePage> {
    return this.#pageSize === undefined ? this.#nextMessage() : this.#singlePage(this.#pageSize);
  }

  /** 100 results, having fetched the 101st: it goes into the next message, but counts as read already. */
  async #nextMessage(): Promise<RangePage> {
    const values = this.#ahead === undefined ? [] : [this.#ahead];
    this.#ahead = undefined;
    while (this.#reads.length < TOTAL_QUERY_LIMIT) {
      const value = await this.#fetch();
      if (value === undefined) return { values, more: false, bookmark: '' };
      if (values.length === RESULTS_PER_MESSAGE) {
        this.#ahead = value;
        return { values, more: true, bookmark: '' };
      }
      values.push(value);
    }
    return { values, more: false, bookmark: '' };
  }

  /** One page and no more; the key after it is looked up for the bookmark, without counting as read. */
  async #singlePage(pageSize: number): Promise<RangePage> {
    const values: KeyedValue[] = [];
    while (values.length < pageSize) {
      const value = await this.#fetch();
      if (value === undefined) return { values, more: false, bookmark: '' };
      values.push(value);
    }
    return { values, more: false, bookmark: (await this.#values.next())?.key ?? '' };
  }

  async #fetch(): Promise<KeyedValue | undefined> {
    const value = await this.#values.next();
    if (value === undefined) this.#exhausted = true;
    else this.#reads.push({ key: value.key, version: value.version });
    return value;
  }

  async close(): Promise<void> {
    await this.#values.close();
  }

  /** If the range was not read to its end, it counts only up to the last key fetched. */
  result(): RangeRead {
    const last = this.#reads[this.#reads.length - 1]?.key ?? '';
    return { startKey: this.#startKey, endKey: this.#exhausted ? this.#endKey : last, exhausted: this.#exhausted, reads: this.#reads };
  }
}

class ValueCursor {
  readonly #pages: AsyncGenerator<KeyedValue[], void, void>;
  #page: readonly KeyedValue[] = [];
  #at = 0;

  constructor(pages: AsyncGenerator<KeyedValue[], void, void>) {
    this.#pages = pages;
  }

  async next(): Promise<KeyedValue | undefined> {
    if (this.#at >= this.#page.length) {
      const page = await this.#pages.next();
      this.#page = page.done === true ? [] : page.value;
      this.#at = 0;
    }
    const value = this.#page[this.#at];
    this.#at += 1;
    return value;
  }

  async close(): Promise<void> {
    await this.#pages.return();
  }
}

/** A history query under way: not recorded, because Fabric does not check it again. */
class OpenHistory {
  readonly #changes: AsyncGenerator<Modification, void, void>;

  constructor(changes: AsyncGenerator<Modification, void, void>) {
    this.#changes = changes;
  }

  async nextPage(): Promise<HistoryPage> {
    const changes: Modification[] = [];
    while (changes.length < RESULTS_PER_MESSAGE) {
      const change = await this.#changes.next();
      if (change.done === true) return { changes, more: false };
      changes.push(change.value);
    }
    return { changes, more: true };
  }

  async close(): Promise<void> {
    await this.#changes.return();
  }
}
