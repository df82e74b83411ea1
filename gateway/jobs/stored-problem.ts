/** Refusals as jobs remember them. */
import type { Problem, ProblemCode, ProblemFields } from '#domain/errors.js';

export interface StoredProblem {
  readonly code: ProblemCode;
  readonly fields: ProblemFields;
}

export function storedProblem({ code, fields }: Problem): StoredProblem {
  return { code, fields };
}
