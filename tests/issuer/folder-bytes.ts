/** Every byte below a folder, for a look at what is written down. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @param except names of files that are left out */
export async function bytesOfFolder(folder: string, except: readonly string[] = []): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile() && !except.includes(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  return Buffer.concat(await Promise.all(paths.map(async (path) => readFile(path))));
}

/** The forms in which a secret of some bytes could have been written: raw, hexadecimal, and base64 at each of its three alignments. */
export function spellings(secret: Buffer): readonly Buffer[] {
  const hex = secret.toString('hex');
  const base64 = [0, 1, 2].map((before) => Buffer.concat([Buffer.alloc(before), secret]).toString('base64').slice(before === 0 ? 0 : 4, -4));
  const texts = [hex, hex.toUpperCase(), ...base64, ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))];
  // What is left of a short secret at another alignment would be found anywhere.
  return [secret, ...texts.filter((text) => text.length >= 8).map((text) => Buffer.from(text))];
}
