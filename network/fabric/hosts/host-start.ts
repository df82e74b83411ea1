/** Brings up what of a network runs on this machine, as far as the other machines let it. Run again, it goes on. */
import { existsSync } from 'node:fs';
import { Problem } from '#domain/errors.js';
import { chaincodePackage } from '../chaincode-package.js';
import { codeDigest } from '../code-digest.js';
import { writeConnectionFile } from '../connection-file.js';
import { installPackage, removeOtherVersions, type ChaincodeSource } from '../deploy.js';
import { stopProcesses } from '../down.js';
import { assertServerPortsFree, serversReady, wakeKeeper } from '../keeper-control.js';
import type { Network } from '../network.js';
import { isListening } from '../node-endpoints.js';
import { nodesHere } from '../nodes-here.js';
import { prepareServer, type ServerPlan } from '../server-folders.js';
import { portOf, readOrder, serverPlace } from '../server-order.js';
import { ordererReady, peerReady, prepareOrderer, preparePeer, startNodes } from '../start-nodes.js';
import { ON_THIS_MACHINE, ordererOrganisations, peerOrganisations, type PeerOrganisation } from '../topology.js';
import { until } from '../until.js';
import { agreeFromHere, type Agreement } from './agreement.js';
import { hostReport } from './host-report.js';

/**
 * Starts this machine's nodes (where something else keeps them: waits for them), joins the channel, installs, approves, and
 * commits as soon as a majority has approved. Nodes that run stay up when the agreement has to wait for other machines.
 *
 * @throws Problem FABRIC_HOST_INCOMPLETE, FABRIC_PORT_TAKEN, FABRIC_PROCESS_ENDED, FABRIC_NOT_READY, FABRIC_COMMAND_FAILED,
 *   FABRIC_CODE_DIFFERENT
 */
export async function startHost(network: Network, source: ChaincodeSource): Promise<Network> {
  const { missing } = await hostReport(network.folder, network.topology);
  // A machine that took part before goes on, even if it lacks what it has to know of a new organisation.
  if (missing.length > 0 && !existsSync(network.folder.connection)) throw new Problem('FABRIC_HOST_INCOMPLETE', { missing: missing.join('; ') });
  for (const one of missing) network.tell(`missing: ${one}`);
  const here = { ...network, topology: nodesHere(network.folder, network.topology) };
  await runNodes(here);
  const plan = await serverPlan(source);
  for (const organisation of peerOrganisations(here.topology)) {
    await serveAndInstall(here, organisation, plan);
    const agreement = await agreeFromHere(network, organisation, plan);
    network.tell(saidOf(agreement, network, plan));
    // Until the new version is committed, the channel runs the one before.
    if (agreement.committed) await removeOtherVersions(here, plan);
  }
  if (missing.length === 0) await writeConnectionFile(network);
  return network;
}

async function runNodes(here: Network): Promise<void> {
  const { topology } = here;
  if (here.keptElsewhere === true) {
    await Promise.all([...ordererOrganisations(topology).map((one) => ordererReady(here, one)), ...peerOrganisations(topology).map((one) => peerReady(here, one))]);
    return;
  }
  try {
    await assertServerPortsFree(here);
    if (topology.organisations.length > 0) await wakeKeeper(here);
    await startNodes(here);
  } catch (error) {
    await stopProcesses(here.folder, here.started);
    throw error;
  }
  here.tell(here.started.length === 0 ? 'the nodes of this machine run' : `started ${here.started.join(', ')}`);
}

async function serverPlan(source: ChaincodeSource): Promise<ServerPlan> {
  const digest = await codeDigest(source.entry);
  return { ...source, digest, package: chaincodePackage(source.name, digest) };
}

/** Writes everything that this machine's nodes and chaincode server are started with, for whatever keeps them. */
export async function prepareHost({ folder, topology }: Pick<Network, 'folder' | 'topology'>, source: ChaincodeSource): Promise<ServerPlan> {
  const here = nodesHere(folder, topology);
  const plan = await serverPlan(source);
  for (const orderer of ordererOrganisations(here)) await prepareOrderer({ folder }, orderer);
  for (const peer of peerOrganisations(here)) {
    await preparePeer({ folder }, peer);
    await prepareServer(folder.host(peer.mspId), peer, plan);
  }
  return plan;
}

async function serveAndInstall(here: Network, organisation: PeerOrganisation, plan: ServerPlan): Promise<void> {
  const host = here.folder.host(organisation.mspId);
  await prepareServer(host, organisation, plan);
  const place = serverPlace(host, plan.package.label);
  if (here.keptElsewhere === true) {
    const port = portOf(await readOrder(place.folder));
    await until({ what: `${place.process} to listen`, withinMs: here.withinMs, signal: here.signal }, () => isListening(port, ON_THIS_MACHINE.listen));
  } else {
    await wakeKeeper(here);
    await serversReady(here, [place]);
  }
  await installPackage(here, organisation, plan);
}

function saidOf({ committed, approvedBy }: Agreement, { topology }: Network, { name, package: { label } }: ServerPlan): string {
  if (committed) return `the channel runs ${label}`;
  const needed = Math.floor(peerOrganisations(topology).length / 2) + 1;
  return `${name}: ${label} is approved by ${approvedBy.join(', ')}; ${needed} organisations have to, and the last of them commits`;
}
