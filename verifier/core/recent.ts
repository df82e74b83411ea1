/** A bounded memory by name: what was used last stays, what was used longest ago goes. */
export class Recent<Value> {
  readonly #values = new Map<string, Value>();
  readonly #most: number;

  /** @param most how many values are kept, e.g. 256; with 0 nothing is */
  constructor(most: number) {
    this.#most = most;
  }

  /** The value, if it is still here. */
  get(name: string): Value | undefined {
    const value = this.#values.get(name);
    if (value !== undefined) this.#moveToEnd(name, value);
    return value;
  }

  set(name: string, value: Value): void {
    this.#moveToEnd(name, value);
    if (this.#values.size <= this.#most) return;
    const oldest = this.#values.keys().next();
    if (oldest.done !== true) this.#values.delete(oldest.value);
  }

  /** A Map keeps the order of insertion: the first name is then the one used longest ago. */
  #moveToEnd(name: string, value: Value): void {
    this.#values.delete(name);
    this.#values.set(name, value);
  }
}
