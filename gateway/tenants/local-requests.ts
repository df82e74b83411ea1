/**
 * Idempotency keys of requests that the gateway answers by itself, without a transaction: what was decided is stored
 * with the key before it takes effect, and a repetition gets the same again. The outbox does this for transactions.
 */
import type { Clock } from '../ledger/clock.js';
import { bindKey, requireSameBody } from '../ledger/idempotency.js';
import type { Idempotency } from '../ledger/ledger.js';
import type { Change, DurableStore } from '../ledger/durable-store.js';
import { getJson, openJson, putJson } from '../sealed-json.js';

interface Remembered {
  readonly body: string;
  readonly decided: unknown;
  /** When; with the machine's clock, for forgetting alone. */
  readonly at: number;
}

/** What a request decides, and the rows that make it so. */
export interface Decision<T> {
  readonly decided: T;
  readonly changes: readonly Change[];
}

const PREFIX = 'request/';
/** As long as the outbox keeps the keys of transactions. */
const KEPT_MS = 7 * 24 * 3_600_000;

export class LocalRequests {
  readonly #store: DurableStore;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #deciding = new Map<string, Promise<Remembered>>();

  constructor(store: DurableStore, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Decides once for each key; all in one durable batch.
   *
   * @param key `undefined` for a request that may be repeated with a new effect
   * @throws Problem IDEMPOTENCY_KEY_WRONG, IDEMPOTENCY_KEY_REUSED, STORE_FAILED, and whatever `decide` refuses
   */
  async once<T>(key: Idempotency | undefined, decide: () => Promise<Decision<T>>): Promise<T> {
    if (key === undefined) {
      const { decided, changes } = await decide();
      await this.#store.write(changes, true);
      return decided;
    }
    const bound = bindKey(key);
    const remembered = await (this.#deciding.get(bound.id) ?? this.#remember(bound, decide));
    requireSameBody(bound, remembered);
    return remembered.decided as T;
  }

  #remember(bound: { id: string; body: string }, decide: () => Promise<Decision<unknown>>): Promise<Remembered> {
    const remembered = this.#recallOrDecide(bound, decide);
    this.#deciding.set(bound.id, remembered);
    const forget = (): boolean => this.#deciding.delete(bound.id);
    remembered.then(forget, forget);
    return remembered;
  }

  async #recallOrDecide({ id, body }: { id: string; body: string }, decide: () => Promise<Decision<unknown>>): Promise<Remembered> {
    const rowKey = PREFIX + id;
    const known = await getJson(this.#store, rowKey) as Remembered | undefined;
    if (known !== undefined) return known;
    const { decided, changes } = await decide();
    const remembered: Remembered = { body, decided, at: this.#clock.now() };
    await this.#store.write([...changes, putJson(rowKey, remembered)], true);
    return remembered;
  }

  /** Removes what is older than any key is kept. */
  async forgetOld(): Promise<void> {
    const oldest = this.#clock.now() - KEPT_MS;
    const old: { key: string }[] = [];
    for await (const [key, row] of this.#store.rows(PREFIX)) {
      if ((openJson(key, row) as Remembered).at < oldest) old.push({ key });
    }
    if (old.length > 0) await this.#store.write(old, false);
  }
}
