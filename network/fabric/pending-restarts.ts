/**
 * Which processes have yet to be started anew for certificates that are there already. Written down before the certificates are:
 * a command that is killed in between leaves it to the next.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeDurably } from '../enrolment/identity-files.js';
import type { NetworkFolder } from './network-folder.js';

type Folder = Pick<NetworkFolder, 'pendingRestarts'>;

/** @returns names of processes, e.g. `['peer-RegulatorMSP']` */
export async function pendingRestarts({ pendingRestarts: file }: Folder): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

/** @param names of processes that use certificates which are about to be written */
export async function expectRestarts(folder: Folder, names: readonly string[]): Promise<void> {
  const known = await pendingRestarts(folder);
  if (names.some((name) => !known.includes(name))) await write(folder, [...new Set([...known, ...names])]);
}

/** Says that a process runs on what it has by now, or does not run. */
export async function restartDone(folder: Folder, name: string): Promise<void> {
  const known = await pendingRestarts(folder);
  if (known.includes(name)) await write(folder, known.filter((one) => one !== name));
}

async function write({ pendingRestarts: file }: Folder, names: readonly string[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeDurably(file, names.map((name) => `${name}\n`).join(''));
}
