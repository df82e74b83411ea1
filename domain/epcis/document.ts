/** An EPCIS document as it is captured (EPCIS 2.0 section 10.2): its envelope is read, its events are handed on unread. */
import { Problem, require } from '../errors.js';
import { parseInstant } from '../instant.js';
import { list, object, optional, parsedBy, text, type Shape } from '../shape.js';
import { readContext, withUsualNames, type Prefixes } from './json-ld-context.js';

export interface CapturedDocument {
  readonly prefixes: Prefixes;
  readonly events: readonly unknown[];
}

const anything: Shape<unknown> = (value) => value;
const someText = optional(text(300));
const eventList = list(anything, { min: 1, max: 100_000 });

const version: Shape<string> = (value) => {
  if (typeof value !== 'string' || !/^2\.0(?:\.\d{1,2})?$/.test(value)) throw new Problem('EPCIS_VERSION_UNSUPPORTED', { value: shown(value) });
  return value;
};

/** Products and organisations come onto the register with their duties, not as a sender's master data. */
const header: Shape<unknown> = (value) => {
  const { epcisMasterData } = object({ epcisMasterData: optional(object({ vocabularyList: optional(list(anything, { max: 1000 })) })) })(value);
  require((epcisMasterData?.vocabularyList ?? []).length === 0, 'EPCIS_MASTER_DATA_UNSUPPORTED', { field: 'epcisMasterData' });
  return value;
};

const envelope = {
  '@context': anything,
  type: anything,
  id: optional(text(300)),
  schemaVersion: version,
  creationDate: parsedBy(parseInstant),
};

const captured = object({
  ...envelope,
  instanceIdentifier: someText,
  sender: someText,
  receiver: someText,
  epcisHeader: optional(header),
  epcisBody: object({ eventList }),
});

const queried = object({
  ...envelope,
  schemaVersion: optional(version),
  creationDate: optional(parsedBy(parseInstant)),
  epcisBody: object({ queryResults: object({ queryName: text(300), subscriptionID: someText, resultsBody: object({ eventList }) }) }),
});

/**
 * @param value an EPCISDocument or EPCISQueryDocument, parsed from strict JSON
 * @throws Problem EPCIS_DOCUMENT_TYPE_WRONG, EPCIS_VERSION_UNSUPPORTED, EPCIS_CONTEXT_UNSUPPORTED,
 *   EPCIS_MASTER_DATA_UNSUPPORTED, LIST_EMPTY, and the codes of a malformed shape
 */
export function readDocument(value: unknown): CapturedDocument {
  const { type, context } = headOf(value);
  require(type === 'EPCISDocument' || type === 'EPCISQueryDocument', 'EPCIS_DOCUMENT_TYPE_WRONG', { field: 'type', value: shown(type) });
  const prefixes = readContext(context);
  const events = type === 'EPCISDocument' ? captured(value).epcisBody.eventList : queried(value).epcisBody.queryResults.resultsBody.eventList;
  return { prefixes, events };
}

/**
 * One event that comes alone, with its own context.
 *
 * @returns the event without its context, and the prefixes that the context gives
 * @throws Problem EPCIS_CONTEXT_UNSUPPORTED, FIELD_MISSING, FIELD_WRONG_TYPE
 */
export function readLoneEvent(value: unknown): { readonly prefixes: Prefixes; readonly event: unknown } {
  return { prefixes: readContext(headOf(value).context), event: value };
}

function headOf(value: unknown): { type: unknown; context: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('FIELD_WRONG_TYPE', { field: '', expected: 'object' });
  const head = value as Readonly<Record<string, unknown>>;
  return { type: head['type'], context: head['@context'] };
}

/**
 * An event's members under their usual names; its own context, where it has one, adds prefixes.
 *
 * @throws Problem EPCIS_CONTEXT_UNSUPPORTED, EPCIS_EXTENSION_UNKNOWN, JSON_DUPLICATE_KEY, FIELD_WRONG_TYPE
 */
export function eventMembers(event: unknown, prefixes: Prefixes): Readonly<Record<string, unknown>> {
  const { context } = headOf(event);
  const own = context === undefined ? prefixes : readContext(context, prefixes);
  const { '@context': _context, ...members } = event as Readonly<Record<string, unknown>>;
  return withUsualNames(members, own) as Readonly<Record<string, unknown>>;
}

/** A hostile object may have no way to become a text. */
function shown(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 60) : typeof value;
}
