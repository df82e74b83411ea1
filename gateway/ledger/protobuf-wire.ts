/**
 * Reading protobuf's wire format in place. Blocks are megabytes of nested messages of which we want a few fields:
 * stepping over the rest costs a tenth of building message objects.
 */
import { Buffer } from 'node:buffer';

/** Deeper nesting of (obsolete) groups than any Fabric message has: a limit for hostile bytes. */
const MAX_GROUP_DEPTH = 64;

/** The bytes are not a protobuf message. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/**
 * A cursor over one message. `next()` steps to the next field; then `field` is its number and, by wire type,
 * `number` its varint or `start`/`stop` the place of its bytes.
 */
export class WireReader {
  field = 0;
  number = 0;
  start = 0;
  stop = 0;
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#end = end;
  }

  /** Steps to the next field; false at the end of the message. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    if (this.field === 0) throw new WireError('field number 0');
    this.#value(tag % 8, 0);
    return true;
  }

  /** The bytes of the current length-delimited field: a view, not a copy. */
  view(): Buffer {
    return this.#bytes.subarray(this.start, this.stop);
  }

  /** The current field as UTF-8 text. */
  text(): string {
    return this.#bytes.toString('utf8', this.start, this.stop);
  }

  /** A cursor over the message in the current field. */
  nested(): WireReader {
    return new WireReader(this.#bytes, this.start, this.stop);
  }

  #value(wireType: number, depth: number): void {
    this.number = 0;
    this.start = this.stop = this.#at;
    if (wireType === 0) this.number = this.#varint();
    else if (wireType === 2) this.#delimited();
    else if (wireType === 1) this.#skip(8);
    else if (wireType === 5) this.#skip(4);
    else if (wireType === 3) this.#group(depth + 1);
    else throw new WireError(`wire type ${wireType}`);
  }

  #delimited(): void {
    const length = this.#varint();
    this.start = this.#at;
    this.#skip(length);
    this.stop = this.#at;
  }

  #skip(length: number): void {
    if (length > this.#end - this.#at) throw new WireError('a field reaches beyond its message');
    this.#at += length;
  }

  /** Peers step over groups of unknown fields; if we did not, one such transaction would stop us. */
  #group(depth: number): void {
    if (depth > MAX_GROUP_DEPTH) throw new WireError('groups too deep');
    const field = this.field;
    for (;;) {
      const tag = this.#varint();
      this.field = Math.floor(tag / 8);
      if (tag % 8 === 4) break;
      this.#value(tag % 8, depth);
    }
    if (this.field !== field) throw new WireError('a group ends that did not begin');
    this.start = this.stop = this.#at;
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      if (this.#at >= this.#end) break;
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new WireError('a number without end');
  }
}
