/** Refusals as HTTP answers: RFC 9457 problem details, with the code and both languages. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, PROBLEMS, type ProblemCode, type ProblemKind } from '#domain/errors.js';

const STATUS_OF_KIND: Readonly<Record<ProblemKind, number>> = {
  'malformed': 400, 'unauthorised': 401, 'forbidden': 403, 'not-found': 404, 'conflict': 409, 'too-large': 413, 'refused': 422, 'too-many': 429, 'unavailable': 503,
};

const STATUS_OF_CODE: Partial<Record<ProblemCode, number>> = { CONTENT_TYPE_WRONG: 415 };

/** Sent as bytes: to a text Fastify would add a parameter that this type does not have (RFC 9457 section 6.1). */
const TYPE = 'application/problem+json';

/** e.g. `CREDENTIAL_UNKNOWN` → 404. */
export function statusOf(code: ProblemCode): number {
  return STATUS_OF_CODE[code] ?? STATUS_OF_KIND[PROBLEMS[code].kind];
}

/** The language asked for by Accept-Language, as far as its order says; Vietnamese where it names neither. */
function languageOf(accept: string | undefined): 'vi' | 'en' {
  const [vi, en] = (['vi', 'en'] as const).map((one) => (accept ?? '').toLowerCase().slice(0, 200).search(new RegExp(`\\b${one}\\b`)));
  return en !== undefined && en !== -1 && (vi === undefined || vi === -1 || en < vi) ? 'en' : 'vi';
}

/** Answers with a refusal. */
export async function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const language = languageOf(request.headers['accept-language']);
  const status = statusOf(problem.code);
  if (status === 401) reply.header('WWW-Authenticate', 'Bearer realm="minhchung"');
  if (status === 503) reply.header('Retry-After', '1');
  if (problem.code === 'RATE_LIMITED') reply.header('Retry-After', problem.fields['seconds'] ?? '60');
  return reply.code(status).header('Content-Language', language).header('Cache-Control', 'no-store').type(TYPE).send(Buffer.from(JSON.stringify(bodyOf(problem, status, language))));
}

function bodyOf({ code, fields: { field, ...fields } }: Problem, status: number, language: 'vi' | 'en'): object {
  const { vi, en } = PROBLEMS[code];
  return {
    type: `urn:minhchung:problem:${code}`, title: en, status, detail: language === 'vi' ? vi : en, code,
    ...(field === undefined || field === '' ? {} : { field }), fields, messageVi: vi, messageEn: en,
  };
}

/** Fastify's error handler: whatever a route throws becomes an answer; our own faults are logged whole and told without detail. */
export async function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const problem = error instanceof Problem ? error : ofFramework(error);
  if (problem !== undefined) return sendProblem(problem, request, reply);
  request.log.error({ err: error }, 'fault');
  return reply.code(500).header('Cache-Control', 'no-store').type(TYPE).send(Buffer.from(JSON.stringify({ type: 'about:blank', title: 'Internal Server Error', status: 500 })));
}

const OF_FRAMEWORK: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'CONTENT_TYPE_WRONG', FST_ERR_CTP_BODY_TOO_LARGE: 'TEXT_TOO_LONG', FST_ERR_CTP_EMPTY_JSON_BODY: 'TEXT_NOT_JSON', FST_ERR_MAX_PARAM_LENGTH: 'TEXT_TOO_LONG',
};

function ofFramework(error: unknown): Problem | undefined {
  if (!isFrameworkError(error)) return undefined;
  const [fault] = error.validation ?? [];
  if (fault !== undefined) return new Problem('FIELD_WRONG_VALUE', { field: fault.instancePath.slice(1).replaceAll('/', '.'), in: error.validationContext ?? '', expected: (fault.message ?? '').slice(0, 200) });
  const code = OF_FRAMEWORK[error.code];
  if (code !== undefined) return new Problem(code);
  const { statusCode: status = 500 } = error;
  return status >= 400 && status < 500 ? new Problem('REQUEST_UNREADABLE') : undefined;
}

function isFrameworkError(error: unknown): error is FastifyError {
  return error instanceof Error && ('validation' in error || ('code' in error && typeof error.code === 'string' && error.code.startsWith('FST_')));
}
