/** A short text by which two people can compare the organisations they trust, over a telephone if need be. */
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import type { TrustRoots } from '#domain/goods/public-item.js';

/** The one text of the roots: what is remembered, compared and hashed. */
export function trustText(trust: TrustRoots): string {
  return canonicalJson(trust as unknown as Json);
}

/**
 * @param digest SHA-256 of the UTF-8 bytes of `trustText`, in hexadecimal digits
 * @returns its first 32 digits in fours, e.g. `3f2a 91c0 …`
 */
export function fingerprintText(digest: string): string {
  return digest.slice(0, 32).replaceAll(/(.{4})(?!$)/g, '$1 ');
}
