/** A batch: one table of graduates, from its upload to its diplomas. */
import type { Diploma } from '#domain/credential/diploma.js';
import type { DiplomaDefaults } from '#domain/credential/diploma-rows.js';
import { require, type ProblemCode, type ProblemFields } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Did } from '#domain/trust/did.js';

/**
 * | state | what it waits for, or how it ended |
 * |---|---|
 * | `refused` | ended: rows are wrong |
 * | `prepared` | somebody else's approval |
 * | `signing` | the job; nobody outside knows of it yet, so it can be cancelled |
 * | `committing` | the ledger's answer |
 * | `publishing` | the job; the commitment stands, so nothing can stop it any more |
 * | `stopped` | a new approval: the ledger refused the commitment |
 * | `issued`, `cancelled` | ended |
 */
export type BatchState = 'refused' | 'prepared' | 'signing' | 'committing' | 'publishing' | 'stopped' | 'issued' | 'cancelled';

export interface StoredProblem {
  readonly code: ProblemCode;
  readonly fields: ProblemFields;
}

export interface Batch {
  /** 32 hexadecimal digits, the later the greater */
  readonly id: string;
  readonly state: BatchState;
  readonly did: Did;
  readonly organisation: OrganisationId;
  readonly institution: Diploma['institution'];
  readonly assurance: Diploma['assurance'];
  readonly fictional?: 'yes';
  readonly defaults: DiplomaDefaults;
  /** how many graduates the decision names */
  readonly graduates: number;
  /** SHA-256 of the file, hexadecimal */
  readonly file: string;
  /** rows with data, and those of them that are wrong */
  readonly rows: number;
  readonly bad: number;
  /** errors that are kept; of more, only the rows are counted */
  readonly errors: number;
  /** public parts of API keys: who uploaded it, who approved it */
  readonly preparedBy: string;
  readonly approvedBy?: string;
  /** milliseconds since 1970 */
  readonly preparedAt: number;
  readonly approvedAt?: number;
  readonly endedAt?: number;
  /** of the key that signs, and what the credentials say of when they were issued, in seconds since 1970: fixed by the approval */
  readonly keyId?: string;
  readonly issuedAt?: number;
  /** Merkle root of the signed credentials, 64 hexadecimal digits */
  readonly root?: string;
  /** status indices that were signed with for nothing, and are never used again: by what was stopped, and by what was cancelled */
  readonly stoppedIndices?: number;
  readonly lostIndices?: number;
  /** why it was refused or stopped */
  readonly problem?: StoredProblem;
}

export type BatchAction = 'approve' | 'cancel' | 'download';

const POSSIBLE: Readonly<Record<BatchAction, readonly BatchState[]>> = {
  approve: ['prepared', 'stopped', 'signing', 'committing', 'publishing'],
  cancel: ['prepared', 'signing', 'stopped'],
  download: ['issued'],
};

/** States in which a job has something to do. */
export const AT_WORK: ReadonlySet<BatchState> = new Set(['signing', 'committing', 'publishing']);

export const BATCHES = 'batch/';
export const batchRow = (id: string): string => BATCHES + id;

/** States in which the numbers of its rows are not free for others. */
export const HOLDS_NUMBERS: ReadonlySet<BatchState> = new Set([...AT_WORK, 'prepared', 'stopped', 'issued']);

/** @throws Problem BATCH_STATE_WRONG (fields `state`, `possible`) */
export function requirePossible({ state }: Batch, action: BatchAction): void {
  require(POSSIBLE[action].includes(state), 'BATCH_STATE_WRONG', { state, possible: POSSIBLE[action].join(' | ') });
}

/** Who approves, when, and with which key it will be signed. */
export interface Approval {
  /** public part of the API key */
  readonly by: string;
  /** milliseconds since 1970 */
  readonly now: number;
  readonly keyId: string;
}

/** @throws Problem BATCH_STATE_WRONG, BATCH_SAME_PERSON */
export function requireApprovable(batch: Batch, by: string): void {
  requirePossible(batch, 'approve');
  require(by !== batch.preparedBy, 'BATCH_SAME_PERSON', { key: by });
}

/** The batch as approved; what an earlier approval had signed and the ledger stopped nobody saw, and it is signed anew. Throws as {@link requireApprovable}. */
export function approved(batch: Batch, { by, now, keyId }: Approval): Batch {
  requireApprovable(batch, by);
  const { problem: _problem, root: _root, ...rest } = batch;
  const lost = batch.state === 'stopped' ? { stoppedIndices: (batch.stoppedIndices ?? 0) + batch.rows } : {};
  return { ...rest, ...lost, state: 'signing', approvedBy: by, approvedAt: now, keyId, issuedAt: Math.floor(now / 1000) };
}

/** The batch as cancelled; what was stopped is taken as signed to the last row, also where little of it is left. Throws BATCH_STATE_WRONG. */
export function cancelled(batch: Batch, now: number): Batch {
  requirePossible(batch, 'cancel');
  const lost = batch.state === 'stopped' ? { lostIndices: batch.rows } : {};
  return { ...batch, ...lost, state: 'cancelled', endedAt: now };
}
