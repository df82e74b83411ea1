/** A batch as its institution sees it. */
import type { DiplomaRowError } from '#domain/credential/diploma-rows.js';
import { PROBLEMS } from '#domain/errors.js';
import { instantOf } from '#domain/instant.js';
import type { JsonSchema } from '../http/described.js';
import { objectOf } from '../http/described.js';
import type { Batch, StoredProblem } from './batch.js';
import type { Progress } from './batch-desk.js';

export interface BatchView {
  readonly batch: Batch;
  readonly progress?: Progress;
  /** the first ones */
  readonly errors?: readonly DiplomaRowError[];
}

export function batchJson({ batch, progress, errors = [] }: BatchView): object {
  const { id, state, did, institution, assurance, graduates, file, rows, bad, root, problem } = batch;
  return {
    id, state, did, institution: institution.name, assurance, graduates, file, rows: { read: rows, bad },
    preparedBy: batch.preparedBy, preparedAt: instantOf(batch.preparedAt),
    ...(batch.approvedBy === undefined ? {} : { approvedBy: batch.approvedBy }),
    ...(batch.approvedAt === undefined ? {} : { approvedAt: instantOf(batch.approvedAt) }),
    ...(batch.endedAt === undefined ? {} : { endedAt: instantOf(batch.endedAt) }),
    ...(root === undefined ? {} : { root }),
    ...lostIn(batch),
    ...(progress === undefined ? {} : { progress: progressJson(progress) }),
    ...(problem === undefined ? {} : { problem: withWords(problem) }),
    ...(state === 'refused' ? { errors: errors.map(errorJson), errorsFile: `/v1/batches/${id}/errors.csv` } : {}),
    ...(state === 'issued' ? { archive: `/v1/batches/${id}/diplomas.zip`, print: `/v1/batches/${id}/diplomas.pdf` } : {}),
  };
}

function lostIn({ stoppedIndices = 0, lostIndices = 0 }: Batch): object {
  const lost = stoppedIndices + lostIndices;
  return lost === 0 ? {} : { lostIndices: lost };
}

function progressJson({ waiting, ...progress }: Progress): object {
  return { ...progress, ...(waiting === undefined ? {} : { waiting: withWords(waiting) }) };
}

function errorJson({ code, fields, ...place }: DiplomaRowError): object {
  return { ...place, ...withWords({ code, fields }) };
}

function withWords({ code, fields }: StoredProblem): object {
  const { vi, en } = PROBLEMS[code];
  return { code, fields, messageVi: vi, messageEn: en };
}

const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const WORDS = { code: text, fields: { type: 'object', additionalProperties: text }, messageVi: text, messageEn: text } as const;

const PROGRESS = objectOf({ state: text, done: count, of: count, perSecond: count }, { secondsLeft: count, waiting: objectOf(WORDS) });
const ROW_ERROR = objectOf({ row: { ...count, description: 'in the file; 0 for the file as a whole' }, column: text, value: text, ...WORDS });

/** For the description of the API. */
export const BATCH_SCHEMA: JsonSchema = objectOf({
  id: text, state: { enum: ['refused', 'prepared', 'signing', 'committing', 'publishing', 'stopped', 'issued', 'cancelled'] }, did: text, institution: text, assurance: text,
  graduates: count, file: { ...text, description: 'SHA-256 of the file' }, rows: objectOf({ read: count, bad: count }), preparedBy: { ...text, description: 'public part of an API key' }, preparedAt: text,
}, {
  approvedBy: text, approvedAt: text, endedAt: text, root: { ...text, description: 'Merkle root of the batch, on the ledger' }, lostIndices: { ...count, description: 'status indices that are never used again, because something that nobody saw was signed with them' }, progress: PROGRESS, problem: objectOf(WORDS),
  errors: { type: 'array', items: ROW_ERROR, description: 'the first hundred' }, errorsFile: text, archive: text, print: text,
});
