/** The folders of one organisation's chaincode server: its package, its certificates, what it is told; and in the peer's folder what the peer is. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Problem } from '#domain/errors.js';
import { loadIdentity, storeIdentity, writeDurably } from '../enrolment/identity-files.js';
import type { Identity, TlsRequest } from '../enrolment/identity.js';
import { holdsAuthorities, openAuthorities, tlsNames } from './certificates.js';
import type { ChaincodePackage } from './chaincode-package.js';
import { keepCode } from './kept-code.js';
import type { ChaincodeFolder, HostFolder } from './network-folder.js';
import { isFree } from './node-endpoints.js';
import { portOf, readOrder, serversOf, type ServerOrder } from './server-order.js';
import { ON_THIS_MACHINE, type PeerOrganisation } from './topology.js';

/** Of a common name in X.509. */
const LONGEST_NAME = 64;

export interface ServerPlan {
  /** Name of the chaincode. */
  readonly name: string;
  /** The compiled program. */
  readonly entry: string;
  /** Digest of its code. */
  readonly digest: string;
  readonly package: ChaincodePackage;
}

/**
 * Makes the folder of a server, or brings an earlier one up to date: program and paths may have moved.
 *
 * @throws Problem FABRIC_PORT_TAKEN if none of the organisation's ports for chaincode servers is free, FABRIC_CODE_DIFFERENT if the
 *   code has changed since the plan was made
 */
export async function prepareServer(host: HostFolder, organisation: PeerOrganisation, plan: ServerPlan): Promise<void> {
  const folder = host.chaincode(plan.package.label);
  const known = existsSync(folder.server) ? await readOrder(folder) : undefined;
  const port = known === undefined ? await freePort(host, organisation) : portOf(known);
  if (known === undefined) await makeFolder(folder, plan, host);
  else if (!holdsAuthorities(host)) await placeEnds(host, folder);
  const kept = await keepCode(plan.entry, plan.digest, folder.code);
  const order: ServerOrder = {
    name: plan.name, packageId: plan.package.id, digest: plan.digest, entry: plan.entry, kept, listen: `${ON_THIS_MACHINE.listen}:${port}`,
    tls: folder.serverTls, clientRoot: join(host.tlsAuthority, 'certificate.pem'),
  };
  await writeConnection(folder, `${ON_THIS_MACHINE.host}:${port}`, order.clientRoot);
  const text = `${JSON.stringify(order, null, 2)}\n`;
  // Last: a server without its order is no server.
  if (text !== await readFile(folder.server, 'utf8').catch(() => '')) await writeDurably(folder.server, text);
}

async function makeFolder(folder: ChaincodeFolder, { package: { label, bytes } }: ServerPlan, host: HostFolder): Promise<void> {
  await removeServer(folder);
  await mkdir(folder.root, { recursive: true, mode: 0o700 });
  await writeFile(folder.package, bytes);
  const tls = holdsAuthorities(host) ? (await openAuthorities(host)).tls : undefined;
  for (const { directory, commonName, hosts } of serverEnds(folder, label)) {
    await storeIdentity(directory, await tls?.enrolTls({ commonName, hosts }) ?? await certifiedEnd(host, basename(directory)));
  }
}

/** Takes a server's order away, and all that is for this server alone. */
export async function removeServer({ root, client }: ChaincodeFolder): Promise<void> {
  await rm(root, { recursive: true, force: true });
  await rm(client, { recursive: true, force: true });
}

/** Has an organisation's servers and peer find what its authority has certified anew, on another machine. */
export async function placeCertified(host: HostFolder): Promise<void> {
  for (const { folder } of serversOf(host)) {
    await placeEnds(host, folder);
    await tellPeer(folder);
  }
}

/** Where nothing came from another machine, for the authorities' keys were taken away from here, what is there stays. */
async function placeEnds({ mspId, chaincodeTls }: HostFolder, folder: ChaincodeFolder): Promise<void> {
  for (const { directory } of serverEnds(folder, folder.label)) {
    const given = await loadIdentity(join(chaincodeTls, basename(directory)), mspId);
    if (given !== undefined && given.certificatePem !== (await loadIdentity(directory, mspId))?.certificatePem) await storeIdentity(directory, given);
  }
}

/** The identity that the organisation's authority has certified for this end, on another machine. */
async function certifiedEnd({ mspId, chaincodeTls }: HostFolder, name: string): Promise<Identity> {
  const identity = await loadIdentity(join(chaincodeTls, name), mspId);
  if (identity === undefined) throw new Problem('FABRIC_HOST_INCOMPLETE', { missing: `certificates of ${mspId} in ${join(chaincodeTls, name)}` });
  return identity;
}

/** One end of the line between a peer and a chaincode server. */
export interface ServerEnd extends TlsRequest {
  /** Folder of its `certificate.pem` and `key.pem`. */
  readonly directory: string;
}

/** Both ends: the server's, and the one with which the peer comes. */
export function serverEnds(folder: Pick<ChaincodeFolder, 'serverTls' | 'clientTls'>, label: string): ServerEnd[] {
  return [
    { directory: folder.serverTls, commonName: label.slice(0, LONGEST_NAME), hosts: tlsNames(ON_THIS_MACHINE) },
    { directory: folder.clientTls, commonName: `peer of ${label}`.slice(0, LONGEST_NAME), hosts: [] },
  ];
}

/** Tells the peer of the certificate with which it comes to a server that was ordered before. */
export async function tellPeer(folder: ChaincodeFolder): Promise<void> {
  const order = await readOrder(folder);
  await writeConnection(folder, `${ON_THIS_MACHINE.host}:${portOf(order)}`, order.clientRoot);
}

/** What the peer's external builder hands out: where the server is, and with which certificates it is spoken to. */
async function writeConnection(folder: ChaincodeFolder, address: string, root: string): Promise<void> {
  const client = await loadIdentity(folder.clientTls, '');
  if (client === undefined) throw new Error(`no certificate in ${folder.clientTls}`);
  await writeDurably(folder.connection, JSON.stringify({
    address, dial_timeout: '10s', tls_required: true, client_auth_required: true,
    client_key: client.privateKeyPem, client_cert: client.certificatePem, root_cert: await readFile(root, 'utf8'),
  }));
}

async function freePort(host: HostFolder, { chaincodePorts }: PeerOrganisation): Promise<number> {
  const taken = await Promise.all(serversOf(host).map(async ({ folder }) => portOf(await readOrder(folder))));
  for (const port of chaincodePorts) {
    if (!taken.includes(port) && await isFree(port, ON_THIS_MACHINE.listen)) return port;
  }
  throw new Problem('FABRIC_PORT_TAKEN', { ports: chaincodePorts.join(', '), wantedBy: `a chaincode server of ${host.mspId}` });
}
