/** The copy of a chaincode server's code that outlives the checkout of another version. */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeDigest } from '../../../network/fabric/code-digest.js';
import { isKept, keepCode } from '../../../network/fabric/kept-code.js';
import { rejectsWith } from '../../support/rejects-with.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';
import { files } from './machines.js';

const FILES = {
  'package.json': '{"type":"module","imports":{"#domain/*.js":"./dist/domain/*.js"}}',
  'dist/network/fabric/server.js': 'import { name } from \'#domain/name.js\';\nimport { thing } from \'thing\';\nconst { late } = await import(\'../late.js\');\nprocess.stdout.write([name, thing, late].join(\' \'));\n',
  'dist/network/late.js': 'export const late = \'late\';\n',
  'dist/network/unused.js': 'export const unused = 1;\n',
  'dist/domain/name.js': 'export const name = \'first\';\n',
  'node_modules/thing/package.json': '{"name":"thing","version":"1.2.3","type":"module","exports":"./thing.js"}',
  'node_modules/thing/thing.js': 'export const thing = \'thing\';\n',
};

interface Product {
  readonly root: string;
  readonly entry: string;
  /** Where the copy is to be. */
  readonly folder: string;
  readonly digest: string;
}

async function withProduct(use: (product: Product) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (dir) => {
    const root = join(dir, 'product');
    for (const [name, content] of Object.entries(FILES)) await write(root, name, content);
    const entry = join(root, 'dist/network/fabric/server.js');
    await mkdir(join(dir, 'orders'));
    await use({ root, entry, folder: join(dir, 'orders', 'code'), digest: await codeDigest(entry) });
  });
}

async function write(root: string, name: string, content: string): Promise<void> {
  await mkdir(join(root, name, '..'), { recursive: true });
  await writeFile(join(root, name), content);
}

const run = (program: string): string => execFileSync(process.execPath, [program], { encoding: 'utf8' });

describe('the code that is kept', () => {
  test('is what the program reaches, has the same digest, and runs', async () => {
    await withProduct(async ({ entry, folder, digest }) => {
      const kept = await keepCode(entry, digest, folder);
      expect(kept).toBe(join(folder, 'dist/network/fabric/server.js'));
      expect([...(await files(folder)).keys()].toSorted()).toEqual(['dist/domain/name.js', 'dist/network/fabric/server.js', 'dist/network/late.js', 'package.json']);
      expect(await codeDigest(kept)).toBe(digest);
      expect(run(kept)).toBe('first thing late');
    });
  });

  test('stays as it is when the product is another version', async () => {
    await withProduct(async ({ root, entry, folder, digest }) => {
      const kept = await keepCode(entry, digest, folder);
      await write(root, 'dist/domain/name.js', 'export const name = \'second\';\n');
      await rm(join(root, 'dist/network/late.js'));
      expect([await isKept(kept, digest), run(kept)]).toEqual([true, 'first thing late']);
    });
  });

  test('is not copied a second time, but where it was damaged', async () => {
    await withProduct(async ({ entry, folder, digest }) => {
      await keepCode(entry, digest, folder);
      const { ino } = await stat(folder);
      await keepCode(entry, digest, folder);
      expect((await stat(folder)).ino).toBe(ino);
      await write(folder, 'dist/domain/name.js', '');
      const kept = await keepCode(entry, digest, folder);
      expect([await isKept(kept, digest), run(kept)]).toEqual([true, 'first thing late']);
    });
  });

  test('is found where the folder is reached by a link', async () => {
    await withProduct(async ({ root, entry, folder, digest }) => {
      await symlink(join(folder, '..'), join(root, 'link'));
      const kept = await keepCode(entry, digest, join(root, 'link', 'code'));
      expect([await isKept(kept, digest), run(kept)]).toEqual([true, 'first thing late']);
    });
  });

  test('is none where a package of it is another one', async () => {
    await withProduct(async ({ root, entry, folder, digest }) => {
      const kept = await keepCode(entry, digest, folder);
      await write(root, 'node_modules/thing/package.json', FILES['node_modules/thing/package.json'].replace('1.2.3', '1.2.4'));
      expect(await isKept(kept, digest)).toBe(false);
    });
  });

  test('is none where other code was agreed on, and nothing is left of it', async () => {
    await withProduct(async ({ root, entry, folder, digest }) => {
      await write(root, 'dist/domain/name.js', 'export const name = \'second\';\n');
      await rejectsWith(keepCode(entry, digest, folder), 'FABRIC_CODE_DIFFERENT', { approved: digest, own: await codeDigest(entry) });
      expect(await isKept(join(folder, 'dist/network/fabric/server.js'), digest)).toBe(false);
      await expect(readFile(join(folder, 'package.json'))).rejects.toMatchObject({ code: 'ENOENT' });
    });
  });
});
