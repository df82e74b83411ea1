/**
 * What a node leaves behind that was ended during its very first start. Fabric does not open a database again whose making was
 * interrupted; as the node had not joined the channel yet, there is nothing in it.
 */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeFolder } from './network-folder.js';

/** Where the two kinds of nodes keep the blocks of their channels, below their data. */
const CHAINS = { orderer: join('ledger', 'chains'), peer: join('ledgersData', 'chains', 'chains') } as const;

/**
 * Removes the data of a node that is on no channel and does not run.
 *
 * @returns true if there was something
 */
export async function removeUnfinishedData(kind: keyof typeof CHAINS, { data }: Pick<NodeFolder, 'data'>): Promise<boolean> {
  const channels = await readdir(join(data, CHAINS[kind])).catch((): string[] => []);
  if (!existsSync(data) || channels.length > 0) return false;
  await rm(data, { recursive: true });
  return true;
}
