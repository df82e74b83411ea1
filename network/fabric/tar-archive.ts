/**
 * Archives whose bytes depend on names and contents alone: no time, no owner, one order (POSIX ustar), and not compressed,
 * for every version of a compressor gives bytes of its own (gzip of RFC 1952 with the stored blocks of RFC 1951).
 */
import { crc32 } from 'node:zlib';

const BLOCK = 512;
const END = Buffer.alloc(2 * BLOCK);

/** Places of the fields in a header: offset and length. */
const NAME = [0, 100] as const;
const MODE = [100, 8] as const;
const OWNER = [108, 8] as const;
const GROUP = [116, 8] as const;
const SIZE = [124, 12] as const;
const TIME = [136, 12] as const;
const CHECKSUM = [148, 8] as const;
const KIND = 156;
const MAGIC = 257;

/**
 * @param files content by name, e.g. `{ 'metadata.json': bytes }`; names up to 100 bytes
 * @returns the gzipped archive, its files sorted by name
 */
export function tarGz(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const names = Object.keys(files).toSorted();
  const parts = names.flatMap((name) => {
    const content = files[name] ?? new Uint8Array();
    return [header(name, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return gzipStored(Buffer.concat([...parts, END]));
}

/** Magic number, "deflate", no flags, no time, no hint, unknown system. */
const GZIP_HEADER = Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const LONGEST_STORED_BLOCK = 0xffff;

function gzipStored(content: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at === 0 || at < content.length; at += LONGEST_STORED_BLOCK) {
    const block = content.subarray(at, at + LONGEST_STORED_BLOCK);
    const head = Buffer.alloc(5);
    head.writeUInt8(at + LONGEST_STORED_BLOCK >= content.length ? 1 : 0, 0);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(LONGEST_STORED_BLOCK - block.length, 3);
    blocks.push(head, block);
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(content), 0);
  tail.writeUInt32LE(content.length, 4);
  return Buffer.concat([GZIP_HEADER, ...blocks, tail]);
}

function header(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > NAME[1]) throw new RangeError(`name of at most ${NAME[1]} bytes expected, got ${name}`);
  bytes.write(name, NAME[0]);
  for (const [[at, length], value] of [[MODE, 0o644], [OWNER, 0], [GROUP, 0], [SIZE, size], [TIME, 0]] as const) bytes.write(octal(value, length - 1), at);
  bytes.write('0', KIND);
  bytes.write('ustar\u000000', MAGIC);
  // The sum is made as if its own field were spaces.
  bytes.fill(' ', CHECKSUM[0], CHECKSUM[0] + CHECKSUM[1]);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 6)}\u0000 `, CHECKSUM[0]);
  return bytes;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
