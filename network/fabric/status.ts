/** How a network is: each process with its number and memory, each node with its height, who leads. Asks; changes nothing. */
import { readFile } from 'node:fs/promises';
import { Problem } from '#domain/errors.js';
import { ordererOperations, peerOperations } from './network.js';
import type { NetworkFolder } from './network-folder.js';
import { isSpread, nodesHere } from './nodes-here.js';
import { isHealthy, metric, type Endpoint } from './node-endpoints.js';
import { isReady, KEEPER, runningProcess } from './process-record.js';
import { leadingOrderer } from './readiness.js';
import { serverPlaces } from './server-order.js';
import { ordererName, ordererOrganisations, peerName, peerOrganisations, type Topology } from './topology.js';
import { readTopology } from './topology-file.js';

export interface ProcessStatus {
  /** e.g. `peer-RegulatorMSP` */
  readonly name: string;
  /** `undefined` if it does not run. */
  readonly pid: number | undefined;
  /** True if it does what it is for. */
  readonly ready: boolean;
  /** Resident memory in bytes; 0 if it does not run. */
  readonly memory: number;
  /** Blocks that a peer or orderer has. */
  readonly height?: number;
  /** When the keeper started an orderer again that had stood still, e.g. `['2026-11-21T06:00:00.000Z']`. */
  readonly standstills?: readonly string[];
}

export interface NetworkStatus {
  readonly topology: Topology;
  readonly processes: readonly ProcessStatus[];
  /** Organisation whose orderer leads. */
  readonly leader: string | undefined;
  /** True if every process of this machine runs and is ready, and an orderer leads. */
  readonly whole: boolean;
}

/** @throws Problem FABRIC_NETWORK_MISSING */
export async function networkStatus(folder: NetworkFolder): Promise<NetworkStatus> {
  const made = await readTopology(folder);
  if (made === undefined) throw new Problem('FABRIC_NETWORK_MISSING', { folder: folder.root });
  const topology = nodesHere(folder, made);
  const nodes = [
    ...ordererOrganisations(topology).map((one) => ({ name: ordererName(one.mspId), operations: ordererOperations({ folder }, one) })),
    ...peerOrganisations(topology).map((one) => ({ name: peerName(one.mspId), operations: peerOperations({ folder }, one) })),
  ];
  const processes = await Promise.all([
    ...nodes.map(async ({ name, operations }) => ({ ...await nodeStatus(folder, topology, name, operations), standstills: await standstillsOf(folder, name) })),
    ...[KEEPER, ...serverPlaces(folder).map((place) => place.process)].map((name) => keptStatus(folder, name)),
  ]);
  const leader = await leadingOrderer({ folder, topology });
  // The leader may be on another machine, and nobody but the nodes of this one can be asked.
  const led = leader !== undefined || isSpread({ folder, topology: made });
  return { topology, processes, leader, whole: led && processes.every(({ ready }) => ready) };
}

async function nodeStatus(folder: NetworkFolder, { channel }: Topology, name: string, operations: Endpoint): Promise<ProcessStatus> {
  const running = await runningStatus(folder, name);
  if (running.pid === undefined) return { ...running, ready: false };
  const ready = await isHealthy(operations).catch(() => false);
  const height = ready ? await metric(operations, `ledger_blockchain_height{channel="${channel}"}`) : undefined;
  return { ...running, ready: ready && height !== undefined, ...(height === undefined ? {} : { height }) };
}

async function standstillsOf(folder: NetworkFolder, name: string): Promise<string[]> {
  const text = await readFile(folder.standstillsFile(name), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

async function keptStatus(folder: NetworkFolder, name: string): Promise<ProcessStatus> {
  return { ...await runningStatus(folder, name), ready: await isReady(folder, name) };
}

async function runningStatus(folder: NetworkFolder, name: string): Promise<Omit<ProcessStatus, 'ready'>> {
  const running = await runningProcess(folder, name);
  return running === undefined ? { name, pid: undefined, memory: 0 } : { name, pid: running.pid, memory: await memoryOf(running.pid) };
}

async function memoryOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

const MEGABYTE = 1024 * 1024;

/** @returns the status as a table for the terminal, one line per process */
export function statusLines({ topology, processes, leader, whole }: NetworkStatus): string[] {
  const width = Math.max(...processes.map(({ name }) => name.length));
  const lines = processes.map(({ name, pid, ready, memory, height, standstills = [] }) => [
    name.padEnd(width), (pid === undefined ? '-' : String(pid)).padStart(8), (pid === undefined ? 'stopped' : ready ? 'ready' : 'not ready').padEnd(9),
    `${Math.round(memory / MEGABYTE)} MB`.padStart(7), height === undefined ? '' : `height ${height}`, leader !== undefined && name === ordererName(leader) ? 'leads' : '',
    standstills.length === 0 ? '' : `stood still and was started again: ${standstills.length}, last ${standstills.at(-1)}`,
  ].join('  ').trimEnd());
  const total = processes.reduce((sum, { memory }) => sum + memory, 0);
  return [...lines, `channel ${topology.channel}, ${topology.consensus}, ${Math.round(total / MEGABYTE)} MB in all: ${whole ? 'the network is up' : 'the network is not up'}`];
}
