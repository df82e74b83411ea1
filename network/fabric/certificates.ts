/** The certificates of one network: two authorities per organisation, and what they issue to its nodes. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority, openAuthority, type Authority } from '../enrolment/authority.js';
import { loadIdentity, storeIdentity, writeDurably } from '../enrolment/identity-files.js';
import type { Identity, Role } from '../enrolment/identity.js';
import type { HostFolder, NodeFolder } from './network-folder.js';
import { ordererHost, ordererName, peerName, type Organisation } from './topology.js';

export interface Authorities {
  /** Enrols members. */
  readonly members: Authority;
  /** Issues TLS certificates. */
  readonly tls: Authority;
}

/** One member of an organisation for whom this network keeps certificates. */
export interface Member {
  readonly folder: NodeFolder;
  /** e.g. `peer-RegulatorMSP` */
  readonly commonName: string;
  readonly role: Role;
  /** Names under which it is reached. */
  readonly hosts: readonly string[];
}

/** The administrator of an organisation and its nodes. */
export function membersOf(host: HostFolder, organisation: Organisation): Member[] {
  const hosts = tlsNames(organisation);
  return [
    { folder: host.admin, commonName: `admin-${host.mspId}`, role: 'admin', hosts: [] },
    ...(organisation.peer === undefined ? [] : [{ folder: host.peer, commonName: peerName(host.mspId), role: 'peer' as const, hosts }]),
    ...(organisation.orderer === undefined ? [] : [{ folder: host.orderer, commonName: ordererName(host.mspId), role: 'orderer' as const, hosts: tlsNames({ host: ordererHost(organisation) }) }]),
  ];
}

/**
 * Makes an organisation: its two authorities, its MSP folder, its administrator and the certificates of its nodes.
 *
 * @param host its folder; made
 */
export async function makeOrganisation(host: HostFolder, organisation: Organisation): Promise<void> {
  const authorities = await makeAuthorities(host);
  await writeMsp(host.msp, authorities);
  for (const member of membersOf(host, organisation)) await enrolMember(authorities, member);
}

/** Names in the TLS certificates of an organisation's servers: its own, and this machine's, which its own tools use. */
export function tlsNames({ host }: Pick<Organisation, 'host'>): string[] {
  return [...new Set([host, 'localhost', '127.0.0.1'])];
}

/** Makes both authorities of an organisation. */
export async function makeAuthorities({ mspId, authority, tlsAuthority }: HostFolder): Promise<Authorities> {
  const members = await createAuthority({ mspId, commonName: `ca.${mspId}` });
  const tls = await createAuthority({ mspId, commonName: `tlsca.${mspId}` });
  await storeIdentity(authority, members);
  await storeIdentity(tlsAuthority, tls);
  return { members, tls };
}

/** True if this machine holds the keys of an organisation's authorities. */
export function holdsAuthorities({ authority, tlsAuthority }: HostFolder): boolean {
  return [authority, tlsAuthority].every((folder) => existsSync(join(folder, 'key.pem')) && existsSync(join(folder, 'certificate.pem')));
}

/** @returns both authorities of an organisation; an error if this machine does not hold their keys */
export async function openAuthorities({ mspId, authority, tlsAuthority }: HostFolder): Promise<Authorities> {
  const [members, tls] = await Promise.all([loadIdentity(authority, mspId), loadIdentity(tlsAuthority, mspId)]);
  if (members === undefined || tls === undefined) throw new Error(`the authorities of ${mspId} are not in ${authority}, ${tlsAuthority}`);
  return { members: await openAuthority(members), tls: await openAuthority(tls) };
}

/** Makes a member's keys and certificates, and what else its folder needs to take part. */
export async function enrolMember(authorities: Authorities, { folder, commonName, role, hosts }: Member): Promise<void> {
  await writeMsp(folder.msp, authorities);
  await writeMember(folder, await authorities.members.enrol({ commonName, role }));
  await storeIdentity(folder.tls, await authorities.tls.enrolTls({ commonName, hosts }));
  await writeDurably(folder.tlsRoot, authorities.tls.certificatePem);
}

/** Writes a member's key and certificate where Fabric looks for them; a power cut leaves none that is half there. */
export async function writeMember(folder: NodeFolder, { certificatePem, privateKeyPem }: Omit<Identity, 'mspId'>): Promise<void> {
  await mkdir(join(folder.msp, 'signcerts'), { recursive: true });
  await mkdir(join(folder.msp, 'keystore'), { recursive: true, mode: 0o700 });
  await writeDurably(folder.key, privateKeyPem);
  await writeDurably(folder.certificate, certificatePem);
}

/** The certificates of an organisation's two authorities. */
export interface Roots {
  readonly members: { readonly certificatePem: string };
  readonly tls: { readonly certificatePem: string };
}

/** An MSP folder as Fabric reads it, without the member's own key and certificate. JSON is YAML. */
export async function writeMsp(folder: string, { members, tls }: Roots): Promise<void> {
  for (const [name, authority] of [['cacerts', members], ['tlscacerts', tls]] as const) {
    await mkdir(join(folder, name), { recursive: true });
    await writeDurably(join(folder, name, 'root.pem'), authority.certificatePem);
  }
  await writeDurably(join(folder, 'config.yaml'), `${JSON.stringify({ NodeOUs: nodeRoles() }, null, 2)}\n`);
}

function nodeRoles(): Record<string, unknown> {
  const roles = ['Client', 'Peer', 'Admin', 'Orderer'].map((role) => [`${role}OUIdentifier`, { OrganizationalUnitIdentifier: role.toLowerCase() }] as const);
  return { Enable: true, ...Object.fromEntries(roles) };
}
