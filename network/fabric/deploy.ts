/** Brings a chaincode onto the channel, or its next version: package, serve, install, approve, commit. Repeats nothing that is done. */
import { approvals, approve, commit, committedDefinition, ownApproval, type Definition } from './chaincode-definition.js';
import { chaincodePackage } from './chaincode-package.js';
import { codeDigest } from './code-digest.js';
import { asksForMajorityOf } from './endorsement-policy.js';
import { serversReady, wakeKeeper } from './keeper-control.js';
import type { Network } from './network.js';
import { peerCommand } from './peer-command.js';
import { prepareServer, removeServer, type ServerPlan } from './server-folders.js';
import { readOrder, serverPlace, serversOf } from './server-order.js';
import { peerOrganisations, type PeerOrganisation } from './topology.js';

export interface ChaincodeSource {
  /** Name on the channel, e.g. `minhchung`. */
  readonly name: string;
  /** Path of the compiled program that serves it; what it imports is the code that is agreed on. */
  readonly entry: string;
}

export type Deployment = 'unchanged' | 'deployed' | 'upgraded' | 'agreed on again';

/**
 * Makes sure that the channel runs this code under this name, and that every organisation's server of it listens. State
 * stays; calls go to the old servers until the new definition is committed.
 *
 * @throws Problem FABRIC_COMMAND_FAILED, FABRIC_NOT_READY, FABRIC_PORT_TAKEN, FABRIC_CODE_DIFFERENT
 */
export async function deployChaincode(network: Network, source: ChaincodeSource): Promise<Deployment> {
  const digest = await codeDigest(source.entry);
  const plan: ServerPlan = { ...source, digest, package: chaincodePackage(source.name, digest) };
  const organisations = peerOrganisations(network.topology);
  const hosts = organisations.map(({ mspId }) => network.folder.host(mspId));
  for (const organisation of organisations) await prepareServer(network.folder.host(organisation.mspId), organisation, plan);
  await wakeKeeper(network);
  const [committed] = await Promise.all([committedDefinition(network, source.name), ...organisations.map((one) => installPackage(network, one, plan))]);
  await serversReady(network, hosts.map((host) => serverPlace(host, plan.package.label)));
  const outcome = await agree(network, plan, committed);
  await removeOtherVersions(network, plan);
  return outcome;
}

/** Puts the package on an organisation's own peer, unless it is there. */
export async function installPackage(network: Network, organisation: PeerOrganisation, { package: { id, label } }: ServerPlan): Promise<void> {
  const answer = await peerCommand(network, organisation, ['lifecycle', 'chaincode', 'queryinstalled', '-O', 'json']);
  const { installed_chaincodes: installed = [] } = JSON.parse(answer) as { installed_chaincodes?: { package_id: string }[] };
  if (installed.some((one) => one.package_id === id)) return;
  await peerCommand(network, organisation, ['lifecycle', 'chaincode', 'install', network.folder.host(organisation.mspId).chaincode(label).package]);
}

async function agree(network: Network, plan: ServerPlan, committed: Definition | undefined): Promise<Deployment> {
  const sameCode = committed?.version === plan.digest;
  const isInForce = sameCode && asksForMajorityOf(network.topology, committed.validation_parameter);
  if (isInForce && await areRemembered(network, plan, committed.sequence)) return 'unchanged';
  await define(network, plan, (committed?.sequence ?? 0) + 1);
  if (committed === undefined) return 'deployed';
  return sameCode ? 'agreed on again' : 'upgraded';
}

/** An earlier start may have ended in the middle of this, and Fabric refuses the same approval for the same sequence a second time. */
async function define(network: Network, plan: ServerPlan, sequence: number): Promise<void> {
  const members = peerOrganisations(network.topology);
  const [asked] = members;
  const given = asked === undefined ? [] : await approvals(network, asked, plan, sequence);
  await Promise.all(members.filter(({ mspId }) => !given.includes(mspId)).map((organisation) => approve(network, organisation, plan, sequence)));
  await commit(network, plan, sequence, members);
  if (given.length > 0 && !await areRemembered(network, plan, sequence)) await define(network, plan, sequence + 1);
}

/**
 * An organisation's approval says which package its peer runs, and only its own peer keeps it: one that has lost everything
 * cannot get it back from the others, nor may it be given again for the same sequence.
 */
async function areRemembered(network: Network, plan: ServerPlan, sequence: number): Promise<boolean> {
  const versions = await Promise.all(peerOrganisations(network.topology).map((one) => ownApproval(network, one, plan, sequence)));
  return versions.every((version) => version === plan.digest);
}

/** Ends the servers of versions that the channel does not run any more. */
export async function removeOtherVersions(network: Network, { name, package: { label } }: ServerPlan): Promise<void> {
  let removed = false;
  for (const { mspId } of peerOrganisations(network.topology)) {
    const host = network.folder.host(mspId);
    for (const { folder } of serversOf(host)) {
      if (folder.root === host.chaincode(label).root || (await readOrder(folder)).name !== name) continue;
      await removeServer(folder);
      removed = true;
    }
  }
  if (removed && network.keptElsewhere !== true) await wakeKeeper(network);
}
