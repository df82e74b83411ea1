import { webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { LIST_BITS, setStatusBit, statusBit, type StatusPurpose } from '#domain/credential/status-list.js';
import type { ProblemCode, ProblemFields } from '#domain/errors.js';
import { instantOf } from '#domain/instant.js';
import type { StatusListRecord } from '#domain/trust/records.js';
import { trustViewOf, type TrustSnapshot } from '#domain/trust/snapshot.js';
import type { KnownStatus } from '../../../verifier/core/credential/status-checks.js';
import { newerList, verifyStatusList, type Inflate } from '../../../verifier/core/credential/status-list.js';
import { webInflate } from '../../../verifier/core/credential/web-inflate.js';
import { webCrypto } from '../../../verifier/core/web-crypto.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { ALGORITHMS, issuerOf, NOW, signatureOf, signerOf, SNAPSHOT, type Signer } from '../../support/credential-maker.js';
import { rejectsWith } from '../../support/rejects-with.js';

const URL = 'https://cap.minhchung.example/status/7QK2M9ZD4XWA-revocation';
const NAME = '7QK2M9ZD4XWA-revocation';
const HOUR = 3_600;
const SIGNED_AT = NOW / 1000 - HOUR;

const unpack = promisify(gunzip);
const nodeInflate: Inflate = async (gzip, most) => unpack(gzip, { maxOutputLength: most });
const browserInflate = webInflate(() => new DecompressionStream('gzip') as never);

function bitsWith(...indices: readonly number[]): Uint8Array {
  const bits = new Uint8Array(LIST_BITS / 8);
  for (const index of indices) setStatusBit(bits, index, true);
  return bits;
}

interface ListPlan {
  readonly signer?: Signer;
  readonly bits?: Uint8Array;
  readonly version?: number;
  readonly header?: (header: Record<string, unknown>) => unknown;
  readonly payload?: (payload: Record<string, unknown>, subject: Record<string, unknown>) => unknown;
  readonly encoded?: string;
  readonly jwt?: (jwt: string) => string;
}

const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url');
const section = (value: unknown): string => base64url(canonicalJson(value as Json));
const secondsText = (seconds: number): string => instantOf(seconds * 1000).replace('.000', '');

/** A list as an issuer publishes it. */
function listJwt({ signer = issuerOf('ChemicalLicenceCredential', 'ES256'), bits = bitsWith(7, 131_071), version = 3, ...plan }: ListPlan = {}): string {
  const subject = { id: `${URL}#list`, type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList: plan.encoded ?? `u${base64url(gzipSync(bits))}`, ttl: 300_000, version };
  const payload = {
    '@context': ['https://www.w3.org/ns/credentials/v2'], id: URL, type: ['VerifiableCredential', 'BitstringStatusListCredential'], issuer: signer.did, iss: signer.did,
    iat: SIGNED_AT, exp: SIGNED_AT + 4 * HOUR, validFrom: secondsText(SIGNED_AT), validUntil: secondsText(SIGNED_AT + 4 * HOUR), credentialSubject: subject,
  };
  const header = { alg: signer.algorithm, kid: `${signer.did}#${signer.keyId}`, typ: 'vc+jwt' };
  return signedJwt(signer, changed(header, plan.header), changed(payload, plan.payload && ((from) => plan.payload?.(from, subject))), plan.jwt);
}

function changed(value: Record<string, unknown>, edit: ((value: Record<string, unknown>) => unknown) | undefined): unknown {
  return edit === undefined ? value : edit(value);
}

function signedJwt(signer: Signer, header: unknown, payload: unknown, edit = (jwt: string): string => jwt): string {
  const signed = `${section(header)}.${section(payload)}`;
  return edit(`${signed}.${base64url(signatureOf(signer, signed))}`);
}

interface Asking {
  readonly url?: string;
  readonly purpose?: StatusPurpose;
  readonly now?: number;
  readonly snapshot?: Partial<TrustSnapshot>;
  readonly inflate?: Inflate;
}

const port = nodeCrypto();

function verify(jwt: string, { url = URL, purpose = 'revocation', now = NOW, snapshot = {}, inflate = nodeInflate }: Asking = {}): Promise<KnownStatus> {
  return verifyStatusList({ jwt, url, purpose, now, trust: trustViewOf({ ...SNAPSHOT, ...snapshot }) }, inflate, port);
}

describe('a good list', () => {
  test.each(ALGORITHMS)('%s, by both platforms', async (algorithm) => {
    const jwt = listJwt({ signer: issuerOf('ChemicalLicenceCredential', algorithm) });
    const question = { jwt, url: URL, purpose: 'revocation', now: NOW, trust: trustViewOf(SNAPSHOT) } as const;
    const known = await verifyStatusList(question, nodeInflate, port);
    expect(known).toMatchObject({ list: URL, purpose: 'revocation', version: 3, issuer: 'did:web:cuc-hoa-chat.example', validFrom: SIGNED_AT * 1000, validUntil: (SIGNED_AT + 4 * HOUR) * 1000, fetchedAt: NOW });
    expect([6, 7, 8, 131_070, 131_071].map((index) => statusBit(known.bits, index))).toEqual([false, true, false, false, true]);
    const inBrowser = await verifyStatusList(question, browserInflate, webCrypto(webcrypto.subtle as never));
    expect({ ...inBrowser, bits: Buffer.from(inBrowser.bits) }).toEqual({ ...known, bits: Buffer.from(known.bits) });
  });

  test('random bits fit as well, and so does cty vc', async () => {
    const bits = new Uint8Array(LIST_BITS / 8);
    webcrypto.getRandomValues(bits);
    const known = await verify(listJwt({ bits, header: (header) => ({ ...header, cty: 'vc' }) }));
    expect(Buffer.from(known.bits).equals(bits)).toBe(true);
  });

  test('a minute ahead of this clock', async () => {
    expect((await verify(listJwt(), { now: SIGNED_AT * 1000 - 60_000 })).version).toBe(3);
  });
});

type Row = readonly [name: string, source: string, jwt: () => string, code: ProblemCode, asking?: Asking, fields?: ProblemFields];

const issuer = issuerOf('ChemicalLicenceCredential', 'ES256');
const onKey = (change: object): Asking => ({ snapshot: { keys: SNAPSHOT.keys.map((key) => (key.did === issuer.did ? { ...key, ...change } : key)) } });
const onDid = (change: object): Asking => ({ snapshot: { dids: SNAPSHOT.dids.map((one) => (one.did === issuer.did ? { ...one, ...change } : one)) } });
const at = (seconds: number) => instantOf((SIGNED_AT + seconds) * 1000);
const published = (version: number, hash: string): Asking => {
  const record: StatusListRecord = { kind: 'status-list', did: issuer.did, list: NAME, purpose: 'revocation', version, hash, publishedAt: at(1) };
  return { snapshot: { lists: [record] } };
};
const hashOf = (jwt: string): string => createHash('sha256').update(jwt).digest('hex');
const compromised = { to: at(HOUR), reason: 'compromised', retiredAt: at(HOUR), compromisedSince: at(HOUR / 2) };

const onPayload = (edit: (payload: Record<string, unknown>, subject: Record<string, unknown>) => object) => () => listJwt({ payload: edit });
const onSubject = (change: object) => () => listJwt({ payload: (payload, subject) => ({ ...payload, credentialSubject: { ...subject, ...change } }) });

const ROWS: readonly Row[] = [
  // K6: somebody else's, another address, another purpose
  ['a self-made issuer', 'trust.md K6', () => listJwt({ signer: signerOf('did:web:evil.example', 'k', 'ES256') }), 'DID_UNKNOWN'],
  ['signed by another key', 'trust.md K6', () => listJwt({ signer: { ...issuer, privateKey: signerOf('did:web:evil.example', 'k', 'ES256').privateKey } }), 'CREDENTIAL_SIGNATURE_WRONG'],
  ['a key of another issuer', 'trust.md C3', () => listJwt({ header: (header) => ({ ...header, kid: 'did:web:so-dang-ky.example#khoa-p256' }) }), 'CREDENTIAL_KID_WRONG'],
  ['a key that nobody knows', 'trust.md C3', () => listJwt({ signer: { ...issuer, keyId: 'khoa-khac' } }), 'DID_KEY_UNKNOWN'],
  ['issuer and iss that differ', 'trust.md C8', onPayload((payload) => ({ ...payload, issuer: 'did:web:so-dang-ky.example' })), 'STATUS_LIST_MALFORMED'],
  ['asked for at another address', 'trust.md K5', () => listJwt(), 'STATUS_LIST_ADDRESS_DIFFERS', { url: `${URL}-2` }, { stated: URL }],
  ['a subject of another address', 'trust.md K6', onSubject({ id: `${URL}-2#list` }), 'STATUS_LIST_ADDRESS_DIFFERS'],
  ['a subject without #list', 'Bitstring Status List 1.0 section 3.1', onSubject({ id: URL }), 'STATUS_LIST_ADDRESS_DIFFERS'],
  ['asked for another purpose', 'trust.md K6', () => listJwt(), 'STATUS_LIST_PURPOSE_DIFFERS', { purpose: 'suspension' }, { stated: 'revocation' }],
  ['a purpose that nobody knows', 'trust.md K6', onSubject({ statusPurpose: 'message' }), 'STATUS_LIST_MALFORMED'],
  // K4: times and versions
  ['past its time', 'trust.md K4', () => listJwt(), 'STATUS_LIST_EXPIRED', { now: (SIGNED_AT + 4 * HOUR) * 1000 }],
  ['61 seconds ahead', 'trust.md C12', () => listJwt(), 'STATUS_LIST_NOT_YET_VALID', { now: SIGNED_AT * 1000 - 61_000 }],
  ['an older version than that on the ledger', 'trust.md K4', () => listJwt(), 'STATUS_LIST_ROLLED_BACK', published(4, 'a'.repeat(64)), { version: '3', published: '4' }],
  ['another text than that on the ledger', 'trust.md K4', () => listJwt(), 'STATUS_LIST_NOT_PUBLISHED', published(3, 'a'.repeat(64)), { version: '3' }],
  ['exp that validUntil does not say', 'trust.md C7', onPayload((payload) => ({ ...payload, exp: SIGNED_AT + 5 * HOUR })), 'STATUS_LIST_MALFORMED'],
  ['iat that validFrom does not say', 'trust.md C7', onPayload((payload) => ({ ...payload, iat: SIGNED_AT - 1 })), 'STATUS_LIST_MALFORMED'],
  ['an end before its beginning', 'trust.md C6', onPayload((payload) => ({ ...payload, exp: SIGNED_AT - 1, validUntil: secondsText(SIGNED_AT - 1) })), 'STATUS_LIST_MALFORMED'],
  // K2 for lists
  ['a key from after it', 'trust.md K1', () => listJwt(), 'DID_KEY_NOT_YET_VALID', onKey({ from: at(1) })],
  ['a key that was superseded before it', 'trust.md K1', () => listJwt(), 'DID_KEY_SUPERSEDED', onKey({ to: at(-1), reason: 'superseded', retiredAt: at(-1) })],
  ['a key that was compromised before it', 'trust.md K2', () => listJwt(), 'DID_KEY_COMPROMISED', onKey({ ...compromised, compromisedSince: at(-1) })],
  ['a key that was compromised later, and no ledger entry', 'trust.md K2', () => listJwt(), 'DID_KEY_COMPROMISED', onKey(compromised)],
  ['an issuer that was withdrawn', 'trust.md C21', () => listJwt(), 'DID_WITHDRAWN', onDid({ withdrawn: { at: at(-1), effect: 'from-now', reason: 'x' } })],
  // C1 to C5, C18, C19
  ['a credential in its place', 'trust.md C5', () => listJwt({ header: (header) => ({ ...header, typ: 'JWT' }) }), 'CREDENTIAL_TYP_WRONG'],
  ['a token inside', 'trust.md C5', () => listJwt({ header: (header) => ({ ...header, cty: 'JWT' }) }), 'CREDENTIAL_HEADER_NESTED'],
  ['alg none', 'trust.md C1', () => listJwt({ header: (header) => ({ ...header, alg: 'none' }) }), 'CREDENTIAL_ALGORITHM_REFUSED'],
  ['a key of its own', 'trust.md C2', () => listJwt({ header: (header) => ({ ...header, jwk: issuer.jwk }) }), 'CREDENTIAL_HEADER_OWN_KEY'],
  ['crit', 'trust.md C4', () => listJwt({ header: (header) => ({ ...header, crit: ['exp'] }) }), 'CREDENTIAL_HEADER_CRITICAL'],
  ['two parts', 'trust.md C19', () => listJwt({ jwt: (jwt) => jwt.slice(0, jwt.lastIndexOf('.')) }), 'CREDENTIAL_TEXT_MALFORMED'],
  ['a line end behind', 'trust.md C19', () => listJwt({ jwt: (jwt) => `${jwt}\n` }), 'CREDENTIAL_SIGNATURE_MALFORMED'],
  ['an HTML page', 'trust.md K3', () => '<!doctype html><title>502</title>', 'CREDENTIAL_TEXT_MALFORMED'],
  ['nothing', 'trust.md K3', () => '', 'CREDENTIAL_TEXT_MALFORMED'],
  ['256 KiB', 'trust.md S5', () => 'a'.repeat(262_144), 'STATUS_LIST_TOO_LARGE'],
  ['a member twice', 'trust.md C18', () => listJwt({ jwt: (jwt) => jwt.replace(/\.(.*)\./, (_, payload: string) => `.${base64url(Buffer.from(payload, 'base64url').toString().replace('"id"', '"id":"x","id"'))}.`) }), 'JSON_DUPLICATE_KEY'],
  // its members
  ['a member that nobody knows', 'the design', onPayload((payload) => ({ ...payload, nbf: SIGNED_AT })), 'STATUS_LIST_MALFORMED', {}, { field: 'nbf', reason: 'FIELD_UNKNOWN' }],
  ['another context', 'trust.md C24', onPayload((payload) => ({ ...payload, '@context': ['https://evil.example'] })), 'STATUS_LIST_MALFORMED'],
  ['another type', 'Bitstring Status List 1.0 section 3.1', onPayload((payload) => ({ ...payload, type: ['VerifiableCredential', 'VerifiableCredential'] })), 'STATUS_LIST_MALFORMED'],
  ['version 0', 'the design', onSubject({ version: 0 }), 'STATUS_LIST_MALFORMED', {}, { field: 'credentialSubject.version' }],
  ['no version', 'the design', onSubject({ version: undefined }), 'STATUS_LIST_MALFORMED', {}, { field: 'credentialSubject.version', reason: 'FIELD_MISSING' }],
  ['a version as a text', 'the design', onSubject({ version: '3' }), 'STATUS_LIST_MALFORMED'],
  // K8 and the bits
  ['bits without the u of multibase', 'Bitstring Status List 1.0 section 3.3', () => listJwt({ encoded: base64url(gzipSync(bitsWith())) }), 'STATUS_LIST_MALFORMED'],
  ['bits that are no gzip', 'trust.md K8', () => listJwt({ encoded: `u${base64url('x'.repeat(100))}` }), 'STATUS_LIST_BITS_WRONG'],
  ['gzip cut short', 'trust.md K8', () => listJwt({ encoded: `u${base64url(gzipSync(bitsWith(1)).subarray(0, -9))}` }), 'STATUS_LIST_BITS_WRONG'],
  ['bits in spare base64url', 'trust.md C19', () => listJwt({ encoded: 'uAB' }), 'STATUS_LIST_BITS_WRONG'],
  ['a byte too few', 'trust.md K7', () => listJwt({ bits: new Uint8Array(LIST_BITS / 8 - 1) }), 'STATUS_LIST_BITS_WRONG'],
  ['a byte too many', 'trust.md K7', () => listJwt({ bits: new Uint8Array(LIST_BITS / 8 + 1) }), 'STATUS_LIST_BITS_WRONG'],
  ['sixteen bits', 'trust.md K7', () => listJwt({ bits: new Uint8Array(2) }), 'STATUS_LIST_BITS_WRONG'],
  ['a bomb of 30 MB in 29 KB (K8)', 'trust.md K8', () => listJwt({ bits: new Uint8Array(30_000_000) }), 'STATUS_LIST_BITS_WRONG'],
];

describe('a list is refused', () => {
  test.each(ROWS.map((row) => [row[0], row] as const))('%s', async (_, [, , jwt, code, asking, fields]) => {
    for (const inflate of [nodeInflate, browserInflate]) {
      await rejectsWith(verify(jwt(), { inflate, ...asking }), code, { list: asking?.url ?? URL, ...fields });
    }
  });

  test('where a browser has no cryptography', async () => {
    await rejectsWith(verifyStatusList({ jwt: listJwt(), url: URL, purpose: 'revocation', now: NOW, trust: trustViewOf(SNAPSHOT) }, nodeInflate, webCrypto(undefined)), 'CRYPTO_UNAVAILABLE', { list: URL });
  });
});

describe('against the ledger', () => {
  test('the version that stands there is taken', async () => {
    const jwt = listJwt();
    expect((await verify(jwt, published(3, hashOf(jwt)))).version).toBe(3);
  });

  test('a newer version than this copy of the register knows is taken: it was on the ledger before it was served', async () => {
    expect((await verify(listJwt(), published(2, 'a'.repeat(64)))).version).toBe(3);
  });

  test('under a key compromised later, what stands on the ledger is taken (K2)', async () => {
    const jwt = listJwt();
    expect((await verify(jwt, { snapshot: { ...onKey(compromised).snapshot, ...published(3, hashOf(jwt)).snapshot } })).version).toBe(3);
  });
});

describe('newerList (K4, K5)', () => {
  const list = (change: Partial<KnownStatus>): KnownStatus => ({ list: URL, purpose: 'revocation', version: 6, issuer: issuer.did, validFrom: 1_000, validUntil: 9_000, bits: bitsWith(), fetchedAt: 2_000, ...change });
  const six = list({});
  const seven = list({ version: 7 });

  test.each<readonly [string, KnownStatus | undefined, KnownStatus, 'kept' | 'fetched']>([
    ['the first one', undefined, six, 'fetched'],
    ['version 7 after 6', six, seven, 'fetched'],
    ['version 6 after 7', seven, six, 'kept'],
    ['the same version signed anew', six, list({ validFrom: 1_001 }), 'fetched'],
    ['the same version, signed earlier', six, list({ validFrom: 999 }), 'kept'],
    ['version 6 signed anew after 7', seven, list({ validFrom: 5_000 }), 'kept'],
    ['another issuer at the same address', six, list({ version: 9, issuer: 'did:web:evil.example' as never }), 'kept'],
    ['another address', six, list({ version: 9, list: `${URL}-2` }), 'kept'],
    ['another purpose', six, list({ version: 9, purpose: 'suspension' }), 'kept'],
  ])('%s', (_, kept, fetched, expected) => expect(newerList(kept, fetched)).toBe(expected === 'kept' ? kept : fetched));
});
