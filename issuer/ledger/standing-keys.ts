/**
 * The API key with which the issuer acts for an organisation when nobody is there to ask: to finish what a crash cut
 * short, and to sign status lists anew before they run out. It is the last key that the organisation itself used with the
 * DID, but for one that could do less: what was begun with more is finished. It is stored sealed, and the gateway refuses
 * it as soon as it is revoked there.
 */
import { Problem } from '#domain/errors.js';
import type { Did } from '#domain/trust/did.js';
import type { Caller } from '../callers.js';
import type { IssuerStore } from '../store/issuer-store.js';

const PREFIX = 'standing-key/';
/** Scopes of the gateway by which anything is written that is finished later. */
const NEEDED = ['credentials:write', 'licences:write'];

export class StandingKeys {
  readonly #store: IssuerStore;
  readonly #scopesOf: (key: string) => Promise<readonly string[]>;
  readonly #keys = new Map<Did, string>();

  /** @param scopesOf what the gateway lets a key do; throws API_KEY_… for one that it does not take any more */
  constructor(store: IssuerStore, scopesOf: (key: string) => Promise<readonly string[]>) {
    this.#store = store;
    this.#scopesOf = scopesOf;
  }

  /** Takes the caller's key, unless the one that is kept can do more. On the disk when this resolves. */
  async remember(did: Did, { bearer, scopes }: Pick<Caller, 'bearer' | 'scopes'>): Promise<void> {
    const kept = await this.#find(did);
    if (kept === bearer || (kept !== undefined && await this.#canMore(kept, scopes))) return;
    await this.#store.write([{ key: PREFIX + did, value: Buffer.from(bearer) }]);
    this.#keys.set(did, bearer);
  }

  /** What cannot be known now is no reason to give a key up. */
  async #canMore(kept: string, scopes: readonly string[]): Promise<boolean> {
    if (NEEDED.every((scope) => scopes.includes(scope))) return false;
    try {
      const own = await this.#scopesOf(kept);
      return NEEDED.some((scope) => own.includes(scope) && !scopes.includes(scope));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return error.kind !== 'unauthorised';
    }
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
