/** Starts and stops the network's processes. Each is known by its name, e.g. `peer-RegulatorMSP`. */
import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { Problem } from '#domain/errors.js';
import type { NetworkFolder } from './network-folder.js';
import { forgetNow, isRunning, recordNow, runningProcess, type ProcessRecord } from './process-record.js';
import { until } from './until.js';

export interface ProcessPlan {
  readonly name: string;
  readonly program: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A process that has not ended so long after SIGTERM is ended by SIGKILL. */
const PATIENCE_MS = 10_000;

/**
 * Starts a process that outlives this one; what it prints goes to the end of its log.
 *
 * @throws Problem FABRIC_PROCESS_ENDED if it does not even start
 */
export function startProcess(folder: NetworkFolder, { name, program, parameters, environment }: ProcessPlan): void {
  mkdirSync(folder.run, { recursive: true });
  const log = openSync(folder.logFile(name), 'a');
  try {
    if (!isProgram(program)) throw ended(folder, name);
    forgetNow(folder, name);
    const child = spawn('/bin/sh', recordingItself(folder.pidFile(name), [program, ...parameters]), { cwd: folder.root, env: { ...environment }, detached: true, stdio: ['ignore', log, log] });
    child.on('error', () => undefined); // told by the missing number
    child.unref();
    if (child.pid === undefined || recordNow(folder, name, child.pid) === undefined) throw ended(folder, name);
  } finally {
    closeSync(log);
  }
}

/**
 * A process writes its own record before it becomes the program: whoever starts it may be killed at any moment, and nothing would
 * know of it then. Its number and its start, fields 1 and 22 of its stat, outlast `exec`. A record that is there stays (`set -C`):
 * while it was written again, it would be empty, and the process would seem to have ended.
 *
 * @param command the program, e.g. `/opt/bin/peer`, and its parameters
 * @returns parameters for `/bin/sh`
 */
export function recordingItself(pidFile: string, command: readonly string[]): string[] {
  return ['-c', 'read -r pid b c d e f g h i j k l m n o p q r s t u start rest < /proc/self/stat; set -C; { echo "$pid $start" > "$0"; } 2> /dev/null; exec "$@"', pidFile, ...command];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @throws Problem FABRIC_PROCESS_ENDED if the process of this name does not run */
export async function assertRuns(folder: NetworkFolder, name: string): Promise<void> {
  if (await runningProcess(folder, name) === undefined) throw ended(folder, name);
}

const ended = (folder: NetworkFolder, name: string): Problem => new Problem('FABRIC_PROCESS_ENDED', { process: name, log: folder.logFile(name) });

/** Ends a process if it runs: SIGTERM, and SIGKILL if that does not do. @returns true if it ran */
export async function stopProcess(folder: NetworkFolder, name: string): Promise<boolean> {
  const record = await runningProcess(folder, name);
  if (record !== undefined) await endProcess(record, name);
  forgetNow(folder, name);
  return record !== undefined;
}

/** Ends a process by SIGTERM, and by SIGKILL if that does not do. @param name for whoever reads why it takes long */
export async function endProcess(record: ProcessRecord, name: string): Promise<void> {
  if (!await endWith(record, name, 'SIGTERM')) await endWith(record, name, 'SIGKILL');
}

async function endWith(record: ProcessRecord, name: string, how: NodeJS.Signals): Promise<boolean> {
  sendSignal(record, how);
  return until({ what: `${name} to end`, withinMs: PATIENCE_MS }, async () => !await isRunning(record)).catch(() => false);
}

/** Sends a signal; a process that has just ended is no mistake. */
export function sendSignal({ pid }: ProcessRecord, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
