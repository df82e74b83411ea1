/**
 * The life of a read model: opened and checked, held against the ledger, fed with blocks, asked how fresh it is, and
 * rebuilt from nothing when a row turns out to be damaged.
 */
import { Problem } from '#domain/errors.js';
import { blockHash } from '../ledger/block-hash.js';
import { followBlocks } from '../ledger/follow-blocks.js';
import type { LedgerReader } from '../ledger/ledger.js';
import { CrashGuard } from './crash-guard.js';
import { HeadWatch } from './head-watch.js';
import { fullCheck, shortCheck } from './model-check.js';
import { DamagedRow } from './projection.js';
import { Projector } from './projector.js';
import type { AsOf, ReadModelHealth, ReadModelOptions } from './model-options.js';
import { RowStore } from './row-store.js';
import { ROW_FORMAT, type Checkpoint } from './rows.js';

const RETRY_MS = 1000;

export class ModelFeed {
  readonly #options: Required<ReadModelOptions>;
  readonly #head: HeadWatch;
  readonly #closing = new AbortController();
  #guard: CrashGuard | undefined;
  #store: RowStore | undefined;
  /** what was in the store when it was opened */
  #start: Checkpoint | undefined;
  #round = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #refusal: Problem | undefined;
  #trouble: unknown;
  #damage: DamagedRow | undefined;
  #checked = false;

  constructor(options: Required<ReadModelOptions>) {
    this.#options = options;
    this.#head = new HeadWatch(options);
  }

  get store(): RowStore {
    if (this.#store === undefined) throw new Error('the read model is not open');
    return this.#store;
  }

  async open(): Promise<void> {
    const { dir } = this.#options;
    this.#guard = await CrashGuard.enter(dir);
    try {
      if (this.#guard.tripped) throw new DamagedRow('crashed at every start');
      this.#store = await RowStore.open(dir);
      await this.#inspect();
    } catch (error) {
      await this.#replaceDamaged(error);
    }
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#round.abort();
    await this.#running;
    this.#head.close();
    await this.#store?.close();
    await this.#guard?.passed();
  }

  asOf(): AsOf {
    return this.#head.asOf();
  }

  health(): ReadModelHealth {
    return { refusal: this.#refusal, trouble: this.#trouble, checked: this.#checked };
  }

  waitFor(block: bigint, signal?: AbortSignal): Promise<boolean> {
    return this.#head.waitFor(block, signal);
  }

  caughtUp(): Promise<void> {
    const refusal = this.#refusal;
    return refusal === undefined || refusal.code === 'READ_MODEL_DAMAGED' ? this.#head.confirmed() : Promise.reject(refusal);
  }

  requireReadable(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  /** Nothing may be said of what is not there before every old row is checked, and a new model is complete. */
  requireChecked(): void {
    if (!this.#checked || (this.#start === undefined && this.asOf().knownAt === undefined)) throw new Problem('READ_MODEL_CHECKING');
  }

  read<T>(ask: (store: RowStore) => T): T {
    try {
      return ask(this.store);
    } catch (error) {
      throw error instanceof DamagedRow ? this.#reportDamage(error) : error;
    }
  }

  async readAsync<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      // The store may have been taken away below a list that was being read.
      throw this.#refusal ?? (error instanceof DamagedRow ? this.#reportDamage(error) : error);
    }
  }

  /** A row was read that does not fit its seal. */
  damaged(rowKey: string): never {
    throw this.#reportDamage(new DamagedRow(rowKey));
  }

  #reportDamage(damage: DamagedRow): Problem {
    this.#damage ??= damage;
    const refusal = new Problem('READ_MODEL_DAMAGED', { row: damage.message.slice(0, 120) });
    this.#refusal = refusal;
    this.#round.abort();
    return refusal;
  }

  async #inspect(): Promise<void> {
    const { namespace, indexer } = this.#options;
    const checkpoint = await shortCheck(this.store);
    if (checkpoint !== undefined && (checkpoint.namespace !== namespace || checkpoint.indexer !== indexer.version || checkpoint.rowFormat !== ROW_FORMAT)) throw new DamagedRow('made by another indexer');
    this.#start = checkpoint;
    this.#checked = checkpoint === undefined;
    this.#head.startAt(checkpoint);
    if (this.#checked) this.#head.markChecked();
  }

  /** Everything in the model can be made again, so what cannot be read, or opened, is thrown away whole. */
  async #replaceDamaged(error: unknown): Promise<void> {
    const damage = error instanceof Problem && error.code === 'STORE_FAILED' ? new DamagedRow(error.fields['code']) : error;
    if (!(damage instanceof DamagedRow)) {
      await this.#store?.close();
      await this.#guard?.withdrawn();
      throw damage;
    }
    this.#refusal = new Problem('READ_MODEL_DAMAGED', { row: damage.message.slice(0, 120) });
    await this.#store?.close();
    this.#store = await RowStore.replace(this.#options.dir);
    await this.#inspect();
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#round = new AbortController();
      this.#damage = undefined;
      const { signal } = this.#round;
      const tasks = [this.#follow(signal), this.#check(signal)];
      await Promise.all(tasks.map((task) => task.catch((error: unknown) => this.#failed(error))));
      if (this.#damage === undefined) return;
      await this.#replaceDamaged(this.#damage).catch((error: unknown) => this.#failed(error));
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const start = this.#start;
    if (start !== undefined) await this.#recognise(start, signal);
    const probing = this.#head.probe(signal, (error) => this.#heard(error), () => this.#allow('READ_MODEL_DAMAGED'));
    await Promise.all([this.#feed(start, signal), probing]);
  }

  async #feed(start: Checkpoint | undefined, signal: AbortSignal): Promise<void> {
    const { ledger, clock, namespace, indexer } = this.#options;
    const projector = new Projector({ store: this.store, namespace, indexer, checkpoint: start, onWritten: (checkpoint) => this.#head.advance(checkpoint) });
    const open: typeof ledger.blocks = (from, until) => ledger.blocks(from, until);
    try {
      const from = start === undefined ? 0n : start.number + 1n;
      for await (const block of followBlocks({ open, from, signal, clock, onTrouble: (error) => this.#heard(error) })) await projector.project(block);
    } finally {
      await projector.idle();
    }
  }

  /** Waits until the ledger is reached, is the one that the rows come from, and has as many blocks. */
  async #recognise(start: Checkpoint, signal: AbortSignal): Promise<void> {
    const { ledger, clock } = this.#options;
    while (!signal.aborted) {
      const seen = await this.#seenBy(ledger, start).catch((error: unknown) => this.#heard(error));
      if (seen !== undefined) {
        if (seen.wrong !== undefined) throw seen.wrong;
        if (seen.height > start.number) return this.#allow('LEDGER_REWOUND');
        this.#refuse(new Problem('LEDGER_REWOUND', { seen: String(start.number + 1n), found: String(seen.height) }));
      }
      await clock.wait(RETRY_MS, signal);
    }
  }

  async #seenBy(ledger: LedgerReader, start: Checkpoint): Promise<{ height: bigint; wrong: Problem | undefined }> {
    const genesis = await blockHash(ledger, 0n);
    const height = await ledger.height();
    if (genesis !== start.genesis) return { height, wrong: otherBlock(0n, start.genesis, genesis) };
    const last = height > start.number ? await blockHash(ledger, start.number) : start.hash;
    return { height, wrong: last === start.hash ? undefined : otherBlock(start.number, start.hash, last) };
  }

  async #check(signal: AbortSignal): Promise<void> {
    if (!this.#checked) {
      await fullCheck(this.store, signal);
      if (signal.aborted) return;
      this.#checked = true;
      this.#head.markChecked();
    }
    await this.#guard?.passed();
  }

  #heard(error: unknown): undefined {
    this.#trouble = error;
  }

  #allow(code: 'READ_MODEL_DAMAGED' | 'LEDGER_REWOUND'): void {
    if (this.#refusal?.code === code) this.#refusal = undefined;
  }

  #refuse(problem: Problem): void {
    this.#refusal = problem;
    this.#head.refuse(problem);
  }

  #failed(error: unknown): void {
    if (error instanceof DamagedRow) this.#reportDamage(error);
    else if (error instanceof Problem && error.code === 'LEDGER_DIFFERENT') this.#refuse(error);
    else {
      this.#trouble = error;
      this.#options.onFailure(error instanceof Error ? error : new Error(String(error)));
    }
    this.#round.abort();
  }
}

function otherBlock(number: bigint, expected: string, found: string): Problem {
  return new Problem('LEDGER_DIFFERENT', { block: String(number), expected, found });
}
