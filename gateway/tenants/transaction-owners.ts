/** Whose transaction it was: what became of it is told to nobody else. */
import { dayInVietNam, addDays, instantOf, type Day } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Clock } from '../ledger/clock.js';
import type { DurableStore } from '../ledger/durable-store.js';
import { getJson, openJson, putJson } from '../sealed-json.js';

interface Owned {
  readonly organisation: OrganisationId;
  readonly day: Day;
}

const PREFIX = 'transaction/';
/** As long as the outbox keeps outcomes, and a day more. */
const KEPT_DAYS = 8;

export class TransactionOwners {
  readonly #store: DurableStore;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(store: DurableStore, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#clock = clock;
  }

  /** @param durable for a transaction whose outcome its owner has not been told */
  async note(transactionId: string, organisation: OrganisationId, durable: boolean): Promise<void> {
    const owned: Owned = { organisation, day: this.#today() };
    await this.#store.write([putJson(PREFIX + transactionId, owned)], durable);
  }

  async ownerOf(transactionId: string): Promise<OrganisationId | undefined> {
    return (await getJson(this.#store, PREFIX + transactionId) as Owned | undefined)?.organisation;
  }

  /** Removes what is older than any outcome. */
  async forgetOld(): Promise<void> {
    const oldest = addDays(this.#today(), -KEPT_DAYS);
    const old: { key: string }[] = [];
    for await (const [key, row] of this.#store.rows(PREFIX)) {
      if ((openJson(key, row) as Owned).day < oldest) old.push({ key });
    }
    if (old.length > 0) await this.#store.write(old, false);
  }

  #today(): Day {
    return dayInVietNam(instantOf(this.#clock.now()));
  }
}
