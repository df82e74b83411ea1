/** Runs the `peer` program as an organisation's administrator. */
import { Problem } from '#domain/errors.js';
import { ordererAddresses, type Network } from './network.js';
import type { Programs } from './programs.js';
import { ordererStandings } from './readiness.js';
import { runProgram } from './run-program.js';
import type { PeerOrganisation } from './topology.js';

/** What it takes to run the peer's commands. */
export interface PeerPrograms {
  readonly programs: Pick<Programs, 'peer' | 'environment'>;
}

/**
 * @param organisation whose administrator asks, and whose peer is asked
 * @param parameters e.g. `['channel', 'list']`
 * @returns what it printed
 * @throws Problem FABRIC_COMMAND_FAILED
 */
export async function peerCommand({ folder, programs, signal }: Pick<Network, 'folder' | 'signal'> & PeerPrograms, { mspId }: PeerOrganisation, parameters: readonly string[]): Promise<string> {
  const host = folder.host(mspId);
  return runProgram(programs.peer, parameters, {
    ...programs.environment, HOME: host.root, FABRIC_CFG_PATH: host.peer.root, FABRIC_LOGGING_SPEC: 'error', CORE_PEER_MSPCONFIGPATH: host.admin.msp,
  }, { signal });
}

/** Parameters that name one orderer. */
export type OrdererFlags = readonly string[];

/**
 * The orderers in the order in which to turn to them. One that was restarted may lag by a block until there are new ones, and
 * not know it: to write, the one that leads comes first; to read, the one with the most blocks.
 */
export async function orderersFor(network: Network, what: 'reading' | 'writing'): Promise<OrdererFlags[]> {
  const standings = await ordererStandings(network);
  const rank = (mspId: string): number => {
    const { height, leads } = standings.get(mspId) ?? { height: 0, leads: false };
    return what === 'reading' ? height : Number(leads);
  };
  return ordererAddresses(network).toSorted((a, b) => rank(b.mspId) - rank(a.mspId)).map(({ address, node }) => ['-o', address, '--tls', '--cafile', node.tlsRoot]);
}

/**
 * Runs the `peer` program for what goes to an orderer; if one cannot be reached, the next is asked.
 *
 * @throws Problem FABRIC_COMMAND_FAILED as the last orderer refused
 */
export async function orderedCommand(network: Network, organisation: PeerOrganisation, parameters: readonly string[], what: 'reading' | 'writing' = 'writing'): Promise<string> {
  const orderers = await orderersFor(network, what);
  for (const [index, flags] of orderers.entries()) {
    try {
      return await peerCommand(network, organisation, [...parameters, ...flags]);
    } catch (error) {
      if (index === orderers.length - 1 || !isAboutReaching(error)) throw error;
    }
  }
  throw new Error('the network has no orderer');
}

/** True if an orderer did not answer, and another one may. */
export function isAboutReaching(error: unknown): boolean {
  return error instanceof Problem && /connect|unavailable|orderer/i.test(error.fields['said'] ?? '');
}
