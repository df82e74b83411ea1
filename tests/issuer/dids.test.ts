import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { trustSnapshot, trustViewOf, type SnapshotView } from '#domain/trust/snapshot.js';
import { parseDid, type Did } from '#domain/trust/did.js';
import { mustBe, type Answer, type Caller } from '../gateway/app/running-gateway.js';
import { diplomaRequest, grant, issued, issuerWorld, UNIVERSITY, type IssuerWorld } from './issuer-world.js';
import { readList } from './list-reader.js';

let world: IssuerWorld;
let operator: Caller;
beforeAll(async () => {
  world = await issuerWorld({ dids: false });
  operator = world.gateway.operator;
  for (const [id, type] of [['so-dang-ky', 'registrar'], ['truong-hai', 'institution'], ['truong-ba', 'institution']] as const) {
    mustBe(201, await operator.post('/v1/organisations', { id, type, name: `Tổ chức ${id}`, address: 'Phố Ví Dụ 1', province: '01', fictional: 'yes' }));
  }
});
afterAll(async () => world.remove());
beforeEach(() => {
  world.between = undefined;
});

type Json = Record<string, unknown>;
const ledger = async (): Promise<SnapshotView> => trustViewOf(trustSnapshot((await world.gateway.call({ url: '/public/trust' })).body));
const create = async (body: object, caller: Caller = operator): Promise<Answer> => world.post(caller, '/v1/dids', body);
const rotate = async (did: string, body: object = {}, caller: Caller = operator): Promise<Answer> => world.post(caller, `/v1/dids/${encodeURIComponent(did)}/keys`, body);
const retire = async (did: string, keyId: string, body: object, caller: Caller = operator): Promise<Answer> => world.post(caller, `/v1/dids/${encodeURIComponent(did)}/keys/${keyId}/retirement`, body);
const keysOf = (answer: Answer): [unknown, unknown][] => (answer.body['keys'] as Json[]).map((key) => [key['keyId'], key['state']]);
const unreachable = (path: string): void => {
  world.between = async (asked, ask) => {
    if (asked === path) throw new Problem('LEDGER_UNREACHABLE', { reason: 'test' });
    return ask();
  };
};

describe('a DID', () => {
  it('is made by a registrar alone', async () => {
    expect((await create({ organisation: 'dai-hoc-vi-du' }, world.university)).body).toMatchObject({ status: 403, code: 'ACCESS_DENIED' });
    expect((await create({ organisation: 'dai-hoc-vi-du' }, world.trader)).body).toMatchObject({ status: 403, code: 'SCOPE_MISSING', fields: { scope: 'trust:write' } });
    expect((await world.post(undefined, '/v1/dids', { organisation: 'dai-hoc-vi-du' })).body).toMatchObject({ status: 401, code: 'API_KEY_MISSING' });
  });

  it.each([
    [{}, 'FIELD_MISSING', 'organisation'],
    [{ organisation: 'Đại học' }, 'ORGANISATION_ID_MALFORMED', 'organisation'],
    [{ organisation: 'dai-hoc-vi-du', method: 'ethr' }, 'FIELD_WRONG_VALUE', 'method'],
    [{ organisation: 'dai-hoc-vi-du', algorithm: 'ES256K' }, 'FIELD_WRONG_VALUE', 'algorithm'],
    [{ organisation: 'dai-hoc-vi-du', privateKeyHex: '00' }, 'FIELD_UNKNOWN', 'privateKeyHex'],
  ])('is not made from %j', async (body, code, field) => {
    expect((await create(body)).body).toMatchObject({ status: 400, code, field });
  });

  it('of an organisation that the ledger does not know has no document and signs nothing', async () => {
    expect((await create({ organisation: 'khong-co' })).body).toMatchObject({ status: 404, code: 'ORGANISATION_UNKNOWN' });
    expect((await world.get('/khong-co/did.json')).body).toMatchObject({ status: 404, code: 'DID_NOT_HERE' });
  });

  it('whose registration is cut short anywhere is registered by asking again, with the same key', async () => {
    unreachable('/v1/trust/dids');
    expect((await create({ organisation: 'truong-hai' })).body).toMatchObject({ status: 503, code: 'LEDGER_UNREACHABLE' });
    expect((await world.get('/truong-hai/did.json')).status).toBe(404);
    const first = world.issuer.parts.dids.list().find(({ organisation }) => organisation === 'truong-hai');
    unreachable('/v1/trust/keys');
    expect((await create({ organisation: 'truong-hai' })).status).toBe(503);
    expect((await rotate('did:web:localhost%3A8082:truong-hai')).status).toBe(503);
    expect((await world.get('/truong-hai/did.json')).body).toMatchObject({ verificationMethod: [], assertionMethod: [] });
    await world.restart();
    world.between = undefined;
    const made = mustBe(201, await create({ organisation: 'truong-hai' }));
    expect(keysOf(made)).toEqual([['key-1', 'active']]);
    expect((made.body['keys'] as Json[])[0]?.['publicKeyJwk']).toEqual(first?.keys[0]?.publicKeyJwk);
    expect((await ledger()).keysOf(parseDid('did:web:localhost%3A8082:truong-hai'))).toHaveLength(1);
    expect(mustBe(201, await create({ organisation: 'truong-hai' })).body['keys']).toEqual(made.body['keys']);
  });

  it('has its document where the method says, and stands on the ledger with its key', async () => {
    const made = mustBe(201, await create({ organisation: 'dai-hoc-vi-du' }));
    const jwk = (made.body['keys'] as Json[])[0]?.['publicKeyJwk'];
    const document = mustBe(200, await world.get('/dai-hoc-vi-du/did.json'));
    expect(document.headers['content-type']).toBe('application/did+ld+json');
    expect(document.body).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'], id: UNIVERSITY,
      verificationMethod: [{ id: `${UNIVERSITY}#key-1`, type: 'JsonWebKey2020', controller: UNIVERSITY, publicKeyJwk: jwk }], assertionMethod: [`${UNIVERSITY}#key-1`],
    });
    expect((await ledger()).key(UNIVERSITY, 'key-1')).toMatchObject({ algorithm: 'ES256', publicKeyJwk: jwk });
    expect(await world.get('/dai-hoc-vi-du/did.json', { 'if-none-match': String(document.headers['etag']) })).toMatchObject({ status: 304, text: '' });
  });

  it('of the host itself has its document under .well-known', async () => {
    expect((await world.get('/.well-known/did.json')).status).toBe(404);
    mustBe(201, await create({ organisation: 'so-dang-ky', root: 'yes', algorithm: 'EdDSA' }));
    expect((await world.get('/.well-known/did.json')).body).toMatchObject({ id: 'did:web:localhost%3A8082', verificationMethod: [{ publicKeyJwk: { kty: 'OKP', crv: 'Ed25519' } }] });
    expect((await create({ organisation: 'truong-hai', root: 'yes' })).body).toMatchObject({ status: 409, code: 'DID_PATH_TAKEN' });
    expect((await create({ organisation: 'so-dang-ky', root: 'yes', algorithm: 'ES256' })).body).toMatchObject({ status: 409, code: 'DID_ALREADY_REGISTERED', field: 'algorithm' });
    mustBe(201, await create({ organisation: 'so-dang-ky', root: 'yes', algorithm: 'EdDSA' }));
  });

  it.each(['key', 'jwk'] as const)('did:%s is its own key: on the ledger without one, never rotated nor retired', async (method) => {
    const made = mustBe(201, await create({ organisation: 'dai-hoc-vi-du', method }));
    const did = String(made.body['did']) as Did;
    expect([(await ledger()).did(did)?.organisation, (await ledger()).keysOf(did)]).toEqual(['dai-hoc-vi-du', []]);
    expect((await rotate(did)).body).toMatchObject({ status: 422, code: 'DID_KEY_IS_ITS_OWN' });
    const [[keyId]] = keysOf(made) as [[string, string]];
    expect((await retire(did, encodeURIComponent(keyId), { reason: 'compromised' })).body).toMatchObject({ status: 422, code: 'DID_KEY_IS_ITS_OWN' });
    expect(mustBe(201, await create({ organisation: 'dai-hoc-vi-du', method })).body['did']).not.toBe(did);
  });

  it('is listed for its own organisation; a registrar sees all, and nobody sees where a key is kept', async () => {
    const own = mustBe(200, await world.call({ url: '/v1/dids', headers: { authorization: `Bearer ${world.university.key}` } }));
    expect(new Set((own.body['dids'] as Json[]).map((one) => one['organisation']))).toEqual(new Set(['dai-hoc-vi-du']));
    const all = mustBe(200, await world.call({ url: '/v1/dids', headers: { authorization: `Bearer ${operator.key}` } }));
    expect((all.body['dids'] as Json[]).length).toBeGreaterThan((own.body['dids'] as Json[]).length);
    expect(all.text).not.toContain('vault');
  });
});

describe('rotation', () => {
  beforeAll(async () => {
    await grant(world, 'DH', UNIVERSITY, { credentialType: 'DiplomaCredential', scope: { provinces: ['48'] } });
    await issued(world, world.university, diplomaRequest('Q 1'));
  });

  it('is for whose DID it is, and for registrars', async () => {
    expect((await rotate(UNIVERSITY, {}, world.authority)).body).toMatchObject({ status: 403, code: 'DID_NOT_HELD' });
    expect((await rotate('did:web:other.example')).body).toMatchObject({ status: 404, code: 'DID_NOT_HERE' });
    expect((await rotate('did:web:OTHER')).body).toMatchObject({ status: 400, code: 'DID_MALFORMED' });
    expect((await rotate(UNIVERSITY, { algorithm: 'none' })).body).toMatchObject({ status: 400, code: 'FIELD_WRONG_VALUE' });
  });

  it('stands on the ledger before it counts here: while it does not, the old key signs', async () => {
    unreachable('/v1/trust/keys');
    expect((await rotate(UNIVERSITY, {}, world.university)).status).toBe(503);
    world.between = undefined;
    const { jwt } = await issued(world, world.university, diplomaRequest('Q 2'));
    expect(JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({ kid: `${UNIVERSITY}#key-1` });
    expect((await world.get('/dai-hoc-vi-du/did.json')).body['assertionMethod']).toEqual([`${UNIVERSITY}#key-1`]);
  });

  it('cut short between the new key and the end of the old one is finished, not begun anew', async () => {
    unreachable('/v1/trust/key-retirements');
    expect((await rotate(UNIVERSITY, {}, world.university)).status).toBe(503);
    world.between = undefined;
    await world.restart();
    const done = mustBe(201, await rotate(UNIVERSITY, {}, world.university));
    expect(keysOf(done)).toEqual([['key-1', 'superseded'], ['key-2', 'active']]);
    const view = await ledger();
    expect(view.keysOf(UNIVERSITY).map(({ keyId, reason }) => [keyId, reason])).toEqual([['key-1', 'superseded'], ['key-2', undefined]]);
  });

  it('leaves old keys listed, with the end of their period, and no longer for signing', async () => {
    const { body } = await world.get('/dai-hoc-vi-du/did.json');
    expect((body['verificationMethod'] as Json[]).map((one) => [one['id'], typeof one['expires']])).toEqual([[`${UNIVERSITY}#key-1`, 'string'], [`${UNIVERSITY}#key-2`, 'undefined']]);
    expect(body['assertionMethod']).toEqual([`${UNIVERSITY}#key-2`]);
  });

  it('signs credentials and status lists with the new key from then on', async () => {
    const { jwt } = await issued(world, world.university, diplomaRequest('Q 3'));
    expect(JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({ kid: `${UNIVERSITY}#key-2` });
    const names = world.issuer.parts.sets.list(UNIVERSITY).flatMap(({ id }) => ['revocation', 'suspension', 'refresh'].map((purpose) => `/status/${id}-${purpose}`));
    const { body: document } = await world.get('/dai-hoc-vi-du/did.json');
    for (const path of names) expect(readList((await world.get(path)).text, document).kid).toBe(`${UNIVERSITY}#key-2`);
  });

  it('is done also while a list cannot be published; that comes by itself', async () => {
    unreachable('/v1/trust/status-lists');
    const done = mustBe(201, await rotate(UNIVERSITY, {}, world.university));
    world.between = undefined;
    expect(world.issuer.parts.lists.due().length).toBeGreaterThan(0);
    expect([await world.issuer.finish(), world.issuer.parts.lists.due()]).toEqual([0, []]);
    expect(keysOf(done)).toHaveLength(3);
  });

  it('to Ed25519 signs with EdDSA', async () => {
    expect(keysOf(mustBe(201, await rotate(UNIVERSITY, { algorithm: 'EdDSA' }, world.university))).at(-1)).toEqual(['key-4', 'active']);
    const { jwt } = await issued(world, world.university, diplomaRequest('Q 4'));
    expect(JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString())).toEqual({ alg: 'EdDSA', kid: `${UNIVERSITY}#key-4`, typ: 'JWT' });
  });

  it('by ten at once makes keys one after the other, one of them in force', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, async () => rotate(UNIVERSITY, {}, world.university)));
    for (const answer of answers) mustBe(201, answer);
    const held = world.issuer.parts.dids.known(UNIVERSITY);
    expect(held.keys.filter(({ state }) => state === 'active')).toHaveLength(1);
    expect(new Set(held.keys.map(({ keyId }) => keyId)).size).toBe(held.keys.length);
  });
});

describe('the end of a key', () => {
  it.each([
    ['of nobody', 'key-99', { reason: 'superseded' }, 404, 'DID_KEY_UNKNOWN'],
    ['for no reason', 'key-1', {}, 400, 'FIELD_MISSING'],
    ['for another reason', 'key-1', { reason: 'lost' }, 400, 'FIELD_WRONG_VALUE'],
    ['that was superseded already', 'key-1', { reason: 'superseded' }, 200, undefined],
    ['since a time in the future', 'key-1', { reason: 'compromised', compromisedSince: '2039-01-01T00:00:00Z' }, 400, 'WITHDRAWAL_SINCE_WRONG'],
    ['since a time, but not compromised', 'key-2', { reason: 'superseded', compromisedSince: '2026-01-01T00:00:00Z' }, 400, 'WITHDRAWAL_SINCE_WRONG'],
  ] as const)('%s', async (_, keyId, body, status, code) => {
    expect(await retire(UNIVERSITY, keyId, body, world.university)).toMatchObject({ status, body: code === undefined ? {} : { code } });
  });

  it('stands on the ledger before it counts here', async () => {
    const active = world.issuer.parts.dids.signingKey(UNIVERSITY).keyId;
    unreachable('/v1/trust/key-retirements');
    expect((await retire(UNIVERSITY, active, { reason: 'compromised' }, world.university)).status).toBe(503);
    expect(world.issuer.parts.dids.signingKey(UNIVERSITY).keyId).toBe(active);
  });

  it('compromised: nothing is signed until there is a new key, and the document says since when', async () => {
    const { keyId } = world.issuer.parts.dids.signingKey(UNIVERSITY);
    const since = new Date(Date.now() - 3_600_000).toISOString();
    mustBe(200, await retire(UNIVERSITY, keyId, { reason: 'compromised', compromisedSince: since }, world.university));
    expect((await ledger()).key(UNIVERSITY, keyId)).toMatchObject({ reason: 'compromised', compromisedSince: since });
    const { body } = await world.get('/dai-hoc-vi-du/did.json');
    expect([(body['verificationMethod'] as Json[]).find((one) => one['id'] === `${UNIVERSITY}#${keyId}`)?.['revoked'], body['assertionMethod']]).toEqual([since, []]);
    // Told again without a time: nothing that it ever signed counts, on the ledger and in the document.
    const longer = mustBe(200, await retire(UNIVERSITY, keyId, { reason: 'compromised' }, world.university)).body['keys'] as Json[];
    const { from } = longer.find((one) => one['keyId'] === keyId) ?? {};
    const again = await world.get('/dai-hoc-vi-du/did.json');
    expect([from, (again.body['verificationMethod'] as Json[]).find((one) => one['id'] === `${UNIVERSITY}#${keyId}`)?.['revoked']]).toEqual([expect.any(String), from]);
    expect((await world.post(world.university, '/credentials/issue', diplomaRequest('Q 5'))).body).toMatchObject({ status: 409, code: 'DID_WITHOUT_KEY' });
    mustBe(201, await rotate(UNIVERSITY, {}, world.university));
    await issued(world, world.university, diplomaRequest('Q 5'));
  });

  it('without another one: a revocation is not told as done, and is done as soon as there is a key', async () => {
    const { id } = await issued(world, world.university, diplomaRequest('Q 6'));
    const { keyId } = world.issuer.parts.dids.signingKey(UNIVERSITY);
    mustBe(200, await retire(UNIVERSITY, keyId, { reason: 'superseded' }, world.university));
    expect(world.issuer.parts.lists.due()).toEqual([]);
    const revocation = { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true };
    expect((await world.post(world.university, '/credentials/status', revocation)).body).toMatchObject({ status: 409, code: 'DID_WITHOUT_KEY' });
    expect(world.issuer.parts.lists.due()).toHaveLength(1);
    mustBe(201, await rotate(UNIVERSITY, {}, world.university));
    expect([await world.issuer.finish(), world.issuer.parts.lists.due(), await world.issuer.parts.rows.pending()]).toEqual([0, [], []]);
    expect(mustBe(200, await world.post(world.university, '/credentials/status', revocation)).body).toMatchObject({ status: { revocation: true } });
  });

  it('is known after a restart', async () => {
    const before = world.issuer.parts.dids.known(UNIVERSITY);
    await world.restart();
    expect(world.issuer.parts.dids.known(UNIVERSITY)).toEqual(before);
  });
});
