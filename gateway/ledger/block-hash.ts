/** Telling ledgers, and histories of one ledger, apart. */
import { Buffer } from 'node:buffer';
import type { LedgerReader } from './ledger.js';

/**
 * The header hash of one block, 64 hexadecimal digits. Block 0's tells one ledger from another.
 *
 * @throws LedgerFailure when it cannot be read
 */
export async function blockHash(reader: LedgerReader, number: bigint): Promise<string> {
  const stop = new AbortController();
  try {
    for await (const block of reader.blocks(number, stop.signal)) return Buffer.from(block.hash).toString('hex');
    throw new Error(`the ledger gave no block ${number}`);
  } finally {
    stop.abort();
  }
}
