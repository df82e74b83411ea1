/** Starts the orderers and peers that do not run, waits until each is ready, and has it join the channel. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '#domain/errors.js';
import { writeExternalBuilder } from './external-builder.js';
import { ordererAdmin, ordererOperations, peerOperations, type Network } from './network.js';
import { isFree, isHealthy, isServing, metric, type Endpoint } from './node-endpoints.js';
import { ordererSettings, peerSettings } from './node-settings.js';
import { makeOperationsIdentity } from './operations-identity.js';
import { joinOrderer } from './participation.js';
import { peerCommand } from './peer-command.js';
import { runningProcess } from './process-record.js';
import { assertRuns, startProcess } from './processes.js';
import { ordererName, ordererOrganisations, peerName, peerOrganisations, type OrdererOrganisation, type PeerOrganisation } from './topology.js';
import { setUnfinishedDataAside } from './unfinished-data.js';
import { until } from './until.js';

/**
 * @throws Problem FABRIC_PORT_TAKEN before anything is started, FABRIC_PROCESS_ENDED, FABRIC_NOT_READY, FABRIC_COMMAND_FAILED
 */
export async function startNodes(network: Network): Promise<void> {
  const [orderers, peers] = [ordererOrganisations(network.topology), peerOrganisations(network.topology)];
  await assertPortsFree(network, [
    ...orderers.map(({ mspId, listen, orderer }) => ({ name: ordererName(mspId), listen, ports: Object.values(orderer) })),
    ...peers.map(({ mspId, listen, peer }) => ({ name: peerName(mspId), listen, ports: Object.values(peer) })),
  ]);
  for (const orderer of orderers) await startOrderer(network, orderer);
  await startPeers(network, peers);
  await Promise.all([...orderers.map((orderer) => ordererReady(network, orderer)), ...peers.map((peer) => peerReady(network, peer))]);
}

/**
 * Peers that dial each other at the same moment end each other's connection, and take each other for dead for up to ten seconds
 * (seen in one start of ten), so each begins a little after the one before.
 */
const BETWEEN_PEERS_MS = 150;

async function startPeers(network: Network, peers: readonly PeerOrganisation[]): Promise<void> {
  const before = network.started.length;
  for (const peer of peers) {
    if (network.started.length > before) await pause(BETWEEN_PEERS_MS);
    await startPeer(network, peer);
  }
}

interface NodePorts {
  readonly name: string;
  readonly listen: string;
  readonly ports: readonly number[];
}

/** @throws Problem FABRIC_PORT_TAKEN with every port that another program has, of nodes that do not run */
async function assertPortsFree({ folder }: Network, nodes: readonly NodePorts[]): Promise<void> {
  const taken = await Promise.all(nodes.map(async ({ name, listen, ports }) => {
    if (await runningProcess(folder, name) !== undefined) return [];
    const free = await Promise.all(ports.map((port) => isFree(port, listen)));
    return ports.filter((_, index) => free[index] === false);
  }));
  const wantedBy = nodes.map(({ name }) => name).filter((_, index) => (taken[index] ?? []).length > 0);
  if (wantedBy.length > 0) throw new Problem('FABRIC_PORT_TAKEN', { ports: taken.flat().join(', '), wantedBy: wantedBy.join(', ') });
}

/** Starts an orderer unless it runs. */
export async function startOrderer(network: Network, organisation: OrdererOrganisation): Promise<void> {
  const node = network.folder.host(organisation.mspId).orderer;
  const name = ordererName(organisation.mspId);
  if (await runningProcess(network.folder, name) !== undefined) return;
  tellAside(network, name, await setUnfinishedDataAside('orderer', node));
  await prepareOrderer(network, organisation);
  startNode(network, { name, program: network.programs.orderer, parameters: [], settings: node.root });
}

function tellAside({ tell }: Network, name: string, aside: string | undefined): void {
  if (aside !== undefined) tell(`${name} was on no channel and begins anew; what it had is in ${aside}`);
}

/** Writes what an orderer is started with. */
export async function prepareOrderer({ folder }: Pick<Network, 'folder'>, organisation: OrdererOrganisation): Promise<void> {
  const host = folder.host(organisation.mspId);
  const node = host.orderer;
  await mkdir(node.data, { recursive: true });
  await makeOperationsIdentity(host);
  await writeFile(join(node.root, 'orderer.yaml'), JSON.stringify(ordererSettings(organisation, folder), null, 2));
}

/** Starts a peer unless it runs. */
export async function startPeer(network: Network, organisation: PeerOrganisation): Promise<void> {
  const node = network.folder.host(organisation.mspId).peer;
  const name = peerName(organisation.mspId);
  if (await runningProcess(network.folder, name) !== undefined) return;
  tellAside(network, name, await setUnfinishedDataAside('peer', node));
  await preparePeer(network, organisation);
  // What the builder released is made anew at the first call: addresses and certificates may have changed.
  await rm(node.released, { recursive: true, force: true });
  startNode(network, { name, program: network.programs.peer, parameters: ['node', 'start'], settings: node.root });
}

/** Writes what a peer is started with. */
export async function preparePeer({ folder }: Pick<Network, 'folder'>, organisation: PeerOrganisation): Promise<void> {
  const host = folder.host(organisation.mspId);
  const node = host.peer;
  await mkdir(node.data, { recursive: true });
  await makeOperationsIdentity(host);
  await writeExternalBuilder(node);
  await writeFile(join(node.root, 'core.yaml'), JSON.stringify(peerSettings(organisation, folder), null, 2));
}

interface NodeStart {
  readonly name: string;
  readonly program: string;
  readonly parameters: readonly string[];
  /** Folder of its `core.yaml` or `orderer.yaml`. */
  readonly settings: string;
}

function startNode({ folder, programs, logging, started }: Network, { name, program, parameters, settings }: NodeStart): void {
  startProcess(folder, { name, program, parameters, environment: { ...programs.environment, FABRIC_CFG_PATH: settings, FABRIC_LOGGING_SPEC: logging } });
  started.push(name);
}

/** Waits for an orderer, and has it join the channel unless it has. */
export async function ordererReady(network: Network, organisation: OrdererOrganisation): Promise<void> {
  const { mspId, orderer: { service } } = organisation;
  const admin = ordererAdmin(network, organisation);
  await nodeReady(network, ordererName(mspId), ordererOperations(network, organisation), async () => await isServing({ ...admin, port: service }) && isServing(admin));
  const joined = await joinOrderer(admin, network.topology.channel, network.folder.genesisBlock);
  if (joined) network.tell(`${ordererName(mspId)} has joined the channel`);
}

/** Waits for a peer, and has it join the channel unless it has. */
export async function peerReady(network: Network, organisation: PeerOrganisation): Promise<void> {
  const { mspId, peer: { service } } = organisation;
  const operations = peerOperations(network, organisation);
  await nodeReady(network, peerName(mspId), operations, () => isServing({ ...operations, port: service }));
  if (await metric(operations, `ledger_blockchain_height{channel="${network.topology.channel}"}`) !== undefined) return;
  await peerCommand(network, organisation, ['channel', 'join', '-b', network.folder.genesisBlock]);
  network.tell(`${peerName(mspId)} has joined the channel`);
}

/** Healthy by its own word, and serving: the word comes first. */
async function nodeReady({ folder, withinMs, signal, keptElsewhere }: Network, name: string, operations: Endpoint, serves: () => Promise<boolean>): Promise<void> {
  await until({ what: `${name} to be ready`, withinMs, signal, log: folder.logFile(name) }, async () => {
    if (keptElsewhere !== true) await assertRuns(folder, name);
    return await isHealthy(operations) && serves();
  });
}
