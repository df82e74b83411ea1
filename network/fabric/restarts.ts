/** Starts processes anew that have new certificates, one after the other, whoever keeps them running. */
import { serversReady } from './keeper-control.js';
import { nameOrderer } from './name-orderer.js';
import type { Network } from './network.js';
import { isServing } from './node-endpoints.js';
import { isSpread } from './nodes-here.js';
import { restartDone } from './pending-restarts.js';
import type { ProcessRecord } from './process-record.js';
import { keepingOf, processesHere, type Keeping, type ProcessHere } from './processes-here.js';
import { endProcess, sendSignal, stopProcess } from './processes.js';
import { leaderReady, peersKnown } from './readiness.js';
import { serverPlaces } from './server-order.js';
import { ordererReady, peerReady, startOrderer, startPeer } from './start-nodes.js';
import { ordererName, ordererOrganisations, peerName, peerOrganisations, type OrdererOrganisation, type PeerOrganisation } from './topology.js';
import { until } from './until.js';

/**
 * Each is waited for before the next is stopped. Those that do not run stay so.
 *
 * @param names e.g. `['peer-RegulatorMSP']`
 * @returns those that run and cannot be ended from here: whatever keeps them has to start them anew
 * @throws Problem FABRIC_NOT_READY, FABRIC_PROCESS_ENDED, FABRIC_COMMAND_FAILED
 */
export async function restartAll(network: Network, names: readonly string[]): Promise<string[]> {
  const here = await processesHere(network.folder, network.topology);
  const outOfReach: string[] = [];
  for (const name of names) {
    const one = here.find((process) => process.name === name);
    const keeping = one && await keepingOf(network.folder, one);
    if (keeping?.by === 'others') outOfReach.push(name);
    else if (one !== undefined && keeping !== undefined) await restart(network, one, keeping);
    await restartDone(network.folder, name);
  }
  return outOfReach;
}

type Known = Exclude<Keeping, { readonly by: 'others' }>;

async function restart(network: Network, one: ProcessHere, keeping: Known): Promise<void> {
  const orderer = ordererOrganisations(network.topology).find(({ mspId }) => ordererName(mspId) === one.name);
  const peer = peerOrganisations(network.topology).find(({ mspId }) => peerName(mspId) === one.name);
  if (orderer !== undefined) await restartOrderer(network, orderer, keeping);
  else if (peer !== undefined) await restartPeer(network, peer, keeping);
  else await restartServer(network, one, keeping);
  network.tell(`${one.name} runs on its new certificate`);
}

/**
 * Before the next one is stopped, the orderers must have shown that they can order with this one as it is now: the change is
 * that, too. (An orderer that was restarted may lag by a block until there are new ones: what the others send it first goes
 * into connections that are gone. It catches up by itself as soon as there is something to order.)
 */
async function restartOrderer(network: Network, orderer: OrdererOrganisation, keeping: Known): Promise<void> {
  await end(network, ordererName(orderer.mspId), keeping);
  if (keeping.by === 'commands') await startOrderer(network, orderer);
  await ordererReady(asKept(network, keeping), orderer);
  if (isSpread(network)) return;
  await leaderReady(network);
  await nameOrderer(network, orderer);
}

async function restartPeer(network: Network, peer: PeerOrganisation, keeping: Known): Promise<void> {
  await end(network, peerName(peer.mspId), keeping);
  if (keeping.by === 'commands') await startPeer(network, peer);
  await peerReady(asKept(network, keeping), peer);
  if (!isSpread(network)) await peersKnown(network);
}

async function end({ folder }: Network, name: string, { by, process }: Known): Promise<void> {
  if (by === 'systemd') await endProcess(process, name);
  else await stopProcess(folder, name);
}

/** Its unit starts again what ended. */
const asKept = (network: Network, { by }: Known): Network => ({ ...network, keptElsewhere: by === 'systemd' });

/** The keeper starts it again, or its unit. */
async function restartServer(network: Network, one: ProcessHere, { by, process }: Known): Promise<void> {
  if (by === 'systemd') return restartUnit(network, one, process);
  sendSignal(process, 'SIGTERM');
  await serversReady(network, serverPlaces(network.folder).filter((place) => place.process === one.name), process.pid);
}

async function restartUnit({ withinMs, signal }: Network, { name, port }: ProcessHere, process: ProcessRecord): Promise<void> {
  await endProcess(process, name);
  await until({ what: `${name} to listen`, withinMs, signal }, () => isServing(port));
}
