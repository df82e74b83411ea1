/** What is thrown while a request is answered, as an answer. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemCode, type ProblemKind } from '#domain/errors.js';
import { CACHE } from './headers.js';
import type { Format } from './negotiation.js';
import { sendFault, sendProblem } from './problem-answer.js';
import { rawUrl } from './raw-url.js';
import { retryAfter, statusOf } from './refusal-status.js';
import { scanAsk } from './scan-ask.js';
import type { ScanService } from './scan-routes.js';

/** Where nothing is read from a caller but an address, everything else that is refused is nonsense from the register. */
const ELSEWHERE: ReadonlySet<ProblemKind> = new Set<ProblemKind>(['unavailable', 'too-many']);

/**
 * For Fastify's `setErrorHandler`.
 *
 * @param readsBodies whether a caller can send something that is to be refused
 * @param format of every refusal, where machines alone are answered
 * @returns refusals with their own status and the time after which to ask again; anything else is a fault of ours, told without detail
 */
export function errorAnswer(service: ScanService, readsBodies: boolean, format?: Format): (error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  return (error, request, reply) => {
    const ask = scanAsk(request, rawUrl(request.raw.url ?? '/'), service.site);
    const frame = { ...ask, format: format ?? ask.format };
    reply.header('cache-control', CACHE.never);
    const problem = error instanceof Problem ? error : ofFramework(error);
    if (problem !== undefined && (readsBodies || ELSEWHERE.has(problem.kind))) return sendRefusal(reply, problem, frame);
    service.onFault(error);
    return sendFault(reply, frame);
  };
}

function sendRefusal(reply: FastifyReply, problem: Problem, frame: Parameters<typeof sendProblem>[3]): FastifyReply {
  const wait = retryAfter(problem);
  return sendProblem(wait === undefined ? reply : reply.header('retry-after', wait), problem, statusOf(problem.code), frame);
}

const OF_FRAMEWORK: Readonly<Record<string, ProblemCode>> = { FST_ERR_CTP_INVALID_MEDIA_TYPE: 'CONTENT_TYPE_WRONG', FST_ERR_CTP_BODY_TOO_LARGE: 'TEXT_TOO_LONG' };

function ofFramework({ code }: FastifyError): Problem | undefined {
  const ours = OF_FRAMEWORK[code];
  return ours === undefined ? undefined : new Problem(ours);
}
