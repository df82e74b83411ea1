/** Finds the process that systemd runs for a unit, by the control group that it is in: that can be read by everybody, without asking systemd. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { isRunning, startOf, type ProcessRecord } from '../process-record.js';

export class UnitProcesses {
  readonly #known = new Map<string, ProcessRecord>();

  /**
   * @param unit e.g. `minhchung-orderer-RegulatorMSP.service`
   * @returns the unit's process if it runs, as the same user as this one
   */
  async find(unit: string): Promise<ProcessRecord | undefined> {
    const known = this.#known.get(unit);
    if (known !== undefined && await isRunning(known)) return known;
    this.#known.delete(unit);
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const found = await processIn(pid, unit);
      if (found === undefined) continue;
      this.#known.set(unit, found);
      return found;
    }
    return undefined;
  }
}

async function processIn(pid: string, unit: string): Promise<ProcessRecord | undefined> {
  const read = async (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  if (!isInUnit(await read('cgroup'), unit)) return undefined;
  const startedAt = startOf(await read('stat'));
  const user = await stat(`/proc/${pid}`).then(({ uid }) => uid, () => undefined);
  return startedAt !== undefined && user === process.getuid?.() ? { pid: Number(pid), startedAt } : undefined;
}

/**
 * @param cgroup content of `/proc/<pid>/cgroup` (cgroups(7)): lines such as `0::/system.slice/minhchung-orderer-RegulatorMSP.service`
 * @returns true if a hierarchy has the process in this very unit
 */
export function isInUnit(cgroup: string, unit: string): boolean {
  return cgroup.split('\n').some((line) => line.endsWith(`/${unit}`));
}
