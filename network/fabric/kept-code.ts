/**
 * The compiled code of one version, kept beside its server's orders: when another version has been checked out, the one that is
 * approved can still be started. The packages are not kept; a link leads to those that are installed.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, realpath, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Problem } from '#domain/errors.js';
import { codeDigest, codeFiles } from './code-digest.js';

const PACKAGES = 'node_modules';
const MANIFEST = 'package.json';

/**
 * Copies every file that a program reaches, each in its place below the program's product, unless they are there.
 *
 * @param entry path of the compiled program, e.g. `/srv/minhchung/dist/network/fabric/chaincode-server.js`
 * @param digest of its code
 * @param folder where the copy is, or is made
 * @returns path of the program in the copy, e.g. `…/code/dist/network/fabric/chaincode-server.js`
 * @throws Problem FABRIC_CODE_DIFFERENT if the code is another one by now
 */
export async function keepCode(entry: string, digest: string, folder: string): Promise<string> {
  const product = productOf(entry);
  const kept = join(folder, relative(product, entry));
  if (await isKept(kept, digest)) return kept;
  const making = `${folder}.new`;
  await rm(making, { recursive: true, force: true });
  for (const name of Object.keys((await codeFiles(entry)).files)) await copyTo(making, product, join(dirname(entry), name));
  if (existsSync(join(product, MANIFEST))) await copyTo(making, product, join(product, MANIFEST));
  await symlink(join(product, PACKAGES), join(making, PACKAGES));
  const own = await codeDigest(await realpath(join(making, relative(product, entry))));
  if (own !== digest) throw new Problem('FABRIC_CODE_DIFFERENT', { approved: digest, own });
  await rm(folder, { recursive: true, force: true });
  await rename(making, folder);
  return kept;
}

/** True if this program is there and its code is that of the digest, with the packages that are installed now. */
export async function isKept(kept: string, digest: string): Promise<boolean> {
  return existsSync(kept) && await codeDigest(await realpath(kept)).catch(() => '') === digest;
}

/** The folder of the manifest that names what the program imports; its own where there is none. */
function productOf(entry: string): string {
  const own = dirname(entry);
  for (let folder = own; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, MANIFEST))) return folder;
  }
  return own;
}

async function copyTo(folder: string, product: string, file: string): Promise<void> {
  const copy = join(folder, relative(product, file));
  await mkdir(dirname(copy), { recursive: true });
  await copyFile(file, copy);
}
