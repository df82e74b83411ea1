/** The LevelDB store below everything: sealed records, one synced batch per block, and the truth about its own health. */
import { Level } from 'level';
import { Problem } from '#domain/errors.js';
import type { RecordSeal } from './record-seal.js';
import { recordDamaged } from './record-seal.js';
import { checkTables } from './table-check.js';

const MEGABYTE = 1024 * 1024;
/** A page of a range holds this much and one record more, however many records were asked for. */
const PAGE_BYTES = MEGABYTE / 4;
/** Start-up replays at most two buffers of this size, and the start check has to cover as much of the chain. */
export const WRITE_BUFFER_BYTES = 8 * MEGABYTE;

const OPTIONS = { keyEncoding: 'utf8', valueEncoding: 'buffer', writeBufferSize: WRITE_BUFFER_BYTES, cacheSize: 64 * MEGABYTE, maxOpenFiles: 512 } as const;

export type Snapshot = ReturnType<Level<string, Buffer>['snapshot']>;

/** One record to write; `record` is sealed already. No record means: remove it. */
export interface Change {
  readonly name: string;
  readonly record: Buffer | undefined;
}

/** A record as an iterator gives it, its seal checked. */
export interface Entry {
  readonly name: string;
  readonly content: Buffer;
}

export interface Range {
  readonly from: string;
  /** Not included, unless `includeTo` says so. */
  readonly to: string;
  readonly includeTo?: boolean;
  readonly reverse?: boolean;
  readonly snapshot?: Snapshot | undefined;
}

export class LevelStore {
  readonly seal: RecordSeal;
  readonly #level: Level<string, Buffer>;
  #failure: Problem | undefined;

  private constructor(level: Level<string, Buffer>, seal: RecordSeal) {
    this.#level = level;
    this.seal = seal;
  }

  /**
   * @param directory e.g. `data/ledger/store`; made if missing
   * @throws Problem LEDGER_IN_USE if another process has it open, LEDGER_RECORD_DAMAGED if LevelDB cannot read it
   */
  static async open(directory: string, seal: RecordSeal): Promise<LevelStore> {
    checkTables(directory);
    const level = new Level<string, Buffer>(directory, OPTIONS);
    try {
      await level.open();
    } catch (error) {
      throw openProblem(error, directory);
    }
    return new LevelStore(level, seal);
  }

  /** The first damage or I/O error; from then on nothing is written any more. */
  get failure(): Problem | undefined {
    return this.#failure;
  }

  snapshot(): Snapshot {
    return this.#level.snapshot();
  }

  /** For reading several records that belong together: a block may come on the disk between two reads. */
  inSnapshot<T>(read: (snapshot: Snapshot) => T): T {
    const snapshot = this.#level.snapshot();
    try {
      return read(snapshot);
    } finally {
      void snapshot.close();
    }
  }

  /**
   * @returns the record's content, or `undefined` if there is none
   * @throws Problem LEDGER_RECORD_DAMAGED
   */
  get(name: string, snapshot?: Snapshot): Buffer | undefined {
    const record = this.#guard(() => this.#level.getSync(name, snapshot === undefined ? {} : { snapshot }), name);
    return record === undefined ? undefined : this.#guard(() => this.seal.open(name, record), name);
  }

  /** Reads a range in the order of names, in pages of `pageSize`; @throws Problem LEDGER_RECORD_DAMAGED */
  async *entries(range: Range, pageSize = 200): AsyncGenerator<Entry[], void, void> {
    const iterator = this.#level.iterator<string, Buffer>({
      gte: range.from, ...(range.includeTo === true ? { lte: range.to } : { lt: range.to }),
      reverse: range.reverse ?? false, highWaterMarkBytes: PAGE_BYTES, ...(range.snapshot === undefined ? {} : { snapshot: range.snapshot }),
    });
    try {
      for (;;) {
        const page = await iterator.nextv(pageSize);
        if (page.length === 0) return;
        yield page.map(([name, record]) => ({ name, content: this.#guard(() => this.seal.open(name, record), name) }));
      }
    } catch (error) {
      throw this.#readProblem(error, range.from);
    } finally {
      await iterator.close();
    }
  }

  /**
   * Writes all changes or none, and answers only when they are on the disk.
   *
   * @param sync false only for a store that may be lost, such as a copy made for comparison
   * @throws Problem LEDGER_READ_ONLY on the first I/O error and ever after
   */
  async write(changes: readonly Change[], sync = true): Promise<void> {
    if (this.#failure !== undefined) throw readOnly(this.#failure.message);
    try {
      const batch = this.#level.batch(); // filled one by one, it costs a tenth of a batch given as an array
      for (const { name, record } of changes) {
        if (record === undefined) batch.del(name);
        else batch.put(name, record);
      }
      await batch.write({ sync });
    } catch (error) {
      throw this.fail(readOnly(error instanceof Error ? error.message : String(error)));
    }
  }

  /** Remembers the first failure; @returns `problem` for throwing on */
  fail(problem: Problem): Problem {
    this.#failure ??= problem;
    return problem;
  }

  async close(): Promise<void> {
    await this.#level.close();
  }

  #guard<T>(read: () => T, name: string): T {
    try {
      return read();
    } catch (error) {
      throw this.#readProblem(error, name);
    }
  }

  #readProblem(error: unknown, name: string): Problem {
    return isClosed(error) ? readOnly('closed') : this.fail(asDamage(error, name));
  }
}

/** LEDGER_READ_ONLY with its reason. */
export function readOnly(reason: string): Problem {
  return new Problem('LEDGER_READ_ONLY', { reason: reason.slice(0, 200) });
}

/** LevelDB's codes for a store that was closed meanwhile, which is no damage. */
const CLOSED: ReadonlySet<string> = new Set(['LEVEL_DATABASE_NOT_OPEN', 'LEVEL_ITERATOR_NOT_OPEN', 'LEVEL_SNAPSHOT_NOT_OPEN']);

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CLOSED.has(String(error.code));
}

function asDamage(error: unknown, name: string): Problem {
  if (error instanceof Problem) return error;
  return recordDamaged(name, error instanceof Error ? error.message : String(error));
}

function openProblem(error: unknown, directory: string): Problem {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown }).code;
  if (code === 'LEVEL_LOCKED') return new Problem('LEDGER_IN_USE', { directory });
  return recordDamaged('store', cause instanceof Error ? cause.message : String(cause));
}
