/**
 * Reading protobuf's wire format in place. Blocks are megabytes of nested messages of which we want a few fields:
 * stepping over the rest costs a tenth of building message objects.
 */
import { Buffer } from 'node:buffer';

/** Go's limit: what Fabric's own programs read at all is read here, and no hostile bytes go deeper. */
const MAX_GROUP_DEPTH = 10_001;
/** Wire types: of numbers, and of bytes, texts and messages. */
const VARINT = 0;
const DELIMITED = 2;

/** The bytes are not a protobuf message. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/**
 * A cursor over one message. `next()` steps to the next field; then either `field` is its number, and `start`/`stop` the
 * place of its bytes, or `varint` is its number, and `number` (or `int32`) its value.
 */
export class WireReader {
  /** of the current field, if it can hold bytes, a text or a message; else 0 */
  field = 0;
  /** of the current field, if it is a varint; else 0 */
  varint = 0;
  number = 0;
  /** the same as peers read an enumeration or another number of 32 bits: the higher bits are dropped */
  int32 = 0;
  start = 0;
  stop = 0;
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  /** the lowest 32 bits of the number that was read last */
  #low = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#end = end;
  }

  /** Steps to the next field; false at the end of the message. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const tag = this.#readVarint();
    const field = Math.floor(tag / 8);
    if (field === 0) throw new WireError('field number 0');
    this.#value(field, tag % 8);
    // A field of a number that is known and another wire type is unknown to peers: it must not count here either.
    this.field = tag % 8 === DELIMITED ? field : 0;
    this.varint = tag % 8 === VARINT ? field : 0;
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

  #value(field: number, wireType: number): void {
    this.number = 0;
    this.start = this.stop = this.#at;
    if (wireType === VARINT) {
      this.number = this.#readVarint();
      this.int32 = this.#low;
    } else if (wireType === DELIMITED) this.#delimited();
    else if (wireType === 1) this.#skip(8);
    else if (wireType === 5) this.#skip(4);
    else if (wireType === 3) this.#group(field);
    else throw new WireError(`wire type ${wireType}`);
  }

  #delimited(): void {
    const length = this.#readVarint();
    this.start = this.#at;
    this.#skip(length);
    this.stop = this.#at;
  }

  #skip(length: number): void {
    if (length > this.#end - this.#at) throw new WireError('a field reaches beyond its message');
    this.#at += length;
  }

  /** Peers step over groups of unknown fields; if we did not, one such transaction would stop us. */
  #group(outermost: number): void {
    const open = [outermost];
    while (open.length > 0) {
      if (open.length > MAX_GROUP_DEPTH) throw new WireError('groups too deep');
      const tag = this.#readVarint();
      const field = Math.floor(tag / 8);
      if (tag % 8 === 3) open.push(field);
      else if (tag % 8 !== 4) this.#value(field, tag % 8);
      else if (open.pop() !== field) throw new WireError('a group ends that did not begin');
    }
    this.start = this.stop = this.#at;
  }

  #readVarint(): number {
    let value = 0;
    let scale = 1;
    this.#low = 0;
    for (let count = 0; count < 10; count++) {
      if (this.#at >= this.#end) break;
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (count < 5) this.#low |= (byte & 0x7f) << (7 * count);
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new WireError('a number without end');
  }
}
