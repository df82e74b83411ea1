/** Files on their way: a body is written to the disk as it comes, so that no upload is held in memory. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { require } from '#domain/errors.js';
import { isJobId } from '../jobs/job-id.js';

export interface SpooledFile {
  readonly bytes: number;
  /** SHA-256, hexadecimal */
  readonly digest: string;
}

/**
 * Writes a body to a new file and on to the disk; leaves nothing behind if it is refused.
 *
 * @throws Problem IMPORT_FILE_TOO_LARGE
 */
export async function spool(body: AsyncIterable<Buffer>, path: string, mostBytes: number): Promise<SpooledFile> {
  const file = await open(path, 'wx', 0o600);
  try {
    return await write(body, file, mostBytes);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function write(body: AsyncIterable<Buffer>, file: FileHandle, mostBytes: number): Promise<SpooledFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    require(bytes <= mostBytes, 'IMPORT_FILE_TOO_LARGE', { most: String(mostBytes) });
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  await file.sync();
  return { bytes, digest: hash.digest('hex') };
}

/** Makes the folder, readable by its owner alone. */
export async function makeSpool(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}

/** Makes sure that the folder knows its files after a power cut. */
export async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, 'r');
  await folder.sync();
  await folder.close();
}

/** Removes what belongs to none of these jobs: uploads that were broken off, files of jobs that have ended. */
export async function removeOthers(directory: string, jobs: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(directory)) {
    const id = name.replace(/\.csv$/, '');
    if (isJobId(id) && !jobs.has(id)) await rm(join(directory, name), { force: true });
  }
}
