/** The keys of a node whose organisation's authorities are on another machine, and what is asked for each. */
import { join } from 'node:path';
import { Problem } from '#domain/errors.js';
import { membersOf, type Authorities } from '../certificates.js';
import type { HostFolder } from '../network-folder.js';
import { serverEnds } from '../server-folders.js';
import type { Organisation } from '../topology.js';
import { assertMember, assertTls } from './certificate-checks.js';

export const NODE_KINDS = ['peer', 'orderer'] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

/** A key of a node, for which an authority on another machine is asked. */
export interface KeyPlace {
  /** Name in the files that travel, e.g. `peer-tls`. */
  readonly purpose: string;
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly commonName: string;
  readonly certify: (authorities: Authorities, request: string) => Promise<string>;
  /** Throws unless it is what `certify` gives. */
  readonly assertFit: (certificate: string, roots: { readonly root: string; readonly tlsRoot: string }) => void;
}

/**
 * A peer's machine also has an administrator, for installing and approving, and both ends of the line to its chaincode server.
 *
 * @throws Problem FABRIC_PLAN_WRONG if the plan has no such node of the organisation
 */
export function keyPlaces(host: HostFolder, organisation: Organisation, node: NodeKind): KeyPlace[] {
  if (organisation[node] === undefined) throw new Problem('FABRIC_PLAN_WRONG', { organisation: organisation.mspId, expected: `${node} of this organisation` });
  const roles = node === 'peer' ? ['admin', 'peer'] : ['orderer'];
  const members = membersOf(host, organisation).filter(({ role }) => roles.includes(role)).flatMap(({ folder, commonName, role, hosts }) => [
    {
      purpose: role, keyFile: folder.key, certificateFile: folder.certificate, commonName,
      certify: ({ members: authority }: Authorities, request: string) => authority.certify({ commonName, role }, request),
      assertFit: (certificate: string, { root }: { readonly root: string }) => { assertMember(certificate, root, role, role); },
    },
    tlsPlace(`${role}-tls`, { directory: folder.tls, commonName, hosts }),
  ]);
  const ends = { serverTls: join(host.chaincodeTls, 'server-tls'), clientTls: join(host.chaincodeTls, 'client-tls') };
  const [server, client] = serverEnds(ends, host.mspId);
  return node === 'peer' && server !== undefined && client !== undefined ? [...members, tlsPlace('chaincode-server-tls', server), tlsPlace('chaincode-client-tls', client)] : members;
}

function tlsPlace(purpose: string, { directory, commonName, hosts }: { readonly directory: string; readonly commonName: string; readonly hosts: readonly string[] }): KeyPlace {
  return {
    purpose, commonName, keyFile: join(directory, 'key.pem'), certificateFile: join(directory, 'certificate.pem'),
    certify: ({ tls }, request) => tls.certifyTls({ commonName, hosts }, request),
    assertFit: (certificate, { tlsRoot }) => { assertTls(certificate, tlsRoot, hosts[0], purpose); },
  };
}
