/**
 * Writes projected blocks. While one batch is being flushed the next one fills, so that a model at the head writes
 * each block as it comes and one that is far behind writes thousands of rows to a flush; the checkpoint is in the
 * batch of the rows it stands for.
 */
import { Buffer } from 'node:buffer';
import { Problem } from '#domain/errors.js';
import type { LedgerBlock } from '../ledger/ledger.js';
import { keysWritten, projectBlock, type Indexer } from './projection.js';
import type { RowBatch, RowStore } from './row-store.js';
import { CHECKPOINT, ROW_FORMAT, sealCheckpoint, STATE, stateKey, SUM_MODULUS, type Checkpoint } from './rows.js';

export interface ProjectorOptions {
  readonly store: RowStore;
  readonly namespace: string;
  readonly indexer: Indexer;
  /** absent: the store is empty */
  readonly checkpoint: Checkpoint | undefined;
  /** Called when rows and checkpoint are on the disk. */
  readonly onWritten: (checkpoint: Checkpoint) => void;
}

/** Rows that wait for one flush: a limit to memory, and to what a crash has to project again. */
const GROUP_BYTES = 4 * 1024 * 1024;

interface Group {
  readonly batch: RowBatch;
  /** state rows that the store does not have yet; `undefined` for removed ones */
  readonly overlay: Map<string, Buffer | undefined>;
  bytes: number;
}

export class Projector {
  readonly #options: ProjectorOptions;
  #tip: Checkpoint | undefined;
  #filling: Group | undefined;
  #flushing: Group | undefined;
  #writer: Promise<void> | undefined;
  /** the batch being flushed; never rejects */
  #flush: Promise<void> = Promise.resolve();
  #failure: Problem | undefined;

  constructor(options: ProjectorOptions) {
    this.#options = options;
    this.#tip = options.checkpoint;
  }

  /**
   * Takes the next block.
   *
   * @throws Problem LEDGER_DIFFERENT if it does not follow the last one, STORE_FAILED; DamagedRow
   */
  async project(block: LedgerBlock): Promise<void> {
    const { namespace, indexer } = this.#options;
    requireSuccessor(this.#tip, block);
    const written = keysWritten(block, namespace);
    const stored = await this.#storedRows([...written.keys()]);
    const { changes, rows, sum } = projectBlock(block, indexer, written, (key) => stored.get(key));
    this.#tip = this.#advanced(block, rows, sum);
    this.#enqueue(changes);
    if (this.#filling !== undefined && this.#filling.bytes >= GROUP_BYTES) await this.#flush;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when everything taken is written, or failed to be. */
  async idle(): Promise<void> {
    await this.#writer;
  }

  async #storedRows(keys: readonly string[]): Promise<Map<string, Buffer | undefined>> {
    const rows = new Map<string, Buffer | undefined>();
    const missing: string[] = [];
    for (const key of keys) {
      const row = this.#overlaid(stateKey(key));
      if (row === null) missing.push(key);
      else rows.set(key, row);
    }
    const found = await this.#options.store.getMany(missing.map(stateKey));
    missing.forEach((key, place) => rows.set(key, found[place]));
    return rows;
  }

  /** A row that is not in the store yet; `null` if the store is to be asked. */
  #overlaid(rowKey: string): Buffer | undefined | null {
    if (this.#filling?.overlay.has(rowKey) === true) return this.#filling.overlay.get(rowKey);
    if (this.#flushing?.overlay.has(rowKey) === true) return this.#flushing.overlay.get(rowKey);
    return null;
  }

  #advanced({ number, hash, time }: LedgerBlock, rows: number, sum: number): Checkpoint {
    const { namespace, indexer } = this.#options;
    const tip = this.#tip;
    const hex = Buffer.from(hash).toString('hex');
    return {
      number,
      hash: hex,
      genesis: tip?.genesis ?? hex,
      namespace,
      rowFormat: ROW_FORMAT,
      indexer: indexer.version,
      time: Math.max(tip?.time ?? 0, time ?? 0),
      rows: (tip?.rows ?? 0) + rows,
      sum: ((tip?.sum ?? 0) + sum) % SUM_MODULUS,
    };
  }

  #enqueue(changes: ReturnType<typeof projectBlock>['changes']): void {
    const group = this.#filling ??= { batch: this.#options.store.batch(), overlay: new Map(), bytes: 0 };
    for (const { key, value } of changes) {
      if (value === undefined) group.batch.del(key);
      else group.batch.put(key, value);
      group.bytes += key.length + (value?.length ?? 0);
      if (key.startsWith(STATE)) group.overlay.set(key, value);
    }
    this.#writer ??= this.#writeGroups();
  }

  async #writeGroups(): Promise<void> {
    while (this.#filling !== undefined && this.#tip !== undefined && this.#failure === undefined) {
      this.#flushing = this.#filling;
      this.#filling = undefined;
      this.#flush = this.#flushed(this.#flushing.batch, this.#tip);
      await this.#flush;
    }
    this.#flushing = undefined;
    this.#writer = undefined;
  }

  async #flushed(batch: RowBatch, checkpoint: Checkpoint): Promise<void> {
    try {
      await batch.put(CHECKPOINT, sealCheckpoint(checkpoint)).write({ sync: true });
      this.#options.onWritten(checkpoint);
    } catch (error) {
      this.#failure = new Problem('STORE_FAILED', { reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

function requireSuccessor(tip: Checkpoint | undefined, block: LedgerBlock): void {
  const expected = tip === undefined ? '' : tip.hash;
  const found = Buffer.from(block.previousHash).toString('hex');
  if (tip !== undefined && (block.number !== tip.number + 1n || found !== expected)) {
    throw new Problem('LEDGER_DIFFERENT', { block: String(block.number), expected, found });
  }
}
