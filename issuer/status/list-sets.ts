/**
 * Which bit of which lists belongs to which credential. A credential has the same index in the three lists of one set
 * (revocation, suspension, refresh). Indices are drawn at random, so that a list tells nothing of the order in which
 * credentials were issued (Bitstring Status List 1.0 section 6), and never used twice: nothing that was signed with an index
 * is unmade by forgetting it.
 *
 * | key | content |
 * |---|---|
 * | `list-set/{set}` | a set |
 * | `slot/{set}/{index}` | whose index it is |
 * | `slot-run/{run}` | whose indices a run of credentials has, in their order |
 */
import { LIST_BITS, setStatusBit, statusBit, type StatusPurpose } from '#domain/credential/status-list.js';
import type { Did } from '#domain/trust/did.js';
import type { Chance } from '../random-names.js';
import { putJson, type Change, type IssuerStore } from '../store/issuer-store.js';

/** Three lists of one issuer that are filled together. */
export interface ListSet {
  /** e.g. `7QK2M9ZD4XWA` */
  readonly id: string;
  readonly did: Did;
}

export interface Slot {
  readonly set: string;
  readonly index: number;
}

/** @returns e.g. `7QK2M9ZD4XWA-revocation`: the last segment of the list's URL */
export const listName = (set: string, purpose: StatusPurpose): string => `${set}-${purpose}`;

interface OpenSet extends ListSet {
  /** A bit for each index that belongs to a credential. */
  readonly taken: Uint8Array;
  count: number;
}

const SETS = 'list-set/';
const SLOTS = 'slot/';
const RUNS = 'slot-run/';

export class ListSets {
  readonly #store: IssuerStore;
  readonly #chance: Chance;
  readonly #capacity: number;
  readonly #sets: OpenSet[];

  private constructor(store: IssuerStore, chance: Chance, capacity: number, sets: OpenSet[]) {
    this.#store = store;
    this.#chance = chance;
    this.#capacity = capacity;
    this.#sets = sets;
  }

  /**
   * @param capacity credentials in one set, at most seven eighths of {@link LIST_BITS}: a free index is then found in a few draws
   * @throws Problem ISSUER_DATA_DAMAGED
   */
  static async open(store: IssuerStore, chance: Chance, capacity: number): Promise<ListSets> {
    const sets: OpenSet[] = [];
    for await (const [, row] of store.rows(SETS)) {
      const set: OpenSet = { ...JSON.parse(row.toString()) as ListSet, taken: new Uint8Array(LIST_BITS / 8), count: 0 };
      for await (const [key] of store.rows(`${SLOTS}${set.id}/`)) take(set, Number(key.slice(key.lastIndexOf('/') + 1)));
      sets.push(set);
    }
    const byId = new Map(sets.map((set) => [set.id, set]));
    for await (const [, run] of store.rows(RUNS)) {
      for (const { set, index } of slotsOf(JSON.parse(run.toString()) as Stretch[])) {
        const known = byId.get(set);
        if (known !== undefined) take(known, index);
      }
    }
    return new ListSets(store, chance, Math.min(capacity, LIST_BITS / 8 * 7), sets);
  }

  /** The sets of one issuer, oldest first, or of all. */
  list(did?: Did): readonly ListSet[] {
    return this.#sets.filter((set) => did === undefined || set.did === did);
  }

  /** A set with room for one more credential; a new one where there is none. */
  async withRoom(did: Did): Promise<ListSet> {
    return this.#roomy(did) ?? this.#addSet(did);
  }

  #roomy(did: Did): OpenSet | undefined {
    return this.#sets.find((set) => set.did === did && set.count < this.#capacity);
  }

  async #addSet(did: Did): Promise<ListSet> {
    const set: ListSet = { id: this.#chance.name(), did };
    await this.#store.write([putJson(SETS + set.id, set)]);
    this.#sets.push({ ...set, taken: new Uint8Array(LIST_BITS / 8), count: 0 });
    return set;
  }

  /**
   * Draws a free index. It is this caller's from now on; if the row is never written, it is nobody's until a restart.
   *
   * @returns `undefined` where no set has room: {@link withRoom} makes one
   */
  draw(did: Did): Slot | undefined {
    const set = this.#roomy(did);
    if (set === undefined) return undefined;
    let index = this.#chance.below(LIST_BITS);
    while (statusBit(set.taken, index)) index = this.#chance.below(LIST_BITS);
    take(set, index);
    return { set: set.id, index };
  }

  /** Gives an index back whose row was not written and will not be. */
  release({ set: id, index }: Slot): void {
    const set = this.#sets.find((one) => one.id === id);
    if (set === undefined) return;
    setStatusBit(set.taken, index, false);
    set.count--;
  }

  /** The row that makes a slot a credential's: to be written in one batch with the credential. */
  claiming({ set, index }: Slot, credential: string): Change {
    return putJson(`${SLOTS}${set}/${String(index).padStart(6, '0')}`, credential);
  }

  /**
   * The row that makes slots those of a run of credentials.
   *
   * @param run names the run; no two ever have one name
   */
  claimingRun(slots: readonly Slot[], run: string): Change {
    const stretches: [string, number[]][] = [];
    for (const { set, index } of slots) {
      const last = stretches.at(-1);
      if (last?.[0] === set) last[1].push(index);
      else stretches.push([set, [index]]);
    }
    return putJson(RUNS + run, stretches satisfies Stretch[]);
  }

  /** The slots of a run, in the order in which they were claimed; none, where it was given back. */
  async run(run: string): Promise<Slot[]> {
    return slotsOf(await this.#store.json(RUNS + run) as Stretch[] | undefined ?? []);
  }

  /** Gives back a run with no slot of which anything was signed. On the disk when it resolves; repeated, it is done. */
  async giveBack(run: string): Promise<void> {
    const slots = await this.run(run);
    await this.#store.write([{ key: RUNS + run }]);
    for (const slot of slots) this.release(slot);
  }
}

/** Indices one after the other in one set. */
type Stretch = readonly [string, readonly number[]];

function slotsOf(stretches: readonly Stretch[]): Slot[] {
  return stretches.flatMap(([set, indices]) => indices.map((index) => ({ set, index })));
}

function take(set: OpenSet, index: number): void {
  setStatusBit(set.taken, index, true);
  set.count++;
}
