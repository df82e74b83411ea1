/**
 * ZIP archives from strangers (PKWARE APPNOTE 6.3): what the directory says is added up before anything is inflated, and
 * nothing may inflate to more than it says.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { Problem, require } from '#domain/errors.js';

export interface ZipLimits {
  /** entries of the directory, read or not */
  readonly entries: number;
  /** bytes of all entries that are read together, inflated */
  readonly inflated: number;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** of the local header */
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
/** Of the general purpose flags: encrypted, patched, strongly encrypted, masked. */
const UNREADABLE_FLAGS = 0x2061;

/** An archive of which single entries are read; everything read together is bounded. */
export class ZipArchive {
  readonly #bytes: Buffer;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #most: number;
  #read = 0;

  /** @throws Problem BATCH_SPREADSHEET_BROKEN (field `reason`), BATCH_SPREADSHEET_TOO_LARGE */
  constructor(bytes: Buffer, limits: ZipLimits) {
    const entries = directoryOf(bytes, limits.entries);
    this.#bytes = bytes;
    this.#most = limits.inflated;
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    requireSound(this.#entries.size === entries.length, 'an entry stands there twice');
  }

  /**
   * @param name e.g. `xl/workbook.xml`
   * @returns the entry's content, or `undefined`
   * @throws Problem BATCH_SPREADSHEET_BROKEN, BATCH_SPREADSHEET_TOO_LARGE (fields `most`, `stated`)
   */
  read(name: string): Buffer | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    this.#read += entry.size;
    require(this.#read <= this.#most, 'BATCH_SPREADSHEET_TOO_LARGE', { most: String(this.#most), stated: String(this.#read) });
    return contentOf(this.#bytes, entry);
  }
}

const broken = (reason: string): Problem => new Problem('BATCH_SPREADSHEET_BROKEN', { reason });

function requireSound(condition: boolean, reason: string): asserts condition {
  if (!condition) throw broken(reason);
}

function directoryOf(bytes: Buffer, mostEntries: number): Entry[] {
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  requireSound(bytes.readUInt32LE(end + 4) === 0 && bytes.readUInt16LE(end + 8) === count, 'several disks');
  requireSound(count !== 0xffff && bytes.readUInt32LE(end + 16) !== 0xffffffff, 'zip64');
  require(count <= mostEntries, 'BATCH_SPREADSHEET_TOO_LARGE', { most: String(mostEntries), entries: String(count) });
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    requireSound(at + 46 <= end && bytes.readUInt32LE(at) === CENTRAL, 'directory');
    entries.push(entryAt(bytes, at));
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** Where the end of the directory is recorded: behind it, only a comment of the stated length. */
function endOf(bytes: Buffer): number {
  for (let at = bytes.length - END_BYTES; at >= Math.max(0, bytes.length - END_BYTES - LONGEST_COMMENT); at -= 1) {
    if (bytes.readUInt32LE(at) === END && at + END_BYTES + bytes.readUInt16LE(at + 20) === bytes.length) return at;
  }
  throw broken('no directory');
}

function entryAt(bytes: Buffer, at: number): Entry {
  requireSound((bytes.readUInt16LE(at + 8) & UNREADABLE_FLAGS) === 0, 'encrypted');
  return {
    name: bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28)),
    method: bytes.readUInt16LE(at + 10), crc: bytes.readUInt32LE(at + 16), packed: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24), offset: bytes.readUInt32LE(at + 42),
  };
}

function contentOf(bytes: Buffer, entry: Entry): Buffer {
  const { offset } = entry;
  requireSound(offset + 30 <= bytes.length && bytes.readUInt32LE(offset) === LOCAL, 'entry');
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  requireSound(start + entry.packed <= bytes.length, 'entry cut off');
  const content = unpacked(bytes.subarray(start, start + entry.packed), entry);
  requireSound(content.length === entry.size && crc32(content) === entry.crc, 'checksum');
  return content;
}

function unpacked(packed: Buffer, { method, size }: Entry): Buffer {
  if (method === STORED) return packed;
  requireSound(method === DEFLATED, 'compression');
  try {
    // Zlib takes no limit of 0; what an empty entry inflates to is measured behind.
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    if (error instanceof RangeError) throw new Problem('BATCH_SPREADSHEET_TOO_LARGE', { most: String(size), reason: 'inflates to more than it states' });
    throw broken('deflate');
  }
}
