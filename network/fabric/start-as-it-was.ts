/** Starting a process again whose settings nobody here has: the kernel knows what it was started with. */
import { readFile } from 'node:fs/promises';
import type { NetworkFolder } from './network-folder.js';
import { runningProcess, type ProcessRecord } from './process-record.js';
import { startProcess, stopProcess, type ProcessPlan } from './processes.js';

/**
 * Ends a process, and starts the same program with the same words and variables.
 *
 * @param name under which the folder has recorded it, e.g. `orderer-RegulatorMSP`
 * @param record of the process that is meant
 * @returns false, and nothing is done, if another process goes by the name by now, or none
 * @throws Problem FABRIC_PROCESS_ENDED if the program does not start
 */
export async function startAsItWas(folder: NetworkFolder, name: string, record: ProcessRecord): Promise<boolean> {
  const running = await runningProcess(folder, name);
  if (running?.pid !== record.pid || running.startedAt !== record.startedAt) return false;
  const plan = await planOf(name, record);
  await stopProcess(folder, name);
  startProcess(folder, plan);
  return true;
}

async function planOf(name: string, { pid }: ProcessRecord): Promise<ProcessPlan> {
  const [command = [], surroundings = []] = await Promise.all(['cmdline', 'environ'].map(async (file) => (await readFile(`/proc/${pid}/${file}`, 'utf8')).split('\0').slice(0, -1)));
  const [program = '', ...parameters] = command;
  const environment = Object.fromEntries(surroundings.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
  return { name, program, parameters, environment };
}
