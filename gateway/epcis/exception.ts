/** Refusals in the words of EPCIS: problem details whose `type` is one of the standard's exceptions. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem, ProblemCode, ProblemKind } from '#domain/errors.js';
import { answerError, asProblem, languageOf, problemBody, statusOf, type ProblemBody } from '../problem.js';

export type ExceptionBody = ProblemBody;

interface Exception {
  readonly type: string;
  /** absent: the status that the refusal has elsewhere */
  readonly status?: number;
}

const OF_KIND: Readonly<Record<ProblemKind, Exception>> = {
  'malformed': { type: 'ValidationException' },
  'unauthorised': { type: 'SecurityException' },
  'forbidden': { type: 'SecurityException' },
  'not-found': { type: 'NoSuchResourceException' },
  'conflict': { type: 'ResourceAlreadyExistsException' },
  // EPCIS has no 422: an event that breaks a rule is an invalid one.
  'refused': { type: 'ValidationException', status: 400 },
  'too-large': { type: 'CaptureLimitExceededException' },
  'too-many': { type: 'ImplementationException' },
  'unavailable': { type: 'ImplementationException' },
};

const OF_CODE: Partial<Record<ProblemCode, Exception>> = {
  CONTENT_TYPE_WRONG: { type: 'UnsupportedMediaTypeException', status: 415 },
  EPCIS_NOT_ACCEPTABLE: { type: 'NotAcceptableException', status: 406 },
  EPCIS_PARAMETER_UNKNOWN: { type: 'QueryParameterException' },
  EPCIS_PARAMETER_WRONG: { type: 'QueryParameterException' },
  EPCIS_PAGE_TOKEN_WRONG: { type: 'QueryParameterException' },
  EPCIS_RESULT_TOO_LARGE: { type: 'QueryTooLargeException' },
  EPCIS_QUERY_TOO_COMPLEX: { type: 'QueryTooComplexException' },
};

/** An event about goods that nobody knows is an invalid event; an address that leads nowhere is another matter. */
const INVALID_EVENT: Exception = { type: 'ValidationException', status: 400 };

function exceptionOf(problem: Problem, about: 'event' | 'request'): Exception {
  if (about === 'event' && problem.kind === 'not-found') return INVALID_EVENT;
  return OF_CODE[problem.code] ?? OF_KIND[problem.kind];
}

/**
 * @param about an event that was captured, or the request itself
 * @returns e.g. `{ type: 'epcisException:ValidationException', title: 'This word is not …', status: 400, code: 'EPCIS_WORD_UNKNOWN', … }`
 */
export function exceptionBody(problem: Problem, language: 'vi' | 'en', about: 'event' | 'request'): ExceptionBody {
  const { type, status } = exceptionOf(problem, about);
  return { ...problemBody(problem, language), type: `epcisException:${type}`, status: status ?? statusOf(problem.code) };
}

/** Fastify's error handler for the routes under `/epcis`; a fault of ours is answered as everywhere. */
export async function answerException(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const problem = asProblem(error, request.log);
  if (problem === undefined) return answerError(error, request, reply);
  const language = languageOf(request.headers['accept-language']);
  const body = exceptionBody(problem, language, request.method === 'POST' ? 'event' : 'request');
  if (body.status === 401) reply.header('WWW-Authenticate', 'Bearer realm="minhchung"');
  if (body.status === 429 || body.status === 503) reply.header('Retry-After', '1');
  return reply.code(body.status).header('Content-Language', language).header('Cache-Control', 'no-store')
    .type('application/problem+json').send(JSON.stringify(body));
}
