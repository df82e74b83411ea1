/**
 * Ends orderers of this machine that stand still, for systemd to start them again. Started with the network's folder, as the user
 * of the nodes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '#domain/errors.js';
import { NetworkFolder } from '../network-folder.js';
import { LOOK_EVERY_MS, OrdererWatch, standstillLine } from '../orderer-watch.js';
import { endProcess } from '../processes.js';
import { readTopology } from '../topology-file.js';
import { nodeUnitOf, unitsOf } from './service-units.js';
import { UnitProcesses } from './unit-processes.js';

const folder = new NetworkFolder(process.argv[2] ?? '');
const topology = await readTopology(folder);
if (topology === undefined) throw new Problem('FABRIC_NETWORK_MISSING', { folder: folder.root });
const own = unitsOf(topology);
const processes = new UnitProcesses();
const watch = new OrdererWatch(folder, { find: async (name) => processes.find(nodeUnitOf(own, name)) });
for (;;) {
  for (const locked of await watch.look(performance.now())) {
    process.stdout.write(`${standstillLine(locked, new Date())}; it is ended, and its unit starts it again\n`);
    await endProcess(locked.process, locked.name);
  }
  await pause(LOOK_EVERY_MS);
}
