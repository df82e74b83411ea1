/**
 * Which process runs under a name: its number and when it started, for numbers are given out again. Linux alone
 * (`/proc`). Written synchronously: nothing may come between the start of a process and its record.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { NetworkFolder } from './network-folder.js';

/** Name of the process that keeps the chaincode servers, and looks after the orderers. */
export const KEEPER = 'keeper';

export interface ProcessRecord {
  readonly pid: number;
  /** Clock ticks since the machine started: field 22 of `/proc/<pid>/stat`. */
  readonly startedAt: string;
}

/** Writes down, all at once, that the process `pid` goes by this name. @returns `undefined` if it has ended already */
export function recordNow(folder: NetworkFolder, name: string, pid: number): ProcessRecord | undefined {
  const startedAt = startOf(readNow(`/proc/${pid}/stat`));
  if (startedAt === undefined) return undefined;
  mkdirSync(folder.run, { recursive: true });
  const file = folder.pidFile(name);
  writeFileSync(`${file}.new`, `${pid} ${startedAt}\n`);
  renameSync(`${file}.new`, file);
  return { pid, startedAt };
}

/** Writes down that the process of this name does what it is for. */
export function markReady(folder: NetworkFolder, name: string, pid: number): void {
  writeFileSync(folder.readyFile(name), String(pid));
}

export function forgetNow(folder: NetworkFolder, name: string): void {
  rmSync(folder.pidFile(name), { force: true });
  rmSync(folder.readyFile(name), { force: true });
}

/** The same for a process that has ended: what goes by the name since stays known. @param pid its number */
export function forgetEnded(folder: NetworkFolder, name: string, pid: number | undefined): void {
  if (readNow(folder.pidFile(name)).startsWith(`${pid} `)) forgetNow(folder, name);
}

/**
 * @returns the process of this name if it still runs; a zombie does not, nor does another process that has been given
 *   the number since
 */
export async function runningProcess(folder: NetworkFolder, name: string): Promise<ProcessRecord | undefined> {
  const text = await readFile(folder.pidFile(name), 'utf8').catch(() => '');
  const [, pid, startedAt] = /^(\d+) (\d+)\n?$/.exec(text) ?? [];
  if (pid === undefined || startedAt === undefined) return undefined;
  const record = { pid: Number(pid), startedAt };
  return await isRunning(record) ? record : undefined;
}

/** True if the process of this name runs and has marked itself ready. */
export async function isReady(folder: NetworkFolder, name: string): Promise<boolean> {
  const running = await runningProcess(folder, name);
  return running !== undefined && String(running.pid) === await readFile(folder.readyFile(name), 'utf8').catch(() => '');
}

/** True while this very process runs. */
export async function isRunning({ pid, startedAt }: ProcessRecord): Promise<boolean> {
  return startOf(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')) === startedAt;
}

const STATE = 0;
const START = 19;

/**
 * @param stat a line of `/proc/<pid>/stat`; its second field, the program's name in brackets, may hold spaces and brackets
 * @returns when the process started; `undefined` for an empty line and for a process that has ended
 */
export function startOf(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 1).trim().split(' ');
  return fields[STATE] === 'Z' || fields[STATE] === 'X' ? undefined : fields[START];
}

function readNow(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended
  }
}
