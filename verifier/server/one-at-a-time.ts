/** Work that is done again and again, and never twice at once: who asks for it meanwhile waits for the same. */
export class OneAtATime {
  readonly #work: () => Promise<void>;
  #underWay: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** @returns when it is done; rejects as the work does */
  begin(): Promise<void> {
    this.#underWay ??= this.#work().finally(() => { this.#underWay = undefined; });
    return this.#underWay;
  }

  /** Of what is under way; done at once where nothing is. */
  get underWay(): Promise<void> {
    return this.#underWay ?? Promise.resolve();
  }
}
