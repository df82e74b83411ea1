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
  /** Every key of the organisations but that with which the orderers' operations ports are asked. */
  readonly hidden: readonly string[];
}

/** The nodes of this machine, and everybody who may have something on it. */
export interface Tenants {
  readonly here: Topology;
  /** The whole network: of an organisation without a node here, the authorities may be here. */
  readonly all: Topology;
}

export function nodeServices(folder: NetworkFolder, { here, all }: Tenants): NodeService[] {
  return [
    ...ordererOrganisations(here).map(({ mspId }) => ordererService(folder.host(mspId), others(folder, all, mspId))),
    ...peerOrganisations(here).map(({ mspId }) => peerService(folder.host(mspId), others(folder, all, mspId))),
  ];
}

/** Folders of the other organisations: with their nodes on the same machine, a node has nothing to do there. */
function others(folder: NetworkFolder, { organisations }: Topology, own: string): string[] {
  return organisations.filter(({ mspId }) => mspId !== own).map(({ mspId }) => folder.host(mspId).root);
}

function ordererService(host: HostFolder, foreign: readonly string[]): NodeService {
  const { root, data } = host.orderer;
  return {
    name: ordererName(host.mspId), kind: 'orderer', mspId: host.mspId, settings: root, data, reads: [host.operationsRoot],
    hidden: [...authorities(host), operationsKey(host), host.admin.root, host.peer.root, host.chaincodes, host.chaincodeTls, ...foreign], stale: undefined,
  };
}

function peerService(host: HostFolder, foreign: readonly string[]): NodeService {
  const { root, data, released } = host.peer;
  return {
    name: peerName(host.mspId), kind: 'peer', mspId: host.mspId, settings: root, data, reads: [host.operationsRoot],
    hidden: [...authorities(host), operationsKey(host), host.admin.root, host.orderer.root, host.chaincodes, host.chaincodeTls, ...foreign], stale: released,
  };
}

export function serverServices(folder: NetworkFolder, { here, all }: Tenants): ServerService[] {
  return peerOrganisations(here).map(({ mspId }) => {
    const host = folder.host(mspId);
    return {
      mspId, folder: host.chaincodes, clientRoot: join(host.tlsAuthority, 'certificate.pem'),
      hidden: [host.authority, join(host.tlsAuthority, 'key.pem'), host.operations, host.admin.root, host.peer.root, host.orderer.root, host.chaincodeTls, ...others(folder, all, mspId)],
    };
  });
}

/** @returns `undefined` where there is no orderer, or nothing that an orderer would tell: Raft's do not lock themselves up */
export function watchService(folder: NetworkFolder, { here, all }: Tenants): WatchService | undefined {
  if (here.consensus !== 'bft' || ordererOrganisations(here).length === 0) return undefined;
  const asked = ordererOrganisations(here).map(({ mspId }) => folder.host(mspId))
    // The keys themselves and not their folders: that they are there tells that the orderer is of this machine.
    .flatMap((host) => [...authorities(host), host.admin.root, host.peer.root, host.chaincodes, host.chaincodeTls, host.orderer.key, host.orderer.tlsKey, host.orderer.data]);
  const rest = all.organisations.filter(({ mspId }) => !ordererOrganisations(here).some((one) => one.mspId === mspId)).map(({ mspId }) => folder.host(mspId).root);
  return { folder: folder.root, hidden: [...asked, ...rest] };
}

const operationsKey = ({ operations }: HostFolder): string => join(operations, 'key.pem');

function authorities({ authority, tlsAuthority }: HostFolder): string[] {
  return [authority, tlsAuthority];
}
