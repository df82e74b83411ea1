import { X509Certificate } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificationRequest, newPrivateKey } from '../../../network/enrolment/make-certification-request.js';
import { certificatesFile, certifyNode, contentFingerprint, type CertifyOptions } from '../../../network/fabric/hosts/certification.js';
import { hostReport } from '../../../network/fabric/hosts/host-report.js';
import { prepareHost } from '../../../network/fabric/hosts/host-start.js';
import { takeFile } from '../../../network/fabric/hosts/take-file.js';
import { pendingRestarts } from '../../../network/fabric/pending-restarts.js';
import { rejectsWith } from '../../support/rejects-with.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';
import { files, Machines, PLAN } from './machines.js';

const root = join(tmpdir(), `minhchung-certification-${process.pid}`);
let machines: Machines;

beforeAll(async () => { machines = await Machines.all(root); });
afterAll(async () => rm(root, { recursive: true, force: true }));

/** With the fingerprint that the other machine shows. */
async function certified(content: string, options: Omit<CertifyOptions, 'fingerprint'>): ReturnType<typeof certifyNode> {
  return certifyNode(content, { ...options, fingerprint: contentFingerprint(content) });
}

describe('certificates for another machine\'s keys', () => {
  async function answerTo(content: string): Promise<unknown> {
    return certified(content, { folder: machines.folder('education'), plan: PLAN, validUntilMs: Date.now() });
  }

  async function request(change: object): Promise<string> {
    return JSON.stringify({ ...JSON.parse(await machines.requests('orderer', 'EducationMSP', 'orderer')) as object, ...change });
  }

  test('the same requests get the same answer, and new certificates before the old ones end', async () => {
    const content = await machines.requests('orderer', 'EducationMSP', 'orderer');
    const file = certificatesFile(machines.folder('education'), 'EducationMSP', 'orderer');
    const before = await readFile(file, 'utf8');
    await answerTo(content);
    expect(await readFile(file, 'utf8')).toBe(before);
    await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      await own.make('education', 'EducationMSP');
      await own.make('orderer', 'EducationMSP', ['orderer']);
      const options = { folder: own.folder('education'), plan: PLAN, validUntilMs: Date.now() };
      const asked = await own.requests('orderer', 'EducationMSP', 'orderer');
      const first = await readFile((await certified(asked, options)).file, 'utf8');
      const later = await readFile((await certified(asked, { ...options, validUntilMs: Date.now() + 2 * 366 * 24 * 3_600_000 })).file, 'utf8');
      expect(later).not.toBe(first);
      await takeFile(own.folder('orderer'), PLAN, first);
      expect(await takeFile(own.folder('orderer'), PLAN, later)).toMatch(/^took the certificates of the orderer/);
    });
  });

  test.each([
    ['of another plan', { plan: '0'.repeat(64) }, 'FABRIC_PLAN_DIFFERENT', {}],
    ['of an unknown organisation', { mspId: 'StrangerMSP' }, 'FABRIC_ORGANISATION_UNKNOWN', {}],
    ['for a node that does not exist', { node: 'authority' }, 'FABRIC_PART_WRONG', { field: 'node' }],
    ['without one of the keys', { requests: {} }, 'FABRIC_PART_WRONG', { field: 'orderer' }],
    ['of an organisation whose authorities are elsewhere', { mspId: 'RegulatorMSP' }, 'FABRIC_HOST_INCOMPLETE', {}],
  ] as const)('requests %s are refused', async (_, change, code, fields) => {
    await rejectsWith(answerTo(await request(change)), code, fields);
  });

  test('requests that were exchanged on their way get nothing', async () => {
    await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      await own.make('education', 'EducationMSP');
      await own.make('orderer', 'EducationMSP', ['orderer']);
      await own.make('other', 'EducationMSP', ['orderer']);
      const [sent, received] = [await own.requests('orderer', 'EducationMSP', 'orderer'), await own.requests('other', 'EducationMSP', 'orderer')];
      const options = { folder: own.folder('education'), plan: PLAN, validUntilMs: 0, fingerprint: contentFingerprint(sent) };
      await rejectsWith(certifyNode(received, options), 'FABRIC_REQUESTS_DIFFERENT', { file: contentFingerprint(received), expected: contentFingerprint(sent) });
      expect([...(await files(own.folder('education').root)).keys()].filter((file) => file.startsWith('certificates/'))).toEqual([]);
      for (const fingerprint of ['', options.fingerprint.slice(1)]) await rejectsWith(certifyNode(sent, { ...options, fingerprint }), 'FABRIC_REQUESTS_DIFFERENT', { expected: fingerprint });
      const spoken = options.fingerprint.toUpperCase().replace(/.{8}/g, '$& ');
      expect(await certifyNode(sent, { ...options, fingerprint: spoken })).toMatchObject({ mspId: 'EducationMSP', node: 'orderer' });
    });
  });

  test('a request for more than was asked, or none, is refused', async () => {
    const { requests } = JSON.parse(await request({})) as { requests: Record<string, string> };
    await rejectsWith(answerTo(await request({ requests: { ...requests, admin: requests['orderer'] } })), 'FABRIC_PART_WRONG', { field: 'admin' });
    await rejectsWith(answerTo(await request({ requests: { ...requests, orderer: 'x' } })), 'FABRIC_PART_WRONG', { field: 'orderer', expected: 'a certificate request, PEM' });
    const der = Buffer.from(requests['orderer']!.replace(/-----.*-----/g, ''), 'base64');
    der[der.length - 1]! ^= 1;
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE REQUEST-----\n`;
    await rejectsWith(answerTo(await request({ requests: { ...requests, orderer: forged } })), 'CERTIFICATION_REQUEST_WRONG');
  });

  test('whoever asks, the plan says who is certified', async () => {
    const { requests } = JSON.parse(await request({})) as { requests: Record<string, string> };
    const asAdmin = await certificationRequest(newPrivateKey(), 'admin-EducationMSP');
    const { file } = await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      await own.make('education', 'EducationMSP');
      const answer = await certified(await request({ requests: { ...requests, orderer: asAdmin } }), { folder: own.folder('education'), plan: PLAN, validUntilMs: 0 });
      return { file: await readFile(answer.file, 'utf8') };
    });
    const { certificates } = JSON.parse(file) as { certificates: Record<string, string> };
    expect(new X509Certificate(certificates['orderer']!).subject).toBe('O=EducationMSP\nOU=orderer\nCN=orderer-EducationMSP');
  });

  test('an answer for other keys, or of another authority, is not taken', async () => {
    await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      await own.make('education', 'EducationMSP');
      await own.make('orderer', 'EducationMSP', ['orderer']);
      await own.make('other', 'EducationMSP', ['orderer']);
      const options = { folder: own.folder('education'), plan: PLAN, validUntilMs: 0 };
      const forOther = await readFile((await certified(await own.requests('other', 'EducationMSP', 'orderer'), options)).file, 'utf8');
      await rejectsWith(takeFile(own.folder('orderer'), PLAN, forOther), 'FABRIC_PART_WRONG', { field: 'certificates.orderer', expected: 'a certificate for the key of this machine' });
      const foreign = await readFile(certificatesFile(machines.folder('education'), 'EducationMSP', 'orderer'), 'utf8');
      await own.certify('orderer', 'EducationMSP', { of: 'orderer', by: 'education' });
      await rejectsWith(takeFile(own.folder('orderer'), PLAN, foreign), 'FABRIC_PART_DIFFERENT', { organisation: 'EducationMSP' });
    });
  });

  test('a peer on another machine gets its administrator and its line to the chaincode server, too', async () => {
    await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      await own.make('authority', 'RegulatorMSP', ['authority', 'orderer']);
      const { requests } = await own.make('peer', 'RegulatorMSP', ['peer']);
      expect(requests).toHaveLength(1);
      expect((await hostReport(own.folder('peer'), PLAN)).missing.filter((one) => one.startsWith('certificates of the peer of RegulatorMSP'))).toHaveLength(1);
      await own.certify('peer', 'RegulatorMSP', { of: 'peer', by: 'authority' });
      await takeFile(own.folder('peer'), PLAN, await own.part('authority', 'RegulatorMSP'));
      const here = await files(own.folder('peer').host('RegulatorMSP').root);
      expect([...here.keys()].filter((file) => file.endsWith('key.pem')).toSorted()).toEqual([
        'admin/msp/keystore/key.pem', 'admin/tls/key.pem', 'chaincode-tls/client-tls/key.pem', 'chaincode-tls/server-tls/key.pem', 'peer/msp/keystore/key.pem', 'peer/tls/key.pem',
      ]);
      expect((await hostReport(own.folder('peer'), PLAN)).missing.filter((one) => one.includes('RegulatorMSP'))).toEqual([]);
    });
  });

  test('certified anew, both ends of the line to the chaincode server are where server and peer look, and both are to be started anew', async () => {
    await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      await own.make('authority', 'RegulatorMSP', ['authority', 'orderer']);
      await own.make('peer', 'RegulatorMSP', ['peer']);
      await own.certify('peer', 'RegulatorMSP', { of: 'peer', by: 'authority' });
      const folder = own.folder('peer');
      const entry = join(dir, 'chaincode-server.js');
      await writeFile(entry, '');
      const { package: { label } } = await prepareHost({ folder, topology: PLAN }, { name: 'minhchung', entry });
      expect(await pendingRestarts(folder)).toEqual([]);
      const server = folder.host('RegulatorMSP').chaincode(label);
      const served = async (): Promise<string[]> => Promise.all([join(server.serverTls, 'certificate.pem'), join(server.clientTls, 'certificate.pem'), server.connection].map((file) => readFile(file, 'utf8')));
      const [before, key] = [await served(), await readFile(join(server.serverTls, 'key.pem'), 'utf8')];
      const answer = await certified(await own.requests('peer', 'RegulatorMSP', 'peer'), { folder: own.folder('authority'), plan: PLAN, validUntilMs: Date.now() + 2 * 366 * 24 * 3_600_000 });
      const content = await readFile(answer.file, 'utf8');
      await takeFile(folder, PLAN, content);
      const { certificates } = JSON.parse(content) as { certificates: Record<string, string> };
      const [serverTls, clientTls, connection] = await served();
      expect([serverTls, clientTls, (JSON.parse(connection!) as { client_cert: string }).client_cert]).toEqual([certificates['chaincode-server-tls'], certificates['chaincode-client-tls'], certificates['chaincode-client-tls']]);
      expect([before.includes(serverTls!), await readFile(join(server.serverTls, 'key.pem'), 'utf8')]).toEqual([false, key]);
      expect(await pendingRestarts(folder)).toEqual([`chaincode-RegulatorMSP-${label}`, 'peer-RegulatorMSP']);
    });
  });

  test('that did not reach the chaincode server\'s folder do with the next start, and stay where nothing came', async () => {
    await inTemporaryDirectory(async (dir) => {
      const own = new Machines(dir);
      await own.make('authority', 'RegulatorMSP', ['authority', 'orderer']);
      await own.make('peer', 'RegulatorMSP', ['peer']);
      await own.certify('peer', 'RegulatorMSP', { of: 'peer', by: 'authority' });
      const [folder, source] = [own.folder('peer'), { name: 'minhchung', entry: join(dir, 'chaincode-server.js') }];
      await writeFile(source.entry, '');
      const { package: { label } } = await prepareHost({ folder, topology: PLAN }, source);
      const [host, file] = [folder.host('RegulatorMSP'), join(folder.host('RegulatorMSP').chaincode(label).serverTls, 'certificate.pem')];
      await writeFile(file, await readFile(join(host.chaincodeTls, 'client-tls', 'certificate.pem')));
      await prepareHost({ folder, topology: PLAN }, source);
      const wanted = await readFile(join(host.chaincodeTls, 'server-tls', 'certificate.pem'), 'utf8');
      expect(await readFile(file, 'utf8')).toBe(wanted);
      await rm(host.chaincodeTls, { recursive: true });
      await prepareHost({ folder, topology: PLAN }, source);
      expect(await readFile(file, 'utf8')).toBe(wanted);
    });
  });
});
