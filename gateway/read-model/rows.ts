/**
 * What the read model stores, one LevelDB, keys by first letter:
 *
 * | key | content |
 * |---|---|
 * | `s` + state key | version, time, whether attested, value |
 * | `i` + index name + NUL + index key + NUL + state key | the entry's value |
 * | `b` + block number, 12 hexadecimal digits | header hash, bytes that the block wrote |
 * | `m` | the checkpoint |
 *
 * All rows are sealed (`../ledger/sealed-row.ts`).
 */
import type { Buffer } from 'node:buffer';
import { openRow, sealJson, sealRow } from '../ledger/sealed-row.js';

export const STATE = 's';
export const INDEX = 'i';
export const BLOCK = 'b';
export const CHECKPOINT = 'm';

/** A model with rows of another form is made anew. */
export const ROW_FORMAT = 2;
/** block number and time in 6 bytes each (until the year 10889), place in the block in 4, attested or not in 1 */
const STATE_HEAD = 17;
const HASH_BYTES = 32;

/** Where in the ledger a state was written: block, place in the block, and the submitter's time. */
export interface WriteContext {
  readonly block: bigint;
  readonly index: number;
  /** milliseconds since 1970 */
  readonly time: number;
}

/** The current value of one state key. */
export interface StateRow extends WriteContext {
  readonly key: string;
  readonly value: Buffer;
  /** its hash came with it, in the collection that nobody writes without the regulator: `attested-writes.ts` */
  readonly attested: boolean;
}

export const stateKey = (key: string): string => STATE + key;
export const indexPrefix = (name: string): string => `${INDEX}${name}\0`;
export const indexRowKey = (name: string, key: string, state: string): string => `${INDEX}${name}\0${key}\0${state}`;
export const blockKey = (number: bigint): string => BLOCK + number.toString(16).padStart(12, '0');

export function sealState(rowKey: string, at: WriteContext, { value, attested }: { readonly value: Uint8Array; readonly attested: boolean }): Buffer {
  return sealRow(rowKey, STATE_HEAD + value.length, (row) => {
    row.writeUIntBE(Number(at.block), 0, 6);
    row.writeUInt32BE(at.index, 6);
    row.writeUIntBE(at.time, 10, 6);
    row.writeUInt8(attested ? 1 : 0, 16);
    row.set(value, STATE_HEAD);
  });
}

/** @returns `undefined` if the row is damaged */
export function openState(rowKey: string, row: Buffer): StateRow | undefined {
  const content = openRow(rowKey, row);
  if (content === undefined || content.length < STATE_HEAD) return undefined;
  return {
    key: rowKey.slice(STATE.length),
    block: BigInt(content.readUIntBE(0, 6)),
    index: content.readUInt32BE(6),
    time: content.readUIntBE(10, 6),
    attested: content.readUInt8(16) === 1,
    value: content.subarray(STATE_HEAD),
  };
}

export function sealBlock(rowKey: string, hash: Uint8Array, bytesWritten: number): Buffer {
  return sealRow(rowKey, HASH_BYTES + 6, (row) => {
    row.set(hash);
    row.writeUIntBE(bytesWritten, HASH_BYTES, 6);
  });
}

/** @returns `undefined` if the row is damaged */
export function openBlock(rowKey: string, row: Buffer): { hash: Buffer; bytesWritten: number } | undefined {
  const content = openRow(rowKey, row);
  if (content?.length !== HASH_BYTES + 6) return undefined;
  return { hash: content.subarray(0, HASH_BYTES), bytesWritten: content.readUIntBE(HASH_BYTES, 6) };
}

/** How far the model has come, and what it must hold if nothing is lost. Always in the batch of the rows it counts. */
export interface Checkpoint {
  /** the last block projected */
  readonly number: bigint;
  /** its header hash, hexadecimal */
  readonly hash: string;
  /** the header hash of block 0, hexadecimal */
  readonly genesis: string;
  readonly namespace: string;
  /** `ROW_FORMAT` of whoever made the rows */
  readonly rowFormat: number;
  /** the version of the indexer that made the index rows */
  readonly indexer: string;
  /** the latest time in any block so far, milliseconds since 1970; 0 before the first */
  readonly time: number;
  /** state and index rows */
  readonly rows: number;
  /** the sum of their seals, modulo 2^48: a row that is gone shows */
  readonly sum: number;
}

export const SUM_MODULUS = 2 ** 48;

export function sealCheckpoint(checkpoint: Checkpoint): Buffer {
  return sealJson(CHECKPOINT, { ...checkpoint, number: String(checkpoint.number) });
}

/** @returns `undefined` if the row is damaged */
export function openCheckpoint(row: Buffer): Checkpoint | undefined {
  const content = openRow(CHECKPOINT, row);
  if (content === undefined) return undefined;
  const stored = JSON.parse(content.toString()) as Omit<Checkpoint, 'number'> & { number: string };
  return { ...stored, number: BigInt(stored.number) };
}
