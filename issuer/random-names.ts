/** Names and numbers that nobody can guess. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { SERIAL_RANDOM_BYTES, serialFromRandom } from '#domain/gs1/serial-number.js';

/** Chance as a port, so that a test can repeat a run byte for byte. */
export interface Chance {
  /** e.g. `7QK2M9ZD4XWA`: for keys, lists, whatever stands in a path. */
  name(): string;
  /** `urn:uuid:` and a UUID of version 4. */
  urnUuid(): string;
  /** 128 bits in base64url, 22 characters. */
  token(): string;
  /** Whole, from 0 to below `limit`. */
  below(limit: number): number;
}

export const systemChance: Chance = {
  name: () => serialFromRandom(randomBytes(SERIAL_RANDOM_BYTES)),
  urnUuid: () => `urn:uuid:${randomUUID()}`,
  token: () => randomBytes(16).toString('base64url'),
  below: (limit) => randomInt(limit),
};
