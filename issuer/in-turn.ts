/** Work on one thing at a time: whoever comes second waits for whoever came first. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @param name of the thing, e.g. a DID */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name);
    }
  }
}
