/**
 * A LevelDB that acknowledges only what is on the disk, many writers to one flush, and that stops at the first I/O
 * error: after a failed flush the kernel may have dropped the pages, so nothing that follows could be believed.
 */
import type { Buffer } from 'node:buffer';
import { Level } from 'level';
import { Problem } from '#domain/errors.js';

/** Without a value: a removal. */
export interface Change {
  readonly key: string;
  readonly value?: Buffer;
}

export interface DurableStore {
  /**
   * Writes all changes or none, in the order of calls.
   *
   * @param durable true: resolves when they are on the disk; false: they may be lost with the machine, and then
   *   together with all later ones
   * @throws Problem STORE_FAILED
   */
  write(changes: readonly Change[], durable: boolean): Promise<void>;
  get(key: string): Promise<Buffer | undefined>;
  /**
   * All rows whose key starts with `prefix`, in order.
   *
   * @param after a key that starts so too: only the rows behind it
   */
  rows(prefix: string, after?: string): AsyncIterable<[string, Buffer]>;
  /** Set by the first error, and then for good. */
  readonly failure: Error | undefined;
  close(): Promise<void>;
}

interface Queued {
  readonly changes: readonly Change[];
  readonly durable: boolean;
  readonly done: () => void;
  readonly failed: (reason: Problem) => void;
}

/** The key after all keys with this prefix, in the order of UTF-8 bytes. */
export function prefixEnd(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

/**
 * @param directory made if missing
 * @param onFailure told once, with the first I/O error: time to stop the program
 * @throws Problem STORE_IN_USE when another process has it, STORE_FAILED
 */
export async function openDurableStore(directory: string, onFailure: (error: Error) => void = () => undefined): Promise<DurableStore> {
  const level = new Level<string, Buffer>(directory, { keyEncoding: 'utf8', valueEncoding: 'buffer' });
  await openLevel(level, directory);
  return new GroupCommitStore(level, onFailure);
}

/** Opens a LevelDB; turns its errors into refusals. */
export async function openLevel(level: { open(): Promise<void> }, directory: string): Promise<void> {
  try {
    await level.open();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new Problem(code === 'LEVEL_LOCKED' ? 'STORE_IN_USE' : 'STORE_FAILED', { directory, code });
  }
}

class GroupCommitStore implements DurableStore {
  failure: Error | undefined;
  readonly #level: Level<string, Buffer>;
  readonly #onFailure: (error: Error) => void;
  #queue: Queued[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(level: Level<string, Buffer>, onFailure: (error: Error) => void) {
    this.#level = level;
    this.#onFailure = onFailure;
  }

  write(changes: readonly Change[], durable: boolean): Promise<void> {
    if (this.#closed) return Promise.reject(new Problem('STORE_FAILED', { reason: 'closed' }));
    return new Promise((done, failed) => {
      this.#queue.push({ changes, durable, done, failed });
      this.#writing ??= this.#drain();
    });
  }

  get(key: string): Promise<Buffer | undefined> {
    return this.#level.get(key);
  }

  rows(prefix: string, after?: string): AsyncIterable<[string, Buffer]> {
    return this.#level.iterator({ ...(after === undefined ? { gte: prefix } : { gt: after }), lt: prefixEnd(prefix) });
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
      for (const { changes } of group) for (const change of changes) apply(batch, change);
      await batch.write({ sync: group.some(({ durable }) => durable) });
      return undefined;
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.#onFailure(this.failure);
      return this.failure;
    }
  }
}

function apply(batch: ReturnType<Level<string, Buffer>['batch']>, { key, value }: Change): void {
  if (value === undefined) batch.del(key);
  else batch.put(key, value);
}
