/** A network that was made earlier, ready to be worked on. */
import { resolve } from 'node:path';
import { Problem } from '#domain/errors.js';
import type { FabricSettings } from './config.js';
import type { Network } from './network.js';
import { NetworkFolder } from './network-folder.js';
import { findPrograms } from './programs.js';
import type { Topology } from './topology.js';
import { readTopology } from './topology-file.js';

export interface Surroundings {
  readonly settings: FabricSettings;
  /** e.g. `process.env`: `PATH`, `TMPDIR`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Says to the user what is being done. */
  readonly tell: (line: string) => void;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

/** The folder that the settings name. */
export const folderOf = ({ folder }: Pick<FabricSettings, 'folder'>): NetworkFolder => new NetworkFolder(resolve(folder));

/**
 * @param make makes the topology if there is no network yet; left out, that is refused
 * @throws Problem FABRIC_NETWORK_MISSING, FABRIC_PROGRAM_MISSING, FABRIC_PROGRAM_UNFIT
 */
export async function openNetwork({ settings, env, tell, signal }: Surroundings, make?: (network: Omit<Network, 'topology'>) => Promise<Topology>): Promise<Network> {
  const folder = folderOf(settings);
  const made = await readTopology(folder);
  if (made === undefined && make === undefined) throw new Problem('FABRIC_NETWORK_MISSING', { folder: folder.root });
  const programs = await findPrograms(settings.programs, env);
  for (const warning of programs.warnings) tell(warning);
  const network = { folder, programs, withinMs: settings.readyWithinMs, logging: settings.logging, tell, signal, started: [] };
  const topology = made ?? await make?.(network);
  if (topology === undefined) throw new Problem('FABRIC_NETWORK_MISSING', { folder: folder.root });
  return { ...network, topology };
}
