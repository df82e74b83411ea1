import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageReader } from '../../verifier/core/protobuf-reader.js';
import { Refusal } from '../../verifier/core/refusal.js';
import { lengthField, numberField, overlongField, tag, varint, WIRE } from './wire-encoding.js';

const read = messageReader({ count: [1, 'number'], name: [2, 'text'], body: [3, 'bytes'], part: [4, 'message'], items: [5, 'list'], far: [1000, 'number'] });
const ABSENT = { count: 0, name: '', body: new Uint8Array(0), part: undefined, items: [], far: 0 };
const bytes = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

describe('messageReader', () => {
  test('an empty message has every field absent', () => {
    expect(read(new Uint8Array(0))).toEqual(ABSENT);
  });

  test('absent and empty differ for a message and not for bytes', () => {
    expect(read(bytes(lengthField(4, Buffer.alloc(0)), lengthField(3, Buffer.alloc(0))))).toEqual({ ...ABSENT, part: new Uint8Array(0) });
  });

  test('two messages share no list', () => {
    read(bytes(lengthField(5, Buffer.of(1))));
    expect(read(new Uint8Array(0)).items).toEqual([]);
  });

  test('gives back any values, in any order of fields', () => {
    const values = fc.record({ count: fc.maxSafeNat(), name: fc.string({ unit: 'grapheme' }), body: fc.uint8Array(), items: fc.array(fc.uint8Array({ maxLength: 5 })), last: fc.boolean() });
    fc.assert(fc.property(values, ({ count, name, body, items, last }) => {
      const fields = [numberField(1, count), lengthField(2, Buffer.from(name)), lengthField(3, body), ...items.map((item) => lengthField(5, item)), numberField(1000, 7)];
      const message = read(bytes(...(last ? fields.toReversed() : fields)));
      expect(message).toEqual({ count, name, body, part: undefined, items: last ? items.toReversed() : items, far: 7 });
    }));
  });

  test.each([
    ['an unknown field', lengthField(6, Buffer.of(1))],
    ['field number 0', bytes(tag(0, WIRE.length), varint(0))],
    ['a number where bytes belong', numberField(3, 1)],
    ['bytes where a number belongs', lengthField(1, Buffer.of(1))],
    ['a number given twice', bytes(numberField(1, 1), numberField(1, 1))],
    ['bytes given twice', bytes(lengthField(3, Buffer.of(1)), lengthField(3, Buffer.of(1)))],
    ['an empty second copy', bytes(lengthField(4, Buffer.of(1)), lengthField(4, Buffer.alloc(0)))],
    ['a group', bytes(tag(3, WIRE.startGroup), tag(3, WIRE.endGroup))],
    ['the end of a group alone', tag(3, WIRE.endGroup)],
    ['a fixed 32-bit number', bytes(tag(1, WIRE.fixed32), Buffer.alloc(4))],
    ['a fixed 64-bit number', bytes(tag(1, WIRE.fixed64), Buffer.alloc(8))],
    ['wire type 6', tag(1, 6)],
    ['wire type 7', tag(1, 7)],
    ['a tag without a value', tag(1, WIRE.varint)],
    ['a number cut short', bytes(tag(1, WIRE.varint), Buffer.of(0x80))],
    ['an overlong zero', bytes(tag(1, WIRE.varint), Buffer.of(0x80, 0x00))],
    ['an overlong one', bytes(tag(1, WIRE.varint), Buffer.of(0x81, 0x80, 0x00))],
    ['an overlong tag', Buffer.of(0x88, 0x00, 0x01)],
    ['an overlong length', overlongField(3, Buffer.of(1))],
    ['2^53', bytes(tag(1, WIRE.varint), varint(2 ** 53))],
    ['a negative number', bytes(tag(1, WIRE.varint), Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01))],
    ['a number without end', bytes(tag(1, WIRE.varint), Buffer.alloc(500, 0x80), Buffer.of(0x01))],
    ['a zero without end', bytes(tag(1, WIRE.varint), Buffer.alloc(500, 0x80), Buffer.of(0x00))],
    ['a length one too long', bytes(tag(3, WIRE.length), varint(2), Buffer.of(1))],
    ['a length of 2^53 - 1', bytes(tag(3, WIRE.length), varint(Number.MAX_SAFE_INTEGER))],
    ['a length without bytes', tag(3, WIRE.length)],
    ['text that is not UTF-8', lengthField(2, Buffer.of(0xff))],
  ])('refuses %s', (_, given) => {
    expect(() => read(new Uint8Array(given))).toThrow(new Refusal('RECEIPT_BYTES_MALFORMED'));
  });

  test('the largest number that is read whole', () => {
    expect(read(numberField(1, Number.MAX_SAFE_INTEGER)).count).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('random bytes are read or refused, never anything else', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 30, max: 0x2b }), (given) => {
      const answer = attempt(() => read(given));
      expect(answer instanceof Refusal ? answer.code : Object.keys(answer as object)).toEqual(answer instanceof Refusal ? 'RECEIPT_BYTES_MALFORMED' : Object.keys(ABSENT));
    }), { numRuns: 3000 });
  });
});

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
