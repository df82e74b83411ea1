/** One EPCIS event as a sender captures it: every member read strictly, none passed over. */
import type { Json } from '../canonical-json.js';
import { Problem, require } from '../errors.js';
import { MOST_ITEMS } from '../goods/requests.js';
import { epochMs, instantOf, parseInstant, type Instant } from '../instant.js';
import { list, matching, object, oneOf, optional, parsedBy, text, type Parsed, type Shape } from '../shape.js';
import { eventMembers } from './document.js';
import { readEpc, epcUri, type NamedThing } from './epc.js';
import type { EpcisEvent } from './epcis-event.js';
import { MASTER_DATA_PREFIX } from './event-hash.js';
import type { Prefixes } from './json-ld-context.js';
import { BIZ_STEP, DISPOSITION, parseWord, PARTY_TYPE, TRANSACTION_TYPE, type Vocabulary } from './vocabulary.js';

/** An event with its goods taken apart. */
export interface CapturedEvent {
  /** In canonical form: what its hash is made of. */
  readonly event: EpcisEvent;
  /** Of `epcList` or `childEPCs`, in the sender's order. */
  readonly things: readonly NamedThing[];
  /** Of `quantityList`. */
  readonly classes: readonly NamedThing[];
  readonly parent?: NamedThing;
  readonly lotNumber?: string;
  readonly extension: Extension;
}

const LOT_NUMBER = `${MASTER_DATA_PREFIX}:lotNumber` as const;

const uri = matching(/^[A-Za-z][A-Za-z0-9+.-]*:[!-~]{1,400}$/, 'URI');

const thing: Shape<NamedThing> = (value) => readEpc(uri(value));

/** GS1 keys in their canonical spelling; any other URI as it is. */
const canonicalUri: Shape<string> = (value) => {
  const stated = uri(value);
  return stated.startsWith('urn:epc:') || /^https?:/i.test(stated) ? epcUri(thing(stated).key) : stated;
};

const manyThings = list(thing, { max: MOST_ITEMS });

/** Two spellings of one thing are the same thing twice. */
const things: Shape<readonly NamedThing[]> = (value) => {
  const seen = new Set<string>();
  const named = manyThings(value);
  for (const [index, { key }] of named.entries()) {
    require(!seen.has(key), 'LIST_REPEATS', { field: `[${index}]`, value: key });
    seen.add(key);
  }
  return named;
};

const place = object({ id: canonicalUri });
const word = <T extends string>(vocabulary: Vocabulary<T>): Shape<T> => parsedBy((value) => parseWord(vocabulary, value));
const dispositions = list(word(DISPOSITION), { min: 1, max: 10 });

/** An amount of a class would be a claim about goods that the ledger counts one by one. */
const uncounted: Shape<undefined> = () => {
  throw new Problem('EPCIS_FIELD_UNSUPPORTED');
};

const classOnly = object({ epcClass: thing, quantity: optional(uncounted), uom: optional(uncounted) });

/** Only a despatch advice names anything that the ledger knows: the shipment. */
const despatchAdvice: Shape<'desadv'> = (value) => {
  const type = word(TRANSACTION_TYPE)(value);
  if (type !== 'desadv') throw new Problem('EPCIS_FIELD_UNSUPPORTED', { type });
  return type;
};

/** Half a millisecond counts up (event hash, rule 9); the ledger keeps milliseconds. */
function roundedInstant(value: string): Instant {
  const instant = parseInstant(value);
  const fourthDigit = /\.\d{3}(\d)/.exec(value)?.[1] ?? '0';
  return fourthDigit >= '5' ? instantOf(epochMs(instant) + 1) : instant;
}

const time = parsedBy(roundedInstant);

const extension = {
  'minhchung:step': optional(text(30)),
  'minhchung:recordedBy': optional(uri),
  'minhchung:reason': optional(text(300)),
  'minhchung:instruction': optional(text(300)),
  'minhchung:cause': optional(text(30)),
  'minhchung:province': optional(uri),
  'minhchung:difference': optional(object({
    'minhchung:short': optional(things), 'minhchung:damaged': optional(things), 'minhchung:over': optional(things),
  })),
};

const readExtension = object(extension);
export type Extension = Parsed<typeof readExtension>;

const common = {
  eventID: optional(uri),
  eventTime: time,
  eventTimeZoneOffset: matching(/^[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)$/, 'offset such as +07:00'),
  recordTime: optional(time),
  action: oneOf('ADD', 'OBSERVE', 'DELETE'),
  bizStep: optional(word(BIZ_STEP)),
  disposition: optional(word(DISPOSITION)),
  readPoint: optional(place),
  bizLocation: optional(place),
  bizTransactionList: optional(list(object({ type: despatchAdvice, bizTransaction: uri }), { max: 20 })),
  sourceList: optional(list(object({ type: word(PARTY_TYPE), source: canonicalUri }), { max: 20 })),
  destinationList: optional(list(object({ type: word(PARTY_TYPE), destination: canonicalUri }), { max: 20 })),
  ...extension,
};

const objectEvent = object({
  ...common,
  type: oneOf('ObjectEvent'),
  epcList: optional(things),
  quantityList: optional(list(classOnly, { max: 100 })),
  persistentDisposition: optional(object({ set: optional(dispositions), unset: optional(dispositions) })),
  ilmd: optional(object({ [LOT_NUMBER]: optional(text(20)) })),
});

const aggregationEvent = object({ ...common, type: oneOf('AggregationEvent'), parentID: thing, childEPCs: optional(things) });

const OTHER_TYPES: ReadonlySet<string> = new Set(['TransactionEvent', 'TransformationEvent', 'AssociationEvent']);
/** Members of the standard that no record of the ledger has room for. */
const UNSUPPORTED = ['sensorElementList', 'certificationInfo', 'childQuantityList', 'isA'] as const;

/**
 * @param value an event of a captured document, e.g. `{ "type": "ObjectEvent", "action": "OBSERVE", … }`
 * @param prefixes of the document's context
 * @throws Problem EPCIS_EVENT_TYPE_UNSUPPORTED, EPCIS_ERROR_DECLARATION_UNSUPPORTED, EPCIS_FIELD_UNSUPPORTED,
 *   EPCIS_EXTENSION_UNKNOWN, EPCIS_WORD_UNKNOWN, EPCIS_EPC_NOT_GS1, LIST_REPEATS; the codes of GS1 keys and of a
 *   malformed shape; `field` is the path in the event
 */
export function readEvent(value: unknown, prefixes: Prefixes): CapturedEvent {
  const members = eventMembers(value, prefixes);
  refuseUnsupported(members);
  return members['type'] === 'AggregationEvent' ? readAggregation(members) : readObject(members);
}

function refuseUnsupported(members: Readonly<Record<string, unknown>>): void {
  const type = typeof members['type'] === 'string' ? members['type'].slice(0, 60) : '';
  require(!OTHER_TYPES.has(type) && !type.includes(':'), 'EPCIS_EVENT_TYPE_UNSUPPORTED', { field: 'type', value: type });
  require(members['errorDeclaration'] === undefined, 'EPCIS_ERROR_DECLARATION_UNSUPPORTED', { field: 'errorDeclaration' });
  const field = UNSUPPORTED.find((name) => members[name] !== undefined);
  require(field === undefined, 'EPCIS_FIELD_UNSUPPORTED', { field: field ?? '' });
}

function readObject(members: Readonly<Record<string, unknown>>): CapturedEvent {
  const stated = objectEvent(members);
  const { epcList = [], ilmd, persistentDisposition } = stated;
  const classes = (stated.quantityList ?? []).map(({ epcClass }) => epcClass);
  require(epcList.length + classes.length > 0, 'LIST_EMPTY', { field: 'epcList' });
  require(ilmd === undefined || stated.action === 'ADD', 'EPCIS_FIELD_UNSUPPORTED', { field: 'ilmd' });
  const lotNumber = ilmd?.[LOT_NUMBER];
  const event: EpcisEvent = {
    ...commonOf(stated),
    ...(epcList.length === 0 ? {} : { epcList: urisOf(epcList) }),
    ...(classes.length === 0 ? {} : { quantityList: urisOf(classes).map((epcClass) => ({ epcClass })) }),
    ...(persistentDisposition === undefined ? {} : { persistentDisposition }),
    ...(lotNumber === undefined ? {} : { ilmd: { [LOT_NUMBER]: lotNumber } }),
  };
  return { event, things: epcList, classes, extension: extensionOf(stated), ...(lotNumber === undefined ? {} : { lotNumber }) };
}

function readAggregation(members: Readonly<Record<string, unknown>>): CapturedEvent {
  const stated = aggregationEvent(members);
  const { parentID, childEPCs = [] } = stated;
  require(childEPCs.length > 0 || stated.action === 'DELETE', 'LIST_EMPTY', { field: 'childEPCs' });
  const event: EpcisEvent = {
    ...commonOf(stated),
    parentID: epcUri(parentID.key),
    ...(childEPCs.length === 0 ? {} : { childEPCs: urisOf(childEPCs) }),
  };
  return { event, things: childEPCs, classes: [], parent: parentID, extension: extensionOf(stated) };
}

const urisOf = (named: readonly NamedThing[]): string[] => named.map(({ key }) => epcUri(key));

type Stated = Parsed<typeof objectEvent> | Parsed<typeof aggregationEvent>;

const KEPT = [
  'eventID', 'action', 'bizStep', 'disposition', 'readPoint', 'bizLocation', 'bizTransactionList', 'sourceList', 'destinationList',
] as const;

/** The members that both types have, without those left out. When it was recorded is for the ledger to say. */
function commonOf(stated: Stated): EpcisEvent {
  const { type, eventTime, eventTimeZoneOffset } = stated;
  const members = KEPT.flatMap((name) => (stated[name] === undefined ? [] : [[name, stated[name]] as const]));
  const rest = Object.fromEntries(members) as Partial<EpcisEvent>;
  return { type, eventTime, eventTimeZoneOffset, ...rest, ...extensionJson(extensionOf(stated)) };
}

function extensionOf(stated: Stated): Extension {
  return Object.fromEntries(Object.entries(stated).filter(([name]) => Object.hasOwn(extension, name)));
}

function extensionJson({ 'minhchung:difference': difference, ...plain }: Extension): Readonly<Record<string, Json>> {
  if (difference === undefined) return plain;
  const lists = Object.entries(difference).map(([name, named]) => [name, urisOf(named)] as const);
  return { ...plain, 'minhchung:difference': Object.fromEntries(lists) };
}

