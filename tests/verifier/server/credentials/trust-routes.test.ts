import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { PROBLEMS } from '#domain/errors.js';
import { parseDay } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { authorise } from '#domain/trust/authorise.js';
import { parseDid } from '#domain/trust/did.js';
import { trustSnapshot, trustViewOf, type TrustSnapshot } from '#domain/trust/snapshot.js';
import { CREDENTIAL_CHECKS, CREDENTIAL_REASONS } from '../../../../verifier/core/credential/credential-report.js';
import { snapshotPart } from '../../../../verifier/server/credentials/snapshot-part.js';
import { guardedFetch } from '../../../../verifier/server/guarded-fetch.js';
import { issuerOf, SAMPLES, sceneOf } from '../../../support/credential-maker.js';
import { CHAIN, childGrant, day, DEPARTMENT, DIDS, FACULTY, KEY_DID, keyOf, MINISTRY, question, rootGrant, UNIVERSITY } from '../../../support/trust-records.js';
import { type CredentialWindow, openCredentialWindow } from '../credential-window.js';
import { openCanary } from './canary.js';
import { PRIVATE_SPELLINGS } from './private-addresses.js';

let window: CredentialWindow;
beforeAll(async () => { window = await openCredentialWindow(); });
afterAll(() => window.app.close());

const get = async (url: string): Promise<{ statusCode: number; body: string; headers: Record<string, unknown> }> => window.app.inject({ url });

describe('/trust/snapshot', () => {
  test('whole, it is what the gateway gave, with its age in it', async () => {
    const { body, headers } = await get('/trust/snapshot');
    expect(JSON.parse(body)).toEqual(window.world.snapshot);
    expect([headers['cache-control'], headers['access-control-allow-origin']]).toEqual(['no-cache', '*']);
    expect(trustSnapshot(JSON.parse(body)).knownAt).toBe('2026-11-21T08:29:55.000Z');
  });

  test('of one issuer, only what its credentials are judged by', async () => {
    const part = trustSnapshot(JSON.parse((await get(`/trust/snapshot?did=${encodeURIComponent(SAMPLES.DiplomaCredential.issuer)}`)).body));
    expect(part).toMatchObject({ height: window.world.snapshot.height, knownAt: window.world.snapshot.knownAt });
    expect(part.dids.map(({ did }) => did)).toEqual([SAMPLES.DiplomaCredential.issuer]);
    expect([part.keys.length, part.grants.map(({ id }) => id), part.lists.length, part.organisations.map(({ id }) => id)]).toEqual([2, ['quyen-DiplomaCredential'], 3, ['so-dang-ky', 'dai-hoc-vi-du']]);
  });

  test('of one that is not on the register, nothing but how old it is', async () => {
    expect(JSON.parse((await get('/trust/snapshot?did=did:web:la.example')).body)).toMatchObject({ dids: [], keys: [], grants: [], lists: [] });
  });

  test.each(['x', 'did:web:127.0.0.1', 'did:web:A.example', ''])('?did=%s is refused', async (text) => {
    const { statusCode, body } = await get(`/trust/snapshot?did=${text}`);
    expect([statusCode, JSON.parse(body)]).toEqual([expect.any(Number), expect.objectContaining({ code: expect.stringMatching(/^DID_|^FIELD_/) as string })]);
    expect(statusCode).toBeGreaterThanOrEqual(400);
  });

  test('no more than eight at once', async () => {
    const { statusCode } = await get(`/trust/snapshot?${Array.from({ length: 9 }, (_, at) => `did=did:web:a${at}.example`).join('&')}`);
    expect(statusCode).toBe(413);
  });

  test('before there is one: 503', async () => {
    const early = await openCredentialWindow({ prefetched: false });
    expect((await early.app.inject('/trust/snapshot')).statusCode).toBe(503);
    await early.app.close();
  });
});

describe('a part of the register', () => {
  const whole: TrustSnapshot = {
    height: '7', knownAt: day(365), dids: DIDS, keys: [keyOf(MINISTRY, 'k'), keyOf(UNIVERSITY, 'k'), keyOf(FACULTY, 'k')],
    grants: [...CHAIN, rootGrant('other', DEPARTMENT, { credentialType: 'ChemicalLicenceCredential' }), childGrant('faculty', CHAIN[2], FACULTY)], lists: [], revocations: [], licences: [], organisations: [],
  };
  const register = (snapshot: TrustSnapshot): Parameters<typeof snapshotPart>[0] => ({ snapshot, view: { ...trustViewOf(snapshot), knownAt: 0 } });

  test('holds the whole chain above an issuer, and nothing beside or below it', () => {
    const part = snapshotPart(register(whole), [UNIVERSITY]);
    expect(part.grants.map(({ id }) => id).sort()).toEqual(['g1', 'g2', 'g3', 'other']);
    expect(part.dids.map(({ did }) => did).sort()).toEqual([MINISTRY, UNIVERSITY, DEPARTMENT].sort());
    expect(part.keys.length).toBe(2);
  });

  test('holds what the register of licences says against those of an issuer, and who wrote it', () => {
    const one = { licence: 'GP-1', number: '1/GP', did: FACULTY, root: 'a'.repeat(64), revocation: { from: parseDay('2026-12-01'), at: day(9), by: 'bo-tren' as OrganisationId } } as const;
    const organisations = ['bo-tren', 'khong-lien-quan'].map((id) => ({ id: id as OrganisationId, name: id, type: 'authority' as const }));
    const part = trustSnapshot(JSON.parse(JSON.stringify(snapshotPart(register({ ...whole, licences: [one, { ...one, licence: 'GP-2', did: MINISTRY }], grants: [], organisations }), [FACULTY]))));
    expect([part.licences, part.organisations.map(({ id }) => id)]).toEqual([[one], ['bo-tren']]);
  });

  test('holds what others have revoked of an issuer, and by what right', () => {
    const revocation = { kind: 'credential-revocation', did: DEPARTMENT, issuer: FACULTY, credential: 'a'.repeat(64), credentialType: 'DiplomaCredential', scope: { provinces: ['01'] }, decision: '1', revokedAt: day(99) } as const;
    const some: TrustSnapshot = { ...whole, revocations: [revocation, { ...revocation, issuer: MINISTRY }], grants: CHAIN.slice(0, 2) };
    const part = trustSnapshot(JSON.parse(JSON.stringify(snapshotPart(register(some), [FACULTY, FACULTY]))));
    expect([part.revocations, part.grants.map(({ id }) => id).sort(), part.dids.map(({ did }) => did).sort()]).toEqual([[revocation], ['g1', 'g2'], [MINISTRY, DEPARTMENT, FACULTY].sort()]);
    const asked = question({ did: DEPARTMENT, action: 'revoke', at: day(99), known: day(800) });
    expect(authorise(asked, trustViewOf(part))).toEqual(authorise(asked, trustViewOf(some)));
  });

  test('says the same as the whole of every question about its issuer', () => {
    const dids = [MINISTRY, DEPARTMENT, UNIVERSITY, FACULTY, KEY_DID, parseDid('did:web:la.example')] as const;
    fc.assert(fc.property(fc.constantFrom(...dids), fc.constantFrom('issue', 'accredit', 'revoke', 'suspend'), fc.constantFrom('DiplomaCredential', 'ChemicalLicenceCredential'), fc.nat(800), fc.subarray([...whole.grants]), (did, action, type, at, grants) => {
      const some = { ...whole, grants };
      const asked = question({ did, action, type, at: day(at + 1), known: day(800) });
      expect(authorise(asked, trustViewOf(snapshotPart(register(some), [did])))).toEqual(authorise(asked, trustViewOf(some)));
    }), { numRuns: 2_000 });
  });
});

describe('/trust/status and /trust/commitments', () => {
  test('a list is the issuer\'s own token', async () => {
    const { list } = SAMPLES.DiplomaCredential.status.revocation;
    const { body, headers } = await get(`/trust/status?list=${encodeURIComponent(list)}`);
    expect([body, headers['content-type'], headers['cache-control']]).toEqual([window.world.lists.get(list)!.jwt, 'application/vc+jwt', 'no-cache']);
  });

  test.each(['', 'https://evil.example/status/x', 'http://127.0.0.1/', '%00', '%FF'])('?list=%s is not at hand, and nobody is asked', async (list) => {
    window.world.asked.length = 0;
    const { statusCode, body } = await get(`/trust/status?list=${list}`);
    expect([statusCode, JSON.parse(body), window.world.asked]).toEqual([404, expect.objectContaining({ code: 'STATUS_LIST_UNKNOWN' }), []]);
  });

  test('a commitment comes with its receipt and the roots it is checked by', async () => {
    const [root, commitment] = [...window.world.commitments][0]!;
    const answer = JSON.parse((await get(`/trust/commitments/${root}`)).body) as Record<string, unknown>;
    expect(answer).toMatchObject({ record: commitment.record, receipt: commitment.receipt, trust: { channel: 'trace', minimumOrganisations: 2 } });
  });

  test.each([['an unknown root', 'a'.repeat(64), 404, 'COMMITMENT_UNKNOWN'], ['capitals', 'A'.repeat(64), 400, 'FIELD_WRONG_VALUE'], ['something else', 'x', 400, 'FIELD_WRONG_VALUE']])('%s is refused', async (_, root, status, code) => {
    const { statusCode, body } = await get(`/trust/commitments/${root}`);
    expect([statusCode, JSON.parse(body)]).toEqual([status, expect.objectContaining({ code })]);
  });

  test('a ledger that does not answer: 503', async () => {
    window.world.failing.add('ledger');
    expect(JSON.parse((await get(`/trust/commitments/${'b'.repeat(64)}`)).body)).toMatchObject({ status: 503, code: 'LEDGER_UNREACHABLE' });
    window.world.failing.clear();
  });
});

test.each(['vi', 'en'] as const)('/credential-words.json has a sentence for everything in %s', async (language) => {
  const { body, headers } = await get(`/credential-words.json?lang=${language}`);
  const words = JSON.parse(body) as { checks: Record<string, { name: string; pass: string }>; reasons: Record<string, string>; results: Record<string, string>; problems: Record<string, string> };
  expect([Object.keys(words.checks), Object.keys(words.reasons).sort(), Object.keys(words.results).sort()]).toEqual([[...CREDENTIAL_CHECKS], [...CREDENTIAL_REASONS].sort(), ['fail', 'not-applicable', 'pass', 'unknown']]);
  expect(words.problems).toEqual(Object.fromEntries(Object.entries(PROBLEMS).map(([code, meaning]) => [code, meaning[language]])));
  expect([...Object.values(words.checks).flatMap(({ name, pass }) => [name, pass]), ...Object.values(words.results), ...Object.values(words.reasons)].every((text) => text.length > 1)).toBe(true);
  expect(headers['content-language']).toBe(language);
});

describe('a text cannot make the site fetch anything', () => {
  test('whatever address stands in it, as status list, context, schema, key or issuer: no canary is hit', async () => {
    const canary = await openCanary();
    const site = await openCredentialWindow();
    const asked: string[] = [];
    const fetch = guardedFetch({ resolve: async () => ['127.0.0.1', '::1'], timeout: 300 });
    site.world.outside = async (url) => {
      asked.push(url);
      return fetch(url);
    };
    const post = async (text: string): Promise<string> => (await site.app.inject({ method: 'POST', url: '/credentials/verify', headers: { 'content-type': 'application/json' }, payload: JSON.stringify({ verifiableCredential: text }) })).body;
    for (const [at, { host }] of PRIVATE_SPELLINGS.entries()) {
      const origin = [`https://${host}`, `http://${host}:${canary.port4}`, `https://${host}:${canary.port6}`][at % 3]!;
      const url = `${origin}/status/cuc-hoa-chat-thu-hoi-1`;
      const texts = [
        sceneOf('ES256', { payload: (payload) => { Object.assign((payload['vc'] as { credentialStatus: object[] }).credentialStatus[0]!, { statusListCredential: url, id: `${url}#1` }); } }),
        sceneOf('ES256', { payload: (payload) => { (payload['vc'] as Record<string, unknown>)['@context'] = [url]; } }),
        sceneOf('ES256', { payload: (payload) => { ((payload['vc'] as Record<string, Record<string, unknown>>)['credentialSchema']!)['id'] = url; } }),
        sceneOf('ES256', { header: (header) => { header['jku'] = url; } }), sceneOf('ES256', { header: (header) => { header['x5u'] = url; } }), sceneOf('ES256', { header: (header) => { header['kid'] = `${url}#k`; } }),
        sceneOf('ES256', { payload: (payload) => { payload['iss'] = url; } }), sceneOf('ES256', { payload: (payload) => { payload['iss'] = `did:web:${host.replaceAll(':', '%3A')}`; } }),
      ];
      for (const { text } of texts) expect(await post(text)).toContain('"verified":false');
    }
    await site.checks.worker.round();
    expect([canary.hits(), asked.filter((url) => url.includes('/status/'))]).toEqual([0, []]);
    await site.app.close();
    await canary.close();
  });

  test('a rightful issuer\'s list at an address inside is asked for once, in vain', async () => {
    const canary = await openCanary();
    const site = await openCredentialWindow();
    const fetch = guardedFetch({ resolve: async () => ['127.0.0.1', '::1'], timeout: 300 });
    const asked: string[] = [];
    site.world.outside = async (url) => {
      asked.push(url);
      return fetch(url);
    };
    const list = `https://inside.example/status/${SAMPLES.ChemicalLicenceCredential.status.revocation.list.split('/').at(-1)}`;
    const record = site.world.print({ signer: issuerOf('ChemicalLicenceCredential', 'ES256'), claims: (claims) => ({ ...claims, status: { ...claims.status, revocation: { list, index: 9 } } }) });
    const answer = JSON.parse((await site.app.inject({ url: `/c/${record.id}`, headers: { accept: 'application/json' } })).body) as { band: { state: string }; warnings: string[] };
    expect([answer.band.state, answer.warnings, asked]).toEqual(['unchecked', ['STATUS_LIST_MISSING'], []]);
    await site.checks.worker.round();
    expect([asked, canary.hits()]).toEqual([[list], 0]);
    await site.app.close();
    await canary.close();
  });
});

