/** Waiting until an orderer of this machine stands still, where its process cannot be seen from here, as in a container. */
import { setTimeout as pause } from 'node:timers/promises';
import type { NetworkFolder } from '../network-folder.js';
import { LOOK_EVERY_MS, OrdererWatch, type LockedOrderer } from '../orderer-watch.js';
import type { ProcessRecord } from '../process-record.js';

/** Its metrics alone tell whether it is there. */
const UNSEEN: ProcessRecord = { pid: 0, startedAt: '' };

export interface StandstillWait {
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  readonly everyMs?: number;
  /** How long a standstill may last. */
  readonly patienceMs?: number;
}

/**
 * @param folder of the network
 * @returns the orderers that have stood still for too long: one or more
 * @throws the signal's reason, once it is aborted
 */
export async function waitForStandstill(folder: NetworkFolder, { signal, everyMs = LOOK_EVERY_MS, patienceMs }: StandstillWait): Promise<LockedOrderer[]> {
  const watch = new OrdererWatch(folder, { find: () => Promise.resolve(UNSEEN), ...(patienceMs === undefined ? {} : { patienceMs }) });
  for (;;) {
    const locked = await watch.look(performance.now());
    if (locked.length > 0) return locked;
    await pause(everyMs, undefined, { signal });
  }
}
