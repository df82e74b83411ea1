/** A chain of real blocks as a `LedgerReader`: its link can be cut, its height be wrong, its blocks be replaced. */
import type { LedgerBlock, LedgerReader } from '../../../gateway/ledger/ledger.js';
import { readBlock } from '../../../gateway/ledger/block-reader.js';
import type { BlockChain } from '../ledger/fabric-blocks.js';

export class ChainLedger implements LedgerReader {
  chain: BlockChain;
  /** thrown by every call while it is set */
  down: Error | undefined;
  /** a lagging peer's answer to `height()` */
  claimedHeight: bigint | undefined;
  streamsOpened = 0;
  readonly #wakers = new Set<() => void>();
  #cut: Error | undefined;

  constructor(chain: BlockChain) {
    this.chain = chain;
  }

  /** Tells open streams to look again. */
  wake(): void {
    for (const waker of this.#wakers) waker();
  }

  /** Breaks every open stream once. */
  cut(reason = new Error('link lost')): void {
    this.#cut = reason;
    this.wake();
    this.#cut = undefined;
  }

  async *blocks(from: bigint, signal: AbortSignal): AsyncGenerator<LedgerBlock> {
    this.streamsOpened++;
    const broken: { by: Error | undefined } = { by: undefined };
    for (let next = Number(from); !signal.aborted;) {
      if (this.down !== undefined) throw this.down;
      if (broken.by !== undefined) throw broken.by;
      const bytes = this.chain.blocks[next];
      if (bytes === undefined) await this.#news(signal, broken);
      else {
        yield readBlock(bytes);
        next++;
      }
    }
  }

  async height(): Promise<bigint> {
    if (this.down !== undefined) throw this.down;
    return this.claimedHeight ?? BigInt(this.chain.blocks.length);
  }

  evaluate(): Promise<string> {
    throw new Error('not part of a chain');
  }

  signedRead(): Promise<Uint8Array> {
    throw new Error('not part of a chain');
  }

  #news(signal: AbortSignal, broken: { by: Error | undefined }): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        broken.by ??= this.#cut;
        this.#wakers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
