/**
 * URIs for what GS1 has no key for: events, organisations without a GLN, shipments, provinces. Nothing is found by
 * following them; they are names, made of what stands on the ledger alone, so that every copy gives the same ones.
 */
import { Problem } from '../errors.js';
import { parseOrganisationId, type OrganisationId } from '../registry/organisation.js';
import { parseProvince, type ProvinceCode } from '../registry/provinces.js';
import { decodeOnce, encodeSegment } from '../gs1/percent-encoding.js';

/** Namespace of our own members of an EPCIS event, and the prefix it is written with. */
export const EXTENSION_NAMESPACE = 'urn:minhchung:epcis:';
export const EXTENSION_PREFIX = 'minhchung';

const EVENT = /^urn:minhchung:event:([0-9a-f]{64}):(0|[1-9]\d{0,5})$/;
const ORGANISATION = 'urn:minhchung:organisation:';
const PROVINCE = 'urn:minhchung:province:';
const SHIPMENT = 'urn:minhchung:shipment:';

/** Where an event stands on the ledger. */
export interface EventPlace {
  /** 64 hexadecimal digits */
  readonly transactionId: string;
  /** from 0 */
  readonly index: number;
}

/** e.g. `urn:minhchung:event:3f…9a:0`. */
export function eventUri({ transactionId, index }: EventPlace): string {
  return `urn:minhchung:event:${transactionId}:${index}`;
}

/** The reverse of {@link eventUri}; `undefined` for any other text. */
export function parseEventUri(uri: string): EventPlace | undefined {
  const [, transactionId, index] = EVENT.exec(uri) ?? [];
  return transactionId === undefined || index === undefined ? undefined : { transactionId, index: Number(index) };
}

/** e.g. `urn:minhchung:organisation:tra-xanh-shan`. */
export function organisationUri(id: OrganisationId): string {
  return ORGANISATION + id;
}

/**
 * @returns the organisation, or `undefined` for a URI of another kind
 * @throws Problem ORGANISATION_ID_MALFORMED
 */
export function parseOrganisationUri(uri: string): OrganisationId | undefined {
  return uri.startsWith(ORGANISATION) ? parseOrganisationId(uri.slice(ORGANISATION.length)) : undefined;
}

/** e.g. `urn:minhchung:province:01`. */
export function provinceUri(code: ProvinceCode): string {
  return PROVINCE + code;
}

/**
 * @returns the code, or `undefined` for a URI of another kind
 * @throws Problem PROVINCE_UNKNOWN
 */
export function parseProvinceUri(uri: string): ProvinceCode | undefined {
  return uri.startsWith(PROVINCE) ? parseProvince(uri.slice(PROVINCE.length)) : undefined;
}

/** e.g. `urn:minhchung:shipment:tra-xanh-shan:DN-2026-001`. */
export function shipmentUri(from: OrganisationId, number: string): string {
  return `${SHIPMENT}${from}:${encodeSegment(number)}`;
}

/**
 * @returns sender and number, or `undefined` for a URI of another kind
 * @throws Problem EPCIS_URI_MALFORMED, ORGANISATION_ID_MALFORMED
 */
export function parseShipmentUri(uri: string): { from: OrganisationId; number: string } | undefined {
  if (!uri.startsWith(SHIPMENT)) return undefined;
  const [from = '', text = '', ...rest] = uri.slice(SHIPMENT.length).split(':');
  const number = decodeOnce(text);
  if (number === undefined || number === '' || rest.length > 0) throw new Problem('EPCIS_URI_MALFORMED', { value: uri.slice(0, 200) });
  return { from: parseOrganisationId(from), number };
}
