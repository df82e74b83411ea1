import { Problem } from '#domain/errors.js';

/** The refusal that `run` ends with; anything else fails the test. */
export function problemOf(run: () => unknown): { code: string; fields: Readonly<Record<string, string>> } {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, fields: error.fields };
    throw error;
  }
  throw new Error('nothing was refused');
}
