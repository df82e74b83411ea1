import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { lstat, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
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
  ['an orderer on a new disk of its own', 'orderer', ['lost+found/.keep'], false],
  ['an orderer on a disk of its own that was ended while it made its index', 'orderer', ['ledger/index/LOCK'], true],
  ['a peer that was ended while it made its databases', 'peer', ['ledgersData/ledgerProvider/LOCK', 'transientstore/LOCK'], true],
  ['a peer that has joined', 'peer', ['ledgersData/ledgerProvider/CURRENT', 'ledgersData/chains/chains/minhchung/blockfile_000000'], false],
];

const mount = (folder: string): void => { execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' }); };
const unmount = (folder: string): void => { execFileSync('umount', [folder]); };

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    mount(folder);
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

const possible = mayMount();
if (!possible) console.info('not run: a node whose data are on a disk of their own (needs the right to mount)');

describe('data of a node on no channel', () => {
  test.each(TABLE)('%s', async (_what, kind, files, aside) => {
    await inTemporaryDirectory(async (dir) => {
      const node = new NetworkFolder(dir).host('RegulatorMSP')[kind];
      await leave(node.data, files);
      const found = await setUnfinishedDataAside(kind, node);
      expect(found !== undefined).toBe(aside);
      if (aside) expect(await readdir(node.data)).toEqual([basename(found!)]);
      // Nothing is lost, wherever it is.
      for (const file of files) expect(existsSync(join(found ?? node.data, file))).toBe(true);
    });
  });

  test('leaves what a disk of its own has, and is set aside once', async () => {
    await inTemporaryDirectory(async (dir) => {
      const { orderer } = new NetworkFolder(dir).host('RegulatorMSP');
      await leave(orderer.data, ['lost+found/#123', 'ledger/index/LOCK']);
      const found = await setUnfinishedDataAside('orderer', orderer);
      expect((await readdir(orderer.data)).toSorted()).toEqual(['lost+found', basename(found!)]);
      expect(existsSync(join(orderer.data, 'lost+found/#123'))).toBe(true);
      expect(await setUnfinishedDataAside('orderer', orderer)).toBeUndefined();
    });
  });

  test('behind a link stays where it is', async () => {
    await inTemporaryDirectory(async (dir) => {
      const { peer } = new NetworkFolder(dir).host('RegulatorMSP');
      await mkdir(peer.root, { recursive: true });
      await leave(join(dir, 'disk'), ['transientstore/LOCK']);
      await symlink(join(dir, 'disk'), peer.data);
      const found = await setUnfinishedDataAside('peer', peer);
      expect((await lstat(peer.data)).isSymbolicLink()).toBe(true);
      expect(existsSync(join(dir, 'disk', basename(found!), 'transientstore/LOCK'))).toBe(true);
    });
  });

  test.skipIf(!possible)('on a mounted disk is set aside on that disk', async () => {
    await inTemporaryDirectory(async (dir) => {
      const { orderer } = new NetworkFolder(dir).host('RegulatorMSP');
      await mkdir(orderer.data, { recursive: true });
      mount(orderer.data);
      try {
        await leave(orderer.data, ['lost+found/.keep', 'ledger/index/LOCK']);
        const found = await setUnfinishedDataAside('orderer', orderer);
        expect(existsSync(join(found!, 'ledger/index/LOCK'))).toBe(true);
      } finally {
        unmount(orderer.data);
      }
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
