/** The ledger of every peer against the answers that were given. */
import { Buffer } from 'node:buffer';
import type { PeerAddress } from '../../gateway/ledger/peer-link.js';
import { serial, TEA } from '../support/fictional.js';
import type { FabricWorld } from './fabric-world.js';
import { chainOf, stateHash, timesWritten, type PeerChain } from './peer-chains.js';
import type { Operation } from './steady-load.js';

/** Records read from each peer's database besides: the last ones, which a peer that lags or lost something would lack. */
const SAMPLE = 50;

/**
 * Reads the chain of every peer and compares.
 *
 * @param operations all that were answered; nothing may be under way
 * @returns one line for each transaction that was lost, doubled or wrongly acknowledged, and for each peer that differs
 */
export async function ledgerErrors(world: FabricWorld, operations: readonly Operation[], peers: readonly PeerAddress[] = world.opened.connection.peers): Promise<string[]> {
  const chains = await Promise.all(peers.map(async (peer) => chainOf(world, peer)));
  const expected = await Promise.all(operations.map(async (one) => ({ one, times: await timesExpected(world, one) })));
  const wrong = chains.flatMap((chain) => {
    const times = timesWritten(chain);
    return expected.flatMap(({ one, times: wanted }) => {
      const found = times.get(serial(TEA, one.serial)) ?? 0;
      return found === wanted ? [] : [`${chain.peer}: ${one.serial} ${one.answer} (${one.reason}), ${found} times on the ledger instead of ${String(wanted)}`];
    });
  });
  const sample = operations.filter(({ answer }) => answer === 'committed').slice(-SAMPLE).map((one) => serial(TEA, one.serial));
  const states = await Promise.all(peers.map(async (peer) => stateHash(world, peer, sample)));
  return [...wrong, ...chains.flatMap(chainErrors), ...differing('last block', peers, chains.map(headHash)), ...differing('commit hash', peers, chains.map(({ commitHash }) => commitHash)), ...differing('records read', peers, states)];
}

/** Acknowledged: once. Refused: never. Not known at the time: as the outbox has it by now. */
async function timesExpected({ ledger }: FabricWorld, { answer, transactionId }: Operation): Promise<number | string> {
  if (answer !== 'pending') return answer === 'committed' ? 1 : 0;
  const { status } = await ledger.outcome(transactionId);
  if (status === 'committed') return 1;
  return status === 'rejected' ? 0 : status;
}

/** Each block follows the one before it, and the first is block 0. */
function chainErrors({ peer, blocks }: PeerChain): string[] {
  return blocks.flatMap((block, index) => {
    const fits = block.number === BigInt(index) && (index === 0 || Buffer.compare(block.previousHash, blocks[index - 1]?.hash ?? Buffer.alloc(0)) === 0);
    return fits ? [] : [`${peer}: block ${index} does not follow`];
  });
}

function headHash({ blocks }: PeerChain): string {
  return Buffer.from(blocks.at(-1)?.hash ?? []).toString('hex');
}

function differing(what: string, peers: readonly PeerAddress[], values: readonly string[]): string[] {
  const same = values.every((value) => value !== '' && value === values[0]);
  return same ? [] : [`${what} differs: ${peers.map(({ mspId }, index) => `${mspId} ${values[index] ?? ''}`).join(', ')}`];
}
