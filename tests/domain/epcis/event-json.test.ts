import { describe, expect, it } from 'vitest';
import { epcisEventOf, EPCIS_CONTEXT } from '#domain/epcis/event-json.js';
import type { EventRecord, Step } from '#domain/epcis/event-record.js';
import { eventUri, parseEventUri, parseOrganisationUri, parseProvinceUri, parseShipmentUri, shipmentUri } from '#domain/epcis/own-uris.js';
import { STEP_PATTERNS } from '#domain/epcis/step-table.js';
import type { Gln, ItemKey, Lot } from '#domain/gs1/item-key.js';
import { problemOf } from './problem-of.js';
import { link, LOT, MAKER, MAKER_GLN, recordOf, SERIAL_1, SERIAL_2, SHOP, UNIT } from './sample-events.js';

const PLACE = { transactionId: 'a1'.repeat(32), index: 3 };
const DRUM_LOT = '/01/09520000000028/10/A1' as ItemKey;
const DRUM_1 = '/01/09520000000028/21/D1' as ItemKey;
const DRUM_2 = '/01/09520000000028/21/D2' as ItemKey;

const always = {
  eventID: `urn:minhchung:event:${'a1'.repeat(32)}:3`,
  eventTime: '2026-11-20T08:30:00.000Z', eventTimeZoneOffset: '+07:00', recordTime: '2026-11-20T08:41:00.250Z',
  readPoint: { id: 'urn:minhchung:province:15' },
  'minhchung:recordedBy': 'urn:minhchung:organisation:tra-xanh-shan',
};
const bizLocation = always.readPoint;
const serials = [link(SERIAL_1), link(SERIAL_2)];
const sold = { sourceList: [{ type: 'possessing_party', source: 'urn:minhchung:organisation:tra-xanh-shan' }], destinationList: [{ type: 'possessing_party', destination: 'urn:minhchung:organisation:cua-hang-pho-co' }] };
const advice = { bizTransactionList: [{ type: 'desadv', bizTransaction: 'urn:minhchung:shipment:tra-xanh-shan:DN-1' }] };
const handOver = { shipment: 'DN-1', from: MAKER, to: SHOP };

interface Row {
  readonly record: EventRecord;
  /** Beside `always` and `minhchung:step`. */
  readonly json: Record<string, unknown>;
}

const object = (action: string, bizStep: string, disposition: string): Record<string, unknown> => ({ type: 'ObjectEvent', action, bizStep, disposition });

/** Source of every row: the mapping of operations to CBV 2.0 that the product documents. */
const ROWS: Readonly<Record<Step, Row>> = {
  'open-lot': {
    record: recordOf({ step: 'open-lot', items: [DRUM_LOT], masses: [{ item: DRUM_LOT, mass: '200000000' }] }),
    json: { ...object('ADD', 'commissioning', 'active'), quantityList: [{ epcClass: link(DRUM_LOT), quantity: 200, uom: 'KGM' }], bizLocation, 'minhchung:masses': [{ 'minhchung:item': link(DRUM_LOT), 'minhchung:kilograms': '200' }] },
  },
  'commission': { record: recordOf({ step: 'commission' }), json: { ...object('ADD', 'commissioning', 'active'), epcList: serials, bizLocation } },
  'pack': {
    record: recordOf({ step: 'pack', unit: UNIT }),
    json: { type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', disposition: 'container_closed', parentID: link(UNIT), childEPCs: serials, bizLocation },
  },
  'unpack': {
    record: recordOf({ step: 'unpack', unit: UNIT }),
    json: { type: 'AggregationEvent', action: 'DELETE', bizStep: 'unpacking', disposition: 'in_progress', parentID: link(UNIT), childEPCs: serials, bizLocation },
  },
  'ship': { record: recordOf({ step: 'ship', ...handOver }), json: { ...object('OBSERVE', 'shipping', 'in_transit'), epcList: serials, ...advice, ...sold } },
  'receive': {
    record: recordOf({ step: 'receive', by: MAKER, ...handOver, difference: { short: [SERIAL_2], damaged: [], over: [UNIT] } }),
    json: {
      ...object('OBSERVE', 'receiving', 'in_progress'), epcList: serials, ...advice, ...sold, bizLocation,
      'minhchung:difference': { 'minhchung:short': [link(SERIAL_2)], 'minhchung:over': [link(UNIT)] },
    },
  },
  'cancel-shipment': {
    record: recordOf({ step: 'cancel-shipment', ...handOver, reason: 'nhầm địa chỉ' }),
    json: { ...object('OBSERVE', 'void_shipping', 'in_progress'), epcList: serials, ...advice, ...sold, bizLocation, 'minhchung:reason': 'nhầm địa chỉ' },
  },
  'sold': { record: recordOf({ step: 'sold' }), json: { ...object('OBSERVE', 'retail_selling', 'retail_sold'), epcList: serials } },
  'used': { record: recordOf({ step: 'used' }), json: { ...object('DELETE', 'decommissioning', 'inactive'), epcList: serials } },
  'decommissioned': { record: recordOf({ step: 'decommissioned' }), json: { ...object('DELETE', 'decommissioning', 'inactive'), epcList: serials } },
  'destroyed': { record: recordOf({ step: 'destroyed' }), json: { ...object('DELETE', 'destroying', 'destroyed'), epcList: serials } },
  'lost': { record: recordOf({ step: 'lost' }), json: { ...object('OBSERVE', 'holding', 'unavailable'), epcList: serials } },
  'stolen': { record: recordOf({ step: 'stolen' }), json: { ...object('OBSERVE', 'holding', 'stolen'), epcList: serials } },
  'recover': { record: recordOf({ step: 'recover' }), json: { ...object('OBSERVE', 'storing', 'available'), epcList: serials, bizLocation } },
  'hold': { record: recordOf({ step: 'hold' }), json: { ...object('OBSERVE', 'holding', 'non_sellable_other'), epcList: serials, bizLocation } },
  'release': { record: recordOf({ step: 'release' }), json: { ...object('OBSERVE', 'holding', 'available'), epcList: serials, bizLocation } },
  'recall': {
    record: recordOf({ step: 'recall', items: [LOT] }),
    json: { ...object('OBSERVE', 'holding', 'recalled'), quantityList: [{ epcClass: link(LOT) }], persistentDisposition: { set: ['recalled'] } },
  },
  'end-recall': {
    record: recordOf({ step: 'end-recall', items: [LOT] }),
    json: { ...object('OBSERVE', 'holding', 'available'), quantityList: [{ epcClass: link(LOT) }], persistentDisposition: { unset: ['recalled'] } },
  },
  'suspend': {
    record: recordOf({ step: 'suspend', items: [LOT] }),
    json: { ...object('OBSERVE', 'holding', 'non_sellable_other'), quantityList: [{ epcClass: link(LOT) }], persistentDisposition: { set: ['non_sellable_other'] } },
  },
  'release-lot': {
    record: recordOf({ step: 'release-lot', items: [LOT] }),
    json: { ...object('OBSERVE', 'holding', 'available'), quantityList: [{ epcClass: link(LOT) }], persistentDisposition: { unset: ['non_sellable_other'] } },
  },
  'split': {
    record: recordOf({
      step: 'split', items: [DRUM_1, DRUM_2], source: DRUM_LOT, loss: '500000',
      masses: [{ item: DRUM_1, mass: '25000000' }, { item: DRUM_2, mass: '25000000' }, { item: DRUM_LOT, mass: '149500000' }],
    }),
    json: {
      type: 'TransformationEvent', bizStep: 'repackaging', disposition: 'in_progress', bizLocation,
      inputQuantityList: [{ epcClass: link(DRUM_LOT), quantity: 50.5, uom: 'KGM' }], outputEPCList: [link(DRUM_1), link(DRUM_2)],
      'minhchung:masses': [
        { 'minhchung:item': link(DRUM_1), 'minhchung:kilograms': '25' }, { 'minhchung:item': link(DRUM_2), 'minhchung:kilograms': '25' },
        { 'minhchung:item': link(DRUM_LOT), 'minhchung:kilograms': '149.5' },
      ],
      'minhchung:loss': '0.5',
    },
  },
  'draw': {
    record: recordOf({ step: 'draw', items: [DRUM_1], source: DRUM_1, masses: [{ item: DRUM_1, mass: '1' }], loss: '0', reason: 'used: làm sạch' }),
    json: {
      ...object('OBSERVE', 'dispensing', 'partially_dispensed'), epcList: [link(DRUM_1)], bizLocation, 'minhchung:reason': 'used: làm sạch',
      'minhchung:masses': [{ 'minhchung:item': link(DRUM_1), 'minhchung:kilograms': '0.000001' }], 'minhchung:loss': '0',
    },
  },
};

describe('a record as an EPCIS event', () => {
  it.each(Object.keys(STEP_PATTERNS) as Step[])('%s', (step) => {
    const { record, json } = ROWS[step];
    expect(epcisEventOf(record, PLACE)).toEqual({ ...always, 'minhchung:step': step, ...json });
  });

  it('tells the lot of what is commissioned, where it is known', () => {
    const lots = new Map([[SERIAL_1, 'LO26-001' as Lot]]);
    expect(epcisEventOf(recordOf({ step: 'commission' }), PLACE, { lotOf: (key) => lots.get(key) }).ilmd).toEqual({ 'cbvmda:lotNumber': 'LO26-001' });
    expect(epcisEventOf(recordOf({ step: 'hold' }), PLACE, { lotOf: (key) => lots.get(key) }).ilmd).toBeUndefined();
  });

  it('names a party by its GLN, where it has one', () => {
    const event = epcisEventOf(recordOf({ step: 'ship', ...handOver }), PLACE, { glnOf: (id) => (id === MAKER ? MAKER_GLN as Gln : undefined) });
    expect(event.sourceList).toEqual([{ type: 'possessing_party', source: `https://id.gs1.org/417/${MAKER_GLN}` }]);
    expect(event.destinationList).toEqual([{ type: 'possessing_party', destination: 'urn:minhchung:organisation:cua-hang-pho-co' }]);
  });

  it('says that a container drawn empty is dispensed', () => {
    const { record } = ROWS['draw'];
    const event = epcisEventOf({ ...record, masses: [{ item: DRUM_1, mass: '0' }] }, PLACE);
    expect([event.action, event.disposition]).toEqual(['DELETE', 'dispensed']);
  });

  it('names a container that is divided as an input of its own', () => {
    const event = epcisEventOf(recordOf({ step: 'split', items: [DRUM_2], source: DRUM_1, masses: [{ item: DRUM_2, mass: '1000000' }, { item: DRUM_1, mass: '0' }], loss: '0' }), PLACE);
    expect([event.inputEPCList, event.inputQuantityList, event.outputEPCList]).toEqual([[link(DRUM_1)], undefined, [link(DRUM_2)]]);
  });

  it('leaves out a quantity that a JSON number cannot hold; the exact one stands beside', () => {
    const mass = '123456789012345678';
    const event = epcisEventOf(recordOf({ step: 'open-lot', items: [DRUM_LOT], masses: [{ item: DRUM_LOT, mass }] }), PLACE);
    expect(event.quantityList).toEqual([{ epcClass: link(DRUM_LOT) }]);
    expect(event['minhchung:masses']).toEqual([{ 'minhchung:item': link(DRUM_LOT), 'minhchung:kilograms': '123456789012.345678' }]);
  });

  it('declares the prefix of its extension', () => {
    expect(EPCIS_CONTEXT).toEqual(['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { minhchung: 'urn:minhchung:epcis:' }]);
  });
});

describe('names of our own', () => {
  it('an event\'s place can be read back from its name', () => {
    expect(parseEventUri(eventUri(PLACE))).toEqual(PLACE);
    for (const other of ['', `urn:minhchung:event:${'a1'.repeat(32)}:03`, `urn:minhchung:event:${'A1'.repeat(32)}:3`, `urn:minhchung:event:${'a1'.repeat(32)}:3 `, 'ni:///sha-256;00']) {
      expect(parseEventUri(other)).toBeUndefined();
    }
  });

  it('a shipment\'s number may hold any of its characters', () => {
    expect(parseShipmentUri(shipmentUri(MAKER, 'A.b_c-1'))).toEqual({ from: MAKER, number: 'A.b_c-1' });
    expect(parseShipmentUri('urn:epcglobal:cbv:bt:9520000000103:1')).toBeUndefined();
    expect(problemOf(() => parseShipmentUri('urn:minhchung:shipment:tra-xanh-shan')).code).toBe('EPCIS_URI_MALFORMED');
    expect(problemOf(() => parseShipmentUri('urn:minhchung:shipment:tra-xanh-shan:1:2')).code).toBe('EPCIS_URI_MALFORMED');
    expect(problemOf(() => parseShipmentUri('urn:minhchung:shipment:X:1')).code).toBe('ORGANISATION_ID_MALFORMED');
  });

  it('organisations and provinces are those of the register', () => {
    expect(parseOrganisationUri('urn:minhchung:organisation:tra-xanh-shan')).toBe(MAKER);
    expect(parseOrganisationUri('https://id.gs1.org/417/9520000000103')).toBeUndefined();
    expect(parseProvinceUri('urn:minhchung:province:01')).toBe('01');
    expect(problemOf(() => parseProvinceUri('urn:minhchung:province:99')).code).toBe('PROVINCE_UNKNOWN');
  });
});
