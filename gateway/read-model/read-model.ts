/**
 * The state of the ledger as rows to be read: projected from blocks, never from anything else, and rebuilt from
 * block 0 whenever it is found damaged or was made by another indexer.
 */
import type { Buffer } from 'node:buffer';
import { systemClock } from '../ledger/clock.js';
import { digestOf } from './model-check.js';
import { ModelFeed } from './model-feed.js';
import type { AsOf, ReadModelHealth, ReadModelOptions } from './model-options.js';
import { indexValue } from './projection.js';
import { readPage, type Page, type PageRequest } from './row-pages.js';
import { INDEX, indexPrefix, openState, STATE, stateKey, type StateRow } from './rows.js';

export interface IndexRow {
  readonly key: string;
  readonly value: string;
  readonly stateKey: string;
}

/**
 * Reading throws Problem READ_MODEL_DAMAGED while the model is rebuilt after damage, READ_MODEL_CHECKING for what is
 * not found (and for lists) until the rows of an earlier run are checked, LEDGER_DIFFERENT, LEDGER_REWOUND.
 */
export interface ReadModel {
  /** The current value of a state key; synchronous, for it costs microseconds. */
  get(key: string): StateRow | undefined;
  /** States whose key starts with `prefix`, in the order of the keys' UTF-8 bytes. */
  range(prefix: string, request: PageRequest): Promise<Page<StateRow>>;
  /** Entries of an index whose key starts with `prefix`. */
  index(name: string, prefix: string, request: PageRequest): Promise<Page<IndexRow>>;
  asOf(): AsOf;
  /** Resolves true when block number `block` is projected, so that a write can be read back; false on `signal`. */
  waitFor(block: bigint, signal?: AbortSignal): Promise<boolean>;
  /** Resolves when all rows are checked and the ledger has confirmed that nothing newer exists; rejects on a refusal. */
  caughtUp(): Promise<void>;
  health(): ReadModelHealth;
  /** SHA-256 over all rows: equal for any two models of the same blocks and indexer. */
  digest(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Opens the model and follows the ledger.
 *
 * @throws Problem STORE_IN_USE, STORE_FAILED
 */
export async function openReadModel(options: ReadModelOptions): Promise<ReadModel> {
  const feed = new ModelFeed({ clock: systemClock, probeMs: 1000, onProgress: () => undefined, onFailure: () => undefined, ...options });
  await feed.open();
  return new LedgerReadModel(feed);
}

class LedgerReadModel implements ReadModel {
  readonly #feed: ModelFeed;

  constructor(feed: ModelFeed) {
    this.#feed = feed;
  }

  get(key: string): StateRow | undefined {
    const feed = this.#feed;
    feed.requireReadable();
    const rowKey = stateKey(key);
    const row = feed.read((store) => store.get(rowKey));
    if (row === undefined) feed.requireChecked();
    return row && (openState(rowKey, row) ?? feed.damaged(rowKey));
  }

  async range(prefix: string, request: PageRequest): Promise<Page<StateRow>> {
    return this.#page(stateKey(prefix), STATE, request, openState);
  }

  async index(name: string, prefix: string, request: PageRequest): Promise<Page<IndexRow>> {
    const base = indexPrefix(name);
    return this.#page(base + prefix, base, request, indexRow);
  }

  asOf(): AsOf {
    return this.#feed.asOf();
  }

  waitFor(block: bigint, signal?: AbortSignal): Promise<boolean> {
    return this.#feed.waitFor(block, signal);
  }

  caughtUp(): Promise<void> {
    return this.#feed.caughtUp();
  }

  health(): ReadModelHealth {
    return this.#feed.health();
  }

  digest(): Promise<string> {
    return digestOf(this.#feed.store);
  }

  close(): Promise<void> {
    return this.#feed.close();
  }

  async #page<T>(prefix: string, base: string, request: PageRequest, parse: (key: string, row: Buffer) => T | undefined): Promise<Page<T>> {
    const feed = this.#feed;
    feed.requireReadable();
    feed.requireChecked();
    const { store } = feed;
    const page = await feed.readAsync(() => readPage(store, prefix, base, request));
    const rows = page.rows.map(([key, row]) => parse(key, row) ?? feed.damaged(key));
    return page.next === undefined ? { rows } : { rows, next: page.next };
  }
}

function indexRow(rowKey: string, row: Buffer): IndexRow | undefined {
  const nameEnd = rowKey.indexOf('\0', INDEX.length);
  const keyEnd = rowKey.indexOf('\0', nameEnd + 1);
  const value = indexValue(rowKey, row);
  return value === undefined ? undefined : { key: rowKey.slice(nameEnd + 1, keyEnd), value, stateKey: rowKey.slice(keyEnd + 1) };
}
