/** Following the chain: blocks that are there already, then each new one, at the reader's pace. */
import type { Problem } from '#domain/errors.js';
import type { BlockStore } from './block-store.js';
import type { CommitNotices } from './commit-notices.js';

/** What a follower needs of the ledger. */
export interface BlockFeed {
  readonly blocks: BlockStore;
  readonly notices: CommitNotices;
  /** Number of blocks on the disk. */
  readonly height: () => number;
  /** Why no block will come any more, if so. */
  readonly failure: () => Problem | undefined;
}

/** The sending end of a gRPC stream, as far as following needs it. */
export interface Follower {
  write(message: Buffer): boolean;
  once(event: 'drain' | 'cancelled', listener: () => void): unknown;
  off(event: 'drain' | 'cancelled', listener: () => void): unknown;
  readonly cancelled: boolean;
}

export interface FollowRange {
  readonly first: number;
  /** Last block to send; without it the stream follows the chain. */
  readonly last?: number;
}

/**
 * Sends `message(number)` for each block of the range in order, where that is not `undefined`; returns when the range
 * is sent or the call is cancelled.
 *
 * @throws Problem if a block is damaged, or the ledger stops
 */
export async function followBlocks(
  feed: BlockFeed, call: Follower, range: FollowRange, message: (number: number) => Buffer | undefined,
): Promise<void> {
  for (let number = range.first; number <= (range.last ?? Number.MAX_SAFE_INTEGER); number += 1) {
    await blockThere(feed, number, call);
    if (call.cancelled) return;
    const bytes = message(number);
    if (bytes !== undefined && !call.write(bytes)) await drained(call);
    if (call.cancelled) return;
  }
}

/** Waits for block `number` or the end of the call; @throws Problem if the block will not come */
async function blockThere(feed: BlockFeed, number: number, call: Follower): Promise<void> {
  while (number >= feed.height() && !call.cancelled) {
    const failure = feed.failure();
    if (failure !== undefined) throw failure;
    await announcedOrCancelled(call, (resolve) => feed.notices.onBlock(resolve));
  }
}

async function drained(call: Follower): Promise<void> {
  await announcedOrCancelled(call, (resolve) => {
    call.once('drain', resolve);
    return () => { call.off('drain', resolve); };
  });
}

/** Waits for one of the two and leaves no listener behind: a stream may follow millions of blocks. */
async function announcedOrCancelled(call: Follower, subscribe: (resolve: () => void) => () => void): Promise<void> {
  if (call.cancelled) return;
  const cleanUp: (() => void)[] = [];
  await new Promise<void>((resolve) => {
    call.once('cancelled', resolve);
    cleanUp.push(subscribe(resolve), () => { call.off('cancelled', resolve); });
  });
  for (const clean of cleanUp) clean();
}
