import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findPrograms } from '../../../network/fabric/programs.js';
import { runProgram } from '../../../network/fabric/run-program.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';

const RELEASE = 'Version: v3.1.5';
const env = { PATH: process.env['PATH'] ?? '' };

/** A program that says `version` when asked for its version, and `help` for anything else. */
async function fake(folder: string, name: string, version: string, help = ''): Promise<void> {
  await mkdir(folder, { recursive: true });
  const script = `#!/bin/sh\ncase "$1" in version | --version) echo "${name}:"; echo " ${version}" ;; *) echo "${help}" >&2 ;; esac\n`;
  await writeFile(join(folder, name), script);
  await chmod(join(folder, name), 0o755);
}

async function release(folder: string, names: readonly string[] = ['peer', 'orderer', 'configtxgen']): Promise<void> {
  for (const name of names) await fake(folder, name, RELEASE);
}

describe('programs', () => {
  test('are found in the folder that is named', async () => {
    await inTemporaryDirectory(async (dir) => {
      await release(dir);
      expect(await findPrograms(dir, env)).toMatchObject({ peer: join(dir, 'peer'), orderer: join(dir, 'orderer'), configtxgen: join(dir, 'configtxgen'), warnings: [] });
    });
  });

  test('are found on the PATH, each where it comes first', async () => {
    await inTemporaryDirectory(async (dir) => {
      const [first, second] = [join(dir, 'first'), join(dir, 'second')];
      await release(second);
      await release(first, ['peer']);
      const found = await findPrograms(undefined, { PATH: [first, '', second, env.PATH].join(delimiter) });
      expect([found.peer, found.orderer]).toEqual([join(first, 'peer'), join(second, 'orderer')]);
    });
  });

  test.each(['FABRIC_BIN', 'PATH'])('are found by a relative %s, as whole paths: they are run in another folder', async (setting) => {
    await inTemporaryDirectory(async (dir) => {
      await release(dir);
      const named = relative(process.cwd(), dir);
      const found = setting === 'PATH' ? await findPrograms(undefined, { PATH: [named, env.PATH].join(delimiter) }) : await findPrograms(named, env);
      expect(found).toMatchObject({ peer: join(dir, 'peer'), orderer: join(dir, 'orderer'), configtxgen: join(dir, 'configtxgen') });
    });
  });

  test('that are missing are all named, with where they were looked for', async () => {
    await inTemporaryDirectory(async (dir) => {
      await release(dir, ['orderer']);
      await expect(findPrograms(dir, env)).rejects.toMatchObject({ code: 'FABRIC_PROGRAM_MISSING', fields: { programs: 'peer, configtxgen', searched: dir, release: '3.1' } });
      await expect(findPrograms(undefined, { PATH: dir })).rejects.toMatchObject({ code: 'FABRIC_PROGRAM_MISSING', fields: { programs: 'peer, configtxgen', searched: 'PATH' } });
    });
  });

  test('that may not be run are missing', async () => {
    await inTemporaryDirectory(async (dir) => {
      await release(dir);
      await chmod(join(dir, 'peer'), 0o644);
      await expect(findPrograms(dir, env)).rejects.toMatchObject({ code: 'FABRIC_PROGRAM_MISSING', fields: { programs: 'peer' } });
    });
  });

  test.each(['2.5.12', '3.0.0', '4.0.0'])('of release %s are refused by name', async (version) => {
    await inTemporaryDirectory(async (dir) => {
      await release(dir);
      await fake(dir, 'orderer', `Version: v${version}`);
      await expect(findPrograms(dir, env)).rejects.toMatchObject({ code: 'FABRIC_PROGRAM_UNFIT', fields: { program: join(dir, 'orderer'), found: version, release: '3.1' } });
    });
  });

  test.each(['3.1.0', '3.2.1', '3.1.5-snapshot'])('of release %s are taken', async (version) => {
    await inTemporaryDirectory(async (dir) => {
      await release(dir);
      await fake(dir, 'peer', `Version: v${version}`);
      expect((await findPrograms(dir, env)).warnings).toEqual([]);
    });
  });

  test('without a version are taken with a warning if they can do what is needed', async () => {
    await inTemporaryDirectory(async (dir) => {
      await release(dir);
      await fake(dir, 'peer', 'Version: latest', 'Available Commands: approveformyorg calculatepackageid commit queryinstalled queryapproved');
      expect((await findPrograms(dir, env)).warnings).toEqual([`${join(dir, 'peer')} calls its version "latest"; a release of 3.1 was expected`]);
    });
  });

  test('without a version are refused if they cannot, by what they lack', async () => {
    await inTemporaryDirectory(async (dir) => {
      await release(dir);
      await fake(dir, 'peer', 'Version: latest', 'approveformyorg commit');
      await expect(findPrograms(dir, env)).rejects.toMatchObject({ code: 'FABRIC_PROGRAM_UNFIT', fields: { found: 'latest, without calculatepackageid, queryinstalled' } });
    });
  });

  test('that are something else are refused', async () => {
    await inTemporaryDirectory(async (dir) => {
      await release(dir);
      await writeFile(join(dir, 'configtxgen'), '#!/bin/sh\necho "no such option" >&2\nexit 3\n');
      await expect(findPrograms(dir, env)).rejects.toMatchObject({ code: 'FABRIC_PROGRAM_UNFIT', fields: { program: join(dir, 'configtxgen') } });
    });
  });
});

describe('running a program', () => {
  test('gives its output', async () => {
    expect(await runProgram('/bin/sh', ['-c', 'echo out; echo err >&2'], env)).toBe('out\n');
    expect(await runProgram('/bin/sh', ['-c', 'echo out; echo err >&2'], env, { withErrors: true })).toBe('out\nerr\n');
  });

  test('gives it the environment it is to have, and no other', async () => {
    expect(await runProgram('/usr/bin/env', [], { ONLY: 'this' })).toBe('ONLY=this\n');
  });

  test('that fails tells the line with the error, not how it is used', async () => {
    const script = 'echo "Error: no such channel" >&2; echo "Usage:" >&2; echo "  peer channel" >&2; exit 1';
    await expect(runProgram('/bin/sh', ['-c', script, 'a', 'b'], env)).rejects.toMatchObject({ code: 'FABRIC_COMMAND_FAILED', fields: { said: 'Error: no such channel' } });
  });

  test('can be interrupted', async () => {
    const interruption = new AbortController();
    const running = runProgram('/bin/sh', ['-c', 'sleep 600'], env, { signal: interruption.signal });
    interruption.abort();
    await expect(running).rejects.toThrow();
  });
});
