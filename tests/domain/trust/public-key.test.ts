import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isOnP256, isSmallOrderEd25519 } from '#domain/trust/curve-points.js';
import { algorithmOf, publicKeyJwk } from '#domain/trust/public-key.js';
import { throwsWith } from '../../support/rejects-with.js';

const p256 = { kty: 'EC', crv: 'P-256', x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM' }; // RFC 7517 A.1
const ed25519 = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }; // RFC 8037 A.2
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64url'));

describe('a key', () => {
  it.each([[p256, 'ES256'], [ed25519, 'EdDSA']])('%j signs with %s', (value, algorithm) => {
    expect(algorithmOf(publicKeyJwk(value))).toBe(algorithm);
  });

  it.each([
    ['a private one', { ...ed25519, d: ed25519.x }, 'FIELD_UNKNOWN', { field: 'd' }],
    ['with a name', { ...p256, kid: 'x' }, 'FIELD_UNKNOWN', { field: 'kid' }],
    ['without y', { kty: 'EC', crv: 'P-256', x: p256.x }, 'FIELD_MISSING', { field: 'y' }],
    ['a P-384 one', { ...p256, crv: 'P-384' }, 'FIELD_WRONG_VALUE', { field: 'crv' }],
    ['secp256k1', { ...p256, crv: 'secp256k1' }, 'FIELD_WRONG_VALUE', { field: 'crv' }],
    ['a short coordinate', { ...p256, y: p256.y.slice(0, 42) }, 'FIELD_WRONG_VALUE', { field: 'y' }],
    ['a padded one', { ...ed25519, x: `${ed25519.x}=` }, 'FIELD_WRONG_VALUE', { field: 'x' }],
    ['spare bits', { ...ed25519, x: `${ed25519.x.slice(0, 42)}p` }, 'FIELD_WRONG_VALUE', { field: 'x' }],
    ['a point that is none', { ...p256, x: p256.y }, 'PUBLIC_KEY_NOT_ON_CURVE', {}],
    ['a text', 'jwk', 'FIELD_WRONG_TYPE', {}],
  ] as const)('%s', (_what, value, code, fields) => {
    throwsWith(() => publicKeyJwk(value), code, fields);
  });
});

describe('points of P-256', () => {
  it('are those that node:crypto makes, and not their neighbours', () => {
    for (let round = 0; round < 20; round++) {
      const { x = '', y = '' } = createPublicKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' });
      expect(isOnP256(bytes(x), bytes(y))).toBe(true);
      const other = bytes(y);
      other[31] = (other[31] ?? 0) ^ 1;
      expect(isOnP256(bytes(x), other)).toBe(false);
    }
  });

  it('are not written with coordinates beyond the field', () => {
    expect(isOnP256(new Uint8Array(32).fill(255), bytes(p256.y))).toBe(false);
    expect(isOnP256(new Uint8Array(32), new Uint8Array(32))).toBe(false);
  });
});

describe('Ed25519 points of small order', () => {
  // "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020), table 1 and the encodings that are not reduced
  it.each([
    '0100000000000000000000000000000000000000000000000000000000000000', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000080', '0000000000000000000000000000000000000000000000000000000000000000',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    '0100000000000000000000000000000000000000000000000000000000000080', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  ])('%s', (hex) => {
    expect(isSmallOrderEd25519(Uint8Array.from(Buffer.from(hex, 'hex')))).toBe(true);
  });

  it('are no keys that people make', () => {
    for (let round = 0; round < 20; round++) {
      const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
      expect(isSmallOrderEd25519(bytes(x))).toBe(false);
    }
  });
});
