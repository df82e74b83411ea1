/** Refusals: RFC 9457 problem details for machines, a page in words for people. */
import type { FastifyReply } from 'fastify';
import { Problem, type ProblemCode, PROBLEMS } from '#domain/errors.js';
import { type Language, words } from '../core/goods/language.js';
import { sendCompressible } from './compression.js';
import { CACHE } from './headers.js';
import type { Format } from './negotiation.js';
import { messagePage } from './pages.js';
import type { PageFrame } from './parts/document.js';
import { refusalText } from './refusal-wording.js';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** A page frame, and the form in which the client wants its answer. */
export interface RefusalFrame extends PageFrame {
  readonly format: Format;
}

/** @returns the reply, sent */
export function sendProblem(reply: FastifyReply, problem: Problem | ProblemCode, status: number, frame: RefusalFrame): FastifyReply {
  reply.code(status);
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', CACHE.never);
  if (frame.format !== 'html') return reply.type(PROBLEM_TYPE).send(problemBody(problem, status, frame.language));
  const sentence = refusalText(problem instanceof Problem ? problem : new Problem(problem), frame.language);
  return sendCompressible(reply.type('text/html; charset=utf-8'), messagePage(frame, status, sentence).markup);
}

const FAULT = words('Có lỗi ở phía chúng tôi. Hãy thử lại sau ít phút.', 'Something went wrong on our side. Try again in a few minutes.');

/** Something of ours is broken: nothing about what. */
export function sendFault(reply: FastifyReply, frame: RefusalFrame): FastifyReply {
  reply.code(500);
  if (frame.format !== 'html') return reply.type(PROBLEM_TYPE).send(JSON.stringify({ type: 'about:blank', title: 'Internal Server Error', status: 500, detail: FAULT[frame.language] }));
  return sendCompressible(reply.type('text/html; charset=utf-8'), messagePage(frame, 500, FAULT[frame.language]).markup);
}

function problemBody(problem: Problem | ProblemCode, status: number, language: Language): string {
  const [code, fields] = typeof problem === 'string' ? [problem, {}] : [problem.code, problem.fields];
  return JSON.stringify({
    type: `urn:minhchung:problem:${code}`,
    title: PROBLEMS[code].en,
    status,
    detail: PROBLEMS[code][language],
    code,
    fields,
  });
}
