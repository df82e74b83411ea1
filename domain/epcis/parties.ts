/** Who and where, in a captured event: URIs outside, organisations and provinces of the register inside. */
import { Problem, require } from '../errors.js';
import { parseGln, type Gln } from '../gs1/item-key.js';
import { decodeOnce } from '../gs1/percent-encoding.js';
import type { OrganisationId } from '../registry/organisation.js';
import type { ProvinceCode } from '../registry/provinces.js';
import { at } from '../shape.js';
import type { CapturedEvent } from './captured-event.js';
import { readEpc, requireKind } from './epc.js';
import type { EpcisEvent } from './epcis-event.js';
import { parseOrganisationUri, parseProvinceUri, parseShipmentUri } from './own-uris.js';
import type { PartyType } from './vocabulary.js';

/** What the register knows of GLNs. Asked beforehand for {@link glnsIn} an event, so that this stays a pure function. */
export interface Directory {
  /** Whose GS1 company prefix the number is under. */
  readonly organisationOf: (gln: Gln) => OrganisationId | undefined;
  /** Where the place is. */
  readonly provinceOf: (gln: Gln) => ProvinceCode | undefined;
}

type Named<T> = { readonly known: T } | { readonly gln: Gln };

function readParty(uri: string): Named<OrganisationId> {
  const known = parseOrganisationUri(uri);
  return known === undefined ? { gln: requireKind(readEpc(uri), 'party', 'place').gln } : { known };
}

function readPlace(uri: string): Named<ProvinceCode> {
  const known = parseProvinceUri(uri);
  return known === undefined ? { gln: requireKind(readEpc(uri), 'place').gln } : { known };
}

const CBV_TRANSACTION = /^urn:epcglobal:cbv:bt:(\d{13}):([^:]{1,120})$/;

/** `urn:epcglobal:cbv:bt:{GLN of the sender}:{number}` (CBV 2.0 section 8.5), or our own URI. */
function readShipment(uri: string): { readonly from: Named<OrganisationId>; readonly number: string } {
  const own = parseShipmentUri(uri);
  if (own !== undefined) return { from: { known: own.from }, number: own.number };
  const [, gln = '', text = ''] = CBV_TRANSACTION.exec(uri) ?? [];
  const number = decodeOnce(text);
  if (gln === '' || number === undefined) throw new Problem('EPCIS_SHIPMENT_MISSING', { value: uri.slice(0, 200) });
  return { from: { gln: parseGln(gln) }, number };
}

interface Party {
  readonly field: string;
  readonly type: PartyType;
  readonly uri: string;
}

type PartyField = 'sourceList' | 'destinationList';

function partiesOf(event: EpcisEvent, list: PartyField): Party[] {
  return (event[list] ?? []).map((one, index) => ('source' in one
    ? { field: `sourceList[${index}].source`, type: one.type, uri: one.source }
    : { field: `destinationList[${index}].destination`, type: one.type, uri: one.destination }));
}

interface Location {
  readonly field: string;
  readonly uri: string;
}

function locationsOf({ readPoint, bizLocation }: EpcisEvent): Location[] {
  return [
    ...(readPoint === undefined ? [] : [{ field: 'readPoint.id', uri: readPoint.id }]),
    ...(bizLocation === undefined ? [] : [{ field: 'bizLocation.id', uri: bizLocation.id }]),
  ];
}

/**
 * The GLNs that {@link Directory} must know about before the event can become a step.
 *
 * @throws Problem EPCIS_EPC_NOT_GS1, EPCIS_EPC_KIND_WRONG, ORGANISATION_ID_MALFORMED, PROVINCE_UNKNOWN,
 *   EPCIS_SHIPMENT_MISSING (a transaction identifier of another form)
 */
export function glnsIn({ event }: CapturedEvent): Gln[] {
  const parties = [...partiesOf(event, 'sourceList'), ...partiesOf(event, 'destinationList')];
  const named: Named<string>[] = [
    ...parties.map(({ field, uri }) => at(field, () => readParty(uri))),
    ...locationsOf(event).map(({ field, uri }) => at(field, () => readPlace(uri))),
    ...(event.bizTransactionList ?? []).map(({ bizTransaction }, index) => at(`bizTransactionList[${index}]`, () => readShipment(bizTransaction).from)),
  ];
  return named.flatMap((one) => ('gln' in one ? [one.gln] : []));
}

function resolve(named: Named<OrganisationId>, directory: Directory): OrganisationId {
  if ('known' in named) return named.known;
  const organisation = directory.organisationOf(named.gln);
  require(organisation !== undefined, 'EPCIS_PARTY_UNKNOWN', { gln: named.gln });
  return organisation;
}

/**
 * The one organisation that a source or destination list names as owner, possessor or both.
 *
 * @throws Problem EPCIS_FIELD_UNSUPPORTED for a location, EPCIS_PARTY_UNKNOWN, EPCIS_PARTIES_DIFFER
 */
export function partyIn(event: EpcisEvent, list: PartyField, directory: Directory): OrganisationId | undefined {
  const parties = partiesOf(event, list).map(({ field, type, uri }) => at(field, () => {
    require(type !== 'location', 'EPCIS_FIELD_UNSUPPORTED', { type });
    return resolve(readParty(uri), directory);
  }));
  require(new Set(parties).size <= 1, 'EPCIS_PARTIES_DIFFER', { field: list });
  return parties[0];
}

/**
 * The shipment of a despatch advice.
 *
 * @throws Problem EPCIS_SHIPMENT_MISSING (none, several, or another form), EPCIS_PARTY_UNKNOWN
 */
export function shipmentIn(event: EpcisEvent, directory: Directory): { readonly from: OrganisationId; readonly number: string } {
  const [advice, ...more] = event.bizTransactionList ?? [];
  require(advice !== undefined && more.length === 0, 'EPCIS_SHIPMENT_MISSING', { field: 'bizTransactionList' });
  return at('bizTransactionList[0].bizTransaction', () => {
    const { from, number } = readShipment(advice.bizTransaction);
    return { from: resolve(from, directory), number };
  });
}

/**
 * The province in which it happened, as far as the event says one.
 *
 * @throws Problem EPCIS_PLACE_UNKNOWN where a place is named of which nobody knows the province and the event does not
 *   say it; EPCIS_PLACES_DIFFER
 */
export function provinceIn({ event, extension }: CapturedEvent, directory: Directory): ProvinceCode | undefined {
  const stated = extension['minhchung:province'];
  const province = stated === undefined ? undefined : at('minhchung:province', () => statedProvince(stated));
  const found = locationsOf(event).map(({ field, uri }) => at(field, () => provinceOfPlace(readPlace(uri), province, directory)));
  const all = new Set(province === undefined ? found : [province, ...found]);
  require(all.size <= 1, 'EPCIS_PLACES_DIFFER', { field: 'readPoint' });
  return [...all][0];
}

function statedProvince(uri: string): ProvinceCode {
  const province = parseProvinceUri(uri);
  if (province === undefined) throw new Problem('PROVINCE_UNKNOWN', { value: uri.slice(0, 60) });
  return province;
}

function provinceOfPlace(named: Named<ProvinceCode>, stated: ProvinceCode | undefined, directory: Directory): ProvinceCode {
  if ('known' in named) return named.known;
  const province = directory.provinceOf(named.gln) ?? stated;
  require(province !== undefined, 'EPCIS_PLACE_UNKNOWN', { gln: named.gln });
  return province;
}
