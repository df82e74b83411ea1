import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '../../verifier/core/base64.js';
import { bytesOfHex, hexOf, joined, sameBytes, startsWith, textOf, utf8Of } from '../../verifier/core/bytes.js';
import { epochMsOf } from '../../verifier/core/calendar.js';
import { certificateFromPem } from '../../verifier/core/pem.js';

const bytes = fc.uint8Array({ maxLength: 200 });

describe('decodeBase64', () => {
  test.each([
    ['', ''], ['Zg==', 'f'], ['Zm8=', 'fo'], ['Zm9v', 'foo'], ['Zm9vYg==', 'foob'], ['Zm9vYmE=', 'fooba'], ['Zm9vYmFy', 'foobar'],
  ])('%s (RFC 4648 section 10)', (text, decoded) => {
    expect(decodeBase64(text)).toEqual(new Uint8Array(Buffer.from(decoded)));
  });

  test.each([
    ['a length that is no multiple of four', 'Zm9'],
    ['one digit alone', 'Z==='],
    ['only padding', '===='],
    ['padding inside', 'Zg==Zm9v'],
    ['padding before a digit', 'Zm=v'],
    ['unused bits of one byte', 'Zh=='],
    ['unused bits of two bytes', 'Zm9='],
    ['a space', 'Zm9 '],
    ['a line break', 'Zm9\n'],
    ['a tab inside', 'Z\tm9'],
    ['base64url', 'Zm-_'],
    ['a NUL', 'Zm9\0'],
    ['a letter beyond ASCII', 'Zmửv'],
    ['a character whose low byte is a digit', 'Zm9\u0141'],
  ])('refuses %s', (_, text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });

  test('undoes the encoder for any bytes, and takes no second spelling', () => {
    fc.assert(fc.property(bytes, (value) => {
      expect(decodeBase64(Buffer.from(value).toString('base64'))).toEqual(value);
    }));
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ABgwz019+/='), maxLength: 12 }), (text) => {
      const decoded = decodeBase64(text);
      if (decoded !== undefined) expect(Buffer.from(decoded).toString('base64')).toBe(text);
    }), { numRuns: 2000 });
  });
});

describe('certificateFromPem', () => {
  const body = 'MAA=';
  test.each([
    ['as OpenSSL writes it', `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`],
    ['without the last line break', `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`],
    ['with the line breaks of Windows', `-----BEGIN CERTIFICATE-----\r\n${body}\r\n-----END CERTIFICATE-----\r\n`],
    ['in short lines', '-----BEGIN CERTIFICATE-----\nMA\nA=\n-----END CERTIFICATE-----\n'],
  ])('%s', (_, text) => {
    expect(certificateFromPem(text)).toEqual(Uint8Array.of(0x30, 0x00));
  });

  test.each([
    ['another label', `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`],
    ['text before', `x\n-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`],
    ['text after', `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\nx`],
    ['an empty line after', `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n\n`],
    ['no body', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
    ['a body that is no base64', '-----BEGIN CERTIFICATE-----\nMAA\n-----END CERTIFICATE-----\n'],
    ['a space in the body', '-----BEGIN CERTIFICATE-----\nMA A=\n-----END CERTIFICATE-----\n'],
    ['more than 16 KiB', `-----BEGIN CERTIFICATE-----\n${'A'.repeat(16_384)}\n-----END CERTIFICATE-----\n`],
  ])('refuses %s', (_, text) => {
    expect(certificateFromPem(text)).toBeUndefined();
  });
});

describe('byte strings', () => {
  test('hexadecimal digits there and back', () => {
    fc.assert(fc.property(bytes, (value) => {
      expect(hexOf(value)).toBe(Buffer.from(value).toString('hex'));
      expect(bytesOfHex(hexOf(value))).toEqual(value);
    }));
  });

  test('comparison agrees with the platform', () => {
    const short = fc.uint8Array({ maxLength: 3, max: 2 });
    fc.assert(fc.property(short, short, (a, b) => {
      expect(sameBytes(a, b)).toBe(Buffer.from(a).equals(b));
      expect(startsWith(joined(a, b), a)).toBe(true);
      expect(startsWith(a, b)).toBe(a.length >= b.length && Buffer.from(a.subarray(0, b.length)).equals(b));
    }));
  });

  test('text there and back, a byte order mark kept', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(textOf(utf8Of(text))).toBe(text);
    }));
    expect(textOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\uFEFFa');
  });

  test.each([
    ['an overlong NUL', [0xc0, 0x80]], ['a surrogate', [0xed, 0xa0, 0x80]], ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]], ['cut short', [0xe1, 0xbb]],
  ])('%s is no text (Unicode 3.9, well-formed UTF-8)', (_, values) => {
    expect(textOf(Uint8Array.from(values))).toBeUndefined();
  });
});

describe('epochMsOf', () => {
  test('agrees with the platform on every day from 1950 to 2500', () => {
    const first = Date.UTC(1950, 0, 1);
    const last = Date.UTC(2500, 11, 31);
    const wrong: string[] = [];
    for (let at = first; at <= last; at += 86_400_000) {
      const date = new Date(at);
      const parts = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: 0, minute: 0, second: 0 };
      if (epochMsOf(parts) !== at) wrong.push(date.toISOString());
    }
    expect(wrong).toEqual([]);
  });

  test.each([
    [2026, 11, 20, 8, 30, 0, 1_795_163_400_000],
    [9999, 12, 31, 23, 59, 59, 253_402_300_799_000],
    [2024, 2, 29, 0, 0, 0, 1_709_164_800_000],
    [2026, 2, 29, 0, 0, 0, undefined],
    [2100, 2, 29, 0, 0, 0, undefined],
    [2026, 4, 31, 0, 0, 0, undefined],
    [2026, 0, 1, 0, 0, 0, undefined],
    [2026, 13, 1, 0, 0, 0, undefined],
    [2026, 1, 0, 0, 0, 0, undefined],
    [2026, 1, 1, 24, 0, 0, undefined],
    [2026, 1, 1, 0, 60, 0, undefined],
    [2026, 1, 1, 0, 0, 60, undefined],
  ])('%i-%i-%i %i:%i:%i', (...row) => {
    const [year, month, day, hour, minute, second, instant] = row;
    expect(epochMsOf({ year, month, day, hour, minute, second })).toBe(instant);
  });
});
