import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProblemCode } from '#domain/errors.js';
import { loadFabricConfig } from '../../../network/fabric/config.js';
import { hostCommands } from '../../../network/fabric/hosts/host-commands.js';
import { planText } from '../../../network/fabric/hosts/host-plan.js';
import { startHost } from '../../../network/fabric/hosts/host-start.js';
import { writeCompose, writeUnits } from '../../../network/fabric/hosts/kept-elsewhere.js';
import { certificatesFile, contentFingerprint, requestsFile } from '../../../network/fabric/hosts/certification.js';
import { publicPartFile } from '../../../network/fabric/hosts/public-part.js';
import { shown } from '../../../network/fabric/hosts/take-file.js';
import type { Network } from '../../../network/fabric/network.js';
import { rejectsWith } from '../../support/rejects-with.js';
import { Machines, OWNERS, PLAN } from './machines.js';

const root = join(tmpdir(), `minhchung-host-commands-${process.pid}`);
const machines = new Machines(root);
const chaincode = { name: 'minhchung', entry: join(root, 'no-program.js') };
const COMMANDS = hostCommands({ env: {}, chaincode, nowMs: Date.now() });
const PLAN_FILE = join(root, 'network.json');

afterAll(async () => rm(root, { recursive: true, force: true }));

/** Runs a command on a machine. */
async function on(machine: string, name: string, ...parameters: string[]): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = [];
  const terminal = { print: (line: string) => { lines.push(line); }, tell: (line: string) => { lines.push(line); }, signal: new AbortController().signal };
  const status = await COMMANDS[name]!(loadFabricConfig({ FABRIC_NETWORK: machines.folder(machine).root, FABRIC_BIN: join(root, 'no-programs') }), parameters, terminal);
  return { status, lines };
}

const spokenOf = async (file: string): Promise<string> => shown(contentFingerprint(await readFile(file, 'utf8')));

describe('commands', () => {
  beforeAll(async () => mkdir(root, { recursive: true }));

  test('plan writes a file, keeps the same one, and refuses another', async () => {
    const hosts = PLAN.organisations.map(({ mspId, host, ordererHost }) => `${mspId}=${host}${ordererHost === undefined ? '' : `,${ordererHost}`}`);
    const first = await on('regulator', 'plan', PLAN_FILE, ...hosts);
    expect(first).toEqual(await on('regulator', 'plan', PLAN_FILE, ...hosts));
    expect(await readFile(PLAN_FILE, 'utf8')).toBe(planText(PLAN));
    await rejectsWith(on('regulator', 'plan', PLAN_FILE, ...hosts.map((one) => one.replace('operator.example', 'other.example'))), 'FABRIC_PLAN_DIFFERENT');
  });

  test('make names the file to send, and what is still missing', async () => {
    const { status, lines } = await on('regulator', 'make', PLAN_FILE, 'RegulatorMSP');
    expect({ status, told: lines.includes(`public part for all others: ${publicPartFile(machines.folder('regulator'), 'RegulatorMSP')}`) }).toEqual({ status: 0, told: true });
    expect(lines.filter((line) => line.startsWith('missing: public part of'))).toHaveLength(3);
  });

  test('requests travel to the authorities and certificates back', async () => {
    await on('education', 'make', PLAN_FILE, 'EducationMSP');
    const asked = await on('orderer', 'make', PLAN_FILE, 'EducationMSP', 'orderer');
    const requests = requestsFile(machines.folder('orderer'), 'EducationMSP', 'orderer');
    const spoken = await spokenOf(requests);
    expect(asked.lines).toContain(`requests for the authorities of EducationMSP: ${requests}; fingerprint ${spoken}`);
    const certificates = certificatesFile(machines.folder('education'), 'EducationMSP', 'orderer');
    await rejectsWith(on('education', 'certify', requests, spoken.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))), 'FABRIC_REQUESTS_DIFFERENT');
    const { lines } = await on('education', 'certify', requests, ...spoken.split(' '));
    expect(lines).toEqual([`certificates to send back: ${certificates}; fingerprint ${await spokenOf(certificates)}`, `public part for all others: ${publicPartFile(machines.folder('education'), 'EducationMSP')}`]);
    expect(await on('orderer', 'take', certificates)).toEqual({ status: 0, lines: [expect.stringContaining(`fingerprint ${await spokenOf(certificates)}`)] });
  });

  test('check ends with 1 until nothing is missing', async () => {
    for (const [name, mspId] of OWNERS) await on(name, 'make', PLAN_FILE, mspId, ...(name === 'orderer' ? ['orderer'] : []));
    const parts = OWNERS.filter(([name]) => name !== 'orderer').map(([name, mspId]) => publicPartFile(machines.folder(name), mspId));
    expect((await on('regulator', 'check')).status).toBe(1);
    expect((await on('regulator', 'take', ...parts.slice(1))).status).toBe(0);
    expect((await on('regulator', 'check')).lines.filter((line) => line.startsWith('missing'))).toEqual(['missing: block 0: the command block makes it from the public parts']);
    await writeBlock();
    expect((await on('regulator', 'check', ...parts)).status).toBe(0);
  });

  test.each([
    ['plan', []], ['plan', ['network.json', 'RegulatorMSP']], ['make', []], ['make', ['network.json']], ['make', ['network.json', 'RegulatorMSP', 'everything']], ['take', []], ['certify', []], ['certify', ['requests.json']],
  ])('%s %j is misused', async (name, parameters) => {
    const { status, lines } = await on('x', name, ...parameters);
    expect({ status, told: lines[0]?.startsWith(`expected: ${name} `) }).toEqual({ status: 2, told: true });
  });

  test.each<[string, string[], ProblemCode]>([
    ['check', [], 'FABRIC_NETWORK_MISSING'], ['take', ['no-file.json'], 'FABRIC_NETWORK_MISSING'], ['certify', ['no-file.json', '0'.repeat(64)], 'FABRIC_NETWORK_MISSING'],
    ['block', [], 'FABRIC_NETWORK_MISSING'], ['join', [], 'FABRIC_NETWORK_MISSING'], ['units', [], 'FABRIC_NETWORK_MISSING'], ['compose', [], 'FABRIC_NETWORK_MISSING'], ['watch', [], 'FABRIC_NETWORK_MISSING'],
  ])('%s where nothing was made is refused', async (name, parameters, code) => {
    await rejectsWith(on('nowhere', name, ...parameters), code);
  });

  test.each(['block', 'join', 'units', 'compose'])('%s without Fabric\'s programs is refused', async (name) => {
    await rejectsWith(on('regulator', name), 'FABRIC_PROGRAM_MISSING', { searched: join(root, 'no-programs') });
  });
});

/** A block 0 of no channel: its header alone is looked at here. */
async function writeBlock(): Promise<void> {
  await writeFile(machines.folder('regulator').genesisBlock, Buffer.concat([Buffer.from([0x0a, 34, 0x1a, 32]), Buffer.alloc(32, 7)]));
}

describe('a machine that lacks something', () => {
  const network = (name: string): Network => ({
    folder: machines.folder(name), topology: PLAN, programs: { peer: '', orderer: '', configtxgen: '', environment: {}, warnings: [] }, withinMs: 1, logging: 'warn', tell: () => undefined, signal: new AbortController().signal, started: [],
  });

  test.each([['starts', startHost], ['gets units', writeUnits], ['gets a compose file', writeCompose]] as const)('neither %s', async (_, act) => {
    await rejectsWith(act(network('industry'), chaincode), 'FABRIC_HOST_INCOMPLETE');
  });

  test.skipIf(process.getuid?.() !== 0).each([['units', writeUnits], ['a compose file', writeCompose]] as const)('nor does a folder of root get %s', async (_, act) => {
    await rejectsWith(act(network('regulator'), chaincode), 'FABRIC_OWNER_UNFIT', { owner: '0', commandRunBy: '0' });
  });
});
