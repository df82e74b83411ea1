import { generateKeyPairSync, type KeyObject, sign, verify, webcrypto } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CryptoPort } from '../../verifier/core/crypto-port.js';
import { rawLowSignature, withLowS } from '../../verifier/core/ecdsa-signature.js';
import { RecentKeys } from '../../verifier/core/recent-keys.js';
import { Refusal } from '../../verifier/core/refusal.js';
import { webCrypto } from '../../verifier/core/web-crypto.js';
import { nodeCrypto } from '../../verifier/server/node-crypto.js';
import { derSignature, signHigh, signLow } from './certificate-builder.js';

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF = N / 2n;
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const digits = (value: bigint): string => value.toString(16).padStart(64, '0');

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spkiOf = (key: KeyObject): Uint8Array => new Uint8Array(key.export({ format: 'der', type: 'spki' }));

describe('rawLowSignature', () => {
  test.each([
    ['the smallest', 1n, 1n],
    ['the largest', N - 1n, HALF],
    ['a top bit set', 1n << 255n, 1n << 254n],
    ['short numbers', 0xffn, 0x80n],
  ])('%s', (_, r, s) => {
    expect(Buffer.from(rawLowSignature(derSignature(r, s)) ?? []).toString('hex')).toBe(digits(r) + digits(s));
  });

  test.each([
    ['s one above half the order', derSignature(1n, HALF + 1n)],
    ['s the order less one', derSignature(1n, N - 1n)],
    ['r the order', derSignature(N, 1n)],
    ['s the order', derSignature(1n, N)],
    ['r of 33 bytes', derSignature(1n << 256n, 1n)],
    ['r zero', derSignature(0n, 1n)],
    ['s zero', derSignature(1n, 0n)],
    ['nothing', hex('')],
    ['no sequence', hex('31 06 020101 020101')],
    ['one number', hex('30 03 020101')],
    ['three numbers', hex('30 09 020101 020101 020101')],
    ['a byte after the sequence', hex('30 06 020101 020101 00')],
    ['a sequence longer than the bytes', hex('30 07 020101 020101')],
    ['a sequence shorter than its numbers', hex('30 05 020101 020101')],
    ['a length in the long form', hex('30 81 06 020101 020101')],
    ['an indefinite length', hex('30 80 020101 020101 0000')],
    ['a number with a needless zero', hex('30 07 02020001 020101')],
    ['a negative number', hex('30 06 0201ff 020101')],
    ['a number without bytes', hex('30 05 0200 020101')],
    ['a number in the long form', hex('30 07 02810101 020101')],
    ['an enumerated instead of an integer', hex('30 06 0a0101 020101')],
  ])('refuses %s', (_, der) => {
    expect(rawLowSignature(der)).toBeUndefined();
  });

  test('accepts no two byte strings for one signature', () => {
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: N - 1n }), fc.bigInt({ min: 1n, max: HALF }), fc.nat(71), fc.integer({ min: 1, max: 255 }), (r, s, at, mask) => {
      const der = Buffer.from(derSignature(r, s));
      const raw = rawLowSignature(der);
      const changed = Buffer.from(der);
      changed[at % der.length]! ^= mask;
      expect(raw).toHaveLength(64);
      expect(rawLowSignature(changed)).not.toEqual(raw);
    }));
  });
});

describe('withLowS', () => {
  test('turns a high s into the low one and leaves a low one alone', () => {
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: N - 1n }), fc.bigInt({ min: 1n, max: HALF }), (r, s) => {
      const low = new Uint8Array(derSignature(r, s));
      expect(withLowS(low)).toEqual(low);
      expect(withLowS(new Uint8Array(derSignature(r, N - s)))).toEqual(low);
    }));
  });

  test('what it gives verifies as the original did', () => {
    const message = Buffer.from('minh chứng');
    for (let i = 0; i < 20; i++) {
      const der = withLowS(sign('sha256', message, privateKey));
      expect(verify('sha256', message, publicKey, der!)).toBe(true);
      expect(rawLowSignature(der!)).toBeDefined();
    }
  });

  test('is undefined for what is no signature', () => {
    expect(withLowS(hex('30 00'))).toBeUndefined();
    expect(withLowS(derSignature(N, 1n))).toBeUndefined();
  });
});

const PORTS: readonly (readonly [string, () => CryptoPort])[] = [
  ['node:crypto', nodeCrypto],
  ['WebCrypto', () => webCrypto(webcrypto.subtle)],
];

describe.each(PORTS)('the port over %s', (_, open) => {
  const spki = spkiOf(publicKey);
  const message = new Uint8Array(Buffer.from('minh chứng'));
  const good = signLow(privateKey, message);
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const beside = spki.with(90, (spki[90] ?? 0) ^ 1);
  const onP384 = spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey);
  const rsa = spkiOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);

  test('SHA-256 of abc (FIPS 180-4, example 1)', async () => {
    const digest = await open().sha256(Buffer.from('abc'));
    expect(Buffer.from(digest).toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test.each([
    ['a good signature', spki, message, good, true],
    ['another message', spki, message.with(0, 0), good, false],
    ['another key', spkiOf(other.publicKey), message, good, false],
    ['the high s', spki, message, signHigh(privateKey, message), false],
    ['a byte after the signature', spki, message, Buffer.concat([good, Buffer.of(0)]), false],
    ['r ‖ s instead of DER', spki, message, sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }), false],
    ['a point beside the curve', beside, message, good, false],
    ['a key on P-384', onP384, message, good, false],
    ['an RSA key', rsa, message, good, false],
    ['no key', new Uint8Array(0), message, good, false],
  ] as const)('%s', async (__, key, text, signature, holds) => {
    const port = open();
    expect(await port.verifyP256(key, text, signature)).toBe(holds);
    expect(await port.verifyP256(key, text, signature)).toBe(holds); // the same with a key it may remember
  });

  test('a key that it remembers does not speak for another', async () => {
    const port = open();
    expect(await port.verifyP256(spki, message, good)).toBe(true);
    expect(await port.verifyP256(spkiOf(other.publicKey), message, good)).toBe(false);
    expect(await port.verifyP256(spkiOf(other.publicKey), message, signLow(other.privateKey, message))).toBe(true);
    expect(await port.verifyP256(spki, message, good)).toBe(true);
  });
});

describe('webCrypto', () => {
  test('without SubtleCrypto nothing is answered', async () => {
    const port = webCrypto(undefined);
    await expect(port.sha256(new Uint8Array(1))).rejects.toEqual(new Refusal('CRYPTO_UNAVAILABLE'));
    await expect(port.verifyP256(spkiOf(publicKey), new Uint8Array(1), new Uint8Array(1))).rejects.toEqual(new Refusal('CRYPTO_UNAVAILABLE'));
  });

  test('a platform that cannot import keys is not one that says no', async () => {
    const failure = Object.assign(new Error('not here'), { name: 'NotSupportedError' });
    const port = webCrypto({ digest: () => Promise.reject(failure), importKey: () => Promise.reject(failure), verify: () => Promise.reject(failure) });
    const message = new Uint8Array(1);
    await expect(port.verifyP256(spkiOf(publicKey), message, signLow(privateKey, message))).rejects.toBe(failure);
  });
});

const name = (n: number): Uint8Array => Uint8Array.of(n >> 8, n & 255);

describe('RecentKeys', () => {
  test('keeps the 256 used last', () => {
    const keys = new RecentKeys<number>();
    for (let n = 0; n < 256; n++) keys.set(name(n), n);
    expect(keys.get(name(0))).toBe(0); // now 1 is the one used longest ago
    keys.set(name(256), 256);
    expect([0, 1, 2, 256].map((n) => keys.get(name(n)))).toEqual([0, undefined, 2, 256]);
  });
});
