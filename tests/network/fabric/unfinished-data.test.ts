import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NetworkFolder } from '../../../network/fabric/network-folder.js';
import { removeUnfinishedData } from '../../../network/fabric/unfinished-data.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';

type Kind = 'orderer' | 'peer';

/** Files as Fabric 3.1 leaves them. */
const TABLE: readonly [what: string, kind: Kind, files: readonly string[], removed: boolean][] = [
  ['an orderer that was never started', 'orderer', [], false],
  ['an orderer that was ended while it made its index', 'orderer', ['ledger/index/LOCK', 'ledger/index/000001.log'], true],
  ['an orderer that has joined', 'orderer', ['ledger/index/CURRENT', 'ledger/chains/minhchung/blockfile_000000'], false],
  ['an orderer that has joined another channel', 'orderer', ['ledger/chains/other/blockfile_000000'], false],
  ['a peer that was ended while it made its databases', 'peer', ['ledgersData/ledgerProvider/LOCK', 'transientstore/LOCK'], true],
  ['a peer that has joined', 'peer', ['ledgersData/ledgerProvider/CURRENT', 'ledgersData/chains/chains/minhchung/blockfile_000000'], false],
];

describe('data of a node on no channel', () => {
  test.each(TABLE)('%s', async (_what, kind, files, removed) => {
    await inTemporaryDirectory(async (dir) => {
      const node = new NetworkFolder(dir).host('RegulatorMSP')[kind];
      for (const file of files) {
        await mkdir(dirname(join(node.data, file)), { recursive: true });
        await writeFile(join(node.data, file), '');
      }
      expect(await removeUnfinishedData(kind, node)).toBe(removed);
      expect(existsSync(node.data)).toBe(files.length > 0 && !removed);
    });
  });
});
