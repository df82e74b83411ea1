/** Whether an event is one that a query asks for (EPCIS 2.0 section 8.2.7.1), decided on the record, before it is written out. */
import type { Action } from '#domain/epcis/epcis-event.js';
import { patternOf } from '#domain/epcis/event-json.js';
import type { EventRecord } from '#domain/epcis/event-record.js';
import type { StepPattern } from '#domain/epcis/step-table.js';
import type { BizStep, Disposition } from '#domain/epcis/vocabulary.js';
import { parseItemKey, type ItemKey } from '#domain/gs1/item-key.js';
import type { Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { ProvinceCode } from '#domain/registry/provinces.js';

/** Where in an event the goods of a `MATCH_…` parameter are looked for. */
export type GoodsPart = 'epc' | 'parentID' | 'inputEPC' | 'outputEPC' | 'anyEPC' | 'epcClass' | 'inputEPCClass' | 'outputEPCClass' | 'anyEPCClass';

/** All that are present must hold; of the values of one, any. */
export interface EventFilter {
  /** of the standard's five; two of them no event here has */
  readonly types?: readonly string[];
  readonly actions?: readonly Action[];
  readonly bizSteps?: readonly BizStep[];
  readonly dispositions?: readonly Disposition[];
  readonly set?: readonly Disposition[];
  readonly unset?: readonly Disposition[];
  readonly happenedFrom?: Instant;
  readonly happenedBefore?: Instant;
  readonly recordedFrom?: Instant;
  readonly recordedBefore?: Instant;
  /** `undefined` in a list is a value that no event here has. */
  readonly readPoints?: readonly (ProvinceCode | undefined)[];
  readonly bizLocations?: readonly (ProvinceCode | undefined)[];
  readonly shipments?: readonly ({ readonly from: OrganisationId; readonly number: string } | undefined)[];
  readonly sources?: readonly (OrganisationId | undefined)[];
  readonly destinations?: readonly (OrganisationId | undefined)[];
  readonly goods: readonly { readonly part: GoodsPart; readonly keys: ReadonlySet<ItemKey> }[];
  /** Asked for something that no event here has. */
  readonly nothing?: boolean;
}

/** @returns a test of one record */
export function matches(filter: EventFilter): (record: EventRecord) => boolean {
  return (record) => {
    const pattern = patternOf(record);
    return filter.nothing !== true && matchesWords(filter, pattern) && matchesTimes(filter, record)
      && matchesPlaces(filter, record, pattern) && matchesHandOver(filter, record) && matchesGoods(filter, record, pattern);
  };
}

function among<T>(wanted: readonly T[] | undefined, value: T): boolean {
  return wanted === undefined || (value !== undefined && wanted.includes(value));
}

function matchesWords(filter: EventFilter, { type, action, bizStep, disposition, persistent }: StepPattern): boolean {
  const set = persistent !== undefined && 'set' in persistent ? persistent.set : undefined;
  const unset = persistent !== undefined && 'unset' in persistent ? persistent.unset : undefined;
  return among(filter.types, type) && among<Action | undefined>(filter.actions, action) && among(filter.bizSteps, bizStep)
    && among(filter.dispositions, disposition) && among<Disposition | undefined>(filter.set, set) && among<Disposition | undefined>(filter.unset, unset);
}

/** From the first, up to and without the second. */
function within(value: Instant, from: Instant | undefined, before: Instant | undefined): boolean {
  return (from === undefined || value >= from) && (before === undefined || value < before);
}

function matchesTimes(filter: EventFilter, { happenedAt, recordedAt }: EventRecord): boolean {
  return within(happenedAt, filter.happenedFrom, filter.happenedBefore) && within(recordedAt, filter.recordedFrom, filter.recordedBefore);
}

function matchesPlaces({ readPoints, bizLocations }: EventFilter, { province }: EventRecord, { stays }: StepPattern): boolean {
  return among<ProvinceCode | undefined>(readPoints, province) && among<ProvinceCode | undefined>(bizLocations, stays ? province : undefined);
}

function matchesHandOver({ shipments, sources, destinations }: EventFilter, { from, to, shipment }: EventRecord): boolean {
  const named = shipments === undefined || shipments.some((one) => one !== undefined && one.from === from && one.number === shipment);
  return named && among<OrganisationId | undefined>(sources, from) && among<OrganisationId | undefined>(destinations, to);
}

function matchesGoods({ goods }: EventFilter, record: EventRecord, pattern: StepPattern): boolean {
  if (goods.length === 0) return true;
  const stated = goodsOf(record, pattern);
  return goods.every(({ part, keys }) => PLACES[part].some((place) => stated[place]?.some((key) => keys.has(key)) === true));
}

type Place = 'items' | 'parent' | 'input' | 'output' | 'lots' | 'inputLot';

/** The members of an event that each parameter looks into. */
const PLACES: Readonly<Record<GoodsPart, readonly Place[]>> = {
  epc: ['items'],
  parentID: ['parent'],
  inputEPC: ['input'],
  outputEPC: ['output'],
  anyEPC: ['items', 'parent', 'input', 'output'],
  epcClass: ['lots'],
  inputEPCClass: ['inputLot'],
  // Containers come out of a division, never a class of goods.
  outputEPCClass: [],
  anyEPCClass: ['lots', 'inputLot'],
};

function goodsOf({ items, unit, source }: EventRecord, { goods }: StepPattern): Partial<Record<Place, readonly ItemKey[]>> {
  switch (goods) {
    case 'epcList': return { items };
    case 'childEPCs': return { items, ...(unit === undefined ? {} : { parent: [unit] }) };
    case 'quantityList': return { lots: items };
    case 'transformation': return { output: items, ...inputOf(source) };
    default: return goods satisfies never;
  }
}

function inputOf(source: ItemKey | undefined): Partial<Record<Place, readonly ItemKey[]>> {
  if (source === undefined) return {};
  return parseItemKey(source).kind === 'lot' ? { inputLot: [source] } : { input: [source] };
}
