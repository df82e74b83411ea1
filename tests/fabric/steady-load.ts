/** Serials commissioned one by one, by several writers at once, with everything that each was answered. */
import { setTimeout as pace } from 'node:timers/promises';
import { Problem } from '#domain/errors.js';
import { LedgerFailure } from '../../gateway/ledger/ledger.js';
import { until } from '../../network/fabric/until.js';
import { maker, TEA } from '../support/fictional.js';
import { LOT, type FabricWorld } from './fabric-world.js';

/** One serial, and the answer to whoever wanted it commissioned. */
export interface Operation {
  readonly serial: string;
  /** milliseconds on this machine's own clock */
  readonly begun: number;
  readonly answered: number;
  /** `refused`: an error was thrown, so it has and will have no effect */
  readonly answer: 'committed' | 'pending' | 'refused';
  /** of the last transaction that was tried; empty if there was none */
  readonly transactionId: string;
  /** what the error said */
  readonly reason: string;
}

/** Beside its answers a writer takes a breath, or a ledger that refuses at once would be asked thousands of times a second. */
const PACE_MS = 20;
const PATIENCE_MS = 90_000;

export class SteadyLoad {
  readonly operations: Operation[] = [];
  readonly #world: FabricWorld;
  readonly #name: string;
  readonly #running: Promise<unknown>;
  #stopping = false;
  #count = 0;

  /** @param name begins its serials, e.g. `K3`; different for each load on one network */
  constructor(world: FabricWorld, name: string, writers = 6) {
    this.#world = world;
    this.#name = name;
    this.#running = Promise.all(Array.from({ length: writers }, async () => this.#write()));
  }

  /** Waits until so many were begun from now on, and answered in this way. */
  async more(count: number, answer: Operation['answer'] = 'committed', withinMs = PATIENCE_MS): Promise<void> {
    const from = performance.now();
    const done = (): boolean => this.operations.filter((one) => one.begun >= from && one.answer === answer).length >= count;
    await until({ what: `${count} more to be ${answer} (${this.#lately(from)})`, withinMs }, done);
  }

  /** Waits until nothing is under way any more, here or in the outbox. */
  async stop(): Promise<readonly Operation[]> {
    this.#stopping = true;
    await this.#running;
    await until({ what: 'the outbox to be empty', withinMs: PATIENCE_MS }, () => this.#world.ledger.health().waiting === 0);
    return this.operations;
  }

  /** Ends without waiting for what is under way. */
  async abandon(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #write(): Promise<void> {
    while (!this.#stopping) {
      this.operations.push(await this.#commission(`${this.#name}-${this.#count++}`));
      await pace(PACE_MS);
    }
  }

  async #commission(serial: string): Promise<Operation> {
    const begun = performance.now();
    const told = (answer: Operation['answer'], transactionId: string, reason = ''): Operation => ({ serial, begun, answered: performance.now(), answer, transactionId, reason });
    try {
      const { status, transactionId } = await this.#world.submit(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: [serial] });
      return told(status, transactionId);
    } catch (error) {
      if (error instanceof LedgerFailure) return told('refused', error.transactionId, error.message);
      if (error instanceof Problem) return told('refused', '', error.code);
      throw error;
    }
  }

  #lately(from: number): string {
    return this.operations.filter((one) => one.begun >= from).slice(0, 3).map(({ answer, reason }) => `${answer} ${reason}`).join('; ');
  }
}
