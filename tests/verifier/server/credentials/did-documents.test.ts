import { beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import { instantOf, type Instant } from '#domain/instant.js';
import type { Did } from '#domain/trust/did.js';
import type { TrustSnapshot } from '#domain/trust/snapshot.js';
import { documentUrl } from '../../../../verifier/server/credentials/did-document-keeper.js';
import { nodeCrypto } from '../../../../verifier/server/node-crypto.js';
import { nodeInflate } from '../../../../verifier/server/node-inflate.js';
import { TrustWorker } from '../../../../verifier/server/trust-worker.js';
import { issuerOf, NOW, signerOf, SNAPSHOT } from '../../../support/credential-maker.js';

const SIGNER = issuerOf('ChemicalLicenceCredential', 'ES256');
const MINUTE = 60_000;

/** What the worker fetches from, open to change. */
let snapshot: TrustSnapshot;
let published: Map<string, string>;
let asked: string[];
let faults: unknown[];
let now: number;

beforeEach(() => {
  [snapshot, published, asked, faults, now] = [SNAPSHOT, new Map<string, string>(), [], [], NOW];
});

function workerOf(): TrustWorker {
  return new TrustWorker({
    trust: { trustSnapshot: async () => snapshot }, issuerOrigin: 'https://cap.minhchung.example', crypto: nodeCrypto(), inflate: nodeInflate,
    now: () => now, onFault: (error) => faults.push(error),
    published: {
      text: async (url) => {
        asked.push(url);
        const found = published.get(url);
        if (found === undefined) throw new Problem('FETCH_FAILED', { url });
        return found;
      },
    },
  });
}

function change(part: Partial<TrustSnapshot>): void {
  snapshot = { ...snapshot, height: String(Number(snapshot.height) + 1), knownAt: instantOf(now), ...part };
}

describe('DID documents', () => {
  const did = SIGNER.did;
  const url = 'https://cuc-hoa-chat.example/.well-known/did.json';
  const document = (edit: (document: Record<string, unknown>) => void = () => undefined): string => {
    const methods = snapshot.keys.filter((key) => key.did === did).map((key) => ({ id: `${did}#${key.keyId}`, type: 'JsonWebKey2020', controller: did, publicKeyJwk: key.publicKeyJwk }));
    const made: Record<string, unknown> = { '@context': ['https://www.w3.org/ns/did/v1'], id: did, verificationMethod: methods, assertionMethod: methods.map(({ id }) => id) };
    edit(made);
    return JSON.stringify(made);
  };
  const after = async (text: string): Promise<unknown> => {
    published.set(url, text);
    const worker = workerOf();
    await worker.round();
    return worker.documentOf(did);
  };
  type Method = Record<string, unknown>;
  const methodsOf = (one: Record<string, unknown>): Method[] => one['verificationMethod'] as Method[];

  test('that say the same agree', async () => expect(await after(document())).toEqual({ finding: 'agrees', checkedAt: NOW }));

  test.each<[string, (document: Record<string, unknown>) => void, readonly string[]]>([
    ['a key that is missing', (one) => { one['assertionMethod'] = (one['assertionMethod'] as string[]).slice(1); }, ['key-missing']],
    ['a key only under authentication', (one) => { one['authentication'] = one['assertionMethod']; delete one['assertionMethod']; }, ['key-missing']],
    ['another key of the same name', (one) => { methodsOf(one)[0]!['publicKeyJwk'] = signerOf(did, 'thief', 'ES256').jwk; }, ['key-other']],
    ['a key with another controller', (one) => { methodsOf(one)[0]!['controller'] = 'did:web:evil.example'; }, ['key-other']],
    ['a key in another form', (one) => { delete methodsOf(one)[0]!['publicKeyJwk']; }, ['key-other']],
    ['a private key beside the public one', (one) => { methodsOf(one)[0]!['publicKeyJwk'] = { ...methodsOf(one)[0]!['publicKeyJwk'] as object, d: 'x' }; }, ['key-other']],
    ['one key more', (one) => { (one['assertionMethod'] as unknown[]).push({ id: '#thief', controller: did, publicKeyJwk: signerOf(did, 'thief', 'ES256').jwk }); }, ['key-unregistered']],
    ['everything at once', (one) => { (one['assertionMethod'] as unknown[]).splice(0, 1, `${did}#thief`); methodsOf(one)[1]!['publicKeyJwk'] = signerOf(did, 'thief', 'EdDSA').jwk; }, ['key-missing', 'key-other', 'key-unregistered']],
  ])('%s is a difference', async (_, edit, differences) => {
    expect(await after(document(edit))).toEqual({ finding: 'differs', checkedAt: NOW, differences });
  });

  test.each<[string, (document: Record<string, unknown>) => void]>([
    ['relative ids', (one) => { one['assertionMethod'] = (one['assertionMethod'] as string[]).map((id) => id.slice(id.indexOf('#'))); }],
    ['embedded methods', (one) => { one['assertionMethod'] = one['verificationMethod']; delete one['verificationMethod']; }],
    ['hints in the key', (one) => { methodsOf(one)[0]!['publicKeyJwk'] = { ...methodsOf(one)[0]!['publicKeyJwk'] as object, kid: 'k', use: 'sig', alg: 'ES256', key_ops: ['verify'] }; }],
    ['other members', (one) => { one['service'] = [{ id: '#a', serviceEndpoint: 'https://x.example' }]; }],
  ])('%s is none', async (_, edit) => expect(await after(document(edit))).toMatchObject({ finding: 'agrees' }));

  test.each([['no JSON', '<html>'], ['a list', '[]'], ['null', 'null'], ['another DID', '{"id":"did:web:evil.example"}'], ['duplicate members', `{"id":"x","id":"${did}"}`]])('%s could not be read', async (_, text) => {
    expect(await after(text)).toEqual({ finding: 'unreachable', checkedAt: NOW });
    expect(faults).toContainEqual(expect.objectContaining({ code: 'DID_DOCUMENT_MALFORMED' }));
  });

  test('retired keys are not expected, and one that still signs is a difference', async () => {
    const retired = '2026-11-01T00:00:00.000Z' as Instant;
    const before = document();
    change({ keys: snapshot.keys.map((key) => (key.did === did && key.algorithm === 'EdDSA' ? { ...key, to: retired, reason: 'superseded' as const, retiredAt: retired } : key)) });
    expect(await after(before)).toMatchObject({ finding: 'differs', differences: ['key-unregistered'] });
  });

  test('are looked at every ten minutes, and a difference again when the register says something else of these keys', async () => {
    published.set(url, document((one) => { one['assertionMethod'] = []; }));
    const worker = workerOf();
    const looks = (): number => asked.filter((one) => one === url).length;
    await worker.round();
    await worker.round();
    expect([looks(), worker.metrics().includes('verifier_did_documents{finding="differs"} 1')]).toEqual([1, true]);
    change({});
    await worker.round();
    expect(looks()).toBe(1);
    change({ keys: snapshot.keys.map((key) => (key.did === did ? { ...key, keyId: `${key.keyId}-b` } : key)) });
    published.set(url, document());
    await worker.round();
    expect([looks(), worker.documentOf(did)?.finding]).toEqual([2, 'agrees']);
    now += 10 * MINUTE;
    await worker.round();
    expect(looks()).toBe(3);
  });

  test.each([['did:web:localhost%3A8082:bo', 'http://localhost:8082', 'http://localhost:8082/bo/did.json'], ['did:web:bo.example', 'http://localhost:8082', 'https://bo.example/.well-known/did.json'], ['did:web:cap.example', 'https://cap.example', 'https://cap.example/.well-known/did.json']])('that of %s beside an issuer at %s stands at %s', (one, origin, at) => {
    expect(documentUrl(one as Did, origin)).toBe(at);
  });
});
