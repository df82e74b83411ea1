/** Jobs one after the other: a second one would only take the processor from the first. */
export interface JobLineOptions {
  /** Runs one job to its end, or until `signal`. */
  readonly run: (id: string, signal: AbortSignal) => Promise<void>;
  /** Told of faults of ours; the job is taken up at the next start. */
  readonly onFault: (error: unknown) => void;
}

export class JobLine {
  readonly #options: JobLineOptions;
  readonly #closing = new AbortController();
  readonly #waiting = new Map<string, Promise<void>>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: JobLineOptions) {
    this.#options = options;
  }

  /** Puts a job at the end of the line; one that stands in it already stays where it is. */
  add(id: string): void {
    if (this.#waiting.has(id)) return;
    const run = this.#last.then(async () => this.#run(id)).finally(() => this.#waiting.delete(id));
    this.#waiting.set(id, run);
    this.#last = run;
  }

  /** Resolves when a job has run, or at once if it does not stand in the line. */
  async ended(id: string): Promise<void> {
    await this.#waiting.get(id);
  }

  /** Begins nothing more, and waits for what runs to stop. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#last;
  }

  async #run(id: string): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    try {
      await this.#options.run(id, signal);
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}
