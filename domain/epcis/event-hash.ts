/**
 * The event hash of the Core Business Vocabulary 2.0, section 8.9: a fingerprint that is the same in every spelling of
 * an event. It leaves out when the event was recorded and under which id, and it says nothing about who made it.
 */
import type { Json } from '../canonical-json.js';
import type { BizTransaction, Destination, EpcisEvent, QuantityElement, Source } from './epcis-event.js';
import { EXTENSION_NAMESPACE, EXTENSION_PREFIX } from './own-uris.js';
import { BIZ_STEP, DISPOSITION, PARTY_TYPE, TRANSACTION_TYPE, wordUri } from './vocabulary.js';

/** Namespace of the master data that an event states about what it brings into being. */
export const MASTER_DATA_NAMESPACE = 'urn:epcglobal:cbv:mda:';
export const MASTER_DATA_PREFIX = 'cbvmda';

const NAMESPACES: Readonly<Record<string, string>> = { [EXTENSION_PREFIX]: EXTENSION_NAMESPACE, [MASTER_DATA_PREFIX]: MASTER_DATA_NAMESPACE };

/**
 * The canonical text that is hashed: members in the standard's order without separators, lists sorted, vocabulary as
 * web URIs. Texts stand as they are; only true numbers lose trailing zeros, so that lots `12` and `0012` differ.
 *
 * @param event in canonical form: Digital Links on id.gs1.org, plain words, times in UTC with milliseconds
 * @returns e.g. `eventType=ObjectEventeventTime=2026-11-20T08:30:00.000ZeventTimeZoneOffset=+07:00epcListepc=…`
 */
export function eventPreHash(event: EpcisEvent): string {
  return [
    `eventType=${event.type}`,
    `eventTime=${event.eventTime}`,
    `eventTimeZoneOffset=${event.eventTimeZoneOffset}`,
    things('epcList', event.epcList),
    member('parentID', event.parentID),
    things('inputEPCList', event.inputEPCList),
    things('childEPCs', event.childEPCs),
    quantities('quantityList', event.quantityList),
    quantities('inputQuantityList', event.inputQuantityList),
    things('outputEPCList', event.outputEPCList),
    member('action', event.action),
    ...whyAndWhere(event),
    masterData(event),
    ...extensions(event),
  ].join('');
}

function whyAndWhere(event: EpcisEvent): string[] {
  const { bizStep, disposition } = event;
  return [
    member('bizStep', bizStep === undefined ? undefined : wordUri(BIZ_STEP, bizStep)),
    member('disposition', disposition === undefined ? undefined : wordUri(DISPOSITION, disposition)),
    persistent(event),
    event.readPoint === undefined ? '' : `readPoint${member('id', event.readPoint.id)}`,
    event.bizLocation === undefined ? '' : `bizLocation${member('id', event.bizLocation.id)}`,
    sorted('bizTransactionList', event.bizTransactionList?.map(transactionText)),
    sorted('sourceList', event.sourceList?.map(sourceText)),
    sorted('destinationList', event.destinationList?.map(destinationText)),
  ];
}

/**
 * @param sha256 of a text in UTF-8, as 64 small hexadecimal digits
 * @returns e.g. `ni:///sha-256;3f…?ver=CBV2.0` (RFC 6920)
 */
export function eventHashId(event: EpcisEvent, sha256: (text: string) => string): string {
  return `ni:///sha-256;${sha256(eventPreHash(event))}?ver=CBV2.0`;
}

function member(name: string, value: string | undefined): string {
  return value === undefined ? '' : `${name}=${value}`;
}

function sorted(name: string, members: readonly string[] | undefined): string {
  return members === undefined || members.length === 0 ? '' : name + members.toSorted(compareCodePoints).join('');
}

function things(name: string, uris: readonly string[] | undefined): string {
  return sorted(name, uris?.map((uri) => member('epc', uri)));
}

function quantities(name: string, elements: readonly QuantityElement[] | undefined): string {
  return sorted(name, elements?.map(({ epcClass, quantity, uom }) =>
    `quantityElement${member('epcClass', epcClass)}${member('quantity', quantity === undefined ? undefined : String(quantity))}${member('uom', uom)}`));
}

function persistent({ persistentDisposition: stated }: EpcisEvent): string {
  if (stated === undefined) return '';
  const words = (name: 'set' | 'unset'): string => (stated[name] ?? []).map((word) => member(name, wordUri(DISPOSITION, word))).toSorted(compareCodePoints).join('');
  return `persistentDisposition${words('set')}${words('unset')}`;
}

const transactionText = ({ type, bizTransaction }: BizTransaction): string => member('type', wordUri(TRANSACTION_TYPE, type)) + member('bizTransaction', bizTransaction);
const sourceText = ({ type, source }: Source): string => member('type', wordUri(PARTY_TYPE, type)) + member('source', source);
const destinationText = ({ type, destination }: Destination): string => member('type', wordUri(PARTY_TYPE, type)) + member('destination', destination);

function masterData({ ilmd }: EpcisEvent): string {
  return ilmd === undefined ? '' : sorted('ilmd', Object.entries(ilmd).map(([name, value]) => extension(name, value)));
}

function extensions(event: EpcisEvent): string[] {
  const members: string[] = [];
  for (const [name, value] of Object.entries(event)) {
    if (name.startsWith(`${EXTENSION_PREFIX}:`) && value !== undefined) members.push(extension(name, value as Json));
  }
  return members.toSorted(compareCodePoints);
}

/** `{namespace}name=value`; a list repeats the name, a nested object follows it with its members sorted. */
function extension(name: string, value: Json): string {
  const full = expanded(name);
  if (isList(value)) return value.map((one) => extension(name, one)).toSorted(compareCodePoints).join('');
  if (typeof value !== 'object' || value === null) return `${full}=${String(value)}`;
  const members = Object.entries(value).flatMap(([inner, one]) => (one === undefined ? [] : [extension(inner, one)]));
  return full + members.toSorted(compareCodePoints).join('');
}

function expanded(name: string): string {
  const [prefix = '', local = ''] = name.split(':', 2);
  return `{${NAMESPACES[prefix] ?? prefix}}${local}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The order of UTF-8 bytes, which is that of code points; JavaScript compares surrogates as they are. */
export function compareCodePoints(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const left = a.codePointAt(startOf(a, at)) ?? -1;
  const right = b.codePointAt(startOf(b, at)) ?? -1;
  return left - right || a.length - b.length;
}

/** Where the character at `at` begins: one before, inside a surrogate pair. */
function startOf(text: string, at: number): number {
  const before = text.charCodeAt(at - 1);
  const isSecondHalf = before >= 0xd800 && before <= 0xdbff;
  return isSecondHalf ? at - 1 : at;
}
