/** What the demonstration left to try, kept beside the data so that later starts print the same guide. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Landmarks } from './story.js';

const FILE = 'demonstration.json';

/** @returns the landmarks, or `undefined` where no demonstration was told to its end */
export async function readLandmarks(folder: string): Promise<Landmarks | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, FILE), 'utf8')) as Landmarks;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Holds API keys: readable by the owner alone. Written aside and renamed, so that it is whole or absent. */
export async function writeLandmarks(folder: string, landmarks: Landmarks): Promise<void> {
  const fresh = join(folder, `${FILE}.new`);
  await writeFile(fresh, `${JSON.stringify(landmarks, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, join(folder, FILE));
}
