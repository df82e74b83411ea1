import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConnection } from '../../../gateway/ledger/connection-file.js';
import { openFabric } from '../../../gateway/ledger/open-fabric.js';
import { createAuthority, type Authority } from '../../../network/enrolment/authority.js';
import { storeIdentity } from '../../../network/enrolment/identity-files.js';
import { rejectsWith, throwsWith } from '../../support/rejects-with.js';
import { certificationRequest, otherCurveRequest } from './certification-requests.js';

type Json = Record<string, unknown>;

let folder: string;
let regulator: Authority;
let industry: Authority;
let good: Json;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'minhchung-network-'));
  [regulator, industry] = await Promise.all(['RegulatorMSP', 'IndustryMSP'].map((mspId) => createAuthority({ mspId, commonName: `ca.${mspId}` }))) as [Authority, Authority];
  await storeIdentity(join(folder, 'hosts/RegulatorMSP/authority'), regulator);
  good = {
    channel: 'minhchung', chaincode: 'minhchung', consensus: 'bft',
    peers: [
      { mspId: 'RegulatorMSP', address: 'localhost:17101', tlsRoot: regulator.certificatePem },
      { mspId: 'IndustryMSP', address: '10.0.0.2:17201', tlsRoot: industry.certificatePem },
    ],
    roots: { RegulatorMSP: [regulator.certificatePem], IndustryMSP: [industry.certificatePem] },
    ordererRoots: { RegulatorMSP: [regulator.certificatePem] },
    consenters: { 1: { mspId: 'RegulatorMSP', certificate: regulator.certificatePem } },
    quorum: 3, genesisHash: 'ab'.repeat(32),
    authorities: { RegulatorMSP: 'hosts/RegulatorMSP/authority', IndustryMSP: 'hosts/IndustryMSP/authority' },
  };
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

async function written(connection: Json): Promise<string> {
  const file = join(folder, 'connection.json');
  await writeFile(file, JSON.stringify(connection));
  return file;
}

describe('the description of a network', () => {
  it('is read as it stands there', () => {
    expect(parseConnection(JSON.stringify(good))).toEqual(good);
  });

  it.each<[string, (connection: Json) => Json, string, string]>([
    ['no channel', (one) => Object.fromEntries(Object.entries(one).filter(([name]) => name !== 'channel')), 'channel', 'FIELD_MISSING'],
    ['something that nobody knows', (one) => ({ ...one, peer: [] }), 'peer', 'FIELD_UNKNOWN'],
    ['no peers', (one) => ({ ...one, peers: [] }), 'peers', 'LIST_EMPTY'],
    ['an address without a port', (one) => ({ ...one, peers: [{ ...(one['peers'] as Json[])[0], address: 'localhost' }] }), 'peers[0].address', 'FIELD_WRONG_VALUE'],
    ['a root that is no certificate', (one) => ({ ...one, roots: { RegulatorMSP: ['PEM'] } }), 'roots.RegulatorMSP[0]', 'FIELD_WRONG_VALUE'],
    ['a peer of an organisation without a root', (one) => ({ ...one, roots: { RegulatorMSP: [regulator.certificatePem] } }), 'roots.IndustryMSP', 'FIELD_MISSING'],
    ['a hash that is none', (one) => ({ ...one, genesisHash: 'AB' }), 'genesisHash', 'FIELD_WRONG_VALUE'],
    ['a quorum of none', (one) => ({ ...one, quorum: 0 }), 'quorum', 'FIELD_WRONG_VALUE'],
    ['a consensus that is not known', (one) => ({ ...one, consensus: 'kafka' }), 'consensus', 'FIELD_WRONG_VALUE'],
    ['a revocation list that is none', (one) => ({ ...one, revocationLists: { RegulatorMSP: ['x'] } }), 'revocationLists.RegulatorMSP[0]', 'FIELD_WRONG_VALUE'],
    ['authorities as a list', (one) => ({ ...one, authorities: [] }), 'authorities', 'FIELD_WRONG_TYPE'],
  ])('is refused with %s', (_name, change, field, reason) => {
    throwsWith(() => parseConnection(JSON.stringify(change(good))), 'FABRIC_CONNECTION_WRONG', { field, reason });
  });

  it('is refused as text that is no JSON, and as no file at all', async () => {
    throwsWith(() => parseConnection('{'), 'FABRIC_CONNECTION_WRONG', { reason: 'TEXT_NOT_JSON' });
    const file = join(folder, 'nowhere.json');
    await rejectsWith(openFabric({ file, organisation: 'RegulatorMSP' }), 'FABRIC_CONNECTION_WRONG', { file, reason: 'ENOENT' });
  });

  it('is refused where the own organisation is not in it', async () => {
    await rejectsWith(openFabric({ file: await written(good), organisation: 'EducationMSP' }), 'FABRIC_CONNECTION_WRONG', { field: 'roots.EducationMSP' });
  });
});

describe('an opened network', () => {
  it('puts the peers of the own organisation first, and pins roots and first block', async () => {
    const { connection, trust, ownOrganisation } = await openFabric({ file: await written(good), organisation: 'IndustryMSP' });
    expect(ownOrganisation).toBe('IndustryMSP');
    expect(connection.peers.map(({ mspId, address, tls }) => [mspId, address, tls?.rootCertificate])).toEqual([['IndustryMSP', '10.0.0.2:17201', industry.certificatePem], ['RegulatorMSP', 'localhost:17101', regulator.certificatePem]]);
    expect(connection).toMatchObject({ genesisHash: good['genesisHash'], minimumOrganisations: 2 });
    expect(trust).toEqual({ channel: 'minhchung', chaincode: 'minhchung', roots: good['roots'], minimumOrganisations: 2, ledger: 'fabric' });
  });

  it('of one organisation proves no more than that organisation\'s word', async () => {
    const [peer] = good['peers'] as Json[];
    const { trust } = await openFabric({ file: await written({ ...good, peers: [peer], roots: { RegulatorMSP: [regulator.certificatePem] } }), organisation: 'RegulatorMSP' });
    expect(trust).toMatchObject({ minimumOrganisations: 1, ledger: 'embedded' });
  });

  it('enrols members where this machine keeps their authority', async () => {
    const opened = await openFabric({ file: await written(good), organisation: 'RegulatorMSP' });
    const { mspId, certificate, privateKey } = await opened.enrol({ mspId: 'RegulatorMSP', commonName: 'reader.x', attributes: { role: 'reader', org: 'x' } });
    const parsed = new X509Certificate(certificate);
    expect([mspId, parsed.verify(new X509Certificate(regulator.certificatePem).publicKey), privateKey.includes('BEGIN PRIVATE KEY')]).toEqual(['RegulatorMSP', true, true]);
    expect(parsed.subject.split('\n')).toEqual(['O=RegulatorMSP', 'OU=client', 'CN=reader.x']);
  });

  it.each([
    ['an authority that this machine does not keep', 'IndustryMSP', {}],
    ['an organisation that is not in it', 'EducationMSP', {}],
    ['an authority that is none of the network\'s roots', 'RegulatorMSP', { roots: 'other' }],
  ])('does not enrol with %s', async (_name, mspId, change) => {
    const connection = 'roots' in change ? { ...good, roots: { RegulatorMSP: [industry.certificatePem], IndustryMSP: [industry.certificatePem] } } : good;
    const opened = await openFabric({ file: await written(connection), organisation: 'RegulatorMSP' });
    await rejectsWith(opened.enrol({ mspId, commonName: 'x', attributes: {} }), 'ENROLMENT_ELSEWHERE', { organisation: mspId });
  });

  it('certifies a key that its owner keeps', async () => {
    const opened = await openFabric({ file: await written(good), organisation: 'RegulatorMSP' });
    const { request, publicKey } = await certificationRequest();
    const certificate = new X509Certificate(await opened.certify({ mspId: 'RegulatorMSP', commonName: 'own.x', attributes: { role: 'registrar', org: 'x' } }, request));
    expect(certificate.publicKey.export({ type: 'spki', format: 'der' })).toEqual(publicKey);
    expect(certificate.subject.split('\n')).toEqual(['O=RegulatorMSP', 'OU=client', 'CN=own.x']);
    expect([certificate.ca, certificate.verify(new X509Certificate(regulator.certificatePem).publicKey)]).toEqual([false, true]);
  });

  it.each<[string, () => Promise<string>, string]>([
    ['nothing', async () => '', 'a certificate request, PEM'],
    ['a certificate', async () => regulator.certificatePem, 'a certificate request, PEM'],
    ['bytes that are no request', async () => '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n', 'a certificate request, PEM'],
    ['a key on another curve', async () => otherCurveRequest(), 'a key on curve P-256'],
    ['somebody else\'s key', async () => (await certificationRequest({ tampered: true })).request, 'a signature by the key in the request'],
  ])('does not certify %s', async (_name, request, expected) => {
    const opened = await openFabric({ file: await written(good), organisation: 'RegulatorMSP' });
    await rejectsWith(opened.certify({ mspId: 'RegulatorMSP', commonName: 'own.x', attributes: {} }, await request()), 'CERTIFICATION_REQUEST_WRONG', { expected });
  });
});
