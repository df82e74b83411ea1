/**
 * Finds orderers that have locked themselves up. SmartBFT as Fabric 3.1 has it can: where a view ends between a decision and
 * its delivery, its controller hands the block on to a reader that is gone (`internal/bft/controller.go`, `decide`), and waits
 * for ever. The process lives, calls itself healthy, takes requests and orders nothing; the service has one orderer less to
 * lose, and the next one that dies stops it. Seen from outside: requests wait, and no block comes.
 */
import { Agent } from 'node:https';
import { ordererOperations } from './network.js';
import type { NetworkFolder } from './network-folder.js';
import { ask } from './node-endpoints.js';
import { nodesHere } from './nodes-here.js';
import { runningProcess, type ProcessRecord } from './process-record.js';
import { FIRST_PATIENCE_MS, Standstill, type OrdererSight } from './standstill.js';
import { ordererName, ordererOrganisations, type OrdererOrganisation } from './topology.js';
import { readTopology } from './topology-file.js';

/** How often the orderers are looked at. */
export const LOOK_EVERY_MS = 5_000;

/** So many times the patience with a first standstill, a minute, is an orderer that was started again given to get a block. */
const SETTLES_WITHIN = 2;

/** An orderer that has stood still for too long. */
export interface LockedOrderer {
  /** e.g. `orderer-RegulatorMSP` */
  readonly name: string;
  readonly process: ProcessRecord;
  readonly sight: OrdererSight;
}

/** Finds the process of an orderer, by the orderer's name. */
export type FindOrderer = (name: string) => Promise<ProcessRecord | undefined>;

export interface WatchOptions {
  /** Left out: the one that the folder has recorded. */
  readonly find?: FindOrderer;
  /** How long a first standstill may last. */
  readonly patienceMs?: number;
}

/** The last orderer that was started again. */
interface Restart {
  readonly name: string;
  readonly at: number;
  /** Blocks that it had. */
  readonly height: number;
}

/** What was seen of one orderer in one look. */
interface Look extends LockedOrderer {
  readonly lasts: boolean;
}

export class OrdererWatch {
  readonly #folder: NetworkFolder;
  readonly #find: FindOrderer;
  readonly #patienceMs: number;
  readonly #standstills = new Map<string, Standstill>();
  /** When each was started again, in the order in which that was done. */
  readonly #restarts = new Map<string, Restart>();
  /** A new handshake at each look would cost a third of the keeper's memory. */
  readonly #agent = new Agent({ keepAlive: true });

  /** @param folder of the network whose orderers on this machine are looked at */
  constructor(folder: NetworkFolder, { find = async (name) => runningProcess(folder, name), patienceMs = FIRST_PATIENCE_MS }: WatchOptions = {}) {
    this.#folder = folder;
    this.#find = find;
    this.#patienceMs = patienceMs;
  }

  /**
   * Looks at each orderer once. Of orderers by Raft there is nothing to see. Whoever is named is to be started again, now; one at a
   * time, for what waits at an orderer is in its memory alone, and where too few are left, all of a machine stand still at once.
   * The next follows when the one before has got a block, or after a minute.
   *
   * @param now milliseconds of a clock that only goes forward
   * @returns the one that is to be started again: of several, the one for which that was done the longest ago; or none
   */
  async look(now: number): Promise<LockedOrderer[]> {
    const topology = await readTopology(this.#folder);
    if (topology?.consensus !== 'bft') return [];
    const looks = await Promise.all(ordererOrganisations(nodesHere(this.#folder, topology)).map(async (one) => this.#lookAt(one, topology.channel, now)));
    const seen = looks.flat();
    if (this.#isSettling(seen, now)) return [];
    const [next] = seen.filter(({ lasts }) => lasts).toSorted((a, b) => this.#restartedAt(a) - this.#restartedAt(b));
    if (next === undefined) return [];
    this.#startsAgain(next, now);
    return [{ name: next.name, process: next.process, sight: next.sight }];
  }

  /** Says that nothing was seen just now: what lasted until now is forgotten. */
  lookAway(now: number): void {
    for (const standstill of this.#standstills.values()) standstill.lasts(undefined, now);
  }

  async #lookAt(organisation: OrdererOrganisation, channel: string, now: number): Promise<Look[]> {
    const name = ordererName(organisation.mspId);
    const process = await this.#find(name);
    const sight = process === undefined ? undefined : await this.#sight(organisation, channel, process.pid);
    const known = this.#standstills.get(name) ?? new Standstill(this.#patienceMs);
    this.#standstills.set(name, known);
    const lasts = known.lasts(sight, now);
    return process !== undefined && sight !== undefined ? [{ name, process, sight, lasts }] : [];
  }

  /** True while the one that was started again last has yet to get a block, but not for longer than a minute. */
  #isSettling(seen: readonly Look[], now: number): boolean {
    const last = [...this.#restarts.values()].at(-1);
    if (last === undefined || now - last.at >= SETTLES_WITHIN * this.#patienceMs) return false;
    return !seen.some(({ name, sight }) => name === last.name && sight.height > last.height);
  }

  #startsAgain({ name, sight: { height } }: LockedOrderer, now: number): void {
    this.#standstills.get(name)?.startsAgain(now);
    this.#restarts.delete(name);
    this.#restarts.set(name, { name, at: now, height });
  }

  #restartedAt({ name }: LockedOrderer): number {
    return this.#restarts.get(name)?.at ?? Number.NEGATIVE_INFINITY;
  }

  async #sight(organisation: OrdererOrganisation, channel: string, pid: number): Promise<OrdererSight | undefined> {
    const answer = await ask(ordererOperations({ folder: this.#folder }, organisation), { method: 'GET', path: '/metrics' }, this.#agent).catch(() => undefined);
    const read = (name: string): number => Number(new RegExp(`^${name}\\{channel="${channel}"\\} (\\S+)$`, 'm').exec(answer?.body ?? '')?.[1]);
    const sight = { height: read('ledger_blockchain_height'), waiting: read('consensus_smartbft_pool_count_of_elements'), pid };
    return Number.isFinite(sight.height) && Number.isFinite(sight.waiting) ? sight : undefined;
  }
}

/** @returns a line for the log, e.g. `2026-11-21T06:00:00.000Z orderer-RegulatorMSP stood still at 41 blocks with 3 requests waiting` */
export function standstillLine({ name, sight: { height, waiting } }: LockedOrderer, at: Date): string {
  return `${at.toISOString()} ${name} stood still at ${height} blocks with ${waiting} requests waiting`;
}
