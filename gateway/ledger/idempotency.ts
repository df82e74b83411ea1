/**
 * Keys by which a request can be repeated without repeating its effect. A key belongs to a principal and to one
 * body; it is stored in the same durable batch as the transaction that it stands for.
 */
import { createHash } from 'node:crypto';
import { Problem } from '#domain/errors.js';
import type { Idempotency } from './ledger.js';

/** A checked key: where it is stored, and the body that it is bound to. */
export interface BoundKey {
  /** SHA-256 over principal and key, 64 hexadecimal digits */
  readonly id: string;
  /** SHA-256 of the body, 64 hexadecimal digits */
  readonly body: string;
}

/** What is stored for a key: the transaction that carries the request, the newest one if it was repeated. */
export interface KeyRecord {
  readonly body: string;
  readonly transaction: string;
}

/**
 * @throws Problem IDEMPOTENCY_KEY_WRONG unless the key is 1 to 255 visible ASCII characters
 */
export function bindKey({ principal, key, body }: Idempotency): BoundKey {
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw new Problem('IDEMPOTENCY_KEY_WRONG', { field: 'Idempotency-Key' });
  const id = createHash('sha256').update(`${Buffer.byteLength(principal)}:${principal}:${key}`).digest('hex');
  return { id, body: createHash('sha256').update(body).digest('hex') };
}

/** @throws Problem IDEMPOTENCY_KEY_REUSED if the key stands for another body */
export function requireSameBody(key: BoundKey, known: { readonly body: string }): void {
  if (known.body !== key.body) throw new Problem('IDEMPOTENCY_KEY_REUSED', { field: 'Idempotency-Key' });
}
