/** Parameters of an event query (EPCIS 2.0 section 8.2.7.1), read strictly: what is not known is refused. */
import type { Action } from '#domain/epcis/epcis-event.js';
import { readEpc, requireKind } from '#domain/epcis/epc.js';
import { parseOrganisationUri, parseProvinceUri, parseShipmentUri } from '#domain/epcis/own-uris.js';
import { BIZ_STEP, DISPOSITION, PARTY_TYPE, parseWord, TRANSACTION_TYPE, type Vocabulary } from '#domain/epcis/vocabulary.js';
import { Problem, require } from '#domain/errors.js';
import type { Gln, ItemKey } from '#domain/gs1/item-key.js';
import { parseInstant, type Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { EventFilter, GoodsPart } from './event-filter.js';

export interface EventQuery {
  readonly filter: EventFilter;
  readonly eventIDs?: readonly string[];
  readonly orderBy?: 'eventTime' | 'recordTime';
  readonly ascending: boolean;
  readonly eventCountLimit?: number;
  readonly maxEventCount?: number;
  readonly perPage: number;
  readonly nextPageToken?: string;
}

/** The name of an organisation as a query gives it: ours, or whoever owns a GLN. */
export type PartyName = { readonly organisation: OrganisationId } | { readonly gln: Gln };

/** A query whose GLNs have not been looked up. */
export interface ReadQuery extends Omit<EventQuery, 'filter'> {
  readonly filter: Omit<EventFilter, 'sources' | 'destinations'>;
  readonly sources?: readonly PartyName[];
  readonly destinations?: readonly PartyName[];
}

const USUAL_PAGE = 30;
const LARGEST_PAGE = 500;
const MOST_VALUES = 100;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Reading {
  readonly query: Mutable<Omit<ReadQuery, 'filter'>>;
  readonly filter: Mutable<ReadQuery['filter']>;
}

/** Notes one parameter in the reading. */
type Parameter = (reading: Reading, text: string) => void;

const values = (text: string): string[] => {
  const list = text.split('|');
  require(list.length <= MOST_VALUES && list.every((one) => one !== ''), 'EPCIS_PARAMETER_WRONG', { expected: `1 to ${MOST_VALUES} values with | between them` });
  return list;
};

const oneOf = <T extends string>(...allowed: readonly T[]) => (text: string): T => {
  const found = allowed.find((word) => word === text);
  if (found === undefined) throw new Problem('EPCIS_PARAMETER_WRONG', { expected: allowed.join(' | ') });
  return found;
};

const wholeNumber = (most: number) => (text: string): number => {
  require(/^[1-9]\d{0,8}$/.test(text) && Number(text) <= most, 'EPCIS_PARAMETER_WRONG', { expected: `1 to ${most}` });
  return Number(text);
};

type Filter = Reading['filter'];

const list = <V>(read: (text: string) => V, note: (filter: Filter, read: readonly V[]) => void): Parameter =>
  ({ filter }, text) => note(filter, values(text).map(read));

const instant = (note: (filter: Filter, read: Instant) => void): Parameter => ({ filter }, text) => note(filter, parseInstant(text));

const word = <T extends string>(vocabulary: Vocabulary<T>) => (text: string): T => parseWord(vocabulary, text);

const ITEM_KINDS = ['serial', 'unit'] as const;
const CLASS_KINDS = ['lot'] as const;

const match = (part: GoodsPart): Parameter => ({ filter }, text) => {
  const kinds: readonly ('serial' | 'unit' | 'lot')[] = part.endsWith('Class') ? CLASS_KINDS : ITEM_KINDS;
  const keys = values(text).map((one): ItemKey => {
    const thing = readEpc(one);
    requireKind(thing, ...kinds);
    return thing.key;
  });
  filter.goods = [...filter.goods, { part, keys: new Set(keys) }];
};

/** A value of a kind that no event here has: none can match. */
const matchesNothing: Parameter = ({ filter }) => { filter.nothing = true; };

function readParty(text: string): PartyName {
  const organisation = parseOrganisationUri(text);
  return organisation === undefined ? { gln: requireKind(readEpc(text), 'party', 'place').gln } : { organisation };
}

/** Our events say who has the goods; owners and places of origin are not on the ledger. */
const parties = (field: 'sources' | 'destinations', type: string): Parameter => (reading, text) => {
  if (parseWord(PARTY_TYPE, type) !== 'possessing_party') matchesNothing(reading, text);
  reading.query[field] = values(text).map(readParty);
};

const transactions = (type: string): Parameter => (reading, text) => {
  if (parseWord(TRANSACTION_TYPE, type) !== 'desadv') matchesNothing(reading, text);
  reading.filter.shipments = values(text).map(parseShipmentUri);
};

const PARAMETERS: Readonly<Record<string, Parameter>> = {
  eventType: list(oneOf('ObjectEvent', 'AggregationEvent', 'TransformationEvent', 'TransactionEvent', 'AssociationEvent'), (filter, types) => { filter.types = types; }),
  GE_eventTime: instant((filter, time) => { filter.happenedFrom = time; }),
  LT_eventTime: instant((filter, time) => { filter.happenedBefore = time; }),
  GE_recordTime: instant((filter, time) => { filter.recordedFrom = time; }),
  LT_recordTime: instant((filter, time) => { filter.recordedBefore = time; }),
  EQ_action: list(oneOf<Action>('ADD', 'OBSERVE', 'DELETE'), (filter, actions) => { filter.actions = actions; }),
  EQ_bizStep: list(word(BIZ_STEP), (filter, steps) => { filter.bizSteps = steps; }),
  EQ_disposition: list(word(DISPOSITION), (filter, words) => { filter.dispositions = words; }),
  EQ_persistentDisposition_set: list(word(DISPOSITION), (filter, words) => { filter.set = words; }),
  EQ_persistentDisposition_unset: list(word(DISPOSITION), (filter, words) => { filter.unset = words; }),
  EQ_readPoint: list(parseProvinceUri, (filter, places) => { filter.readPoints = places; }),
  EQ_bizLocation: list(parseProvinceUri, (filter, places) => { filter.bizLocations = places; }),
  EQ_transformationID: matchesNothing,
  MATCH_epc: match('epc'),
  MATCH_parentID: match('parentID'),
  MATCH_inputEPC: match('inputEPC'),
  MATCH_outputEPC: match('outputEPC'),
  MATCH_anyEPC: match('anyEPC'),
  MATCH_epcClass: match('epcClass'),
  MATCH_inputEPCClass: match('inputEPCClass'),
  MATCH_outputEPCClass: match('outputEPCClass'),
  MATCH_anyEPCClass: match('anyEPCClass'),
  EQ_eventID: ({ query }, text) => { query.eventIDs = values(text); },
  EXISTS_errorDeclaration: (reading, text) => { if (oneOf('true', 'false')(text) === 'true') matchesNothing(reading, text); },
  orderBy: ({ query }, text) => { query.orderBy = oneOf('eventTime', 'recordTime')(text); },
  orderDirection: ({ query }, text) => { query.ascending = oneOf('ASC', 'DESC')(text) === 'ASC'; },
  eventCountLimit: ({ query }, text) => { query.eventCountLimit = wholeNumber(999_999_999)(text); },
  maxEventCount: ({ query }, text) => { query.maxEventCount = wholeNumber(999_999_999)(text); },
  perPage: ({ query }, text) => { query.perPage = Math.min(LARGEST_PAGE, wholeNumber(999_999_999)(text)); },
  nextPageToken: ({ query }, text) => { query.nextPageToken = text; },
};

function parameterNamed(name: string): Parameter | undefined {
  if (Object.hasOwn(PARAMETERS, name)) return PARAMETERS[name];
  const [, family, type = ''] = /^EQ_(bizTransaction|source|destination)_(.{1,100})$/.exec(name) ?? [];
  if (family === undefined) return undefined;
  return family === 'bizTransaction' ? transactions(type) : parties(family === 'source' ? 'sources' : 'destinations', type);
}

/**
 * @param parameters of the query string, decoded once, e.g. `{ EQ_bizStep: 'shipping|receiving' }`
 * @returns the query; what is left out takes its usual value: 30 events a page, at most 500
 * @throws Problem EPCIS_PARAMETER_UNKNOWN, EPCIS_PARAMETER_WRONG (field `parameter`)
 */
export function readQuery(parameters: Readonly<Record<string, unknown>>): ReadQuery {
  const reading: Reading = { query: { ascending: false, perPage: USUAL_PAGE }, filter: { goods: [] } };
  for (const [name, value] of Object.entries(parameters)) readParameter(reading, name, value);
  const query = { ...reading.query, filter: reading.filter };
  require(query.eventCountLimit === undefined || query.maxEventCount === undefined, 'EPCIS_PARAMETER_WRONG', { parameter: 'maxEventCount', expected: 'not together with eventCountLimit' });
  require(query.eventCountLimit === undefined || query.orderBy !== undefined, 'EPCIS_PARAMETER_WRONG', { parameter: 'eventCountLimit', expected: 'together with orderBy' });
  return query;
}

function readParameter(reading: Reading, name: string, value: unknown): void {
  const parameter = parameterNamed(name);
  require(parameter !== undefined, 'EPCIS_PARAMETER_UNKNOWN', { parameter: name.slice(0, 100) });
  require(typeof value === 'string', 'EPCIS_PARAMETER_WRONG', { parameter: name, expected: 'once' });
  try {
    parameter(reading, value);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('EPCIS_PARAMETER_WRONG', { ...error.fields, ...(error.code === 'EPCIS_PARAMETER_WRONG' ? {} : { reason: error.code }), parameter: name, value: value.slice(0, 200) });
  }
}
