/** Starts a chaincode server for each `server.json` in the organisations' folders, and again whenever one dies. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
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

export class Keeper {
  readonly #folder: NetworkFolder;
  readonly #servers = new Map<string, KeptServer>();
  #alive: NodeJS.Timeout | undefined;

  constructor(folder: NetworkFolder) {
    this.#folder = folder;
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
      const server = this.#servers.get(name) ?? new KeptServer(this.#folder, place);
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
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #stopping = false;

  constructor(folder: NetworkFolder, place: ServerPlace) {
    this.#folder = folder;
    this.#place = place;
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

  #spawn(): void {
    const { process: name, folder: { server } } = this.#place;
    const { entry } = JSON.parse(readFileSync(server, 'utf8')) as ServerOrder;
    const log = openSync(this.#folder.logFile(name), 'a');
    const startedMs = performance.now();
    const child = spawn(process.execPath, [...NODE_OPTIONS, entry, server], { env: {}, stdio: ['ignore', log, log, 'ipc'] });
    closeSync(log);
    this.#child = child;
    child.once('message', () => { if (child.pid !== undefined) markReady(this.#folder, name, child.pid); });
    child.once('exit', (status, signal) => {
      forgetEnded(this.#folder, name, child.pid);
      this.#ended(signal ?? `status ${status}`, status === OTHER_CODE, performance.now() - startedMs);
    });
    child.once('error', (error) => { if (child.pid === undefined) this.#ended(error.message, false, 0); });
    if (child.pid !== undefined) recordNow(this.#folder, name, child.pid);
  }

  #ended(how: string, forGood: boolean, ranMs: number): void {
    const { process: name } = this.#place;
    this.#child = undefined;
    if (this.#stopping) return;
    process.stdout.write(`${new Date().toISOString()} ${name} ended: ${how}\n`);
    if (forGood) return;
    this.#pauseMs = ranMs > STEADY_MS ? FIRST_PAUSE_MS : Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#spawn();
    }, this.#pauseMs);
  }
}
