import type { TrustRoots } from '#domain/goods/public-item.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import type { CryptoPort } from '../core/crypto-port.js';
import { expectedRead } from '../core/goods/expected-read.js';
import { type ReceiptVerdict, verifyReceipt } from '../core/receipt.js';

/** Receipts of some 6 kB each: a popular scan is verified once, and the memory stays below 20 MB. */
const MOST_RECEIPTS = 2_000;

/**
 * Verifies receipts, each once: a receipt is about one question and never changes its meaning while the trusted
 * organisations are the same.
 */
export class ReceiptVerdicts {
  readonly #crypto: CryptoPort;
  readonly #known = new Map<string, Known>();
  #trust: TrustRoots | undefined;

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto;
  }

  /**
   * @param now milliseconds since 1970
   * @returns what `verifyReceipt` said, now or before; `facts.age` is that of the first time
   */
  async of(key: ItemKey, receipt: string, trust: TrustRoots, now: number): Promise<ReceiptVerdict> {
    this.#forgetUnder(trust);
    const known = this.#known.get(receipt);
    if (known?.key === key) return known.verdict;
    const verdict = verifyReceipt(receipt, expectedRead(key, trust, now), this.#crypto);
    this.#remember(receipt, { key, verdict });
    if ((await verdict).verdict === 'could-not-check') this.#known.delete(receipt);
    return verdict;
  }

  #forgetUnder(trust: TrustRoots): void {
    if (this.#trust === trust || JSON.stringify(this.#trust) === JSON.stringify(trust)) return;
    this.#trust = trust;
    this.#known.clear();
  }

  #remember(receipt: string, known: Known): void {
    if (this.#known.size >= MOST_RECEIPTS) {
      const oldest = this.#known.keys().next();
      if (oldest.done !== true) this.#known.delete(oldest.value);
    }
    this.#known.set(receipt, known);
  }
}

/** What came of a receipt when it was asked to answer for a key. */
interface Known {
  readonly key: ItemKey;
  readonly verdict: Promise<ReceiptVerdict>;
}
