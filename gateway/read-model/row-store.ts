/** The LevelDB below the read model. Whatever it cannot read counts as damage: everything in it can be rebuilt. */
import type { Buffer } from 'node:buffer';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { Problem } from '#domain/errors.js';
import { openLevel } from '../ledger/durable-store.js';
import { DamagedRow } from './projection.js';

/** What a restart has to replay, and how much of the chain the start check has to cover. */
export const WRITE_BUFFER_BYTES = 8 * 1024 * 1024;
const OPTIONS = { keyEncoding: 'utf8', valueEncoding: 'buffer', writeBufferSize: WRITE_BUFFER_BYTES, cacheSize: 32 * 1024 * 1024, maxFileSize: 8 * 1024 * 1024 } as const;
const LEVELDB_FILE = /^(?:\d+\.(?:ldb|sst|log|dbtmp)|MANIFEST-\d+|CURRENT|LOG|LOG\.old)$/;
/** One page of an iterator: few enough to keep memory flat. */
const PAGE_ROWS = 500;
/** So few keys are read sooner than a thread is woken to read them. */
const FEW_KEYS = 8;

type RowLevel = Level<string, Buffer>;
export type RowBatch = ReturnType<RowStore['batch']>;
export type RowSnapshot = ReturnType<RowLevel['snapshot']>;

export interface RowRange {
  readonly gte?: string;
  readonly gt?: string;
  readonly lt?: string;
  readonly reverse?: boolean;
  readonly snapshot?: RowSnapshot;
}

export class RowStore {
  readonly #level: RowLevel;

  private constructor(level: RowLevel) {
    this.#level = level;
  }

  /**
   * @param directory made if missing
   * @throws Problem STORE_IN_USE, STORE_FAILED
   */
  static async open(directory: string): Promise<RowStore> {
    const level: RowLevel = new Level(directory, OPTIONS);
    await openLevel(level, directory);
    return new RowStore(level);
  }

  /** Opens an empty store in the place of a damaged one. Takes away LevelDB's files, and nothing else that may be there. */
  static async replace(directory: string): Promise<RowStore> {
    for (const name of await readdir(directory)) if (LEVELDB_FILE.test(name)) await rm(join(directory, name));
    return RowStore.open(directory);
  }

  /** @throws DamagedRow when LevelDB finds its files damaged */
  get(key: string): Buffer | undefined {
    try {
      return this.#level.getSync(key);
    } catch (error) {
      throw unreadable(error);
    }
  }

  /** @throws DamagedRow */
  async getMany(keys: readonly string[]): Promise<(Buffer | undefined)[]> {
    if (keys.length <= FEW_KEYS) return keys.map((key) => this.get(key));
    return this.#level.getMany([...keys]).catch((error: unknown) => { throw unreadable(error); });
  }

  /** Rows in the order of their keys' UTF-8 bytes. */
  async *rows(range: RowRange): AsyncGenerator<[string, Buffer]> {
    const iterator = this.#level.iterator({ ...range, highWaterMarkBytes: 256 * 1024 });
    try {
      for (;;) {
        const page = await iterator.nextv(PAGE_ROWS);
        if (page.length === 0) return;
        yield* page;
      }
    } catch (error) {
      throw unreadable(error);
    } finally {
      await iterator.close();
    }
  }

  /** A chained batch: a fifth of the cost of an array of operations. */
  batch(): ReturnType<RowLevel['batch']> {
    return this.#level.batch();
  }

  snapshot(): RowSnapshot {
    return this.#level.snapshot();
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}

function unreadable(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (error instanceof Problem || typeof code !== 'string' || !code.startsWith('LEVEL_')) return error;
  return new DamagedRow(code, { cause: error });
}
