/** A ministry revokes what a university or an agency issued, and the verifier shows it at once. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { dayInVietNam, instantOf } from '#domain/instant.js';
import { parseDid, type Did } from '#domain/trust/did.js';
import { trustSnapshot, type TrustSnapshot } from '#domain/trust/snapshot.js';
import type { CredentialVerdict } from '../../verifier/core/credential/credential-verdict.js';
import { mustBe, type Answer, type Caller } from '../gateway/app/running-gateway.js';
import { judge } from './batches/judging.js';
import { AUTHORITY, diplomaRequest, grant, issued, issuerWorld, licenceRequest, UNIVERSITY, type IssuerWorld } from './issuer-world.js';

let world: IssuerWorld;
let ministry: Caller;
let did: Did;
beforeAll(async () => {
  world = await issuerWorld();
  ministry = await world.gateway.enrol('bo-vi-du', 'authority', '01');
  did = parseDid(String(mustBe(201, await world.post(world.gateway.operator, '/v1/dids', { organisation: 'bo-vi-du' })).body['did']));
  await grant(world, 'BO-BANG', did, { actions: ['revoke'], credentialType: 'DiplomaCredential', scope: { provinces: ['48'] } });
});
afterAll(async () => world.remove());
beforeEach(() => {
  world.between = undefined;
});

const revoke = async (id: string, more: object = { decision: '45/QĐ-BVD' }, by: Caller = ministry): Promise<Answer> =>
  world.post(by, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }, status: true, ...more });
const snapshot = async (): Promise<TrustSnapshot> => trustSnapshot(mustBe(200, await world.gateway.call({ url: '/public/trust' })).body);
const verdictOn = async (text: string): Promise<CredentialVerdict | undefined> => (await judge([text], async (path) => (path.startsWith('/public/') ? world.gateway.call({ url: path }) : world.get(path))))[0];
const asked = (from: number): string[] => world.asked.slice(from).filter(({ method }) => method === 'POST').map(({ path, status }) => `${path.replace(/[0-9a-f-]{36}/, ':id')} ${status}`);

describe('a diploma', () => {
  it('is revoked by the ministry\'s right, with its key, and shown so at once; the university\'s lists are as they were', async () => {
    const { id, text } = await issued(world, world.university, diplomaRequest('BO 1'));
    expect((await verdictOn(text))?.verdict).toBe('verified');
    const before = world.asked.length;
    expect(mustBe(200, await revoke(id)).body).toEqual({ credentialId: id, status: { revocation: true, suspension: false, refresh: false } });
    expect(asked(before)).toEqual(['/v1/trust/credential-revocations 200']);
    expect(await verdictOn(text)).toMatchObject({
      verdict: 'not-verified', report: { revocation: { result: 'fail', code: 'CREDENTIAL_REVOKED_BY_AUTHORITY' }, suspension: { result: 'pass' } }, standing: { revokedBy: { organisation: 'bo-vi-du', decision: '45/QĐ-BVD' } },
    });
    const { wanted, log, revokedBy } = await world.issuer.parts.rows.known(id);
    expect([wanted, log.map(({ by, reason }) => [by, reason]), revokedBy]).toMatchObject([{}, [[ministry.key.slice(3, 15), '45/QĐ-BVD']], { did, decision: '45/QĐ-BVD' }]);
    expect(await world.issuer.parts.standing.keyOf(UNIVERSITY), 'nothing is done in the university\'s name').toBe(world.university.key);
  });

  it('stands on the ledger by a digest, and nothing personal beside it', async () => {
    const { id } = await issued(world, world.university, diplomaRequest('BO 2'));
    mustBe(200, await revoke(id));
    const record = (await snapshot()).revocations.find(({ credential }) => credential === createHash('sha256').update(id).digest('hex'));
    expect(record).toEqual({
      kind: 'credential-revocation', did, issuer: UNIVERSITY, credential: expect.any(String) as string, credentialType: 'DiplomaCredential', scope: { provinces: ['48'] }, decision: '45/QĐ-BVD', revokedAt: expect.any(String) as string,
    });
    expect(JSON.stringify(await snapshot())).not.toContain(id);
  });

  it('repeated, and whose answer was lost, is revoked once', async () => {
    const { id, text } = await issued(world, world.university, diplomaRequest('BO 3'));
    world.between = async (path, ask) => {
      const answer = await ask();
      if (path.endsWith('/credential-revocations')) throw new Problem('LEDGER_UNREACHABLE', { reason: 'lost' });
      return answer;
    };
    expect((await revoke(id)).body).toMatchObject({ status: 503, code: 'LEDGER_UNREACHABLE' });
    world.between = undefined;
    for (const forgetful of [false, true]) {
      world.forgetful = forgetful;
      mustBe(200, await revoke(id));
    }
    world.forgetful = false;
    expect((await world.issuer.parts.rows.known(id)).log).toHaveLength(1);
    expect((await verdictOn(text))?.verdict).toBe('not-verified');
  });

  it('can be revoked by the university too, whose word then comes first', async () => {
    const { id, text } = await issued(world, world.university, diplomaRequest('BO 4'));
    mustBe(200, await revoke(id));
    mustBe(200, await revoke(id, {}, world.university));
    expect((await verdictOn(text))?.report.revocation).toEqual({ result: 'fail', code: 'CREDENTIAL_REVOKED' });
  });

  it.each<[string, object, number, string, object]>([
    ['without a decision', {}, 400, 'FIELD_MISSING', { field: 'decision' }],
    ['with words for a decision', { decision: 'gian lận thi cử' }, 400, 'FIELD_WRONG_VALUE', { field: 'decision' }],
    ['to suspend it', { decision: '1', credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'suspension' } }, 403, 'DID_NOT_HELD', {}],
    ['to take that back', { decision: '1', status: false }, 403, 'DID_NOT_HELD', {}],
  ])('is not changed by the ministry %s', async (title, more, status, code, fields) => {
    const { id, text } = await issued(world, world.university, diplomaRequest(`BO ${title}`));
    expect((await revoke(id, more)).body).toMatchObject({ status, code, ...fields });
    expect((await verdictOn(text))?.verdict).toBe('verified');
  });

  it('is not revoked by an authority that has no right to, nor outside of its provinces, nor when the right is gone', async () => {
    const { id, text } = await issued(world, world.university, diplomaRequest('BO 5'));
    expect((await revoke(id, { decision: '1' }, world.authority)).body).toMatchObject({ status: 403, code: 'DID_NOT_HELD' });
    await grant(world, 'HC-BANG', AUTHORITY, { actions: ['revoke'], credentialType: 'DiplomaCredential', scope: { provinces: ['01'] } });
    expect((await revoke(id, { decision: '1' }, world.authority)).body).toMatchObject({ status: 422, code: 'GRANT_SCOPE_NARROWER', fields: { did: AUTHORITY, province: '48' } });
    await grant(world, 'HC-BANG-2', AUTHORITY, { actions: ['revoke'], credentialType: 'DiplomaCredential', scope: { provinces: ['48'] } });
    mustBe(200, await world.gateway.operator.post('/v1/trust/grants/HC-BANG-2/revocation', { effect: 'from-now', reason: 'x' }));
    expect((await revoke(id, { decision: '1' }, world.authority)).body).toMatchObject({ status: 422, code: 'GRANT_REVOKED' });
    expect((await verdictOn(text))?.verdict).toBe('verified');
  });

  it('is in force again when the grant turns out to have been wrong from the beginning; and stays revoked when it only ends', async () => {
    const [one, two] = [await issued(world, world.university, diplomaRequest('BO 6')), await issued(world, world.university, diplomaRequest('BO 7'))];
    await grant(world, 'HC-BANG-3', AUTHORITY, { actions: ['revoke'], credentialType: 'DiplomaCredential', scope: { provinces: 'all' } });
    mustBe(200, await revoke(one.id, { decision: '1' }, world.authority));
    mustBe(200, await revoke(two.id));
    mustBe(200, await world.gateway.operator.post('/v1/trust/grants/BO-BANG/revocation', { effect: 'from-now', reason: 'x' }));
    mustBe(200, await world.gateway.operator.post('/v1/trust/grants/HC-BANG-3/revocation', { effect: 'from-beginning', reason: 'nhầm' }));
    expect([(await verdictOn(one.text))?.verdict, (await verdictOn(two.text))?.report.revocation]).toEqual(['verified', { result: 'fail', code: 'CREDENTIAL_REVOKED_BY_AUTHORITY' }]);
  });
});

describe('a licence', () => {
  beforeAll(async () => grant(world, 'BO-HC', did, { actions: ['revoke'], credentialType: 'ChemicalLicenceCredential', scope: { provinces: 'all', substances: ['acetone'] } }));
  const onLedger = async (id: string): Promise<unknown> => mustBe(200, await world.authority.get(`/v1/licences/${id.slice('urn:uuid:'.length)}`)).body;

  it('loses its force on the ledger in the same transaction', async () => {
    const { id, text } = await issued(world, world.authority, licenceRequest('BO/1'));
    const before = world.asked.length;
    mustBe(200, await revoke(id, { decision: '7/QĐ-BVD', from: '2026-01-02' }));
    expect(asked(before)).toEqual(['/v1/licences/:id/revocation 200']);
    expect(await onLedger(id)).toMatchObject({ standing: 'revoked', licence: { authority: 'cuc-hoa-chat', revocation: { by: 'bo-vi-du', from: '2026-01-02', reason: '7/QĐ-BVD' } } });
    expect((await verdictOn(text))?.report.revocation).toEqual({ result: 'fail', code: 'CREDENTIAL_REVOKED_BY_AUTHORITY' });
    mustBe(200, await revoke(id, {}, world.authority));
    expect((await verdictOn(text))?.report.revocation).toEqual({ result: 'fail', code: 'CREDENTIAL_REVOKED' });
  });

  it('is not revoked for a later day: the record that says so counts at once', async () => {
    const { id, text } = await issued(world, world.authority, licenceRequest('BO/3'));
    const before = world.asked.length;
    expect((await revoke(id, { decision: '7/QĐ-BVD', from: dayInVietNam(instantOf(Date.now() + 2 * 86_400_000)) })).body).toMatchObject({ status: 400, code: 'FIELD_WRONG_VALUE', field: 'from' });
    expect([asked(before), await onLedger(id), (await verdictOn(text))?.verdict]).toMatchObject([[], { standing: 'in-force' }, 'verified']);
  });

  it.each(['licence', 'credential'] as const)('of which the %s was revoked before loses the other', async (first) => {
    const { id, text } = await issued(world, world.authority, licenceRequest(`BO/2 ${first}`));
    const credential = { did, issuer: AUTHORITY, credential: createHash('sha256').update(id).digest('hex'), credentialType: 'ChemicalLicenceCredential', scope: { provinces: ['75'], substances: ['acetone'] }, decision: '1' };
    if (first === 'credential') mustBe(200, await ministry.post('/v1/trust/credential-revocations', credential));
    else mustBe(200, await ministry.post(`/v1/licences/${id.slice('urn:uuid:'.length)}/revocation`, { from: '2026-01-02', reason: 'x', by: did }));
    mustBe(200, await revoke(id));
    expect([await onLedger(id), (await verdictOn(text))?.report.revocation]).toMatchObject([{ standing: 'revoked' }, { code: 'CREDENTIAL_REVOKED_BY_AUTHORITY' }]);
  });
});
