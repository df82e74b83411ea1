/** A capture job as the standard shows it (EPCIS 2.0 REST binding, `CaptureJob`). */
import { eventUri } from '#domain/epcis/own-uris.js';
import { Problem } from '#domain/errors.js';
import { instantOf } from '#domain/instant.js';
import type { CaptureJob, JobError } from './capture-store.js';
import { exceptionBody, type ExceptionBody } from './exception.js';

/**
 * @param language of the errors' `detail`
 * @returns `captureID`, `createdAt`, `finishedAt`, `running`, `success`, `captureErrorBehaviour`, `errors`, and besides
 *   the ids under which each event can be read, in the order of the document
 */
export function jobJson(job: CaptureJob, language: 'vi' | 'en'): Record<string, unknown> {
  return {
    captureID: job.id,
    createdAt: instantOf(job.createdAt),
    ...(job.finishedAt === undefined ? {} : { finishedAt: instantOf(job.finishedAt) }),
    running: job.finishedAt === undefined,
    success: job.errors.length === 0,
    captureErrorBehaviour: job.behaviour,
    errors: job.errors.map((error) => errorJson(error, language)),
    'minhchung:eventIDs': job.places.map((place) => (place === null ? null : eventUri(place))),
  };
}

function errorJson({ event, code, fields }: JobError, language: 'vi' | 'en'): ExceptionBody & { event?: number } {
  return { ...exceptionBody(new Problem(code, fields), language, 'event'), ...(event === undefined ? {} : { event }) };
}
