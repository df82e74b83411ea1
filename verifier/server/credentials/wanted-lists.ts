/**
 * Status lists elsewhere than at the own issuer, as credentials named them. Any issuer on the register can name any
 * address: so each has its own share, the newest wish always finds room, and what was wanted longest ago goes.
 */
import type { Did } from '#domain/trust/did.js';
import type { ListEntry } from './list-entry.js';

/** Some 80 kB each: 20 MB. */
const MOST = 256;
/** Ten lists of each purpose: more than a million credentials. */
const MOST_OF_ONE = 32;

export class WantedLists {
  /** What was wanted longest ago comes first. */
  readonly #entries = new Map<string, ListEntry>();

  get(url: string): ListEntry | undefined {
    return this.#entries.get(url);
  }

  all(): readonly ListEntry[] {
    return [...this.#entries.values()];
  }

  /** @param entry the one that is there, or a new one */
  want(entry: ListEntry): void {
    if (!this.#entries.delete(entry.url)) this.#makeRoom(entry.owner);
    this.#entries.set(entry.url, entry);
  }

  drop(url: string): void {
    this.#entries.delete(url);
  }

  #makeRoom(owner: Did): void {
    const all = this.all();
    const own = all.filter((entry) => entry.owner === owner);
    if (own.length >= MOST_OF_ONE) this.#dropFirst(own);
    else if (all.length >= MOST) this.#dropFirst(all);
  }

  #dropFirst([first]: readonly ListEntry[]): void {
    if (first !== undefined) this.drop(first.url);
  }
}
