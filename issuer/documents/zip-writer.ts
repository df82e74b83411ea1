/**
 * ZIP archives written entry by entry (PKWARE APPNOTE 6.3): contents are stored as they are, for PDF is packed already.
 * Only the directory is kept in memory, some sixty bytes for each entry.
 */
import { crc32 } from 'node:zlib';
import { dayInVietNam, instantOf } from '#domain/instant.js';

export interface ZipEntry {
  /** e.g. `van-bang/0001-DH-2026-0001.pdf` */
  readonly name: string;
  readonly content: Buffer;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const MOST_ENTRIES = 0xfffe;
const MOST_BYTES = 0xfffffffe;
const VIET_NAM_MS = 7 * 3_600_000;

/**
 * @param at milliseconds since 1970: the time that every entry carries, as clocks in Viet Nam show it
 * @returns the archive, piece by piece
 * @throws RangeError for more than the classic format holds: 65,534 entries, 4 GiB
 */
export async function* zipArchive(entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>, at: number): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  const stamp = dosTime(at);
  let offset = 0;
  for await (const { name, content } of entries) {
    const facts = factsOf(content, stamp);
    const header = localHeader(Buffer.from(name), facts);
    directory.push(centralHeader(Buffer.from(name), facts, offset));
    offset += header.length + content.length;
    if (directory.length > MOST_ENTRIES || offset > MOST_BYTES) throw new RangeError('too much for one ZIP archive');
    yield header;
    yield content;
  }
  yield* directory;
  yield endRecord(directory, offset);
}

/** What local and central header have in common: version, flags, method, time, checksum, sizes; the name's length follows. */
function factsOf(content: Buffer, stamp: number): Buffer {
  const facts = Buffer.alloc(22);
  facts.writeUInt16LE(VERSION, 0);
  facts.writeUInt16LE(FLAGS, 2);
  facts.writeUInt32LE(stamp, 6);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(content.length, 14);
  facts.writeUInt32LE(content.length, 18);
  return facts;
}

function localHeader(name: Buffer, facts: Buffer): Buffer {
  const [signature, lengths] = [Buffer.alloc(4), Buffer.alloc(4)];
  signature.writeUInt32LE(LOCAL);
  lengths.writeUInt16LE(name.length);
  return Buffer.concat([signature, facts, lengths, name]);
}

function centralHeader(name: Buffer, facts: Buffer, offset: number): Buffer {
  const [signature, rest] = [Buffer.alloc(6), Buffer.alloc(18)];
  signature.writeUInt32LE(CENTRAL);
  signature.writeUInt16LE(VERSION, 4);
  rest.writeUInt16LE(name.length);
  rest.writeUInt32LE(offset, 14);
  return Buffer.concat([signature, facts, rest, name]);
}

function endRecord(directory: readonly Buffer[], offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(directory.reduce((sum, { length }) => sum + length, 0), 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** Date in the upper half, time in the lower, to two seconds. */
function dosTime(at: number): number {
  const day = dayInVietNam(instantOf(at));
  const second = Math.floor((at + VIET_NAM_MS) / 1000) % 86_400;
  const date = ((Number(day.slice(0, 4)) - 1980) << 9) | (Number(day.slice(5, 7)) << 5) | Number(day.slice(8, 10));
  const time = (Math.floor(second / 3600) << 11) | (Math.floor(second / 60) % 60 << 5) | (second % 60 >> 1);
  return (date * 0x10000) + time;
}
