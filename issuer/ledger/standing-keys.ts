/**
 * The API key with which the issuer acts for an organisation when nobody is there to ask: to finish what a crash cut
 * short, and to sign status lists anew before they run out. It is the last key that the organisation itself used with the
 * DID; it is stored sealed, and the gateway refuses it as soon as it is revoked there.
 */
import { Problem } from '#domain/errors.js';
import type { Did } from '#domain/trust/did.js';
import type { IssuerStore } from '../store/issuer-store.js';

const PREFIX = 'standing-key/';

export class StandingKeys {
  readonly #store: IssuerStore;
  readonly #keys = new Map<Did, string>();

  constructor(store: IssuerStore) {
    this.#store = store;
  }

  /** On the disk when this resolves. */
  async remember(did: Did, key: string): Promise<void> {
    if (await this.#find(did) === key) return;
    await this.#store.write([{ key: PREFIX + did, value: Buffer.from(key) }]);
    this.#keys.set(did, key);
  }

  /** @throws Problem API_KEY_MISSING where the organisation has not used the DID yet */
  async keyOf(did: Did): Promise<string> {
    const key = await this.#find(did);
    if (key === undefined) throw new Problem('API_KEY_MISSING', { did });
    return key;
  }

  async #find(did: Did): Promise<string | undefined> {
    const key = this.#keys.get(did) ?? (await this.#store.get(PREFIX + did))?.toString();
    if (key !== undefined) this.#keys.set(did, key);
    return key;
  }
}
