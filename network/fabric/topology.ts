/** Who takes part in the network, with which nodes, on which ports. Pure: decided once, when the network is made. */
import { CHANNEL } from '#domain/transactions.js';

/** How the ordering service agrees: four SmartBFT nodes (one may lie), three Raft nodes (one may fail), or a single one. */
export const CONSENSUS_KINDS = ['bft', 'raft', 'raft-single'] as const;
export type Consensus = (typeof CONSENSUS_KINDS)[number];

export interface PeerPorts {
  /** Clients and other peers. */
  readonly service: number;
  /** Where a peer would listen for chaincode that calls it; nothing here does, yet the peer wants one. */
  readonly chaincodeListener: number;
  readonly operations: number;
}

export interface OrdererPorts {
  /** Clients and other orderers. */
  readonly service: number;
  /** Channel participation. */
  readonly admin: number;
  readonly operations: number;
}

export interface Organisation {
  /** e.g. `RegulatorMSP` */
  readonly mspId: string;
  /** The name under which others reach its nodes, e.g. `localhost`; stands in its TLS certificates. */
  readonly host: string;
  /** The name under which its orderer is reached, if that runs on another machine than its peer. */
  readonly ordererHost?: string;
  /** The address its nodes listen on. */
  readonly listen: string;
  readonly peer?: PeerPorts;
  readonly orderer?: OrdererPorts;
  /** Ports for its chaincode servers, one per chaincode and version that runs at the same time. */
  readonly chaincodePorts: readonly number[];
}

export interface Topology {
  readonly channel: string;
  readonly consensus: Consensus;
  readonly portBase: number;
  readonly organisations: readonly Organisation[];
}

export type PeerOrganisation = Organisation & { readonly peer: PeerPorts };
export type OrdererOrganisation = Organisation & { readonly orderer: OrdererPorts };

/** The regulator, the industry and the universities keep the ledger; the operator runs the platform and only orders. */
const MEMBERS = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'] as const;
const OPERATOR = 'OperatorMSP';
const ORDERERS: Readonly<Record<Consensus, readonly string[]>> = {
  bft: [...MEMBERS, OPERATOR],
  raft: MEMBERS,
  'raft-single': MEMBERS.slice(0, 1),
};

/** Each organisation has a hundred ports of its own, so that a second network can begin a few hundred further on. */
const PORTS_PER_ORGANISATION = 100;
const CHAINCODE_SLOTS = 7;

/**
 * The network of the platform on one machine.
 *
 * @param settings e.g. `{ consensus: 'bft', portBase: 17000 }`: the regulator's peer then listens on 17101, its orderer
 *   on 17111, its first chaincode server on 17104
 */
export function planTopology({ consensus, portBase }: Pick<Topology, 'consensus' | 'portBase'>): Topology {
  const organisations = [...MEMBERS, OPERATOR]
    .map((mspId, index) => planOrganisation(mspId, portBase + PORTS_PER_ORGANISATION * (index + 1), consensus))
    .filter(({ peer, orderer }) => peer !== undefined || orderer !== undefined);
  return { channel: CHANNEL, consensus, portBase, organisations };
}

/** Where a machine reaches what is only for itself: chaincode servers, administrative ports. */
export const ON_THIS_MACHINE = { host: 'localhost', listen: '127.0.0.1' };

function planOrganisation(mspId: string, first: number, consensus: Consensus): Organisation {
  const isMember = MEMBERS.some((member) => member === mspId);
  return {
    ...(isMember ? planMember(mspId, first) : { ...ON_THIS_MACHINE, mspId, chaincodePorts: [] }),
    ...(ORDERERS[consensus].includes(mspId) ? { orderer: { service: first + 11, admin: first + 12, operations: first + 13 } } : {}),
  };
}

function planMember(mspId: string, first: number): PeerOrganisation {
  return {
    ...ON_THIS_MACHINE, mspId,
    peer: { service: first + 1, chaincodeListener: first + 2, operations: first + 3 },
    chaincodePorts: Array.from({ length: CHAINCODE_SLOTS }, (_, slot) => first + 4 + slot),
  };
}

/**
 * The same network with one more organisation, which keeps a peer and no orderer, on the ports behind those in use.
 *
 * @param mspId e.g. `CustomsMSP`
 * @param host the name under which the others reach its machine, e.g. `fabric.customs.example`; left out, it is on this machine
 */
export function withMember(topology: Topology, mspId: string, host?: string): Topology {
  const highest = Math.max(...listeningPorts(topology).map(({ port }) => port));
  const first = topology.portBase + PORTS_PER_ORGANISATION * (Math.floor((highest - topology.portBase) / PORTS_PER_ORGANISATION) + 1);
  return { ...topology, organisations: [...topology.organisations, { ...planMember(mspId, first), ...(host === undefined ? {} : { host, listen: '0.0.0.0' }) }] };
}

/** Organisations that keep a peer, in the topology's order. */
export function peerOrganisations({ organisations }: Topology): PeerOrganisation[] {
  return organisations.filter((one): one is PeerOrganisation => one.peer !== undefined);
}

/** Organisations that keep an orderer, in the topology's order: a BFT consenter's number is its place here, from 1. */
export function ordererOrganisations({ organisations }: Topology): OrdererOrganisation[] {
  return organisations.filter((one): one is OrdererOrganisation => one.orderer !== undefined);
}

/** The name under which an organisation's orderer is reached. */
export const ordererHost = ({ host, ordererHost: own }: Pick<Organisation, 'host' | 'ordererHost'>): string => own ?? host;

/** Every port that a node listens on, with what listens there, e.g. `{ port: 17101, node: 'peer-RegulatorMSP' }`. */
export function listeningPorts({ organisations }: Topology): { readonly port: number; readonly node: string }[] {
  return organisations.flatMap(({ mspId, peer, orderer }) => [
    ...Object.values(peer ?? {}).map((port: number) => ({ port, node: peerName(mspId) })),
    ...Object.values(orderer ?? {}).map((port: number) => ({ port, node: ordererName(mspId) })),
  ]);
}

/** Name of a peer's process, and of its files in `run/`, e.g. `peer-RegulatorMSP`. */
export const peerName = (mspId: string): string => `peer-${mspId}`;

/** Name of an orderer's process, e.g. `orderer-OperatorMSP`. */
export const ordererName = (mspId: string): string => `orderer-${mspId}`;

/** @returns how many orderers sign a block: more than two thirds of them under BFT, one under Raft */
export function signingQuorum(topology: Topology): number {
  return topology.consensus === 'bft' ? bftQuorum(ordererOrganisations(topology).length) : 1;
}

/** @returns of four nodes 3: so many that any two quorums share an honest one (SmartBFT: ⌈(n + f + 1) / 2⌉ with f = ⌊(n − 1) / 3⌋) */
export function bftQuorum(nodes: number): number {
  return Math.ceil((nodes + Math.floor((nodes - 1) / 3) + 1) / 2);
}

/** Any two of the organisations that keep a peer must have endorsed, e.g. `OutOf(2, 'RegulatorMSP.peer', …)`. */
export function endorsementPolicy(topology: Topology): string {
  const peers = peerOrganisations(topology);
  return `OutOf(${Math.floor(peers.length / 2) + 1}, ${peers.map(({ mspId }) => `'${mspId}.peer'`).join(', ')})`;
}
