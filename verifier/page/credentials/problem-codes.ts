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

export function within(parent: string, problem: Problem): Problem {
  const own = problem.fields['field'];
  const joint = own === undefined || own === '' ? '' : own.startsWith('[') ? own : `.${own}`;
  return new Problem(problem.code, { ...problem.fields, field: `${parent}${joint}` });
}
