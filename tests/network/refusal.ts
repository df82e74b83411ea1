/** The code of the refusal that a call ends with, or 'none'. */
import { Problem } from '../../domain/errors.js';

export function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return error instanceof Problem ? error.code : String(error);
  }
  return 'none';
}
