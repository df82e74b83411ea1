import { Problem, type ProblemCode } from '#domain/errors.js';
import { codeOf } from '../refusal.js';

/** The code of a refusal, of the rules (`Problem`) or of this folder's port (`Refusal`); any other error is a bug and goes on. */
export function refusalCode(error: unknown): ProblemCode {
  return error instanceof Problem ? error.code : codeOf(error);
}

/** What `read` gives, or the code with which it refuses. */
export function readOr<T, R>(read: () => T, refused: (code: ProblemCode) => R): T | R {
  try {
    return read();
  } catch (error) {
    return refused(refusalCode(error));
  }
}
