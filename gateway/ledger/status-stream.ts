/**
 * What becomes of transactions, from one stream of blocks for the whole gateway: cheaper than a question for each
 * transaction, and it answers for those as well whose submitter is gone.
 */
import { blockHash } from './block-hash.js';
import type { Clock } from './clock.js';
import { followBlocks } from './follow-blocks.js';
import type { BlockStatuses, LedgerConnection } from './ledger.js';
import { backOff } from './retry.js';

export interface StatusStreamOptions {
  readonly connection: LedgerConnection;
  readonly clock: Clock;
  /** the first block that may matter; absent: only what comes from now on */
  readonly from?: bigint;
  /** Called once, when the ledger is first reached, with its genesis hash; an error from it stops the stream. */
  readonly onLedger: (genesis: string) => Promise<void>;
  /** Called for each block in order; the next one waits for it. */
  readonly onBlock: (statuses: BlockStatuses) => Promise<void>;
}

export interface StatusStream {
  /**
   * The number of the next block: a transaction sent from now on cannot be in an earlier one. Absent until the ledger
   * was reached for the first time.
   */
  readonly next: bigint | undefined;
  /**
   * Waits for that first time.
   *
   * @returns the number of the next block then
   * @throws what `onLedger` threw
   */
  started(): Promise<bigint>;
  /** The last error of the link, if it is down. */
  readonly trouble: unknown;
  close(): Promise<void>;
}

/** Starts the stream; it keeps itself alive until closed. */
export function openStatusStream(options: StatusStreamOptions): StatusStream {
  return new RunningStatusStream(options);
}

class RunningStatusStream implements StatusStream {
  trouble: unknown;
  next: bigint | undefined;
  readonly #options: StatusStreamOptions;
  readonly #stopping = new AbortController();
  readonly #started: Promise<bigint>;
  readonly #running: Promise<void>;

  constructor(options: StatusStreamOptions) {
    this.#options = options;
    this.#started = this.#start();
    this.#running = this.#run();
  }

  started(): Promise<bigint> {
    return this.#started;
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #start(): Promise<bigint> {
    const { connection, from, onLedger } = this.#options;
    const ledger = await this.#untilReached(async () => ({ genesis: await blockHash(connection.reader, 0n), height: await connection.reader.height() }));
    await onLedger(ledger.genesis);
    // A ledger restored from a copy may be shorter than what was seen of it.
    return from !== undefined && from < ledger.height ? from : ledger.height;
  }

  async #untilReached<T>(ask: () => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await ask();
        this.trouble = undefined;
        return answer;
      } catch (error) {
        this.trouble = error;
        await clock.wait(backOff(attempt, 0.5 + clock.random() / 2, 100, 2000), this.#stopping.signal);
        if (this.#stopping.signal.aborted) throw error;
      }
    }
  }

  async #run(): Promise<void> {
    const { connection, clock, onBlock } = this.#options;
    const from = await this.#started.catch(() => undefined);
    if (from === undefined) return;
    this.next = from;
    const open = (at: bigint, signal: AbortSignal): AsyncIterable<BlockStatuses> => connection.statuses(at, signal);
    const onTrouble = (error: unknown): void => { this.trouble = error; };
    for await (const block of followBlocks({ open, from, clock, signal: this.#stopping.signal, onTrouble })) {
      await onBlock(block);
      this.next = block.number + 1n;
    }
  }
}
