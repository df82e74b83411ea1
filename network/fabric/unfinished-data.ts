/**
 * What a node leaves behind that was ended during its very first start. Fabric does not open a database again whose making was
 * interrupted. As the node had not joined a channel yet, there should be nothing in it; but whoever is wrong about that, because a
 * disk is not mounted, must not lose it: it is set aside, not removed.
 */
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeFolder } from './network-folder.js';

/** Where the two kinds of nodes keep the blocks of their channels and what orders them, below their data. */
const OF_CHANNELS = { orderer: [join('ledger', 'chains'), 'wal'], peer: [join('ledgersData', 'chains', 'chains')] } as const;

/** What lies in a folder of data that is no data: a disk of its own has the first, the second is what was set aside before. */
const NO_DATA = /^(lost\+found|unfinished-\d+)$/;

/**
 * Sets the data aside of a node that is on no channel and does not run. The folder itself stays: it may be a disk of its own, or a
 * link to one, and is given other files, not another name.
 *
 * @returns where they are now, e.g. `…/peer/data/unfinished-1795243754235`; `undefined` if there was nothing to set aside
 * @throws Error of the file system: a folder that cannot be read is not one that is empty
 */
export async function setUnfinishedDataAside(kind: keyof typeof OF_CHANNELS, { data }: Pick<NodeFolder, 'data'>): Promise<string | undefined> {
  const channels = await Promise.all(OF_CHANNELS[kind].map(async (folder) => entriesIn(join(data, folder))));
  const left = (await entriesIn(data)).filter((name) => !NO_DATA.test(name));
  if (channels.flat().length > 0 || left.length === 0) return undefined;
  const aside = join(data, `unfinished-${Date.now()}`);
  await mkdir(aside);
  for (const name of left) await rename(join(data, name), join(aside, name));
  return aside;
}

/** @returns nothing for a folder that is not there */
async function entriesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
}
