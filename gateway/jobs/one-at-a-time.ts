/** Work on one thing waits for earlier work on the same thing; work on others goes on. */
export class OneAtATime {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` when nothing else that was begun so is at work under the same key, whatever came of that. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(work);
    const quiet = turn.then(() => undefined, () => undefined);
    this.#last.set(key, quiet);
    void quiet.then(() => this.#last.get(key) === quiet && this.#last.delete(key));
    return turn;
  }
}
