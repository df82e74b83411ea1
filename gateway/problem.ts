/** Refusals as HTTP answers: RFC 9457 problem details, with the code and both languages. */
import type { FastifyBaseLogger, FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, PROBLEMS, type ProblemCode, type ProblemKind } from '#domain/errors.js';
import { LedgerFailure } from './ledger/ledger.js';

/** The status with which each kind of refusal is answered. */
export const STATUS_OF_KIND: Readonly<Record<ProblemKind, number>> = {
  'malformed': 400,
  'unauthorised': 401,
  'forbidden': 403,
  'not-found': 404,
  'conflict': 409,
  'too-large': 413,
  'refused': 422,
  'too-many': 429,
  'unavailable': 503,
};

/** Where HTTP has a status of its own for one refusal. */
const STATUS_OF_CODE: Partial<Record<ProblemCode, number>> = { CONTENT_TYPE_WRONG: 415, REQUEST_TOO_SLOW: 408 };

/** e.g. `GTIN_MALFORMED` → 400. */
export function statusOf(code: ProblemCode): number {
  return STATUS_OF_CODE[code] ?? STATUS_OF_KIND[PROBLEMS[code].kind];
}

/** What stands in the body of a refusal. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code?: ProblemCode;
  readonly field?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly messageVi?: string;
  readonly messageEn?: string;
}

/**
 * @param language of `detail`
 * @returns e.g. `{ type: 'urn:minhchung:problem:GTIN_MALFORMED', title: 'A GTIN has …', status: 400, code, field, fields, … }`
 */
export function problemBody(problem: Problem, language: 'vi' | 'en'): ProblemBody {
  const { en, vi } = PROBLEMS[problem.code];
  const { field, ...fields } = problem.fields;
  return {
    type: `urn:minhchung:problem:${problem.code}`,
    title: en,
    status: statusOf(problem.code),
    detail: language === 'vi' ? vi : en,
    code: problem.code,
    ...(field === undefined || field === '' ? {} : { field }),
    fields,
    messageVi: vi,
    messageEn: en,
  };
}

/**
 * The language asked for by Accept-Language (RFC 9110 12.5.4): of Vietnamese and English the one that weighs more,
 * Vietnamese where neither is named.
 */
export function languageOf(accept: string | undefined): 'vi' | 'en' {
  const weights = { vi: -1, en: -1 };
  for (const part of (accept ?? '').toLowerCase().slice(0, 200).split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const primary = range.split('-')[0];
    if (primary !== 'vi' && primary !== 'en') continue;
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    weights[primary] = Math.max(weights[primary], Number(weight) || 0);
  }
  return weights.en > weights.vi ? 'en' : 'vi';
}

/** Sent as bytes: to a text Fastify would add a parameter that this type does not have (RFC 9457 6.1). */
const TYPE = 'application/problem+json';

/** Answers with a refusal. */
export async function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const language = languageOf(request.headers['accept-language']);
  const status = statusOf(problem.code);
  if (status === 401) reply.header('WWW-Authenticate', 'Bearer realm="minhchung"');
  if (status === 503 && !reply.hasHeader('Retry-After')) reply.header('Retry-After', '1');
  return reply.code(status).header('Content-Language', language).header('Cache-Control', 'no-store')
    .type(TYPE).send(Buffer.from(JSON.stringify(problemBody(problem, language))));
}

/** Our own fault: logged whole, told without detail. */
async function sendFault(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  request.log.error({ err: error }, 'fault');
  const body: ProblemBody = { type: 'about:blank', title: 'Internal Server Error', status: 500 };
  return reply.code(500).header('Cache-Control', 'no-store').type(TYPE).send(Buffer.from(JSON.stringify(body)));
}

/** Fastify's error handler: whatever a route throws becomes an answer. */
export async function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const problem = asProblem(error, request.log);
  return problem === undefined ? sendFault(error, request, reply) : sendProblem(problem, request, reply);
}

/** The refusal in an error, or `undefined` if it is our own fault. */
export function asProblem(error: unknown, log: Pick<FastifyBaseLogger, 'warn'>): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof LedgerFailure) {
    log.warn({ err: error }, 'ledger');
    return error.asProblem();
  }
  return isFrameworkError(error) ? ofFramework(error) : undefined;
}

function isFrameworkError(error: unknown): error is FastifyError {
  return error instanceof Error && ('validation' in error || ('code' in error && typeof error.code === 'string' && error.code.startsWith('FST_')));
}

const OF_FRAMEWORK: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'CONTENT_TYPE_WRONG',
  FST_ERR_CTP_BODY_TOO_LARGE: 'TEXT_TOO_LONG',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'TEXT_NOT_JSON',
  FST_ERR_MAX_PARAM_LENGTH: 'TEXT_TOO_LONG',
};

function ofFramework(error: FastifyError): Problem | undefined {
  const [first] = error.validation ?? [];
  if (first !== undefined) return ofValidation(first, error.validationContext ?? '');
  const code = OF_FRAMEWORK[error.code];
  if (code !== undefined) return new Problem(code);
  return isCallersFault(error.statusCode) ? new Problem(error.statusCode === 413 ? 'TEXT_TOO_LONG' : 'REQUEST_UNREADABLE') : undefined;
}

function isCallersFault(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500;
}

type ValidationFault = NonNullable<FastifyError['validation']>[number];

/** Ajv's words for what it refused in a path or query, as ours. */
function ofValidation(fault: ValidationFault, context: string): Problem {
  const { keyword, params, instancePath } = fault;
  const place = instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties') return new Problem('FIELD_UNKNOWN', { field: String(params['additionalProperty']).slice(0, 60), in: context });
  if (keyword === 'required') return new Problem('FIELD_MISSING', { field: String(params['missingProperty']), in: context });
  return new Problem('FIELD_WRONG_VALUE', { field: place, in: context, expected: (fault.message ?? '').slice(0, 200) });
}
