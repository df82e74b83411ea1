/** The key-encryption key: 32 bytes in a file that its owner alone can read. Everything the issuer stores hangs on it. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem, require } from '#domain/errors.js';

const KEY_BYTES = 32;
const KEY = /^[A-Za-z0-9_-]{43}\n?$/;
/** What group and others may do with the file: nothing. */
const OTHERS = 0o077;

/**
 * @param path e.g. `data/issuer/key-encryption-key`
 * @returns the 32 bytes; `undefined` where there is no file
 * @throws Problem KEY_FILE_READABLE unless the file's mode is 0600 or stricter, KEY_FILE_WRONG for another content
 */
export async function loadKeyEncryptionKey(path: string): Promise<Buffer | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const { mode } = await stat(path);
  require((mode & OTHERS) === 0, 'KEY_FILE_READABLE', { file: path, mode: (mode & 0o777).toString(8) });
  require(KEY.test(text), 'KEY_FILE_WRONG', { file: path });
  return Buffer.from(text.trim(), 'base64url');
}

/** Makes a key and its file, mode 0600, in a folder of mode 0700; on the disk when this returns. */
export async function makeKeyEncryptionKey(path: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeSynced(`${path}.new`, `${key.toString('base64url')}\n`);
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
  return key;
}

async function writeSynced(path: string, content: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename survive a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Problem('KEY_FILE_WRONG', { file: path, reason: error instanceof Error ? error.message.slice(0, 200) : 'unreadable' });
  }
}
