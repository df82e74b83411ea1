import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NetworkFolder } from '../../../network/fabric/network-folder.js';
import { setUnfinishedDataAside } from '../../../network/fabric/unfinished-data.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';

type Kind = 'orderer' | 'peer';

/** Files as Fabric 3.1 leaves them. */
const TABLE: readonly [what: string, kind: Kind, files: readonly string[], aside: boolean][] = [
  ['an orderer that was never started', 'orderer', [], false],
  ['an orderer that was ended while it made its index', 'orderer', ['ledger/index/LOCK', 'ledger/index/000001.log'], true],
  ['an orderer that has joined', 'orderer', ['ledger/index/CURRENT', 'ledger/chains/minhchung/blockfile_000000'], false],
  ['an orderer whose disk with the blocks is not mounted', 'orderer', ['ledger/index/CURRENT', 'wal/minhchung/0000000000000001.wal'], false],
  ['an orderer that has joined another channel', 'orderer', ['ledger/chains/other/blockfile_000000'], false],
  ['a peer that was ended while it made its databases', 'peer', ['ledgersData/ledgerProvider/LOCK', 'transientstore/LOCK'], true],
  ['a peer that has joined', 'peer', ['ledgersData/ledgerProvider/CURRENT', 'ledgersData/chains/chains/minhchung/blockfile_000000'], false],
];

describe('data of a node on no channel', () => {
  test.each(TABLE)('%s', async (_what, kind, files, aside) => {
    await inTemporaryDirectory(async (dir) => {
      const node = new NetworkFolder(dir).host('RegulatorMSP')[kind];
      await leave(node.data, files);
      const found = await setUnfinishedDataAside(kind, node);
      expect(found !== undefined).toBe(aside);
      expect(existsSync(node.data)).toBe(files.length > 0 && !aside);
      // Nothing is lost, wherever it is.
      for (const file of files) expect(existsSync(join(found ?? node.data, file))).toBe(true);
    });
  });

  test('is left alone where it cannot be read', async () => {
    await inTemporaryDirectory(async (dir) => {
      const { peer } = new NetworkFolder(dir).host('RegulatorMSP');
      await leave(peer.data, ['ledgersData/ledgerProvider/CURRENT', 'ledgersData/chains/chains']);
      await expect(setUnfinishedDataAside('peer', peer)).rejects.toMatchObject({ code: 'ENOTDIR' });
      expect(await readdir(peer.root)).toEqual(['data']);
    });
  });
});

async function leave(data: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(data, file)), { recursive: true });
    await writeFile(join(data, file), '');
  }
}
