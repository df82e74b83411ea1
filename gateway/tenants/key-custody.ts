/** Who keeps the keys of which organisation: the gateway, or the organisation itself. */
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { DurableStore } from '../ledger/durable-store.js';
import { openJson, putJson } from '../sealed-json.js';

/** `own`: the organisation signs by itself; `gateway`: the gateway signs for it. */
export type Keeper = 'own' | 'gateway';

const PREFIX = 'custody/';

export class KeyCustody {
  readonly #store: DurableStore;
  readonly #own: Set<OrganisationId>;

  private constructor(store: DurableStore, own: Set<OrganisationId>) {
    this.#store = store;
    this.#own = own;
  }

  /** @throws Problem TENANT_DATA_DAMAGED */
  static async open(store: DurableStore): Promise<KeyCustody> {
    const own = new Set<OrganisationId>();
    for await (const [key, row] of store.rows(PREFIX)) {
      if (openJson(key, row) === 'own') own.add(key.slice(PREFIX.length) as OrganisationId);
    }
    return new KeyCustody(store, own);
  }

  keeperOf(organisation: OrganisationId): Keeper {
    return this.#own.has(organisation) ? 'own' : 'gateway';
  }

  /** Durable when this returns. Throws STORE_FAILED. */
  async assign(organisation: OrganisationId, keeper: Keeper): Promise<void> {
    await this.#store.write([putJson(PREFIX + organisation, keeper)], true);
    if (keeper === 'own') this.#own.add(organisation);
    else this.#own.delete(organisation);
  }
}
