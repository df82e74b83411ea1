/** What was promised is kept: no other key, and no trouble on the way, makes the issuer forget what it began. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { mustBe, type Answer, type Caller } from '../gateway/app/running-gateway.js';
import { AUTHORITY, diplomaRequest, issued, issuerWorld, licenceRequest, type IssuerWorld } from './issuer-world.js';

let world: IssuerWorld;
beforeAll(async () => {
  world = await issuerWorld();
});
afterAll(async () => world.remove());
beforeEach(() => {
  world.between = undefined;
});

const standing = async (id: string): Promise<unknown> => mustBe(200, await world.authority.get(`/v1/licences/${id.slice('urn:uuid:'.length)}`)).body['standing'];
const revoke = async (id: string, caller: Caller = world.authority): Promise<Answer> =>
  world.post(caller, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true });
const keyOf = async (): Promise<string> => world.issuer.parts.standing.keyOf(AUTHORITY);

interface Key {
  readonly caller: Caller;
  revoke(): Promise<void>;
}

async function keyWith(label: string, scopes: readonly string[]): Promise<Key> {
  const { body } = mustBe(201, await world.gateway.operator.post('/v1/organisations/cuc-hoa-chat/api-keys', { label, scopes }));
  const key = String(body['text']);
  return {
    caller: world.gateway.caller('cuc-hoa-chat', key),
    revoke: async () => void mustBe(200, await world.gateway.operator.delete(`/v1/api-keys/${key.split('_')[1] ?? ''}`)),
  };
}

describe('a key that may not write licences', () => {
  let weak: Caller;
  beforeAll(async () => {
    weak = (await keyWith('weak', ['credentials:write'])).caller;
  });

  it('is refused before anything is begun', async () => {
    const before = world.asked.length;
    expect((await world.post(weak, '/credentials/issue', licenceRequest('P/weak'))).body).toMatchObject({ status: 403, code: 'SCOPE_MISSING', fields: { scope: 'licences:write' } });
    const { id } = await issued(world, world.authority, licenceRequest('P/strong'));
    expect((await revoke(id, weak)).body).toMatchObject({ status: 403, code: 'SCOPE_MISSING', fields: { scope: 'licences:write' } });
    const { wanted, log } = await world.issuer.parts.rows.known(id);
    expect([wanted, log, await world.issuer.parts.rows.pending(), world.asked.slice(before).filter(({ path, method }) => method === 'POST' && path === '/v1/licences')]).toMatchObject([{}, [], [], [{ status: 201 }]]);
  });

  it('takes no revocation back that waits for the ledger', async () => {
    const { id } = await issued(world, world.authority, licenceRequest('P/1'));
    world.between = async (path, ask) => {
      if (path.endsWith('/revocation')) throw new Problem('LEDGER_UNREACHABLE', { reason: 'test' });
      return ask();
    };
    expect((await revoke(id)).body).toMatchObject({ status: 503 });
    world.between = undefined;
    expect((await world.post(weak, '/credentials/issue', licenceRequest('P/2'))).status).toBe(403);
    expect([await keyOf(), await world.issuer.finish(), await standing(id)]).toEqual([world.authority.key, 0, 'revoked']);
  });
});

describe('the key that is kept', () => {
  it('is not given up for one that may do less, unless the gateway takes it no more', async () => {
    const { parts: { standing: keys } } = world.issuer;
    const [strong, weak] = [await keyWith('strong', ['credentials:write', 'licences:write']), await keyWith('less', ['credentials:write'])];
    const callerOf = async ({ key }: Caller): Promise<Parameters<typeof keys.remember>[1]> => world.issuer.parts.callers.identify(`Bearer ${key}`);
    await keys.remember(AUTHORITY, await callerOf(strong.caller));
    await keys.remember(AUTHORITY, await callerOf(weak.caller));
    expect(await keyOf()).toBe(strong.caller.key);
    world.between = async () => { throw new Problem('LEDGER_UNREACHABLE', { reason: 'test' }); };
    await keys.remember(AUTHORITY, { bearer: weak.caller.key, scopes: ['credentials:write'] });
    expect(await keyOf()).toBe(strong.caller.key);
    world.between = undefined;
    await strong.revoke();
    await world.restart();
    await world.issuer.parts.standing.remember(AUTHORITY, { bearer: weak.caller.key, scopes: ['credentials:write'] });
    expect(await keyOf()).toBe(weak.caller.key);
    await world.issuer.parts.standing.remember(AUTHORITY, { bearer: world.authority.key, scopes: ['credentials:write', 'licences:write'] });
    expect(await keyOf()).toBe(world.authority.key);
  });
});

describe('a refusal that is not the contract\'s', () => {
  const PASSING = [[403, 'SCOPE_MISSING'], [409, 'LEDGER_CONFLICT'], [422, 'LEDGER_REJECTED'], [404, 'ROUTE_UNKNOWN']] as const;

  it.each(PASSING)('%d %s leaves a revocation to be done', async (status, code) => {
    const { id } = await issued(world, world.authority, licenceRequest(`P/r ${code}`));
    world.between = async (path, ask) => (path.endsWith('/revocation') ? { status, body: { code, fields: {} } } : ask());
    expect((await revoke(id)).body).toMatchObject({ status, code });
    expect([await world.issuer.finish(), await standing(id)]).toEqual([1, 'in-force']);
    world.between = undefined;
    expect([await world.issuer.finish(), await standing(id), await world.issuer.parts.rows.pending()]).toEqual([0, 'revoked', []]);
  });

  it.each(PASSING)('%d %s leaves a credential to be issued', async (status, code) => {
    for (const [caller, request, path] of [[world.authority, licenceRequest(`P/i ${code}`), '/v1/licences'], [world.university, diplomaRequest(`P ${status}`), '/v1/trust/commitments']] as const) {
      world.between = async (asked, ask) => (asked === path ? { status, body: { code, fields: {} } } : ask());
      const answer = await world.post(caller, '/credentials/issue', request);
      expect(answer).toMatchObject({ status: 202, body: { state: 'waiting', code } });
      world.between = undefined;
      expect([await world.issuer.finish(), (await issued(world, caller, request)).id]).toEqual([0, answer.body['credentialId']]);
    }
  });
});

describe('a licence whose recording was not answered', () => {
  it.each([[422, 'GRANT_REVOKED'], [409, 'LICENCE_ALREADY_RECORDED'], [409, 'COMMITMENT_ALREADY_RECORDED']] as const)('is issued where it stands on the ledger, although it is refused by now: %d %s', async (status, code) => {
    world.between = async (path, ask) => {
      const answer = await ask();
      return path === '/v1/licences' ? { status: 202, body: { status: 'pending' } } : answer;
    };
    const request = licenceRequest(`P/on ${code}`);
    const { body } = mustBe(202, await world.post(world.authority, '/credentials/issue', request));
    world.between = async (path, ask) => (path === '/v1/licences' ? { status, body: { code, fields: {} } } : ask());
    expect(await world.issuer.finish()).toBe(0);
    world.between = undefined;
    const { id } = await issued(world, world.authority, request);
    expect([id, await standing(id), (await world.issuer.parts.rows.known(id)).state]).toEqual([body['credentialId'], 'in-force', 'issued']);
  });

  it('is refused where it does not', async () => {
    world.between = async (path, ask) => (path === '/v1/licences' ? { status: 422, body: { code: 'GRANT_REVOKED', fields: {} } } : ask());
    expect((await world.post(world.authority, '/credentials/issue', licenceRequest('P/off'))).body).toMatchObject({ status: 422, code: 'GRANT_REVOKED' });
    expect(await world.issuer.parts.rows.pending()).toEqual([]);
  });
});
