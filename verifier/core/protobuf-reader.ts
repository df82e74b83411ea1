/**
 * A strict reader of the protobuf wire format, for messages of which every field is known.
 *
 * Protobuf forgives a lot: unknown fields, repeated fields of which the last counts, long forms of short numbers.
 * Each of these would let two readers see two different messages in the same signed bytes, so all are refused.
 */
import { textOf } from './bytes.js';
import { Refusal } from './refusal.js';

/** What a field may hold, and what stands for one that is absent. */
interface FieldValues {
  /** A byte string; empty if absent. */
  readonly bytes: Uint8Array;
  /** A nested message; `undefined` if absent, which is not the same as empty. */
  readonly message: Uint8Array | undefined;
  /** Every occurrence of a repeated byte string or message, in order. */
  readonly list: readonly Uint8Array[];
  /** UTF-8 text; empty if absent. */
  readonly text: string;
  /** A whole number below 2^53; 0 if absent. */
  readonly number: number;
}

type Kind = keyof FieldValues;
type Fields = Readonly<Record<string, readonly [fieldNumber: number, kind: Kind]>>;
type Message<F extends Fields> = { readonly [Name in keyof F]: FieldValues[F[Name][1]] };

const WIRE_VARINT = 0;
const WIRE_LENGTH = 2;
/** 128^7: the weight of the eighth group of seven bits, the last that a number below 2^53 can have. */
const LAST_SCALE = 2 ** 49;

/**
 * Makes the reader of one message type.
 *
 * @param fields e.g. `{ header: [1, 'message'], data: [2, 'bytes'] }`: the name, the number in the .proto file, the kind
 * @returns a function from bytes to the message; it throws Refusal RECEIPT_BYTES_MALFORMED for an unknown or repeated
 * field, a wrong wire type, a group, an overlong or cut number, bytes missing at the end, text that is not UTF-8
 */
export function messageReader<const F extends Fields>(fields: F): (bytes: Uint8Array) => Message<F> {
  const byTag = new Map(Object.entries(fields).map(([name, [fieldNumber, kind]]) => [tagOf(fieldNumber, kind), { name, kind }]));
  return (bytes) => {
    const message = emptyMessage(fields);
    const seen = new Set<number>();
    const wire = new WireReader(bytes);
    while (!wire.atEnd) {
      const tag = wire.number();
      const field = byTag.get(tag);
      if (field === undefined || (seen.has(tag) && field.kind !== 'list')) throw malformed();
      seen.add(tag);
      readInto(message, field, wire);
    }
    return message as Message<F>;
  };
}

/** A field has one tag here, so one lookup settles its number and its wire type. */
function tagOf(fieldNumber: number, kind: Kind): number {
  return fieldNumber * 8 + (kind === 'number' ? WIRE_VARINT : WIRE_LENGTH);
}

function readInto(message: Record<string, unknown>, field: { name: string; kind: Kind }, wire: WireReader): void {
  if (field.kind === 'number') {
    message[field.name] = wire.number();
  } else if (field.kind === 'list') {
    (message[field.name] as Uint8Array[]).push(wire.bytes());
  } else {
    message[field.name] = field.kind === 'text' ? wellFormedText(wire.bytes()) : wire.bytes();
  }
}

const ABSENT: Omit<FieldValues, 'list'> = { bytes: new Uint8Array(0), message: undefined, text: '', number: 0 };

function emptyMessage(fields: Fields): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const name in fields) {
    const kind = fields[name]?.[1] ?? 'bytes';
    message[name] = kind === 'list' ? [] : ABSENT[kind];
  }
  return message;
}

function wellFormedText(bytes: Uint8Array): string {
  const text = textOf(bytes);
  if (text === undefined) throw malformed();
  return text;
}

function malformed(): Refusal {
  return new Refusal('RECEIPT_BYTES_MALFORMED');
}

class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** A base-128 number in its shortest form. Negative numbers are ten bytes long on the wire and so too large here. */
  number(): number {
    let value = 0;
    for (let scale = 1; scale <= LAST_SCALE; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw malformed();
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80) continue;
      const overlong = byte === 0 && scale > 1;
      if (overlong || value > Number.MAX_SAFE_INTEGER) throw malformed();
      return value;
    }
    throw malformed();
  }

  /** The bytes after a length: a view, not a copy. */
  bytes(): Uint8Array {
    const length = this.number();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed();
    const view = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return view;
  }
}
