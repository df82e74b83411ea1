/**
 * A bounded memory by name for what is asked all the time: looking something up writes nothing, and forgetting is dropping
 * the older half at once. What was used lately is kept; the rest goes sooner or later.
 */
export class TwoGenerations<Value> {
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  readonly #half: number;

  /** @param most how many values are kept at most, e.g. 2000; with 0 nothing is */
  constructor(most: number) {
    this.#half = Math.ceil(most / 2);
  }

  get(name: string): Value | undefined {
    return this.#young.get(name) ?? this.#kept(name);
  }

  #kept(name: string): Value | undefined {
    const value = this.#old.get(name);
    if (value !== undefined) this.set(name, value);
    return value;
  }

  set(name: string, value: Value): void {
    if (this.#half === 0) return;
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, value);
  }
}
