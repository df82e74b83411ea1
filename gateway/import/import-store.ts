/**
 * What is remembered of imports, keys below `import/` in the gateway's durable store:
 *
 * | key | content |
 * |---|---|
 * | `job/{id}` | the job |
 * | `open/{id}` | that it has not ended |
 * | `cancel/{id}` | that it is to stop |
 * | `marks/{id}` | which rows are left out |
 * | `error/{id}/{row}.{number}` | something wrong with a row |
 */
import type { JobOwner } from '../jobs/ledger-writer.js';
import type { StoredProblem } from '../jobs/stored-problem.js';
import type { Change, DurableStore } from '../ledger/durable-store.js';
import { openRow, sealRow } from '../ledger/sealed-row.js';
import { getJson, openJson, putJson } from '../sealed-json.js';
import type { ImportEntry } from './import-kind.js';
import { RowMarks } from './row-marks.js';
import type { RowError } from './row-reader.js';

export type ImportMode = 'all-or-nothing' | 'skip-bad-rows';

/**
 * `checking` the rows, `writing` them, and the ends: `done`, `refused` (nothing was written), `failed` (stopped in the
 * middle), `cancelled`.
 */
export type ImportState = 'checking' | 'writing' | 'done' | 'refused' | 'failed' | 'cancelled';

export interface ImportJob {
  readonly id: string;
  readonly owner: JobOwner;
  readonly kind: ImportEntry['kind'];
  readonly mode: ImportMode;
  readonly dryRun: boolean;
  readonly state: ImportState;
  /** milliseconds since 1970 */
  readonly createdAt: number;
  readonly finishedAt?: number;
  /** octets of the file */
  readonly bytes: number;
  /** rows with data; known when they are checked */
  readonly rows: number;
  /** of them wrong */
  readonly bad: number;
  /** of them on the ledger */
  readonly written: number;
  /** the last row that a committed batch holds or has passed over */
  readonly lastRow: number;
  /** number of the next batch, and which attempt at it: together they name its transaction */
  readonly batch: number;
  readonly attempt: number;
  /** where the batch under way ends, once rows of it were left out: what a key stands for must not change */
  readonly until?: number;
  /** why it ended other than `done` */
  readonly problem?: StoredProblem;
}

const ROOT = 'import/';
const jobKey = (id: string): string => `${ROOT}job/${id}`;
const openKey = (id: string): string => `${ROOT}open/${id}`;
const cancelKey = (id: string): string => `${ROOT}cancel/${id}`;
const marksKey = (id: string): string => `${ROOT}marks/${id}`;
const errorPrefix = (id: string): string => `${ROOT}error/${id}/`;

export class ImportStore {
  readonly #store: DurableStore;

  constructor(store: DurableStore) {
    this.#store = store;
  }

  /** The rows of a new job. */
  created(job: ImportJob): Change[] {
    return [putJson(jobKey(job.id), job), { key: openKey(job.id), value: Buffer.alloc(0) }];
  }

  /** Stores how far a job has come, with what belongs to that, in one durable batch. */
  async progress(job: ImportJob, more: { readonly marks?: RowMarks; readonly errors?: readonly RowError[] } = {}): Promise<void> {
    const ended: Change[] = job.finishedAt === undefined ? [] : [{ key: openKey(job.id) }, { key: cancelKey(job.id) }, { key: marksKey(job.id) }];
    const marks = more.marks === undefined || ended.length > 0 ? [] : [marksRow(job.id, more.marks)];
    await this.#store.write([putJson(jobKey(job.id), job), ...errorRows(job.id, more.errors ?? []), ...marks, ...ended], true);
  }

  async job(id: string): Promise<ImportJob | undefined> {
    return await getJson(this.#store, jobKey(id)) as ImportJob | undefined;
  }

  /** The jobs that an earlier run left open, the oldest first. */
  async open(): Promise<ImportJob[]> {
    const jobs: ImportJob[] = [];
    for await (const [key] of this.#store.rows(openKey(''))) {
      const job = await this.job(key.slice(openKey('').length));
      if (job !== undefined) jobs.push(job);
    }
    return jobs;
  }

  /** Every job that ended before `before`, milliseconds since 1970. */
  async *endedBefore(before: number): AsyncGenerator<string> {
    for await (const [key, row] of this.#store.rows(jobKey(''))) {
      const { id, finishedAt } = openJson(key, row) as ImportJob;
      if (finishedAt !== undefined && finishedAt < before) yield id;
    }
  }

  async askToStop(id: string): Promise<void> {
    await this.#store.write([{ key: cancelKey(id), value: Buffer.alloc(0) }], true);
  }

  async isToStop(id: string): Promise<boolean> {
    return await this.#store.get(cancelKey(id)) !== undefined;
  }

  async marks(id: string): Promise<RowMarks> {
    const row = await this.#store.get(marksKey(id));
    return new RowMarks(row === undefined ? undefined : openRow(marksKey(id), row));
  }

  /** Notes errors; they may be found again after a crash. */
  async note(id: string, errors: readonly RowError[]): Promise<void> {
    await this.#store.write(errorRows(id, errors), false);
  }

  /** In the order of the rows. */
  async *errors(id: string): AsyncGenerator<RowError> {
    for await (const [key, row] of this.#store.rows(errorPrefix(id))) yield openJson(key, row) as RowError;
  }

  async forgetErrors(id: string): Promise<void> {
    await this.#forgetRows(errorPrefix(id));
  }

  async forget(id: string): Promise<void> {
    await this.#forgetRows(errorPrefix(id));
    await this.#store.write([{ key: jobKey(id) }], false);
  }

  async #forgetRows(prefix: string): Promise<void> {
    const gone: Change[] = [];
    for await (const [key] of this.#store.rows(prefix)) {
      gone.push({ key });
      if (gone.length === MOST_REMOVED_AT_ONCE) await this.#store.write(gone.splice(0), false);
    }
    await this.#store.write(gone, false);
  }
}

const MOST_REMOVED_AT_ONCE = 1000;

function errorRows(id: string, errors: readonly RowError[]): Change[] {
  return errors.map((error, index) => putJson(`${errorPrefix(id)}${String(error.row).padStart(8, '0')}.${String(index).padStart(6, '0')}`, error));
}

function marksRow(id: string, { bytes }: RowMarks): Change {
  const key = marksKey(id);
  return { key, value: sealRow(key, bytes.length, (row) => row.set(bytes)) };
}
