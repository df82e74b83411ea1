/** One network as it stands on this machine: its folder, its topology, the programs that run it. */
import type { HostFolder, NetworkFolder, NodeFolder } from './network-folder.js';
import type { Endpoint } from './node-endpoints.js';
import type { Programs } from './programs.js';
import { ordererHost, ordererOrganisations, type OrdererOrganisation, type PeerOrganisation, type Topology } from './topology.js';

export interface Network {
  readonly folder: NetworkFolder;
  readonly topology: Topology;
  readonly programs: Programs;
  /** How long each step may take, milliseconds. */
  readonly withinMs: number;
  /** What peers and orderers log, e.g. `warn`. */
  readonly logging: string;
  /** Says to the user what is being done. */
  readonly tell: (line: string) => void;
  /** Ends every waiting. */
  readonly signal: AbortSignal;
  /** Names of the processes that were started meanwhile: what a failed start has to stop again. */
  readonly started: string[];
  /** True where systemd or a container engine keeps the processes: they are waited for, not started and not looked for. */
  readonly keptElsewhere?: boolean;
}

/** The operations port of a peer. */
export function peerOperations({ folder }: Pick<Network, 'folder'>, { mspId, peer }: PeerOrganisation): Endpoint {
  return endpointOf(folder.host(mspId), peer.operations, 'peer');
}

/** The operations port of an orderer. */
export function ordererOperations({ folder }: Pick<Network, 'folder'>, { mspId, orderer }: OrdererOrganisation): Endpoint {
  return endpointOf(folder.host(mspId), orderer.operations, 'orderer');
}

/** The administrative port of an orderer. */
export function ordererAdmin({ folder }: Pick<Network, 'folder'>, { mspId, orderer }: OrdererOrganisation): Endpoint {
  return endpointOf(folder.host(mspId), orderer.admin, 'orderer');
}

function endpointOf(host: HostFolder, port: number, node: 'peer' | 'orderer'): Endpoint {
  return { port, node: host[node], operations: host.operations };
}

/** Every orderer with where it is reached and which root its TLS certificate has, in the topology's order. */
export function ordererAddresses({ folder, topology }: Pick<Network, 'folder' | 'topology'>): { readonly mspId: string; readonly address: string; readonly node: NodeFolder }[] {
  return ordererOrganisations(topology).map((one) => ({ mspId: one.mspId, address: `${ordererHost(one)}:${one.orderer.service}`, node: folder.host(one.mspId).orderer }));
}
