/**
 * Checks what LevelDB believes unread: the sums behind index, filter and directory of each table file. A flipped bit there
 * hides any number of records at once. A flipped bit in a block of records hides some 4 KiB of neighbours, which the twins
 * of record-names.ts find; checking those blocks too would mean reading the whole store at each start.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { maskedCrc32c } from './crc32c.js';
import { liveTables } from './live-tables.js';
import { recordDamaged } from './record-seal.js';
import { VarintReader } from './varint-reader.js';

/** LevelDB doc/table_format.md: the footer, and the type and sum behind every block. */
const FOOTER_BYTES = 48;
const TRAILER_BYTES = 5;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');
/** A block ends with the places of its restarts, here one, and their number. */
const RESTARTS_BYTES = 8;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

/**
 * @param directory of a store that no process has open; one that does not exist yet has nothing to check
 * @throws Problem LEDGER_RECORD_DAMAGED with the file's name
 */
export function checkTables(directory: string): void {
  for (const number of liveTables(directory)) {
    const name = `${String(number).padStart(6, '0')}.ldb`;
    checkTable(join(directory, name), name);
  }
}

function checkTable(path: string, name: string): void {
  const descriptor = openTable(path, name);
  try {
    const size = fstatSync(descriptor).size;
    const footer = readAt(descriptor, size - FOOTER_BYTES, FOOTER_BYTES, name);
    if (!footer.subarray(-MAGIC.length).equals(MAGIC)) throw recordDamaged(name, 'footer');
    const handles = new VarintReader(footer);
    const [directory, index] = [readHandle(handles), readHandle(handles)];
    readBlock(descriptor, index, name);
    for (const filter of filtersOf(readBlock(descriptor, directory, name))) readBlock(descriptor, filter, name);
  } finally {
    closeSync(descriptor);
  }
}

function openTable(path: string, name: string): number {
  try {
    return openSync(path, 'r');
  } catch {
    throw recordDamaged(name, 'missing');
  }
}

const readHandle = (reader: VarintReader): Handle => ({ offset: reader.number(), size: reader.number() });

/** The directory holds at most one entry, name of the filter and where it stands. */
function filtersOf(directory: Buffer): Handle[] {
  const reader = new VarintReader(directory.subarray(0, -RESTARTS_BYTES));
  if (reader.atEnd) return [];
  reader.number();
  const [nameLength, handleLength] = [reader.number(), reader.number()];
  reader.bytes(nameLength);
  return [readHandle(new VarintReader(reader.bytes(handleLength)))];
}

/** @returns the block as stored; @throws Problem LEDGER_RECORD_DAMAGED if its sum is wrong */
function readBlock(descriptor: number, { offset, size }: Handle, name: string): Buffer {
  const stored = readAt(descriptor, offset, size + TRAILER_BYTES, name);
  if (maskedCrc32c(stored.subarray(0, size + 1)) !== stored.readUInt32LE(size + 1)) throw recordDamaged(name, 'checksum');
  return stored.subarray(0, size);
}

function readAt(descriptor: number, offset: number, length: number, name: string): Buffer {
  if (offset < 0 || length > fstatSync(descriptor).size) throw recordDamaged(name, 'too short');
  const bytes = Buffer.allocUnsafe(length);
  if (readSync(descriptor, bytes, 0, length, offset) !== length) throw recordDamaged(name, 'too short');
  return bytes;
}
