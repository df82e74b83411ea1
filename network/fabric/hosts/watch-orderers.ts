/**
 * Ends orderers of this machine that stand still, for systemd to start them again. Started with the network's folder, as the user
 * of the nodes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { NetworkFolder } from '../network-folder.js';
import { LOOK_EVERY_MS, OrdererWatch, standstillLine } from '../orderer-watch.js';
import { endProcess } from '../processes.js';
import { nodeUnitOf } from './service-units.js';
import { UnitProcesses } from './unit-processes.js';

const processes = new UnitProcesses();
const watch = new OrdererWatch(new NetworkFolder(process.argv[2] ?? ''), { find: async (name) => processes.find(nodeUnitOf(name)) });
for (;;) {
  for (const locked of await watch.look(performance.now())) {
    process.stdout.write(`${standstillLine(locked, new Date())}; it is ended, and its unit starts it again\n`);
    await endProcess(locked.process, locked.name);
  }
  await pause(LOOK_EVERY_MS);
}
