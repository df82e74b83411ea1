/** Organisations that join or leave: at once where all administrators are on this machine, as a change that travels elsewhere. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { common } from '@hyperledger/fabric-protos';
import { Problem } from '#domain/errors.js';
import { writeDurably } from '../enrolment/identity-files.js';
import type { Identity } from '../enrolment/identity.js';
import { makeOrganisation } from './certificates.js';
import { configOfBlock, newestConfig, proposedChange, signedChange, submitChange, updateIn, type Edit } from './channel-change.js';
import { writeGenesisBlock } from './genesis-block.js';
import { organisationIn, parsePlan } from './hosts/host-plan.js';
import { memberOrganisations, organisationGroupIn, withOrganisation, withoutOrganisation } from './membership-edits.js';
import type { Network } from './network.js';
import { NetworkFolder } from './network-folder.js';
import { isSpread } from './nodes-here.js';
import { peerOrganisations, withMember, type Organisation, type PeerOrganisation, type Topology } from './topology.js';

const MSP_ID = /^[A-Z][A-Za-z0-9]{0,40}MSP$/;

/**
 * A new organisation with a peer: its authorities and certificates are made here, the channel's administrators agree, and
 * the topology names it. `up` then starts its peer and agrees on the chaincode with it.
 *
 * @param mspId e.g. `CustomsMSP`
 * @returns the topology with it
 * @throws Problem FABRIC_ORGANISATION_KNOWN, FABRIC_ORGANISATION_NAME_WRONG, FABRIC_NETWORK_SPREAD, FABRIC_COMMAND_FAILED
 */
export async function addOrganisation(network: Network, mspId: string): Promise<Topology> {
  assertOnOneMachine(network);
  const wider = widerTopology(network, mspId);
  await makeFolder(network.folder, organisationIn(wider, mspId));
  await changeChannel(network, withOrganisation(mspId, await organisationGroup({ ...network, topology: wider }, mspId)));
  await writeTopology(network.folder.topology, wider);
  return wider;
}

/** A change that travels, and what the network is once it is in force. */
export interface TravellingChange {
  /** Signed by nobody yet. */
  readonly change: Uint8Array;
  /** The file with the topology that then holds. */
  readonly topologyFile: string;
}

/**
 * A new organisation as a change that travels. Its roots are its own affair: its MSP folder must be in its host folder. The
 * topology is written first, for the organisation needs it to make them.
 *
 * @param host the name under which the others reach its machine; needed where the network runs on several
 * @throws Problem FABRIC_ORGANISATION_KNOWN, FABRIC_ORGANISATION_NAME_WRONG, FABRIC_PLAN_WRONG, FABRIC_HOST_INCOMPLETE,
 *   FABRIC_COMMAND_FAILED
 */
export async function proposedMember(network: Network, mspId: string, host?: string): Promise<TravellingChange> {
  const { folder } = network;
  if (host === undefined && isSpread(network)) throw new Problem('FABRIC_PLAN_WRONG', { organisation: mspId, expected: 'the name of its machine, for this network runs on several' });
  const wider = parsePlan(JSON.stringify(widerTopology(network, mspId, host)));
  const topologyFile = `${folder.topology}.with-${mspId}`;
  await writeTopology(topologyFile, wider);
  const missing = ['cacerts', 'tlscacerts', 'config.yaml'].map((name) => join(folder.host(mspId).msp, name)).filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Problem('FABRIC_HOST_INCOMPLETE', { missing: missing.join(', '), plan: topologyFile });
  const group = await organisationGroup({ ...network, topology: wider }, mspId);
  const change = proposedChange(network.topology.channel, await newestConfig(network, askerOf(network)), withOrganisation(mspId, group));
  if (change === undefined) throw new Problem('FABRIC_ORGANISATION_KNOWN', { organisation: mspId });
  return { change, topologyFile };
}

/**
 * An organisation that leaves, as a change that travels. The others agree on the chaincode without it before it is submitted.
 *
 * @throws Problem FABRIC_ORGANISATION_UNKNOWN, FABRIC_ORGANISATION_ORDERS, FABRIC_COMMAND_FAILED
 */
export async function proposedLeave(network: Network, mspId: string): Promise<TravellingChange> {
  const change = proposedChange(network.topology.channel, await newestConfig(network, askerOf(network)), withoutOrganisation(mspId));
  if (change === undefined) throw new Problem('FABRIC_ORGANISATION_UNKNOWN', { organisation: mspId });
  const topologyFile = `${network.folder.topology}.without-${mspId}`;
  await writeTopology(topologyFile, without(network.topology, mspId));
  return { change, topologyFile };
}

function widerTopology({ topology }: Network, mspId: string, host?: string): Topology {
  if (!MSP_ID.test(mspId)) throw new Problem('FABRIC_ORGANISATION_NAME_WRONG', { organisation: mspId });
  if (topology.organisations.some((one) => one.mspId === mspId)) throw new Problem('FABRIC_ORGANISATION_KNOWN', { organisation: mspId });
  return withMember(topology, mspId, host);
}

const without = (topology: Topology, mspId: string): Topology => ({ ...topology, organisations: topology.organisations.filter((one) => one.mspId !== mspId) });

/** Elsewhere the others' administrators have to sign, and their machines need the new topology. */
function assertOnOneMachine(network: Network): void {
  if (isSpread(network)) throw new Problem('FABRIC_NETWORK_SPREAD', { folder: network.folder.root });
}

/**
 * An organisation leaves the channel. The chaincode's definition must not need it any more: it is agreed on anew before. If
 * that was interrupted, the same again does what is missing: the organisation's folder is there until everything is done.
 *
 * @param agree makes the organisations that stay agree on the chaincode without it
 * @returns the topology without it; its folder is kept, and is its own affair
 * @throws Problem FABRIC_ORGANISATION_UNKNOWN, FABRIC_ORGANISATION_ORDERS, FABRIC_NETWORK_SPREAD, FABRIC_COMMAND_FAILED
 */
export async function removeOrganisation(network: Network, mspId: string, agree: (narrower: Network) => Promise<unknown>): Promise<Topology> {
  const leaving = network.topology.organisations.find((one) => one.mspId === mspId);
  if (!MSP_ID.test(mspId) || (leaving === undefined && !existsSync(network.folder.host(mspId).root))) throw new Problem('FABRIC_ORGANISATION_UNKNOWN', { organisation: mspId });
  if (leaving?.orderer !== undefined) throw new Problem('FABRIC_ORGANISATION_ORDERS', { organisation: mspId });
  assertOnOneMachine(network);
  const narrower = { ...network, topology: without(network.topology, mspId) };
  await agree(narrower);
  // Before the channel changes: a network starts without the peer of a member, but not with the peer of one who is none.
  await writeTopology(network.folder.topology, narrower.topology);
  const members = memberOrganisations(await newestConfig(narrower, askerOf(narrower)));
  if (members.includes(mspId)) await changeChannel(narrower, withoutOrganisation(mspId));
  return narrower.topology;
}

/** Moves the folder of an organisation that has left away from those of the members. @returns where it is then */
export async function setAside(folder: NetworkFolder, mspId: string): Promise<string> {
  const left = join(folder.root, 'left');
  await mkdir(left, { recursive: true, mode: 0o700 });
  const aside = await mkdtemp(join(left, `${mspId}-`));
  await rename(folder.host(mspId).root, aside);
  return aside;
}

/** Changes the channel with the signature of every administrator whose key is here; no change, no transaction. */
export async function changeChannel(network: Network, edit: Edit): Promise<void> {
  const asker = askerOf(network);
  const proposed = proposedChange(network.topology.channel, await newestConfig(network, asker), edit);
  if (proposed !== undefined) await submitChange(network, asker, await signedHere(network, proposed));
}

/**
 * Has every administrator of the topology whose key is on this machine sign.
 *
 * @throws Problem FABRIC_CHANGE_UNREADABLE, also for a change of another channel
 */
export async function signedHere({ folder, topology }: Network, change: Uint8Array): Promise<Uint8Array> {
  if (updateIn(change).getChannelId() !== topology.channel) throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: `the change is not of channel ${topology.channel}` });
  let signed = change;
  for (const { mspId } of topology.organisations) {
    if (existsSync(folder.host(mspId).admin.key)) signed = signedChange(signed, await adminOf(folder, mspId));
  }
  return signed;
}

/** @returns an organisation's administrator, whose key must be on this machine */
export async function adminOf(folder: NetworkFolder, mspId: string): Promise<Identity> {
  const { certificate, key } = folder.host(mspId).admin;
  return { mspId, certificatePem: await readFile(certificate, 'utf8'), privateKeyPem: await readFile(key, 'utf8') };
}

/** @returns an organisation whose administrator and peer are on this machine */
export function askerOf(network: Network): PeerOrganisation {
  const asker = findAsker(network);
  if (asker === undefined) throw new Problem('FABRIC_ADMINISTRATOR_MISSING', { folder: network.folder.hosts });
  return asker;
}

function findAsker({ folder, topology }: Network): PeerOrganisation | undefined {
  return peerOrganisations(topology).find(({ mspId }) => existsSync(folder.host(mspId).admin.key));
}

/** @returns the newest configuration, `undefined` on a machine whose network has no peer and administrator here */
export async function configHere(network: Network): Promise<common.Config | undefined> {
  const asker = findAsker(network);
  return asker === undefined ? undefined : newestConfig(network, asker);
}

/** The folder appears whole or not at all. */
async function makeFolder(folder: NetworkFolder, organisation: Organisation): Promise<void> {
  if (existsSync(folder.host(organisation.mspId).root)) return;
  const making = new NetworkFolder(join(folder.root, 'joining'));
  await rm(making.root, { recursive: true, force: true });
  await makeOrganisation(making.host(organisation.mspId), organisation);
  await rename(making.host(organisation.mspId).root, folder.host(organisation.mspId).root);
  await rm(making.root, { recursive: true });
}

/** The group that block 0 would have had, had the organisation been there: configtxgen makes it. */
async function organisationGroup({ folder, topology, programs }: Network, mspId: string): Promise<common.ConfigGroup> {
  const temporary = await mkdtemp(join(tmpdir(), 'minhchung-organisation-'));
  try {
    const block = join(temporary, 'channel.block');
    await writeGenesisBlock({ folder, topology, programs, profileFolder: temporary, block });
    return organisationGroupIn(configOfBlock(await readFile(block)), mspId);
  } finally {
    await rm(temporary, { recursive: true });
  }
}

async function writeTopology(file: string, topology: Topology): Promise<void> {
  await writeDurably(file, `${JSON.stringify(topology, null, 2)}\n`);
}
