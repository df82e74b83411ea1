/** CRC-32C (Castagnoli; RFC 3720 appendix B.4), which LevelDB puts behind each block. Node has only the other CRC-32. */

const POLYNOMIAL = 0x82f63b78;
const SLICES = 8;
const TABLE = slicingTables();
/** LevelDB stores a rotated sum, so that a sum over data that holds sums stays good (doc/log_format.md, util/crc32c.h). */
const MASK_DELTA = 0xa282ead8;

function slicingTables(): Uint32Array {
  const table = new Uint32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    table[byte] = crc;
  }
  for (let at = 256; at < table.length; at += 1) {
    const before = table[at - 256] ?? 0;
    table[at] = (before >>> 8) ^ (table[before & 255] ?? 0);
  }
  return table;
}

/** What a byte adds that is followed by so many others. */
const term = (following: number, byte: number): number => TABLE[(following << 8) + byte] ?? 0;

/** @returns the sum of all bytes, e.g. 0xe3069283 for the ASCII text `123456789` */
export function crc32c(bytes: Buffer): number {
  let crc = ~0;
  let at = 0;
  for (const end = bytes.length - 8; at <= end; at += 8) {
    const low = crc ^ bytes.readInt32LE(at);
    const high = bytes.readInt32LE(at + 4);
    crc = term(7, low & 255) ^ term(6, (low >>> 8) & 255) ^ term(5, (low >>> 16) & 255) ^ term(4, low >>> 24)
      ^ term(3, high & 255) ^ term(2, (high >>> 8) & 255) ^ term(1, (high >>> 16) & 255) ^ term(0, high >>> 24);
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ term(0, (crc ^ bytes.readUInt8(at)) & 255);
  return ~crc >>> 0;
}

/** @returns the sum as LevelDB stores it */
export function maskedCrc32c(bytes: Buffer): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
