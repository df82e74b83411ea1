/**
 * The issuer's one database: rows sealed by `row-seal.ts`, written in batches that are wholly on the disk when they are
 * acknowledged, many writers to one flush. After the first I/O error nothing is written any more: the kernel may have
 * dropped the pages of a failed flush.
 */
import { Buffer } from 'node:buffer';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { Problem } from '#domain/errors.js';
import { loadKeyEncryptionKey, makeKeyEncryptionKey } from './key-encryption-key.js';
import { newEnvelope, openEnvelope, type RowSeal } from './row-seal.js';

/** Without a value: a removal. */
export interface Change {
  readonly key: string;
  readonly value?: Uint8Array;
}

/** A change that stores JSON. */
export function putJson(key: string, value: unknown): Change {
  return { key, value: Buffer.from(JSON.stringify(value)) };
}

export interface IssuerStore {
  /** Writes all changes or none; on the disk when it resolves. Throws STORE_FAILED. */
  write(changes: readonly Change[]): Promise<void>;
  /** The same, so that what stood in these rows before is in no file of the database any more. Throws STORE_FAILED. */
  erase(changes: readonly Change[]): Promise<void>;
  /** @throws Problem ISSUER_DATA_DAMAGED */
  get(key: string): Promise<Buffer | undefined>;
  /** What JSON stands under `key`. Throws ISSUER_DATA_DAMAGED. */
  json(key: string): Promise<unknown>;
  /** All rows whose key starts with `prefix`, in order; `after`: only those behind it. Throws ISSUER_DATA_DAMAGED. */
  rows(prefix: string, after?: string): AsyncIterable<[string, Buffer]>;
  /** See {@link RowSeal.hiddenName}. */
  hiddenName(parts: readonly string[]): string;
  /** Set by the first error, and then for good. */
  readonly failure: Error | undefined;
  close(): Promise<void>;
}

export interface IssuerStoreOptions {
  /** e.g. `data/issuer`; made if missing */
  readonly folder: string;
  /** e.g. `data/issuer/key-encryption-key`; made if both it and the data are missing */
  readonly keyFile: string;
  /** Told once, with the first I/O error: time to stop the program. */
  readonly onFailure?: (error: Error) => void;
}

/** The one row that is not sealed by the data key, because the data key is in it. */
const ENVELOPE_ROW = '!envelope';

/**
 * @throws Problem STORE_IN_USE, STORE_FAILED; KEY_FILE_MISSING where there are data and no key, KEY_FILE_READABLE,
 *   KEY_FILE_WRONG
 */
export async function openIssuerStore({ folder, keyFile, onFailure = () => undefined }: IssuerStoreOptions): Promise<IssuerStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // What is sealed cannot be compressed any more: to try takes as long as to write it.
  const level = new Level<string, Buffer>(join(folder, 'store'), { keyEncoding: 'utf8', valueEncoding: 'buffer', compression: false });
  await openLevel(level, folder);
  try {
    return new SealedStore(level, await openSeal(level, keyFile), onFailure);
  } catch (error) {
    await level.close();
    throw error;
  }
}

async function openLevel(level: Level<string, Buffer>, directory: string): Promise<void> {
  try {
    await level.open();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new Problem(code === 'LEVEL_LOCKED' ? 'STORE_IN_USE' : 'STORE_FAILED', { directory, code });
  }
}

async function openSeal(level: Level<string, Buffer>, keyFile: string): Promise<RowSeal> {
  const envelope = await level.get(ENVELOPE_ROW) as Buffer | undefined;
  const known = await loadKeyEncryptionKey(keyFile);
  if (envelope !== undefined) {
    if (known === undefined) throw new Problem('KEY_FILE_MISSING', { file: keyFile });
    return openEnvelope(known, envelope);
  }
  const key = known ?? await makeKeyEncryptionKey(keyFile);
  const made = newEnvelope(key);
  await level.put(ENVELOPE_ROW, made, { sync: true });
  return openEnvelope(key, made);
}

/** The key after all keys with this prefix, in the order of UTF-8 bytes. */
const prefixEnd = (prefix: string): string => `${prefix}\u{10ffff}`;

interface Queued {
  readonly changes: readonly Change[];
  readonly done: () => void;
  readonly failed: (reason: Problem) => void;
}

class SealedStore implements IssuerStore {
  failure: Error | undefined;
  readonly #level: Level<string, Buffer>;
  readonly #seal: RowSeal;
  readonly #onFailure: (error: Error) => void;
  #queue: Queued[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(level: Level<string, Buffer>, rowSeal: RowSeal, onFailure: (error: Error) => void) {
    this.#level = level;
    this.#seal = rowSeal;
    this.#onFailure = onFailure;
  }

  write(changes: readonly Change[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Problem('STORE_FAILED', { reason: 'closed' }));
    return new Promise((done, failed) => {
      this.#queue.push({ changes, done, failed });
      this.#writing ??= this.#drain();
    });
  }

  /**
   * A compaction writes what it merges, and a fresh table is merged with nothing: so the changes are written and compacted
   * twice, the second time onto the table that still holds what stood there beside what was written over it.
   */
  async erase(changes: readonly Change[]): Promise<void> {
    for (let round = 0; round < 2; round++) {
      await this.write(changes);
      for (const { key } of changes) await this.#compact(key);
    }
  }

  async #compact(key: string): Promise<void> {
    // The types of `level` cover browsers too, where there is nothing to compact.
    const compacting = this.#level as unknown as { compactRange(start: string, end: string): Promise<void> };
    await compacting.compactRange(key, `${key}\u{0}`);
  }

  async get(key: string): Promise<Buffer | undefined> {
    const row = await this.#level.get(key) as Buffer | undefined;
    return row === undefined ? undefined : this.#seal.open(key, row);
  }

  async json(key: string): Promise<unknown> {
    const content = await this.get(key);
    return content === undefined ? undefined : JSON.parse(content.toString());
  }

  async *rows(prefix: string, after?: string): AsyncGenerator<[string, Buffer]> {
    const range = { ...(after === undefined ? { gte: prefix } : { gt: after }), lt: prefixEnd(prefix) };
    for await (const [key, row] of this.#level.iterator(range)) yield [key, this.#seal.open(key, row)];
  }

  hiddenName(parts: readonly string[]): string {
    return this.#seal.hiddenName(parts);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#level.close();
  }

  /** What arrives while one batch is being flushed forms the next. */
  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const group = this.#queue;
      this.#queue = [];
      const failure = this.failure ?? await this.#flush(group);
      for (const { done, failed } of group) {
        if (failure === undefined) done();
        else failed(new Problem('STORE_FAILED', { reason: failure.message }));
      }
    }
    this.#writing = undefined;
  }

  async #flush(group: readonly Queued[]): Promise<Error | undefined> {
    try {
      const batch = this.#level.batch();
      for (const { changes } of group) for (const change of changes) this.#apply(batch, change);
      await batch.write({ sync: true });
      return undefined;
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.#onFailure(this.failure);
      return this.failure;
    }
  }

  #apply(batch: ReturnType<Level<string, Buffer>['batch']>, { key, value }: Change): void {
    if (value === undefined) batch.del(key);
    else batch.put(key, this.#seal.seal(key, value));
  }
}
