/** A licence whose end is announced for a later day can still be stopped: page, sale gate and snapshot say the same of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LicenceRecord } from '#domain/chemistry/licence.js';
import { licenceStanding } from '#domain/chemistry/licence-standing.js';
import { Problem } from '#domain/errors.js';
import { dayInVietNam, instantOf } from '#domain/instant.js';
import { parseDid, type Did } from '#domain/trust/did.js';
import { trustSnapshot } from '#domain/trust/snapshot.js';
import type { CredentialVerdict } from '../../verifier/core/credential/credential-verdict.js';
import { mustBe, type Answer, type Caller } from '../gateway/app/running-gateway.js';
import { judge } from './batches/judging.js';
import { grant, issued, issuerWorld, licenceRequest, type IssuerWorld } from './issuer-world.js';

let world: IssuerWorld;
beforeAll(async () => {
  world = await issuerWorld();
});
afterAll(async () => world.remove());
beforeEach(() => {
  world.between = undefined;
});

const DAY_MS = 86_400_000;
const dayAfter = (days: number): string => dayInVietNam(instantOf(Date.now() + days * DAY_MS));
const uuidOf = (id: string): string => id.slice('urn:uuid:'.length);

interface Made {
  readonly id: string;
  readonly text: string;
}

const order = async (caller: Caller, { id }: Made, statusPurpose: 'revocation' | 'suspension', more: object = {}): Promise<Answer> =>
  world.post(caller, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose }, status: true, ...more });
const revoke = async (of: Made, more: object = {}): Promise<Answer> => order(world.authority, of, 'revocation', more);
const suspend = async (of: Made, status: boolean): Promise<Answer> => order(world.authority, of, 'suspension', { status });
const onGateway = async ({ id }: Made, what: 'revocation' | 'suspension' | 'reinstatement', more: object = {}): Promise<Answer> =>
  world.authority.post(`/v1/licences/${uuidOf(id)}/${what}`, { reason: '45/QĐ-VD', ...more });

async function verdictOn({ text }: Made): Promise<CredentialVerdict | undefined> {
  return (await judge([text], async (path) => (path.startsWith('/public/') ? world.gateway.call({ url: path }) : world.get(path))))[0];
}

/** What the sale gate, the snapshot and the page make of a licence. */
async function told(of: Made): Promise<{ gate: string; from: string | undefined; ending: string | undefined; page: string | undefined }> {
  const licence = mustBe(200, await world.authority.get(`/v1/licences/${uuidOf(of.id)}`)).body['licence'] as LicenceRecord;
  const { licences } = trustSnapshot(mustBe(200, await world.gateway.call({ url: '/public/trust' })).body);
  const ending = licences.find((one) => one.licence === uuidOf(of.id));
  return { gate: licenceStanding(licence, instantOf(Date.now())), from: licence.revocation?.from, ending: ending?.revocation?.from, page: (await verdictOn(of))?.verdict };
}

/** In force until the day, as everybody is told. */
const until = (day: string): object => ({ gate: 'in-force', from: day, ending: day, page: 'verified' });
const REVOKED_TODAY = { gate: 'revoked', from: dayAfter(0), ending: dayAfter(0), page: 'not-verified' };

let made = 0;
const licence = async (): Promise<Made> => issued(world, world.authority, licenceRequest(`AE/${(made += 1)}`));

/** A licence that another one will replace in thirty days. */
async function replaced(): Promise<Made> {
  const old = await licence();
  const body = licenceRequest(`AE/new ${made}`, { replaces: { number: `AE/${made}`, credential: old.id } });
  await issued(world, world.authority, { credential: { ...body['credential'] as object, issuanceDate: `${dayAfter(30)}T00:00:00+07:00` } });
  return old;
}

async function announced(): Promise<Made> {
  const one = await licence();
  mustBe(200, await revoke(one, { from: dayAfter(30) }));
  return one;
}

describe.each([['replaced', replaced], ['revoked', announced]])('a licence that is to be %s on a later day', (_what, make) => {
  it('is in force until then', async () => {
    expect(await told(await make())).toEqual(until(dayAfter(30)));
  });

  it('is revoked at once by its issuer', async () => {
    const one = await make();
    expect(mustBe(200, await revoke(one, { reason: 'gian dối' })).body).toEqual({ credentialId: one.id, status: { revocation: true, suspension: false, refresh: false } });
    expect(await told(one)).toEqual(REVOKED_TODAY);
    expect(await verdictOn(one)).toMatchObject({ report: { revocation: { code: 'CREDENTIAL_REVOKED' } } });
    expect((await suspend(one, true)).body).toMatchObject({ status: 409, code: 'CREDENTIAL_REVOKED_ALREADY' });
  });

  it('is suspended and reinstated, and its end stays', async () => {
    const one = await make();
    mustBe(200, await suspend(one, true));
    expect(await told(one)).toEqual({ ...until(dayAfter(30)), gate: 'suspended', page: 'not-verified' });
    mustBe(200, await suspend(one, false));
    expect(await told(one)).toEqual(until(dayAfter(30)));
  });

  it('ends on an earlier day to come where that is ordered, and not on a later one', async () => {
    const one = await make();
    expect(mustBe(200, await revoke(one, { from: dayAfter(10) })).body).toMatchObject({ status: { revocation: false }, from: dayAfter(10) });
    expect(await told(one)).toEqual(until(dayAfter(10)));
    expect(mustBe(200, await revoke(one, { from: dayAfter(20) })).body).toMatchObject({ from: dayAfter(10) });
    expect(await told(one)).toEqual(until(dayAfter(10)));
  });

  it('is revoked and suspended at the gateway', async () => {
    const [one, two] = [await make(), await make()];
    mustBe(200, await onGateway(one, 'suspension'));
    mustBe(200, await onGateway(two, 'revocation', { from: dayAfter(0) }));
    expect([await told(one), await told(two)]).toEqual([{ ...until(dayAfter(30)), gate: 'suspended', page: 'not-verified' }, REVOKED_TODAY]);
    mustBe(200, await onGateway(one, 'reinstatement'));
    expect(await told(one)).toEqual(until(dayAfter(30)));
    expect((await onGateway(one, 'revocation', { from: dayAfter(31) })).body).toMatchObject({ status: 409, code: 'LICENCE_ALREADY_REVOKED', fields: { from: dayAfter(30) } });
  });

  it('is revoked at once by another authority that has the right to', async () => {
    const { ministry } = await otherAuthority();
    const one = await make();
    mustBe(200, await order(ministry, one, 'revocation', { decision: '9/QĐ-BVD' }));
    expect(await told(one)).toEqual(REVOKED_TODAY);
  });

  it('stays announced where the ledger refuses to end it earlier, and ends then all the same', async () => {
    const one = await make();
    const before = await world.issuer.parts.rows.known(one.id);
    const pending = await world.issuer.parts.rows.pending();
    world.between = async (path, ask) => (path.endsWith('/revocation') ? { status: 422, body: { code: 'GRANT_REVOKED', fields: {} } } : ask());
    expect((await revoke(one)).body).toMatchObject({ status: 422, code: 'GRANT_REVOKED' });
    world.between = undefined;
    expect([await world.issuer.parts.rows.known(one.id), await world.issuer.parts.rows.pending()]).toEqual([before, pending]);
    expect(await told(one)).toEqual(until(dayAfter(30)));
  });

  it('is ended earlier once the ledger answers, where it did not', async () => {
    const one = await make();
    world.between = async (path, ask) => {
      if (path.endsWith('/revocation')) throw new Problem('LEDGER_UNREACHABLE', { reason: 'test' });
      return ask();
    };
    expect((await revoke(one)).body).toMatchObject({ status: 503, code: 'LEDGER_UNREACHABLE' });
    await world.restart();
    world.between = undefined;
    expect(await world.issuer.finish()).toBe(0);
    expect(await told(one)).toEqual(REVOKED_TODAY);
  });
});

it('a suspension that the ledger refuses leaves an announced end to come', async () => {
  const one = await announced();
  world.between = async (path, ask) => (path.endsWith('/suspension') ? { status: 422, body: { code: 'LICENCE_SUSPENSIONS_TOO_MANY', fields: {} } } : ask());
  expect((await suspend(one, true)).body).toMatchObject({ status: 422, code: 'LICENCE_SUSPENSIONS_TOO_MANY' });
  world.between = undefined;
  expect(await world.issuer.parts.rows.pending()).toContain(one.id);
  expect((await world.issuer.parts.rows.known(one.id)).log).toMatchObject([{ purpose: 'revocation' }]);
});

it('a licence that is revoked earlier does not free what another has by now', async () => {
  const body = licenceRequest('AE/again');
  const first = await issued(world, world.authority, body);
  mustBe(200, await revoke(first, { from: dayAfter(30) }));
  const second = await issued(world, world.authority, body);
  mustBe(200, await revoke(first));
  expect((await issued(world, world.authority, body)).id).toBe(second.id);
});

it('a licence that was ended by a new one is revoked from a later day on that day', async () => {
  const one = await replaced();
  expect(mustBe(200, await revoke(one, { from: dayAfter(40) })).body).toMatchObject({ status: { revocation: false }, from: dayAfter(40) });
  expect(await told(one)).toEqual(until(dayAfter(30)));
  expect(mustBe(200, await revoke(one, { from: dayAfter(35) })).body).toMatchObject({ from: dayAfter(35) });
  expect(await told(one)).toEqual(until(dayAfter(30)));
});

it('a new licence that begins before the end that was announced meanwhile ends the old one when it begins', async () => {
  const old = await licence();
  const body = licenceRequest('AE/between', { replaces: { number: `AE/${made}`, credential: old.id } });
  world.between = async (path, ask) => (path === '/v1/licences' ? { status: 202, body: {} } : ask());
  expect((await world.post(world.authority, '/credentials/issue', { credential: { ...body['credential'] as object, issuanceDate: `${dayAfter(5)}T00:00:00+07:00` } })).status).toBe(202);
  mustBe(200, await revoke(old, { from: dayAfter(30) }));
  world.between = undefined;
  expect(await world.issuer.finish()).toBe(0);
  expect(await told(old)).toEqual(until(dayAfter(5)));
});

let other: Promise<{ readonly ministry: Caller; readonly did: Did }> | undefined;

/** An authority that may revoke such licences, and gives none. */
async function otherAuthority(): Promise<{ readonly ministry: Caller; readonly did: Did }> {
  other ??= (async () => {
    const ministry = await world.gateway.enrol('bo-vi-du', 'authority', '01');
    const did = parseDid(String(mustBe(201, await world.post(world.gateway.operator, '/v1/dids', { organisation: 'bo-vi-du' })).body['did']));
    await grant(world, 'TH', did, { actions: ['revoke'], credentialType: 'ChemicalLicenceCredential', scope: { provinces: 'all', substances: 'all' } });
    return { ministry, did };
  })();
  return other;
}
