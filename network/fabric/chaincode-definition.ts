/** A chaincode's definition on the channel, asked for, approved and committed by the peer's commands. */
import { writeFileSync } from 'node:fs';
import { controlledCollection } from '#domain/endorsement.js';
import { Problem } from '#domain/errors.js';
import { codeDigest } from './code-digest.js';
import type { Network } from './network.js';
import { orderedCommand, peerCommand, type PeerPrograms } from './peer-command.js';
import type { ServerPlan } from './server-folders.js';
import { endorsementPolicy, peerOrganisations, type PeerOrganisation } from './topology.js';

/** What the channel's organisations have agreed on. */
export interface Definition {
  readonly sequence: number;
  /** Digest of the code. */
  readonly version: string;
  /** Whose endorsements it asks for, as the peer tells it: base64 of a `protos.ApplicationPolicy`. */
  readonly validation_parameter: string;
}

/** @returns the chaincode's definition on the channel, `undefined` if there is none */
export async function committedDefinition(network: Pick<Network, 'folder' | 'topology' | 'signal'> & PeerPrograms, name: string): Promise<Definition | undefined> {
  const [first] = peerOrganisations(network.topology);
  if (first === undefined) return undefined;
  const answer = await peerCommand(network, first, ['lifecycle', 'chaincode', 'querycommitted', '-C', network.topology.channel, '-O', 'json']);
  const { chaincode_definitions: definitions = [] } = JSON.parse(answer) as { chaincode_definitions?: (Definition & { name: string })[] };
  return definitions.find((one) => one.name === name);
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

/** In place of the version that was approved, where the peer has lost what it was. */
export const LOST = Symbol('lost');

/** @returns the version that the organisation approved for a sequence, `undefined` if none */
export async function ownApproval(network: Network, own: PeerOrganisation, { name }: ServerPlan, sequence: number): Promise<string | typeof LOST | undefined> {
  try {
    const answer = await peerCommand(network, own, ['lifecycle', 'chaincode', 'queryapproved', '-C', network.topology.channel, '-n', name, '--sequence', String(sequence), '-O', 'json']);
    return (JSON.parse(answer) as { version?: string }).version;
  } catch (error) {
    const said = error instanceof Problem ? error.fields['said'] ?? '' : '';
    if (/could not fetch approved/i.test(said)) return undefined;
    if (/private data matching public hash/i.test(said)) return LOST;
    throw error;
  }
}

/** @returns the organisations that have approved this very definition */
export async function approvals(network: Network, own: PeerOrganisation, plan: ServerPlan, sequence: number): Promise<string[]> {
  const answer = await peerCommand(network, own, ['lifecycle', 'chaincode', 'checkcommitreadiness', ...definitionOf(network, plan, sequence), '-O', 'json']);
  const { approvals: given = {} } = JSON.parse(answer) as { approvals?: Record<string, boolean> };
  return Object.keys(given).filter((mspId) => given[mspId] === true).toSorted();
}
