/** How a network is: each process with its number and memory, each node with its height, who leads, what is agreed on. Asks; changes nothing. */
import { readFile } from 'node:fs/promises';
import { Problem } from '#domain/errors.js';
import { servedChaincodes, type ServedChaincode } from './agreed-chaincode.js';
import { ordererOperations, peerOperations } from './network.js';
import type { NetworkFolder } from './network-folder.js';
import { isSpread, nodesHere } from './nodes-here.js';
import { isHealthy, metric, type Endpoint } from './node-endpoints.js';
import { isReady, KEEPER, runningProcess } from './process-record.js';
import { keepingOf, processesHere, type Keeping } from './processes-here.js';
import { leadingOrderer } from './readiness.js';
import { serverPlaces } from './server-order.js';
import { ordererName, ordererOrganisations, peerName, peerOrganisations, type Topology } from './topology.js';
import { readTopology } from './topology-file.js';

export interface ProcessStatus {
  /** e.g. `peer-RegulatorMSP` */
  readonly name: string;
  /** `undefined` if it does not run, or runs where it cannot be seen from here. */
  readonly pid: number | undefined;
  /** Who keeps it running; `undefined` if it does not run. */
  readonly keptBy: Keeping['by'] | undefined;
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
  /** What the channel has agreed on, as a peer of this machine tells it; nothing where others keep the processes. */
  readonly chaincodes: readonly ServedChaincode[];
  /** True if every process of this machine runs and is ready, an orderer leads, and its peers serve what the channel has agreed on. */
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
  const keepings = await keepingsOf(folder, made);
  const isElsewhere = [...keepings.values()].some(({ by }) => by !== 'commands');
  const processes = await Promise.all([
    ...nodes.map(async ({ name, operations }) => ({ ...await nodeStatus(topology, name, operations, keepings.get(name)), standstills: await standstillsOf(folder, name) })),
    ...(isElsewhere ? [] : [keeperStatus(folder)]),
    ...serverPlaces(folder).map(async ({ process: name }) => serverStatus(folder, name, keepings.get(name))),
  ]);
  const leader = await leadingOrderer({ folder, topology });
  // The leader may be on another machine, and nobody but the nodes of this one can be asked.
  const led = leader !== undefined || isSpread({ folder, topology: made });
  const chaincodes = isElsewhere ? [] : await servedChaincodes({ folder, topology });
  return { topology, processes, leader, chaincodes, whole: led && processes.every(({ ready }) => ready) && (isElsewhere || isServed(topology, chaincodes)) };
}

/** @returns by name, of the processes that run */
async function keepingsOf(folder: NetworkFolder, made: Topology): Promise<ReadonlyMap<string, Keeping>> {
  const keepings = await Promise.all((await processesHere(folder, made)).map(async (one): Promise<[string, Keeping | undefined]> => [one.name, await keepingOf(folder, one)]));
  return new Map(keepings.filter((one): one is [string, Keeping] => one[1] !== undefined));
}

/** Peers without a chaincode that the channel has agreed on take no transaction. A machine of an orderer alone has nothing to serve. */
function isServed(topology: Topology, chaincodes: readonly ServedChaincode[]): boolean {
  return peerOrganisations(topology).length === 0 || (chaincodes.length > 0 && chaincodes.every(({ sequence }) => sequence !== undefined));
}

async function nodeStatus({ channel }: Topology, name: string, operations: Endpoint, keeping: Keeping | undefined): Promise<ProcessStatus> {
  const running = await runningStatus(name, keeping);
  if (keeping === undefined) return { ...running, ready: false };
  const ready = await isHealthy(operations).catch(() => false);
  const height = ready ? await metric(operations, `ledger_blockchain_height{channel="${channel}"}`) : undefined;
  return { ...running, ready: ready && height !== undefined, ...(height === undefined ? {} : { height }) };
}

async function standstillsOf(folder: NetworkFolder, name: string): Promise<string[]> {
  const text = await readFile(folder.standstillsFile(name), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

async function keeperStatus(folder: NetworkFolder): Promise<ProcessStatus> {
  const process = await runningProcess(folder, KEEPER);
  return { ...await runningStatus(KEEPER, process && { by: 'commands', process }), ready: await isReady(folder, KEEPER) };
}

/** One that others keep tells nobody that it is ready: it is as soon as it listens. */
async function serverStatus(folder: NetworkFolder, name: string, keeping: Keeping | undefined): Promise<ProcessStatus> {
  return { ...await runningStatus(name, keeping), ready: keeping?.by === 'commands' ? await isReady(folder, name) : keeping !== undefined };
}

async function runningStatus(name: string, keeping: Keeping | undefined): Promise<Omit<ProcessStatus, 'ready'>> {
  const pid = keeping === undefined || keeping.by === 'others' ? undefined : keeping.process.pid;
  return { name, keptBy: keeping?.by, pid, memory: pid === undefined ? 0 : await memoryOf(pid) };
}

async function memoryOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

const MEGABYTE = 1024 * 1024;

/** @returns the status as a table for the terminal, one line per process and per chaincode */
export function statusLines({ topology, processes, leader, chaincodes, whole }: NetworkStatus): string[] {
  const width = Math.max(...processes.map(({ name }) => name.length));
  const lines = processes.map((one) => processLine(one, width, leader !== undefined && one.name === ordererName(leader)));
  const total = processes.reduce((sum, { memory }) => sum + memory, 0);
  const agreed = chaincodes.map(({ name, sequence }) => `chaincode ${name}: ${sequence === undefined ? 'what is served here is not agreed on' : `agreed on, sequence ${sequence}`}`);
  return [...lines, ...agreed, `channel ${topology.channel}, ${topology.consensus}, ${Math.round(total / MEGABYTE)} MB in all: ${whole ? 'the network is up' : 'the network is not up'}`];
}

const KEPT_BY: Readonly<Record<Keeping['by'], string>> = { commands: '', systemd: 'kept by systemd', others: 'kept by others than these commands' };

function processLine({ name, pid, keptBy, ready, memory, height, standstills = [] }: ProcessStatus, width: number, leads: boolean): string {
  const state = keptBy === undefined ? 'stopped' : ready ? 'ready' : 'not ready';
  return [
    name.padEnd(width), String(pid ?? '-').padStart(8), state.padEnd(9), `${Math.round(memory / MEGABYTE)} MB`.padStart(7),
    height === undefined ? '' : `height ${height}`, leads ? 'leads' : '', keptBy === undefined ? '' : KEPT_BY[keptBy],
    standstills.length === 0 ? '' : `stood still and was started again: ${standstills.length}, last ${standstills.at(-1)}`,
  ].join('  ').trimEnd();
}
