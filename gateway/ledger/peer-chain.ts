/** The chain as the peers of a network deliver it: heights, whole blocks that are checked as they come, statuses. */
import { Buffer } from 'node:buffer';
import { Problem } from '#domain/errors.js';
import { withAgreedCodes } from './agreed-codes.js';
import { blockWrong, readBlock, readFilteredBlock } from './block-reader.js';
import type { BlockTrust } from './block-trust.js';
import type { Clock } from './clock.js';
import { deliver, UNFILTERABLE } from './deliver-stream.js';
import { deliverRequest, type Asker } from './deliver-request.js';
import { LedgerFailure, type BlockStatuses, type LedgerBlock } from './ledger.js';
import { mergedStatuses } from './merged-statuses.js';
import type { PeerLink } from './peer-link.js';
import type { PeerWatch } from './peer-watch.js';

export interface PeerChainOptions {
  readonly asker: Asker;
  readonly links: readonly PeerLink[];
  readonly clock: Clock;
  /** how many organisations must say what became of a transaction; 1: the peer that delivers a block is believed in this */
  readonly statusQuorum: number;
  /** absent: the peer is believed, for it is our own ledger in this process */
  readonly trust?: BlockTrust;
}

/** Whoever reads whole blocks is slower than statuses come: they are not to pile up meanwhile. */
const STATUSES_AHEAD = 16;

export class PeerChain {
  readonly #options: PeerChainOptions;

  constructor(options: PeerChainOptions) {
    this.#options = options;
  }

  /** How many blocks one peer has. Throws LedgerFailure. */
  async heightOf(link: PeerLink, signal: AbortSignal): Promise<bigint> {
    try {
      return await this.#heightBy('DeliverFiltered', link, signal);
    } catch (error) {
      if (isUnfilterable(error)) return this.#heightBy('Deliver', link, signal);
      throw error;
    }
  }

  async #heightBy(method: 'Deliver' | 'DeliverFiltered', { client }: PeerLink, signal: AbortSignal): Promise<bigint> {
    const request = await deliverRequest(this.#options.asker, 'newest', 'newest');
    for await (const delivery of deliver(client, method, request, signal)) {
      return ('filtered' in delivery ? readFilteredBlock(delivery.filtered) : readBlock(delivery.block)).number + 1n;
    }
    throw new LedgerFailure({ stage: 'evaluate', retry: 'new-id', code: 'DEADLINE_EXCEEDED' }, 'no block came');
  }

  /**
   * Whole blocks from the peer that is asked first, until it is lost or lags, or delivers one that must not be believed. Where
   * several organisations must say what became of transactions, each block waits for that.
   *
   * @throws LedgerFailure; Problem LEDGER_BLOCK_WRONG: then this peer is not asked again soon
   */
  async *blocks(watch: PeerWatch, from: bigint, signal: AbortSignal): AsyncGenerator<LedgerBlock> {
    const [link] = watch.links();
    if (link === undefined) return;
    const until = AbortSignal.any([signal, watch.outrun(link)]);
    const checked = this.#checkedBlocks(link, from, until);
    try {
      yield* this.#options.statusQuorum > 1 ? withAgreedCodes(checked, (at) => this.statuses(at, until, STATUSES_AHEAD)) : checked;
    } catch (error) {
      if (error instanceof Problem && error.code === 'LEDGER_BLOCK_WRONG') watch.distrust(link);
      else if (error instanceof LedgerFailure && error.stage !== 'status') void watch.suspect(link);
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
      else if (block.number !== from) throw blockWrong(from, 'number');
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
  statuses(from: bigint, signal: AbortSignal, furthestAhead?: number): AsyncIterable<BlockStatuses> {
    const { links, statusQuorum, clock } = this.#options;
    const sources = links.map((link) => ({ organisation: link.peer.mspId, open: (at: bigint, until: AbortSignal) => this.#statusesOf(link, at, until) }));
    return mergedStatuses({ sources, quorum: statusQuorum, from, signal, clock, ...(furthestAhead === undefined ? {} : { furthestAhead }) });
  }

  /** A block of which there is no filtered form is asked for whole: anybody may have such a transaction ordered. */
  async *#statusesOf(link: PeerLink, from: bigint, signal: AbortSignal): AsyncGenerator<BlockStatuses> {
    for (let next = from; !signal.aborted; next++) {
      try {
        for await (const statuses of this.#filtered(link, next, signal)) {
          next = statuses.number + 1n;
          yield statuses;
        }
        return;
      } catch (error) {
        if (!isUnfilterable(error)) throw error;
      }
      const { number, transactions } = readBlock(await this.#oneBlock(link, next, signal));
      yield { number, transactions: transactions.map(({ id, code }) => ({ id, code })) };
    }
  }

  async *#filtered({ client }: PeerLink, from: bigint, signal: AbortSignal): AsyncGenerator<BlockStatuses> {
    for await (const delivery of deliver(client, 'DeliverFiltered', await deliverRequest(this.#options.asker, from), signal)) {
      if ('filtered' in delivery) yield readFilteredBlock(delivery.filtered);
    }
  }
}

function isUnfilterable(error: unknown): boolean {
  return error instanceof LedgerFailure && error.code === UNFILTERABLE;
}

function requireChained(previous: LedgerBlock, block: LedgerBlock): void {
  const fits = block.number === previous.number + 1n && Buffer.compare(block.previousHash, previous.hash) === 0;
  if (!fits) throw new Problem('LEDGER_BLOCK_WRONG', { block: String(block.number), reason: 'chain' });
}
