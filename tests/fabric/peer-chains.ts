/**
 * What each peer of a network has on its disk, asked of each by itself. A block's commit hash is the peer's own: a chain
 * over the validation codes that it came to and the writes that it then made, so two peers with the same one have made the
 * same writes in the same order, whatever blocks they were given. What stands in their databases is read besides.
 */
import { createHash } from 'node:crypto';
import { CHANNEL } from '#domain/transactions.js';
import { readBlock, readMetadata } from '../../gateway/ledger/block-reader.js';
import { deliverRequest, type Asker } from '../../gateway/ledger/deliver-request.js';
import { deliver } from '../../gateway/ledger/deliver-stream.js';
import { openFabricLedger } from '../../gateway/ledger/fabric-ledger.js';
import type { LedgerBlock } from '../../gateway/ledger/ledger.js';
import { nativeSigner } from '../../gateway/ledger/native-signer.js';
import { openPeerLink, type PeerAddress } from '../../gateway/ledger/peer-link.js';
import { reader } from '../support/fictional.js';
import type { FabricWorld } from './fabric-world.js';

/** Index of the commit hash in a block's metadata (fabric-protos `common/common.proto`, BlockMetadataIndex). */
const COMMIT_HASH = 4;

export interface PeerChain {
  readonly peer: string;
  readonly blocks: readonly LedgerBlock[];
  /** of the last block, hexadecimal */
  readonly commitHash: string;
}

/** The whole chain of one peer, its data hashes checked. */
export async function chainOf(world: FabricWorld, peer: PeerAddress): Promise<PeerChain> {
  const link = openPeerLink(peer);
  try {
    const identity = await world.identity(reader);
    const asker: Asker = { channel: CHANNEL, identity, sign: nativeSigner(identity.privateKey) };
    const newest = await last(asker, link);
    const blocks: LedgerBlock[] = [];
    for await (const delivery of deliver(link.client, 'Deliver', await deliverRequest(asker, 0n, newest.number), AbortSignal.timeout(60_000))) {
      if ('block' in delivery) blocks.push(readBlock(delivery.block));
      if (BigInt(blocks.length) > newest.number) break;
    }
    return { peer: peer.mspId, blocks, commitHash: newest.commitHash };
  } finally {
    link.client.close();
  }
}

async function last(asker: Asker, { client }: ReturnType<typeof openPeerLink>): Promise<{ number: bigint; commitHash: string }> {
  for await (const delivery of deliver(client, 'Deliver', await deliverRequest(asker, 'newest', 'newest'), AbortSignal.timeout(60_000))) {
    if (!('block' in delivery)) continue;
    const { number, metadata } = readMetadata(delivery.block);
    return { number, commitHash: metadata[COMMIT_HASH]?.toString('hex') ?? '' };
  }
  throw new Error('no block came');
}

/** SHA-256 over what one peer answers for each of these keys, asked of its database through the contract. */
export async function stateHash(world: FabricWorld, peer: PeerAddress, keys: readonly string[]): Promise<string> {
  const connection = openFabricLedger({ ...world.opened.connection, peers: [peer], identity: await world.identity(reader) });
  try {
    const hash = createHash('sha256');
    for (const key of keys) hash.update(await connection.reader.evaluate('registry:readRecord', [key]));
    return hash.digest('hex');
  } finally {
    connection.close();
  }
}

/** How many valid transactions of a chain wrote each key. */
export function timesWritten({ blocks }: PeerChain): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { transactions } of blocks) {
    for (const { valid, writes } of transactions) if (valid) for (const { key } of writes) times.set(key, (times.get(key) ?? 0) + 1);
  }
  return times;
}
