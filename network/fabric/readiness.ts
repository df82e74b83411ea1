/** When a network takes transactions: the orderers have a leader, and the peers know each other. */
import { ordererOperations, peerOperations, type Network } from './network.js';
import { metric, type Endpoint } from './node-endpoints.js';
import { ordererOrganisations, peerOrganisations, type Consensus } from './topology.js';
import { until, type Wait } from './until.js';

/** The metric that is 1 at the orderer that leads. */
const LEADS: Readonly<Record<Consensus, string>> = { bft: 'consensus_BFT_is_leader', raft: 'consensus_etcdraft_is_leader', 'raft-single': 'consensus_etcdraft_is_leader' };

type Asked = Pick<Network, 'folder' | 'topology'>;

/** How an orderer stands to the others, by its own word. */
export interface OrdererStanding {
  readonly leads: boolean;
  /** How many blocks it has. */
  readonly height: number;
}

/** @returns the standing of every orderer of this machine that answers, by organisation */
export async function ordererStandings(network: Asked): Promise<Map<string, OrdererStanding>> {
  const { topology: { channel, consensus } } = network;
  const standings = await Promise.all(ordererOrganisations(network.topology).map(async (organisation): Promise<[string, OrdererStanding][]> => {
    const ask = (name: string): Promise<number | undefined> => metric(ordererOperations(network, organisation), `${name}{channel="${channel}"}`);
    const height = await ask('ledger_blockchain_height').catch(() => undefined);
    return height === undefined ? [] : [[organisation.mspId, { height, leads: await ask(LEADS[consensus]) === 1 }]];
  }));
  return new Map(standings.flat());
}

/** @returns the organisation whose orderer leads, e.g. `RegulatorMSP`; `undefined` if none does */
export async function leadingOrderer(network: Asked): Promise<string | undefined> {
  const standings = await ordererStandings(network);
  return [...standings].find(([, { leads }]) => leads)?.[0];
}

/** Until then, orderers refuse what they are given. @throws Problem FABRIC_NOT_READY */
export async function leaderReady(network: Network): Promise<void> {
  await until({ ...waitOf(network), what: 'the orderers to have a leader' }, () => leadingOrderer(network));
}

/** Until then, a peer that was away would be asked about the past. @throws Problem FABRIC_NOT_READY */
export async function peersCaughtUp(network: Network): Promise<void> {
  const ordered = await heights(network, orderersOf(network));
  await until({ ...waitOf(network), what: 'the peers to have the newest block' }, async () => Math.min(...await heights(network, peersOf(network))) >= Math.max(...ordered));
}

const waitOf = ({ withinMs, signal }: Network): Omit<Wait, 'what'> => ({ withinMs, signal });
const orderersOf = (network: Asked): Endpoint[] => ordererOrganisations(network.topology).map((orderer) => ordererOperations(network, orderer));
const peersOf = (network: Asked): Endpoint[] => peerOrganisations(network.topology).map((peer) => peerOperations(network, peer));

/** How many blocks each node has; 0 for one that does not say. */
async function heights({ topology }: Asked, nodes: readonly Endpoint[]): Promise<number[]> {
  return Promise.all(nodes.map(async (node) => await metric(node, `ledger_blockchain_height{channel="${topology.channel}"}`) ?? 0));
}

/** Until then, a peer cannot find the others that have to endorse with it. @throws Problem FABRIC_NOT_READY */
export async function peersKnown(network: Network): Promise<void> {
  const peers = peersOf(network);
  await until({ ...waitOf(network), what: 'the peers to know each other' }, async () => {
    const known = await Promise.all(peers.map((peer) => metric(peer, `gossip_membership_total_peers_known{channel="${network.topology.channel}"}`)));
    return known.every((count) => (count ?? 0) >= peers.length - 1);
  });
}
