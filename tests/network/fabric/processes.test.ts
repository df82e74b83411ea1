import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as all } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withLock } from '../../../network/fabric/command-lock.js';
import { assertUnused } from '../../../network/fabric/make-network.js';
import { NetworkFolder } from '../../../network/fabric/network-folder.js';
import { isReady, markReady, recordNow, runningProcess, startOf } from '../../../network/fabric/process-record.js';
import { assertRuns, recordingItself, sendSignal, startProcess, stopProcess } from '../../../network/fabric/processes.js';
import { stopProcesses } from '../../../network/fabric/down.js';
import { until } from '../../../network/fabric/until.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';

const WITHIN_MS = 30_000;
const environment = { PATH: process.env['PATH'] ?? '' };

/** A process that runs until it is stopped; `stubborn`: it takes no SIGTERM. */
function startSleeper(folder: NetworkFolder, name: string, script = 'exec sleep 600'): void {
  startProcess(folder, { name, program: '/bin/sh', parameters: ['-c', script], environment });
}

async function inFolder(use: (folder: NetworkFolder) => Promise<void>): Promise<void> {
  await inTemporaryDirectory((dir) => use(new NetworkFolder(dir)));
}

describe('a process', () => {
  test('is known by its name until it is stopped', async () => {
    await inFolder(async (folder) => {
      startSleeper(folder, 'peer-A');
      const record = await runningProcess(folder, 'peer-A');
      expect(record?.pid).toBeGreaterThan(0);
      await expect(assertRuns(folder, 'peer-A')).resolves.toBeUndefined();
      expect(await stopProcess(folder, 'peer-A')).toBe(true);
      expect([await runningProcess(folder, 'peer-A'), existsSync(folder.pidFile('peer-A')), existsSync(`/proc/${record!.pid}`)]).toEqual([undefined, false, false]);
      expect(await stopProcess(folder, 'peer-A')).toBe(false);
    });
  });

  test('writes to the end of its log', async () => {
    await inFolder(async (folder) => {
      await mkdir(folder.run);
      await writeFile(folder.logFile('peer-A'), 'before\n');
      startSleeper(folder, 'peer-A', 'echo out; echo err >&2; exec sleep 600');
      await until({ what: 'the log', withinMs: WITHIN_MS }, async () => (await readFile(folder.logFile('peer-A'), 'utf8')) === 'before\nout\nerr\n');
      await stopProcess(folder, 'peer-A');
    });
  });

  test('that cannot be started at all is told', async () => {
    await inFolder(async (folder) => {
      await mkdir(folder.run);
      expect(() => { startProcess(folder, { name: 'peer-A', program: join(folder.root, 'nothing'), parameters: [], environment }); }).toThrow(expect.objectContaining({ code: 'FABRIC_PROCESS_ENDED' }));
    });
  });

  test('writes its own record, for whoever starts it may be killed before', async () => {
    await inFolder(async (folder) => {
      await mkdir(folder.run);
      const child = spawn('/bin/sh', recordingItself(folder.pidFile('peer-A'), ['/bin/sleep', '600']), { env: {} });
      const record = await until({ what: 'the record', withinMs: WITHIN_MS }, () => runningProcess(folder, 'peer-A'));
      await until({ what: 'the program', withinMs: WITHIN_MS }, async () => (await readFile(`/proc/${child.pid}/cmdline`, 'utf8')).startsWith('/bin/sleep'));
      expect(record).toEqual(recordNow(folder, 'peer-B', child.pid!));
      expect(await stopProcess(folder, 'peer-A')).toBe(true);
    });
  });

  test('keeps the record that is there, for who reads it may find it empty otherwise', async () => {
    await inFolder(async (folder) => {
      await mkdir(folder.run);
      await writeFile(folder.pidFile('peer-A'), 'what is there');
      const child = spawn('/bin/sh', recordingItself(folder.pidFile('peer-A'), ['/bin/true']), { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
      const [said, complained, [status]] = await Promise.all([all(child.stdout), all(child.stderr), once(child, 'exit')]);
      expect([await readFile(folder.pidFile('peer-A'), 'utf8'), status, said, complained]).toEqual(['what is there', 0, '', '']);
    });
  });

  test('that has ended is not running, and its log is named', async () => {
    await inFolder(async (folder) => {
      startSleeper(folder, 'peer-A');
      sendSignal((await runningProcess(folder, 'peer-A'))!, 'SIGKILL');
      await until({ what: 'the end', withinMs: WITHIN_MS }, async () => await runningProcess(folder, 'peer-A') === undefined);
      await expect(assertRuns(folder, 'peer-A')).rejects.toMatchObject({ code: 'FABRIC_PROCESS_ENDED', fields: { process: 'peer-A', log: folder.logFile('peer-A') } });
    });
  });

  test('whose number was given to another one since is left alone', async () => {
    await inFolder(async (folder) => {
      const stranger = spawn('sleep', ['600']);
      try {
        await mkdir(folder.run);
        await writeFile(folder.pidFile('peer-A'), `${stranger.pid} 12345\n`);
        expect(await runningProcess(folder, 'peer-A')).toBeUndefined();
        expect(await stopProcess(folder, 'peer-A')).toBe(false);
        expect(stranger.exitCode).toBeNull();
        expect(existsSync(`/proc/${stranger.pid}/stat`)).toBe(true);
      } finally {
        stranger.kill('SIGKILL');
        await once(stranger, 'exit');
      }
    });
  });

  test('that nobody has waited for yet is not running', async () => {
    await inFolder(async (folder) => {
      const parent = spawn('/bin/sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
      try {
        const [line] = await once(parent.stdout, 'data') as [Buffer];
        const pid = Number(line.toString());
        // The shell would still wait for its child; what it becomes does not.
        await until({ what: 'the shell to become another program', withinMs: WITHIN_MS }, async () => (await readFile(`/proc/${parent.pid}/cmdline`, 'utf8')).startsWith('sleep'));
        process.kill(pid, 'SIGKILL');
        await until({ what: 'a zombie', withinMs: WITHIN_MS }, async () => (await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z '));
        await mkdir(folder.run);
        expect(recordNow(folder, 'peer-A', pid)).toBeUndefined();
      } finally {
        parent.kill('SIGKILL');
        await once(parent, 'exit');
      }
    });
  });

  test.each(['', 'x', '12', '12 13 14', '-1 5'])('is not read out of %j', async (text) => {
    await inFolder(async (folder) => {
      await mkdir(folder.run);
      await writeFile(folder.pidFile('peer-A'), text);
      expect(await runningProcess(folder, 'peer-A')).toBeUndefined();
    });
  });

  test('is ready when it said so itself, and not when one before it did', async () => {
    await inFolder(async (folder) => {
      startSleeper(folder, 'keeper');
      const { pid } = (await runningProcess(folder, 'keeper'))!;
      markReady(folder, 'keeper', pid + 1);
      expect(await isReady(folder, 'keeper')).toBe(false);
      markReady(folder, 'keeper', pid);
      expect(await isReady(folder, 'keeper')).toBe(true);
      await stopProcess(folder, 'keeper');
      expect(await isReady(folder, 'keeper')).toBe(false);
    });
  });

  test('several are stopped in the order in which they need each other', async () => {
    await inFolder(async (folder) => {
      const names = ['orderer-A', 'chaincode-A-x', 'peer-A', 'keeper'];
      for (const name of names) startSleeper(folder, name);
      expect(await stopProcesses(folder, [...names, 'peer-gone'])).toEqual(['peer-A', 'keeper', 'chaincode-A-x', 'orderer-A']);
    });
  });

  test('a signal to one that is gone is no mistake', () => {
    expect(() => { sendSignal({ pid: 2 ** 22 + 1, startedAt: '1' }, 'SIGTERM'); }).not.toThrow();
  });
});

describe('the start of a process out of /proc/<pid>/stat', () => {
  const rest = (state: string): string => [state, ...Array.from({ length: 18 }, (_, index) => String(index)), '777', '0'].join(' ');

  test('is field 22, whatever the program is called', () => {
    fc.assert(fc.property(fc.string(), (name) => {
      expect(startOf(`12 (${name}) ${rest('S')}\n`)).toBe('777');
    }));
  });

  test.each(['Z', 'X'])('does not exist in state %s', (state) => {
    expect(startOf(`12 (sleep) ${rest(state)}`)).toBeUndefined();
  });

  test('does not exist without a line', () => expect(startOf('')).toBeUndefined());
});

describe('one command at a time', () => {
  test('the second is refused with the number of the first', async () => {
    await inTemporaryDirectory(async (dir) => {
      const root = join(dir, 'network');
      await withLock(root, async () => {
        await expect(withLock(root, () => Promise.resolve())).rejects.toMatchObject({ code: 'FABRIC_BUSY', fields: { process: String(process.pid) } });
      });
      expect(await withLock(root, () => Promise.resolve('done'))).toBe('done');
    });
  });

  test('the lock of one that was killed is taken over', async () => {
    await inTemporaryDirectory(async (dir) => {
      const root = join(dir, 'network');
      await writeFile(`${root}.lock`, `${process.pid} 1`);
      expect(await withLock(root, () => Promise.resolve('done'))).toBe('done');
      expect(existsSync(`${root}.lock`)).toBe(false);
    });
  });

  test('the lock goes when the command fails', async () => {
    await inTemporaryDirectory(async (dir) => {
      const root = join(dir, 'deep', 'network');
      await expect(withLock(root, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      expect(existsSync(`${root}.lock`)).toBe(false);
    });
  });
});

describe('waiting', () => {
  test('ends with the first answer', async () => {
    const answers = [undefined, false, 'yes'] as const;
    let asked = 0;
    expect(await until({ what: 'x', withinMs: WITHIN_MS }, () => answers[asked++])).toBe('yes');
    expect(asked).toBe(3);
  });

  test('that is in vain tells what for, for how long, the last error, and the log', async () => {
    const ask = (): never => { throw new Error('refused'); };
    await expect(until({ what: 'a leader', withinMs: 1, log: '/x.log' }, ask)).rejects.toMatchObject({ code: 'FABRIC_NOT_READY', fields: { what: 'a leader', waitedMs: '1', last: 'refused', log: '/x.log' } });
  });

  test('asks at least once', async () => expect(await until({ what: 'x', withinMs: 0 }, () => true)).toBe(true));

  test('is ended by a signal', async () => {
    const interruption = new AbortController();
    interruption.abort(new Error('interrupted'));
    await expect(until({ what: 'x', withinMs: WITHIN_MS, signal: interruption.signal }, () => false)).rejects.toThrow('interrupted');
  });
});

describe('a folder for a network', () => {
  test('may be missing, empty, or a network; nothing else', async () => {
    await inTemporaryDirectory(async (dir) => {
      await expect(assertUnused(join(dir, 'missing'))).resolves.toBeUndefined();
      await expect(assertUnused(dir)).resolves.toBeUndefined();
      await writeFile(join(dir, 'thesis.txt'), '');
      await expect(assertUnused(dir)).rejects.toMatchObject({ code: 'FABRIC_FOLDER_FOREIGN', fields: { folder: dir, holds: 'thesis.txt' } });
      // What cannot be read is not what is not there.
      await expect(assertUnused(join(dir, 'thesis.txt'))).rejects.toMatchObject({ code: 'ENOTDIR' });
      await writeFile(join(dir, 'network.json'), '{}');
      await expect(assertUnused(dir)).resolves.toBeUndefined();
    });
  });
});
