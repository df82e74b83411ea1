/**
 * Records under their keys, over the stub. A transaction on a peer does not see its own writes, so they are kept
 * here until the end: several steps of one transaction then build on each other, and nothing is written if one fails.
 *
 * A record of a controlled chemical is attested: its hash is written besides, where nobody writes without the regulator's
 * endorsement, and is compared when the record is read (docs/decisions/0007).
 */
import type { Context } from 'fabric-contract-api';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { attestationRule, isControlled, productKeyOf } from '#domain/chemistry/controlled-record.js';
import { CONTROLLED_COLLECTION } from '#domain/endorsement.js';
import { Problem } from '#domain/errors.js';
import type { Day } from '#domain/instant.js';
import type { LedgerRecord, RecordKind, RecordOf } from '#domain/records.js';

type Stub = Context['stub'];

export class LedgerState {
  readonly #stub: Stub;
  readonly #day: Day;
  readonly #records = new Map<string, LedgerRecord | undefined>();
  /** Under way: instances of one product ask for it side by side. */
  readonly #loading = new Map<string, Promise<LedgerRecord | undefined>>();
  readonly #written = new Set<string>();
  readonly #attested = new Set<string>();

  /** @param day of the transaction: which chemicals are controlled depends on it */
  constructor(stub: Stub, day: Day) {
    this.#stub = stub;
    this.#day = day;
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

  /** As `load`, whatever kind of record it is. Throws Problem CONTROLLED_RECORD_ALTERED. */
  async loadAny(key: string): Promise<LedgerRecord | undefined> {
    if (this.#records.has(key)) return this.#records.get(key);
    const loading = this.#loading.get(key) ?? this.#fetch(key);
    this.#loading.set(key, loading);
    return loading;
  }

  async #fetch(key: string): Promise<LedgerRecord | undefined> {
    const bytes = await this.#stub.getState(key);
    if (await this.#mayBeAttested(key)) await this.#checkAttestation(key, bytes);
    const record = bytes.length === 0 ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8')) as LedgerRecord;
    if (!this.#records.has(key)) this.#records.set(key, record);
    return this.#records.get(key);
  }

  /** An instance is asked about only if its product has components; whether it has, the product's own hash vouches for. */
  async #mayBeAttested(key: string): Promise<boolean> {
    const rule = attestationRule(key);
    if (rule !== 'by-product') return rule === 'always';
    return (await this.load(productKeyOf(key), 'product'))?.components !== undefined;
  }

  /** Whoever changed the record without the regulator did not run this code. */
  async #checkAttestation(key: string, bytes: Uint8Array): Promise<void> {
    const attested = await this.#stub.getPrivateDataHash(CONTROLLED_COLLECTION, key);
    if (attested.length === 0) return;
    const found = new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.from(bytes)));
    if (Buffer.compare(attested, found) !== 0) throw new Problem('CONTROLLED_RECORD_ALTERED', { record: key });
    this.#attested.add(key);
  }

  /** Several records at once, in the order of the keys. */
  async loadAll(keys: readonly string[]): Promise<(LedgerRecord | undefined)[]> {
    return Promise.all(keys.map(async (key) => this.loadAny(key)));
  }

  /** Replaces what stands under a key when the transaction ends. */
  save(key: string, record: LedgerRecord): void {
    this.#records.set(key, record);
    this.#written.add(key);
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

  /** Hands everything written to the peer, side by side: it may travel together. */
  async flush(): Promise<void> {
    const context = { on: this.#day, seen: (key: string) => this.#records.get(key) };
    await Promise.all([...this.#written].flatMap((key) => {
      const record = this.#records.get(key);
      if (record === undefined) throw new Error(`${key} was saved without a record`);
      const bytes = Buffer.from(canonicalJson(record as unknown as Json));
      // What was attested once stays so: a list of substances may become shorter, and a pallet be unpacked.
      const attested = this.#attested.has(key) || isControlled(record, context);
      return [this.#stub.putState(key, bytes), ...(attested ? [this.#stub.putPrivateData(CONTROLLED_COLLECTION, key, bytes)] : [])];
    }));
  }
}
