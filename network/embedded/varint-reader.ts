/** Numbers and texts as LevelDB's own files hold them: little-endian base 128, texts after their length. */
import { recordDamaged } from './record-seal.js';

const MORE = 0x80;
const MAX_BYTES = 10;

export class VarintReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** @throws Problem LEDGER_RECORD_DAMAGED if the bytes end within the number, or it is no safe integer */
  number(): number {
    let value = 0;
    for (let count = 0; count < MAX_BYTES; count += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) break;
      this.#at += 1;
      value += (byte & ~MORE) * 2 ** (7 * count);
      if (byte < MORE && Number.isSafeInteger(value)) return value;
    }
    throw recordDamaged('store', 'number');
  }

  text(): Buffer {
    const length = this.number();
    return this.bytes(length);
  }

  bytes(length: number): Buffer {
    const from = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw recordDamaged('store', 'length');
    return this.#bytes.subarray(from, this.#at);
  }
}
