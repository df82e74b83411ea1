/**
 * Which keys have come up in a file, and where: 24 to 48 bytes each instead of the texts themselves, so that the memory of a
 * check hardly grows with the file. A key is remembered by 64 bits of its SHA-256; that two different keys of one file
 * have the same has a chance of one in a thousand million even for the longest file.
 */
import { hash } from 'node:crypto';

const FIRST_SLOTS = 4096;
/** Slots are filled to half at most. */
const WORDS = 3;

export class SeenKeys {
  /** three words a slot: two of the hash, and the row; a row of 0 marks a free slot */
  #slots = new Uint32Array(FIRST_SLOTS * WORDS);
  #count = 0;

  /**
   * Notes a key.
   *
   * @param row from 1
   * @returns the row in which it came up before, or `undefined`
   */
  add(key: string, row: number): number | undefined {
    if (this.#count * 2 >= this.#slots.length / WORDS) this.#grow();
    const digest = Buffer.from(hash('sha256', key, 'hex').slice(0, 16), 'hex');
    const at = this.#find(digest.readUInt32LE(0), digest.readUInt32LE(4));
    const earlier = this.#slots[at + 2] ?? 0;
    if (earlier !== 0) return earlier;
    this.#fill(at, digest.readUInt32LE(0), digest.readUInt32LE(4), row);
    this.#count += 1;
    return undefined;
  }

  /** Where the hash stands, or the free place where it belongs. */
  #find(high: number, low: number): number {
    const slots = this.#slots.length / WORDS;
    let at = (high % slots) * WORDS;
    while (this.#slots[at + 2] !== 0 && (this.#slots[at] !== high || this.#slots[at + 1] !== low)) at = (at + WORDS) % this.#slots.length;
    return at;
  }

  #fill(at: number, high: number, low: number, row: number): void {
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    this.#slots[at + 2] = row;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += WORDS) {
      const [high = 0, low = 0, row = 0] = old.subarray(at, at + WORDS);
      if (row !== 0) this.#fill(this.#find(high, low), high, low, row);
    }
  }
}
