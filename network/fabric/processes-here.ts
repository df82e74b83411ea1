/** The processes of a network that belong on this machine, and who keeps each of them running: these commands, systemd, or something else. */
import { nodeUnitOf, serverUnitOf, unitsOf } from './hosts/service-units.js';
import { UnitProcesses } from './hosts/unit-processes.js';
import { ordererOperations, peerOperations } from './network.js';
import type { NetworkFolder } from './network-folder.js';
import { isServing, type NodePort } from './node-endpoints.js';
import { nodesHere } from './nodes-here.js';
import { runningProcess, type ProcessRecord } from './process-record.js';
import { portOf, readOrder, serversOf } from './server-order.js';
import { ordererName, ordererOrganisations, peerName, peerOrganisations, type Topology } from './topology.js';

/** A process that belongs on this machine, whether it runs or not. */
export interface ProcessHere {
  /** e.g. `peer-RegulatorMSP` */
  readonly name: string;
  /** Under systemd, e.g. `minhchung-17000-peer-RegulatorMSP.service`. */
  readonly unit: string;
  /** Where it answers over TLS under its own authority's certificate: nobody else can pass for it. */
  readonly port: NodePort;
}

/** Whoever keeps a process, and the process where it can be told: `commands` have recorded it, `others` (a container engine) hide it. */
export type Keeping = { readonly by: 'commands' | 'systemd'; readonly process: ProcessRecord } | { readonly by: 'others' };

/** @returns orderers, then peers, then chaincode servers */
export async function processesHere(folder: NetworkFolder, topology: Topology): Promise<ProcessHere[]> {
  const here = nodesHere(folder, topology);
  const units = unitsOf(topology);
  const nodes = [
    ...ordererOrganisations(here).map((one) => ({ name: ordererName(one.mspId), port: ordererOperations({ folder }, one) })),
    ...peerOrganisations(here).map((one) => ({ name: peerName(one.mspId), port: peerOperations({ folder }, one) })),
  ];
  const servers = await Promise.all(peerOrganisations(here).map(async ({ mspId }) => serversHere(folder, mspId, units)));
  return [...nodes.map((one) => ({ ...one, unit: nodeUnitOf(units, one.name) })), ...servers.flat()];
}

async function serversHere(folder: NetworkFolder, mspId: string, units: string): Promise<ProcessHere[]> {
  const host = folder.host(mspId);
  return Promise.all(serversOf(host).map(async ({ process, folder: place }) => ({
    name: process, unit: serverUnitOf(units, mspId, place.label), port: { port: portOf(await readOrder(place)), node: host.peer },
  })));
}

/** @returns who keeps a process, `undefined` if it does not run */
export async function keepingOf(folder: NetworkFolder, { name, unit, port }: ProcessHere): Promise<Keeping | undefined> {
  const recorded = await runningProcess(folder, name);
  if (recorded !== undefined) return { by: 'commands', process: recorded };
  if (!await isServing(port)) return undefined;
  const found = await new UnitProcesses().find(unit);
  return found === undefined ? { by: 'others' } : { by: 'systemd', process: found };
}

/** @returns names of the processes that run here though these commands did not start them */
export async function keptByOthers(folder: NetworkFolder, topology: Topology): Promise<string[]> {
  const all = await processesHere(folder, topology);
  const keepings = await Promise.all(all.map(async (one) => keepingOf(folder, one)));
  return all.filter((_, index) => keepings[index] !== undefined && keepings[index].by !== 'commands').map(({ name }) => name);
}
