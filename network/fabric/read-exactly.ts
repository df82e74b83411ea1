/**
 * Messages of Protocol Buffers that every reader reads alike. Where a field comes twice, one reader keeps the last copy and
 * another joins both; a field that a reader does not know it leaves out. What is shown to one who is to sign must not depend
 * on that.
 */
import { Problem } from '#domain/errors.js';

/** Fields that hold messages whose own fields may stand in any order, because maps are among them. */
export interface Nested {
  readonly [field: number]: Nested;
}

interface Readable<M> {
  deserializeBinary(bytes: Uint8Array): M;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/**
 * @param type class of the message, e.g. `common.ConfigUpdate`
 * @param what names it in a refusal, e.g. `Channel/Application/Admins`
 * @param nested where maps may stand in another order than here
 * @throws Problem FABRIC_CHANGE_UNREADABLE unless the bytes are what this message is written as: each field once, none unknown
 */
export function readExactly<M extends { serializeBinary(): Uint8Array }>(type: Readable<M>, bytes: Uint8Array, what: string, nested: Nested = {}): M {
  try {
    const message = type.deserializeBinary(bytes);
    if (settledForm(Buffer.from(bytes), nested) === settledForm(Buffer.from(message.serializeBinary()), nested)) return message;
  } catch {
    // told below: bytes that cannot be read are read alike by nobody
  }
  throw new Problem('FABRIC_CHANGE_UNREADABLE', { reason: `${what}: programs would read different things in it` });
}

/** The fields of a message, byte for byte, in one order. */
function settledForm(message: Buffer, nested: Nested): string {
  const fields: string[] = [];
  for (let at = 0; at < message.length;) {
    const tag = varintAt(message, at);
    const { content, end } = valueAt(message, tag.end, Number(tag.value & 7n));
    const inner = nested[Number(tag.value >> 3n)];
    fields.push(inner === undefined || content === undefined ? message.toString('hex', at, end) : `${message.toString('hex', at, tag.end)}{${settledForm(content, inner)}}`);
    at = end;
  }
  return fields.sort().join();
}

function valueAt(message: Buffer, at: number, wireType: number): { readonly content?: Buffer; readonly end: number } {
  switch (wireType) {
    case VARINT: return { end: varintAt(message, at).end };
    case FIXED64: return { end: within(message, at + 8) };
    case FIXED32: return { end: within(message, at + 4) };
    case LENGTH_DELIMITED: {
      const length = varintAt(message, at);
      const end = within(message, length.end + Number(length.value));
      return { content: message.subarray(length.end, end), end };
    }
    default: throw new RangeError(`wire type ${wireType}`);
  }
}

function varintAt(message: Buffer, from: number): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let at = from; ; at += 1) {
    const byte = message.readUInt8(at);
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - from));
    if (byte < 0x80) return { value, end: at + 1 };
  }
}

function within(message: Buffer, end: number): number {
  if (end > message.length) throw new RangeError('the message ends inside a field');
  return end;
}
