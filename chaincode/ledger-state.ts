/**
 * Records under their keys, over the stub. A transaction on a peer does not see its own writes, so they are kept
 * here until the end: several steps of one transaction then build on each other, and nothing is written if one fails.
 */
import type { Context } from 'fabric-contract-api';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import type { LedgerRecord, RecordKind, RecordOf } from '#domain/records.js';

type Stub = Context['stub'];

export class LedgerState {
  readonly #stub: Stub;
  readonly #records = new Map<string, LedgerRecord | undefined>();
  readonly #written = new Map<string, string>();

  constructor(stub: Stub) {
    this.#stub = stub;
  }

  /**
   * @param key e.g. `/01/09520000000011`
   * @param kind what must stand there: another kind is a defect of the ledger, not of the caller
   * @returns the record, as this transaction has left it so far, or `undefined`
   */
  async load<K extends RecordKind>(key: string, kind: K): Promise<RecordOf<K> | undefined> {
    const record = await this.loadAny(key);
    if (record !== undefined && record.kind !== kind) throw new Error(`${key} holds a ${record.kind}, not a ${kind}`);
    return record as RecordOf<K> | undefined;
  }

  /** As `load`, whatever kind of record it is. */
  async loadAny(key: string): Promise<LedgerRecord | undefined> {
    if (this.#records.has(key)) return this.#records.get(key);
    const bytes = await this.#stub.getState(key);
    const record = bytes.length === 0 ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8')) as LedgerRecord;
    if (!this.#records.has(key)) this.#records.set(key, record);
    return this.#records.get(key);
  }

  /** Several records at once, in the order of the keys. */
  async loadAll(keys: readonly string[]): Promise<(LedgerRecord | undefined)[]> {
    return Promise.all(keys.map(async (key) => this.loadAny(key)));
  }

  /** Replaces what stands under a key when the transaction ends. */
  save(key: string, record: LedgerRecord): void {
    this.#records.set(key, record);
    this.#written.set(key, canonicalJson(record as unknown as Json));
  }

  /** Keys that begin with `prefix`, at most `most`; does not see what this transaction wrote. */
  async keysUnder(prefix: string, most: number): Promise<string[]> {
    const keys: string[] = [];
    const iterator = await this.#stub.getStateByRange(prefix, `${prefix}\u{10fffd}`);
    try {
      while (keys.length < most) {
        const next = await iterator.next();
        if (next.done) break;
        keys.push(next.value.key);
      }
    } finally {
      await iterator.close();
    }
    return keys;
  }

  /** Hands everything written to the peer. */
  async flush(): Promise<void> {
    for (const [key, text] of this.#written) await this.#stub.putState(key, Buffer.from(text));
  }
}
