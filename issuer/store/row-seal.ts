/**
 * Envelope encryption of everything the issuer stores. The key-encryption key opens one small envelope, in it lies the
 * data key, and under the data key each row is sealed with AES-256-GCM together with the name it is stored under: what
 * is read from the disk is whole, is ours and stands in its own place, or it is refused.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Problem } from '#domain/errors.js';
import { freshNonce, NONCE_BYTES } from './fresh-nonce.js';

const KEY_BYTES = 32;
const TAG_BYTES = 16;
const ENVELOPE = 'issuer data key v1';

/** @returns nonce ‖ ciphertext ‖ tag */
export function seal(key: Buffer, content: Uint8Array, bound: string): Buffer {
  const nonce = freshNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(bound));
  const sealed = cipher.update(content);
  cipher.final();
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
}

/** @returns `undefined` if it was sealed under another key, bound to another name, or changed since */
export function unseal(key: Buffer, sealed: Uint8Array, bound: string): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const end = sealed.length - TAG_BYTES;
  const opening = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(bound)).setAuthTag(sealed.subarray(end));
  const content = opening.update(sealed.subarray(NONCE_BYTES, end));
  try {
    opening.final();
    return content;
  } catch {
    return undefined; // Node has one error for a wrong tag, and it says nothing more
  }
}

/** Seals rows, and makes names for what must not be named. */
export class RowSeal {
  readonly #rows: Buffer;
  readonly #names: Buffer;

  constructor(dataKey: Buffer) {
    this.#rows = derive(dataKey, 'rows');
    this.#names = derive(dataKey, 'names');
  }

  seal(name: string, content: Uint8Array): Buffer {
    return seal(this.#rows, content, name);
  }

  /** @throws Problem ISSUER_DATA_DAMAGED */
  open(name: string, row: Uint8Array): Buffer {
    const content = unseal(this.#rows, row, name);
    if (content === undefined) throw new Problem('ISSUER_DATA_DAMAGED', { row: name.slice(0, 80) });
    return content;
  }

  /**
   * A name that says nothing to whoever lacks the key, not even by guessing (HMAC-SHA-256).
   *
   * @param parts e.g. `['did:web:…', 'DiplomaCredential', '…']`; where one ends and the next begins is part of the name
   * @returns 43 characters of base64url
   */
  hiddenName(parts: readonly string[]): string {
    return createHmac('sha256', this.#names).update(JSON.stringify(parts)).digest('base64url');
  }
}

function derive(dataKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', dataKey, '', `minhchung issuer ${purpose} v1`, KEY_BYTES));
}

/** A fresh data key in its envelope. */
export function newEnvelope(keyEncryptionKey: Buffer): Buffer {
  return seal(keyEncryptionKey, randomBytes(KEY_BYTES), ENVELOPE);
}

/** @throws Problem KEY_FILE_WRONG where the envelope was made with another key */
export function openEnvelope(keyEncryptionKey: Buffer, envelope: Uint8Array): RowSeal {
  const dataKey = unseal(keyEncryptionKey, envelope, ENVELOPE);
  if (dataKey === undefined) throw new Problem('KEY_FILE_WRONG', { reason: 'made for other data' });
  return new RowSeal(dataKey);
}
