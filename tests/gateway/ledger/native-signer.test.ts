import { Buffer } from 'node:buffer';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derSignature, nativeSigner } from '../../../gateway/ledger/native-signer.js';

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const bytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

/** Reads DER by an own, strict route: shortest lengths, shortest integers, nothing behind. */
function readDer(der: Uint8Array): [bigint, bigint] {
  expect(der[0]).toBe(0x30);
  expect(der[1]).toBe(der.length - 2);
  const [r, rest] = readInteger(Buffer.from(der.subarray(2)));
  const [s, end] = readInteger(rest);
  expect(end).toHaveLength(0);
  return [r, s];
}

function readInteger(der: Buffer): [bigint, Buffer] {
  const length = der[1] ?? 0;
  const body = der.subarray(2, 2 + length);
  expect([der[0], body.length]).toEqual([2, length]);
  expect((body[0] ?? 0) & 0x80).toBe(0);
  if (body[0] === 0 && length > 1) expect((body[1] ?? 0) & 0x80).toBe(0x80);
  return [BigInt(`0x${body.toString('hex')}`), der.subarray(2 + length)];
}

describe('derSignature', () => {
  it.each([
    ['s of one', 1n, 1n, 1n],
    ['the largest low s', N - 1n, N >> 1n, N >> 1n],
    ['the smallest high s', 1n, (N >> 1n) + 1n, N >> 1n],
    ['the largest s', 1n, N - 1n, 1n],
    ['r with a sign bit', 1n << 255n, 2n, 2n],
    ['short r and s', 0x80n, 0xffn, 0xffn],
  ])('writes %s (SEC 2, X.690 8.3)', (_name, r, s, low) => {
    expect(readDer(derSignature(Buffer.concat([bytes(r), bytes(s)])))).toEqual([r, low]);
  });

  it('gives r as it is, and s or n − s, whichever is lower', () => {
    const scalar = fc.bigInt({ min: 1n, max: N - 1n });
    fc.assert(fc.property(scalar, scalar, (r, s) => {
      expect(readDer(derSignature(Buffer.concat([bytes(r), bytes(s)])))).toEqual([r, s > N >> 1n ? N - s : s]);
    }), { numRuns: 500 });
  });
});

describe('nativeSigner', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  it('signs messages of any length so that Node verifies them, always with low s', async () => {
    const sign = nativeSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (message) => {
      const signature = await sign(message);
      expect(verify('sha256', message, createPublicKey(privateKey), signature)).toBe(true);
      expect(readDer(signature)[1]).toBeLessThanOrEqual(N >> 1n);
    }), { numRuns: 100 });
  });

  it.each([
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['Ed25519', generateKeyPairSync('ed25519').privateKey],
  ])('refuses a key on %s', (_name, key) => {
    expect(() => nativeSigner(key)).toThrow(new TypeError('the key of a ledger identity is on curve P-256'));
  });
});
