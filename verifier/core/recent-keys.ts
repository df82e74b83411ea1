import { hexOf } from './bytes.js';
import { Recent } from './recent.js';

/** Peers and authorities of a network are few; more keys than this are somebody's attempt to fill the memory. */
const MOST_KEYS = 256;

/** Parsed public keys by their SubjectPublicKeyInfo: the 256 that were used last. Parsing costs as much as verifying. */
export class RecentKeys<Key> {
  readonly #keys = new Recent<Key>(MOST_KEYS);

  /** The parsed key, if it is still here. */
  get(spki: Uint8Array): Key | undefined {
    return this.#keys.get(hexOf(spki));
  }

  set(spki: Uint8Array, key: Key): void {
    this.#keys.set(hexOf(spki), key);
  }
}
