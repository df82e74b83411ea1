/** Starting the keeper, and waiting for the chaincode servers that it keeps. */
import { join } from 'node:path';
import { Problem } from '#domain/errors.js';
import type { Network } from './network.js';
import { isFree } from './node-endpoints.js';
import { isReady, KEEPER, runningProcess } from './process-record.js';
import { assertRuns, sendSignal, startProcess } from './processes.js';
import { portOf, readOrder, serverPlaces, type ServerPlace } from './server-order.js';
import { until } from './until.js';

/** Of Node, for a program that only starts processes, asks small questions and waits: without a compiler it is a fifth smaller. */
export const KEEPER_OPTIONS = ['--max-semi-space-size=1', '--max-old-space-size=64', '--jitless', '--no-expose-wasm'];

/**
 * Has the keeper look at the orders; starts it if it does not run.
 *
 * @returns true if it was started
 */
export async function wakeKeeper(network: Pick<Network, 'folder' | 'withinMs' | 'signal' | 'started'>): Promise<boolean> {
  const { folder, withinMs, signal, started } = network;
  const running = await runningProcess(folder, KEEPER);
  if (running === undefined) {
    startProcess(folder, { name: KEEPER, program: process.execPath, parameters: [...KEEPER_OPTIONS, join(import.meta.dirname, 'keeper.js'), folder.root], environment: {} });
    started.push(KEEPER);
    return true;
  }
  // Before it is ready, the signal would end it.
  await until({ what: `the ${KEEPER} to be ready`, withinMs, signal }, () => isReady(folder, KEEPER));
  sendSignal(running, 'SIGHUP');
  return false;
}

/**
 * Waits until the servers of these places listen.
 *
 * @param but number of a process that is about to end, and does not count
 * @throws Problem FABRIC_NOT_READY with the log of the one that does not
 */
export async function serversReady(network: Network, places: readonly ServerPlace[], but?: number): Promise<void> {
  const { folder, withinMs, signal } = network;
  await Promise.all(places.map(({ process }) => until({ what: `${process} to listen`, withinMs, signal, log: folder.logFile(process) }, async () => {
    await assertRuns(folder, KEEPER);
    return (await runningProcess(folder, process))?.pid !== but && isReady(folder, process);
  })));
}

/** @throws Problem FABRIC_PORT_TAKEN if another program has the port of a server that does not run */
export async function assertServerPortsFree({ folder }: Pick<Network, 'folder'>): Promise<void> {
  for (const { process, folder: place } of serverPlaces(folder)) {
    const order = await readOrder(place);
    const [host = ''] = order.listen.split(':');
    if (await runningProcess(folder, process) === undefined && !await isFree(portOf(order), host)) {
      throw new Problem('FABRIC_PORT_TAKEN', { ports: String(portOf(order)), wantedBy: process });
    }
  }
}
