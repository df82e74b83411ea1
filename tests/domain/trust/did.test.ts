import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { didMethod, parseDid } from '#domain/trust/did.js';
import { didWebUrl } from '#domain/trust/did-web.js';
import { ownKeyId, ownKeyOf } from '#domain/trust/did-public-key.js';
import { throwsWith } from '../../support/rejects-with.js';

describe('did:web', () => {
  // did:web Method Specification, "Read": where each document stands
  it.each([
    ['did:web:w3c-ccg.github.io', 'https://w3c-ccg.github.io/.well-known/did.json'],
    ['did:web:w3c-ccg.github.io:user:alice', 'https://w3c-ccg.github.io/user/alice/did.json'],
    ['did:web:example.com%3A3000:user:alice', 'https://example.com:3000/user/alice/did.json'],
    ['did:web:localhost%3A8082:dai-hoc', 'https://localhost:8082/dai-hoc/did.json'],
    ['did:web:xn--i-hc-8va1f.example', 'https://xn--i-hc-8va1f.example/.well-known/did.json'],
    ['did:web:a.example:..b:c_d.e-f', 'https://a.example/..b/c_d.e-f/did.json'],
  ])('%s', (text, url) => {
    expect([parseDid(text), didMethod(parseDid(text)), didWebUrl(text)]).toEqual([text, 'web', url]);
  });

  // source: trust.md 0.6 and S4 (what web-did-resolver fetched), the URL Standard's IPv4 parser, RFC 3986
  it.each([
    'did:web:moet.gov.vn%40evil.example', 'did:web:2130706433', 'did:web:0x7f.1', 'did:web:%5B%3A%3A1%5D%3A443', 'did:web:127.0.0.1', 'did:web:127.1', 'did:web:0x7f000001', 'did:web:a.0x1',
    'did:web:example.com%2Fx', 'did:web:example.com%3Fx', 'did:web:example.com%23x', 'did:web:example.com:..', 'did:web:example.com:.:x', 'did:web:example.com:a%2Fb', 'did:web:example.com:A',
    'did:web:Example.com', 'did:web:example.com.', 'did:web:.example.com', 'did:web:-a.example', 'did:web:a-.example', 'did:web:a..example', 'did:web:a_b.example', 'did:web:example.com:',
    'did:web:example.com::x', 'did:web:example.com%3a3000', 'did:web:example.com%3A', 'did:web:example.com%3A0', 'did:web:example.com%3A080', 'did:web:example.com%3A65536', 'did:web:example.com%3A443',
    'did:web:example.com%3A80%3A80', 'did:web:example.com%3A+80', 'did:web:ex%61mple.com', 'did:web:exämple.com', 'did:web:example.com/x', 'did:web:example.com?x', 'did:web:example.com#x',
    'did:web:example.com@evil.example', 'did:web:example.com\n', ' did:web:example.com', 'did:web:', 'did:web', 'DID:web:example.com', 'did:WEB:example.com', `did:web:${'a'.repeat(64)}.example`,
    `did:web:${'a.'.repeat(130)}example`, `did:web:example.com${':a'.repeat(9)}`, `did:web:example.com:${'a'.repeat(64)}`, '',
  ])('%j is refused', (text) => {
    throwsWith(() => parseDid(text), 'DID_MALFORMED');
  });

  it('the host that is shown is the host that is asked', () => {
    const text = fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: fc.constantFrom(...'ab.x-0129:%3A_@/#') }));
    let accepted = 0;
    fc.assert(fc.property(text, (identifier) => {
      const did = `did:web:${identifier}`;
      if (refusalOf(() => parseDid(did)) !== undefined) return;
      accepted++;
      const url = new URL(didWebUrl(did));
      const [authority = '', ...path] = identifier.split(':');
      expect(url.host).toBe(authority.replace('%3A', ':'));
      expect(url.pathname).toBe(path.length === 0 ? '/.well-known/did.json' : `/${path.join('/')}/did.json`);
      expect([url.protocol, url.username, url.password, url.search, url.hash, url.hostname]).toEqual(['https:', '', '', '', '', expect.stringMatching(/^[^0-9][^.]*$|\.[a-z][^.]*$/)]);
    }), { numRuns: 5000 });
    expect(accepted).toBeGreaterThan(50);
  });
});

describe('did:key', () => {
  // did:key Method 0.9, test vectors
  it.each([
    ['z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', 'EdDSA', '2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6'],
    ['zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169', 'ES256', `03${Buffer.from('fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI', 'base64url').toString('hex')}`],
  ])('%s', (identifier, algorithm, hex) => {
    const key = ownKeyOf(parseDid(`did:key:${identifier}`));
    if (key === undefined || !('publicKeyBytes' in key)) throw new Error('no bytes');
    expect([key.keyId, key.algorithm, Buffer.from(key.publicKeyBytes).toString('hex')]).toEqual([identifier, algorithm, hex]);
    expect(ownKeyId(parseDid(`did:key:${identifier}`))).toBe(identifier);
  });

  it.each([
    ['secp256k1', 'zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme', 'DID_METHOD_NOT_ALLOWED'],
    ['X25519', 'z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F', 'DID_METHOD_NOT_ALLOWED'],
    ['P-384', 'z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54', 'DID_MALFORMED'],
    ['another base', 'f6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', 'DID_MALFORMED'],
    ['a character that base58 has not', 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do0', 'DID_MALFORMED'],
    ['a byte too few', 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do', 'DID_METHOD_NOT_ALLOWED'],
    ['a leading zero', 'z16MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', 'DID_MALFORMED'],
    ['nothing', 'z', 'DID_MALFORMED'],
    ['a fragment', 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK#z6Mk', 'DID_MALFORMED'],
  ] as const)('%s', (_what, identifier, code) => {
    throwsWith(() => parseDid(`did:key:${identifier}`), code);
  });

  it('with a point that is not compressed as SEC 1 has it', () => {
    throwsWith(() => parseDid(`did:key:${multibase('8024', '04'.padEnd(66, 'a'))}`), 'DID_METHOD_NOT_ALLOWED');
  });

  it('with an Ed25519 key of small order', () => {
    throwsWith(() => parseDid(`did:key:${multibase('ed01', '01'.padEnd(64, '0'))}`), 'PUBLIC_KEY_SMALL_ORDER');
  });

  it('has one spelling for each key: with another character it is another key, or none', () => {
    const one = 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK';
    fc.assert(fc.property(fc.nat(one.length - 1), fc.integer({ min: 32, max: 126 }), (place, code) => {
      const other = one.slice(0, place) + String.fromCharCode(code) + one.slice(place + 1);
      if (other === one || refusalOf(() => parseDid(`did:key:${other}`)) !== undefined) return;
      const key = ownKeyOf(parseDid(`did:key:${other}`));
      expect(key !== undefined && 'publicKeyBytes' in key && Buffer.from(key.publicKeyBytes).toString('hex')).not.toBe('2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6');
    }), { numRuns: 2000 });
  });
});

describe('did:jwk', () => {
  // did:jwk Method Specification, "P-256" example
  const example = 'eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9';
  const p256 = { crv: 'P-256', kty: 'EC', x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0', y: '_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE' };
  const ed25519 = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
  const jwk = (value: unknown): string => `did:jwk:${Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')}`;

  it('the specification\'s example, with the key and its name', () => {
    const did = parseDid(`did:jwk:${example}`);
    expect([ownKeyId(did), ownKeyOf(did)]).toEqual(['0', { keyId: '0', algorithm: 'ES256', jwk: p256 }]);
  });

  it.each([[{ ...p256, alg: 'ES256', use: 'sig' }], [ed25519], [{ ...ed25519, alg: 'EdDSA' }]])('%j', (value) => {
    expect(parseDid(jwk(value))).toBe(jwk(value));
  });

  it.each([
    ['a private key', { ...ed25519, d: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }, 'DID_METHOD_NOT_ALLOWED'],
    ['another curve', { ...ed25519, crv: 'X25519' }, 'DID_METHOD_NOT_ALLOWED'],
    ['another kind of key', { kty: 'oct', k: 'AAAA' }, 'DID_METHOD_NOT_ALLOWED'],
    ['a key for encryption', { ...p256, use: 'enc' }, 'DID_METHOD_NOT_ALLOWED'],
    ['the other algorithm', { ...p256, alg: 'EdDSA' }, 'DID_METHOD_NOT_ALLOWED'],
    ['a lost leading zero', { ...p256, x: p256.x.slice(1) }, 'DID_METHOD_NOT_ALLOWED'],
    ['a point off the curve', { ...p256, x: p256.y }, 'PUBLIC_KEY_NOT_ON_CURVE'],
    ['a key of small order', { ...ed25519, x: 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }, 'PUBLIC_KEY_SMALL_ORDER'],
    ['a list', [p256], 'DID_MALFORMED'],
    ['a member twice', JSON.stringify(ed25519).replace('{', '{"kty":"EC",'), 'DID_MALFORMED'],
    ['no JSON', 'not json', 'DID_MALFORMED'],
    ['letters beyond ASCII', JSON.stringify({ ...ed25519, kid: 'ê' }), 'DID_MALFORMED'],
    ['too much', JSON.stringify({ ...p256, kid: 'x'.repeat(200) }), 'DID_MALFORMED'],
  ] as const)('%s', (_what, value, code) => {
    throwsWith(() => parseDid(jwk(value)), code);
  });

  it.each([['padded', `${example}=`], ['in the other alphabet', example.replace('e', '+')], ['with spare bits', `${Buffer.from(`${JSON.stringify(p256)} `).toString('base64url').slice(0, -1)}B`]])('base64url %s', (_what, identifier) => {
    throwsWith(() => parseDid(`did:jwk:${identifier}`), 'DID_MALFORMED');
  });
});

it.each(['did:ethr:0xf3beac30c498d9e26865f34fcaa57dbb935b0d74', 'did:ion:EiClkZMDxPKqC9c', 'did:webs:example.com', 'did:keys:z6Mk'])('%s: another method', (text) => {
  throwsWith(() => parseDid(text), 'DID_METHOD_NOT_ALLOWED');
});

/** The multibase text of a multicodec prefix and a key, made as the standard says, for keys that nobody publishes. */
function multibase(prefix: string, hex: string): string {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let number = BigInt(`0x${prefix}${hex}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = `${alphabet[Number(number % 58n)] ?? ''}${text}`;
  return `z${text}`;
}

function refusalOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

