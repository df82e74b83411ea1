/** Who waits for what: the outcome of one transaction, or the next block. */
import type { Problem } from '#domain/errors.js';
import type { Outcome } from './block-preparation.js';

type Settle = (result: Outcome | Problem) => void;

export class CommitNotices {
  readonly #waiting = new Map<string, Set<Settle>>();
  readonly #blockListeners = new Set<() => void>();

  /**
   * Calls `settle` once, when the transaction's block is on the disk or can no longer come.
   *
   * @returns stops waiting
   */
  onOutcome(transactionId: string, settle: Settle): () => void {
    const waiting = this.#waiting.get(transactionId) ?? new Set<Settle>();
    waiting.add(settle);
    this.#waiting.set(transactionId, waiting);
    return () => {
      waiting.delete(settle);
      if (waiting.size === 0 && this.#waiting.get(transactionId) === waiting) this.#waiting.delete(transactionId);
    };
  }

  /** Calls `listener` after each block that has come on the disk, and when the ledger closes; @returns stops listening */
  onBlock(listener: () => void): () => void {
    this.#blockListeners.add(listener);
    return () => { this.#blockListeners.delete(listener); };
  }

  blockWritten(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) this.#settle(outcome.transactionId, outcome);
    this.#wakeListeners();
  }

  /** Nothing will be committed any more. */
  stopped(problem: Problem): void {
    for (const transactionId of this.#waiting.keys()) this.#settle(transactionId, problem);
    this.#wakeListeners();
  }

  #settle(transactionId: string, result: Outcome | Problem): void {
    const waiting = this.#waiting.get(transactionId);
    if (waiting === undefined) return;
    this.#waiting.delete(transactionId);
    for (const settle of waiting) settle(result);
  }

  #wakeListeners(): void {
    for (const listener of this.#blockListeners) listener();
  }
}
