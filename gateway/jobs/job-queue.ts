/**
 * Jobs that wait for their turn: those of one owner run one after the other, in order, because later ones build on
 * earlier ones; owners take turns, so that a long queue of one does not hold up another.
 */
export interface JobQueueOptions {
  /** Runs one job to its end; resolves early when `signal` is aborted. */
  readonly run: (id: string, signal: AbortSignal) => Promise<void>;
  /** how many owners' jobs run at the same time */
  readonly atOnce: number;
  /** told of what `run` throws: a fault of ours; the job stays open and is taken up at the next start */
  readonly onFault: (error: unknown, id: string) => void;
}

interface Waiting {
  readonly id: string;
  readonly done: () => void;
}

export class JobQueue {
  readonly #options: JobQueueOptions;
  readonly #lanes = new Map<string, Waiting[]>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #ended = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  /** Puts a job at the end of its owner's queue. */
  add(owner: string, id: string): void {
    const lane = this.#lanes.get(owner) ?? [];
    this.#lanes.set(owner, lane);
    this.#ended.set(id, new Promise((done) => lane.push({ id, done })));
    this.#start();
  }

  /** How many jobs of an owner wait or run. */
  length(owner: string): number {
    return (this.#lanes.get(owner)?.length ?? 0) + (this.#running.has(owner) ? 1 : 0);
  }

  /** Resolves when the job has run, or at once if it is not in the queue. */
  async ended(id: string): Promise<void> {
    await this.#ended.get(id);
  }

  /** Starts nothing more, lets go whoever waits, and waits for what runs to stop. */
  async close(): Promise<void> {
    this.#stopping.abort();
    for (const { done } of [...this.#lanes.values()].flat()) done();
    this.#lanes.clear();
    await Promise.all(this.#running.values());
  }

  #start(): void {
    for (const [owner, lane] of this.#lanes) {
      if (this.#stopping.signal.aborted || this.#running.size >= this.#options.atOnce) return;
      if (!this.#running.has(owner)) this.#startLane(owner, lane);
    }
  }

  #startLane(owner: string, lane: Waiting[]): void {
    const next = lane.shift();
    if (lane.length === 0) this.#lanes.delete(owner);
    if (next !== undefined) this.#running.set(owner, this.#run(owner, next));
  }

  /** An owner whose turn it was goes to the end of the round. */
  #toTheEnd(owner: string): void {
    const lane = this.#lanes.get(owner);
    if (lane === undefined) return;
    this.#lanes.delete(owner);
    this.#lanes.set(owner, lane);
  }

  async #run(owner: string, { id, done }: Waiting): Promise<void> {
    await Promise.resolve(); // so that it is noted as running before it can have ended
    try {
      await this.#options.run(id, this.#stopping.signal);
    } catch (error) {
      this.#options.onFault(error, id);
    }
    this.#running.delete(owner);
    this.#toTheEnd(owner);
    this.#ended.delete(id);
    done();
    this.#start();
  }
}
