import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLowS, signLowS, verifyLowS } from '../../network/enrolment/low-s-signature.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const HALF = '7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8';

/** DER of r = 1 and the given s. */
const withS = (hex: string): Buffer => {
  const s = Buffer.from(hex, 'hex');
  const body = Buffer.concat([Buffer.from('020101', 'hex'), Buffer.of(2, s.length), s]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
};

describe('signatures', () => {
  test('fit, and are low, whatever is signed', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (message) => {
      const signature = signLowS(privateKey, message);
      expect(isLowS(signature)).toBe(true);
      expect(verify('sha256', message, publicKey, signature)).toBe(true);
      expect(await verifyLowS(publicKey, message, signature)).toBe(true);
    }), { numRuns: 200 });
  });

  test('of the platform are refused when high, accepted when low', async () => {
    const message = Buffer.from('x');
    const seen = new Set<boolean>();
    for (let n = 0; n < 64; n += 1) {
      const signature = sign('sha256', message, privateKey);
      seen.add(isLowS(signature));
      expect(await verifyLowS(publicKey, message, signature)).toBe(isLowS(signature));
    }
    expect(seen).toEqual(new Set([true, false]));
  });

  test('with any bit flipped do not fit', async () => {
    const message = Buffer.from('message');
    const genuine = signLowS(privateKey, message);
    for (let bit = 0; bit < genuine.length * 8; bit += 1) {
      const flipped = Buffer.from(genuine);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(await verifyLowS(publicKey, message, flipped), `bit ${bit}`).toBe(false);
    }
  });

  test.each([
    ['s of half the order', HALF, true, 'SEC 1 section 4.1; Fabric bccsp/utils IsLowS'],
    ['s one above', `${HALF.slice(0, -1)}9`, false, 'the same'],
    ['s of 33 bytes with a leading zero', `00${'80'.padEnd(64, '0')}`, false, 'the same'],
    ['s = 1', '01', true, 'the same'],
  ])('%s', (_, s, low) => { expect(isLowS(withS(s))).toBe(low); });

  test.each(['', '30', '3000', '30060201010201', '3006020101020101ff', '310602010102010', '30080201010203010001ff', '300602010102020101'])('unreadable bytes are not valid: %s', async (hex) => {
    expect(isLowS(Buffer.from(hex, 'hex'))).toBe(false);
    expect(await verifyLowS(publicKey, Buffer.from('x'), Buffer.from(hex, 'hex'))).toBe(false);
  });

  test('no bytes at all make it throw', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (bytes) => {
      expect(await verifyLowS(publicKey, Buffer.from('x'), bytes)).toBe(false);
    }));
  });
});
