/** What a read model is opened with, and what it says of itself. */
import type { Problem } from '#domain/errors.js';
import type { Clock } from '../ledger/clock.js';
import type { LedgerReader } from '../ledger/ledger.js';
import type { Indexer } from './projection.js';

export interface ReadModelOptions {
  /** e.g. `data/gateway/read-model` */
  readonly dir: string;
  readonly ledger: LedgerReader;
  /** the chaincode whose state is mirrored, e.g. `trace` */
  readonly namespace: string;
  readonly indexer: Indexer;
  readonly clock?: Clock;
  /** milliseconds between questions whether the model is at the head */
  readonly probeMs?: number;
  /** Called after each flush until the model has reached the head for the first time. */
  readonly onProgress?: (progress: Progress) => void;
  /** told of a disk error, or of a bug in the indexer: nothing is projected any more, time to stop the program */
  readonly onFailure?: (error: Error) => void;
}

export interface Progress {
  /** blocks projected, and blocks that the ledger had when it was last asked */
  readonly height: bigint;
  readonly ledgerHeight: bigint;
  /** state and index rows by now */
  readonly rows: number;
}

/** How fresh an answer is. */
export interface AsOf {
  /** blocks projected: everything that blocks 0 to height − 1 wrote is in the answer */
  readonly height: bigint;
  /** the latest time claimed in these blocks, milliseconds since 1970 */
  readonly blockTime: number | undefined;
  /** when the ledger last confirmed that there was nothing newer, milliseconds since 1970; never, in this run: undefined */
  readonly knownAt: number | undefined;
}

export interface ReadModelHealth {
  /** why nothing can be read, if so */
  readonly refusal: Problem | undefined;
  /** the last error of the link to the ledger, if it is down */
  readonly trouble: unknown;
  /** every row stored before this run has been read and found whole */
  readonly checked: boolean;
}
