/** A chain of blocks in a file, so that a program of its own can read it. */
import { readFile, writeFile } from 'node:fs/promises';
import type { BlockChain } from '../ledger/fabric-blocks.js';

export async function writeChain(file: string, { blocks }: BlockChain): Promise<void> {
  await writeFile(file, JSON.stringify(blocks.map((block) => block.toString('base64'))));
}

export async function readChain(file: string): Promise<Buffer[]> {
  return (JSON.parse(await readFile(file, 'utf8')) as string[]).map((block) => Buffer.from(block, 'base64'));
}
