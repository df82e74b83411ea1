/** What the ledger keeps of a happening → the EPCIS 2.0 event that others read. */
import type { Json } from '../canonical-json.js';
import { parseItemKey, partyKey, type Gln, type ItemKey, type Lot } from '../gs1/item-key.js';
import { formatKilograms, parseMilligrams } from '../quantity/mass.js';
import type { OrganisationId } from '../registry/organisation.js';
import type { EpcisEvent, QuantityElement } from './epcis-event.js';
import { epcUri } from './epc.js';
import { MASTER_DATA_PREFIX } from './event-hash.js';
import type { EventRecord, ItemMass } from './event-record.js';
import { EXTENSION_NAMESPACE, EXTENSION_PREFIX, eventUri, organisationUri, provinceUri, shipmentUri, type EventPlace } from './own-uris.js';
import { DRAWN_EMPTY, STEP_PATTERNS, type StepPattern } from './step-table.js';

/** The `@context` of every document we write. */
export const EPCIS_CONTEXT: Json = [
  'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  { [EXTENSION_PREFIX]: EXTENSION_NAMESPACE },
];

/** Viet Nam keeps it all year, and every province of the ledger is there. */
const LOCAL_OFFSET = '+07:00';

/** Knowledge from outside the event. */
export interface Surroundings {
  /** The GLN of an organisation, where it has one; without it the organisation is named by a URI of our own. */
  readonly glnOf?: (organisation: OrganisationId) => Gln | undefined;
  /** The lot of a serial: commissioning tells it as master data, and the happening itself does not hold it. */
  readonly lotOf?: (serial: ItemKey) => Lot | undefined;
}

/**
 * @param record what stands on the ledger
 * @param place where it stands; becomes the `eventID`, so that all copies of the ledger name the event alike
 * @returns an event valid under the EPCIS 2.0 JSON schema; what EPCIS has no word for stands in `minhchung:` members
 */
export function epcisEventOf(record: EventRecord, place: EventPlace, around: Surroundings = {}): EpcisEvent {
  const pattern = patternOf(record);
  const here = { id: provinceUri(record.province) };
  return {
    type: pattern.type,
    eventID: eventUri(place),
    eventTime: record.happenedAt,
    eventTimeZoneOffset: LOCAL_OFFSET,
    recordTime: record.recordedAt,
    ...goodsOf(record, pattern),
    ...(pattern.action === undefined ? {} : { action: pattern.action }),
    bizStep: pattern.bizStep,
    disposition: pattern.disposition,
    ...persistentOf(pattern),
    readPoint: here,
    ...(pattern.stays ? { bizLocation: here } : {}),
    ...handOverOf(record, around),
    ...masterDataOf(record, around),
    ...extensionOf(record),
  };
}

/** How a happening is said: by its step, and for a container by whether anything is left in it. */
export function patternOf(record: EventRecord): StepPattern {
  const pattern = STEP_PATTERNS[record.step];
  const empty = record.step === 'draw' && record.masses?.every(({ mass }) => mass === '0') === true;
  return empty ? { ...pattern, ...DRAWN_EMPTY } : pattern;
}

function goodsOf(record: EventRecord, { goods }: StepPattern): Partial<EpcisEvent> {
  switch (goods) {
    case 'epcList': return { epcList: record.items.map(epcUri) };
    case 'quantityList': return { quantityList: record.items.map((item) => quantityOf(item, massOf(record, item))) };
    case 'childEPCs': return { ...(record.unit === undefined ? {} : { parentID: epcUri(record.unit) }), childEPCs: record.items.map(epcUri) };
    case 'transformation': return { ...inputOf(record), outputEPCList: record.items.map(epcUri) };
    default: return goods satisfies never;
  }
}

function massOf(record: EventRecord, item: ItemKey): bigint | undefined {
  const stated = record.masses?.find((one) => one.item === item);
  return stated === undefined ? undefined : parseMilligrams(stated.mass);
}

/** What went into the parts and the loss: a lot by mass, a container by its own identity. */
function inputOf(record: EventRecord): Partial<EpcisEvent> {
  const { source } = record;
  if (source === undefined) return {};
  if (parseItemKey(source).kind !== 'lot') return { inputEPCList: [epcUri(source)] };
  const parts = (record.masses ?? []).filter((one) => one.item !== source).map((one) => parseMilligrams(one.mass));
  const taken = parts.reduce((sum, mass) => sum + mass, parseMilligrams(record.loss ?? '0'));
  return { inputQuantityList: [quantityOf(source, taken)] };
}

/** A JSON number holds 15 digits; a longer mass stands in `minhchung:masses` alone. */
function quantityOf(item: ItemKey, mass: bigint | undefined): QuantityElement {
  const epcClass = epcUri(item);
  if (mass === undefined) return { epcClass };
  const text = formatKilograms(mass);
  const quantity = Number(text);
  return String(quantity) === text ? { epcClass, quantity, uom: 'KGM' } : { epcClass };
}

function persistentOf({ persistent }: StepPattern): Partial<EpcisEvent> {
  if (persistent === undefined) return {};
  return { persistentDisposition: 'set' in persistent ? { set: [persistent.set] } : { unset: [persistent.unset] } };
}

/** From whom to whom, under which despatch advice. The ledger knows who has the goods, so parties are possessors. */
function handOverOf(record: EventRecord, around: Surroundings): Partial<EpcisEvent> {
  const { from, to, shipment } = record;
  return {
    ...(from === undefined || shipment === undefined ? {} : { bizTransactionList: [{ type: 'desadv', bizTransaction: shipmentUri(from, shipment) }] }),
    ...(from === undefined ? {} : { sourceList: [{ type: 'possessing_party', source: partyUri(from, around) }] }),
    ...(to === undefined ? {} : { destinationList: [{ type: 'possessing_party', destination: partyUri(to, around) }] }),
  };
}

/** All serials of one commissioning are of one lot. */
function masterDataOf({ step, items: [first] }: EventRecord, { lotOf }: Surroundings): Partial<EpcisEvent> {
  const lot = step === 'commission' && first !== undefined ? lotOf?.(first) : undefined;
  return lot === undefined ? {} : { ilmd: { [`${MASTER_DATA_PREFIX}:lotNumber`]: lot } };
}

function partyUri(organisation: OrganisationId, { glnOf }: Surroundings): string {
  const gln = glnOf?.(organisation);
  return gln === undefined ? organisationUri(organisation) : epcUri(partyKey(gln));
}

function extensionOf(record: EventRecord): Partial<EpcisEvent> {
  const { difference, masses, loss, reason } = record;
  return {
    'minhchung:step': record.step,
    'minhchung:recordedBy': organisationUri(record.by),
    ...(reason === undefined ? {} : { 'minhchung:reason': reason }),
    ...(difference === undefined ? {} : { 'minhchung:difference': differenceJson(difference) }),
    ...(masses === undefined ? {} : { 'minhchung:masses': masses.map(massJson) }),
    ...(loss === undefined ? {} : { 'minhchung:loss': formatKilograms(parseMilligrams(loss)) }),
  };
}

function differenceJson({ short, damaged, over }: NonNullable<EventRecord['difference']>): Json {
  return { ...namedItems('short', short), ...namedItems('damaged', damaged), ...namedItems('over', over) };
}

function namedItems(name: string, items: readonly ItemKey[]): Readonly<Record<string, Json>> {
  return items.length === 0 ? {} : { [`minhchung:${name}`]: items.map(epcUri) };
}

function massJson({ item, mass }: ItemMass): Json {
  return { 'minhchung:item': epcUri(item), 'minhchung:kilograms': formatKilograms(parseMilligrams(mass)) };
}
