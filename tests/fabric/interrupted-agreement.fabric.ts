/** An "up" that ends in the middle of the agreement on the chaincode is taken up by the next. */
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findPrograms, type Programs } from '../../network/fabric/programs.js';
import { CommandNetwork, type CommandResult } from './network-command.js';
import { recordsOf, register, running } from './network-in-use.js';

const KILLED = { status: -1 };

describe('an "up" that ends in the middle of the agreement', () => {
  let programs: Programs;
  let network: CommandNetwork;

  beforeEach(async () => {
    programs = await findPrograms(process.env['FABRIC_BIN'], process.env);
    network = await CommandNetwork.plan('raft-single');
  });

  afterEach(async () => network.close());

  /** An "up" with the programs of the release, but that the peer's commands whose words match do something else first. */
  async function upWith(words: string, instead: string): Promise<CommandResult> {
    const folder = await mkdtemp(join(tmpdir(), 'programs-'));
    try {
      for (const name of ['orderer', 'configtxgen'] as const) await symlink(programs[name], join(folder, name));
      await writeFile(join(folder, 'peer'), `#!/bin/sh\ncase "$HOME $*" in ${words}) ${instead} ;; esac\nexec ${programs.peer} "$@"\n`);
      await chmod(join(folder, 'peer'), 0o755);
      return await network.run(['up'], { FABRIC_BIN: folder });
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /** As if the machine's user had killed it while that command began. */
  const upKilledAt = (words: string): Promise<CommandResult> => upWith(words, 'kill -KILL $PPID; exit 1');

  async function works(id: string): Promise<void> {
    expect((await network.run(['status'])).status).toBe(0);
    await register(network, id);
    expect(await recordsOf(network, id)).toMatchObject(Array.from({ length: 3 }, () => ({ name: `Tổ chức ${id}` })));
  }

  test('killed between approval and commit: the status says so, the next commits what is approved', async () => {
    expect(await upKilledAt('*"chaincode commit"*')).toMatchObject(KILLED);
    expect(await running(network)).toContain('peer-RegulatorMSP');
    const { status, output } = await network.run(['status']);
    expect([status, output]).toEqual([1, expect.stringContaining('chaincode minhchung: what is served here is not agreed on\n')]);
    expect(output).toContain('the network is not up');
    expect(await network.must('up')).toContain('chaincode minhchung deployed');
    await works('cong-ty-mot');
    expect((await network.run(['status'])).output).toContain('chaincode minhchung: agreed on, sequence 1\n');
    expect(await network.must('up')).toContain('unchanged');
  });

  test('one approval of three failed: the next asks for that one alone', async () => {
    const { status, errors } = await upWith('*EducationMSP*approveformyorg*', 'echo "Error: not today" >&2; exit 1');
    expect([status, errors]).toEqual([1, expect.stringContaining('FABRIC_COMMAND_FAILED')]);
    expect(await running(network)).toEqual([]);
    expect(await network.must('up')).toContain('chaincode minhchung deployed');
    await works('cong-ty-hai');
  });

  test('a peer lost its approval before the commit: they agree once more', async () => {
    expect(await upKilledAt('*"chaincode commit"*')).toMatchObject(KILLED);
    await network.must('down');
    await rm(network.folder.host('EducationMSP').peer.data, { recursive: true });
    await network.must('up');
    await works('cong-ty-ba');
    expect((await network.run(['status'])).output).toContain('chaincode minhchung: agreed on, sequence 2\n');
  });

  test('killed after a peer that had lost everything got the package: they agree once more', async () => {
    await network.must('up');
    await network.must('down');
    await rm(network.folder.host('IndustryMSP').peer.data, { recursive: true });
    expect(await upKilledAt('*approveformyorg*')).toMatchObject(KILLED);
    expect(await network.must('up')).toContain('agreed on again');
    await works('cong-ty-bon');
  });
});
