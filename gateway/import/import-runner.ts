/**
 * Runs an import: all rows are checked, then the good ones are written, batch by batch. Each batch goes to the ledger
 * under a key made of the job and its number, and that it is done is stored durably before the next: a run that is
 * broken off anywhere goes on where it was, and nothing is written twice.
 */
import { join } from 'node:path';
import { Problem, type ProblemCode } from '#domain/errors.js';
import { settle } from '../jobs/ledger-writer.js';
import { storedProblem } from '../jobs/stored-problem.js';
import { batchesOf, type NumberedEntry, type RowBatch } from './file-batches.js';
import { checkFile, errorOfEntry } from './file-check.js';
import { readHeadings, type Headings } from './heading-row.js';
import type { ImportEntry, ImportKind } from './import-kind.js';
import type { ImportJob, ImportState, ImportStore } from './import-store.js';
import type { ImportDependencies, ImportLimits } from './ports.js';
import { PRODUCTS } from './product-rows.js';
import { SERIALS } from './serial-rows.js';

export interface RunnerTools extends Pick<ImportDependencies, 'submit' | 'foresee' | 'clock' | 'directory'> {
  readonly jobs: ImportStore;
  readonly limits: ImportLimits;
  /** Told how far a job is, in octets of its file. */
  readonly onProgress: (id: string, bytes: number, rows: number) => void;
}

/** The ledger port knows an idempotency key for seven days. */
const LONGEST_INTERRUPTION_MS = 6 * 24 * 3_600_000;

/** Where a job's file waits. */
export const filePath = (directory: string, id: string): string => join(directory, `${id}.csv`);

export function importKind(name: ImportEntry['kind']): ImportKind {
  return (name === 'products' ? PRODUCTS : SERIALS) as ImportKind;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Runs one job to its end, or until `signal`; what passes by itself (the copy for reading being checked) is waited for. */
export async function runImport(tools: RunnerTools, id: string, signal: AbortSignal): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    const job = await tools.jobs.job(id);
    if (job === undefined || job.finishedAt !== undefined) return;
    if (await attempted(tools, job, signal)) return;
    await tools.clock.wait(pause, signal);
  }
}

/** @returns false: to be tried again */
async function attempted(tools: RunnerTools, job: ImportJob, signal: AbortSignal): Promise<boolean> {
  try {
    await continueImport(tools, job, signal);
    return true;
  } catch (error) {
    if (!(error instanceof Problem) || FAULTS.has(error.code)) throw error;
    if (error.kind === 'unavailable') return false;
    const now = await tools.jobs.job(job.id) ?? job;
    await end(tools, now, now.written === 0 ? 'refused' : 'failed', error);
    return true;
  }
}

/** The gateway's own disk: nothing gets better by waiting. */
const FAULTS: ReadonlySet<ProblemCode> = new Set(['STORE_FAILED', 'TENANT_DATA_DAMAGED']);

async function continueImport(tools: RunnerTools, job: ImportJob, signal: AbortSignal): Promise<void> {
  if (tools.clock.now() - job.createdAt > LONGEST_INTERRUPTION_MS) throw new Problem('IMPORT_TOO_OLD');
  const kind = importKind(job.kind);
  const headings = await readHeadings(filePath(tools.directory, job.id), kind);
  const checked = job.state === 'checking' ? await check(tools, job, headings, signal) : job;
  if (checked?.state === 'writing') await write(tools, checked, headings, signal);
}

async function end({ jobs, clock }: RunnerTools, job: ImportJob, state: ImportState, problem?: Problem): Promise<void> {
  await jobs.progress({ ...job, state, finishedAt: clock.now(), ...(problem === undefined ? {} : { problem: storedProblem(problem) }) });
}

/** @returns the job, ready to be written, or `undefined` if it has ended or is broken off */
async function check(tools: RunnerTools, job: ImportJob, headings: Headings, signal: AbortSignal): Promise<ImportJob | undefined> {
  const { jobs, clock, foresee, limits, directory } = tools;
  await jobs.forgetErrors(job.id); // of a check that was broken off
  const found = await checkFile({
    path: filePath(directory, job.id), kind: importKind(job.kind), headings, owner: job.owner, foresee, limits,
    now: () => clock.now(),
    note: (errors) => jobs.note(job.id, errors),
    onProgress: async (rows, bytes) => {
      tools.onProgress(job.id, bytes, rows);
      return signal.aborted || jobs.isToStop(job.id);
    },
  });
  if (signal.aborted) return undefined;
  if (found === undefined || await jobs.isToStop(job.id)) return cancelled(tools, job);
  const counted = { ...job, rows: found.rows, bad: found.bad };
  if (found.bad > 0 && job.mode === 'all-or-nothing') throw await refusedRows(tools, counted);
  if (job.dryRun) {
    await end(tools, counted, 'done');
    return undefined;
  }
  const ready: ImportJob = { ...counted, state: 'writing' };
  await jobs.progress(ready, { marks: found.marks });
  return ready;
}

async function cancelled(tools: RunnerTools, job: ImportJob): Promise<undefined> {
  await end(tools, job, 'cancelled');
}

/** The counts are stored before the refusal ends the job. */
async function refusedRows({ jobs }: RunnerTools, job: ImportJob): Promise<Problem> {
  await jobs.progress(job);
  return new Problem('IMPORT_ROWS_REFUSED', { rows: String(job.rows), bad: String(job.bad) });
}

async function write(tools: RunnerTools, ready: ImportJob, headings: Headings, signal: AbortSignal): Promise<void> {
  const { jobs, directory, clock } = tools;
  const kind = importKind(ready.kind);
  const marks = await jobs.marks(ready.id);
  const { lastRow: after, until } = ready;
  const batches = batchesOf({ path: filePath(directory, ready.id), kind, headings, marks, after, now: () => clock.now(), ...(until === undefined ? {} : { until }) });
  let job: ImportJob | undefined = ready;
  for await (const batch of batches) {
    if (await jobs.isToStop(ready.id)) return cancelled(tools, job);
    job = await writeBatch(tools, { job, kind, headings, marks }, batch, signal);
    if (job === undefined) return undefined;
    tools.onProgress(job.id, 0, job.written);
  }
  return end(tools, job, 'done');
}

interface Writing {
  readonly job: ImportJob;
  readonly kind: ImportKind;
  readonly headings: Headings;
  readonly marks: Awaited<ReturnType<ImportStore['marks']>>;
}

/** @returns the job with the batch done, or `undefined` if the program stops */
async function writeBatch(tools: RunnerTools, writing: Writing, batch: RowBatch, signal: AbortSignal): Promise<ImportJob | undefined> {
  let { job } = writing;
  let { entries } = batch;
  while (entries.length > 0) {
    const { transaction, argument } = writing.kind.batchOf(entries.map(({ entry }) => entry));
    const key = `import-${job.id}-${job.batch}-${job.attempt}`;
    const outcome = await settle(tools.submit, { owner: job.owner, transaction, argument, key }, tools.clock, signal);
    if (outcome.status === 'stopped') return undefined;
    if (outcome.status === 'committed') break;
    const refused = concernedBy(outcome.problem, entries);
    if (job.mode === 'all-or-nothing' || refused.length === 0) throw named(outcome.problem, refused[0] ?? entries[0]);
    job = await leaveOut(tools, { ...writing, job }, refused, { problem: outcome.problem, until: batch.lastRow });
    entries = entries.filter((one) => !refused.includes(one));
  }
  const { until: _until, ...rest } = job;
  const done: ImportJob = { ...rest, lastRow: batch.lastRow, batch: job.batch + 1, attempt: 0, written: job.written + entries.length };
  await tools.jobs.progress(done);
  return done;
}

/** Rows that a refusal is about, by what it names. */
function concernedBy({ fields }: Problem, entries: readonly NumberedEntry[]): readonly NumberedEntry[] {
  const { item, lot } = fields;
  const gtin = fields['gtin'] ?? fields['number'];
  if (item !== undefined) return entries.filter(({ entry }) => entry.key === item);
  if (gtin === undefined) return [];
  return entries.filter(({ entry }) => gtinOf(entry) === gtin && (lot === undefined || (entry.kind === 'serials' && entry.lot === lot)));
}

function gtinOf(entry: ImportEntry): string {
  return entry.kind === 'products' ? entry.request.gtin : entry.gtin;
}

function named(problem: Problem, at: NumberedEntry | undefined): Problem {
  return new Problem(problem.code, { ...problem.fields, row: String(at?.row ?? '') });
}

/** What changed since the check: these rows go the way of the bad ones, and the batch is tried without them. */
async function leaveOut(tools: RunnerTools, { job, headings, marks }: Writing, refused: readonly NumberedEntry[], { problem, until }: { problem: Problem; until: number }): Promise<ImportJob> {
  for (const { row } of refused) marks.mark(row);
  const next: ImportJob = { ...job, attempt: job.attempt + 1, until, bad: job.bad + refused.length };
  await tools.jobs.progress(next, { marks, errors: refused.map(({ row, entry }) => errorOfEntry(headings, row, entry, problem)) });
  return next;
}
