/** The product's own commands on a network in a temporary folder, as its user gives them. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionFile } from '../../network/fabric/connection-file.js';
import { loadFabricConfig } from '../../network/fabric/config.js';
import { stopNetwork } from '../../network/fabric/down.js';
import type { Network } from '../../network/fabric/network.js';
import { isFree } from '../../network/fabric/node-endpoints.js';
import { NetworkFolder } from '../../network/fabric/network-folder.js';
import { openNetwork } from '../../network/fabric/open-network.js';
import { listeningPorts, planTopology, type Consensus } from '../../network/fabric/topology.js';

const PROGRAM = 'dist/network/fabric/main.js';
const LOWEST_BASE = 25_000;
const HIGHEST_BASE = 32_000;
const PORTS = 500;

export interface CommandResult {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export class CommandNetwork {
  readonly folder: NetworkFolder;
  readonly portBase: number;
  readonly #environment: Environment;

  private constructor(root: string, portBase: number, consensus: Consensus) {
    this.folder = new NetworkFolder(root);
    this.portBase = portBase;
    const { PATH, HOME, TMPDIR, FABRIC_BIN } = process.env;
    this.#environment = { PATH, HOME, TMPDIR, FABRIC_BIN, FABRIC_NETWORK: root, FABRIC_PORT_BASE: String(portBase), FABRIC_CONSENSUS: consensus };
  }

  /** A folder that is not there yet, and free ports; nothing is started. */
  static async plan(consensus: Consensus = 'bft'): Promise<CommandNetwork> {
    const parent = await mkdtemp(join(tmpdir(), 'minhchung-fabric-'));
    return new CommandNetwork(join(parent, 'network'), await freePortBase(), consensus);
  }

  /** A network that was made for the whole run. */
  static shared(root: string, portBase: number): CommandNetwork {
    return new CommandNetwork(root, portBase, 'bft');
  }

  /** Runs a command to its end. @param more settings besides folder, ports and consensus; `undefined` takes one away */
  async run(parameters: readonly string[], more: Environment = {}): Promise<CommandResult> {
    return new Promise((resolve) => {
      execFile(process.execPath, [PROGRAM, ...parameters], { env: { ...this.#environment, ...more } }, (error, output, errors) => {
        resolve({ status: error === null ? 0 : Number(error.code ?? -1), output, errors });
      });
    });
  }

  /** The same, for a command that must succeed. */
  async must(...parameters: string[]): Promise<string> {
    const { status, output, errors } = await this.run(parameters);
    if (status !== 0) throw new Error(`${parameters.join(' ')} ended with ${status}:\n${output}${errors}`);
    return output;
  }

  /** Starts a command and does not wait. */
  begin(...parameters: string[]): ChildProcess {
    return spawn(process.execPath, [PROGRAM, ...parameters], { env: { ...this.#environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async connection(): Promise<ConnectionFile> {
    return JSON.parse(await readFile(this.folder.connection, 'utf8')) as ConnectionFile;
  }

  /** The network as the product's own functions take it. */
  async open(): Promise<Network> {
    return openNetwork({ settings: loadFabricConfig(this.#environment), env: this.#environment, tell: () => undefined, signal: new AbortController().signal });
  }

  /** Stops whatever runs and removes everything. */
  async close(): Promise<void> {
    await stopNetwork(this.folder);
    await rm(join(this.folder.root, '..'), { recursive: true, force: true });
  }
}

/** The first port of a stretch in which nobody listens where a network would. */
async function freePortBase(): Promise<number> {
  const stretches = Math.floor((HIGHEST_BASE - LOWEST_BASE) / PORTS);
  const start = Math.floor(Math.random() * stretches);
  for (let tried = 0; tried < stretches; tried += 1) {
    const portBase = LOWEST_BASE + PORTS * ((start + tried) % stretches);
    const free = await Promise.all(listeningPorts(planTopology({ consensus: 'bft', portBase })).map(({ port }) => isFree(port, '127.0.0.1')));
    if (free.every(Boolean)) return portBase;
  }
  throw new Error('no free ports');
}
