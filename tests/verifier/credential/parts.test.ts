import { createECDH, generateKeyPairSync, sign, webcrypto } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { decodeBase64Url, encodeBase64Url } from '#domain/base64url.js';
import { ownKeyOf } from '#domain/trust/did-public-key.js';
import { parseDid } from '#domain/trust/did.js';
import type { PublicKeyJwk } from '#domain/trust/public-key.js';
import { decodeBase64UrlBriefly } from '../../../verifier/core/base64url.js';
import type { CryptoPort } from '../../../verifier/core/crypto-port.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import { isCanonicalSignature } from '../../../verifier/core/credential/jws-signature.js';
import { p256KeyOf } from '../../../verifier/core/credential/p256-point.js';
import { committedRootIn } from '../../../verifier/core/credential/reading.js';
import { NOT_REACHED } from '../../../verifier/core/credential/credential-report.js';
import { Recent } from '../../../verifier/core/recent.js';
import { unknown } from '../../../verifier/core/report.js';
import { TwoGenerations } from '../../../verifier/core/two-generations.js';
import { webCrypto } from '../../../verifier/core/web-crypto.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { ALGORITHMS, issuerOf, otherS, questionOf, sceneOf, signatureOf } from '../../support/credential-maker.js';
import { throwsWith } from '../../support/rejects-with.js';
import { goodReport, unsigned } from './corpus-row.js';

describe('p256KeyOf', () => {
  test('finds the y that node:crypto made, whichever of the two it is', () => {
    const parities = new Set<number>();
    for (let times = 0; times < 40; times++) {
      const ecdh = createECDH('prime256v1');
      ecdh.generateKeys();
      const whole = ecdh.getPublicKey();
      const compressed = ecdh.getPublicKey(null, 'compressed');
      parities.add(compressed[0] ?? 0);
      expect(p256KeyOf(compressed)).toEqual({ kty: 'EC', crv: 'P-256', x: whole.subarray(1, 33).toString('base64url'), y: whole.subarray(33).toString('base64url') });
    }
    expect(parities).toEqual(new Set([2, 3]));
  });

  const GENERATOR_X = '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296';

  test('the generator (SP 800-186 section 3.2.1.3)', () => {
    expect(p256KeyOf(Buffer.from(`03${GENERATOR_X}`, 'hex')).y).toBe(Buffer.from('4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5', 'hex').toString('base64url'));
  });

  test('the example key of the did:key specification', () => {
    const own = ownKeyOf(parseDid('did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169'));
    const jwk = p256KeyOf((own as { publicKeyBytes: Uint8Array }).publicKeyBytes);
    expect(jwk).toEqual({ kty: 'EC', crv: 'P-256', x: 'fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI', y: 'hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU' });
  });

  test.each([
    ['x', 379, '02005543894af3d00ed7d740abdbd75c96b06877b787db5f70eea78b90a8d7c00a', 'bb4c85a3d8ea29efaafa24406912dd84d5b14dc32bf656ef6c6bd58a5d943f92'],
    ['y', 43, '03986ae2506f1ff104d04230861d8f4b498f4bc4c6d009b30f7544dc129b82d28d', '003cccc0a6460e0ae328a4d97d3c7b61d86fc6289c189f2525110c441bb07e97'],
  ])('keeps a leading zero byte of %s (credentials.md 3.3; %i times the generator)', (_, __, compressed, y) => {
    const encoded = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');
    expect(p256KeyOf(Buffer.from(compressed, 'hex'))).toMatchObject({ x: encoded(compressed.slice(2)), y: encoded(y) });
  });

  test.each([
    ['an x without a point', `02${'00'.repeat(31)}01`],
    ['an x that is not reduced', `02${'ff'.repeat(32)}`],
    ['p itself', '02ffffffff00000001000000000000000000000000ffffffffffffffffffffffff'],
    ['a byte short', `02${GENERATOR_X.slice(2)}`],
    ['a byte long', `02${GENERATOR_X}00`],
    ['the form of an uncompressed point', `04${GENERATOR_X}`],
    ['the hybrid form', `06${GENERATOR_X}`],
    ['the point at infinity', '00'],
  ])('%s', (_, hex) => throwsWith(() => p256KeyOf(Buffer.from(hex, 'hex')), 'PUBLIC_KEY_NOT_ON_CURVE'));
});

const PORTS: readonly (readonly [string, () => CryptoPort])[] = [['node:crypto', nodeCrypto], ['WebCrypto', () => webCrypto(webcrypto.subtle as never)]];

describe.each(PORTS)('verifyJws over %s', (_, open) => {
  const message = Buffer.from('minh chứng');

  test.each(ALGORITHMS)('%s', async (algorithm) => {
    const port = open();
    const { jwk, ...signer } = issuerOf('DiplomaCredential', algorithm);
    const signature = signatureOf(signer, 'minh chứng');
    const other = issuerOf('ChemicalLicenceCredential', algorithm).jwk;
    expect(await port.verifyJws(jwk, message, signature)).toBe(true);
    expect(await port.verifyJws(jwk, message, signature)).toBe(true);
    expect(await port.verifyJws(jwk, Buffer.from('minh chung'), signature)).toBe(false);
    expect(await port.verifyJws(other, message, signature)).toBe(false);
    expect(await port.verifyJws({ ...jwk }, message, signature)).toBe(true);
  });

  test('a key that is none holds for nothing', async () => {
    const port = open();
    const { jwk } = issuerOf('DiplomaCredential', 'ES256');
    const beside = { ...jwk, y: jwk.x } as PublicKeyJwk;
    expect(await port.verifyJws(beside, message, new Uint8Array(64))).toBe(false);
  });

  // RFC 8032 section 7.1, tests 1 to 3
  test.each([
    ['d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', '', 'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'],
    ['3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', '72', '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'],
    ['fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'af82', '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'],
  ])('RFC 8032: %s', async (key, text, signature) => {
    const jwk: PublicKeyJwk = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(Buffer.from(key, 'hex')) };
    expect(isCanonicalSignature('EdDSA', Buffer.from(signature, 'hex'))).toBe(true);
    expect(await open().verifyJws(jwk, Buffer.from(text, 'hex'), Buffer.from(signature, 'hex'))).toBe(true);
    expect(await open().verifyJws(jwk, Buffer.from(`${text}00`, 'hex'), Buffer.from(signature, 'hex'))).toBe(false);
  });
});

describe('isCanonicalSignature', () => {
  test('takes exactly one of an ES256 signature and its twin', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (let times = 0; times < 40; times++) {
      const signature = sign('sha256', Buffer.from(String(times)), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      expect(isCanonicalSignature('ES256', signature)).not.toBe(isCanonicalSignature('ES256', otherS(signature)));
    }
  });
});

describe('a platform that lacks something', () => {
  const failing = (name: string): CryptoPort => {
    const error = Object.assign(new Error('no such algorithm'), { name });
    return webCrypto({ digest: async (algorithm, data) => webcrypto.subtle.digest(algorithm, data as never), importKey: () => Promise.reject(error), verify: () => Promise.reject(error) });
  };

  test.each(['NotSupportedError', 'OperationError', 'TypeError'])('a browser without Ed25519 (%s): could not check', async (name) => {
    const verdict = await judgeCredential(questionOf(sceneOf('EdDSA')), failing(name));
    expect(verdict).toEqual({ verdict: 'could-not-check', report: unsigned({ signature: unknown('CRYPTO_UNAVAILABLE') }) });
  });

  test('a page without a secure context: could not check', async () => {
    const verdict = await judgeCredential(questionOf(sceneOf('ES256')), webCrypto(undefined));
    expect(verdict).toEqual({ verdict: 'could-not-check', report: unsigned({ signature: unknown('CRYPTO_UNAVAILABLE') }) });
  });

  test('one that cannot hash: what needs it is unknown, the signature is not', async () => {
    const port: CryptoPort = { ...nodeCrypto(), sha256: () => { throw new TypeError('gone'); } };
    const { report, facts } = await judgeCredential(questionOf(sceneOf('EdDSA', { type: 'DiplomaCredential' })), port);
    expect(report).toEqual(goodReport('DiplomaCredential', { commitment: unknown('CRYPTO_UNAVAILABLE'), disclosures: unknown('CRYPTO_UNAVAILABLE') }));
    expect(facts?.disclosed).toEqual({});
  });

  test('a port that breaks is no signature that fails', async () => {
    const port: CryptoPort = { ...nodeCrypto(), verifyJws: () => { throw new RangeError('broken'); } };
    const { report } = await judgeCredential(questionOf(sceneOf('ES256')), port);
    expect(report.signature).toEqual(unknown('CRYPTO_UNAVAILABLE'));
    expect(report.revocation).toEqual(NOT_REACHED);
  });
});

describe('decodeBase64UrlBriefly', () => {
  const decoded = (text: string): Uint8Array | undefined => decodeBase64UrlBriefly(text)?.slice();
  const units = fc.array(fc.constantFrom(...'AAAABQgwz09-_', '=', '+', '/', ' ', '\n', '\0', 'é', '\u0141', '\ud83d'), { maxLength: 40 }).map((all) => all.join(''));

  test('does as decodeBase64Url does', () => {
    fc.assert(fc.property(units, (text) => { expect(decoded(text)).toEqual(decodeBase64Url(text)); }), { numRuns: 5_000 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => { expect(decoded(encodeBase64Url(bytes))).toEqual(bytes); }), { numRuns: 2_000 });
  });

  test('a text too long for its memory', () => expect(decoded('AQID'.repeat(20_000))).toEqual(decodeBase64Url('AQID'.repeat(20_000))));

  test.each(['A', 'AB', 'AAB', 'AAAAA', 'SGk=', 'S+k', 'S/k', 'AA\u0141A', 'AAA\u0141', 'AA\u0141'])('refuses %j', (text) => expect(decoded(text)).toBeUndefined());
});

describe('bounded memories', () => {
  test('Recent keeps what was used last', () => {
    const recent = new Recent<number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    expect(recent.get('a')).toBe(1); // now b was used longest ago
    recent.set('c', 3);
    expect(['a', 'b', 'c'].map((name) => recent.get(name))).toEqual([1, undefined, 3]);
  });

  test('TwoGenerations never keeps more than allowed, and keeps what is asked for', () => {
    const memory = new TwoGenerations<number>(10);
    for (let n = 0; n < 1_000; n++) {
      memory.set(`n${n}`, n);
      expect(memory.get('n0')).toBe(0);
    }
    expect(Array.from({ length: 1_000 }, (_, n) => memory.get(`n${n}`)).filter((one) => one !== undefined).length).toBeLessThanOrEqual(10);
  });

  test('TwoGenerations bounds what its values weigh together, and keeps nothing that is too heavy', () => {
    const memory = new TwoGenerations<string>(20, ({ length }) => length);
    for (let n = 0; n < 100; n++) memory.set(`n${n}`, 'x'.repeat(1 + n % 10));
    for (let times = 0; times < 100; times++) memory.set('again', 'four');
    expect(memory.get('n99')).toBe('x'.repeat(10));
    const kept = Array.from({ length: 100 }, (_, n) => memory.get(`n${n}`) ?? '').join('');
    expect(kept.length).toBeLessThanOrEqual(20);
    memory.set('heavy', 'x'.repeat(11));
    expect([memory.get('heavy'), memory.get('again')]).toEqual([undefined, 'four']);
  });

  test('with room for none it keeps none', () => {
    const memory = new TwoGenerations<number>(0);
    memory.set('a', 1);
    expect(memory.get('a')).toBeUndefined();
  });
});

test('committedRootIn reads the root and nothing else', () => {
  const scene = sceneOf('ES256');
  expect(committedRootIn(scene.text)).toBe(scene.commitments[0]?.root);
  expect(['', '#', '#e30', 'x#!', scene.text.slice(0, scene.text.indexOf('#')), `${'a'.repeat(70_000)}#e30`].map(committedRootIn)).toEqual(Array.from({ length: 6 }));
});
