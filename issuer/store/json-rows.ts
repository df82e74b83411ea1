/** Rows of JSON under one prefix, each read from the disk once. */
import { putJson, type IssuerStore } from './issuer-store.js';

export class JsonRows<T> {
  readonly #store: IssuerStore;
  readonly #prefix: string;
  readonly #read = new Map<string, T>();

  /** @param prefix e.g. `did/` */
  constructor(store: IssuerStore, prefix: string) {
    this.#store = store;
    this.#prefix = prefix;
  }

  async find(key: string): Promise<T | undefined> {
    const known = this.#read.get(key) ?? await this.#store.json(this.#prefix + key) as T | undefined;
    if (known !== undefined) this.#read.set(key, known);
    return known;
  }

  /** On the disk when it resolves. */
  async put(key: string, value: T): Promise<void> {
    await this.#store.write([putJson(this.#prefix + key, value)]);
    this.#read.set(key, value);
  }

  async delete(key: string): Promise<void> {
    this.#read.delete(key);
    await this.#store.write([{ key: this.#prefix + key }]);
  }

  /** All of them, in the order of their keys. */
  async list(): Promise<T[]> {
    const values: T[] = [];
    for await (const [, row] of this.#store.rows(this.#prefix)) values.push(JSON.parse(row.toString()) as T);
    return values;
  }
}
