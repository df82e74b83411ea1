/** Organisations that join or leave a network whose administrators are all on this machine. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { common } from '@hyperledger/fabric-protos';
import { Problem } from '#domain/errors.js';
import { writeDurably } from '../enrolment/identity-files.js';
import type { Identity } from '../enrolment/identity.js';
import { makeOrganisation } from './certificates.js';
import { configOfBlock, newestConfig, proposedChange, signedChange, submitChange, type Edit } from './channel-change.js';
import { writeGenesisBlock } from './genesis-block.js';
import { organisationGroupIn, withOrganisation, withoutOrganisation } from './membership-edits.js';
import type { Network } from './network.js';
import { NetworkFolder } from './network-folder.js';
import { peerOrganisations, withMember, type Organisation, type PeerOrganisation, type Topology } from './topology.js';

const MSP_ID = /^[A-Z][A-Za-z0-9]{0,40}MSP$/;

/**
 * A new organisation with a peer: its authorities and certificates are made here, the channel's administrators agree, and
 * the topology names it. `up` then starts its peer and agrees on the chaincode with it.
 *
 * @param mspId e.g. `CustomsMSP`
 * @returns the topology with it
 * @throws Problem FABRIC_ORGANISATION_KNOWN, FABRIC_ORGANISATION_NAME_WRONG, FABRIC_COMMAND_FAILED
 */
export async function addOrganisation(network: Network, mspId: string): Promise<Topology> {
  const wider = await widerTopology(network, mspId);
  await changeChannel(network, withOrganisation(mspId, await organisationGroup({ ...network, topology: wider }, mspId)));
  await writeTopology(network.folder.topology, wider);
  return wider;
}

/**
 * The same as a change that travels, signed by the administrators whose keys are here. The organisation's MSP folder is
 * taken from its host folder, or made.
 *
 * @returns the change, and the file with the topology that holds once it is in force
 * @throws Problem as `addOrganisation`
 */
export async function proposedMember(network: Network, mspId: string): Promise<{ readonly change: Uint8Array; readonly topologyFile: string }> {
  const wider = await widerTopology(network, mspId);
  const group = await organisationGroup({ ...network, topology: wider }, mspId);
  const proposed = proposedChange(network.topology.channel, await newestConfig(network, askerOf(network)), withOrganisation(mspId, group));
  if (proposed === undefined) throw new Problem('FABRIC_ORGANISATION_KNOWN', { organisation: mspId });
  const topologyFile = `${network.folder.topology}.with-${mspId}`;
  await writeTopology(topologyFile, wider);
  return { change: await signedHere(network, proposed), topologyFile };
}

/** The topology with a new organisation, whose folder is there then. */
async function widerTopology({ folder, topology }: Network, mspId: string): Promise<Topology> {
  if (!MSP_ID.test(mspId)) throw new Problem('FABRIC_ORGANISATION_NAME_WRONG', { organisation: mspId });
  if (topology.organisations.some((one) => one.mspId === mspId)) throw new Problem('FABRIC_ORGANISATION_KNOWN', { organisation: mspId });
  const wider = withMember(topology, mspId);
  await makeFolder(folder, wider.organisations.find((one) => one.mspId === mspId));
  return wider;
}

/**
 * An organisation leaves the channel. The chaincode's definition must not need it any more: it is agreed on anew before.
 *
 * @param agree makes the organisations that stay agree on the chaincode without it
 * @returns the topology without it; its folder is kept, and is its own affair
 * @throws Problem FABRIC_ORGANISATION_UNKNOWN, FABRIC_ORGANISATION_ORDERS, FABRIC_COMMAND_FAILED
 */
export async function removeOrganisation(network: Network, mspId: string, agree: (narrower: Network) => Promise<unknown>): Promise<Topology> {
  const { topology } = network;
  const leaving = topology.organisations.find((one) => one.mspId === mspId);
  if (leaving === undefined) throw new Problem('FABRIC_ORGANISATION_UNKNOWN', { organisation: mspId });
  if (leaving.orderer !== undefined) throw new Problem('FABRIC_ORGANISATION_ORDERS', { organisation: mspId });
  const narrower = { ...topology, organisations: topology.organisations.filter((one) => one !== leaving) };
  await agree({ ...network, topology: narrower });
  await changeChannel({ ...network, topology: narrower }, withoutOrganisation(mspId));
  await writeTopology(network.folder.topology, narrower);
  return narrower;
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

/** Has every administrator of the topology whose key is on this machine sign. */
export async function signedHere({ folder, topology }: Network, change: Uint8Array): Promise<Uint8Array> {
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
export function askerOf({ folder, topology }: Network): PeerOrganisation {
  const asker = peerOrganisations(topology).find(({ mspId }) => existsSync(folder.host(mspId).admin.key));
  if (asker === undefined) throw new Problem('FABRIC_ADMINISTRATOR_MISSING', { folder: folder.hosts });
  return asker;
}

/** The folder appears whole or not at all. */
async function makeFolder(folder: NetworkFolder, organisation: Organisation | undefined): Promise<void> {
  if (organisation === undefined || existsSync(folder.host(organisation.mspId).root)) return;
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
