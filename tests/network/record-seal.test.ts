import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordSeal } from '../../network/embedded/record-seal.js';

const key = randomBytes(32);
const seal = new RecordSeal(key);

/** RFC 2104 with the platform's own implementation. */
function hmac(name: string, content: Uint8Array): Buffer {
  const nameBytes = Buffer.from(name);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(nameBytes.length);
  return createHmac('sha256', key).update(length).update(nameBytes).update(content).digest().subarray(0, 16);
}

const damaged = (name: string, record: Buffer): unknown => {
  try {
    return seal.open(name, record);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('a seal', () => {
  test('is HMAC-SHA-256 cut to 16 bytes', () => {
    fc.assert(fc.property(fc.string(), fc.uint8Array({ maxLength: 300 }), (name, content) => {
      const record = seal.seal(name, content);
      expect(record.subarray(content.length).equals(hmac(name.toWellFormed(), content))).toBe(true);
      expect(seal.open(name, record).equals(content)).toBe(true);
    }));
  });

  test('covers parts as one content', () => {
    expect(seal.seal('n', Buffer.from('ab'), Buffer.from('c')).equals(seal.seal('n', Buffer.from('abc')))).toBe(true);
  });

  test('finds every single flipped bit', () => {
    const record = seal.seal('s\u0000probe\u0000k', Buffer.from('a value of some length'));
    for (let bit = 0; bit < record.length * 8; bit += 1) {
      const flipped = Buffer.from(record);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(damaged('s\u0000probe\u0000k', flipped), `bit ${bit}`).toBe('LEDGER_RECORD_DAMAGED');
    }
  });

  test('finds a value under another name, and a border moved between name and content', () => {
    const record = seal.seal('name', Buffer.from('content'));
    expect(damaged('nam', record)).toBe('LEDGER_RECORD_DAMAGED');
    expect(damaged('other', record)).toBe('LEDGER_RECORD_DAMAGED');
    expect(damaged('namec', record.subarray(1))).toBe('LEDGER_RECORD_DAMAGED');
  });

  test('finds a record cut short, however short', () => {
    const record = seal.seal('n', Buffer.from('content'));
    for (let length = 0; length < record.length; length += 1) expect(damaged('n', record.subarray(0, length))).toBe('LEDGER_RECORD_DAMAGED');
  });

  test('of another key does not fit', () => {
    expect(damaged('n', new RecordSeal(randomBytes(32)).seal('n', Buffer.from('x')))).toBe('LEDGER_RECORD_DAMAGED');
  });

  test('names the record with unprintable characters escaped', () => {
    expect(() => seal.open('s\u0000k', Buffer.alloc(20))).toThrow('LEDGER_RECORD_DAMAGED {"record":"s\\\\u0000k","what":"seal"}');
  });

  test('needs a key of 32 bytes', () => { expect(() => new RecordSeal(randomBytes(16))).toThrow(RangeError); });
});
