/** Starts a chaincode server for each `server.json` in the organisations' folders, and again whenever one dies. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { tellLog } from './keeper-log.js';
import type { NetworkFolder } from './network-folder.js';
import { forgetEnded, KEEPER, markReady, recordNow } from './process-record.js';
import { OTHER_CODE, serverPlaces, type ServerOrder, type ServerPlace } from './server-order.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** A server that ran for so long did not die of its own start: it is started again without waiting longer and longer. */
const STEADY_MS = 10_000;
const PATIENCE_MS = 5_000;

/** A chaincode needs little memory beside what is loaded; a small young generation keeps it so. */
const NODE_OPTIONS = ['--max-semi-space-size=8', '--max-old-space-size=512'];

/** Takes a line for the log. */
type Tell = (line: string) => void;

export class Keeper {
  readonly #folder: NetworkFolder;
  readonly #tell: Tell;
  readonly #servers = new Map<string, KeptServer>();
  #alive: NodeJS.Timeout | undefined;

  constructor(folder: NetworkFolder, tell: Tell = tellLog) {
    this.#folder = folder;
    this.#tell = tell;
  }

  start(): void {
    // With no server to keep, nothing else would keep the process.
    this.#alive = setInterval(() => undefined, 2 ** 30);
    this.lookAgain();
    markReady(this.#folder, KEEPER, process.pid);
  }

  /** Starts servers that were ordered since, and those that were given up; stops those whose orders are gone. */
  lookAgain(): void {
    const places = new Map(serverPlaces(this.#folder).map((place) => [place.process, place]));
    for (const [name, server] of this.#servers) {
      if (places.has(name)) continue;
      this.#servers.delete(name);
      void server.stop();
    }
    for (const [name, place] of places) {
      const server = this.#servers.get(name) ?? new KeptServer(this.#folder, place, this.#tell);
      this.#servers.set(name, server);
      server.start();
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#alive);
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
  }
}

class KeptServer {
  readonly #folder: NetworkFolder;
  readonly #place: ServerPlace;
  readonly #tellLine: Tell;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #stopping = false;

  constructor(folder: NetworkFolder, place: ServerPlace, tell: Tell) {
    this.#folder = folder;
    this.#place = place;
    this.#tellLine = tell;
  }

  /** Nothing happens if it runs, or will after a pause. */
  start(): void {
    if (this.#child === undefined && this.#timer === undefined && !this.#stopping) this.#spawn();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise((resolve) => { child.once('exit', resolve); });
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    await ended;
    clearTimeout(impatience);
  }

  /** A start that fails, because the disk is full or the order is being taken away, is one more end: it is tried again. */
  #spawn(): void {
    const startedMs = performance.now();
    try {
      this.#child = this.#started();
    } catch (error) {
      this.#ended(saidBy(error), false, 0);
      return;
    }
    const child = this.#child;
    this.#orEnd(child, () => { if (child.pid !== undefined) recordNow(this.#folder, this.#place.process, child.pid); });
    child.once('message', () => { this.#orEnd(child, () => { if (child.pid !== undefined) markReady(this.#folder, this.#place.process, child.pid); }); });
    child.once('exit', (status, signal) => { this.#ended(signal ?? `status ${status}`, status === OTHER_CODE, performance.now() - startedMs, child.pid); });
    child.once('error', (error) => { if (child.pid === undefined) this.#ended(error.message, false, 0); });
  }

  #started(): ChildProcess {
    const { process: name, folder: { server } } = this.#place;
    const { entry } = JSON.parse(readFileSync(server, 'utf8')) as ServerOrder;
    const log = openSync(this.#folder.logFile(name), 'a');
    try {
      return spawn(process.execPath, [...NODE_OPTIONS, entry, server], { env: {}, stdio: ['ignore', log, log, 'ipc'] });
    } finally {
      closeSync(log);
    }
  }

  /** A server that nobody can know of, because its record cannot be written, is ended: its end has it tried again. */
  #orEnd(child: ChildProcess, write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#tell(saidBy(error));
      child.kill('SIGKILL');
    }
  }

  #ended(how: string, forGood: boolean, ranMs: number, pid?: number): void {
    this.#child = undefined;
    this.#forget(pid);
    if (this.#stopping) return;
    this.#tell(`ended: ${how}`);
    if (forGood) return;
    this.#pauseMs = ranMs > STEADY_MS ? FIRST_PAUSE_MS : Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#spawn();
    }, this.#pauseMs);
  }

  /** What cannot be removed names a process that does not run: it misleads nobody. */
  #forget(pid: number | undefined): void {
    try {
      forgetEnded(this.#folder, this.#place.process, pid);
    } catch (error) {
      this.#tell(saidBy(error));
    }
  }

  #tell(what: string): void {
    this.#tellLine(`${new Date().toISOString()} ${this.#place.process} ${what}`);
  }
}

const saidBy = (error: unknown): string => (error instanceof Error ? error.message : String(error));
