/** The programs that run on one machine, and what each may touch: for whatever keeps them running there. */
import { join } from 'node:path';
import type { HostFolder, NetworkFolder } from '../network-folder.js';
import { ordererName, ordererOrganisations, peerName, peerOrganisations, type Topology } from '../topology.js';

export interface NodeService {
  /** e.g. `peer-RegulatorMSP` */
  readonly name: string;
  readonly kind: 'peer' | 'orderer';
  readonly mspId: string;
  /** Folder of its settings. */
  readonly settings: string;
  /** The one folder that it writes. */
  readonly data: string;
  /** Other folders and files that it reads. */
  readonly reads: readonly string[];
  /** Keys that are not its own. */
  readonly hidden: readonly string[];
  /** What is removed before each start: the peer makes it anew. */
  readonly stale: string | undefined;
}

/** A chaincode server of an organisation. */
export interface ServerService {
  readonly mspId: string;
  /** Folder whose sub-folders, one per version, hold a `server.json` each. */
  readonly folder: string;
  readonly clientRoot: string;
  readonly hidden: readonly string[];
}

/** What looks after the orderers of this machine. */
export interface WatchService {
  /** Folder of the network. */
  readonly folder: string;
  /** Everything of the organisations but the orderers' TLS certificates, with which their operations ports are asked. */
  readonly hidden: readonly string[];
}

/** @param here the nodes of this machine */
export function nodeServices(folder: NetworkFolder, here: Topology): NodeService[] {
  return [
    ...ordererOrganisations(here).map(({ mspId }) => ordererService(folder.host(mspId))),
    ...peerOrganisations(here).map(({ mspId }) => peerService(folder.host(mspId))),
  ];
}

function ordererService(host: HostFolder): NodeService {
  const { root, data } = host.orderer;
  return {
    name: ordererName(host.mspId), kind: 'orderer', mspId: host.mspId, settings: root, data, reads: [],
    hidden: [...authorities(host), host.admin.root, host.peer.root, host.chaincodes, host.chaincodeTls], stale: undefined,
  };
}

/** A peer reads from the chaincode's folder where its server is, and with which certificate it is spoken to. */
function peerService(host: HostFolder): NodeService {
  const { root, data, released } = host.peer;
  return {
    name: peerName(host.mspId), kind: 'peer', mspId: host.mspId, settings: root, data, reads: [host.chaincodes],
    hidden: [...authorities(host), host.admin.root, host.orderer.root, host.chaincodeTls], stale: released,
  };
}

/** @param here the nodes of this machine */
export function serverServices(folder: NetworkFolder, here: Topology): ServerService[] {
  return peerOrganisations(here).map(({ mspId }) => {
    const host = folder.host(mspId);
    return {
      mspId, folder: host.chaincodes, clientRoot: join(host.tlsAuthority, 'certificate.pem'),
      hidden: [host.authority, join(host.tlsAuthority, 'key.pem'), host.admin.root, host.peer.root, host.orderer.root, host.chaincodeTls],
    };
  });
}

/**
 * @param here the nodes of this machine
 * @returns `undefined` where there is no orderer, or nothing that an orderer would tell: Raft's do not lock themselves up
 */
export function watchService(folder: NetworkFolder, here: Topology): WatchService | undefined {
  if (here.consensus !== 'bft' || ordererOrganisations(here).length === 0) return undefined;
  const hidden = here.organisations.map(({ mspId }) => folder.host(mspId))
    // The key itself and not its folder: that it is there tells that the orderer is of this machine.
    .flatMap((host) => [...authorities(host), host.admin.root, host.peer.root, host.chaincodes, host.chaincodeTls, host.orderer.key, host.orderer.data]);
  return { folder: folder.root, hidden };
}

function authorities({ authority, tlsAuthority }: HostFolder): string[] {
  return [authority, tlsAuthority];
}
