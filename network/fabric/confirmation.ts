/** Nobody signs what was not shown: the user names the change by its fingerprint, or says yes at the terminal. */
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Problem } from '#domain/errors.js';

/** @returns what the user answers, `undefined` where nobody can be asked; an error once the signal is aborted */
export type Ask = (question: string, signal: AbortSignal) => Promise<string | undefined>;

/**
 * @param fingerprint of the change as it was shown, e.g. 64 hexadecimal digits
 * @param given what the command was given, in groups as it is shown or in one; nothing asks the user
 * @throws Problem FABRIC_CHANGE_UNCONFIRMED with the fingerprint, unless it is the one that was given or the answer is yes
 */
export async function assertConfirmed(fingerprint: string, given: readonly string[], ask: () => Promise<string | undefined>): Promise<void> {
  const named = given.join('').replaceAll(' ', '');
  const isConfirmed = given.length === 0 ? await ask() === 'yes' : named === fingerprint;
  if (!isConfirmed) throw new Problem('FABRIC_CHANGE_UNCONFIRMED', { fingerprint, ...(given.length === 0 ? {} : { given: named }) });
}

/** Asks whoever sits at the terminal; a script, which nobody sits at, has to give the fingerprint. */
export const askAtTerminal: Ask = async (question, signal) => answerOn(process.stdin, process.stdout, question, signal);

/** The same with other streams. Who ends the input instead of answering has not said yes. */
export async function answerOn(input: NodeJS.ReadableStream & { readonly isTTY?: boolean }, output: NodeJS.WritableStream, question: string, signal: AbortSignal): Promise<string | undefined> {
  if (input.isTTY !== true) return undefined;
  // Line by line, so that the terminal itself turns an interruption into a signal.
  const lines = createInterface({ input, output, terminal: false });
  try {
    return await Promise.race([lines.question(question, { signal }), once(lines, 'close').then(() => undefined)]);
  } finally {
    lines.close();
  }
}
