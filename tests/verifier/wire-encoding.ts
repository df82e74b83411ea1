/** Protobuf written by hand, for what no library would write. */

export const WIRE = { varint: 0, fixed64: 1, length: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

export function tag(fieldNumber: number, wireType: number): Buffer {
  return varint(fieldNumber * 8 + wireType);
}

export function lengthField(fieldNumber: number, content: Uint8Array): Buffer {
  return Buffer.concat([tag(fieldNumber, WIRE.length), varint(content.length), content]);
}

export function numberField(fieldNumber: number, value: number): Buffer {
  return Buffer.concat([tag(fieldNumber, WIRE.varint), varint(value)]);
}

/** The same field with a length of one byte more than it needs. */
export function overlongField(fieldNumber: number, content: Uint8Array): Buffer {
  const shortest = varint(content.length);
  const last = shortest.at(-1) ?? 0;
  const length = Buffer.concat([shortest.subarray(0, -1), Buffer.from([last | 0x80, 0x00])]);
  return Buffer.concat([tag(fieldNumber, WIRE.length), length, content]);
}
