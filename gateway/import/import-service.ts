/** Imports from their upload to their end. */
import { rm } from 'node:fs/promises';
import { require } from '#domain/errors.js';
import { isJobId, jobId } from '../jobs/job-id.js';
import { JobQueue } from '../jobs/job-queue.js';
import type { JobOwner } from '../jobs/ledger-writer.js';
import type { Idempotency } from '../ledger/ledger.js';
import { readHeadings } from './heading-row.js';
import type { ImportProgress, ImportView } from './import-json.js';
import type { ImportEntry } from './import-kind.js';
import { filePath, importKind, runImport } from './import-runner.js';
import { ImportStore, type ImportJob, type ImportMode } from './import-store.js';
import { USUAL_LIMITS, type ImportDependencies, type ImportLimits } from './ports.js';
import type { RowError } from './row-reader.js';
import { makeSpool, removeOthers, spool, syncFolder } from './spool.js';

export interface ImportOrder {
  readonly kind: ImportEntry['kind'];
  readonly mode: ImportMode;
  readonly dryRun: boolean;
  readonly owner: JobOwner;
  /** the caller's `Idempotency-Key`, and what it stands for besides the file */
  readonly repeat?: { readonly key: string; readonly request: string };
}

const MOST_WAITING = 10;
const AT_ONCE = 2;
const SHOWN_ERRORS = 100;
const KEPT_MS = 30 * 24 * 3_600_000;

/** Since when a phase of a job runs here, and how far it has come. */
interface Pace {
  readonly state: ImportJob['state'];
  readonly since: number;
  readonly fromRows: number;
  bytes: number;
  rows: number;
}

export class ImportService {
  readonly #deps: ImportDependencies;
  readonly #limits: ImportLimits;
  readonly #jobs: ImportStore;
  readonly #queue: JobQueue;
  readonly #paces = new Map<string, Pace>();

  constructor(deps: ImportDependencies) {
    this.#deps = deps;
    this.#limits = { ...USUAL_LIMITS, ...deps.limits };
    this.#jobs = new ImportStore(deps.store);
    this.#queue = new JobQueue({ run: (id, signal) => this.#run(id, signal), atOnce: AT_ONCE, onFault: (error) => deps.onFault(error) });
  }

  /** Takes up what an earlier run left open, and forgets what ended long ago. */
  async open(): Promise<void> {
    await makeSpool(this.#deps.directory);
    const open = await this.#jobs.open();
    await removeOthers(this.#deps.directory, new Set(open.map(({ id }) => id)));
    for await (const id of this.#jobs.endedBefore(this.#deps.clock.now() - KEPT_MS)) await this.#jobs.forget(id);
    for (const { id, owner } of open) this.#queue.add(owner.organisation, id);
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }

  /**
   * Stores a file and a job for it.
   *
   * @throws Problem IMPORT_TOO_MANY_JOBS, IMPORT_FILE_TOO_LARGE, IDEMPOTENCY_KEY_REUSED, and those of `readHeadings`
   */
  async start(order: ImportOrder, body: AsyncIterable<Buffer>): Promise<ImportJob> {
    const { organisation } = order.owner;
    require(this.#queue.length(organisation) < MOST_WAITING, 'IMPORT_TOO_MANY_JOBS', { most: String(MOST_WAITING) });
    const { clock, randomBytes, directory } = this.#deps;
    const now = clock.now();
    const id = jobId(now, randomBytes);
    const { bytes, digest } = await spool(body, filePath(directory, id), this.#limits.bytes);
    try {
      await readHeadings(filePath(directory, id), importKind(order.kind));
      await syncFolder(directory);
      return await this.#create(order, newJob(order, { id, now, bytes }), digest);
    } catch (error) {
      await this.#removeFile(id);
      throw error;
    }
  }

  /** The same request again is answered with the first one's job. */
  async #create({ owner, repeat }: ImportOrder, job: ImportJob, digest: string): Promise<ImportJob> {
    const key: Idempotency | undefined = repeat === undefined ? undefined : { principal: owner.organisation, key: repeat.key, body: `${repeat.request}\n${digest}` };
    const { id } = await this.#deps.requests.once(key, async () => ({ decided: { id: job.id }, changes: this.#jobs.created(job) }));
    if (id === job.id) this.#queue.add(owner.organisation, id);
    else await this.#removeFile(job.id);
    return id === job.id ? job : this.#mine(id, owner);
  }

  /** @throws Problem IMPORT_UNKNOWN, also for another organisation's */
  async view(id: string, owner: JobOwner): Promise<ImportView> {
    const job = await this.#mine(id, owner);
    const progress = job.finishedAt === undefined ? this.#progressOf(job) : undefined;
    const errors: RowError[] = [];
    for await (const error of this.#jobs.errors(id)) {
      if (errors.length === SHOWN_ERRORS) break;
      errors.push(error);
    }
    return { job, errors, ...(progress === undefined ? {} : { progress }) };
  }

  /** All errors that are described. Throws IMPORT_UNKNOWN. */
  async errors(id: string, owner: JobOwner): Promise<AsyncIterable<RowError>> {
    await this.#mine(id, owner);
    return this.#jobs.errors(id);
  }

  /**
   * Asks a job to stop: at once while it is checked, at the end of the batch under way while it is written. What is
   * written stays.
   *
   * @throws Problem IMPORT_UNKNOWN, IMPORT_FINISHED
   */
  async cancel(id: string, owner: JobOwner): Promise<ImportView> {
    const job = await this.#mine(id, owner);
    require(job.finishedAt === undefined, 'IMPORT_FINISHED', { id, state: job.state });
    await this.#jobs.askToStop(id);
    return this.view(id, owner);
  }

  async #mine(id: string, owner: JobOwner): Promise<ImportJob> {
    const job = isJobId(id) ? await this.#jobs.job(id) : undefined;
    require(job?.owner.organisation === owner.organisation, 'IMPORT_UNKNOWN', { id: id.slice(0, 60) });
    return job;
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    const { submit, foresee, clock, directory } = this.#deps;
    const onProgress = (job: string, bytes: number, rows: number): void => this.#note(job, bytes, rows);
    try {
      await runImport({ submit, foresee, clock, directory, jobs: this.#jobs, limits: this.#limits, onProgress }, id, signal);
    } finally {
      this.#paces.delete(id);
    }
    if (!signal.aborted || (await this.#jobs.job(id))?.finishedAt !== undefined) await this.#removeFile(id);
  }

  async #removeFile(id: string): Promise<void> {
    await rm(filePath(this.#deps.directory, id), { force: true });
  }

  #note(id: string, bytes: number, rows: number): void {
    const state = bytes === 0 ? 'writing' : 'checking';
    const known = this.#paces.get(id);
    if (known?.state === state) Object.assign(known, { bytes, rows });
    else this.#paces.set(id, { state, since: this.#deps.clock.now(), fromRows: rows, bytes, rows });
  }

  /** Checking is measured in octets, for the rows are not counted yet; writing in rows. */
  #progressOf(job: ImportJob): ImportProgress | undefined {
    const pace = this.#paces.get(job.id);
    if (pace === undefined) return undefined;
    const part = pace.state === 'checking' ? pace.bytes / job.bytes : job.written / Math.max(1, job.rows - job.bad);
    const seconds = (this.#deps.clock.now() - pace.since) / 1000;
    const rowsPerSecond = seconds === 0 ? 0 : Math.round((pace.rows - pace.fromRows) / seconds);
    const rowsLeft = part === 0 ? undefined : pace.rows / part - pace.rows;
    return { part, rowsPerSecond, ...(rowsPerSecond === 0 || rowsLeft === undefined ? {} : { secondsLeft: Math.ceil(rowsLeft / rowsPerSecond) }) };
  }
}

function newJob({ kind, mode, dryRun, owner: { organisation, type } }: ImportOrder, { id, now, bytes }: { id: string; now: number; bytes: number }): ImportJob {
  return { id, owner: { organisation, type }, kind, mode, dryRun, state: 'checking', createdAt: now, bytes, rows: 0, bad: 0, written: 0, lastRow: 0, batch: 0, attempt: 0 };
}
