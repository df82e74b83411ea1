import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Keeper } from '../../../network/fabric/keep-servers.js';
import { NetworkFolder } from '../../../network/fabric/network-folder.js';
import { isReady, runningProcess } from '../../../network/fabric/process-record.js';
import { sendSignal } from '../../../network/fabric/processes.js';
import { OTHER_CODE, serverPlaces } from '../../../network/fabric/server-order.js';
import { until } from '../../../network/fabric/until.js';
import { buildChild } from '../child-program.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';

const WITHIN_MS = 30_000;
const PROCESS = 'chaincode-RegulatorMSP-probe-01';
/** Counts its starts, says that it listens, and ends with its keeper, as the real server does. */
const SERVER = `
import { appendFileSync } from 'node:fs';
appendFileSync(process.argv[2] + '.starts', 'x');
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
process.send('listening');
`;

/** A keeper over one server, which runs `program`. */
async function withKeeper(program: string, use: (folder: NetworkFolder, keeper: Keeper, order: string, told: readonly string[]) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (dir) => {
    const folder = new NetworkFolder(dir);
    const place = folder.host('RegulatorMSP').chaincode('probe-01');
    await mkdir(folder.run);
    await mkdir(place.root, { recursive: true });
    await writeFile(join(dir, 'server.mjs'), program);
    await writeFile(place.server, JSON.stringify({ entry: join(dir, 'server.mjs') }));
    const told: string[] = [];
    const keeper = new Keeper(folder, (line) => { told.push(line); });
    keeper.start();
    try {
      await use(folder, keeper, place.server, told);
    } finally {
      await keeper.stop();
    }
  });
}

const ready = (folder: NetworkFolder): Promise<unknown> => until({ what: 'the server', withinMs: WITHIN_MS }, () => isReady(folder, PROCESS));
/** Numbers of the processes that were started with this order. */
async function processesOf(order: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => commands[index]!.split('\0').includes(order));
}

const starts = (order: string): Promise<number> => readFile(`${order}.starts`, 'utf8').then((text) => text.length, () => 0);

describe('the keeper', () => {
  test('starts the servers that there are orders for, and says when it has', async () => {
    await withKeeper(SERVER, async (folder) => {
      await ready(folder);
      expect(serverPlaces(folder).map((place) => place.process)).toEqual([PROCESS]);
    });
  });

  test('starts a server again that was killed', async () => {
    await withKeeper(SERVER, async (folder, _, order) => {
      await ready(folder);
      const first = (await runningProcess(folder, PROCESS))!;
      sendSignal(first, 'SIGKILL');
      await until({ what: 'another start', withinMs: WITHIN_MS }, async () => await starts(order) === 2);
      await ready(folder);
      expect((await runningProcess(folder, PROCESS))!.pid).not.toBe(first.pid);
    });
  });

  test('ends its servers with itself', async () => {
    await withKeeper(SERVER, async (folder, keeper) => {
      await ready(folder);
      await keeper.stop();
      expect(await runningProcess(folder, PROCESS)).toBeUndefined();
    });
  });

  test('ends a server whose order is gone, and starts one whose order came', async () => {
    await withKeeper(SERVER, async (folder, keeper, order) => {
      await ready(folder);
      const text = await readFile(order, 'utf8');
      await rm(order);
      keeper.lookAgain();
      await until({ what: 'its end', withinMs: WITHIN_MS }, async () => await runningProcess(folder, PROCESS) === undefined);
      await writeFile(order, text);
      keeper.lookAgain();
      await ready(folder);
    });
  });

  test('looking again leaves a running server alone', async () => {
    await withKeeper(SERVER, async (folder, keeper, order) => {
      await ready(folder);
      keeper.lookAgain();
      keeper.lookAgain();
      await ready(folder);
      expect(await starts(order)).toBe(1);
    });
  });

  test.each<[what: string, file: (folder: NetworkFolder) => string]>([
    ['its record', (folder) => `${folder.pidFile(PROCESS)}.new`],
    ['that it is ready', (folder) => folder.readyFile(PROCESS)],
    ['its log', (folder) => folder.logFile(PROCESS)],
  ])('goes on where %s cannot be written, and has the server back, once, when it can', async (_, file) => {
    await withKeeper(SERVER, async (folder, keeper, order, told) => {
      await ready(folder);
      const first = (await runningProcess(folder, PROCESS))!;
      // As little can be written to a folder as to a full disk.
      await rm(file(folder), { force: true });
      await mkdir(file(folder));
      sendSignal(first, 'SIGKILL');
      await until({ what: 'two ends', withinMs: WITHIN_MS }, () => told.filter((line) => line.includes(' ended: ')).length >= 2);
      expect(told.join('\n')).toMatch(/EISDIR|directory/i);
      await rm(file(folder), { recursive: true });
      await ready(folder);
      expect((await runningProcess(folder, PROCESS))!.pid).not.toBe(first.pid);
      expect(await processesOf(order)).toHaveLength(1);
      await keeper.stop();
      expect(await processesOf(order)).toEqual([]);
    });
  });

  test('goes on where a server dies whose order is being taken away, and starts it when it is given again', async () => {
    await withKeeper(SERVER, async (folder, _, order, told) => {
      await ready(folder);
      const text = await readFile(order, 'utf8');
      await rm(order);
      sendSignal((await runningProcess(folder, PROCESS))!, 'SIGKILL');
      await until({ what: 'a start in vain', withinMs: WITHIN_MS }, () => told.some((line) => line.includes('ENOENT')));
      await writeFile(order, text);
      await ready(folder);
      expect(await starts(order)).toBe(2);
    });
  });

  test('goes on, as a process, where its own log takes nothing', async () => {
    await inTemporaryDirectory(async (dir) => {
      const folder = new NetworkFolder(dir);
      const place = folder.host('RegulatorMSP').chaincode('probe-01');
      await mkdir(folder.run);
      await mkdir(place.root, { recursive: true });
      await writeFile(join(dir, 'server.mjs'), SERVER);
      await writeFile(place.server, JSON.stringify({ entry: join(dir, 'server.mjs') }));
      const full = await open('/dev/full', 'a');
      const keeper = spawn(process.execPath, [await buildChild('network/fabric/keeper.ts'), dir], { stdio: ['ignore', full.fd, 'ignore'] });
      const ended = once(keeper, 'exit');
      try {
        for (let round = 0; round < 2; round += 1) {
          await ready(folder);
          const { pid } = (await runningProcess(folder, PROCESS))!;
          process.kill(pid, 'SIGKILL');
          await until({ what: 'another process', withinMs: WITHIN_MS }, async () => ![undefined, pid].includes((await runningProcess(folder, PROCESS))?.pid));
        }
      } finally {
        keeper.kill('SIGTERM');
        expect(await ended).toEqual([0, null]);
        await full.close();
      }
    });
  });

  test('gives up a server that has other code, until it is told to look again', async () => {
    const refusing = `${SERVER.replace('process.send(\'listening\');', '')}\nprocess.exit(${OTHER_CODE});\n`;
    await withKeeper(refusing, async (folder, keeper, order) => {
      await until({ what: 'the refusal', withinMs: WITHIN_MS }, async () => await starts(order) === 1 && await runningProcess(folder, PROCESS) === undefined);
      await writeFile(join(folder.root, 'server.mjs'), SERVER);
      await until({ what: 'a start on demand', withinMs: WITHIN_MS }, async () => {
        keeper.lookAgain();
        return isReady(folder, PROCESS);
      });
      expect(await starts(order)).toBe(2);
    });
  });
});
