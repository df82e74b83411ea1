import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCaller } from '#domain/access.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { TRANSACTIONS, type TransactionName } from '#domain/transactions.js';
import { Identities, ROLES_OF_TYPE, type Enrol } from '../../../gateway/tenants/identities.js';
import type { OrganisationType } from '../../../gateway/tenants/scopes.js';
import { createAuthority, type Authority } from '../../../network/enrolment/authority.js';

const DAY_MS = 24 * 3_600_000;
const ORGANISATION = 'che-shan' as OrganisationId;
let folder: string;
let authority: Authority;
let now: number;
const enrolled: Parameters<Enrol>[0][] = [];

const enrol: Enrol = async (request) => {
  enrolled.push(request);
  const { certificatePem, privateKeyPem } = await authority.enrol({ ...request, role: 'client', validity: { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + 365 * DAY_MS) } });
  return { mspId: request.mspId, certificate: certificatePem, privateKey: privateKeyPem };
};
const identities = (): Identities => new Identities({ folder, enrol, readsAs: 'RegulatorMSP', custody: { keeperOf: () => 'gateway' }, clock: { now: () => now } });

beforeEach(async () => {
  now = Date.parse('2026-11-20T08:00:00Z');
  enrolled.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'minhchung-identities-'));
  authority = await createAuthority({ mspId: 'IndustryMSP', commonName: 'ca' });
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

describe('an identity', () => {
  it('is enrolled once, kept in a file of its owner alone, and the same object from then on', async () => {
    const one = identities();
    const [first, second] = await Promise.all([one.identityOf(ORGANISATION, 'enterprise'), one.identityOf(ORGANISATION, 'enterprise')]);
    expect(first).toBe(second);
    expect(enrolled).toEqual([{ mspId: 'IndustryMSP', commonName: 'enterprise.che-shan', attributes: { role: 'enterprise', org: 'che-shan' } }]);
    const path = join(folder, 'che-shan', 'enterprise.pem');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'che-shan'))).mode & 0o777).toBe(0o700);
    expect(await identities().identityOf(ORGANISATION, 'enterprise')).toEqual(first);
    expect(enrolled).toHaveLength(1);
  });

  it('is renewed thirty days before its certificate ends, and not before', async () => {
    const one = identities();
    const first = await one.identityOf(ORGANISATION, 'enterprise');
    now += 335 * DAY_MS - 1000;
    expect(await one.identityOf(ORGANISATION, 'enterprise')).toBe(first);
    now += 2000;
    const renewed = await one.identityOf(ORGANISATION, 'enterprise');
    expect(renewed.certificate).not.toBe(first.certificate);
    expect(enrolled).toHaveLength(2);
    expect(await one.identityOf(ORGANISATION, 'enterprise')).toBe(renewed);
  });

  it('is enrolled anew where the file holds no whole one', async () => {
    await identities().identityOf(ORGANISATION, 'enterprise');
    const path = join(folder, 'che-shan', 'enterprise.pem');
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, 900));
    await identities().identityOf(ORGANISATION, 'enterprise');
    expect(enrolled).toHaveLength(2);
  });

  it('is asked for again after an enrolment that failed', async () => {
    let failures = 1;
    const one = new Identities({ folder, readsAs: 'RegulatorMSP', custody: { keeperOf: () => 'gateway' }, clock: { now: () => now }, enrol: async (request) => {
      if (failures-- > 0) throw new Error('no authority');
      return enrol(request);
    } });
    await expect(one.identityOf(ORGANISATION, 'enterprise')).rejects.toThrow('no authority');
    expect((await one.identityOf(ORGANISATION, 'enterprise')).mspId).toBe('IndustryMSP');
  });
});

describe('the role in which a type of organisation calls', () => {
  it('is one that the contracts allow, in a certificate of the member that may give it', async () => {
    const one = identities();
    for (const [type, roles] of Object.entries(ROLES_OF_TYPE) as [OrganisationType, readonly string[]][]) {
      for (const transaction of Object.keys(TRANSACTIONS) as TransactionName[]) {
        const allowed = TRANSACTIONS[transaction].roles.filter((role) => roles.includes(role));
        const found = await one.identityFor(ORGANISATION, type, transaction).catch((error: unknown) => error);
        if (allowed.length === 0) expect(found).toMatchObject({ code: 'CALLER_NOT_ALLOWED', fields: { transaction, type } });
        else expect(found).toHaveProperty('certificate');
      }
    }
    for (const { mspId, attributes } of enrolled) expect(parseCaller(mspId, attributes['role']!, attributes['org']!)).toMatchObject({ msp: mspId, organisation: 'che-shan' });
  });

  it('is the inspector\'s where an authority recalls, and the authority\'s where it licenses', async () => {
    const one = identities();
    await one.enrolAll(ORGANISATION, 'authority');
    expect(await one.identityFor(ORGANISATION, 'authority', 'goods:recallLot')).toBe(await one.identityOf(ORGANISATION, 'inspector'));
    expect(await one.identityFor(ORGANISATION, 'authority', 'chemical:recordLicence')).toBe(await one.identityOf(ORGANISATION, 'authority'));
    expect(enrolled.map(({ mspId }) => mspId)).toEqual(['RegulatorMSP', 'RegulatorMSP']);
  });
});
