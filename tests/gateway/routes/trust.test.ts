import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instant } from '#domain/instant.js';
import { authorise } from '#domain/trust/authorise.js';
import { parseDid } from '#domain/trust/did.js';
import { trustSnapshot, trustViewOf, type TrustSnapshot } from '#domain/trust/snapshot.js';
import { verifyReceipt } from '../../../verifier/core/receipt.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { mustBe, runGateway, type Answer, type Caller, type RunningGateway } from '../app/running-gateway.js';
import { acetone, acetoneLot, CAN, DRUM, serialKeyOf } from '../app/sample-goods.js';

const AGENCY = parseDid('did:web:cuc-hoa-chat.example');
const UNIVERSITY = parseDid('did:web:dai-hoc.example%3A8443:vp');
const UNTIL = '2040-01-01T00:00:00Z';
const JWK = { kty: 'EC', crv: 'P-256', x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM' };

let gateway: RunningGateway;
let agency: Caller;
let university: Caller;
let ministry: Caller;
let trader: Caller;

const grant = (id: string, grantee: string, change: object = {}): object => ({ id, grantee, actions: ['issue'], credentialType: 'DiplomaCredential', scope: { provinces: 'all' }, until: UNTIL, depth: 0, legalBasis: 'Quyết định ví dụ', ...change });
const rootOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const line = { line: 'L1', substance: 'acetone', least: '90', most: '100', perYear: '100' };
const licence = (id: string, change: object = {}): object => ({ id, number: `${id}/GP`, holder: 'son-hai-phong', validFrom: '2026-01-01', validTo: '2039-12-31', lines: [line], ...change });
const list = (version: number, change: object = {}): object => ({ did: AGENCY, list: 'thu-hoi-1', purpose: 'revocation', version, hash: rootOf(`list ${version}`), ...change });
const snapshot = async (): Promise<TrustSnapshot> => trustSnapshot(mustBe(200, await gateway.call({ url: '/public/trust' })).body);

beforeAll(async () => {
  gateway = await runGateway();
  agency = await gateway.enrol('cuc-hoa-chat', 'authority', '01');
  ministry = await gateway.enrol('bo-giao-duc', 'authority', '01');
  university = await gateway.enrol('dai-hoc', 'institution', '48');
  trader = await gateway.enrol('hoa-chat-dong-nai', 'enterprise', '75', '9520001');
  await gateway.enrol('son-hai-phong', 'enterprise', '31');
  for (const [did, organisation] of [[AGENCY, 'cuc-hoa-chat'], [UNIVERSITY, 'dai-hoc'], ['did:web:bo.example', 'bo-giao-duc']] as const) {
    mustBe(201, await gateway.operator.post('/v1/trust/dids', { did, organisation }));
  }
  mustBe(201, await agency.post('/v1/trust/keys', { did: AGENCY, keyId: 'k1', algorithm: 'ES256', publicKeyJwk: JWK }));
  mustBe(201, await gateway.operator.post('/v1/trust/grants', grant('HC', AGENCY, { credentialType: 'ChemicalLicenceCredential', scope: { provinces: ['31'], substances: ['acetone'] } })));
  mustBe(201, await gateway.operator.post('/v1/trust/grants', grant('BO', 'did:web:bo.example', { actions: ['issue', 'accredit'], depth: 1 })));
});
afterAll(async () => gateway.remove());

describe('whoami', () => {
  it('says who calls, what the key may do, and which key it is', async () => {
    const { body } = mustBe(200, await university.get('/v1/whoami'));
    expect(body).toMatchObject({ organisation: 'dai-hoc', type: 'institution', key: { id: university.key.slice(3, 15), label: 'test' } });
    expect(body['scopes']).toEqual(['credentials:prepare', 'credentials:write', 'registry:read', 'signing:write', 'transactions:read', 'trust:read', 'trust:write']);
  });

  it('also to a key that may do next to nothing, and not without one', async () => {
    const { body } = mustBe(201, await gateway.operator.post('/v1/organisations/dai-hoc/api-keys', { label: 'thư ký', scopes: ['credentials:prepare'] }));
    expect(mustBe(200, await gateway.caller('dai-hoc', String(body['text'])).get('/v1/whoami')).body).toMatchObject({ scopes: ['credentials:prepare'], key: { label: 'thư ký' } });
    expect((await gateway.call({ url: '/v1/whoami' })).body).toMatchObject({ status: 401, code: 'API_KEY_MISSING' });
  });
});

describe('the register', () => {
  it('is written by those who may', async () => {
    expect((await university.post('/v1/trust/dids', { did: 'did:web:moi.example', organisation: 'dai-hoc' })).body).toMatchObject({ status: 403, code: 'ACCESS_DENIED' });
    expect((await agency.post('/v1/trust/keys', { did: UNIVERSITY, keyId: 'x', algorithm: 'ES256', publicKeyJwk: JWK })).body).toMatchObject({ status: 403, code: 'DID_NOT_HELD' });
    expect((await trader.post('/v1/trust/commitments', { did: AGENCY, root: rootOf('x'), count: 1 })).body).toMatchObject({ status: 403, code: 'SCOPE_MISSING', fields: { scope: 'credentials:write' } });
    expect((await university.post('/v1/trust/grants', grant('X', UNIVERSITY))).body).toMatchObject({ status: 403, code: 'GRANT_PARENT_NOT_HELD', field: 'parent' });
    mustBe(201, await ministry.post('/v1/trust/grants', grant('DH', UNIVERSITY, { parent: 'BO', scope: { provinces: ['48'] } })));
    const wide = await ministry.post('/v1/trust/grants', grant('DH2', UNIVERSITY, { parent: 'BO', depth: 1 }));
    expect(wide.body).toMatchObject({ status: 422, code: 'GRANT_EXCEEDS_PARENT', field: 'depth', fields: { parent: 'BO' } });
  });

  it.each([
    ['/v1/trust/dids', { did: 'did:web:A.example', organisation: 'dai-hoc' }, 'DID_MALFORMED', 'did'],
    ['/v1/trust/keys', { did: AGENCY, keyId: 'k', algorithm: 'ES256', publicKeyJwk: { ...JWK, d: 'x' } }, 'FIELD_UNKNOWN', 'publicKeyJwk.d'],
    ['/v1/trust/grants', { ...grant('Y', AGENCY), scope: { provinces: [] } }, 'LIST_EMPTY', 'scope.provinces'],
    ['/v1/trust/commitments', { did: AGENCY, root: 'x', count: 1 }, 'FIELD_WRONG_VALUE', 'root'],
  ] as const)('POST %s with a wrong body is refused before the ledger is asked', async (url, body, code, field) => {
    expect((await gateway.operator.post(url, body)).body).toMatchObject({ status: 400, code, field });
  });

  it('is read by whose it is', async () => {
    const dids = (answer: Answer): string[] => (mustBe(200, answer).body['dids'] as { did: string }[]).map(({ did }) => did);
    expect([dids(await university.get('/v1/trust/dids')), dids(await trader.get('/v1/trust/dids'))]).toEqual([[UNIVERSITY], []]);
    expect(dids(await gateway.operator.get('/v1/trust/dids')).sort()).toEqual(['did:web:bo.example', AGENCY, UNIVERSITY].sort());
    const created = mustBe(201, await university.post('/v1/trust/keys', { did: UNIVERSITY, keyId: 'k1', algorithm: 'ES256', publicKeyJwk: JWK }));
    expect(mustBe(200, await university.get(String(created.headers['location']))).body).toMatchObject({ keys: [{ keyId: 'k1', did: UNIVERSITY }] });
    mustBe(200, await university.post('/v1/trust/key-retirements', { did: UNIVERSITY, keyId: 'k1', reason: 'superseded' }));
    expect(mustBe(200, await university.get(`/v1/trust/keys?did=${encodeURIComponent(UNIVERSITY)}`)).body).toMatchObject({ keys: [{ keyId: 'k1', reason: 'superseded' }] });
    expect((await university.get('/v1/trust/keys?did=did:web:A.example')).body).toMatchObject({ status: 400, code: 'DID_MALFORMED', field: 'did' });
    const ids = (answer: Answer): string[] => (mustBe(200, answer).body['grants'] as { id: string }[]).map(({ id }) => id);
    expect([ids(await university.get(`/v1/trust/grants?did=${encodeURIComponent(UNIVERSITY)}`)), ids(await ministry.get('/v1/trust/grants')), ids(await university.get('/v1/trust/grants'))]).toEqual([['DH'], ['DH'], []]);
    expect(mustBe(200, await university.get('/v1/trust/grants/DH')).body).toMatchObject({ grant: { id: 'DH', parent: 'BO', grantor: 'bo-giao-duc' } });
    expect((await university.get('/v1/trust/grants/NONE')).body).toMatchObject({ status: 404, code: 'GRANT_UNKNOWN' });
    mustBe(201, await university.post('/v1/trust/commitments', { did: UNIVERSITY, root: rootOf('dai-hoc'), count: 3 }));
    mustBe(200, await university.post('/v1/trust/status-lists', list(4, { did: UNIVERSITY, list: 'l' })));
    expect(mustBe(200, await university.get(`/v1/trust/status-lists?did=${encodeURIComponent(UNIVERSITY)}`)).body).toMatchObject({ lists: [{ list: 'l', version: 4 }] });
  });
});

describe('the snapshot', () => {
  const question = { did: UNIVERSITY, action: 'issue', type: 'DiplomaCredential', scope: { provinces: ['48'], substances: [] } } as const;
  const ask = (from: TrustSnapshot, at: Instant): string => authorise({ ...question, at, known: from.knownAt }, trustViewOf(from)).answer;

  it('answers the question of verifiers, and turns when a grant is revoked', async () => {
    const before = await snapshot();
    expect(ask(before, before.knownAt)).toBe('AUTHORISED');
    expect(before.organisations).toContainEqual({ id: 'dai-hoc', name: 'Tổ chức dai-hoc', type: 'institution', fictional: 'yes' });
    mustBe(200, await ministry.post('/v1/trust/grants/DH/revocation', { effect: 'from-now', reason: 'vi phạm' }));
    const after = await snapshot();
    expect([ask(after, before.knownAt), ask(after, after.knownAt)]).toEqual(['AUTHORISED_THEN_REVOKED_NOW', 'NOT_AUTHORISED']);
    expect(ask({ ...after, knownAt: before.knownAt }, after.knownAt)).toBe('AUTHORISED');
  });

  it('is not sent again to whoever has it, and is open to every page', async () => {
    const { headers } = mustBe(200, await gateway.call({ url: '/public/trust' }));
    expect(headers).toMatchObject({ 'cache-control': 'public, no-cache', 'access-control-allow-origin': '*', 'content-type': 'application/json; charset=utf-8' });
    const again = await gateway.call({ url: '/public/trust', headers: { 'if-none-match': String(headers['etag']) } });
    expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', headers['etag']]);
    mustBe(201, await gateway.operator.post('/v1/trust/dids', { did: 'did:web:them.example', organisation: 'dai-hoc' }));
    expect((await gateway.call({ url: '/public/trust', headers: { 'if-none-match': String(headers['etag']) } })).status).toBe(200);
  });

  it('is the same for a verifier in this process', async () => {
    const here = await gateway.publicRecords.trustSnapshot();
    expect(await snapshot()).toEqual(here);
    expect(await gateway.publicRecords.trustSnapshot()).toBe(here);
  });

  it('knows of a withdrawn DID', async () => {
    mustBe(200, await gateway.operator.post('/v1/trust/did-withdrawals', { did: 'did:web:them.example', effect: 'from-beginning', reason: 'nhầm' }));
    const { dids } = await snapshot();
    expect(dids.find(({ did }) => did === 'did:web:them.example')?.withdrawn).toMatchObject({ effect: 'from-beginning', reason: 'nhầm' });
  });
});

describe('a commitment', () => {
  it('comes with a receipt that proves it, and nothing else', async () => {
    const root = rootOf('batch');
    const { headers } = mustBe(201, await agency.post('/v1/trust/commitments', { did: AGENCY, root, count: 1200 }));
    const { body } = mustBe(200, await gateway.call({ url: String(headers['location']) }));
    const commitment = await gateway.publicRecords.commitment(root);
    expect(body).toEqual(commitment);
    expect(body['record']).toMatchObject({ kind: 'credential-commitment', root, did: AGENCY, count: 1200 });
    const { channel, chaincode, roots, minimumOrganisations } = await gateway.publicRecords.trust();
    const proves = async (key: string): Promise<unknown> => verifyReceipt(String(body['receipt']), {
      channel, chaincode, function: 'registry:readRecord', arguments: [key], policy: { roots, minimumOrganisations, peerRole: 'peer' }, now: Date.now(),
    }, nodeCrypto());
    const verdict = await proves(`credential-commitment/${root}`) as { verdict: string; facts: { response: string } };
    expect([verdict.verdict, JSON.parse(verdict.facts.response)]).toEqual(['verified', body['record']]);
    expect(await proves(`credential-commitment/${rootOf('other')}`)).toMatchObject({ verdict: 'not-verified' });
  });

  it.each([[rootOf('nobody'), 404, 'COMMITMENT_UNKNOWN'], ['x', 400, 'FIELD_WRONG_VALUE'], [rootOf('x').toUpperCase(), 400, 'FIELD_WRONG_VALUE']])('%s is refused', async (root, status, code) => {
    expect((await gateway.call({ url: `/public/commitments/${root}` })).body).toMatchObject({ status, code, ...(status === 404 ? { fields: { root } } : { field: 'root' }) });
  });
});

describe('a credential of another issuer', () => {
  it('is revoked by whoever may, and everybody learns it with the registry', async () => {
    const revocation = { did: AGENCY, issuer: UNIVERSITY, credential: rootOf('urn:uuid:x'), credentialType: 'DiplomaCredential', scope: { provinces: ['48'] }, decision: '45/QĐ-CVD' };
    expect((await agency.post('/v1/trust/credential-revocations', revocation)).body).toMatchObject({ status: 422, code: 'GRANT_MISSING', fields: { did: AGENCY } });
    mustBe(201, await gateway.operator.post('/v1/trust/grants', { id: 'THU-HOI', grantee: AGENCY, actions: ['revoke'], credentialType: 'DiplomaCredential', scope: { provinces: 'all' }, until: '2040-01-01T00:00:00Z', depth: 0, legalBasis: 'x' }));
    expect(mustBe(200, await agency.post('/v1/trust/credential-revocations', revocation)).body).toMatchObject({ credential: revocation.credential });
    expect((await snapshot()).revocations).toEqual([{ kind: 'credential-revocation', ...revocation, revokedAt: expect.any(String) as string }]);
    expect((await trader.post('/v1/trust/credential-revocations', revocation)).body).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
  });
});

describe('a licence that is also a credential', () => {
  const height = async (): Promise<bigint> => gateway.services.ledger.height();

  it('is recorded with its commitment in one transaction, once for one Idempotency-Key', async () => {
    const root = rootOf('GP-1');
    const body = licence('GP-1', { credential: { did: AGENCY, root, count: 1 } });
    const before = await height();
    const first = mustBe(201, await agency.post('/v1/licences', body, { 'idempotency-key': 'gp-1' }));
    expect(first.headers['location']).toBe('/v1/licences/GP-1');
    expect(first.body).toMatchObject({ licence: 'GP-1', credential: { root } });
    expect(mustBe(201, await agency.post('/v1/licences', body, { 'idempotency-key': 'gp-1' })).body).toEqual(first.body);
    expect(await height() - before).toBe(1n);
    expect((await agency.post('/v1/licences', licence('GP-9'), { 'idempotency-key': 'gp-1' })).body).toMatchObject({ status: 409, code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(mustBe(200, await agency.get('/v1/licences/GP-1')).body).toMatchObject({ standing: 'in-force', licence: { credential: { did: AGENCY, root } } });
    expect((await gateway.publicRecords.commitment(root))?.record.count).toBe(1);
  });

  it('needs a key that may issue credentials, besides licences', async () => {
    const { body } = mustBe(201, await gateway.operator.post('/v1/organisations/cuc-hoa-chat/api-keys', { label: 'x', scopes: ['licences:write'] }));
    const clerk = gateway.caller('cuc-hoa-chat', String(body['text']));
    for (const change of [{ credential: { did: AGENCY, root: rootOf('clerk'), count: 1 } }, { statusLists: [list(1)] }]) {
      expect((await clerk.post('/v1/licences', licence('GP-NO', change))).body).toMatchObject({ status: 403, code: 'SCOPE_MISSING', fields: { scope: 'credentials:write' } });
    }
    mustBe(201, await clerk.post('/v1/licences', licence('GP-THUONG')));
    mustBe(200, await clerk.post('/v1/licences/GP-THUONG/revocation', { from: '2026-01-02', reason: 'x' }));
  });

  it('allows the next shipment, and revoked with its status list refuses the one after', async () => {
    for (const [gtin, name] of [[DRUM, 'Axeton phuy'], [CAN, 'Axeton can 25 kg']] as const) mustBe(201, await trader.post('/v1/products', acetone(gtin, name)));
    mustBe(201, await trader.post(`/v1/products/${DRUM}/lots`, acetoneLot));
    mustBe(201, await agency.post('/v1/licences', licence('GP-BAN', { holder: 'hoa-chat-dong-nai' })));
    const serials = ['A', 'B'];
    mustBe(200, await trader.post('/v1/splits', { from: `/01/${DRUM}/10/${acetoneLot.lot}`, into: serials.map((serial) => ({ gtin: CAN, serial, mass: '25' })), remaining: '150', loss: '0' }));
    const ship = async (number: string): Promise<Answer> => trader.post('/v1/shipments', { number, to: 'son-hai-phong', items: [serialKeyOf(CAN, number)] });
    mustBe(201, await ship('A'));
    const revoked = mustBe(200, await agency.post('/v1/licences/GP-1/revocation', { from: '2026-01-02', reason: 'vi phạm', statusLists: [list(1), list(1, { list: 'tam-dinh-chi-1', purpose: 'suspension' })] }));
    expect(revoked.body).toMatchObject({ licence: 'GP-1', statusLists: [{ list: 'thu-hoi-1', version: 1 }, { list: 'tam-dinh-chi-1', version: 1 }] });
    expect((await ship('B')).body).toMatchObject({ status: 422, code: 'BUYER_NOT_LICENSED' });
  });

  it('suspended refuses a sale with a code of its own, and reinstated allows it; each with its status list', async () => {
    mustBe(201, await agency.post('/v1/licences', licence('GP-DC')));
    const ship = async (): Promise<Answer> => trader.post('/v1/shipments', { number: 'C', to: 'son-hai-phong', items: [serialKeyOf(CAN, 'B')] });
    const lists = (version: number): object => ({ statusLists: [list(version, { list: 'tam-dinh-chi-2', purpose: 'suspension' })] });
    const before = await height();
    expect(mustBe(200, await agency.post('/v1/licences/GP-DC/suspension', { reason: 'thanh tra', ...lists(1) })).body).toMatchObject({ licence: 'GP-DC', statusLists: [{ list: 'tam-dinh-chi-2', version: 1 }] });
    expect(await height() - before).toBe(1n);
    expect(mustBe(200, await agency.get('/v1/licences/GP-DC')).body).toMatchObject({ standing: 'suspended' });
    expect((await ship()).body).toMatchObject({ status: 422, code: 'BUYER_LICENCE_SUSPENDED', fields: { licence: 'GP-DC' } });
    expect((await agency.post('/v1/licences/GP-DC/suspension', { reason: 'x' })).body).toMatchObject({ status: 409, code: 'LICENCE_ALREADY_SUSPENDED' });
    expect((await agency.post('/v1/licences/GP-DC/reinstatement', { reason: 'x', ...lists(1) })).body).toMatchObject({ status: 409, code: 'STATUS_LIST_VERSION_NOT_NEWER', field: 'statusLists[0]' });
    mustBe(200, await agency.post('/v1/licences/GP-DC/reinstatement', { reason: 'đã khắc phục', ...lists(2) }));
    expect(mustBe(200, await agency.get('/v1/licences/GP-DC')).body).toMatchObject({ standing: 'in-force', licence: { suspensions: [{ reason: 'thanh tra', lifted: { reason: 'đã khắc phục' } }] } });
    mustBe(201, await ship());
  });

  it('replaces another in the same transaction', async () => {
    const root = rootOf('GP-2 and GP-3');
    mustBe(201, await agency.post('/v1/trust/commitments', { did: AGENCY, root, count: 2 }));
    mustBe(201, await agency.post('/v1/licences', licence('GP-2', { credential: { did: AGENCY, root } })));
    const { body } = mustBe(201, await agency.post('/v1/licences', licence('GP-3', {
      credential: { did: AGENCY, root }, replaces: { id: 'GP-2', from: '2026-01-01', reason: 'sửa' }, statusLists: [list(1, { list: 'thay-the-1', purpose: 'refresh' })],
    })));
    expect(body).toMatchObject({ licence: 'GP-3', replaces: { licence: 'GP-2', from: '2026-01-01' }, statusLists: [{ list: 'thay-the-1', version: 1 }] });
    expect(mustBe(200, await agency.get('/v1/licences/GP-2')).body).toMatchObject({ standing: 'revoked' });
  });

  it.each<[string, object, number, string, string | undefined]>([
    ['a substance that the grant does not cover', { lines: [line, { ...line, line: 'L2', substance: 'toluene' }], credential: { did: AGENCY, root: rootOf('r1'), count: 1 } }, 422, 'GRANT_SCOPE_NARROWER', 'lines[1].substance'],
    ['sites outside the grant\'s provinces', { credential: { did: AGENCY, root: rootOf('r2'), provinces: ['01'], count: 1 } }, 422, 'GRANT_SCOPE_NARROWER', 'lines[0].substance'],
    ['a DID of another', { credential: { did: UNIVERSITY, root: rootOf('r3'), count: 1 } }, 403, 'DID_NOT_HELD', 'credential'],
    ['a root that is not there', { credential: { did: AGENCY, root: rootOf('r4') } }, 404, 'COMMITMENT_UNKNOWN', 'credential.root'],
    ['a root that is there already', { credential: { did: AGENCY, root: rootOf('GP-1'), count: 1 } }, 409, 'COMMITMENT_ALREADY_RECORDED', 'credential'],
    ['an id that is taken', { id: 'GP-1', credential: { did: AGENCY, root: rootOf('r5'), count: 1 } }, 409, 'LICENCE_ALREADY_RECORDED', undefined],
    ['a list that is not newer', { credential: { did: AGENCY, root: rootOf('r6'), count: 1 }, statusLists: [list(9, { list: 'm' }), list(1)] }, 409, 'STATUS_LIST_VERSION_NOT_NEWER', 'statusLists[1]'],
    ['a licence to replace that is not there', { replaces: { id: 'NONE', from: '2026-01-01', reason: 'x' } }, 404, 'LICENCE_UNKNOWN', 'replaces'],
    ['a count of none', { credential: { did: AGENCY, root: rootOf('r7'), count: 0 } }, 400, 'FIELD_WRONG_VALUE', 'credential.count'],
  ])('with %s is refused whole, with its place in the body', async (_what, change, status, code, field) => {
    const before = await snapshot();
    const answer = await agency.post('/v1/licences', licence('GP-NO', change));
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([status, code, field]);
    expect((await agency.get('/v1/licences/GP-NO')).status).toBe(404);
    for (const root of ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7']) expect(await gateway.publicRecords.commitment(rootOf(root))).toBeUndefined();
    expect((await snapshot()).lists).toEqual(before.lists);
  });
});
