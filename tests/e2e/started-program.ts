/** The program as its user starts it: a process of its own, on free ports, in a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Landmarks } from '../../gateway/demonstration/story.js';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Starts the program in a folder of its own, with these arguments besides, and waits until it is ready. */
export type StartProgram = (folder: string, ...args: string[]) => Promise<StartedProgram>;

export class StartedProgram {
  readonly verifier: string;
  readonly gateway: string;
  readonly issuer: string;
  readonly output: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(process: ChildProcess, folder: string, ports: readonly [number, number, number], output: string) {
    this.#process = process;
    this.#folder = folder;
    this.output = output;
    [this.verifier, this.gateway] = [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`];
    this.issuer = `http://localhost:${ports[2]}`;
  }

  /** Starts the compiled program and waits until it has printed its guide to the end. */
  static async start(folder: string, ...args: string[]): Promise<StartedProgram> {
    return StartedProgram.startWith({}, folder, ...args);
  }

  /** The same with these variables in its environment, e.g. `{ FABRIC_NETWORK: '/srv/network' }`. */
  static async startWith(environment: Readonly<Record<string, string>>, folder: string, ...args: string[]): Promise<StartedProgram> {
    const [verifier, gateway, issuer] = [await freePort(), await freePort(), await freePort()];
    const child = spawn(process.execPath, ['dist/main.js', ...args], {
      env: { ...process.env, ...environment, GATEWAY_DATA: folder, VERIFIER_PORT: String(verifier), GATEWAY_PORT: String(gateway), ISSUER_PORT: String(issuer) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new StartedProgram(child, folder, [verifier, gateway, issuer], await guideOf(child));
  }

  async landmarks(): Promise<Landmarks> {
    return JSON.parse(await readFile(join(this.#folder, 'demonstration.json'), 'utf8')) as Landmarks;
  }

  /** Calls the enterprise API. */
  async call(key: string | undefined, path: string, body?: unknown): Promise<Answer> {
    return this.ask(this.gateway + path, key, body);
  }

  /** Calls the issuer. */
  async issue(key: string | undefined, path: string, body?: unknown): Promise<Answer> {
    return this.ask(this.issuer + path, key, body);
  }

  async ask(address: string, key: string | undefined, body?: unknown): Promise<Answer> {
    const answer = await fetch(address, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() as Record<string, unknown> };
  }

  /** The bytes that a POST gives. */
  async download(key: string, path: string, body: unknown): Promise<Uint8Array> {
    const answer = await fetch(this.gateway + path, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** What a machine reads at an item's address. */
  async scan(item: string): Promise<Answer> {
    const answer = await fetch(this.verifier + item, { headers: { accept: 'application/json' } });
    return { status: answer.status, body: await answer.json() as Record<string, unknown> };
  }

  /** Ends the process and waits for it; `SIGKILL` as a crash would. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return this.#process.exitCode;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    await ended;
    return this.#process.exitCode;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Everything printed up to the guide's last line; the process dying first is the error to see. */
async function guideOf(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (/README shows what to do|operator-key\.txt\n/.test(output)) resolve(output);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready:\n${output}`)));
  });
}
