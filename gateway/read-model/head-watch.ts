/** How far the model is, whether that is the head of the ledger, and who waits for it. */
import { Problem } from '#domain/errors.js';
import type { AsOf, ReadModelOptions } from './model-options.js';
import type { Checkpoint } from './rows.js';

interface BlockWaiter {
  readonly block: bigint;
  readonly resolve: (reached: boolean) => void;
  readonly signal: AbortSignal | undefined;
  readonly giveUp: () => void;
}

interface HeadWaiter {
  readonly resolve: () => void;
  readonly reject: (problem: Problem) => void;
}

export class HeadWatch {
  readonly #options: Required<Pick<ReadModelOptions, 'ledger' | 'clock' | 'probeMs' | 'onProgress'>>;
  readonly #blockWaiters = new Set<BlockWaiter>();
  #headWaiters: HeadWaiter[] = [];
  #height = 0n;
  #blockTime = 0;
  #ledgerHeight: bigint | undefined;
  #knownAt: number | undefined;
  #checked = false;
  #onHead: () => void = () => undefined;
  #confirming: Promise<Problem | undefined> | undefined;

  constructor(options: Required<Pick<ReadModelOptions, 'ledger' | 'clock' | 'probeMs' | 'onProgress'>>) {
    this.#options = options;
  }

  asOf(): AsOf {
    return { height: this.#height, blockTime: this.#blockTime === 0 ? undefined : this.#blockTime, knownAt: this.#knownAt };
  }

  /** The model is opened, or made anew. */
  startAt(checkpoint: Checkpoint | undefined): void {
    this.#height = checkpoint === undefined ? 0n : checkpoint.number + 1n;
    this.#blockTime = checkpoint?.time ?? 0;
    this.#knownAt = undefined;
    this.#checked = false;
  }

  /** Every row of an earlier run is whole. */
  markChecked(): void {
    this.#checked = true;
    this.#releaseHead();
  }

  /** Rows up to this checkpoint are on the disk. */
  advance(checkpoint: Checkpoint): void {
    this.#height = checkpoint.number + 1n;
    this.#blockTime = checkpoint.time;
    for (const waiter of this.#blockWaiters) if (waiter.block < this.#height) this.#release(waiter, true);
    if (this.#knownAt !== undefined) return;
    this.#options.onProgress({ height: this.#height, ledgerHeight: this.#ledgerHeight ?? 0n, rows: checkpoint.rows });
    if (this.#ledgerHeight !== undefined && this.#height >= this.#ledgerHeight) void this.#confirm().catch(() => undefined);
  }

  waitFor(block: bigint, signal?: AbortSignal): Promise<boolean> {
    if (block < this.#height) return Promise.resolve(true);
    if (signal?.aborted === true) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: BlockWaiter = { block, resolve, signal, giveUp: () => this.#release(waiter, false) };
      this.#blockWaiters.add(waiter);
      signal?.addEventListener('abort', waiter.giveUp);
    });
  }

  /** Resolves when the model is whole and at the head. */
  confirmed(): Promise<void> {
    if (this.#knownAt !== undefined && this.#checked) return Promise.resolve();
    return new Promise((resolve, reject) => { this.#headWaiters.push({ resolve, reject }); });
  }

  refuse(problem: Problem): void {
    for (const { reject } of this.#headWaiters.splice(0)) reject(problem);
  }

  close(): void {
    for (const waiter of this.#blockWaiters) this.#release(waiter, false);
  }

  /** Asks the ledger again and again whether there is anything newer, until `signal`. */
  async probe(signal: AbortSignal, onTrouble: (error: unknown) => void, onHead: () => void): Promise<void> {
    const { clock, probeMs } = this.#options;
    this.#onHead = onHead;
    while (!signal.aborted) {
      await this.#confirm().then(onTrouble, onTrouble);
      await clock.wait(probeMs, signal);
    }
  }

  #confirm(): Promise<Problem | undefined> {
    this.#confirming ??= this.#ask().finally(() => { this.#confirming = undefined; });
    return this.#confirming;
  }

  /** @returns LEDGER_REWOUND if the ledger has fewer blocks than the model: a peer that lags knows nothing of the head */
  async #ask(): Promise<Problem | undefined> {
    const { ledger, clock } = this.#options;
    const asked = clock.now();
    const heightAsked = this.#height;
    const found = await ledger.height();
    this.#ledgerHeight = found;
    if (heightAsked > found) return new Problem('LEDGER_REWOUND', { seen: String(heightAsked), found: String(found) });
    if (this.#height < found) return undefined;
    this.#knownAt = asked;
    this.#onHead();
    this.#releaseHead();
    return undefined;
  }

  #releaseHead(): void {
    if (this.#knownAt === undefined || !this.#checked) return;
    for (const { resolve } of this.#headWaiters.splice(0)) resolve();
  }

  #release(waiter: BlockWaiter, reached: boolean): void {
    if (!this.#blockWaiters.delete(waiter)) return;
    waiter.signal?.removeEventListener('abort', waiter.giveUp);
    waiter.resolve(reached);
  }
}
