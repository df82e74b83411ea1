/**
 * Protocol Buffers wire format (https://protobuf.dev/programming-guides/encoding/), as far as Fabric's messages need it.
 *
 * The hot paths read and write messages here instead of through generated classes: fields are views into the bytes
 * that arrived (nothing is copied), and what was signed stays byte for byte what was signed.
 */

/** The bytes are not the message they should be. Not a bug of ours: they came from outside. */
export class MalformedMessage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedMessage';
  }
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const MAX_VARINT_BYTES = 10;

interface Cursor {
  at: number;
}

/** Called for each field in order: whole numbers as they are, everything length-delimited as a view. */
export type FieldVisitor = (field: number, value: number | Buffer) => void;

/**
 * Walks over the fields of one message.
 *
 * Numbers above 2^53 - 1 are given as that.
 *
 * @throws MalformedMessage if the bytes end too early or hold a group
 */
export function eachField(message: Buffer, visit: FieldVisitor): void {
  const cursor = { at: 0 };
  while (cursor.at < message.length) {
    const tag = readVarint(message, cursor);
    const field = Math.floor(tag / 8);
    const value = readValue(message, cursor, tag % 8);
    if (value !== undefined) visit(field, value);
  }
}

function readValue(message: Buffer, cursor: Cursor, wireType: number): number | Buffer | undefined {
  switch (wireType) {
    case VARINT: return readVarint(message, cursor);
    case LENGTH_DELIMITED: return take(message, cursor, readVarint(message, cursor));
    case FIXED64: take(message, cursor, 8); return undefined;
    case FIXED32: take(message, cursor, 4); return undefined;
    default: throw new MalformedMessage(`wire type ${wireType} is not used by Fabric`);
  }
}

function take(message: Buffer, cursor: Cursor, length: number): Buffer {
  const end = cursor.at + length;
  if (end > message.length) throw new MalformedMessage('the message ends inside a field');
  const view = message.subarray(cursor.at, end);
  cursor.at = end;
  return view;
}

function readVarint(message: Buffer, cursor: Cursor): number {
  let value = 0;
  let scale = 1;
  for (let count = 0; count < MAX_VARINT_BYTES; count += 1) {
    const byte = message[cursor.at];
    if (byte === undefined) throw new MalformedMessage('the message ends inside a number');
    cursor.at += 1;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return Math.min(value, Number.MAX_SAFE_INTEGER); // Fabric's "to the end" is 2^64 - 1
    scale *= 128;
  }
  throw new MalformedMessage('a number is longer than ten bytes');
}

/** The value of a length-delimited field. */
export function asBytes(value: number | Buffer): Buffer {
  if (typeof value === 'number') throw new MalformedMessage('bytes expected, a number found');
  return value;
}

/** The value of a string field. */
export function asText(value: number | Buffer): string {
  return asBytes(value).toString('utf8');
}

/** The value of a number, enum or bool field. */
export function asNumber(value: number | Buffer): number {
  if (typeof value !== 'number') throw new MalformedMessage('a number expected, bytes found');
  return value;
}

/** Writes one message; fields come in the order of the calls. Values are not copied before `finish`. */
export class MessageWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A bytes field; empty ones are left out, as proto3 does. */
  bytes(field: number, value: Uint8Array): this {
    return value.length === 0 ? this : this.element(field, value);
  }

  /** One element of a repeated bytes or message field: written even if empty. */
  element(field: number, value: Uint8Array): this {
    this.#append(lengthPrefix(field, value.length));
    this.#append(value);
    return this;
  }

  text(field: number, value: string): this {
    return value === '' ? this : this.element(field, Buffer.from(value, 'utf8'));
  }

  /** A whole number of at most 2^53, not negative; zero is left out. */
  number(field: number, value: number): this {
    if (value === 0) return this;
    const header = Buffer.allocUnsafe(varintLength(field * 8) + varintLength(value));
    writeVarint(header, writeVarint(header, 0, field * 8 + VARINT), value);
    this.#append(header);
    return this;
  }

  /** A message inside this one, written even if empty. */
  message(field: number, inner: MessageWriter): this {
    this.#append(lengthPrefix(field, inner.length));
    for (const chunk of inner.#chunks) this.#append(chunk);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.#chunks, this.#length);
  }

  #append(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }
}

function lengthPrefix(field: number, length: number): Buffer {
  const prefix = Buffer.allocUnsafe(varintLength(field * 8) + varintLength(length));
  writeVarint(prefix, writeVarint(prefix, 0, field * 8 + LENGTH_DELIMITED), length);
  return prefix;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1;
  return length;
}

function writeVarint(target: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 128) {
    target[at] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
    at += 1;
  }
  target[at] = rest;
  return at + 1;
}
