/** The command that renews certificates: issues, restarts one process after the other, and has the channel name the orderers' new ones. */
import { readFile } from 'node:fs/promises';
import { withLock } from './command-lock.js';
import { writeConnectionFile } from './connection-file.js';
import { serversReady } from './keeper-control.js';
import { changeChannel } from './membership.js';
import { withOrdererCertificates } from './membership-edits.js';
import type { Network } from './network.js';
import { isSpread } from './nodes-here.js';
import { folderOf, openNetwork, type Surroundings } from './open-network.js';
import { runningProcess } from './process-record.js';
import { sendSignal, stopProcess } from './processes.js';
import { leaderReady, leadingOrderer, peersKnown } from './readiness.js';
import { endingWithin, issueAnew, renewables, tellPeers } from './renewal.js';
import { serverPlaces } from './server-order.js';
import { ordererReady, peerReady, startOrderer, startPeer } from './start-nodes.js';
import { ordererHost, ordererName, ordererOrganisations, peerName, peerOrganisations, type OrdererOrganisation, type PeerOrganisation } from './topology.js';

export interface RenewOptions extends Surroundings {
  /** Every certificate, and not only those that end soon. */
  readonly all: boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * Renews certificates. Processes that run are restarted one by one, each waited for; those that do not run stay so.
 *
 * @returns how many certificates were issued
 * @throws Problem FABRIC_NETWORK_MISSING, FABRIC_PROGRAM_MISSING, FABRIC_NOT_READY, FABRIC_COMMAND_FAILED
 */
export async function renewCertificates(options: RenewOptions): Promise<number> {
  return withLock(folderOf(options.settings).root, async () => {
    const network = await openNetwork(options);
    const { folder } = network;
    const all = renewables(network);
    const chosen = options.all ? all : await endingWithin(all, options.settings.renewWithinDays, options.nowMs);
    const using = await issueAnew(folder, chosen);
    await tellPeers(folder, network.topology);
    network.tell(`${chosen.length} of ${all.length} certificates issued anew`);
    for (const name of using) await restart(network, name);
    if (await leadingOrderer(network) !== undefined) for (const orderer of ordererOrganisations(network.topology)) await nameOrderer(network, orderer);
    await writeConnectionFile(network);
    return chosen.length;
  });
}

async function restart(network: Network, name: string): Promise<void> {
  if (await runningProcess(network.folder, name) === undefined) return;
  const orderer = ordererOrganisations(network.topology).find(({ mspId }) => ordererName(mspId) === name);
  const peer = peerOrganisations(network.topology).find(({ mspId }) => peerName(mspId) === name);
  if (orderer !== undefined) await restartOrderer(network, orderer);
  else if (peer !== undefined) await restartPeer(network, peer);
  else await restartServer(network, name);
  network.tell(`${name} runs on its new certificate`);
}

/**
 * Before the next one is stopped, the orderers must have shown that they can order with this one as it is now: the change is
 * that, too. (An orderer that was restarted may lag by a block until there are new ones: what the others send it first goes
 * into connections that are gone. It catches up by itself as soon as there is something to order.)
 */
async function restartOrderer(network: Network, orderer: OrdererOrganisation): Promise<void> {
  await stopProcess(network.folder, ordererName(orderer.mspId));
  await startOrderer(network, orderer);
  await ordererReady(network, orderer);
  if (isSpread(network)) return;
  await leaderReady(network);
  await nameOrderer(network, orderer);
}

async function restartPeer(network: Network, peer: PeerOrganisation): Promise<void> {
  await stopProcess(network.folder, peerName(peer.mspId));
  await startPeer(network, peer);
  await peerReady(network, peer);
  if (!isSpread(network)) await peersKnown(network);
}

/** The keeper starts it again. */
async function restartServer(network: Network, name: string): Promise<void> {
  const running = await runningProcess(network.folder, name);
  if (running !== undefined) sendSignal(running, 'SIGTERM');
  await serversReady(network, serverPlaces(network.folder).filter(({ process }) => process === name), running?.pid);
}

/**
 * The orderers go by their keys, but whoever reads the channel's configuration should find certificates that are valid. A
 * Raft node hands the lead on before its own certificate is changed there, which one that is alone cannot; and where the
 * administrators are on several machines, such a change travels as a file.
 */
async function nameOrderer(network: Network, organisation: OrdererOrganisation): Promise<void> {
  if (ordererOrganisations(network.topology).length === 1 || isSpread(network)) return;
  const { mspId, orderer } = organisation;
  const node = network.folder.host(mspId).orderer;
  const [identity, tls] = await Promise.all([readFile(node.certificate, 'utf8'), readFile(node.tlsCertificate, 'utf8')]);
  await changeChannel(network, withOrdererCertificates({ host: ordererHost(organisation), port: orderer.service, identity, tls }));
}
