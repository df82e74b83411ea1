/** The folder of one organisation's chaincode server: its package, its certificates, what it and the peer are told. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Problem } from '#domain/errors.js';
import { loadIdentity, storeIdentity, writeDurably } from '../enrolment/identity-files.js';
import type { Identity, TlsRequest } from '../enrolment/identity.js';
import { holdsAuthorities, openAuthorities, tlsNames } from './certificates.js';
import type { ChaincodePackage } from './chaincode-package.js';
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
 * @throws Problem FABRIC_PORT_TAKEN if none of the organisation's ports for chaincode servers is free
 */
export async function prepareServer(host: HostFolder, organisation: PeerOrganisation, plan: ServerPlan): Promise<void> {
  const folder = host.chaincode(plan.package.label);
  const known = existsSync(folder.server) ? await readOrder(folder) : undefined;
  const port = known === undefined ? await freePort(host, organisation) : portOf(known);
  if (known === undefined) await makeFolder(folder, plan, host);
  const order: ServerOrder = {
    name: plan.name, packageId: plan.package.id, digest: plan.digest, entry: plan.entry, listen: `${ON_THIS_MACHINE.listen}:${port}`,
    tls: folder.serverTls, clientRoot: join(host.tlsAuthority, 'certificate.pem'),
  };
  await writeConnection(folder, `${ON_THIS_MACHINE.host}:${port}`, order.clientRoot);
  const text = `${JSON.stringify(order, null, 2)}\n`;
  // Last: a server without its order is no server.
  if (text !== await readFile(folder.server, 'utf8').catch(() => '')) await writeDurably(folder.server, text);
}

async function makeFolder(folder: ChaincodeFolder, { package: { label, bytes } }: ServerPlan, host: HostFolder): Promise<void> {
  await rm(folder.root, { recursive: true, force: true });
  await mkdir(folder.root, { recursive: true, mode: 0o700 });
  await writeFile(folder.package, bytes);
  const tls = holdsAuthorities(host) ? (await openAuthorities(host)).tls : undefined;
  for (const { directory, commonName, hosts } of serverEnds(folder, label)) {
    await storeIdentity(directory, await tls?.enrolTls({ commonName, hosts }) ?? await certifiedEnd(host, basename(directory)));
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

/** What the peer's external builder hands out: where the server is, and with which certificates it is spoken to. */
export async function writeConnection(folder: ChaincodeFolder, address: string, root: string): Promise<void> {
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
