/**
 * New certificates for keys that stay: what ends soon is issued anew by the same authorities, and the nodes are restarted
 * one by one. The keys must stay, for the channel's configuration knows the orderers by them.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../enrolment/identity-files.js';
import type { Identity } from '../enrolment/identity.js';
import { holdsAuthorities, membersOf, openAuthorities, type Authorities } from './certificates.js';
import type { Network } from './network.js';
import type { HostFolder, NetworkFolder } from './network-folder.js';
import { expectRestarts } from './pending-restarts.js';
import { serverEnds, tellPeer } from './server-folders.js';
import { serversOf } from './server-order.js';
import { peerName, type Organisation, type Topology } from './topology.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** One certificate that can be issued anew. */
export interface Renewable {
  readonly mspId: string;
  /** Process that has to be restarted to use it, e.g. `peer-RegulatorMSP`; none for an administrator's. */
  readonly usedBy: readonly string[];
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Issues it anew for the same key. */
  readonly issue: (authorities: Authorities, privateKeyPem: string) => Promise<Identity>;
}

type Asked = Pick<Network, 'folder' | 'topology'>;

/** Every certificate of nodes, administrators and chaincode servers whose keys and authorities are on this machine. */
export function renewables({ folder, topology }: Asked): Renewable[] {
  return certificatesHere({ folder, topology }).filter(({ mspId }) => holdsAuthorities(folder.host(mspId)));
}

/** The same, wherever the authorities are. */
function certificatesHere({ folder, topology }: Asked): Renewable[] {
  return topology.organisations.flatMap((organisation) => {
    const host = folder.host(organisation.mspId);
    return [...memberCertificates(host, organisation), ...serverCertificates(host)].filter(({ keyFile, certificateFile }) => existsSync(keyFile) && existsSync(certificateFile));
  });
}

/**
 * @param nowMs milliseconds since 1970
 * @returns what the user has to be told of certificates that end within so many days: a line for each way of renewing them
 */
export async function endingLines({ folder, topology }: Asked, days: number, nowMs: number): Promise<string[]> {
  const ending = await endingWithin(certificatesHere({ folder, topology }), days, nowMs);
  const here = ending.filter(({ mspId }) => holdsAuthorities(folder.host(mspId)));
  const elsewhere = topology.organisations.map(({ mspId }) => ({ mspId, count: ending.filter((one) => one.mspId === mspId && !here.includes(one)).length }));
  return [
    ...(here.length === 0 ? [] : [`${here.length} certificates end within ${days} days: renew them`]),
    ...elsewhere.filter(({ count }) => count > 0).map(({ mspId, count }) => `${count} certificates of ${mspId} end within ${days} days: have the requests of this machine certified once more where its authorities are, and take the answer`),
  ];
}

function memberCertificates(host: HostFolder, organisation: Organisation): Renewable[] {
  return membersOf(host, organisation).flatMap(({ folder, commonName, role, hosts }) => {
    const usedBy = role === 'admin' ? [] : [commonName];
    return [
      {
        mspId: host.mspId, usedBy, certificateFile: folder.certificate, keyFile: folder.key,
        issue: ({ members }: Authorities, privateKeyPem: string) => members.enrol({ commonName, role, privateKeyPem }),
      },
      {
        mspId: host.mspId, usedBy, certificateFile: folder.tlsCertificate, keyFile: folder.tlsKey,
        issue: ({ tls }: Authorities, privateKeyPem: string) => tls.enrolTls({ commonName, hosts, privateKeyPem }),
      },
    ];
  });
}

/** The peer keeps what it was told of a server, and is restarted with it. */
function serverCertificates(host: HostFolder): Renewable[] {
  return serversOf(host).flatMap(({ process, folder }) => serverEnds(folder, folder.label).map(({ directory, commonName, hosts }) => ({
    mspId: host.mspId, usedBy: [process, peerName(host.mspId)],
    certificateFile: join(directory, 'certificate.pem'), keyFile: join(directory, 'key.pem'),
    issue: ({ tls }: Authorities, privateKeyPem: string) => tls.enrolTls({ commonName, hosts, privateKeyPem }),
  })));
}

/** @returns those that end within so many days from `nowMs`, milliseconds since 1970 */
export async function endingWithin(all: readonly Renewable[], days: number, nowMs: number): Promise<Renewable[]> {
  const ends = await Promise.all(all.map(async ({ certificateFile }) => Date.parse(new X509Certificate(await readFile(certificateFile)).validTo)));
  return all.filter((_, index) => (ends[index] ?? 0) - nowMs < days * DAY_MS);
}

/**
 * Issues certificates anew, each in the place of the one before. Which processes have to be started anew then is written down
 * first (`pendingRestarts`).
 */
export async function issueAnew(folder: NetworkFolder, chosen: readonly Renewable[]): Promise<void> {
  await expectRestarts(folder, chosen.flatMap(({ usedBy }) => usedBy));
  const authorities = new Map<string, Authorities>();
  for (const { mspId, certificateFile, keyFile, issue } of chosen) {
    const issuer = authorities.get(mspId) ?? await openAuthorities(folder.host(mspId));
    authorities.set(mspId, issuer);
    const { certificatePem } = await issue(issuer, await readFile(keyFile, 'utf8'));
    await writeDurably(certificateFile, certificatePem);
  }
}

/** Tells the peers of the certificates with which they come to their chaincode servers. */
export async function tellPeers(folder: NetworkFolder, topology: Topology): Promise<void> {
  for (const { mspId } of topology.organisations) {
    for (const { folder: place } of serversOf(folder.host(mspId))) await tellPeer(place);
  }
}
