/** Organisations join and leave a running network, at once and by a file that administrators sign. */
import { existsSync } from 'node:fs';
import { readFile, writeFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newestConfig } from '../../network/fabric/channel-change.js';
import { askerOf } from '../../network/fabric/membership.js';
import { memberOrganisations } from '../../network/fabric/membership-edits.js';
import { networkStatus } from '../../network/fabric/status.js';
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

describe('a change that travels', () => {
  test('is shown before it is signed, needs a majority, and holds once', async () => {
    const file = join(network.folder.root, '..', 'change.pb');
    const shown = await network.must('change', 'propose', 'PortsMSP', file);
    expect(shown).toContain('Channel/Application, version 3: members EducationMSP, IndustryMSP, PortsMSP, RegulatorMSP');
    expect(shown).toContain('signed by RegulatorMSP, IndustryMSP, EducationMSP, OperatorMSP');
    expect(await members()).toEqual(MEMBERS);
    expect(await network.must('change', 'sign', file)).toContain('signed by RegulatorMSP, IndustryMSP, EducationMSP, OperatorMSP');
    await network.must('change', 'submit', file);
    expect(await members()).toEqual(['EducationMSP', 'IndustryMSP', 'PortsMSP', 'RegulatorMSP']);
    const again = await network.run(['change', 'submit', file]);
    expect([again.status, again.errors]).toEqual([1, expect.stringContaining('FABRIC_COMMAND_FAILED')]);
  });

  test('that was altered on the way is refused by the orderers, and other files are none', async () => {
    const file = join(network.folder.root, '..', 'other.pb');
    await network.must('change', 'propose', 'MarketsMSP', file);
    const bytes = await readFile(file);
    const at = bytes.indexOf('MarketsMSP');
    bytes.write('Merkets', at, 'latin1');
    await writeFile(file, bytes);
    const { status, errors } = await network.run(['change', 'submit', file]);
    expect([status, errors]).toEqual([1, expect.stringContaining('FABRIC_COMMAND_FAILED')]);
    await writeFile(file, 'no change');
    for (const step of ['show', 'sign', 'submit']) expect((await network.run(['change', step, file])).status).toBe(1);
    expect((await network.run(['change', 'show'])).status).toBe(2);
    expect(await members()).not.toContain('MarketsMSP');
  });
});
