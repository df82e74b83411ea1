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
import { serverEnds, writeConnection } from './server-folders.js';
import { portOf, readOrder, serversOf } from './server-order.js';
import { ON_THIS_MACHINE, peerName, type Organisation, type Topology } from './topology.js';

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

/** Every certificate of nodes, administrators and chaincode servers whose keys and authorities are on this machine. */
export function renewables({ folder, topology }: Pick<Network, 'folder' | 'topology'>): Renewable[] {
  return topology.organisations.flatMap((organisation) => {
    const host = folder.host(organisation.mspId);
    const own = holdsAuthorities(host) ? [...memberCertificates(host, organisation), ...serverCertificates(host)] : [];
    return own.filter(({ keyFile }) => existsSync(keyFile));
  });
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

/** Issues certificates anew, each in the place of the one before. @returns names of the processes that use them */
export async function issueAnew(folder: NetworkFolder, chosen: readonly Renewable[]): Promise<string[]> {
  const authorities = new Map<string, Authorities>();
  for (const { mspId, certificateFile, keyFile, issue } of chosen) {
    const issuer = authorities.get(mspId) ?? await openAuthorities(folder.host(mspId));
    authorities.set(mspId, issuer);
    const { certificatePem } = await issue(issuer, await readFile(keyFile, 'utf8'));
    await writeDurably(certificateFile, certificatePem);
  }
  return [...new Set(chosen.flatMap(({ usedBy }) => usedBy))];
}

/** Tells the peers of the certificates with which they come to their chaincode servers. */
export async function tellPeers(folder: NetworkFolder, topology: Topology): Promise<void> {
  for (const { mspId } of topology.organisations) {
    const host = folder.host(mspId);
    for (const { folder: place } of serversOf(host)) {
      const order = await readOrder(place);
      await writeConnection(place, `${ON_THIS_MACHINE.host}:${portOf(order)}`, order.clientRoot);
    }
  }
}
