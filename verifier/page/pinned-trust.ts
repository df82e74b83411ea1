/** The roots that this browser met first: trust on first use, and a change that is said aloud. */
import type { TrustRoots } from '#domain/goods/public-item.js';
import { trustText } from '../core/goods/trust-fingerprint.js';
import { readTrust } from './claimed-answer.js';

const NAME = 'minhchung.trust';

/** The part of `localStorage` that is used; some browsers inside other applications have none. */
export interface Memory {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

/** @returns `undefined` on a first visit, or where nothing can be remembered */
export function pinnedTrust(memory: Memory | undefined): TrustRoots | undefined {
  try {
    const text = memory?.getItem(NAME) ?? null;
    return text === null ? undefined : readTrust(JSON.parse(text));
  } catch {
    return undefined; // storage that is switched off throws, and text that is not ours is no memory
  }
}

/** @returns whether it will be remembered */
export function pinTrust(memory: Memory | undefined, trust: TrustRoots): boolean {
  try {
    memory?.setItem(NAME, trustText(trust));
    return memory !== undefined;
  } catch {
    return false; // full or switched off
  }
}
