/** The command that renews certificates: issues, restarts one process after the other, and has the channel name the orderers' new ones. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { holdsAuthorities } from './certificates.js';
import { withLock } from './command-lock.js';
import { writeConnectionFile } from './connection-file.js';
import { writeOwnPart } from './hosts/make-host.js';
import { publicPartFile } from './hosts/public-part.js';
import { nameOrderer } from './name-orderer.js';
import type { Network } from './network.js';
import { isSpread } from './nodes-here.js';
import { folderOf, openNetwork, type Surroundings } from './open-network.js';
import { pendingRestarts } from './pending-restarts.js';
import { leadingOrderer } from './readiness.js';
import { endingWithin, issueAnew, renewables, tellPeers } from './renewal.js';
import { restartAll } from './restarts.js';
import { ordererName, ordererOrganisations } from './topology.js';

export interface RenewOptions extends Surroundings {
  /** Every certificate, and not only those that end soon. */
  readonly all: boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

export interface Renewed {
  /** How many certificates were issued. */
  readonly issued: number;
  /** Processes that were started anew, or have to be. */
  readonly using: readonly string[];
  /** Those of them that run on their old certificates, for whatever keeps them cannot be reached from here. */
  readonly outOfReach: readonly string[];
}

/**
 * Renews certificates, and starts the processes anew that use them, one by one, each waited for; those that do not run stay so.
 * What an earlier renewal, or the taking of certificates, has left to be started anew is started anew, too.
 *
 * @throws Problem FABRIC_NETWORK_MISSING, FABRIC_PROGRAM_MISSING, FABRIC_NOT_READY, FABRIC_COMMAND_FAILED
 */
export async function renewCertificates(options: RenewOptions): Promise<Renewed> {
  return withLock(folderOf(options.settings).root, async () => {
    const network = await openNetwork(options);
    const { folder } = network;
    const all = renewables(network);
    const chosen = options.all ? all : await endingWithin(all, options.settings.renewWithinDays, options.nowMs);
    await issueAnew(folder, chosen);
    await tellPeers(folder, network.topology);
    await renewPublicParts(network);
    network.tell(`${chosen.length} of ${all.length} certificates issued anew`);
    const using = await pendingRestarts(folder);
    const outOfReach = await restartAll(network, using);
    await nameOrderers(network, using);
    await writeConnectionFile(network);
    return { issued: chosen.length, using, outOfReach };
  });
}

/** The other machines know an orderer by the certificates in its organisation's public part. */
async function renewPublicParts({ folder, topology, tell }: Network): Promise<void> {
  for (const { mspId } of topology.organisations) {
    const file = publicPartFile(folder, mspId);
    if (!existsSync(file) || !holdsAuthorities(folder.host(mspId))) continue;
    const before = await readFile(file, 'utf8');
    await writeOwnPart(folder, topology, mspId);
    if (await readFile(file, 'utf8') !== before) tell(`public part for all others, who take it once more: ${file}`);
  }
}

async function nameOrderers(network: Network, using: readonly string[]): Promise<void> {
  const orderers = ordererOrganisations(network.topology);
  if (!isSpread(network)) {
    if (await leadingOrderer(network) !== undefined) for (const orderer of orderers) await nameOrderer(network, orderer);
    return;
  }
  for (const name of orderers.map(({ mspId }) => ordererName(mspId)).filter((one) => using.includes(one))) {
    network.tell(`the channel's configuration goes on naming ${name} by its old certificate, and it is known by its key: the new one stands there once the administrators have signed a change`);
  }
}
