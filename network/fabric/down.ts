/** Stops a network's processes: first what takes transactions, last what keeps them. Data stays. */
import { readdir, rm } from 'node:fs/promises';
import { Problem } from '#domain/errors.js';
import { withLock } from './command-lock.js';
import { assertUnused } from './make-network.js';
import type { NetworkFolder } from './network-folder.js';
import { stopProcess } from './processes.js';
import { keptByOthers } from './processes-here.js';
import { readTopology } from './topology-file.js';

/** Peers let go of the chaincode servers, the keeper ends its servers; one whose keeper was killed is ended by itself. */
const ORDER = [/^peer-/, /^keeper$/, /^chaincode-/, /^orderer-/];
const RECORD = '.pid';

/**
 * @returns names of the processes that ran
 * @throws Problem FABRIC_KEPT_ELSEWHERE with those that run on, for systemd or a container engine keeps them
 */
export async function stopNetwork(folder: NetworkFolder): Promise<string[]> {
  return withLock(folder.root, async () => {
    const stopped = await stopProcesses(folder, await recorded(folder));
    await assertNoneKept(folder);
    return stopped;
  });
}

/**
 * Takes the network down and removes its folder.
 *
 * @returns names of the processes that ran
 * @throws Problem FABRIC_FOLDER_FOREIGN if the folder is no network, FABRIC_KEPT_ELSEWHERE and nothing is done
 */
export async function reset(folder: NetworkFolder): Promise<string[]> {
  await assertUnused(folder.root);
  return withLock(folder.root, async () => {
    await assertNoneKept(folder);
    const stopped = await stopProcesses(folder, await recorded(folder));
    await rm(folder.root, { recursive: true, force: true });
    return stopped;
  });
}

/** Stops those of the named processes that run. @returns their names */
export async function stopProcesses(folder: NetworkFolder, names: readonly string[]): Promise<string[]> {
  const stopped: string[] = [];
  for (const kind of ORDER) {
    const group = names.filter((name) => kind.test(name));
    const ran = await Promise.all(group.map((name) => stopProcess(folder, name)));
    stopped.push(...group.filter((_, index) => ran[index]));
  }
  return stopped;
}

async function assertNoneKept(folder: NetworkFolder): Promise<void> {
  const topology = await readTopology(folder);
  const kept = topology === undefined ? [] : await keptByOthers(folder, topology);
  if (kept.length > 0) throw new Problem('FABRIC_KEPT_ELSEWHERE', { processes: kept.join(', ') });
}

async function recorded(folder: NetworkFolder): Promise<string[]> {
  const files = await readdir(folder.run).catch((): string[] => []);
  return files.filter((file) => file.endsWith(RECORD)).map((file) => file.slice(0, -RECORD.length)).toSorted();
}
