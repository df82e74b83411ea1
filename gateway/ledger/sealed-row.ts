/**
 * Rows that know whether they are whole. LevelDB does not check what it reads, so a flipped bit on the disk comes
 * back as a wrong value. Each stored row carries a CRC-32 over its key and its content: every change of up to 32
 * neighbouring bits is found, any other with a chance of 1 in 4 billion to miss it. It guards against broken disks,
 * not against whoever may write to them: against those stand the ledger's signatures.
 */
import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';

const SEAL_BYTES = 4;

/**
 * @param key the row's key; the same content under another key has another seal
 * @param length bytes of content
 * @param fill writes the content into the first `length` bytes of the row
 * @returns the stored form
 */
export function sealRow(key: string, length: number, fill: (row: Buffer) => void): Buffer {
  const row = Buffer.allocUnsafe(length + SEAL_BYTES);
  fill(row);
  row.writeUInt32LE(crc32(row.subarray(0, length), crc32(key)), length);
  return row;
}

/** A row of JSON, sealed. */
export function sealJson(key: string, value: unknown): Buffer {
  const content = Buffer.from(JSON.stringify(value));
  return sealRow(key, content.length, (row) => row.set(content));
}

/** The content of a row, a view into it; `undefined` if the row is damaged. */
export function openRow(key: string, row: Buffer): Buffer | undefined {
  const length = row.length - SEAL_BYTES;
  if (length < 0) return undefined;
  const content = row.subarray(0, length);
  return crc32(content, crc32(key)) === row.readUInt32LE(length) ? content : undefined;
}

/** The 32 bits that seal a whole row: they change with every change of key or content. */
export function sealOf(row: Buffer): number {
  return row.readUInt32LE(row.length - SEAL_BYTES);
}
