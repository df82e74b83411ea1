import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64Url, encodeBase64Url } from '#domain/base64url.js';

// RFC 4648 section 10, without padding
describe('base64url', () => {
  it.each([['', ''], ['f', 'Zg'], ['fo', 'Zm8'], ['foo', 'Zm9v'], ['foob', 'Zm9vYg'], ['fooba', 'Zm9vYmE'], ['foobar', 'Zm9vYmFy'], ['\xfb\xff', '-_8']])('%j is %s', (text, encoded) => {
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    expect([encodeBase64Url(bytes), decodeBase64Url(encoded)]).toEqual([encoded, bytes]);
  });

  it.each(['Zg==', 'Zg=', 'Z', 'Zm9vY', 'Zh', 'Zm9', '+/8', 'Zm 9v', 'Zm9v\n', 'Zmé', 'Zm9vYmE.'])('%j is none', (text) => {
    expect(decodeBase64Url(text)).toBeUndefined();
  });

  it('reads what it writes, and exactly the one spelling', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(decodeBase64Url(encodeBase64Url(bytes))).toEqual(bytes);
    }));
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'AQgw_-z09=+/ ') }), (text) => {
      const bytes = decodeBase64Url(text);
      expect(bytes === undefined ? Buffer.from(text, 'base64url').toString('base64url') === text : encodeBase64Url(bytes) !== text).toBe(false);
    }), { numRuns: 2000 });
  });
});
