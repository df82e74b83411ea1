/**
 * Is the stored model whole? A short check at the start, a long one behind it.
 *
 * A flipped bit in LevelDB's journal silently drops whole batches, one in a table file changes rows or hides them.
 * Changed rows show by their seals. Dropped batches show as missing block rows: the short check walks back over as
 * many as the journal can hold. Hidden rows show by their number and the sum of all seals: the long check.
 */
import { createHash } from 'node:crypto';
import { openRow, sealOf } from '../ledger/sealed-row.js';
import { DamagedRow } from './projection.js';
import { WRITE_BUFFER_BYTES, type RowSnapshot, type RowStore } from './row-store.js';
import { BLOCK, blockKey, CHECKPOINT, INDEX, openBlock, openCheckpoint, STATE, SUM_MODULUS, type Checkpoint } from './rows.js';

/** Two journals may wait to be written out, and each change costs a little more there than here. */
const JOURNAL_BYTES = 3 * WRITE_BUFFER_BYTES;

/**
 * @returns the checkpoint, `undefined` for an empty store
 * @throws DamagedRow
 */
export async function shortCheck(store: RowStore): Promise<Checkpoint | undefined> {
  const row = store.get(CHECKPOINT);
  if (row === undefined) {
    for await (const [key] of store.rows({})) throw new DamagedRow(`${key} without a checkpoint`);
    return undefined;
  }
  const checkpoint = openCheckpoint(row);
  if (checkpoint === undefined) throw new DamagedRow('checkpoint');
  await requireRecentBlocks(store, checkpoint);
  return checkpoint;
}

async function requireRecentBlocks(store: RowStore, checkpoint: Checkpoint): Promise<void> {
  let expected = checkpoint.number;
  let bytes = 0;
  for await (const [key, row] of store.rows({ gte: BLOCK, lt: `${BLOCK}~`, reverse: true })) {
    const block = openBlock(key, row);
    if (block === undefined || key !== blockKey(expected)) throw new DamagedRow(`block ${expected}`);
    if (expected === checkpoint.number && block.hash.toString('hex') !== checkpoint.hash) throw new DamagedRow('checkpoint hash');
    bytes += block.bytesWritten + row.length;
    if (bytes > JOURNAL_BYTES) return;
    expected--;
  }
  if (expected !== -1n) throw new DamagedRow(`block ${expected}`);
}

/**
 * Reads every row. Sees one moment of the store, which may go on changing.
 *
 * @throws DamagedRow unless every row is whole and none is missing
 */
export async function fullCheck(store: RowStore, signal: AbortSignal): Promise<void> {
  const snapshot = store.snapshot();
  try {
    const counted = await count(store, snapshot, signal);
    if (signal.aborted) return;
    const { checkpoint, rows, sum, blocks } = counted;
    if (checkpoint === undefined) throw new DamagedRow('checkpoint');
    if (rows !== checkpoint.rows || sum !== checkpoint.sum) throw new DamagedRow(`${checkpoint.rows} rows expected, ${rows} found`);
    if (BigInt(blocks) !== checkpoint.number + 1n) throw new DamagedRow(`${blocks} block rows up to ${checkpoint.number}`);
  } finally {
    await snapshot.close();
  }
}

interface Counted {
  checkpoint: Checkpoint | undefined;
  rows: number;
  sum: number;
  blocks: number;
}

async function count(store: RowStore, snapshot: RowSnapshot, signal: AbortSignal): Promise<Counted> {
  const counted: Counted = { checkpoint: undefined, rows: 0, sum: 0, blocks: 0 };
  for await (const [key, row] of store.rows({ snapshot })) {
    if (signal.aborted) break;
    if (openRow(key, row) === undefined) throw new DamagedRow(key);
    if (key.startsWith(STATE) || key.startsWith(INDEX)) {
      counted.rows++;
      counted.sum = (counted.sum + sealOf(row)) % SUM_MODULUS;
    } else if (key.startsWith(BLOCK)) counted.blocks++;
    else if (key === CHECKPOINT) counted.checkpoint = openCheckpoint(row);
  }
  return counted;
}

/** SHA-256 over all rows in order, 64 hexadecimal digits: equal for models of the same blocks, however they were made. */
export async function digestOf(store: RowStore): Promise<string> {
  const hash = createHash('sha256');
  const snapshot = store.snapshot();
  const lengths = Buffer.alloc(8);
  try {
    for await (const [key, row] of store.rows({ snapshot })) {
      lengths.writeUInt32BE(Buffer.byteLength(key), 0);
      lengths.writeUInt32BE(row.length, 4);
      hash.update(lengths).update(key).update(row);
    }
  } finally {
    await snapshot.close();
  }
  return hash.digest('hex');
}
