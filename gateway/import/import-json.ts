/** An import as whoever started it sees it. */
import { PROBLEMS } from '#domain/errors.js';
import { instantOf } from '#domain/instant.js';
import type { StoredProblem } from '../jobs/stored-problem.js';
import type { ImportJob } from './import-store.js';
import type { RowError } from './row-reader.js';

/** How far a running import is, since it began or was taken up again. */
export interface ImportProgress {
  /** done of the whole, 0 to 1 */
  readonly part: number;
  readonly rowsPerSecond: number;
  /** whole seconds; absent while nothing can be said */
  readonly secondsLeft?: number;
}

export interface ImportView {
  readonly job: ImportJob;
  readonly progress?: ImportProgress;
  /** the first ones */
  readonly errors: readonly RowError[];
}

export function importJson({ job, progress, errors }: ImportView): Record<string, unknown> {
  return {
    id: job.id, kind: job.kind, mode: job.mode, dryRun: job.dryRun, state: job.state,
    createdAt: instantOf(job.createdAt),
    ...(job.finishedAt === undefined ? {} : { finishedAt: instantOf(job.finishedAt) }),
    rows: { read: job.rows, bad: job.bad, written: job.written },
    ...(progress === undefined ? {} : { progress }),
    ...(job.problem === undefined ? {} : { problem: withWords(job.problem) }),
    errors: errors.map(({ code, fields, ...place }) => ({ ...place, ...withWords({ code, fields }) })),
    errorsFile: `/v1/imports/${job.id}/errors.csv`,
  };
}

function withWords({ code, fields }: StoredProblem): Record<string, unknown> {
  const { vi, en } = PROBLEMS[code];
  return { code, fields, messageVi: vi, messageEn: en };
}
