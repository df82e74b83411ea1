/** The chain as the peers of a network deliver it: heights, whole blocks that are checked as they come, statuses. */
import { Buffer } from 'node:buffer';
import { Problem } from '#domain/errors.js';
import { readBlock, readFilteredBlock } from './block-reader.js';
import type { BlockTrust } from './block-trust.js';
import type { Clock } from './clock.js';
import { deliver } from './deliver-stream.js';
import { deliverRequest, type Asker } from './deliver-request.js';
import { LedgerFailure, type BlockStatuses, type LedgerBlock } from './ledger.js';
import { mergedStatuses } from './merged-statuses.js';
import type { PeerLink } from './peer-link.js';
import type { PeerWatch } from './peer-watch.js';

export interface PeerChainOptions {
  readonly asker: Asker;
  readonly links: readonly PeerLink[];
  readonly clock: Clock;
  /** how many organisations must say what became of a transaction */
  readonly statusQuorum: number;
  /** absent: the peer is believed, for it is our own ledger in this process */
  readonly trust?: BlockTrust;
}

export class PeerChain {
  readonly #options: PeerChainOptions;

  constructor(options: PeerChainOptions) {
    this.#options = options;
  }

  /** How many blocks one peer has. Throws LedgerFailure. */
  async heightOf({ client }: PeerLink, signal: AbortSignal): Promise<bigint> {
    const request = await deliverRequest(this.#options.asker, 'newest', 'newest');
    for await (const delivery of deliver(client, 'DeliverFiltered', request, signal)) {
      if ('filtered' in delivery) return readFilteredBlock(delivery.filtered).number + 1n;
    }
    throw new LedgerFailure({ stage: 'evaluate', retry: 'new-id', code: 'DEADLINE_EXCEEDED' }, 'no block came');
  }

  /**
   * Whole blocks from the peer that is asked first, until it is lost or lags, or delivers one that must not be believed.
   *
   * @throws LedgerFailure; Problem LEDGER_BLOCK_WRONG: then this peer is not asked again soon
   */
  async *blocks(watch: PeerWatch, from: bigint, signal: AbortSignal): AsyncGenerator<LedgerBlock> {
    const [link] = watch.links();
    if (link === undefined) return;
    const outrun = watch.outrun(link);
    try {
      yield* this.#checkedBlocks(link, from, AbortSignal.any([signal, outrun]));
    } catch (error) {
      if (error instanceof Problem && error.code === 'LEDGER_BLOCK_WRONG') watch.distrust(link);
      else if (error instanceof LedgerFailure) void watch.suspect(link);
      throw error;
    }
    if (!signal.aborted) throw new LedgerFailure({ stage: 'evaluate', retry: 'new-id', code: 'UNAVAILABLE' }, `${link.peer.address} is lost or lags`);
  }

  async *#checkedBlocks(link: PeerLink, from: bigint, signal: AbortSignal): AsyncGenerator<LedgerBlock> {
    const { asker, trust } = this.#options;
    await trust?.prepare(from, async (number) => this.#oneBlock(link, number, signal));
    let previous: LedgerBlock | undefined;
    for await (const delivery of deliver(link.client, 'Deliver', await deliverRequest(asker, from), signal)) {
      if (!('block' in delivery)) continue;
      const block = readBlock(delivery.block);
      trust?.check({ bytes: delivery.block, block });
      if (previous !== undefined) requireChained(previous, block);
      previous = block;
      yield block;
    }
  }

  async #oneBlock(link: PeerLink, number: bigint, signal: AbortSignal): Promise<Uint8Array> {
    for await (const delivery of deliver(link.client, 'Deliver', await deliverRequest(this.#options.asker, number, number), signal)) {
      if ('block' in delivery) return delivery.block;
    }
    throw new LedgerFailure({ stage: 'evaluate', retry: 'new-id', code: 'UNAVAILABLE' }, `no block ${number} came`);
  }

  /** What became of transactions, as enough organisations say it. Throws LedgerFailure. */
  statuses(from: bigint, signal: AbortSignal): AsyncIterable<BlockStatuses> {
    const { links, statusQuorum, clock } = this.#options;
    const sources = links.map((link) => ({ organisation: link.peer.mspId, open: (at: bigint, until: AbortSignal) => this.#statusesOf(link, at, until) }));
    return mergedStatuses({ sources, quorum: statusQuorum, from, signal, clock });
  }

  async *#statusesOf({ client }: PeerLink, from: bigint, signal: AbortSignal): AsyncGenerator<BlockStatuses> {
    for await (const delivery of deliver(client, 'DeliverFiltered', await deliverRequest(this.#options.asker, from), signal)) {
      if ('filtered' in delivery) yield readFilteredBlock(delivery.filtered);
    }
  }
}

function requireChained(previous: LedgerBlock, block: LedgerBlock): void {
  const fits = block.number === previous.number + 1n && Buffer.compare(block.previousHash, previous.hash) === 0;
  if (!fits) throw new Problem('LEDGER_BLOCK_WRONG', { block: String(block.number), reason: 'chain' });
}
