import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openIssuerStore, putJson } from '../../issuer/store/issuer-store.js';
import { newEnvelope, openEnvelope } from '../../issuer/store/row-seal.js';
import { rejectsWith, throwsWith } from '../support/rejects-with.js';
import { bytesOfFolder } from './folder-bytes.js';
import { temporaryStore, type TemporaryStore } from './temporary-store.js';

let files: TemporaryStore;
beforeEach(async () => {
  files = await temporaryStore();
});
afterEach(async () => files.remove());

const open = async (): Promise<unknown> => openIssuerStore({ folder: files.folder, keyFile: files.keyFile });

describe('the key file', () => {
  it('is made with the data, for its owner alone', async () => {
    expect((await stat(files.keyFile)).mode & 0o777).toBe(0o600);
    expect(await readFile(files.keyFile, 'utf8')).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
  });

  it.each([0o640, 0o604, 0o660, 0o644])('is refused with mode %o', async (mode) => {
    await files.store.close();
    await chmod(files.keyFile, mode);
    await rejectsWith(open(), 'KEY_FILE_READABLE', { file: files.keyFile, mode: mode.toString(8) });
    await chmod(files.keyFile, 0o600);
    await files.reopen();
  });

  it('is not made anew where data are that need the old one', async () => {
    const text = await readFile(files.keyFile, 'utf8');
    await files.store.close();
    await rm(files.keyFile);
    await rejectsWith(open(), 'KEY_FILE_MISSING', { file: files.keyFile });
    await expect(stat(files.keyFile)).rejects.toThrow('ENOENT');
    await writeFile(files.keyFile, text, { mode: 0o600 });
    await files.reopen();
  });

  it.each([['of other data', `${Buffer.alloc(32, 7).toString('base64url')}\n`], ['too short', 'abc\n'], ['of other characters', `${'+'.repeat(43)}\n`], ['empty', '']])('%s is refused', async (_, text) => {
    const right = await readFile(files.keyFile, 'utf8');
    await files.store.close();
    await writeFile(files.keyFile, text);
    await rejectsWith(open(), 'KEY_FILE_WRONG');
    await writeFile(files.keyFile, right);
    await files.reopen();
  });
});

describe('rows', () => {
  it('are there after a restart, and nothing of them is readable on the disk', async () => {
    await files.store.write([putJson('a/1', { secret: 'Nguyễn Thị Mây Trắng' }), putJson('a/2', 2), putJson('b/1', 3)]);
    const store = await files.reopen();
    expect(await store.json('a/1')).toEqual({ secret: 'Nguyễn Thị Mây Trắng' });
    const keys: string[] = [];
    for await (const [key] of store.rows('a/')) keys.push(key);
    expect(keys).toEqual(['a/1', 'a/2']);
    const bytes = await bytesOfFolder(files.folder);
    expect(bytes.includes(Buffer.from('a/1'))).toBe(true); // this look would find what is readable
    expect(bytes.includes(Buffer.from('Nguyễn Thị Mây'))).toBe(false);
  });

  it.each([
    ['a flipped bit', (row: Buffer) => Buffer.from(row.map((byte, at) => (at === 20 ? byte ^ 1 : byte)))],
    ['a cut row', (row: Buffer) => row.subarray(0, row.length - 1)],
    ['an empty row', () => Buffer.alloc(0)],
  ])('with %s are refused', async (_, change) => {
    await files.store.write([putJson('a/1', 'x')]);
    await onDisk(async (level) => level.put('a/1', change(await level.get('a/1'))));
    await rejectsWith(files.store.json('a/1'), 'ISSUER_DATA_DAMAGED', { row: 'a/1' });
  });

  it('are refused in another place than their own', async () => {
    await files.store.write([putJson('credential/1', 'x')]);
    await onDisk(async (level) => level.put('credential/2', await level.get('credential/1')));
    await rejectsWith(files.store.json('credential/2'), 'ISSUER_DATA_DAMAGED', { row: 'credential/2' });
  });

  it('are written whole or not at all, and never again after the store was closed', async () => {
    await files.store.close();
    await rejectsWith(files.store.write([putJson('a', 1)]), 'STORE_FAILED', { reason: 'closed' });
    await files.reopen();
  });

  it('cannot be opened by two programs at once', async () => {
    await rejectsWith(open(), 'STORE_IN_USE');
  });
});

describe('erasing', () => {
  it('leaves nothing of what was written a moment ago and stands in no table yet', async () => {
    await files.store.write([putJson('secrets/young', 'x'.repeat(200))]);
    const before = await bytesOfFolder(files.folder);
    const at = before.indexOf('secrets/young'); // behind the key in the log stands the sealed row
    const row = before.subarray(at + 'secrets/young'.length + 2, at + 'secrets/young'.length + 2 + 200);
    expect([at > 0, before.includes(row)]).toEqual([true, true]);
    await files.store.erase([{ key: 'secrets/young' }]);
    expect((await bytesOfFolder(files.folder)).includes(row)).toBe(false);
  });

  it('leaves the old bytes in no file, whether they were just written or long ago', async () => {
    const rows = async (): Promise<Buffer[]> => {
      const found: Buffer[] = [];
      await onDisk(async (level) => {
        for (const key of ['secrets/old', 'secrets/new', 'credential/changed']) found.push(await level.get(key));
      });
      return found;
    };
    await files.store.write([putJson('secrets/old', 'x'.repeat(200)), putJson('credential/changed', 'before'), ...Array.from({ length: 50 }, (_, n) => putJson(`other/${n}`, 'y'.repeat(3_000)))]);
    await files.reopen();
    await files.store.write([putJson('secrets/new', 'z'.repeat(200))]);
    const sealed = await rows();
    for (const one of sealed) expect((await bytesOfFolder(files.folder)).includes(one)).toBe(true);
    await files.store.erase([{ key: 'secrets/old' }, { key: 'secrets/new' }, putJson('credential/changed', 'after')]);
    for (const one of sealed) expect((await bytesOfFolder(files.folder)).includes(one)).toBe(false);
    expect([await files.store.json('secrets/old'), await files.store.json('credential/changed'), await files.store.json('other/7')]).toEqual([undefined, 'after', 'y'.repeat(3_000)]);
  });
});

describe('the envelope', () => {
  const key = Buffer.alloc(32, 1);

  it('opens with its own key only, and gives the same names every time', () => {
    const envelope = newEnvelope(key);
    const names = [openEnvelope(key, envelope), openEnvelope(key, envelope)].map((seal) => seal.hiddenName(['a', 'b']));
    expect(names[0]).toBe(names[1]);
    throwsWith(() => openEnvelope(Buffer.alloc(32, 2), envelope), 'KEY_FILE_WRONG');
  });

  it('hides names: not their parts, not where one part ends, and another key has others', () => {
    const seal = openEnvelope(key, newEnvelope(key));
    const names = [['ab', ''], ['a', 'b'], ['', 'ab'], ['a,b']].map((parts) => seal.hiddenName(parts));
    expect(new Set(names).size).toBe(4);
    expect(openEnvelope(key, newEnvelope(key)).hiddenName(['a', 'b'])).not.toBe(names[1]);
  });
});

/** Works on the database below the seals. */
async function onDisk(work: (level: Level<string, Buffer>) => Promise<void>): Promise<void> {
  await files.store.close();
  const level = new Level<string, Buffer>(join(files.folder, 'store'), { keyEncoding: 'utf8', valueEncoding: 'buffer' });
  await work(level);
  await level.close();
  await files.reopen();
}

it('the folder of the data has no file that others can read', async () => {
  expect((await stat(files.folder)).mode & 0o077).toBe(0);
  expect((await readdir(files.folder)).sort()).toEqual(['key-encryption-key', 'store']);
});
