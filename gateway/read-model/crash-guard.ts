/**
 * Ends crash loops. A flipped bit in a table file can make LevelDB abort the process as soon as it compacts that
 * file, at every start anew, before anything could be read and found damaged. So each start is counted, and the count
 * ends when all rows were read and found whole: who does not get there three times starts from nothing.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'unfinished-starts';
const TOO_MANY = 3;

export class CrashGuard {
  readonly #file: string;
  readonly #before: number;

  private constructor(file: string, before: number) {
    this.#file = file;
    this.#before = before;
  }

  /** The last starts all ended before the rows were checked. */
  get tripped(): boolean {
    return this.#before >= TOO_MANY;
  }

  /** Counts a start of what lives in `directory`. */
  static async enter(directory: string): Promise<CrashGuard> {
    const file = join(directory, FILE);
    await mkdir(directory, { recursive: true });
    const guard = new CrashGuard(file, Number(await readFile(file, 'utf8').catch(() => '0')));
    await writeFile(file, String(guard.tripped ? 1 : guard.#before + 1));
    return guard;
  }

  /** It was no start: another process has the store. */
  async withdrawn(): Promise<void> {
    await writeFile(this.#file, String(this.#before));
  }

  /** The start went well, or ended as it should. */
  async passed(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}
