/** Bitstring Status List 1.0: which bit of a list is a credential's, and what it says. */
import { Problem, require } from '../errors.js';

/** What a set bit means: withdrawn for good, withdrawn for now, replaced by a newer credential. */
export const STATUS_PURPOSES = ['revocation', 'suspension', 'refresh'] as const;

export type StatusPurpose = (typeof STATUS_PURPOSES)[number];

/** Bits of every list: the least the standard allows, so that a single credential is lost in the crowd (section 6.1). */
export const LIST_BITS = 131_072;

const INDEX = /^(0|[1-9][0-9]{0,9})$/;

/**
 * @param text of `statusListIndex`, e.g. `94567`
 * @returns e.g. 94567
 * @throws Problem CREDENTIAL_STATUS_INDEX_WRONG for any other spelling (`1e3`, `-1`, ` 5`, `007`) and outside the list
 */
export function parseStatusIndex(text: string): number {
  const index = INDEX.test(text) ? Number(text) : LIST_BITS;
  require(index < LIST_BITS, 'CREDENTIAL_STATUS_INDEX_WRONG', { value: text.slice(0, 40) });
  return index;
}

/**
 * Whether a bit is set. Bits are numbered from the left of each byte (section 3.3).
 *
 * @param bits of the whole list, unpacked: {@link LIST_BITS} bits
 * @param index e.g. 94567
 * @throws Problem CREDENTIAL_STATUS_INDEX_WRONG for a bit that is not there: never read as unset
 */
export function statusBit(bits: Uint8Array, index: number): boolean {
  const byte = Number.isSafeInteger(index) && index >= 0 ? bits[index >>> 3] : undefined;
  if (byte === undefined) throw new Problem('CREDENTIAL_STATUS_INDEX_WRONG', { value: String(index) });
  return ((byte >>> (7 - (index & 7))) & 1) === 1;
}

/**
 * Sets or clears a bit in place. Throws as {@link statusBit}.
 *
 * @param bits of the whole list, unpacked
 */
export function setStatusBit(bits: Uint8Array, index: number, value: boolean): void {
  if (statusBit(bits, index) !== value) bits[index >>> 3] = (bits[index >>> 3] ?? 0) ^ (0x80 >>> (index & 7));
}
