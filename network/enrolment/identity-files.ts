/** Identities on disk: `certificate.pem` and `key.pem` in one directory per member, readable by the owner alone. */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Identity } from './identity.js';

const CERTIFICATE_FILE = 'certificate.pem';
const KEY_FILE = 'key.pem';

/**
 * Writes certificate and key (mode 0600) so that a crash leaves either both or none that `loadIdentity` would read.
 *
 * @param directory is made (mode 0700) if it is missing
 */
export async function storeIdentity(directory: string, identity: Identity): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeDurably(join(directory, KEY_FILE), identity.privateKeyPem);
  await writeDurably(join(directory, CERTIFICATE_FILE), identity.certificatePem);
}

/**
 * @param directory as given to `storeIdentity`
 * @param mspId the organisation, e.g. `RegulatorMSP`; the files do not name it
 * @returns the identity, or `undefined` if no complete one is there
 */
export async function loadIdentity(directory: string, mspId: string): Promise<Identity | undefined> {
  const certificatePem = await readIfThere(join(directory, CERTIFICATE_FILE));
  const privateKeyPem = certificatePem === undefined ? undefined : await readIfThere(join(directory, KEY_FILE));
  return certificatePem === undefined || privateKeyPem === undefined ? undefined : { mspId, certificatePem, privateKeyPem };
}

/** Writes a small secret file (mode 0600) so that it is wholly there after a power cut, or not at all. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncDirectory(join(path, '..'));
}

/** Makes the names in a directory durable: a file that is synced may still lose its name in a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
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
