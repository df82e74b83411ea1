/** One command at a time works on a network's folder. The lock stands beside the folder, for a reset removes the folder. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from '#domain/errors.js';
import { isRunning, startOf } from './process-record.js';

/**
 * Runs `work` while no other command does; a lock that a killed command left behind is taken over.
 *
 * @param root the network's folder
 * @throws Problem FABRIC_BUSY with the number of the process that works on it
 */
export async function withLock<T>(root: string, work: () => Promise<T>): Promise<T> {
  const file = `${root}.lock`;
  mkdirSync(dirname(root), { recursive: true });
  await take(file);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

async function take(file: string): Promise<void> {
  const own = `${process.pid} ${startOf(readFileSync(`/proc/${process.pid}/stat`, 'utf8'))}`;
  try {
    writeFileSync(file, own, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await assertAbandoned(file);
    writeFileSync(file, own);
  }
}

async function assertAbandoned(file: string): Promise<void> {
  const [pid = '', startedAt = ''] = readFileSync(file, 'utf8').split(' ');
  if (await isRunning({ pid: Number(pid), startedAt })) throw new Problem('FABRIC_BUSY', { process: pid });
}
