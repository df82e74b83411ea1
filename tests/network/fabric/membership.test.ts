import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeOrganisation } from '../../../network/fabric/certificates.js';
import { parsePlan, planFingerprint } from '../../../network/fabric/hosts/host-plan.js';
import { makeHost } from '../../../network/fabric/hosts/make-host.js';
import { addOrganisation, proposedMember, removeOrganisation, signedHere } from '../../../network/fabric/membership.js';
import type { Network } from '../../../network/fabric/network.js';
import { NetworkFolder } from '../../../network/fabric/network-folder.js';
import { peerOrganisations, planTopology, withMember, type Topology } from '../../../network/fabric/topology.js';
import { proposedChange } from '../../../network/fabric/channel-change.js';
import { withoutOrganisation } from '../../../network/fabric/membership-edits.js';
import { rejectsWith } from '../../support/rejects-with.js';
import { PLAN } from './machines.js';
import { sampleConfig, sampleOrganisation } from './sample-channel.js';

const root = join(tmpdir(), `minhchung-membership-${process.pid}`);
const unreached = async (): Promise<never> => { throw new Error('the organisations are not asked for this'); };

function networkOf(name: string, topology: Topology): Network {
  const programs = { peer: '', orderer: '', configtxgen: '', warnings: [], environment: {} };
  return { folder: new NetworkFolder(join(root, name)), topology, programs, withinMs: 1_000, logging: 'error', tell: () => undefined, signal: new AbortController().signal, started: [] };
}

let spread: Network;
let single: Network;
beforeAll(async () => {
  spread = networkOf('regulator', PLAN);
  await mkdir(root, { recursive: true });
  await makeHost(spread.folder, PLAN, 'RegulatorMSP', []);
  single = networkOf('single', planTopology({ consensus: 'raft-single', portBase: 17_000 }));
  for (const one of peerOrganisations(single.topology)) await makeOrganisation(single.folder.host(one.mspId), one);
});
afterAll(async () => rm(root, { recursive: true, force: true }));

describe('a network on several machines', () => {
  test.each([
    ['adds nobody at once', async () => addOrganisation(spread, 'CustomsMSP')],
    ['removes nobody at once', async () => removeOrganisation({ ...spread, topology: withMember(PLAN, 'CustomsMSP', 'customs.example') }, 'CustomsMSP', unreached)],
  ])('%s, and makes nothing here', async (_name, run) => {
    await rejectsWith(run(), 'FABRIC_NETWORK_SPREAD', { folder: spread.folder.root });
    expect(existsSync(spread.folder.host('CustomsMSP').root)).toBe(false);
  });

  test.each([
    ['no name of the newcomer\'s machine', undefined],
    ['a name that is none', 'Customs Example'],
  ])('proposes nobody with %s', async (_name, host) => {
    await rejectsWith(proposedMember(spread, 'CustomsMSP', host), 'FABRIC_PLAN_WRONG');
  });

  test('the newcomer gets its plan before its roots are there, and makes them itself from it', async () => {
    const file = `${spread.folder.topology}.with-CustomsMSP`;
    const { msp } = spread.folder.host('CustomsMSP');
    await rejectsWith(proposedMember(spread, 'CustomsMSP', 'fabric.customs.example'), 'FABRIC_HOST_INCOMPLETE', { missing: ['cacerts', 'tlscacerts', 'config.yaml'].map((name) => join(msp, name)).join(', '), plan: file });
    expect(existsSync(spread.folder.host('CustomsMSP').root)).toBe(false);
    const plan = parsePlan(await readFile(file, 'utf8'));
    expect(planFingerprint(plan)).toBe(planFingerprint(withMember(PLAN, 'CustomsMSP', 'fabric.customs.example')));
    const own = new NetworkFolder(join(root, 'customs'));
    await makeHost(own, plan, 'CustomsMSP', []);
    expect(['cacerts', 'tlscacerts', 'config.yaml'].map((name) => existsSync(join(own.host('CustomsMSP').msp, name)))).toEqual([true, true, true]);
  });
});

describe('who leaves', () => {
  test.each([
    ['OtherMSP', 'FABRIC_ORGANISATION_UNKNOWN', { organisation: 'OtherMSP' }],
    ['../hosts', 'FABRIC_ORGANISATION_UNKNOWN', { organisation: '../hosts' }],
    ['RegulatorMSP', 'FABRIC_ORGANISATION_ORDERS', { organisation: 'RegulatorMSP' }],
  ] as const)('%s is refused: %s', async (mspId, code, fields) => {
    await rejectsWith(removeOrganisation(single, mspId, unreached), code, fields);
  });

  test('whom the topology does not name any more is not unknown while the folder is there', async () => {
    const topology = { ...single.topology, organisations: single.topology.organisations.filter(({ mspId }) => mspId !== 'EducationMSP') };
    const agreed = new Error('agreed');
    const asked: string[][] = [];
    const agree = async ({ topology: { organisations } }: Network): Promise<never> => {
      asked.push(organisations.map(({ mspId }) => mspId));
      throw agreed;
    };
    await expect(removeOrganisation({ ...single, topology }, 'EducationMSP', agree)).rejects.toBe(agreed);
    expect(asked).toEqual([['RegulatorMSP', 'IndustryMSP']]);
  });
});

describe('the administrators here', () => {
  test('sign a change of their own channel alone', async () => {
    const config = sampleConfig([await sampleOrganisation('RegulatorMSP'), await sampleOrganisation('CustomsMSP')]);
    const change = proposedChange('another', config, withoutOrganisation('CustomsMSP'))!;
    await rejectsWith(signedHere(single, change), 'FABRIC_CHANGE_UNREADABLE', { reason: `the change is not of channel ${single.topology.channel}` });
  });
});
