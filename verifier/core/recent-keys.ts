import { hexOf } from './bytes.js';

/** Peers and authorities of a network are few; more keys than this are somebody's attempt to fill the memory. */
const MOST_KEYS = 256;

/** Parsed public keys by their SubjectPublicKeyInfo: the 256 that were used last. Parsing costs as much as verifying. */
export class RecentKeys<Key> {
  readonly #keys = new Map<string, Key>();

  /** The parsed key, if it is still here. */
  get(spki: Uint8Array): Key | undefined {
    const name = hexOf(spki);
    const key = this.#keys.get(name);
    if (key !== undefined) this.#moveToEnd(name, key);
    return key;
  }

  set(spki: Uint8Array, key: Key): void {
    this.#moveToEnd(hexOf(spki), key);
    if (this.#keys.size <= MOST_KEYS) return;
    const oldest = this.#keys.keys().next();
    if (oldest.done !== true) this.#keys.delete(oldest.value);
  }

  /** A Map keeps the order of insertion: the first key is then the one used longest ago. */
  #moveToEnd(name: string, key: Key): void {
    this.#keys.delete(name);
    this.#keys.set(name, key);
  }
}
