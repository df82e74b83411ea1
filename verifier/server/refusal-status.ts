/** With which status, and until when, each kind of refusal is answered. */
import { type Problem, type ProblemCode, type ProblemKind, PROBLEMS } from '#domain/errors.js';

const STATUS_OF_KIND: Readonly<Record<ProblemKind, number>> = {
  malformed: 400, unauthorised: 401, forbidden: 403, 'not-found': 404, conflict: 409, 'too-large': 413, refused: 422, 'too-many': 429, unavailable: 503,
};
/** Where HTTP has a status of its own for one refusal. */
const STATUS_OF_CODE: Partial<Record<ProblemCode, number>> = { CONTENT_TYPE_WRONG: 415, METHOD_NOT_ALLOWED: 405 };

/** e.g. `RATE_LIMITED` → 429. */
export function statusOf(code: ProblemCode): number {
  return STATUS_OF_CODE[code] ?? STATUS_OF_KIND[PROBLEMS[code].kind];
}

const USUAL_WAIT: Partial<Record<ProblemKind, string>> = { 'too-many': '3600', unavailable: '30' };

/** Seconds after which it is worth asking again; `undefined` where waiting does not help. */
export function retryAfter({ kind, fields }: Problem): string | undefined {
  return fields['seconds'] ?? USUAL_WAIT[kind];
}
