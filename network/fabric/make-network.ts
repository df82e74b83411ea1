/** Makes a network's folder: certificates, topology, block 0. It appears whole or not at all. */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from '#domain/errors.js';
import { writeDurably } from '../enrolment/identity-files.js';
import { makeOrganisation } from './certificates.js';
import type { FabricSettings } from './config.js';
import { makeGenesisBlock } from './genesis-block.js';
import { NetworkFolder } from './network-folder.js';
import type { Programs } from './programs.js';
import { planTopology, type Topology } from './topology.js';

/**
 * Makes the network that the settings describe, in a folder beside its own, and moves it there when it is complete.
 *
 * @throws Problem FABRIC_FOLDER_FOREIGN if the folder holds something else
 */
export async function makeNetwork(folder: NetworkFolder, settings: FabricSettings, programs: Programs): Promise<Topology> {
  await assertUnused(folder.root);
  const topology = planTopology(settings);
  const making = new NetworkFolder(`${folder.root}.making`);
  await rm(making.root, { recursive: true, force: true });
  await mkdir(making.root, { recursive: true, mode: 0o700 });
  await Promise.all(topology.organisations.map((organisation) => makeOrganisation(making.host(organisation.mspId), organisation)));
  await makeGenesisBlock(making, topology, programs);
  await writeDurably(making.topology, `${JSON.stringify(topology, null, 2)}\n`);
  await mkdir(dirname(folder.root), { recursive: true });
  await rm(folder.root, { recursive: true, force: true });
  await rename(making.root, folder.root);
  return topology;
}

/**
 * @throws Problem FABRIC_FOLDER_FOREIGN if the folder is there, holds something, and is no network
 * @throws Error of the file system: what cannot be read is not unused, and would be removed as if it were
 */
export async function assertUnused(root: string): Promise<void> {
  const content = await readdir(root).catch((error: unknown): string[] => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  if (content.length > 0 && !content.includes('network.json')) throw new Problem('FABRIC_FOLDER_FOREIGN', { folder: root, holds: content.slice(0, 3).join(', ') });
}

/** @throws Problem FABRIC_SETTINGS_DIFFER if a setting was stated that the network was not made with */
export function assertSameSettings(made: Topology, settings: FabricSettings): void {
  const differing: Record<string, string> = {};
  if (settings.stated.includes('FABRIC_PORT_BASE') && made.portBase !== settings.portBase) differing['FABRIC_PORT_BASE'] = `made with ${made.portBase}`;
  if (settings.stated.includes('FABRIC_CONSENSUS') && made.consensus !== settings.consensus) differing['FABRIC_CONSENSUS'] = `made with ${made.consensus}`;
  if (Object.keys(differing).length > 0) throw new Problem('FABRIC_SETTINGS_DIFFER', differing);
}
