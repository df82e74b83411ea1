/** The commands of a network, as a user gives them: from nothing, again, after a crash, and where something is in the way. */
import type { ChildProcess } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import { deployChaincode } from '../../network/fabric/deploy.js';
import { networkStatus } from '../../network/fabric/status.js';
import { isReady, runningProcess } from '../../network/fabric/process-record.js';
import { readOrder } from '../../network/fabric/server-order.js';
import { until } from '../../network/fabric/until.js';
import { buildChild } from '../network/child-program.js';
import { CommandNetwork } from './network-command.js';
import { commitSurely } from './sure-submission.js';
import { killAll, organisation, recordsOf, register, running } from './network-in-use.js';
import { withClient } from './network-client.js';

const REGULATOR = 'RegulatorMSP';
const WITHIN_MS = 60_000;

const made: CommandNetwork[] = [];

async function plan(consensus?: 'bft' | 'raft' | 'raft-single'): Promise<CommandNetwork> {
  const network = await CommandNetwork.plan(consensus);
  made.push(network);
  return network;
}

async function closeAll(): Promise<void> {
  for (const network of made.splice(0)) await network.close();
}

/** Numbers of the processes by their names. */
async function numbers(network: CommandNetwork): Promise<Record<string, number | undefined>> {
  const names = await running(network);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await runningProcess(network.folder, name))?.pid] as const)));
}

afterAll(closeAll);

describe('a network of four BFT orderers', () => {
  let network: CommandNetwork;

  beforeAll(async () => { network = await plan(); });

  test('comes up from nothing, and takes a transaction at once', async () => {
    const output = await network.must('up');
    expect(output).toContain('the network is up');
    await register(network, 'cong-ty-mot');
    expect((await networkStatus(network.folder)).whole).toBe(true);
  });

  test('has described itself to gateways', async () => {
    const connection = await network.connection();
    expect(connection).toMatchObject({ channel: 'minhchung', consensus: 'bft', quorum: 3, genesisHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(connection.peers.map(({ mspId }) => mspId)).toEqual(['RegulatorMSP', 'IndustryMSP', 'EducationMSP']);
    expect(Object.keys(connection.roots)).toEqual(['RegulatorMSP', 'IndustryMSP', 'EducationMSP']);
    expect(Object.keys(connection.ordererRoots)).toEqual(['RegulatorMSP', 'IndustryMSP', 'EducationMSP', 'OperatorMSP']);
    expect(Object.entries(connection.consenters ?? {}).map(([id, { mspId }]) => [id, mspId])).toEqual([['1', 'RegulatorMSP'], ['2', 'IndustryMSP'], ['3', 'EducationMSP'], ['4', 'OperatorMSP']]);
    for (const folder of Object.values(connection.authorities)) expect(existsSync(join(network.folder.root, folder, 'key.pem'))).toBe(true);
  });

  test('a second "up" changes nothing and says so', async () => {
    const before = await numbers(network);
    const output = await network.must('up');
    expect(output).toContain('peers and orderers run');
    expect(output).toContain('unchanged');
    expect(await numbers(network)).toEqual(before);
  });

  test('"status" tells every process, who leads, and the memory', async () => {
    const { status, output } = await network.run(['status']);
    expect(status).toBe(0);
    const lines = output.trim().split('\n');
    expect(lines.filter((line) => line.includes('  ready  '))).toHaveLength(4 + 3 + 1 + 3);
    expect(lines.filter((line) => line.endsWith('leads'))).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/^channel minhchung, bft, \d+ MB in all: the network is up$/);
  });

  test('"logs" tells the end of each log, or of those asked for', async () => {
    expect(await network.must('logs')).toContain(network.folder.logFile('keeper'));
    const chosen = await network.must('logs', 'orderer');
    expect(chosen.match(/^== /gm)).toHaveLength(4);
  });

  test('a chaincode server that is killed is back, and answers', async () => {
    const name = (await running(network)).find((one) => one.startsWith(`chaincode-${REGULATOR}-`))!;
    const before = (await runningProcess(network.folder, name))!.pid;
    await killAll(network, [name]);
    await until({ what: `${name} to be back`, withinMs: WITHIN_MS }, async () => (await networkStatus(network.folder)).whole);
    expect((await runningProcess(network.folder, name))!.pid).not.toBe(before);
    expect(await recordsOf(network, 'cong-ty-mot')).toHaveLength(3);
  });

  test('a keeper that is killed takes its servers with it, and "up" brings them back', async () => {
    const servers = (await running(network)).filter((name) => name.startsWith('chaincode-'));
    await killAll(network, ['keeper']);
    for (const name of servers) await until({ what: `${name} to end`, withinMs: WITHIN_MS }, async () => await runningProcess(network.folder, name) === undefined);
    expect(await network.must('up')).toContain('started keeper');
    expect(await recordsOf(network, 'cong-ty-mot')).toHaveLength(3);
  });

  test('an orderer that lives and stands still with requests is started again by the keeper', async () => {
    const [alone = '', ...others] = (await running(network)).filter((name) => name.startsWith('orderer-'));
    await killAll(network, others);
    const { pid } = (await runningProcess(network.folder, alone))!;
    // Alone it takes the request, and cannot order it.
    const { chaincode } = await network.connection();
    const refused = withClient(network, REGULATOR, async (client) => client.contract(chaincode).submitTransaction('registry:registerOrganisation', organisation('cong-ty-cho')))
      .then(() => 'taken', () => 'refused');
    const said = new RegExp(`^\\S+Z ${alone} stood still at \\d+ blocks with [1-9]\\d* requests waiting; it was started again$`, 'm');
    await until({ what: `${alone} to be started again`, withinMs: 2 * WITHIN_MS }, async () => said.test(await readFile(network.folder.logFile('keeper'), 'utf8')));
    expect([undefined, pid]).not.toContain((await runningProcess(network.folder, alone))?.pid);
    expect(await refused).toBe('refused');
    await network.must('up');
    expect((await network.run(['status'])).output).toMatch(new RegExp(`^${alone} .* ready .* stood still and was started again: 1, last \\S+Z$`, 'm'));
    // The peers try orderers that were gone again after a pause of their own.
    let tried = 0;
    await until({ what: 'a transaction to be taken', withinMs: WITHIN_MS }, async () => register(network, `cong-ty-sau-khi-cho-${++tried}`).then(() => true));
    expect(await running(network)).toEqual(expect.arrayContaining([alone, ...others]));
  });

  test('"down" ends every process and keeps the data, "up" goes on with it', async () => {
    const names = await running(network);
    const output = await network.must('down');
    for (const name of names.filter((one) => !one.startsWith('chaincode-'))) expect(output).toContain(name);
    expect(await running(network)).toEqual([]);
    expect(await network.must('down')).toContain('nothing was running');
    expect((await network.run(['status'])).status).toBe(1);
    await network.must('up');
    expect(await running(network)).toEqual(names);
    await register(network, 'cong-ty-hai');
    expect(await recordsOf(network, 'cong-ty-mot')).toMatchObject(Array.from({ length: 3 }, () => ({ name: 'Tổ chức cong-ty-mot' })));
  });

  test('after kill -9 of everything, "up" mends it without help', async () => {
    await killAll(network, await running(network));
    expect(await running(network)).toEqual([]);
    await network.must('up');
    await register(network, 'cong-ty-ba');
    expect(await recordsOf(network, 'cong-ty-hai')).toHaveLength(3);
  });

  test('a peer that has lost everything gets it back from the others', async () => {
    await network.must('down');
    await rm(network.folder.host('IndustryMSP').peer.data, { recursive: true });
    await network.must('up');
    await until({ what: 'the peers to have the same blocks', withinMs: WITHIN_MS }, async () => {
      const heights = (await networkStatus(network.folder)).processes.filter(({ name }) => name.startsWith('peer-')).map(({ height }) => height);
      return heights[0] !== undefined && new Set(heights).size === 1;
    });
    expect(await recordsOf(network, 'cong-ty-ba')).toMatchObject(Array.from({ length: 3 }, () => ({ name: 'Tổ chức cong-ty-ba' })));
    await register(network, 'cong-ty-bon');
  });

  test('settings that it was not made with are refused by name', async () => {
    const { status, errors } = await network.run(['up'], { FABRIC_PORT_BASE: '24000', FABRIC_CONSENSUS: 'raft' });
    expect(status).toBe(1);
    expect(errors).toContain('FABRIC_SETTINGS_DIFFER');
    expect(errors).toContain(`FABRIC_PORT_BASE: made with ${network.portBase}`);
    expect(errors).toContain('FABRIC_CONSENSUS: made with bft');
  });

  test('settings that are left out are those it was made with', async () => {
    const { status, output } = await network.run(['up'], { FABRIC_PORT_BASE: undefined, FABRIC_CONSENSUS: undefined });
    expect([status, output]).toEqual([0, expect.stringContaining('unchanged')]);
  });

  test('two commands at once: the second is told to wait', async () => {
    const first = network.begin('up');
    const ended = once(first, 'exit');
    await until({ what: 'the lock', withinMs: WITHIN_MS }, () => existsSync(`${network.folder.root}.lock`));
    const { status, errors } = await network.run(['down']);
    expect([status, errors]).toEqual([1, expect.stringContaining('FABRIC_BUSY')]);
    expect(await ended).toEqual([0, null]);
  });

  test('another network lives beside it on its own ports, and leaves it alone', async () => {
    const other = await plan('raft-single');
    await other.must('up');
    expect(other.portBase).not.toBe(network.portBase);
    await register(other, 'cong-ty-khac');
    expect(await recordsOf(network, 'cong-ty-mot')).toHaveLength(3);
    expect((await other.connection()).genesisHash).not.toBe((await network.connection()).genesisHash);
    await other.must('reset');
    expect(existsSync(other.folder.root)).toBe(false);
    expect((await networkStatus(network.folder)).whole).toBe(true);
  });

  test('every certificate is renewed for the same keys while it goes on', async () => {
    const { certificate } = network.folder.host('OperatorMSP').orderer;
    const before = new X509Certificate(await readFile(certificate));
    expect(await network.must('renew')).toContain('0 of');
    await network.must('renew', '--all');
    const after = new X509Certificate(await readFile(certificate));
    expect(after.serialNumber).not.toBe(before.serialNumber);
    expect(after.publicKey.equals(before.publicKey)).toBe(true);
    expect((await network.connection()).consenters?.['4']?.certificate).toBe(await readFile(certificate, 'utf8'));
    await register(network, 'cong-ty-nam');
    await network.must('down');
    await network.must('up');
    expect(await recordsOf(network, 'cong-ty-nam')).toHaveLength(3);
  });

  test('new code is the next version on the same state', async () => {
    const opened = await network.open();
    const first = await buildChild('tests/fabric/probe-server.ts');
    expect(await deployChaincode(opened, { name: 'probe', entry: first })).toBe('deployed');
    await withClient(network, REGULATOR, async (client) => {
      const contract = client.contract('probe');
      await commitSurely(client, contract, 'put', 'key', 'written by the first version');
      expect(await deployChaincode(opened, { name: 'probe', entry: await changedProbe(first) })).toBe('upgraded');
      await until({ what: 'the new version', withinMs: WITHIN_MS }, async () => (await contract.evaluateTransaction('get', 'key')).length > 0);
      expect(Buffer.from(await contract.evaluateTransaction('get', 'key')).toString()).toBe('written by the first version');
      await commitSurely(client, contract, 'put', 'key', 'and by the second');
    });
    expect((await readdir(network.folder.host(REGULATOR).chaincodes)).filter((label) => label.startsWith('probe-'))).toHaveLength(1);
    expect(await deployChaincode(opened, { name: 'probe', entry: await changedProbe(first) })).toBe('unchanged');
  });

  test('a server dies after other code was checked out: the code that is approved goes on', async () => {
    const { name, entry } = await probeServer(network);
    await withChanged([entry], async () => {
      const { pid } = (await runningProcess(network.folder, name))!;
      await killAll(network, [name]);
      await until({ what: `${name} to be back`, withinMs: WITHIN_MS }, async () => ![undefined, pid].includes((await runningProcess(network.folder, name))?.pid) && isReady(network.folder, name));
      await withClient(network, REGULATOR, async (client) => {
        expect(Buffer.from(await client.contract('probe').evaluateTransaction('get', 'key')).toString()).toBe('and by the second');
      });
    });
  });

  test('a server does not start where neither its code nor what was kept of it is what was approved', async () => {
    const { name, entry, kept } = await probeServer(network);
    await withChanged([entry, kept], async () => {
      await killAll(network, [name]);
      await until({ what: 'the refusal', withinMs: WITHIN_MS }, async () => (await readFile(network.folder.logFile(name), 'utf8')).includes('FABRIC_CODE_DIFFERENT'));
      await until({ what: 'the keeper to give up', withinMs: WITHIN_MS }, async () => (await readFile(network.folder.logFile('keeper'), 'utf8')).includes(`${name} ended: status 78`));
      expect(await runningProcess(network.folder, name)).toBeUndefined();
    });
    await network.must('up');
    await until({ what: `${name} to be back`, withinMs: WITHIN_MS }, async () => await runningProcess(network.folder, name) !== undefined);
  });

  test('"reset" removes it, again and again', async () => {
    await network.must('reset');
    expect(existsSync(network.folder.root)).toBe(false);
    expect(await network.must('reset')).toContain('nothing was running');
    expect((await network.run(['status'])).errors).toContain('FABRIC_NETWORK_MISSING');
  });
});

/** The regulator's server of the probe contract. */
async function probeServer({ folder }: CommandNetwork): Promise<{ readonly name: string; readonly entry: string; readonly kept: string }> {
  const label = (await readdir(folder.host(REGULATOR).chaincodes)).find((one) => one.startsWith('probe-'))!;
  const { entry, kept } = await readOrder(folder.host(REGULATOR).chaincode(label));
  return { name: `chaincode-${REGULATOR}-${label}`, entry, kept };
}

/** Runs `use` while these programs are other ones. */
async function withChanged(programs: readonly string[], use: () => Promise<void>): Promise<void> {
  const codes = await Promise.all(programs.map(async (program) => readFile(program)));
  try {
    for (const [index, program] of programs.entries()) await writeFile(program, `${codes[index]!.toString('utf8')}\n// changed`);
    await use();
  } finally {
    for (const [index, program] of programs.entries()) await writeFile(program, codes[index]!);
  }
}

/** The same program with another comment: other bytes, and so another version. */
async function changedProbe(program: string): Promise<string> {
  const path = program.replace(/\.mjs$/, '-changed.mjs');
  await writeFile(path, `${await readFile(program, 'utf8')}\n// the next version\n`);
  return path;
}

describe.each(['raft', 'raft-single'] as const)('ordering by %s', (consensus) => {
  afterEach(closeAll);

  test('comes up, orders, survives kill -9 of everything, and renews its certificates', async () => {
    const network = await plan(consensus);
    await network.must('up');
    await register(network, 'cong-ty-mot');
    await killAll(network, await running(network));
    await network.must('up');
    await register(network, 'cong-ty-hai');
    await network.must('renew', '--all');
    await register(network, 'cong-ty-ba');
    expect(await recordsOf(network, 'cong-ty-mot')).toHaveLength(3);
    expect((await network.connection()).quorum).toBe(1);
  });
});

/** An "up" that has just started the first peer. */
async function startedUntilPeers(network: CommandNetwork): Promise<ChildProcess> {
  const up = network.begin('up');
  const said: string[] = [];
  for (const stream of [up.stdout, up.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk.toString('utf8')));
  await until({ what: 'a peer to start', withinMs: WITHIN_MS }, async () => {
    if (up.exitCode !== null) throw new Problem('FABRIC_COMMAND_FAILED', { command: 'up', said: said.join('') });
    return await runningProcess(network.folder, 'peer-RegulatorMSP') !== undefined;
  });
  return up;
}

describe('something in the way', () => {
  afterEach(closeAll);

  test('programs that are missing are named, and where they were looked for', async () => {
    const network = await plan();
    const empty = await mkdtemp(join(tmpdir(), 'no-programs-'));
    try {
      const { status, errors } = await network.run(['up'], { FABRIC_BIN: empty });
      expect(status).toBe(1);
      for (const words of ['FABRIC_PROGRAM_MISSING', 'programs: peer, orderer, configtxgen', `searched: ${empty}`, 'release: 3.1']) expect(errors).toContain(words);
      expect(existsSync(network.folder.root)).toBe(false);
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  test('wrong settings are all named', async () => {
    const network = await plan();
    const { status, errors } = await network.run(['up'], { FABRIC_PORT_BASE: '1', FABRIC_CONSENSUS: 'solo', FABRIC_PROT: '1' });
    expect(status).toBe(1);
    for (const words of ['SETTING_WRONG', 'FABRIC_PORT_BASE: ', 'FABRIC_CONSENSUS: bft | raft | raft-single', 'FABRIC_PROT: no such setting']) expect(errors).toContain(words);
  });

  test('ports that are taken are named, and nothing is started', async () => {
    const network = await plan();
    const taken = [network.portBase + 101, network.portBase + 412];
    const servers = taken.map((port) => createServer().listen(port, '127.0.0.1'));
    await Promise.all(servers.map(async (server) => once(server, 'listening')));
    try {
      const { status, errors } = await network.run(['up']);
      expect(status).toBe(1);
      for (const words of ['FABRIC_PORT_TAKEN', `ports: ${taken.toReversed().join(', ')}`, 'wantedBy: orderer-OperatorMSP, peer-RegulatorMSP']) expect(errors).toContain(words);
      expect(await running(network)).toEqual([]);
    } finally {
      for (const server of servers) server.close();
    }
    await network.must('up');
  });

  test('a folder that holds something else is left alone', async () => {
    const network = await plan();
    await mkdir(network.folder.root, { recursive: true });
    await writeFile(join(network.folder.root, 'thesis.txt'), 'years of work');
    for (const command of ['up', 'reset']) {
      const { status, errors } = await network.run([command]);
      expect([status, errors]).toEqual([1, expect.stringContaining('FABRIC_FOLDER_FOREIGN')]);
    }
    expect(await readFile(join(network.folder.root, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  test('an "up" that is interrupted leaves nothing running, and one that is killed is taken up by the next', async () => {
    const network = await plan();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
      const up = await startedUntilPeers(network);
      const ended = once(up, 'exit');
      up.kill(signal);
      expect(await ended).toEqual(signal === 'SIGKILL' ? [null, 'SIGKILL'] : [130, null]);
      if (signal !== 'SIGKILL') expect({ signal, running: await running(network) }).toEqual({ signal, running: [] });
    }
    await network.must('up');
    await register(network, 'cong-ty-mot');
  });

  test('a start that does not get ready in time stops what it started', async () => {
    const network = await plan();
    await network.must('up');
    await network.must('down');
    // With such a certificate of its own it ends as soon as it starts.
    await writeFile(network.folder.host('IndustryMSP').orderer.certificate, 'no certificate');
    const { status, errors } = await network.run(['up']);
    expect(status).toBe(1);
    for (const words of ['FABRIC_PROCESS_ENDED', 'process: orderer-IndustryMSP', `log: ${network.folder.logFile('orderer-IndustryMSP')}`, '  | ']) expect(errors).toContain(words);
    expect(await running(network)).toEqual([]);
  });
});
