/** What the keeper says goes to the end of its log, the standard output that it was started with. */
import { writeSync } from 'node:fs';

const STANDARD_OUTPUT = 1;

/** Writes one line. A full disk takes none; that is no reason to keep nothing running any more. */
export function tellLog(line: string): void {
  try {
    writeSync(STANDARD_OUTPUT, `${line}\n`);
  } catch {
    // Nobody is left to be told.
  }
}
