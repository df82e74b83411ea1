/** The next free SSCC below a company prefix: counted up, each number given out once, also across restarts. */
import { Problem } from '#domain/errors.js';
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import { ssccKey, type Sscc } from '#domain/gs1/item-key.js';
import type { Change, DurableStore } from '../ledger/durable-store.js';
import { openJson, putJson } from '../sealed-json.js';

const PREFIX = 'sscc/';
/** Extension digit, prefix and serial reference: all but the check digit (GS1 General Specifications 2.2.1). */
const DIGITS = 17;

export interface Allocation {
  readonly ssccs: readonly Sscc[];
  readonly changes: readonly Change[];
}

/**
 * The SSCC of a number under a prefix.
 *
 * @param prefix e.g. `9520000`
 * @param number 0 and up, e.g. 1
 * @returns e.g. `095200000000000011`; `undefined` beyond the last
 */
export function ssccOf(prefix: string, number: number): Sscc | undefined {
  const free = DIGITS - prefix.length;
  const digits = String(number).padStart(free, '0');
  if (digits.length > free) return undefined;
  const body = `${digits.slice(0, 1)}${prefix}${digits.slice(1)}`;
  return `${body}${checkDigitOf(body)}` as Sscc;
}

export class SsccCounter {
  readonly #store: DurableStore;
  readonly #next = new Map<string, number>();

  constructor(store: DurableStore) {
    this.#store = store;
  }

  /**
   * Takes the next numbers; they are lost, never given out twice, if the changes are not written.
   *
   * @param isUsed whether a unit stands on the ledger under a key, whoever gave its number out
   * @throws Problem SSCC_EXHAUSTED
   */
  async take(prefix: string, count: number, isUsed: (key: string) => boolean): Promise<Allocation> {
    const stored = this.#next.get(prefix) ?? await this.#highest(prefix);
    // Nothing is awaited from here on: two requests cannot read the same number.
    let number = Math.max(stored, this.#next.get(prefix) ?? 0);
    const ssccs: Sscc[] = [];
    for (; ssccs.length < count; number++) {
      const sscc = ssccOf(prefix, number);
      if (sscc === undefined) throw new Problem('SSCC_EXHAUSTED', { prefix });
      if (!isUsed(ssccKey(sscc))) ssccs.push(sscc);
    }
    this.#next.set(prefix, number);
    // A row of its own for each allocation: whichever is written last, the highest counts.
    return { ssccs, changes: [putJson(`${PREFIX}${prefix}/${String(number).padStart(DIGITS, '0')}`, number)] };
  }

  async #highest(prefix: string): Promise<number> {
    let highest = 0;
    for await (const [key, row] of this.#store.rows(`${PREFIX}${prefix}/`)) highest = Math.max(highest, openJson(key, row) as number);
    return highest;
  }
}
