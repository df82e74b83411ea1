/** The topology as it stands in a network's folder. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { NetworkFolder } from './network-folder.js';
import type { Topology } from './topology.js';

/** @returns the topology as it was made, `undefined` if there is no network */
export async function readTopology(folder: NetworkFolder): Promise<Topology | undefined> {
  if (!existsSync(folder.topology)) return undefined;
  return JSON.parse(await readFile(folder.topology, 'utf8')) as Topology;
}
