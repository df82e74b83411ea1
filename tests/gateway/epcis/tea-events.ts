/** The tea's way in EPCIS, as its maker and a shop capture it. */
import { PREFIX, TEA, sscc } from '../../support/fictional.js';

export const CONTEXT = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { minhchung: 'urn:minhchung:epcis:' }];
export const UNIT = sscc(PREFIX['tra-shan'], 1);
export const LOT = 'L26-001';

export const linkOf = (serial: string): string => `https://id.gs1.org/01/${TEA}/21/${serial}`;
export const unitLink = `https://id.gs1.org/00/${UNIT}`;
export const lotLink = `https://id.gs1.org/01/${TEA}/10/${LOT}`;

type Event = Record<string, unknown>;

/** Minutes after eight. */
const at = (minute: number): Event => ({ eventTime: `2026-11-20T07:${String(minute).padStart(2, '0')}:00Z`, eventTimeZoneOffset: '+07:00' });
const advice = { bizTransactionList: [{ type: 'desadv', bizTransaction: 'urn:minhchung:shipment:tra-shan:DN-1' }] };

export const commissioning = (...serials: string[]): Event => ({
  type: 'ObjectEvent', ...at(1), epcList: serials.map(linkOf), action: 'ADD', bizStep: 'commissioning', disposition: 'active', ilmd: { 'cbvmda:lotNumber': LOT },
});

export const packing = (...serials: string[]): Event => ({
  type: 'AggregationEvent', ...at(2), parentID: unitLink, childEPCs: serials.map(linkOf), action: 'ADD', bizStep: 'packing', disposition: 'container_closed',
});

export const shipping = (...epcs: string[]): Event => ({
  type: 'ObjectEvent', ...at(3), epcList: epcs, action: 'OBSERVE', bizStep: 'shipping', disposition: 'in_transit', ...advice,
  destinationList: [{ type: 'owning_party', destination: 'urn:minhchung:organisation:cua-hang-sao' }],
});

export const receiving = (...epcs: string[]): Event => ({ type: 'ObjectEvent', ...at(4), epcList: epcs, action: 'OBSERVE', bizStep: 'receiving', disposition: 'in_progress', ...advice });

export const unpacking = (...serials: string[]): Event => ({ type: 'AggregationEvent', ...at(5), parentID: unitLink, childEPCs: serials.map(linkOf), action: 'DELETE', bizStep: 'unpacking' });

export const selling = (...serials: string[]): Event => ({ type: 'ObjectEvent', ...at(6), epcList: serials.map(linkOf), action: 'OBSERVE', bizStep: 'retail_selling', disposition: 'retail_sold' });

export const holding = (...serials: string[]): Event => ({
  type: 'ObjectEvent', ...at(7), epcList: serials.map(linkOf), action: 'OBSERVE', bizStep: 'holding', disposition: 'non_sellable_other', 'minhchung:reason': 'chờ kiểm tra', 'minhchung:cause': 'quarantined',
});

export const recalling = (): Event => ({
  type: 'ObjectEvent', ...at(8), quantityList: [{ epcClass: lotLink }], action: 'OBSERVE', bizStep: 'holding', disposition: 'recalled', persistentDisposition: { set: ['recalled'] },
  'minhchung:reason': 'nhiễm khuẩn', 'minhchung:instruction': 'trả lại nơi mua',
});

export const documentOf = (...events: Event[]): Event => ({ '@context': CONTEXT, type: 'EPCISDocument', schemaVersion: '2.0', creationDate: '2026-11-20T08:00:00Z', epcisBody: { eventList: events } });

/** One event with the context it needs when it comes alone. */
export const alone = (event: Event): Event => ({ '@context': CONTEXT, ...event });
