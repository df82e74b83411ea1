/** The gateway remembers idempotency keys for a week. After that, what was done is known by what stands on the ledger. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { trustSnapshot, type TrustSnapshot } from '#domain/trust/snapshot.js';
import { mustBe, type Answer } from '../gateway/app/running-gateway.js';
import { AUTHORITY, diplomaRequest, issued, issuerWorld, licenceRequest, UNIVERSITY, type IssuerWorld } from './issuer-world.js';

let world: IssuerWorld;
beforeAll(async () => {
  world = await issuerWorld();
  mustBe(201, await world.gateway.operator.post('/v1/organisations', { id: 'truong-hai', type: 'institution', name: 'Trường Hai', address: 'Phố Ví Dụ 1', province: '01', fictional: 'yes' }));
  world.forgetful = true;
});
afterAll(async () => world.remove());
beforeEach(() => {
  world.between = undefined;
});

const snapshot = async (): Promise<TrustSnapshot> => trustSnapshot((await world.gateway.call({ url: '/public/trust' })).body);
const encoded = encodeURIComponent(UNIVERSITY);

/** The first answer of a path is lost after the gateway has done what was asked. */
function loseFirst(path: string): void {
  let lost = false;
  world.between = async (asked, ask) => {
    const answer = await ask();
    if (asked !== path || lost) return answer;
    lost = true;
    throw new Problem('LEDGER_UNREACHABLE', { reason: 'lost' });
  };
}

const post = async (url: string, body: object): Promise<Answer> => world.post(world.gateway.operator, url, body);

it.each([
  ['a DID', '/v1/trust/dids', async () => post('/v1/dids', { organisation: 'truong-hai' }), 201],
  ['a key', '/v1/trust/keys', async () => post(`/v1/dids/${encoded}/keys`, {}), 201],
  ['the end of a key', '/v1/trust/key-retirements', async () => post(`/v1/dids/${encoded}/keys/key-1/retirement`, { reason: 'compromised' }), 200],
] as const)('%s is registered once', async (_, path, ask, status) => {
  loseFirst(path);
  expect((await ask()).status).toBe(503);
  mustBe(status, await ask());
  expect(world.asked.findLast((one) => one.path === path)?.status).toBe(409);
  const { dids, keys } = await snapshot();
  expect([new Set(dids.map(({ did }) => did)).size, new Set(keys.map(({ did, keyId }) => `${did}#${keyId}`)).size]).toEqual([dids.length, keys.length]);
});

it('a credential is committed to once, and a status list version anchored once', async () => {
  mustBe(201, await post(`/v1/dids/${encoded}/keys`, {}));
  loseFirst('/v1/trust/commitments');
  expect((await world.post(world.university, '/credentials/issue', diplomaRequest('FG 1'))).status).toBe(202);
  const { id, jwt } = await issued(world, world.university, diplomaRequest('FG 1'));
  expect(world.asked.findLast(({ path }) => path === '/v1/trust/commitments')?.status).toBe(409);
  loseFirst('/v1/trust/status-lists');
  const revocation = { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true };
  expect((await world.post(world.university, '/credentials/status', revocation)).status).toBe(503);
  const before = (await snapshot()).lists;
  mustBe(200, await world.post(world.university, '/credentials/status', revocation));
  expect([(await snapshot()).lists, jwt.split('.')]).toEqual([before, expect.objectContaining({ length: 3 })]);
});

it('a licence is recorded once', async () => {
  loseFirst('/v1/licences');
  expect((await world.post(world.authority, '/credentials/issue', licenceRequest('FG/1'))).status).toBe(202);
  const { id } = await issued(world, world.authority, licenceRequest('FG/1'));
  mustBe(200, await world.authority.get(`/v1/licences/${id.slice(9)}`));
});

it('what somebody else put there is not taken for ours', async () => {
  world.between = async (path, ask) => {
    if (path === '/v1/trust/commitments') return { status: 409, body: { code: 'COMMITMENT_ALREADY_RECORDED', fields: {} } };
    if (!path.startsWith('/public/commitments/')) return ask();
    return { status: 200, body: { record: { kind: 'credential-commitment', root: path.slice(-64), did: AUTHORITY, count: 1, committedAt: '2026-11-20T00:00:00.000Z' }, receipt: 'x' } };
  };
  expect((await world.post(world.university, '/credentials/issue', diplomaRequest('FG 2'))).body).toMatchObject({ status: 409, code: 'COMMITMENT_ALREADY_RECORDED' });
});
