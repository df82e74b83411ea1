/**
 * A keyed hash over every stored record. LevelDB does not check what it reads: a flipped bit on the disk comes back
 * as a wrong value. The seal covers key and value, so neither can change, and no value can stand under another key.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { Problem } from '#domain/errors.js';

const SEAL_BYTES = 16;
export const SEAL_KEY_BYTES = 32;
const HASH_BLOCK_BYTES = 64;
const NAME_LENGTH_BYTES = 4;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/** LEDGER_RECORD_DAMAGED for one record; the name shows unprintable characters escaped. */
export function recordDamaged(recordName: string, what: string): Problem {
  return new Problem('LEDGER_RECORD_DAMAGED', { record: JSON.stringify(recordName).slice(1, -1).slice(0, 120), what });
}

/**
 * HMAC-SHA-256 cut to 16 bytes (RFC 2104 section 5) over length of name, name, content. Written out as two hashes,
 * because the record is put together in one buffer anyway and a one-shot hash costs a third of an Hmac object.
 */
export class RecordSeal {
  readonly #innerKey: Buffer;
  readonly #outer: Buffer;

  /** @param key 32 secret bytes, kept beside the store and never in it */
  constructor(key: Uint8Array) {
    if (key.length !== SEAL_KEY_BYTES) throw new RangeError(`a seal's key has ${SEAL_KEY_BYTES} bytes, this one ${key.length}`);
    this.#innerKey = padded(key, INNER_PAD, HASH_BLOCK_BYTES);
    this.#outer = padded(key, OUTER_PAD, HASH_BLOCK_BYTES + 32);
  }

  /** @returns the stored form: the parts one after the other, then the seal */
  seal(recordName: string, ...parts: readonly Uint8Array[]): Buffer {
    let length = 0;
    for (const part of parts) length += part.length;
    const { input, contentStart } = this.#input(recordName, length, SEAL_BYTES);
    let at = contentStart;
    for (const part of parts) {
      input.set(part, at);
      at += part.length;
    }
    this.#digest(input.subarray(0, at)).copy(input, at, 0, SEAL_BYTES);
    return input.subarray(contentStart);
  }

  /**
   * @param record what the store gave for `recordName`
   * @returns the content, a view into `record`
   * @throws Problem LEDGER_RECORD_DAMAGED if a single bit of name or content differs from what was sealed
   */
  open(recordName: string, record: Buffer): Buffer {
    const contentLength = record.length - SEAL_BYTES;
    if (contentLength < 0) throw recordDamaged(recordName, 'too short');
    const { input, contentStart } = this.#input(recordName, contentLength, 0);
    record.copy(input, contentStart, 0, contentLength);
    if (!timingSafeEqual(this.#digest(input).subarray(0, SEAL_BYTES), record.subarray(contentLength))) throw recordDamaged(recordName, 'seal');
    return record.subarray(0, contentLength);
  }

  /** Inner key, length of name and name, followed by room for the content. */
  #input(recordName: string, contentLength: number, spare: number): { input: Buffer; contentStart: number } {
    const nameLength = Buffer.byteLength(recordName, 'utf8');
    const contentStart = HASH_BLOCK_BYTES + NAME_LENGTH_BYTES + nameLength;
    const input = Buffer.allocUnsafe(contentStart + contentLength + spare);
    this.#innerKey.copy(input);
    input.writeUInt32BE(nameLength, HASH_BLOCK_BYTES);
    input.write(recordName, HASH_BLOCK_BYTES + NAME_LENGTH_BYTES, nameLength, 'utf8');
    return { input, contentStart };
  }

  #digest(input: Buffer): Buffer {
    hash('sha256', input, 'buffer').copy(this.#outer, HASH_BLOCK_BYTES);
    return hash('sha256', this.#outer, 'buffer');
  }
}

function padded(key: Uint8Array, pad: number, length: number): Buffer {
  const block = Buffer.alloc(length);
  for (let at = 0; at < HASH_BLOCK_BYTES; at += 1) block[at] = (key[at] ?? 0) ^ pad;
  return block;
}
