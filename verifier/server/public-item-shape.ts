/** The gateway's public answers, read once at the edge: what does not have the shape of the register is refused. */
import { substance } from '#domain/chemistry/content.js';
import { Problem, require } from '#domain/errors.js';
import type { Carrier, Dossier } from '#domain/goods/dossier.js';
import { day, lot, type LotRecord, type Measure } from '#domain/goods/lot.js';
import { digest, gtin, productRequest, type ProductRecord } from '#domain/goods/product.js';
import type { AsOf, JourneyStop, PublicItem, TrustRoots } from '#domain/goods/public-item.js';
import type { SerialRecord } from '#domain/goods/records.js';
import { parseItemKey, parseSerial, parseSscc, type ItemKey } from '#domain/gs1/item-key.js';
import { type Instant, parseInstant } from '#domain/instant.js';
import type { Custody } from '#domain/lifecycle/item.js';
import { organisationId, organisationRequest, type OrganisationRecord, province } from '#domain/registry/organisation.js';
import { at, list, matching, object, oneOf, optional, parsedBy, text, type Shape, wholeNumber } from '#domain/shape.js';
import { JOURNEY_STEPS } from '../core/goods/journey-wording.js';

const instant = parsedBy((value): Instant => {
  const parsed = parseInstant(value);
  require(parsed === value, 'INSTANT_INVALID', { value: value.slice(0, 40) }); // records hold the one form in UTC
  return parsed;
});
const itemKey = parsedBy((value): ItemKey => {
  parseItemKey(value);
  return value as ItemKey;
});
const milligrams = matching(/^\d{1,15}$/, 'whole milligrams');

const measure: Shape<Measure> = object({ by: organisationId, at: instant, reason: text(300), instruction: text(300) });
const content = object({ mass: milligrams, components: list(object({ substance, mass: milligrams }), { max: 20 }) });

const hold = object({ cause: oneOf('suspended', 'quarantined', 'seized', 'damaged'), reason: text(300), by: organisationId, at: instant });
const CUSTODIES: Readonly<Record<string, Shape<Custody>>> = {
  'in-stock': object({ state: oneOf('in-stock'), holder: organisationId, parent: optional(itemKey), hold: optional(hold) }),
  'in-transit': object({ state: oneOf('in-transit'), holder: organisationId, shipment: text(80), hold: optional(hold) }),
};
const gone: Shape<Custody> = object({
  state: oneOf('missing', 'lost', 'stolen', 'sold', 'used', 'decommissioned', 'destroyed'), holder: organisationId, at: instant, province,
});
const custody: Shape<Custody> = (value) => {
  const { state } = asObject(value);
  return (typeof state === 'string' && Object.hasOwn(CUSTODIES, state) ? CUSTODIES[state] ?? gone : gone)(value);
};

const lotRecord: Shape<LotRecord> = object({
  kind: oneOf('lot'), gtin, lot, maker: organisationId, producedOn: day, expiresOn: optional(day), province, openedAt: instant,
  recall: optional(measure), suspension: optional(measure), bulk: optional(content), certificate: optional(digest),
});
const serialRecord: Shape<SerialRecord> = object({
  kind: oneOf('serial'), gtin, serial: parsedBy(parseSerial), lot, maker: organisationId, commissionedAt: instant, custody,
  content: optional(content), firstUseFrom: optional(text(40)),
});
const unitRecord: Shape<Carrier> = object({
  kind: oneOf('unit'), sscc: parsedBy(parseSscc), maker: organisationId, commissionedAt: instant, custody, count: wholeNumber(0, 1_000_000),
});
/** A request as it was made, and what the ledger added to it. */
const productRecord = stamped<ProductRecord>(productRequest, object({ kind: oneOf('product'), maker: organisationId, registeredAt: instant }), ['kind', 'maker', 'registeredAt']);
const organisationRecord = stamped<OrganisationRecord>(organisationRequest, object({ kind: oneOf('organisation'), registeredAt: instant }), ['kind', 'registeredAt']);

const dossier: Shape<Dossier> = object({
  item: itemKey, product: optional(productRecord), lot: optional(lotRecord), serial: optional(serialRecord), unit: optional(unitRecord),
  inside: list(unitRecord, { max: 10 }), organisations: list(organisationRecord, { max: 20 }),
});
const stop: Shape<JourneyStop> = object({ step: oneOf(...JOURNEY_STEPS), at: instant, recordedAt: instant, province });
const asOf: Shape<AsOf> = object({ height: matching(/^\d{1,20}$/, 'block number'), blockTime: instant, knownAt: instant });

/**
 * @throws Problem FIELD_…, LIST_TOO_LONG, TEXT_… and the codes of the values, with the path in `field`
 */
export const publicItem: Shape<PublicItem> = object({ dossier, journey: optional(list(stop, { max: 10_000 })), asOf });

const name = matching(/^[A-Za-z0-9._-]{1,128}$/, 'name of a channel or chaincode');
const certificate: Shape<string> = (value) => {
  if (typeof value !== 'string' || value.length > 16_384) throw new Problem('FIELD_WRONG_TYPE', { field: '', expected: 'PEM' });
  return value;
};
const roots: Shape<TrustRoots['roots']> = (value) => {
  const certificates = list(certificate, { min: 1, max: 20 });
  return Object.fromEntries(Object.entries(asObject(value)).map(([organisation, each]) => [organisation, at(organisation, () => certificates(each))]));
};
const revocationList: Shape<string> = (value) => {
  if (typeof value !== 'string' || value.length > 1_000_000) throw new Problem('FIELD_WRONG_TYPE', { field: '', expected: 'PEM' });
  return value;
};
const revocationLists: Shape<NonNullable<TrustRoots['revocationLists']>> = (value) => {
  const lists = list(revocationList, { max: 20 });
  return Object.fromEntries(Object.entries(asObject(value)).map(([organisation, each]) => [organisation, at(organisation, () => lists(each))]));
};
/** As `publicItem` throws. */
export const trustRoots: Shape<TrustRoots> = object({ channel: name, chaincode: name, roots, revocationLists: optional(revocationLists), minimumOrganisations: wholeNumber(1, 100), ledger: oneOf('embedded', 'fabric') });

function stamped<T>(request: Shape<object>, stamps: Shape<object>, names: readonly string[]): Shape<T> {
  return (value) => {
    const entries = Object.entries(asObject(value));
    const part = (wanted: boolean): object => Object.fromEntries(entries.filter(([key]) => names.includes(key) === wanted));
    return { ...request(part(false)), ...stamps(part(true)) } as T;
  };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('FIELD_WRONG_TYPE', { field: '', expected: 'object' });
  return value as Readonly<Record<string, unknown>>;
}
