/**
 * Finds orderers that have locked themselves up. SmartBFT as Fabric 3.1 has it can: where a view ends between a decision and
 * its delivery, its controller hands the block on to a reader that is gone (`internal/bft/controller.go`, `decide`), and waits
 * for ever. The process lives, calls itself healthy, takes requests and orders nothing; the service has one orderer less to
 * lose, and the next one that dies stops it. Seen from outside: requests wait, and no block comes.
 */
import { readFile } from 'node:fs/promises';
import { ordererOperations, type Network } from './network.js';
import type { NetworkFolder } from './network-folder.js';
import { ask } from './node-endpoints.js';
import { runningProcess } from './process-record.js';
import { startProcess, stopProcess } from './processes.js';
import { ordererName, ordererOrganisations, type OrdererOrganisation } from './topology.js';

/** What an orderer tells of itself. */
export interface OrdererSight {
  /** Blocks that it has. */
  readonly height: number;
  /** Requests that wait to be ordered. */
  readonly waiting: number;
}

/** A view change takes up to so long where nothing is wrong but a dead leader, on a busy machine. */
const FIRST_PATIENCE_MS = 30_000;
/** Where too few orderers are there, all stand still, and starting them again and again does not help. */
const LONGEST_PATIENCE_MS = 300_000;

/** Whether one orderer has stood still for too long. Pure: time comes in. */
export class Standstill {
  #height = -1;
  #since = 0;
  #patienceMs = FIRST_PATIENCE_MS;

  /**
   * @param now milliseconds of a clock that only goes forward
   * @returns true if it is to be started again, now
   */
  lasts({ height, waiting }: OrdererSight, now: number): boolean {
    const moved = height !== this.#height;
    if (moved) this.#patienceMs = FIRST_PATIENCE_MS;
    if (moved || waiting === 0) {
      this.#height = height;
      this.#since = now;
      return false;
    }
    if (now - this.#since < this.#patienceMs) return false;
    this.#since = now;
    this.#patienceMs = Math.min(2 * this.#patienceMs, LONGEST_PATIENCE_MS);
    return true;
  }
}

export class OrdererWatch {
  readonly #network: Pick<Network, 'folder' | 'topology'>;
  readonly #standstills = new Map<string, Standstill>();

  /** @param network whose orderers on this machine are looked at */
  constructor(network: Pick<Network, 'folder' | 'topology'>) {
    this.#network = network;
  }

  /** Looks at each orderer once, and starts again those that have stood still. @returns their names, e.g. `['orderer-RegulatorMSP']` */
  async look(now: number): Promise<string[]> {
    const locked: string[] = [];
    for (const organisation of ordererOrganisations(this.#network.topology)) {
      const name = ordererName(organisation.mspId);
      const standstill = this.#standstills.get(name) ?? new Standstill();
      this.#standstills.set(name, standstill);
      const sight = await this.#sight(organisation);
      if (sight !== undefined && standstill.lasts(sight, now) && await startAsItWas(this.#network.folder, name)) locked.push(name);
    }
    return locked;
  }

  /** `undefined` if it does not answer: then something else is the matter. */
  async #sight(organisation: OrdererOrganisation): Promise<OrdererSight | undefined> {
    const answer = await ask(ordererOperations(this.#network, organisation), { method: 'GET', path: '/metrics' }).catch(() => undefined);
    const read = (name: string): number => Number(new RegExp(`^${name}\\{channel="${this.#network.topology.channel}"\\} (\\S+)$`, 'm').exec(answer?.body ?? '')?.[1]);
    const sight = { height: read('ledger_blockchain_height'), waiting: read('consensus_smartbft_pool_count_of_elements') };
    return Number.isFinite(sight.height) && Number.isFinite(sight.waiting) ? sight : undefined;
  }
}

/** Ends a process and starts the same program anew, as the kernel knows it. @returns false if it does not run */
async function startAsItWas(folder: NetworkFolder, name: string): Promise<boolean> {
  const running = await runningProcess(folder, name);
  if (running === undefined) return false;
  const [command, surroundings] = await Promise.all(['cmdline', 'environ'].map(async (file) => (await readFile(`/proc/${running.pid}/${file}`, 'utf8')).split('\0').slice(0, -1)));
  const [program = '', ...parameters] = command ?? [];
  const environment = Object.fromEntries((surroundings ?? []).map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
  await stopProcess(folder, name);
  startProcess(folder, { name, program, parameters, environment });
  return true;
}
