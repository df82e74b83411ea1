/** A licence that is a credential loses its force on the ledger alone, and whoever verifies the credential is told so at once. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayInVietNam, instantOf } from '#domain/instant.js';
import type { TransactionName } from '#domain/transactions.js';
import { trustSnapshot } from '#domain/trust/snapshot.js';
import { enrolKey, submitSigned, type CallGateway } from '../../gateway/offline-signing/offline-client.js';
import type { CredentialVerdict } from '../../verifier/core/credential/credential-verdict.js';
import { mustBe, type Answer, type Caller } from '../gateway/app/running-gateway.js';
import { judge } from './batches/judging.js';
import { issued, issuerWorld, licenceRequest, type IssuerWorld } from './issuer-world.js';

let world: IssuerWorld;
beforeAll(async () => {
  world = await issuerWorld();
});
afterAll(async () => world.remove());

const DAY_MS = 86_400_000;
const dayAfter = (days: number): string => dayInVietNam(instantOf(Date.now() + days * DAY_MS));
const uuidOf = (id: string): string => id.slice('urn:uuid:'.length);
const verdictOn = async (text: string): Promise<CredentialVerdict | undefined> => (await judge([text], async (path) => (path.startsWith('/public/') ? world.gateway.call({ url: path }) : world.get(path))))[0];
const onGateway = async (id: string, what: 'revocation' | 'suspension' | 'reinstatement', more: object = {}, by: Caller = world.authority): Promise<Answer> =>
  by.post(`/v1/licences/${uuidOf(id)}/${what}`, { reason: '45/QĐ-VD', ...more });
const byIssuer = async (id: string, statusPurpose: 'revocation' | 'suspension', status = true): Promise<Answer> =>
  world.post(world.authority, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose }, status });
const endings = async (): Promise<unknown> => trustSnapshot(mustBe(200, await world.gateway.call({ url: '/public/trust' })).body).licences;

const LICENCE_REVOKED = { result: 'fail', code: 'CREDENTIAL_LICENCE_REVOKED' };

describe('at the gateway', () => {
  it('revoked: the credential is, with day, time and who did it; and the issuer says it itself when it catches up', async () => {
    const { id, text } = await issued(world, world.authority, licenceRequest('SG/1'));
    expect((await verdictOn(text))?.verdict).toBe('verified');
    mustBe(200, await onGateway(id, 'revocation', { from: dayAfter(0) }));
    const verdict = await verdictOn(text);
    expect(verdict).toMatchObject({ verdict: 'not-verified', standing: { licence: { purpose: 'revocation', by: 'cuc-hoa-chat', from: dayAfter(0), at: expect.any(String) as string } } });
    expect(verdict?.report).toMatchObject({ revocation: LICENCE_REVOKED, suspension: { result: 'pass' }, supersession: { result: 'pass' } });
    mustBe(200, await byIssuer(id, 'revocation'));
    const later = await verdictOn(text);
    expect([later?.report.revocation, later?.standing?.licence]).toEqual([{ result: 'fail', code: 'CREDENTIAL_REVOKED' }, undefined]);
  });

  it('suspended and reinstated: so is the credential', async () => {
    const { id, text } = await issued(world, world.authority, licenceRequest('SG/2'));
    mustBe(200, await onGateway(id, 'suspension'));
    expect(await verdictOn(text)).toMatchObject({ verdict: 'not-verified', report: { suspension: { code: 'CREDENTIAL_LICENCE_SUSPENDED' }, revocation: { result: 'pass' } }, standing: { licence: { purpose: 'suspension', by: 'cuc-hoa-chat' } } });
    mustBe(200, await onGateway(id, 'reinstatement'));
    expect([(await verdictOn(text))?.verdict, JSON.stringify(await endings())]).toEqual(['verified', expect.not.stringContaining(uuidOf(id)) as string]);
    mustBe(200, await onGateway(id, 'suspension'));
    mustBe(200, await onGateway(id, 'revocation', { from: dayAfter(0) }));
    expect((await verdictOn(text))?.report).toMatchObject({ revocation: LICENCE_REVOKED, suspension: { result: 'pass' } });
  });

  it('reinstated after the issuer suspended it: the issuer\'s list counts until the issuer takes it back', async () => {
    const { id, text } = await issued(world, world.authority, licenceRequest('SG/5'));
    mustBe(200, await byIssuer(id, 'suspension'));
    mustBe(200, await onGateway(id, 'reinstatement'));
    const verdict = await verdictOn(text);
    expect([verdict?.report.suspension, verdict?.standing?.licence]).toEqual([{ result: 'fail', code: 'CREDENTIAL_SUSPENDED' }, undefined]);
    mustBe(200, await byIssuer(id, 'suspension', false));
    expect((await verdictOn(text))?.verdict).toBe('verified');
  });

  it('revoked from a later day: announced in the snapshot, and in force until then', async () => {
    const { id, text } = await issued(world, world.authority, licenceRequest('SG/3'));
    mustBe(200, await onGateway(id, 'revocation', { from: dayAfter(2) }));
    expect(await endings()).toContainEqual(expect.objectContaining({ licence: uuidOf(id), number: 'SG/3', revocation: { from: dayAfter(2), at: expect.any(String) as string, by: 'cuc-hoa-chat' } }));
    expect((await verdictOn(text))?.verdict).toBe('verified');
  });

  it('by a reason that nobody else reads', async () => {
    expect(JSON.stringify(await endings())).not.toContain('45/QĐ-VD');
  });

  it('of a licence that is no credential says nothing to a verifier', async () => {
    const before = await endings();
    const licence = { id: 'GP-TRON', number: '9/GP', holder: 'hoa-chat-dong-nai', validFrom: '2026-01-01', validTo: '2031-12-31', lines: [{ line: 'L1', substance: 'acetone', least: '90', most: '100', perYear: '5000' }] };
    mustBe(201, await world.authority.post('/v1/licences', licence));
    mustBe(200, await world.authority.post('/v1/licences/GP-TRON/revocation', { from: dayAfter(0), reason: 'x' }));
    expect(await endings()).toEqual(before);
  });

  it('refused to whoever did not give it: the credential stays in force', async () => {
    const { id, text } = await issued(world, world.authority, licenceRequest('SG/4'));
    for (const what of ['revocation', 'suspension'] as const) expect((await onGateway(id, what, what === 'revocation' ? { from: dayAfter(0) } : {}, world.university)).status).toBe(403);
    expect((await verdictOn(text))?.verdict).toBe('verified');
  });
});

describe('by the contract\'s own transaction, signed with a key outside of the gateway', () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  let certificate: string;
  const calling: CallGateway = async (method, path, body, headers = {}) => {
    const answer = await (method === 'GET' ? world.authority.get(path) : world.authority.post(path, body, headers));
    if (answer.status >= 300) throw new Error(answer.text);
    return answer.body;
  };
  beforeAll(async () => {
    certificate = await enrolKey(calling, key, 'may-rieng');
  });
  const submit = async (transaction: TransactionName, request: Record<string, unknown>): Promise<unknown> => submitSigned(calling, { key, certificate, transaction, request });

  it('revoked, suspended and reinstated: so is the credential', async () => {
    const [one, two] = [await issued(world, world.authority, licenceRequest('HD/1')), await issued(world, world.authority, licenceRequest('HD/2'))];
    await submit('chemical:revokeLicence', { id: uuidOf(one.id), from: dayAfter(0), reason: 'x' });
    await submit('chemical:suspendLicence', { id: uuidOf(two.id), reason: 'x' });
    expect([(await verdictOn(one.text))?.report.revocation, (await verdictOn(two.text))?.report.suspension]).toEqual([LICENCE_REVOKED, { result: 'fail', code: 'CREDENTIAL_LICENCE_SUSPENDED' }]);
    await submit('chemical:reinstateLicence', { id: uuidOf(two.id), reason: 'x' });
    expect((await verdictOn(two.text))?.verdict).toBe('verified');
  });

  it('also of a licence that was recorded there by another id, under the credential\'s root', async () => {
    const { id, text } = await issued(world, world.authority, licenceRequest('HD/3'));
    const { kind: _kind, authority: _authority, recordedAt: _recordedAt, ...request } = mustBe(200, await world.authority.get(`/v1/licences/${uuidOf(id)}`)).body['licence'] as Record<string, unknown>;
    await submit('chemical:recordLicence', { ...request, id: 'GP-KHAC' });
    expect((await verdictOn(text))?.verdict).toBe('verified');
    await submit('chemical:revokeLicence', { id: 'GP-KHAC', from: dayAfter(0), reason: 'x' });
    expect((await verdictOn(text))?.report.revocation).toEqual(LICENCE_REVOKED);
  });
});

describe('replaced by a new licence', () => {
  it('it is replaced, and not revoked: in the ledger\'s transaction, before the issuer\'s list says so', async () => {
    const old = await issued(world, world.authority, licenceRequest('TT/1'));
    const between: (CredentialVerdict | undefined)[] = [];
    world.between = async (path, ask) => {
      if (path === '/v1/trust/status-lists') between.push(await verdictOn(old.text));
      return ask();
    };
    const next = await issued(world, world.authority, licenceRequest('TT/2', { replaces: { number: 'TT/1', credential: old.id } }));
    world.between = undefined;
    expect(between[0]?.report).toMatchObject({ supersession: { code: 'CREDENTIAL_LICENCE_REPLACED' }, revocation: { result: 'pass' } });
    expect((await verdictOn(old.text))?.report).toMatchObject({ supersession: { code: 'CREDENTIAL_SUPERSEDED' }, revocation: { result: 'pass' } });
    expect((await verdictOn(next.text))?.verdict).toBe('verified');
    expect(await endings()).toContainEqual(expect.objectContaining({ licence: uuidOf(old.id), revocation: expect.objectContaining({ replacedBy: uuidOf(next.id) }) as object }));
  });

  it('from a later day on: in force until then', async () => {
    const old = await issued(world, world.authority, licenceRequest('TT/3'));
    const body = licenceRequest('TT/4', { replaces: { number: 'TT/3', credential: old.id } });
    await issued(world, world.authority, { credential: { ...body['credential'] as object, issuanceDate: `${dayAfter(3)}T00:00:00+07:00` } });
    expect((await verdictOn(old.text))?.verdict).toBe('verified');
  });
});
