/**
 * What stands for `domain/errors.ts` in the script of the credential pages (`build-page.ts` puts it there): the same
 * refusals, without the hundreds of sentences.
 */
import type { ProblemCode, ProblemFields } from '#domain/errors.js';

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly fields: ProblemFields;

  constructor(code: ProblemCode, fields: ProblemFields = {}) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.fields = fields;
  }
}

export function require(condition: boolean, code: ProblemCode, fields: ProblemFields = {}): asserts condition {
  if (!condition) throw new Problem(code, fields);
}

/** Where in a credential something is wrong, no page says; what decides a code is the last name alone. */
export function within(_parent: string, problem: Problem): Problem {
  return problem;
}
