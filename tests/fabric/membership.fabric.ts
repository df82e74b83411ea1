/** Organisations join and leave a running network, at once and by a file that administrators sign. */
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../../network/enrolment/authority.js';
import { writeMsp } from '../../network/fabric/certificates.js';
import { newestConfig } from '../../network/fabric/channel-change.js';
import { askerOf } from '../../network/fabric/membership.js';
import { memberOrganisations } from '../../network/fabric/membership-edits.js';
import { networkStatus } from '../../network/fabric/status.js';
import { withMember, type Topology } from '../../network/fabric/topology.js';
import { CommandNetwork } from './network-command.js';
import { enrolClient, peerOf, withClient } from './network-client.js';
import { committedCode } from './sure-submission.js';
import { connectClient } from '../ledger-suite/ledger-client.js';

const MEMBERS = ['EducationMSP', 'IndustryMSP', 'RegulatorMSP'];
let network: CommandNetwork;

beforeAll(async () => {
  network = await CommandNetwork.plan();
  await network.must('up');
});
afterAll(() => network.close());

const organisation = (id: string): string => JSON.stringify({ address: 'Phố Ví Dụ', fictional: 'yes', id, name: `Tổ chức ${id}`, province: '01', type: 'enterprise' });

async function members(): Promise<string[]> {
  const opened = await network.open();
  return memberOrganisations(await newestConfig(opened, askerOf(opened)));
}

/** Registers an organisation with the endorsement of these alone. */
async function registerBy(id: string, endorsingOrganizations: string[]): Promise<number> {
  return withClient(network, 'RegulatorMSP', async (client) => {
    const { chaincode } = await network.connection();
    const endorsed = await client.contract(chaincode).newProposal('registry:registerOrganisation', { arguments: [organisation(id)], endorsingOrganizations }).endorse();
    return committedCode(client, endorsed);
  });
}

/** An organisation's record as the peer of another one gives it. */
async function readAt(mspId: string, id: string): Promise<string> {
  return withClient(network, mspId, async (client) => {
    const { chaincode } = await network.connection();
    return Buffer.from(await client.contract(chaincode).evaluateTransaction('registry:readRecord', `organisation/${id}`)).toString('utf8');
  });
}

const ENDORSEMENT_POLICY_FAILURE = 10;

describe('an organisation that joins', () => {
  test('has all that was written before, and endorses what is written after', async () => {
    expect(await registerBy('truoc-do', ['RegulatorMSP', 'IndustryMSP'])).toBe(0);
    await network.must('add-organisation', 'CustomsMSP');
    expect(await members()).toEqual(['CustomsMSP', ...MEMBERS]);
    await network.must('up');
    expect((await networkStatus(network.folder)).whole).toBe(true);
    expect(JSON.parse(await readAt('CustomsMSP', 'truoc-do'))).toMatchObject({ id: 'truoc-do' });
    // A majority of four is three.
    expect(await registerBy('hai-ben', ['RegulatorMSP', 'IndustryMSP'])).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(await registerBy('ba-ben', ['RegulatorMSP', 'IndustryMSP', 'CustomsMSP'])).toBe(0);
  });

  test('a second time, or under no proper name, is refused, and nothing changes', async () => {
    for (const [name, code] of [['CustomsMSP', 'FABRIC_ORGANISATION_KNOWN'], ['customs', 'FABRIC_ORGANISATION_NAME_WRONG']] as const) {
      const { status, errors } = await network.run(['add-organisation', name]);
      expect([status, errors]).toEqual([1, expect.stringContaining(code)]);
    }
    expect((await network.run(['add-organisation'])).status).toBe(2);
    expect(await members()).toEqual(['CustomsMSP', ...MEMBERS]);
  });
});

describe('an organisation that leaves', () => {
  test('is asked no more and can write no more; what it wrote and signed stays', async () => {
    const { chaincode, channel, peers } = await network.connection();
    const client = connectClient({ ...peerOf(await network.connection(), 'RegulatorMSP'), channel, identity: await enrolClient(network, 'CustomsMSP', { role: 'registrar', org: 'hai-quan' }) });
    try {
      expect(peers.map(({ mspId }) => mspId)).toContain('CustomsMSP');
      await network.must('remove-organisation', 'CustomsMSP');
      expect(await members()).toEqual(MEMBERS);
      expect((await network.connection()).peers.map(({ mspId }) => mspId)).not.toContain('CustomsMSP');
      expect((await networkStatus(network.folder)).whole).toBe(true);
      expect(await registerBy('lai-hai-ben', ['RegulatorMSP', 'IndustryMSP'])).toBe(0);
      expect(JSON.parse(await readAt('EducationMSP', 'ba-ben'))).toMatchObject({ id: 'ba-ben' });
      await expect(client.contract(chaincode).evaluateTransaction('registry:readRecord', 'organisation/ba-ben')).rejects.toThrow(/access denied|creator|identity/i);
      const [aside = ''] = await readdir(join(network.folder.root, 'left'));
      expect([aside, existsSync(join(network.folder.root, 'left', aside, 'authority', 'key.pem')), existsSync(network.folder.host('CustomsMSP').root)]).toEqual([expect.stringMatching(/^CustomsMSP-/), true, false]);
    } finally {
      client.close();
    }
  });

  test.each([['CustomsMSP', 'FABRIC_ORGANISATION_UNKNOWN'], ['IndustryMSP', 'FABRIC_ORGANISATION_ORDERS']])('%s is refused: %s', async (mspId, code) => {
    const { status, errors } = await network.run(['remove-organisation', mspId]);
    expect([status, errors]).toEqual([1, expect.stringContaining(code)]);
    expect((await networkStatus(network.folder)).whole).toBe(true);
  });
});

describe('a removal that was interrupted', () => {
  const asideOf = async (mspId: string): Promise<string[]> => (await readdir(join(network.folder.root, 'left'))).filter((name) => name.startsWith(mspId));

  /** As the folder is before the last step of a removal. */
  async function putBack(mspId: string): Promise<void> {
    const [aside = ''] = await asideOf(mspId);
    await rename(join(network.folder.root, 'left', aside), network.folder.host(mspId).root);
  }

  async function assertGone(mspId: string): Promise<void> {
    expect(await members()).toEqual(MEMBERS);
    expect((await network.open()).topology.organisations.map((one) => one.mspId)).not.toContain(mspId);
    expect((await network.connection()).peers.map((one) => one.mspId)).not.toContain(mspId);
    expect([existsSync(network.folder.host(mspId).root), (await asideOf(mspId)).length]).toEqual([false, 1]);
    expect((await networkStatus(network.folder)).whole).toBe(true);
  }

  test('before the channel changed: the network starts, and the same again finishes it', async () => {
    await network.must('add-organisation', 'HarbourMSP');
    await network.must('up');
    const { topology } = await network.open();
    await writeFile(network.folder.topology, JSON.stringify({ ...topology, organisations: topology.organisations.filter(({ mspId }) => mspId !== 'HarbourMSP') }));
    await network.must('down');
    await network.must('up');
    expect(await members()).toContain('HarbourMSP');
    await network.must('remove-organisation', 'HarbourMSP');
    await assertGone('HarbourMSP');
  });

  test('after the channel changed: the same again finishes it, whatever the topology names', async () => {
    const narrow = await readFile(network.folder.topology, 'utf8');
    for (const topology of [narrow, JSON.stringify(withMember(JSON.parse(narrow) as Topology, 'HarbourMSP'))]) {
      await putBack('HarbourMSP');
      await writeFile(network.folder.topology, topology);
      await network.must('remove-organisation', 'HarbourMSP');
      await assertGone('HarbourMSP');
    }
  });
});

describe('a change that travels', () => {
  const ADMINISTRATORS = 'signed by RegulatorMSP, IndustryMSP, EducationMSP, OperatorMSP';
  const fingerprintIn = (output: string): string => /^fingerprint (.+)$/m.exec(output)?.[1] ?? '';
  const fileOf = (name: string): string => join(network.folder.root, '..', name);

  /** The newcomer's roots, as it sends them. @returns the fingerprint of that of its members */
  async function rootsOf(mspId: string): Promise<string> {
    const [own, tls] = await Promise.all(['ca', 'tlsca'].map(async (name) => createAuthority({ mspId, commonName: `${name}.${mspId}` })));
    await writeMsp(network.folder.host(mspId).msp, { members: own!, tls: tls! });
    return new X509Certificate(own!.certificatePem).fingerprint256;
  }

  test('rests on roots that the newcomer made', async () => {
    const { status, errors } = await network.run(['change', 'propose', 'PortsMSP', fileOf('change.pb')]);
    expect([status, errors, existsSync(network.folder.host('PortsMSP').root)]).toEqual([1, expect.stringContaining('FABRIC_HOST_INCOMPLETE'), false]);
  });

  test('is shown before it is signed, needs a majority, and holds once', async () => {
    const file = fileOf('change.pb');
    const root = await rootsOf('PortsMSP');
    const shown = await network.must('change', 'propose', 'PortsMSP', file);
    for (const line of ['  group PortsMSP', '  1 of (PortsMSP.admin)', 'signed by nobody yet']) expect(shown.split('\n')).toContain(line);
    expect(shown).toContain(`, SHA-256 ${root}`);
    expect(shown).not.toContain('does not fit');
    const fingerprint = fingerprintIn(shown);
    const proposed = await readFile(file);
    for (const given of [[], ['ab'.repeat(32)]]) {
      const { status, output, errors } = await network.run(['change', 'sign', file, ...given]);
      expect([status, errors]).toEqual([1, expect.stringContaining('FABRIC_CHANGE_UNCONFIRMED')]);
      expect(output).toContain('  group PortsMSP');
    }
    expect(await readFile(file)).toEqual(proposed);
    const early = await network.run(['change', 'submit', file]);
    expect([early.status, early.errors]).toEqual([1, expect.stringContaining('FABRIC_COMMAND_FAILED')]);
    expect(await network.must('change', 'sign', file, ...fingerprint.split(' '))).toContain(ADMINISTRATORS);
    expect(await members()).toEqual(MEMBERS);
    expect(await network.must('change', 'sign', file, fingerprint.replaceAll(' ', ''))).toContain(ADMINISTRATORS);
    await network.must('change', 'submit', file);
    expect(await members()).toEqual(['EducationMSP', 'IndustryMSP', 'PortsMSP', 'RegulatorMSP']);
    expect(await network.must('change', 'show', file)).toContain('Channel/Application: does not fit the channel as it is now');
    const again = await network.run(['change', 'submit', file]);
    expect([again.status, again.errors]).toEqual([1, expect.stringContaining('FABRIC_COMMAND_FAILED')]);
  });

  test('lets a member leave', async () => {
    const file = fileOf('leave.pb');
    const shown = await network.must('change', 'leave', 'PortsMSP', file);
    expect(shown.split('\n')).toContain('  no more: group PortsMSP');
    await network.must('change', 'sign', file, fingerprintIn(shown));
    await network.must('change', 'submit', file);
    expect(await members()).toEqual(MEMBERS);
    const unknown = await network.run(['change', 'leave', 'PortsMSP', file]);
    expect([unknown.status, unknown.errors]).toEqual([1, expect.stringContaining('FABRIC_ORGANISATION_UNKNOWN')]);
  });

  test('that was altered on the way is refused by the orderers, and other files are none', async () => {
    const file = fileOf('other.pb');
    await rootsOf('MarketsMSP');
    await network.must('change', 'sign', file, fingerprintIn(await network.must('change', 'propose', 'MarketsMSP', file)));
    const bytes = await readFile(file);
    const at = bytes.indexOf('MarketsMSP');
    bytes.write('Merkets', at, 'latin1');
    await writeFile(file, bytes);
    expect(await network.must('change', 'show', file)).toContain('signed by nobody yet\nnot counted: a signature in the name of RegulatorMSP');
    const { status, errors } = await network.run(['change', 'submit', file]);
    expect([status, errors]).toEqual([1, expect.stringContaining('FABRIC_COMMAND_FAILED')]);
    await writeFile(file, 'no change');
    for (const step of ['show', 'sign', 'submit']) expect((await network.run(['change', step, file])).status).toBe(1);
    for (const parameters of [['show'], ['propose', 'MarketsMSP'], ['leave', 'MarketsMSP'], ['toString', file]]) expect((await network.run(['change', ...parameters])).status).toBe(2);
    expect(await members()).not.toContain('MarketsMSP');
  });
});
