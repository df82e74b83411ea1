/** Ledger identities on disk: certificate and key in one file that its owner alone can read. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LedgerIdentity } from '../ledger/ledger.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/;
const KEY = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----\n?/;

export interface StoredIdentity extends LedgerIdentity {
  /** PEM */
  readonly privateKey: string;
}

/** Writes both into one file (mode 0600) that is wholly there after a power cut, or not at all. */
export async function storeIdentity(path: string, identity: StoredIdentity): Promise<void> {
  await writeSecretFile(path, `${identity.certificate.trim()}\n${identity.privateKey.trim()}\n`);
}

/** Removes the file, and what a crash may have left of one that was being written; nothing where there is neither. */
export async function removeIdentity(path: string): Promise<void> {
  for (const one of [path, temporaryOf(path)]) await rm(one, { force: true });
}

/** @returns `undefined` where there is no such file, or no whole identity in it */
export async function loadIdentity(path: string, mspId: string): Promise<StoredIdentity | undefined> {
  const text = await readIfThere(path);
  const certificate = CERTIFICATE.exec(text ?? '')?.[0];
  const privateKey = KEY.exec(text ?? '')?.[0];
  return certificate === undefined || privateKey === undefined ? undefined : { mspId, certificate, privateKey };
}

/** Writes a small secret file, mode 0600, in folders of mode 0700; durable when this returns. */
export async function writeSecretFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = temporaryOf(path);
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

const temporaryOf = (path: string): string => `${path}.new`;

/** Makes a rename in this folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
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
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
