import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import { createAuthority } from '../../../network/enrolment/authority.js';
import { planHosts } from '../../../network/fabric/hosts/host-plan.js';
import { compareWithFile } from '../../../network/fabric/hosts/host-report.js';
import { makeHost } from '../../../network/fabric/hosts/make-host.js';
import { parsePublicPart, partText, type PublicPart } from '../../../network/fabric/hosts/public-part.js';
import { partOfPlan, takeFile } from '../../../network/fabric/hosts/take-file.js';
import { NetworkFolder } from '../../../network/fabric/network-folder.js';
import { rejectsWith } from '../../support/rejects-with.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';
import { Machines, PLAN } from './machines.js';

const root = join(tmpdir(), `minhchung-parts-${process.pid}`);
let machines: Machines;

beforeAll(async () => { machines = await Machines.all(root); });
afterAll(async () => rm(root, { recursive: true, force: true }));

const AUTHORITY_LIFE = { notBefore: new Date('2026-01-01'), notAfter: new Date('2036-01-01') };

describe('a public part from elsewhere', () => {
  const parsed = async (): Promise<PublicPart> => parsePublicPart(await machines.part('industry', 'IndustryMSP'), PLAN);
  const changed = async (change: object): Promise<string> => JSON.stringify({ ...await parsed(), ...change });

  /** Certificates of an organisation that is not what it says. */
  async function madeUp(): Promise<{ root: string; tlsRoot: string; member: (role: 'orderer' | 'client') => Promise<string>; tls: (host: string) => Promise<string> }> {
    const members = await createAuthority({ mspId: 'IndustryMSP', commonName: 'ca', validity: AUTHORITY_LIFE });
    const tls = await createAuthority({ mspId: 'IndustryMSP', commonName: 'tlsca', validity: AUTHORITY_LIFE });
    return {
      root: members.certificatePem, tlsRoot: tls.certificatePem,
      member: async (role) => (await members.enrol({ commonName: 'x', role })).certificatePem,
      tls: async (host) => (await tls.enrolTls({ commonName: 'x', hosts: [host] })).certificatePem,
    };
  }

  test('of another plan is refused', async () => {
    await rejectsWith(takeFile(machines.folder('regulator'), PLAN, await changed({ plan: '0'.repeat(64) })), 'FABRIC_PLAN_DIFFERENT', { file: '0'.repeat(64) });
  });

  test('of an organisation that the plan does not know is refused', async () => {
    await rejectsWith(takeFile(machines.folder('regulator'), PLAN, await changed({ mspId: 'StrangerMSP' })), 'FABRIC_ORGANISATION_UNKNOWN', { organisation: 'StrangerMSP' });
  });

  test.each([
    ['something beside it', { more: 'x' }, { field: 'more' }],
    ['no root', { root: undefined }, { field: 'root' }],
    ['a key behind the root', { root: 'PEM-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' }, { field: 'root', expected: 'one certificate, PEM' }],
    ['no certificate at all', { root: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }, { field: 'root', expected: 'a certificate, PEM' }],
    ['another kind of file', { file: 'minhchung certificates' }, { reason: 'FIELD_UNKNOWN' }],
    ['no kind of file', { file: 7 }, { field: 'file' }],
    ['no orderer where the plan has one', { orderer: undefined }, { field: 'orderer', expected: 'the certificates of its orderer' }],
  ])('with %s is refused', async (_, change, fields) => {
    const part = await parsed();
    const whole = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, typeof value === 'string' ? value.replace('PEM', part.root) : value]));
    await rejectsWith(takeFile(machines.folder('regulator'), PLAN, await changed(whole)), 'FABRIC_PART_WRONG', fields);
  });

  test.each<[string, (part: PublicPart, other: Awaited<ReturnType<typeof madeUp>>) => Promise<object>, Readonly<Record<string, string>>]>([
    ['a member in place of the root', async ({ orderer }) => ({ root: orderer!.certificate }), { field: 'root', expected: 'a self-signed authority' }],
    ['one authority for both', async ({ root: own }) => ({ tlsRoot: own }), { field: 'tlsRoot', expected: 'another authority than root' }],
    ['an orderer of another authority', async ({ orderer }, other) => ({ orderer: { ...orderer, certificate: await other.member('orderer') } }), { field: 'orderer.certificate', expected: 'a certificate of the organisation\'s own authority' }],
    ['a client as its orderer', async (_, other) => ({ root: other.root, tlsRoot: other.tlsRoot, orderer: { certificate: await other.member('client'), tlsCertificate: await other.tls('industry.example') } }), { field: 'orderer.certificate', expected: 'a certificate with the role orderer' }],
    ['a TLS certificate for another machine', async (_, other) => ({ root: other.root, tlsRoot: other.tlsRoot, orderer: { certificate: await other.member('orderer'), tlsCertificate: await other.tls('elsewhere.example') } }), { field: 'orderer.tlsCertificate', expected: 'a certificate for industry.example' }],
    ['a TLS certificate for every machine', async (_, other) => ({ root: other.root, tlsRoot: other.tlsRoot, orderer: { certificate: await other.member('orderer'), tlsCertificate: await other.tls('*.example') } }), { field: 'orderer.tlsCertificate', expected: 'a certificate for industry.example' }],
  ])('with %s is refused', async (_, change, fields) => {
    await rejectsWith(takeFile(machines.folder('regulator'), PLAN, await changed(await change(await parsed(), await madeUp()))), 'FABRIC_PART_WRONG', fields);
  });

  test('under the roots of another organisation is refused', async () => {
    // With one orderer in all, the part of most organisations is nothing but roots.
    const plan = planHosts({ consensus: 'raft-single', portBase: 17_000 }, { RegulatorMSP: 'regulator.example', IndustryMSP: 'industry.example', EducationMSP: 'education.example' });
    await inTemporaryDirectory(async (dir) => {
      const [industry, regulator] = [new NetworkFolder(join(dir, 'industry')), new NetworkFolder(join(dir, 'regulator'))];
      await makeHost(regulator, plan, 'RegulatorMSP', []);
      const { publicPart } = await makeHost(industry, plan, 'IndustryMSP', []);
      const own = await readFile(publicPart!, 'utf8');
      await takeFile(regulator, plan, own);
      await rejectsWith(takeFile(regulator, plan, own.replace('"IndustryMSP"', '"EducationMSP"')), 'FABRIC_PART_WRONG', { field: 'root', expected: 'an authority of its own, and not that of IndustryMSP' });
    });
  });

  test('of an organisation whose authorities are here is refused, even before its orderer is certified', async () => {
    await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      await own.make('education', 'EducationMSP');
      await rejectsWith(takeFile(own.folder('education'), PLAN, await machines.part('education', 'EducationMSP')), 'FABRIC_PART_DIFFERENT', { organisation: 'EducationMSP', here: 'made on this machine' });
    });
  });

  test('with other roots than were taken is refused, and compared on request', async () => {
    const other = await madeUp();
    const replaced = await changed({ root: other.root, tlsRoot: other.tlsRoot, orderer: { certificate: await other.member('orderer'), tlsCertificate: await other.tls('industry.example') } });
    await rejectsWith(takeFile(machines.folder('regulator'), PLAN, replaced), 'FABRIC_PART_DIFFERENT', { organisation: 'IndustryMSP' });
    await rejectsWith(takeFile(machines.folder('industry'), PLAN, replaced), 'FABRIC_PART_DIFFERENT', { organisation: 'IndustryMSP' });
    await rejectsWith(compareWithFile(machines.folder('regulator'), PLAN, replaced), 'FABRIC_PART_DIFFERENT', { organisation: 'IndustryMSP' });
    expect(await compareWithFile(machines.folder('regulator'), PLAN, partText(await parsed()))).toBe('IndustryMSP: the file is what this machine has');
  });

  test('changed in any one character it is refused, or it says the same', async () => {
    const text = await machines.part('industry', 'IndustryMSP');
    const part = partText(parsePublicPart(text, PLAN));
    fc.assert(fc.property(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), (at, code) => {
      const mutated = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
      try {
        expect(partText(partOfPlan(mutated, PLAN))).toBe(part);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
      }
    }), { numRuns: 2_000 });
  });
});
