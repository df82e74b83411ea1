/** All status lists of this issuer, by their names and by the slots of credentials. */
import { STATUS_PURPOSES, type StatusPurpose } from '#domain/credential/status-list.js';
import { Problem } from '#domain/errors.js';
import type { Did } from '#domain/trust/did.js';
import type { Change } from '../store/issuer-store.js';
import { listName, type ListSet, type ListSets, type Slot } from './list-sets.js';
import { StatusList, type Published, type StatusListParts, type Submit } from './status-list.js';

export interface StatusListsParts extends StatusListParts {
  readonly sets: ListSets;
}

/** A bit that changes, and what is written with it. */
export interface BitChange {
  readonly slot: Slot;
  readonly purpose: StatusPurpose;
  /** false only for a suspension that is lifted */
  readonly value: boolean;
  readonly changes: readonly Change[];
}

export class StatusLists {
  readonly #parts: StatusListsParts;
  readonly #lists = new Map<string, StatusList>();

  private constructor(parts: StatusListsParts) {
    this.#parts = parts;
  }

  /** @throws Problem ISSUER_DATA_DAMAGED */
  static async open(parts: StatusListsParts): Promise<StatusLists> {
    const lists = new StatusLists(parts);
    for (const set of parts.sets.list()) await lists.#openSet(set);
    return lists;
  }

  async #openSet({ id, did }: ListSet): Promise<void> {
    for (const purpose of STATUS_PURPOSES) {
      const name = listName(id, purpose);
      if (!this.#lists.has(name)) this.#lists.set(name, await StatusList.open({ name, did, purpose }, this.#parts));
    }
  }

  /** The address of a list, as it stands in credentials. */
  urlOf(set: string, purpose: StatusPurpose): string {
    return `${this.#parts.origin}/status/${listName(set, purpose)}`;
  }

  /** What is served of a list. Throws STATUS_LIST_UNKNOWN, also where nothing was published yet. */
  served(name: string): Published {
    const { served } = this.#list(name);
    if (served === undefined) throw unknownList(name);
    return served;
  }

  /**
   * A set with room whose lists anybody can read: what a credential points at exists before the credential does.
   *
   * @throws Problem as {@link StatusList.publish}
   */
  async ready(did: Did): Promise<void> {
    const { turns, sets } = this.#parts;
    const { id } = await turns.run(`lists of ${did}`, async () => {
      const set = await sets.withRoom(did);
      await this.#openSet(set);
      return set;
    });
    const unpublished = STATUS_PURPOSES.map((purpose) => this.#list(listName(id, purpose))).filter(({ served }) => served === undefined);
    await Promise.all(unpublished.map(async (list) => list.publish()));
  }

  /** Whether a bit is set, by what is known here. */
  bit({ set, index }: Slot, purpose: StatusPurpose): boolean {
    return this.#list(listName(set, purpose)).bit(index);
  }

  /** See {@link StatusList.set}. */
  async set({ slot, purpose, value, changes }: BitChange): Promise<void> {
    await this.#list(listName(slot.set, purpose)).set(slot.index, value, changes);
  }

  /** See {@link StatusList.setWith}. */
  async setWith({ slot, purpose, value, changes }: BitChange, submit: Submit): Promise<void> {
    await this.#list(listName(slot.set, purpose)).setWith(slot.index, value, changes, submit);
  }

  /** Publishes the list in which a slot has its bit. */
  async publishFor({ set }: Slot, purpose: StatusPurpose): Promise<void> {
    await this.publish(listName(set, purpose));
  }

  /** See {@link StatusList.publish}. */
  async publish(name: string): Promise<void> {
    await this.#list(name).publish();
  }

  /** Names of the lists that are to be published. */
  due(): readonly string[] {
    return [...this.#lists.values()].filter(({ isDue }) => isDue).map(({ identity }) => identity.name);
  }

  /** Publishes what is due of one issuer. */
  async renew(did: Did): Promise<void> {
    const due = [...this.#lists.values()].filter(({ identity, isDue }) => identity.did === did && isDue);
    await Promise.all(due.map(async (list) => list.publish()));
  }

  #list(name: string): StatusList {
    const list = this.#lists.get(name);
    if (list === undefined) throw unknownList(name);
    return list;
  }
}

function unknownList(name: string): Problem {
  return new Problem('STATUS_LIST_UNKNOWN', { list: name.slice(0, 64) });
}
