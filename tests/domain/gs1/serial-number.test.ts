import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSerial } from '#domain/gs1/item-key.js';
import { serialFromRandom, SERIAL_RANDOM_BYTES } from '#domain/gs1/serial-number.js';

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

describe('serial numbers', () => {
  test.each([
    [[0, 0, 0, 0, 0, 0, 0, 0], '222222222222'],
    [[255, 255, 255, 255, 255, 255, 255, 240], 'ZZZZZZZZZZZZ'],
    [[8, 66, 16, 132, 33, 8, 66, 16], '333333333333'], // 00001 twelve times
  ])('%j is %s', (bytes, serial) => expect(serialFromRandom(Uint8Array.from(bytes))).toBe(serial));

  test('the first sixty bits, and only they, are in the serial: it can be read back', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 8, maxLength: 40 }), (bytes) => {
      const bits = Array.from(serialFromRandom(bytes), (c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('');
      expect(bits).toBe(Array.from(bytes.slice(0, 8), (byte) => byte.toString(2).padStart(8, '0')).join('').slice(0, 60));
    }));
  });

  test('a serial is a valid AI 21, in QR\'s alphanumeric set, without 0, 1, I and O', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
      const serial = serialFromRandom(bytes);
      expect(parseSerial(serial)).toBe(serial);
      expect(serial).toMatch(/^[2-9A-HJ-NP-Z]{12}$/);
    }));
  });

  test('too little randomness is a bug, not a short serial', () => {
    expect(() => serialFromRandom(new Uint8Array(SERIAL_RANDOM_BYTES - 1))).toThrow(TypeError);
  });
});
