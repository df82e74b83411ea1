/**
 * Chance that comes from a seed: with 32 random bytes on the disk, every id and salt of ten thousand credentials is settled,
 * and a job that is cut short while it writes them down goes on to the same ones. AES-256 in counter mode under the seed,
 * a stretch of the key stream for each row (NIST SP 800-38A, 6.5).
 */
import { createCipheriv } from 'node:crypto';
import type { Chance } from '../random-names.js';

export const SEED_BYTES = 32;
const TOKEN_BYTES = 16;
/** Tokens of one row: ids, key, and a salt for everything that is disclosed; with room to spare. */
const TOKENS = 16;
const NOTHING = Buffer.alloc(TOKEN_BYTES * TOKENS);

/**
 * @param seed 32 bytes
 * @param row each has a stretch of its own
 * @returns names and numbers below a limit are not drawn for rows, so it has none
 */
export function seededChance(seed: Uint8Array, row: number): Pick<Chance, 'token' | 'urnUuid'> {
  const counter = Buffer.alloc(16);
  counter.writeUInt32BE(row, 4);
  const stream = createCipheriv('aes-256-ctr', seed, counter).update(NOTHING);
  let used = 0;
  const take = (): Buffer => {
    if (used === TOKENS) throw new RangeError('more tokens than a row has');
    used += 1;
    return stream.subarray((used - 1) * TOKEN_BYTES, used * TOKEN_BYTES);
  };
  return { token: () => take().toString('base64url'), urnUuid: () => `urn:uuid:${uuid(take())}` };
}

/** Version 4 (RFC 9562 5.4). */
function uuid(bytes: Buffer): string {
  const own = Buffer.from(bytes);
  own[6] = (own.readUInt8(6) & 0x0f) | 0x40;
  own[8] = (own.readUInt8(8) & 0x3f) | 0x80;
  const hex = own.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
