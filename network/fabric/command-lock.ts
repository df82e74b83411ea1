/**
 * One command at a time works on a network's folder, and the keeper never together with one. The lock stands beside the folder,
 * for a reset removes the folder.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '#domain/errors.js';
import { isRunning, startOf, type ProcessRecord } from './process-record.js';

/** A process that has the lock. */
export interface LockHolder extends ProcessRecord {
  /** True for the keeper, which has it for seconds and is waited for. */
  readonly briefly: boolean;
}

/** A restart takes up to 20 seconds: so long a process may take to end. */
const PATIENCE_MS = 40_000;
const PAUSE_MS = 20;
const BRIEFLY = 'briefly';

/**
 * Runs a command while no other one runs; a lock that a killed command left behind is taken over.
 *
 * @param root the network's folder
 * @throws Problem FABRIC_BUSY with the number of the process that works on it
 */
export async function withLock<T>(root: string, work: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  let holder = await take(root, '');
  while (holder?.briefly === true && performance.now() < end) {
    await pause(PAUSE_MS);
    holder = await take(root, '');
  }
  if (holder !== undefined) throw new Problem('FABRIC_BUSY', { process: String(holder.pid) });
  return thenRelease(root, work);
}

/**
 * The same for the keeper, which gives way to every command.
 *
 * @returns `undefined` if nothing was done, for a command runs
 */
export async function withLockBriefly<T>(root: string, work: () => Promise<T>): Promise<T | undefined> {
  return await take(root, BRIEFLY) === undefined ? thenRelease(root, work) : undefined;
}

/** @returns the process that has the lock, `undefined` if none does */
export async function lockHolder(root: string): Promise<LockHolder | undefined> {
  const holder = holderOf(contentOf(lockFile(root)));
  return await isRunning(holder) ? holder : undefined;
}

const lockFile = (root: string): string => `${root}.lock`;

async function thenRelease<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    rmSync(lockFile(root), { force: true });
  }
}

/** @returns the running process that has the lock already; `undefined` if this one has it now */
async function take(root: string, how: string): Promise<LockHolder | undefined> {
  const file = lockFile(root);
  const own = `${file}.${randomUUID()}`;
  mkdirSync(dirname(root), { recursive: true });
  writeFileSync(own, `${process.pid} ${startOf(readFileSync(`/proc/${process.pid}/stat`, 'utf8'))} ${how}`);
  try {
    while (!appears(own, file)) {
      const known = contentOf(file);
      const holder = holderOf(known);
      if (await isRunning(holder)) return holder;
      setAside(file, known);
    }
    return undefined;
  } finally {
    rmSync(own);
  }
}

/** A link shows the lock with its content or not at all. @returns false if there is a lock */
function appears(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Removes a lock that was left behind. What another process has put in its place meanwhile goes back. */
function setAside(file: string, abandoned: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (contentOf(aside) !== abandoned) appears(aside, file);
  rmSync(aside);
}

function holderOf(content: string): LockHolder {
  const [pid = '', startedAt = '', how] = content.split(' ');
  return { pid: Number(pid), startedAt, briefly: how === BRIEFLY };
}

/** @returns nothing if it is gone */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
