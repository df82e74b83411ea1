/** Signatures that do not hold, or hold in a form that is not taken, and keys that do not count. */
import { encodeBase64Url } from '#domain/base64url.js';
import type { Instant } from '#domain/instant.js';
import type { Did } from '#domain/trust/did.js';
import type { PublicKeyJwk, SignatureAlgorithm } from '#domain/trust/public-key.js';
import type { DidKeyRecord } from '#domain/trust/records.js';
import { fail, unknown } from '../../../verifier/core/report.js';
import { issuerOf, otherS, signatureOf, signerOf, type Plan } from '../../support/credential-maker.js';
import { Rows, unsigned } from './corpus-row.js';
import { ISSUER, LICENCE, onKeys, second } from './scene-edits.js';

const rows = new Rows();

// ---- signatures

const SIGNATURE_WRONG = unsigned({ signature: fail('CREDENTIAL_SIGNATURE_WRONG') });
const NOT_CANONICAL = unsigned({ signature: fail('CREDENTIAL_SIGNATURE_NOT_CANONICAL') });

for (const [name, at] of [['first byte of r', 0], ['last byte of r', 31], ['first byte of s', 32], ['a byte in the middle of s', 48]] as const) {
  rows.add(`signature with the ${name} changed`, 'RFC 7515 section 5.2', { signature: (signature) => flipped(signature, at) }, SIGNATURE_WRONG);
}
rows.add('signature of another text', 'RFC 7515 section 5.2', (algorithm) => ({ signature: (_, signed) => signatureOf(issuerOf(LICENCE, algorithm), `${signed}x`) }), SIGNATURE_WRONG);
rows.add('signature of the payload without its header', 'RFC 7515 section 5.1', (algorithm) => ({ signature: (_, signed) => signatureOf(issuerOf(LICENCE, algorithm), signed.slice(signed.indexOf('.') + 1)) }), SIGNATURE_WRONG);
rows.add('signature of somebody else', 'RFC 7515 section 5.2', (algorithm) => ({ signature: (_, signed) => signatureOf(signerOf('did:web:evil.example', 'k', algorithm), signed) }), SIGNATURE_WRONG);
rows.add("signature of another issuer's key", 'RFC 7515 section 5.2', (algorithm) => ({ signature: (_, signed) => signatureOf(issuerOf('DiplomaCredential', algorithm), signed) }), SIGNATURE_WRONG);

/** A byte with its lowest bit changed, and for an s that would leave its range another one. */
function flipped(signature: Buffer, at: number): Buffer {
  const copy = Buffer.from(signature);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

const numbers = (r: bigint, s: bigint): Buffer => Buffer.from(r.toString(16).padStart(64, '0') + s.toString(16).padStart(64, '0'), 'hex');
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const MOST = 2n ** 256n - 1n;

rows.add('the twin of a signature: n − s', 'credentials.md 3.4 (malleability)', { signature: otherS }, NOT_CANONICAL, 'ES256');
for (const [name, r, s] of [['r = s = 0', 0n, 0n], ['r = 0', 0n, 1n], ['s = 0', 1n, 0n], ['r = n', N, 1n], ['s = n', 1n, N], ['r = n + 1', N + 1n, 1n], ['s = n + 1', 1n, N + 1n], ['s = n − 1', 1n, N - 1n], ['s = (n + 1) / 2', 1n, (N + 1n) / 2n],
  ['r = p', P, 1n], ['r = p − n', P - N + N, 1n], ['r = 2²⁵⁶ − 1', MOST, 1n], ['s = 2²⁵⁶ − 1', 1n, MOST], ['r = s = n', N, N]] as const) {
  rows.add(`signature with ${name}`, 'Wycheproof, ecdsa_secp256r1', { signature: () => numbers(r, s) }, NOT_CANONICAL, 'ES256');
}
for (const [name, r, s] of [['r = s = 1', 1n, 1n], ['r = 1, s = (n − 1) / 2', 1n, (N - 1n) / 2n], ['r = n − 1', N - 1n, 1n], ['r = p − n, an x that two points could have', P - N, 1n]] as const) {
  rows.add(`signature with ${name}`, 'Wycheproof, ecdsa_secp256r1', { signature: () => numbers(r, s) }, SIGNATURE_WRONG, 'ES256');
}

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const littleEndian = (number: bigint): Buffer => Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();
const withS = (change: (s: bigint) => bigint) => (signature: Buffer): Buffer => {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`);
  return Buffer.concat([signature.subarray(0, 32), littleEndian(change(s))]);
};
for (const [name, change] of [['S + L', (s: bigint) => s + L], ['S + 2 L', (s: bigint) => s + 2n * L], ['S = L', () => L], ['S = L + 1', () => L + 1n], ['S = 2²⁵³', () => 2n ** 253n], ['S = 2²⁵⁶ − 1', () => MOST]] as const) {
  rows.add(`signature with ${name}`, 'RFC 8032 section 5.1.7', { signature: withS(change) }, NOT_CANONICAL, 'EdDSA');
}
const R_VALUES: Readonly<Record<string, string>> = {
  'the neutral point': `01${'00'.repeat(31)}`, 'the point of order 2': `ec${'ff'.repeat(30)}7f`, 'a point of order 4': '00'.repeat(32),
  'a point of order 8': 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'a y that is not reduced': `ee${'ff'.repeat(30)}7f`, 'all ones': 'ff'.repeat(32),
};
for (const [name, hex] of Object.entries(R_VALUES)) {
  rows.add(`signature with R as ${name}`, 'Wycheproof, ed25519', { signature: (signature) => Buffer.concat([Buffer.from(hex, 'hex'), signature.subarray(32)]) }, SIGNATURE_WRONG, 'EdDSA');
  rows.add(`signature with R as ${name}, S = 0`, 'Wycheproof, ed25519', { signature: () => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(32)]) }, SIGNATURE_WRONG, 'EdDSA');
}

// What is changed after signing, one fact at a time (C14). The ledger entry would not fit either; it is not reached.
const forged: Readonly<Record<string, (payload: Record<string, unknown>) => unknown>> = {
  'its holder': (payload) => replaced(payload, 'Hóa chất Ban Mai', 'Hóa chất Ban Đêm'),
  'its number': (payload) => replaced(payload, '"number":"01/GP-HC"', '"number":"02/GP-HC"'),
  'its mass': (payload) => replaced(payload, '"perYear":"1000000"', '"perYear":"9000000"'),
  'its end': (payload) => ({ ...payload, exp: Number(payload['exp']) + 86_400 }),
  'its beginning': (payload) => ({ ...payload, nbf: Number(payload['nbf']) + 1 }),
  'its id': (payload) => ({ ...payload, jti: 'urn:uuid:00000000-0000-4000-8000-000000000000' }),
  'its subject': (payload) => ({ ...payload, sub: 'did:web:evil.example' }),
  'its place in the status lists': (payload) => replaced(payload, '131071', '131070'),
  'its status list': (payload) => replaced(payload, 'thu-hoi-1', 'thu-hoi-2'),
  'its substance': (payload) => replaced(payload, '"substance":"acetone"', '"substance":"toluene"'),
};
const replaced = (payload: Record<string, unknown>, from: string, to: string): unknown => JSON.parse(JSON.stringify(payload).replaceAll(from, to));
for (const [name, edit] of Object.entries(forged)) {
  const jwt = (text: string): string => {
    const [header, payload = '', signature] = text.split('.');
    return `${header}.${Buffer.from(sorted(edit(JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>))).toString('base64url')}.${signature}`;
  };
  rows.add(`a licence with ${name} changed after signing`, 'trust.md C14', { jwt }, SIGNATURE_WRONG);
}

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => `${JSON.stringify(name)}:${sorted(member)}`).join(',')}}`;
}

// ---- keys

const keyFails = (code: Parameters<typeof fail>[0]) => unsigned({ key: fail(code) });

rows.add('a key that the issuer does not have', 'trust.md C3', { header: (header) => ({ ...header, kid: `${ISSUER}#khoa-khac` }) }, keyFails('DID_KEY_UNKNOWN'));
rows.add('a key in other capitals', 'trust.md C3', { header: (header) => ({ ...header, kid: String(header['kid']).replace('khoa', 'Khoa') }) }, keyFails('DID_KEY_UNKNOWN'));
rows.add('a key that was registered under another DID', 'trust.md C10', (algorithm) => ({ scene: onKeys(algorithm, (key) => ({ ...key, did: 'did:web:evil.example' as Did })) }), keyFails('DID_KEY_UNKNOWN'));
rows.add("the other algorithm's name", 'trust.md C1', (algorithm) => ({ header: (header) => ({ ...header, alg: algorithm === 'ES256' ? 'EdDSA' : 'ES256' }) }), keyFails('PUBLIC_KEY_ALGORITHM_DIFFERS'));
rows.add("the name of the issuer's other key", 'trust.md C1', (algorithm) => ({ header: (header) => ({ ...header, kid: `${ISSUER}#${algorithm === 'ES256' ? 'khoa-ed25519' : 'khoa-p256'}` }) }), keyFails('PUBLIC_KEY_ALGORITHM_DIFFERS'));
rows.add('a register that names another algorithm than that of the key', 'trust.md C1', (algorithm) => ({ scene: onKeys(algorithm, (key) => ({ ...key, algorithm: algorithm === 'ES256' ? 'EdDSA' : 'ES256' })) }), keyFails('PUBLIC_KEY_ALGORITHM_DIFFERS'));

const withJwk = (jwk: object): ((algorithm: SignatureAlgorithm) => Plan) => (algorithm) => ({ scene: onKeys(algorithm, (key) => ({ ...key, publicKeyJwk: jwk as PublicKeyJwk })) });
const coordinate = (number: bigint): string => encodeBase64Url(Buffer.from(number.toString(16).padStart(64, '0'), 'hex'));
const p256 = issuerOf(LICENCE, 'ES256').jwk as Extract<PublicKeyJwk, { kty: 'EC' }>;
rows.add('a key beside the curve', 'SP 800-186', withJwk({ ...p256, y: coordinate(5n) }), keyFails('PUBLIC_KEY_NOT_ON_CURVE'), 'ES256');
rows.add('a key at (0, 0)', 'SP 800-186', withJwk({ ...p256, x: coordinate(0n), y: coordinate(0n) }), keyFails('PUBLIC_KEY_NOT_ON_CURVE'), 'ES256');
rows.add('a key with an x that is not reduced', 'SP 800-186', withJwk({ ...p256, x: coordinate(P + 5n) }), keyFails('PUBLIC_KEY_NOT_ON_CURVE'), 'ES256');
const x25519 = (hex: string): object => ({ kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(Buffer.from(hex, 'hex')) });
const SMALL_ORDER: Readonly<Record<string, string>> = {
  ...R_VALUES, 'the neutral point with its sign bit': `01${'00'.repeat(30)}80`, 'the point of order 2 with its sign bit': 'ff'.repeat(32).replace(/^ff/, 'ec'),
  'the other point of order 8': '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'p, which is 0': `ed${'ff'.repeat(30)}7f`,
};
for (const [name, hex] of Object.entries(SMALL_ORDER)) {
  if (name === 'all ones') continue; // of no small order: it is no point at all
  rows.add(`a key that is ${name} (trap 14)`, 'credentials.md 3.4', (algorithm) => ({
    ...withJwk(x25519(hex))(algorithm),
    // R neutral, S = 0: under such a key this holds for many texts.
    signature: () => Buffer.concat([Buffer.from(`01${'00'.repeat(31)}`, 'hex'), Buffer.alloc(32)]),
  }), keyFails('PUBLIC_KEY_SMALL_ORDER'), 'EdDSA');
}

// A period that the issue lies outside of. K1 with its whole table is in keys.test.ts.
rows.upset('a key from after the issue', 'trust.md K1', (algorithm) => ({ scene: onKeys(algorithm, (key) => ({ ...key, from: second(3_600) })) }), { key: fail('DID_KEY_NOT_YET_VALID') });
rows.upset('a key that was superseded before the issue', 'trust.md K1', (algorithm) => ({ scene: onKeys(algorithm, (key) => ({ ...key, to: second(-3_600), reason: 'superseded', retiredAt: second(-3_600) })) }), { key: fail('DID_KEY_SUPERSEDED') });
const compromised = (since: Instant) => (key: DidKeyRecord): DidKeyRecord => ({ ...key, to: second(7_200), reason: 'compromised', compromisedSince: since, retiredAt: second(7_200) });
rows.upset('a key that was compromised before the issue', 'trust.md K2', (algorithm) => ({ scene: onKeys(algorithm, compromised(second(-1))) }), { key: fail('DID_KEY_COMPROMISED') });
rows.upset('a key compromised between the issue as claimed and the ledger entry', 'trust.md K2', (algorithm) => ({
  commitment: (record) => ({ ...record, committedAt: second(3_600) }), scene: onKeys(algorithm, compromised(second(1_800))),
}), { key: fail('DID_KEY_COMPROMISED') });
rows.upset('a key compromised later, and no ledger entry', 'trust.md K2', (algorithm) => ({ commitment: () => undefined, scene: onKeys(algorithm, compromised(second(3_600))) }), { key: fail('DID_KEY_COMPROMISED'), commitment: fail('CREDENTIAL_NOT_LOGGED') });
rows.upset('a key compromised later, and the evidence left out', 'trust.md K2', (algorithm) => ({ text: (text) => text.slice(0, text.indexOf('#')), scene: onKeys(algorithm, compromised(second(3_600))) }), { key: fail('DID_KEY_COMPROMISED'), commitment: unknown('CREDENTIAL_EVIDENCE_MISSING') });
rows.upset('a key compromised later, and nobody to ask', 'trust.md K2', (algorithm) => ({ scene: (scene) => ({ ...onKeys(algorithm, compromised(second(3_600)))(scene), ledger: 'silent' }) }), { key: unknown('LEDGER_UNREACHABLE'), commitment: unknown('LEDGER_UNREACHABLE') });

export const SIGNATURE_ROWS = rows.all;
