/** The DIDs held here: all in memory, each change on the disk before it counts. */
import { Problem, require } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { parseDid, type Did } from '#domain/trust/did.js';
import { putJson, type IssuerStore } from '../store/issuer-store.js';
import { activeKey, type HeldDid, type HeldKey } from './held-did.js';

const PREFIX = 'did/';

export class DidRows {
  readonly #store: IssuerStore;
  readonly #held: Map<Did, HeldDid>;

  private constructor(store: IssuerStore, held: Map<Did, HeldDid>) {
    this.#store = store;
    this.#held = held;
  }

  /** @throws Problem ISSUER_DATA_DAMAGED */
  static async open(store: IssuerStore): Promise<DidRows> {
    const held = new Map<Did, HeldDid>();
    for await (const [, row] of store.rows(PREFIX)) {
      const one = JSON.parse(row.toString()) as HeldDid;
      held.set(one.did, one);
    }
    return new DidRows(store, held);
  }

  find(did: string): HeldDid | undefined {
    return this.#held.get(did as Did);
  }

  /** @throws Problem DID_MALFORMED, DID_METHOD_NOT_ALLOWED, DID_NOT_HERE */
  known(did: string): HeldDid {
    const held = this.find(parseDid(did));
    if (held === undefined) throw new Problem('DID_NOT_HERE', { did: did.slice(0, 80) });
    return held;
  }

  /** The key that signs for a DID now. Throws DID_NOT_HERE, DID_NOT_YET_REGISTERED, DID_WITHOUT_KEY. */
  signingKey(did: string): HeldKey {
    const held = this.known(did);
    require(held.state === 'registered', 'DID_NOT_YET_REGISTERED', { did });
    const key = activeKey(held);
    if (key === undefined) throw new Problem('DID_WITHOUT_KEY', { did });
    return key;
  }

  /** @param organisation `undefined` for all */
  list(organisation?: OrganisationId): HeldDid[] {
    return [...this.#held.values()].filter((held) => organisation === undefined || held.organisation === organisation);
  }

  async save(held: HeldDid): Promise<HeldDid> {
    await this.#store.write([putJson(PREFIX + held.did, held)]);
    this.#held.set(held.did, held);
    return held;
  }
}
