/** What the channel has agreed on of the chaincodes that are served on this machine. Asks; changes nothing. */
import { committedDefinition } from './chaincode-definition.js';
import type { Network } from './network.js';
import { runningProcess } from './process-record.js';
import { readOrder, serverPlaces } from './server-order.js';
import { peerName, peerOrganisations, type PeerOrganisation } from './topology.js';

/** How long the question to a peer may take, milliseconds. */
const PATIENCE_MS = 10_000;

export interface ServedChaincode {
  /** e.g. `minhchung` */
  readonly name: string;
  /** Of the definition on the channel; `undefined` if there is none, or if the version that it names is not served here. */
  readonly sequence: number | undefined;
}

/**
 * @param here the nodes of this machine
 * @returns every chaincode that there is a server for, once; without a sequence where no peer of this machine answers
 */
export async function servedChaincodes(here: Pick<Network, 'folder' | 'topology'>): Promise<ServedChaincode[]> {
  const orders = await Promise.all(serverPlaces(here.folder).map(({ folder }) => readOrder(folder)));
  return Promise.all([...new Set(orders.map(({ name }) => name))].map(async (name) => {
    const committed = await definitionHere(here, name);
    const isServed = orders.some((order) => order.name === name && order.digest === committed?.version);
    return { name, sequence: isServed ? committed?.sequence : undefined };
  }));
}

async function definitionHere({ folder, topology }: Pick<Network, 'folder' | 'topology'>, name: string): ReturnType<typeof committedDefinition> {
  for (const organisation of peerOrganisations(topology)) {
    const running = await runningProcess(folder, peerName(organisation.mspId));
    if (running !== undefined) return askedOf(organisation, { folder, topology }, name, running.pid);
  }
  return undefined;
}

/** The program that runs the peer can ask it, too: none has to be searched for. A peer that gives no answer has agreed on nothing yet. */
async function askedOf(organisation: PeerOrganisation, { folder, topology }: Pick<Network, 'folder' | 'topology'>, name: string, pid: number): ReturnType<typeof committedDefinition> {
  const programs = { peer: `/proc/${pid}/exe`, environment: {} };
  return committedDefinition({ folder, topology: { ...topology, organisations: [organisation] }, programs, signal: AbortSignal.timeout(PATIENCE_MS) }, name).catch(() => undefined);
}
