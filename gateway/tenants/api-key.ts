/**
 * API keys: `mc_{id}_{secret}`, the id to look the key up by, the secret of 256 random bits. Only the secret's SHA-256
 * is stored: for a text nobody can guess, a slow hash would protect nothing more.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem, require } from '#domain/errors.js';
import { SERIAL_RANDOM_BYTES, serialFromRandom } from '#domain/gs1/serial-number.js';

const SECRET_BYTES = 32;
const BEARER = /^bearer +mc_([2-9A-HJ-NP-Z]{12})_([A-Za-z0-9_-]{43})$/i;

export interface NewApiKey {
  /** e.g. `7QK2M9ZD4XWA` */
  readonly id: string;
  /** what its owner is shown, once */
  readonly text: string;
  /** what is stored: 64 hexadecimal digits */
  readonly hash: string;
}

/** @param randomBytes from a cryptographic source */
export function newApiKey(randomBytes: (length: number) => Uint8Array): NewApiKey {
  const id = serialFromRandom(randomBytes(SERIAL_RANDOM_BYTES));
  const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url');
  return { id, text: `mc_${id}_${secret}`, hash: hashOf(secret).toString('hex') };
}

/**
 * @param authorization the header, e.g. `Bearer mc_7QK2M9ZD4XWA_…`
 * @throws Problem API_KEY_MISSING, API_KEY_WRONG (not of this form)
 */
export function readBearer(authorization: string | undefined): { id: string; secret: string } {
  require(authorization !== undefined && authorization !== '', 'API_KEY_MISSING');
  const [, id, secret] = BEARER.exec(authorization.slice(0, 200)) ?? [];
  if (id === undefined || secret === undefined) throw new Problem('API_KEY_WRONG');
  return { id: id.toUpperCase(), secret };
}

/** Whether a secret is the one that was hashed; takes as long for a wrong one as for the right one. */
export function isSecretOf(secret: string, hash: string): boolean {
  return timingSafeEqual(hashOf(secret), Buffer.from(hash, 'hex'));
}

/** Compared with where there is no such key, so that unknown ids take as long as wrong secrets. */
export const NO_HASH = '0'.repeat(64);

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
