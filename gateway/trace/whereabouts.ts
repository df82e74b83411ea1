/**
 * Where a lot is: every serial counted where its outermost carrier is, by holder, state and province. Read from the
 * index of the lot, which carries each serial's standing, so that no serial's record has to be loaded.
 */
import { DEEPEST_NESTING } from '#domain/goods/dossier.js';
import type { AsOf } from '#domain/goods/public-item.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import { organisationKey } from '#domain/registry/keys.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { ProvinceCode } from '#domain/registry/provinces.js';
import type { RecordReader } from './record-reader.js';
import { readStanding, standingOf, type Standing } from './standing.js';

/** A serial where it is. */
export interface Placed extends Omit<Standing, 'parent'> {
  readonly item: ItemKey;
  /** The outermost unit around it. */
  readonly carrier?: ItemKey;
}

/** Serials that are in the same hands, state and province. */
export interface WhereaboutsGroup {
  readonly holder: OrganisationId;
  readonly holderName: string;
  readonly state: Standing['state'];
  /** Where it left circulation or went astray; else the holder's own province. */
  readonly province: ProvinceCode | '';
  readonly hold?: NonNullable<Standing['hold']>;
  /** Who receives the shipment it is in. */
  readonly to?: OrganisationId;
  readonly count: number;
  /** How many of them are in no unit. */
  readonly loose: number;
  /** How many outermost units carry the rest, and the first hundred of these. */
  readonly carrierCount: number;
  readonly carriers: readonly { readonly item: ItemKey; readonly count: number }[];
}

export interface Whereabouts {
  readonly total: number;
  readonly groups: readonly WhereaboutsGroup[];
  readonly asOf: AsOf;
}

export interface PlacedPage {
  readonly serials: readonly Placed[];
  readonly next?: string;
}

/** Which serials to list. */
export interface PlaceFilter {
  readonly holder?: string;
  readonly state?: string;
}

const MOST_CARRIERS_SHOWN = 100;
const REMEMBERED_LOTS = 20;
/** Index rows looked through for one page of a filtered list. */
const MOST_LOOKED_THROUGH = 20_000;

export class WhereaboutsReader {
  readonly #records: RecordReader;
  readonly #known = new Map<ItemKey, Promise<Whereabouts>>();
  #knownHeight = '';

  constructor(records: RecordReader) {
    this.#records = records;
  }

  /** Counts a lot; the answer is kept until the next block. */
  async of(lot: ItemKey): Promise<Whereabouts> {
    const asOf = this.#records.asOf();
    if (asOf.height !== this.#knownHeight || this.#known.size >= REMEMBERED_LOTS) this.#known.clear();
    this.#knownHeight = asOf.height;
    const known = this.#known.get(lot);
    if (known !== undefined) return { ...await known, asOf };
    const counting = this.#count(lot, asOf);
    this.#known.set(lot, counting);
    counting.catch(() => this.#known.delete(lot));
    return counting;
  }

  /** Serials of a lot in the order of their keys, each where it is. */
  async page(lot: ItemKey, filter: PlaceFilter, request: { limit: number; after?: string }): Promise<PlacedPage> {
    const locator = new Locator(this.#records);
    const serials: Placed[] = [];
    let after = request.after;
    for (let looked = 0; serials.length < request.limit && looked < MOST_LOOKED_THROUGH;) {
      const limit = request.limit - serials.length;
      const { rows, next } = await this.#records.page('serial-of-lot', `${lot} `, { limit, ...(after === undefined ? {} : { after }) });
      const placed = rows.map((row) => locator.place(row.stateKey as ItemKey, readStanding(row.value)));
      serials.push(...placed.filter((one) => fits(one, filter)));
      if (next === undefined) return { serials };
      after = next;
      looked += rows.length;
    }
    return after === undefined ? { serials } : { serials, next: after };
  }

  async #count(lot: ItemKey, asOf: AsOf): Promise<Whereabouts> {
    const locator = new Locator(this.#records);
    const tally = new Tally();
    let total = 0;
    for await (const row of this.#records.entries('serial-of-lot', `${lot} `)) {
      tally.add(locator.place(row.stateKey as ItemKey, readStanding(row.value)));
      total++;
    }
    return { total, groups: tally.groups(this.#records), asOf };
  }
}

function fits(placed: Placed, filter: PlaceFilter): boolean {
  return (filter.holder === undefined || placed.holder === filter.holder) && (filter.state === undefined || placed.state === filter.state);
}

/** Finds the outermost unit around a thing; each unit is looked up once. */
class Locator {
  readonly #records: RecordReader;
  readonly #units = new Map<ItemKey, { readonly carrier: ItemKey; readonly standing: Standing }>();
  readonly #provinces = new Map<OrganisationId, ProvinceCode | undefined>();

  constructor(records: RecordReader) {
    this.#records = records;
  }

  place(item: ItemKey, own: Standing): Placed {
    if (own.parent === undefined) return { item, ...this.#withProvince(own) };
    const { carrier, standing } = this.#outermost(own.parent, 0);
    const hold = own.hold ?? standing.hold;
    return { item, carrier, ...this.#withProvince(standing), ...(hold === undefined ? {} : { hold }) };
  }

  #outermost(unit: ItemKey, depth: number): { carrier: ItemKey; standing: Standing } {
    const known = this.#units.get(unit);
    if (known !== undefined) return known;
    const record = this.#records.load(unit, 'unit');
    if (record === undefined) throw new Error(`a serial stands in ${unit}, which is not there`);
    const standing = standingOf(record.custody);
    const found = standing.parent === undefined || depth > DEEPEST_NESTING ? { carrier: unit, standing } : this.#outermost(standing.parent, depth + 1);
    this.#units.set(unit, found);
    return found;
  }

  #withProvince({ parent: _parent, ...standing }: Standing): Omit<Standing, 'parent'> {
    const province = standing.province ?? this.#provinceOf(standing.holder);
    return province === undefined ? standing : { ...standing, province };
  }

  #provinceOf(holder: OrganisationId): ProvinceCode | undefined {
    if (!this.#provinces.has(holder)) this.#provinces.set(holder, this.#records.load(organisationKey(holder), 'organisation')?.province);
    return this.#provinces.get(holder);
  }
}

interface Counted {
  readonly sample: Placed;
  count: number;
  loose: number;
  readonly carriers: Map<ItemKey, number>;
}

class Tally {
  readonly #counted = new Map<string, Counted>();

  add(placed: Placed): void {
    const name = `${placed.holder}\t${placed.state}\t${placed.province ?? ''}\t${placed.hold ?? ''}\t${placed.shipment ?? ''}`;
    let counted = this.#counted.get(name);
    if (counted === undefined) this.#counted.set(name, counted = { sample: placed, count: 0, loose: 0, carriers: new Map() });
    counted.count++;
    if (placed.carrier === undefined) counted.loose++;
    else counted.carriers.set(placed.carrier, (counted.carriers.get(placed.carrier) ?? 0) + 1);
  }

  /** The largest first. */
  groups(records: RecordReader): WhereaboutsGroup[] {
    const sorted = [...this.#counted].sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1));
    return sorted.map(([, counted]) => groupOf(counted, records));
  }
}

function groupOf({ sample, count, loose, carriers }: Counted, records: RecordReader): WhereaboutsGroup {
  const { holder, state, hold, shipment, province = '' } = sample;
  const to = shipment === undefined ? undefined : records.load(shipment, 'shipment')?.to;
  return {
    holder, holderName: records.load(organisationKey(holder), 'organisation')?.name ?? '', state, province,
    ...(hold === undefined ? {} : { hold }), ...(to === undefined ? {} : { to }),
    count, loose, carrierCount: carriers.size,
    carriers: [...carriers].slice(0, MOST_CARRIERS_SHOWN).map(([item, inIt]) => ({ item, count: inIt })),
  };
}

