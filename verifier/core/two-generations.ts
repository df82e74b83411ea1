/**
 * A bounded memory by name for what is asked all the time: looking something up writes nothing, and forgetting is dropping
 * the older half at once. What was used lately is kept; the rest goes sooner or later.
 */
export class TwoGenerations<Value> {
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  #weight = 0;
  readonly #half: number;
  readonly #weigh: (value: Value) => number;

  /**
   * @param most how many values are kept at most, e.g. 2000, or what they weigh together; with 0 nothing is
   * @param weigh more than 0, and the same each time; everything weighs 1 unless stated. What weighs more than half of all is not kept
   */
  constructor(most: number, weigh: (value: Value) => number = () => 1) {
    this.#half = Math.ceil(most / 2);
    this.#weigh = weigh;
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
    const weight = this.#weigh(value);
    if (weight > this.#half) return;
    const before = this.#young.get(name);
    if (before !== undefined) this.#weight -= this.#weigh(before);
    if (this.#weight + weight > this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#weight = 0;
    }
    this.#young.set(name, value);
    this.#weight += weight;
  }
}
