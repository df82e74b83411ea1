/** Receipts as portable text. */
import { parseItemKey } from '#domain/gs1/item-key.js';
import type { SignedReads } from '../read-model/signed-reads.js';

/** The format that `verifier/core/receipt-envelope.ts` reads. */
const FORMAT = 'minhchung-receipt-1';

export class Receipts {
  readonly #reads: SignedReads;
  /** A popular record's receipt is made into text once. */
  readonly #texts = new WeakMap<Uint8Array, string>();

  constructor(reads: SignedReads) {
    this.#reads = reads;
  }

  /**
   * @param key canonical, e.g. `/01/09520000000011/21/7QK2M9ZD4XWA`
   * @returns `{"format":"minhchung-receipt-1","payload":"<base64>"}`
   * @throws Problem ITEM_KEY_MALFORMED, ITEM_KEY_NOT_CANONICAL and the codes of the values in the key; LedgerFailure
   */
  async of(key: string): Promise<string> {
    parseItemKey(key);
    return this.#text('goods:readItem', key);
  }

  /** The same for one record, by `registry:readRecord`. Throws LedgerFailure. */
  async ofRecord(key: string): Promise<string> {
    return this.#text('registry:readRecord', key);
  }

  async #text(transaction: 'goods:readItem' | 'registry:readRecord', key: string): Promise<string> {
    const payload = await this.#reads.receiptFor(transaction, [key]);
    const known = this.#texts.get(payload);
    if (known !== undefined) return known;
    const text = JSON.stringify({ format: FORMAT, payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64') });
    this.#texts.set(payload, text);
    return text;
  }
}
