import { verify } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { getDidKeyResolver } from '@veramo/did-provider-key';
import { verifyCredential } from 'did-jwt-vc';
import type { DIDResolutionResult } from 'did-resolver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '#domain/canonical-json.js';
import { decodeBase64Url } from '#domain/base64url.js';
import { parseDid } from '#domain/trust/did.js';
import { ownKeyOf } from '#domain/trust/did-public-key.js';
import { publicKeyJwk } from '#domain/trust/public-key.js';
import type { UnsignedCredential } from '../../issuer/credentials/jwt-encoder.js';
import { didDocument } from '../../issuer/dids/did-document.js';
import { didKeyOf } from '../../issuer/dids/own-key-did.js';
import type { HeldKey } from '../../issuer/dids/held-did.js';
import { KeyVault } from '../../issuer/keys/key-vault.js';
import { newSigningKey, publicKeyBytes, readSigningKey, signWith } from '../../issuer/keys/signing-key.js';
import { buildAgent, type IssuerAgent } from '../../issuer/veramo-agent.js';
import { rejectsWith } from '../support/rejects-with.js';
import { temporaryStore, type TemporaryStore } from './temporary-store.js';

const WEB = parseDid('did:web:localhost%3A8082:dai-hoc-vi-du');
const ALGORITHMS = ['ES256', 'EdDSA'] as const;

let files: TemporaryStore;
let agent: IssuerAgent;
let vault: KeyVault;
beforeAll(async () => {
  files = await temporaryStore();
  vault = new KeyVault(files.store);
  agent = buildAgent({ store: files.store, vault, documentOf: async (did) => (did === WEB ? { id: WEB } : undefined) });
  await agent.createDid({ alias: WEB, method: 'web', vault: 'web-1', algorithm: 'ES256', webDid: WEB });
  await agent.addKey(WEB, 'web-2', 'EdDSA');
});
afterAll(async () => files.remove());

const credential = (change: Record<string, unknown> = {}): UnsignedCredential => ({
  '@context': ['https://www.w3.org/2018/credentials/v1', 'https://minhchung.example/contexts/credentials/v1'], type: ['VerifiableCredential', 'DiplomaCredential'],
  id: 'urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d', issuer: WEB, issuanceDate: '2026-11-20T08:00:00Z', iat: 1_795_161_600,
  credentialSubject: { id: 'urn:uuid:1c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d', title: 'Bằng cử nhân', a: [3, 2] }, ...change,
});
const keyOf = (algorithm: 'ES256' | 'EdDSA'): { vault: string; keyId: string } => (algorithm === 'ES256' ? { vault: 'web-1', keyId: 'key-1' } : { vault: 'web-2', keyId: 'key-2' });
const section = (jwt: string, at: number): string => Buffer.from(jwt.split('.')[at] ?? '', 'base64url').toString();

describe('a credential', () => {
  it.each(ALGORITHMS)('in %s has exactly three header members and a canonical payload', async (algorithm) => {
    const jwt = await agent.signCredential(credential(), keyOf(algorithm));
    expect(section(jwt, 0)).toBe(canonicalJson({ alg: algorithm, kid: `${WEB}#${keyOf(algorithm).keyId}`, typ: 'JWT' }));
    expect(section(jwt, 1)).toBe(canonicalJson({
      iss: WEB, sub: 'urn:uuid:1c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d', jti: 'urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d', iat: 1_795_161_600, nbf: 1_795_161_600,
      vc: { '@context': [...credential()['@context']], type: [...credential().type], credentialSubject: { title: 'Bằng cử nhân', a: [3, 2] } },
    }));
    expect(jwt.split('.')[2]).toHaveLength(86);
  });

  it.each(ALGORITHMS)('in %s is accepted by did-jwt-vc', async (algorithm) => {
    const jwt = await agent.signCredential(credential(), keyOf(algorithm));
    const keys: HeldKey[] = await Promise.all(ALGORITHMS.map(async (one) => ({ ...keyOf(one), ...await vault.publicHalf(keyOf(one).vault), state: 'active' as const })));
    const document = didDocument({ did: WEB, keys });
    const resolver = { resolve: async () => ({ didResolutionMetadata: {}, didDocument: document, didDocumentMetadata: {} }) as unknown as DIDResolutionResult };
    const { verified, issuer, signer } = await verifyCredential(jwt, resolver, { proofPurpose: 'assertionMethod', policies: { now: 1_795_161_700 } });
    expect([verified, issuer, signer.id]).toEqual([true, WEB, `${WEB}#${keyOf(algorithm).keyId}`]);
    const broken = `${jwt.slice(0, -4)}AAAA`;
    await expect(verifyCredential(broken, resolver)).rejects.toThrow(/invalid_signature/);
  });

  it.each([
    ['@context', { '@context': ['https://www.w3.org/ns/credentials/v2'] }],
    ['@context', { '@context': ['https://www.w3.org/2018/credentials/v1', 'https://www.w3.org/ns/credentials/v2'] }],
    ['@context', { '@context': [] }],
    ['@context', { '@context': 'https://www.w3.org/2018/credentials/v1' }],
    ['validFrom', { validFrom: '2026-11-20T08:00:00Z' }],
    ['validUntil', { validUntil: '2027-11-20T08:00:00Z' }],
    ['name', { name: 'x' }],
  ])('of data model 2.0 is refused by %s, not signed as something between', async (field, change) => {
    await rejectsWith(agent.signCredential(credential(change), keyOf('ES256')), 'CREDENTIAL_MODEL_UNSUPPORTED', { field });
  });

  it('leaves the caller\'s object as it was', async () => {
    const given = credential();
    const before = structuredClone(given);
    await agent.signCredential(given, keyOf('ES256'));
    expect(given).toEqual(before);
  });

  it.each([
    ['of a DID that is not held here', credential({ issuer: 'did:web:other.example' }), 'web-1'],
    ['with a key of nobody', credential(), 'nobody'],
  ])('%s is not signed', async (_, given, name) => {
    await expect(agent.signCredential(given, { vault: name, keyId: 'key-1' })).rejects.toThrow(/not_found|managed by this agent/);
  });
});

describe('DIDs', () => {
  it.each(ALGORITHMS)('did:key of %s is the key itself, as the registry and Veramo\'s own resolver read it', async (algorithm) => {
    const { did, publicKeyJwk: jwk } = await agent.createDid({ alias: `key ${algorithm}`, method: 'key', vault: `k-${algorithm}`, algorithm });
    expect(did.startsWith(algorithm === 'ES256' ? 'did:key:zDn' : 'did:key:z6Mk')).toBe(true);
    expect(did).toBe(didKeyOf(jwk)); // spelt by this program too, where one of the two is Veramo's
    expect(ownKeyOf(parseDid(did))).toEqual({ keyId: did.slice('did:key:'.length), algorithm, publicKeyBytes: Uint8Array.from(publicKeyBytes(jwk)) });
    const theirs = await resolvedByVeramo(did);
    expect(numberOf(theirs['x'])).toBe(numberOf(jwk.x));
    expect(numberOf(theirs['y'])).toBe(numberOf(jwk.kty === 'EC' ? jwk.y : undefined));
  });

  it.each(ALGORITHMS)('did:jwk of %s is the key\'s canonical JSON', async (algorithm) => {
    const { did, publicKeyJwk: jwk } = await agent.createDid({ alias: `jwk ${algorithm}`, method: 'jwk', vault: `j-${algorithm}`, algorithm });
    expect(ownKeyOf(parseDid(did))).toEqual({ keyId: '0', algorithm, jwk });
    expect(Buffer.from(decodeBase64Url(did.slice('did:jwk:'.length)) ?? []).toString()).toBe(canonicalJson({ ...jwk }));
  });

  it('asked for again are the same ones, with the same key', async () => {
    const again = await agent.createDid({ alias: WEB, method: 'web', vault: 'another', algorithm: 'EdDSA', webDid: WEB });
    expect(again).toMatchObject({ did: WEB, vault: 'web-1', algorithm: 'ES256' });
  });

  it.each(['key', 'jwk'] as const)('did:%s takes no second key', async (method) => {
    const { did } = await agent.createDid({ alias: `one ${method}`, method, vault: `one-${method}`, algorithm: 'ES256' });
    await expect(agent.addKey(did, `two-${method}`, 'ES256')).rejects.toThrow('the key is in the DID itself');
  });

  it('resolve to what is held here, and nothing else is looked for', async () => {
    expect(await agent.resolve(WEB)).toMatchObject({ didDocument: { id: WEB } });
    expect(await agent.resolve('did:web:169.254.169.254')).toMatchObject({ didDocument: null, didResolutionMetadata: { error: 'notFound' } });
  });
});

describe('keys', () => {
  it('have coordinates of 32 bytes, on the curve, and one DID each', () => {
    for (let made = 0; made < 300; made++) {
      const { publicKeyJwk: jwk } = newSigningKey('ES256').key;
      expect(publicKeyJwk(jwk)).toEqual(jwk);
      const own = ownKeyOf(didKeyOf(jwk));
      expect(own !== undefined && 'publicKeyBytes' in own && Buffer.from(own.publicKeyBytes).equals(publicKeyBytes(jwk))).toBe(true);
    }
  });

  it('keep the leading zeros of a coordinate (RFC 7518 6.2.1.2)', () => {
    const { key } = found((jwk) => Buffer.from(jwk.x, 'base64url')[0] === 0);
    expect(Buffer.from(key.publicKeyJwk.x, 'base64url')).toHaveLength(32);
    const own = ownKeyOf(didKeyOf(key.publicKeyJwk));
    expect(own !== undefined && 'publicKeyBytes' in own ? Buffer.from(own.publicKeyBytes).subarray(1) : undefined).toEqual(Buffer.from(key.publicKeyJwk.x, 'base64url'));
  });

  it.each(ALGORITHMS)('of %s come back from their sealed form and sign', (algorithm) => {
    const { key, pkcs8 } = newSigningKey(algorithm);
    const again = readSigningKey(pkcs8);
    expect(again.publicKeyJwk).toEqual(key.publicKeyJwk);
    const signature = signWith(again, Buffer.from('text'));
    const publicKey = { key: { ...key.publicKeyJwk }, format: 'jwk' as const, dsaEncoding: 'ieee-p1363' as const };
    expect([signature.length, verify(algorithm === 'ES256' ? 'sha256' : undefined, Buffer.from('text'), publicKey as never, signature)]).toEqual([64, true]);
  });

  it('sign ECDSA with the lower of the two values of S, so that a text has one form (SEC 1 4.1.3; order of P-256 from SP 800-186)', () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const { key } = newSigningKey('ES256');
    const publicKey = { key: { ...key.publicKeyJwk }, format: 'jwk' as const, dsaEncoding: 'ieee-p1363' as const };
    for (let n = 0; n < 200; n++) {
      const signature = signWith(key, Buffer.from(`text ${n}`));
      expect(BigInt(`0x${signature.subarray(32).toString('hex')}`) <= order / 2n).toBe(true);
      expect(verify('sha256', Buffer.from(`text ${n}`), publicKey as never, signature)).toBe(true);
    }
  });

  it('that are unknown do not sign', async () => {
    await rejectsWith(vault.sign('nobody', Buffer.from('x')), 'DID_KEY_UNKNOWN', { key: 'nobody' });
  });

  it('that are removed are gone, also after a restart', async () => {
    await vault.create('short-lived', 'ES256');
    await vault.remove('short-lived');
    await rejectsWith(new KeyVault(files.store).sign('short-lived', Buffer.from('x')), 'DID_KEY_UNKNOWN');
  });

  it('made under a name that is taken are not made', async () => {
    const first = await vault.create('named', 'ES256');
    expect(await vault.create('named', 'EdDSA')).toEqual(first);
  });
});

/** The key as Veramo's resolver gives it: without the leading zeros of its coordinates. */
async function resolvedByVeramo(did: string): Promise<Record<string, string | undefined>> {
  const resolved = await getDidKeyResolver()['key']?.(did, {} as never, {} as never, {});
  return (resolved?.didDocument?.verificationMethod?.[0]?.publicKeyJwk ?? {});
}

function numberOf(coordinate: string | undefined): bigint | undefined {
  return coordinate === undefined ? undefined : BigInt(`0x${Buffer.from(coordinate, 'base64url').toString('hex')}`);
}

function found(isWanted: (jwk: { x: string }) => boolean): ReturnType<typeof newSigningKey> {
  for (;;) {
    const made = newSigningKey('ES256');
    if (isWanted(made.key.publicKeyJwk)) return made;
  }
}

describe('verification', () => {
  it('is not done by this agent: it offers no method that could', async () => {
    expect(Object.keys(agent).sort()).toEqual(['addKey', 'createDid', 'resolve', 'sign', 'signCredential']);
  });

  it('is nowhere asked of Veramo in the sources of the issuer', async () => {
    const sources = (await readdir('issuer', { recursive: true })).filter((path) => path.endsWith('.ts'));
    const texts = await Promise.all(sources.map(async (path) => ({ path, text: await readFile(`issuer/${path}`, 'utf8') })));
    expect(texts.filter(({ text }) => /agent\.verify|verifyJWT|verifyJWS|verifyCredential\(jwt|verifyPresentation\(jwt/.test(text)).map(({ path }) => path)).toEqual([]);
    expect(texts.filter(({ text }) => text.includes("from '@veramo/")).map(({ path }) => path)).toEqual(['veramo-agent.ts']);
    expect(texts.filter(({ text }) => text.includes("from 'did-jwt")).map(({ path }) => path)).toEqual(['credentials/jwt-encoder.ts']);
  });
});
