/** Brings a chaincode onto the channel, or its next version: package, serve, install, approve, commit. Repeats nothing that is done. */
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { controlledCollection } from '#domain/endorsement.js';
import { Problem } from '#domain/errors.js';
import { chaincodePackage } from './chaincode-package.js';
import { codeDigest } from './code-digest.js';
import { asksForMajorityOf } from './endorsement-policy.js';
import { serversReady, wakeKeeper } from './keeper-control.js';
import type { Network } from './network.js';
import { orderedCommand, peerCommand } from './peer-command.js';
import { prepareServer, type ServerPlan } from './server-folders.js';
import { readOrder, serverPlace, serversOf } from './server-order.js';
import { endorsementPolicy, peerOrganisations, type PeerOrganisation } from './topology.js';

export interface ChaincodeSource {
  /** Name on the channel, e.g. `minhchung`. */
  readonly name: string;
  /** Path of the compiled program that serves it; what it imports is the code that is agreed on. */
  readonly entry: string;
}

/** What the channel's organisations have agreed on. */
export interface Definition {
  readonly sequence: number;
  /** Digest of the code. */
  readonly version: string;
  /** Whose endorsements it asks for, as the peer tells it: base64 of a `protos.ApplicationPolicy`. */
  readonly validation_parameter: string;
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
  const [committed, ...fresh] = await Promise.all([committedDefinition(network, source.name), ...organisations.map((one) => installPackage(network, one, plan))]);
  await serversReady(network, hosts.map((host) => serverPlace(host, plan.package.label)));
  const outcome = await agree(network, plan, committed, organisations.filter((_, index) => fresh[index]));
  await removeOtherVersions(network, plan);
  return outcome;
}

/** @returns the chaincode's definition on the channel, `undefined` if there is none */
export async function committedDefinition(network: Network, name: string): Promise<Definition | undefined> {
  const [first] = peerOrganisations(network.topology);
  if (first === undefined) return undefined;
  const answer = await peerCommand(network, first, ['lifecycle', 'chaincode', 'querycommitted', '-C', network.topology.channel, '-O', 'json']);
  const { chaincode_definitions: definitions = [] } = JSON.parse(answer) as { chaincode_definitions?: (Definition & { name: string })[] };
  return definitions.find((one) => one.name === name);
}

/** Puts the package on an organisation's own peer. @returns true if it was not there */
export async function installPackage(network: Network, organisation: PeerOrganisation, { package: { id, label } }: ServerPlan): Promise<boolean> {
  const answer = await peerCommand(network, organisation, ['lifecycle', 'chaincode', 'queryinstalled', '-O', 'json']);
  const { installed_chaincodes: installed = [] } = JSON.parse(answer) as { installed_chaincodes?: { package_id: string }[] };
  if (installed.some((one) => one.package_id === id)) return false;
  await peerCommand(network, organisation, ['lifecycle', 'chaincode', 'install', network.folder.host(organisation.mspId).chaincode(label).package]);
  return true;
}

/** @param fresh organisations whose peer did not have the package */
async function agree(network: Network, plan: ServerPlan, committed: Definition | undefined, fresh: readonly PeerOrganisation[]): Promise<Deployment> {
  const sameCode = committed?.version === plan.digest;
  const remembered = sameCode && (await Promise.all(fresh.map((one) => remembersApproval(network, one, plan.name, committed.sequence)))).every(Boolean);
  if (remembered && asksForMajorityOf(network.topology, committed.validation_parameter)) return 'unchanged';
  const sequence = (committed?.sequence ?? 0) + 1;
  await Promise.all(peerOrganisations(network.topology).map((organisation) => approve(network, organisation, plan, sequence)));
  await commit(network, plan, sequence, peerOrganisations(network.topology));
  if (committed === undefined) return 'deployed';
  return sameCode ? 'agreed on again' : 'upgraded';
}

/**
 * An organisation's approval says which package its peer runs, and only its own peer keeps it: one that has lost everything
 * cannot get it back from the others, nor may it be given again for the same sequence.
 */
async function remembersApproval({ topology, ...rest }: Network, organisation: PeerOrganisation, name: string, sequence: number): Promise<boolean> {
  const parameters = ['lifecycle', 'chaincode', 'queryapproved', '-C', topology.channel, '-n', name, '--sequence', String(sequence), '-O', 'json'];
  return peerCommand({ ...rest, topology }, organisation, parameters).then(() => true, () => false);
}

/** An organisation's word for the definition: given only if its own code is the code that the definition names. */
export async function approve(network: Network, organisation: PeerOrganisation, plan: ServerPlan, sequence: number): Promise<void> {
  const own = await codeDigest(plan.entry);
  if (own !== plan.digest) throw new Problem('FABRIC_CODE_DIFFERENT', { approved: plan.digest, own });
  await orderedCommand(network, organisation, ['lifecycle', 'chaincode', 'approveformyorg', ...definitionOf(network, plan, sequence), '--package-id', plan.package.id]);
}

/** Commits what is approved. @param organisations whose peers endorse that: the first one's administrator asks them */
export async function commit(network: Network, plan: ServerPlan, sequence: number, organisations: readonly PeerOrganisation[]): Promise<void> {
  const peers = organisations.flatMap(({ mspId, host, peer }) => ['--peerAddresses', `${host}:${peer.service}`, '--tlsRootCertFiles', network.folder.host(mspId).peer.tlsRoot]);
  const [first] = organisations;
  if (first !== undefined) await orderedCommand(network, first, ['lifecycle', 'chaincode', 'commit', ...definitionOf(network, plan, sequence), ...peers]);
}

/**
 * A definition as the peer's commands take it, its collections in a file that is written here. The version is the digest:
 * organisations with other code cannot agree by mistake.
 */
export function definitionOf({ folder, topology }: Network, { name, digest }: ServerPlan, sequence: number): string[] {
  const members = peerOrganisations(topology).map(({ mspId }) => mspId);
  writeFileSync(folder.collections, `${JSON.stringify([controlledCollection(members)], null, 2)}\n`);
  return [
    '-C', topology.channel, '-n', name, '-v', digest, '--sequence', String(sequence),
    '--signature-policy', endorsementPolicy(topology), '--collections-config', folder.collections,
  ];
}

/** Ends the servers of versions that the channel does not run any more. */
export async function removeOtherVersions(network: Network, { name, package: { label } }: ServerPlan): Promise<void> {
  let removed = false;
  for (const { mspId } of peerOrganisations(network.topology)) {
    const host = network.folder.host(mspId);
    for (const { folder } of serversOf(host)) {
      if (folder.root === host.chaincode(label).root || (await readOrder(folder)).name !== name) continue;
      await rm(folder.root, { recursive: true });
      removed = true;
    }
  }
  if (removed && network.keptElsewhere !== true) await wakeKeeper(network);
}
