/** The last lines of the network's logs. */
import { open, readdir } from 'node:fs/promises';
import type { NetworkFolder } from './network-folder.js';

const SUFFIX = '.log';
/** Enough for some hundred lines; logs grow for as long as a network runs. */
const READ_BYTES = 64 * 1024;

export interface LogEnd {
  /** e.g. `peer-RegulatorMSP` */
  readonly name: string;
  readonly file: string;
  readonly lines: readonly string[];
}

/**
 * @param names beginnings of processes' names, e.g. `['orderer', 'peer-RegulatorMSP']`; none for all of them
 * @param count lines of each
 */
export async function logEnds(folder: NetworkFolder, names: readonly string[], count: number): Promise<LogEnd[]> {
  const files = await readdir(folder.run).catch((): string[] => []);
  const known = files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length)).toSorted();
  const wanted = known.filter((name) => names.length === 0 || names.some((one) => name.startsWith(one)));
  return Promise.all(wanted.map(async (name) => ({ name, file: folder.logFile(name), lines: await lastLines(folder.logFile(name), count) })));
}

/** @returns the last lines of a file; none if it cannot be read */
export async function lastLines(file: string, count: number): Promise<string[]> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return [];
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, READ_BYTES);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(length), position: size - length });
    return buffer.subarray(0, bytesRead).toString('utf8').split('\n').filter((line) => line !== '').slice(-count);
  } finally {
    await handle.close();
  }
}
