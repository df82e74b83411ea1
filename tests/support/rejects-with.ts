import { expect } from 'vitest';
import { Problem, type ProblemCode, type ProblemFields } from '#domain/errors.js';

/** Asserts that something is refused with this code and (at least) these fields. */
export async function rejectsWith(promise: Promise<unknown>, code: ProblemCode, fields: ProblemFields = {}): Promise<void> {
  const refusal = await promise.then((value) => value, (error: unknown) => error);
  expectProblem(refusal, code, fields);
}

/** The same for a call that throws at once. */
export function throwsWith(call: () => unknown, code: ProblemCode, fields: ProblemFields = {}): void {
  let refusal: unknown;
  try {
    refusal = call();
  } catch (error) {
    refusal = error;
  }
  expectProblem(refusal, code, fields);
}

function expectProblem(refusal: unknown, code: ProblemCode, fields: ProblemFields): void {
  if (!(refusal instanceof Problem)) throw new Error(`expected ${code}, got ${String(refusal)}`, { cause: refusal });
  expect({ code: refusal.code, fields: refusal.fields }).toMatchObject({ code, fields });
}
