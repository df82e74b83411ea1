import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
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

describe('an organisation that takes its keys into its own hands', () => {
  let keeper: 'own' | 'gateway';
  beforeEach(() => {
    keeper = 'gateway';
  });
  const kept = (change: Partial<{ enrol: Enrol }> = {}): Identities => new Identities({ folder, enrol, readsAs: 'RegulatorMSP', custody: { keeperOf: () => keeper }, clock: { now: () => now }, ...change });
  const filesLeft = async (): Promise<string[]> => readdir(join(folder, ORGANISATION)).catch(() => []);
  const codeOf = async (obtained: Promise<unknown>): Promise<unknown> => obtained.then(() => 'obtained', (error: { code?: unknown }) => error.code ?? error);

  it.each(['a first enrolment', 'a renewal'])('gets no key back from %s that was under way', async (which) => {
    let release = (): void => undefined;
    const waits = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const one = kept({ enrol: async (request) => {
      if (which === 'a renewal' && enrolled.length === 0) return enrol(request);
      asked();
      await waits;
      return enrol(request);
    } });
    if (which === 'a renewal') {
      await one.identityOf(ORGANISATION, 'enterprise');
      now += 340 * DAY_MS;
    }
    const obtained = codeOf(one.identityFor(ORGANISATION, 'enterprise', 'goods:ship'));
    await begun;
    keeper = 'own';
    const destroyed = one.destroy(ORGANISATION, 'enterprise');
    release();
    await destroyed;
    expect(await filesLeft()).toEqual([]);
    expect(await obtained).toBe('KEY_HELD_ELSEWHERE');
    expect(await filesLeft()).toEqual([]);
  });

  it('has none left of which a crash wrote half', async () => {
    const one = kept();
    await one.identityOf(ORGANISATION, 'enterprise');
    await writeFile(join(folder, ORGANISATION, 'enterprise.pem.new'), 'half a key');
    keeper = 'own';
    await one.destroy(ORGANISATION, 'enterprise');
    expect(await filesLeft()).toEqual([]);
  });

  it('has none left at whatever moment it does so', async () => {
    for (let moment = 0; moment < 30; moment++) {
      keeper = 'gateway';
      const one = kept();
      const obtained = codeOf(one.identityOf(ORGANISATION, 'enterprise'));
      for (let turn = 0; turn < moment; turn++) await new Promise(setImmediate);
      keeper = 'own';
      await one.destroy(ORGANISATION, 'enterprise');
      expect(await filesLeft(), String(moment)).toEqual([]);
      expect(['obtained', 'KEY_HELD_ELSEWHERE']).toContain(await obtained);
      expect(await filesLeft(), String(moment)).toEqual([]);
    }
  });

  it('is renewed once, however many ask at once; and the gateway reads in its name as before', async () => {
    const one = kept();
    await one.identityOf(ORGANISATION, 'enterprise');
    now += 340 * DAY_MS;
    await Promise.all([1, 2, 3].map(async () => one.identityOf(ORGANISATION, 'enterprise')));
    expect(enrolled).toHaveLength(2);
    keeper = 'own';
    expect((await one.identityOf(ORGANISATION, 'reader')).mspId).toBe('RegulatorMSP');
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
