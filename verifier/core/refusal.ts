import type { ProblemCode } from '#domain/errors.js';

/**
 * How the readers of this folder say no: a code of the closed list and nothing else.
 *
 * It stands beside `Problem` because that class carries the sentences of every code, and the page that only needs
 * the decision should not have to load them. No refusal leaves this folder: it becomes an outcome of a report.
 */
export class Refusal extends Error {
  readonly code: ProblemCode;

  constructor(code: ProblemCode) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** The code of a refusal; any other error is a bug and goes on. */
export function codeOf(error: unknown): ProblemCode {
  if (error instanceof Refusal) return error.code;
  throw error;
}
