/** Rows that are left out: one bit each. */
import { Buffer } from 'node:buffer';

export class RowMarks {
  #bits: Buffer;

  /** @param bits of an earlier run */
  constructor(bits: Uint8Array = new Uint8Array(0)) {
    this.#bits = Buffer.from(bits);
  }

  /** @param row from 1 */
  mark(row: number): void {
    const at = row >> 3;
    if (at >= this.#bits.length) this.#bits = Buffer.concat([this.#bits, Buffer.alloc(Math.max(at + 1 - this.#bits.length, this.#bits.length, 1024))]);
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (row & 7));
  }

  has(row: number): boolean {
    return ((this.#bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
  }

  /** To be stored. */
  get bytes(): Buffer {
    return this.#bits;
  }
}
