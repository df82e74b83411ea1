/** Looks at this machine's orderers again and again, and starts those anew that have locked themselves up. Gives way to every command. */
import { appendFileSync } from 'node:fs';
import { lockHolder, withLockBriefly } from './command-lock.js';
import { tellLog } from './keeper-log.js';
import type { NetworkFolder } from './network-folder.js';
import { LOOK_EVERY_MS, OrdererWatch, standstillLine, type LockedOrderer } from './orderer-watch.js';
import { startAsItWas } from './start-as-it-was.js';

export interface OrdererKeeping {
  readonly everyMs?: number;
  /** How long a first standstill may last. */
  readonly patienceMs?: number;
  /** Takes a line for the log. */
  readonly tell?: (line: string) => void;
}

export class OrdererKeeper {
  readonly #folder: NetworkFolder;
  readonly #watch: OrdererWatch;
  readonly #everyMs: number;
  readonly #tell: (line: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #mending: Promise<unknown> = Promise.resolve();
  #stopping = false;
  #complaint = '';

  constructor(folder: NetworkFolder, { everyMs = LOOK_EVERY_MS, patienceMs, tell = tellLog }: OrdererKeeping = {}) {
    this.#folder = folder;
    this.#watch = new OrdererWatch(folder, patienceMs === undefined ? {} : { patienceMs });
    this.#everyMs = everyMs;
    this.#tell = tell;
  }

  start(): void {
    if (!this.#stopping) this.#timer = setTimeout(() => void this.#round(), this.#everyMs);
  }

  /** Looks no more. What is being started again is started. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    await this.#mending.catch(() => undefined);
  }

  /**
   * Looks once, and starts again what has stood still for too long.
   *
   * @param now milliseconds of a clock that only goes forward
   */
  async lookOnce(now: number): Promise<void> {
    for (const locked of await this.#look(now)) {
      if (this.#stopping) return;
      this.#mending = withLockBriefly(this.#folder.root, async () => this.#mend(locked));
      await this.#mending;
    }
  }

  async #round(): Promise<void> {
    try {
      await this.lookOnce(performance.now());
      this.#complaint = '';
    } catch (error) {
      this.#complain(error);
    }
    this.start();
  }

  /** Once, and not at every look. */
  #complain(error: unknown): void {
    const complaint = error instanceof Error ? error.message : String(error);
    if (complaint !== this.#complaint) this.#tell(`${new Date().toISOString()} the orderers cannot be looked after: ${complaint}`);
    this.#complaint = complaint;
  }

  /** What a command does with the orderers is no standstill. */
  async #look(now: number): Promise<LockedOrderer[]> {
    if (await lockHolder(this.#folder.root) === undefined) return this.#watch.look(now);
    this.#watch.lookAway(now);
    return [];
  }

  async #mend(locked: LockedOrderer): Promise<void> {
    const at = new Date();
    if (await startAsItWas(this.#folder, locked.name, locked.process)) {
      appendFileSync(this.#folder.standstillsFile(locked.name), `${at.toISOString()}\n`);
      this.#tell(`${standstillLine(locked, at)}; it was started again`);
    }
  }
}
