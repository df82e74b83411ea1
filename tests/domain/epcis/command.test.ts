import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepOf } from '#domain/epcis/command.js';
import { epcisEventOf } from '#domain/epcis/event-json.js';
import type { EventRecord, Step } from '#domain/epcis/event-record.js';
import { glnsIn } from '#domain/epcis/parties.js';
import { lotKey, parseLot, parseSerial, serialKey, ssccKey, type Sscc } from '#domain/gs1/item-key.js';
import { parseGtin, type Gtin } from '#domain/gs1/gtin.js';
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import { instantOf } from '#domain/instant.js';
import { PROVINCE_CODES } from '#domain/registry/provinces.js';
import { problemOf } from './problem-of.js';
import { aggregationEvent, captured, directory, emptyDirectory, HAPPENED_AT, link, LOT, MAKER, MAKER_GLN, objectEvent, SERIAL_1, SERIAL_2, SHOP, SHOP_GLN, UNIT } from './sample-events.js';

const step = (event: unknown, by = MAKER): unknown => stepOf(captured(event), by, directory);
const at = { happenedAt: HAPPENED_AT };
const both = [SERIAL_1, SERIAL_2];
const advice = (uri: string): Record<string, unknown> => ({ bizTransactionList: [{ type: 'desadv', bizTransaction: uri }] });
const OWN_ADVICE = advice('urn:minhchung:shipment:tra-xanh-shan:DN-1');
const toShop = { destinationList: [{ type: 'owning_party', destination: `urn:epc:id:pgln:9520000.00020` }] };
const lotEvent = (more: Record<string, unknown>): Record<string, unknown> => objectEvent({ epcList: undefined, quantityList: [{ epcClass: link(LOT) }], bizStep: 'holding', 'minhchung:reason': 'nhiễm khuẩn', ...more });
const measure = { gtin: '09520000000011', lot: 'LO26-001', reason: 'nhiễm khuẩn' };

describe('an event as one step of a capture', () => {
  const rows: readonly { name: string; event: Record<string, unknown>; by?: typeof MAKER; transaction: string; request: unknown }[] = [
    {
      name: 'commissioning, the lot in the master data',
      event: objectEvent({ action: 'ADD', bizStep: 'commissioning', disposition: 'active', ilmd: { 'cbvmda:lotNumber': 'LO26-001' } }),
      transaction: 'goods:commission', request: { gtin: '09520000000011', lot: 'LO26-001', serials: ['S1', 'S2'], ...at },
    },
    {
      name: 'commissioning, the lot in the links, no disposition',
      event: objectEvent({ epcList: ['https://id.gs1.org/01/09520000000011/10/LO26-001/21/S1'], action: 'ADD', bizStep: 'commissioning' }),
      transaction: 'goods:commission', request: { gtin: '09520000000011', lot: 'LO26-001', serials: ['S1'], ...at },
    },
    {
      name: 'packing',
      event: aggregationEvent({ action: 'ADD', bizStep: 'packing', readPoint: { id: 'urn:minhchung:province:15' } }),
      transaction: 'goods:pack', request: { unit: '095200000000000011', items: both, ...at, province: '15' },
    },
    {
      name: 'unpacking some',
      event: aggregationEvent({ action: 'DELETE', bizStep: 'unpacking', childEPCs: [link(SERIAL_2)] }),
      transaction: 'goods:unpack', request: { unit: '095200000000000011', items: [SERIAL_2], ...at },
    },
    {
      name: 'unpacking all',
      event: aggregationEvent({ action: 'DELETE', bizStep: 'unpacking', childEPCs: undefined }),
      transaction: 'goods:unpack', request: { unit: '095200000000000011', ...at },
    },
    {
      name: 'shipping, parties and advice by GLN, the place known',
      event: objectEvent({
        bizStep: 'shipping', disposition: 'in_transit', readPoint: { id: `https://id.gs1.org/414/${MAKER_GLN}` },
        ...advice(`urn:epcglobal:cbv:bt:${MAKER_GLN}:DN-1`),
        sourceList: [{ type: 'owning_party', source: `https://id.gs1.org/417/${MAKER_GLN}` }, { type: 'possessing_party', source: 'urn:minhchung:organisation:tra-xanh-shan' }], ...toShop,
      }),
      transaction: 'goods:ship', request: { number: 'DN-1', to: SHOP, items: both, ...at, province: '15' },
    },
    {
      name: 'shipping from a place that only the event can tell of',
      event: objectEvent({ epcList: [link(UNIT)], bizStep: 'shipping', readPoint: { id: `urn:epc:id:sgln:9520000.00020.0` }, 'minhchung:province': 'urn:minhchung:province:01', ...OWN_ADVICE, ...toShop }),
      transaction: 'goods:ship', request: { number: 'DN-1', to: SHOP, items: [UNIT], ...at, province: '01' },
    },
    {
      name: 'receiving all', by: SHOP,
      event: objectEvent({ bizStep: 'receiving', disposition: 'in_progress', ...OWN_ADVICE }),
      transaction: 'goods:receive', request: { from: MAKER, number: 'DN-1', received: both, short: [], damaged: [], over: [], ...at },
    },
    {
      name: 'receiving with a difference', by: SHOP,
      event: objectEvent({
        bizStep: 'receiving', ...OWN_ADVICE, sourceList: [{ type: 'possessing_party', source: 'urn:minhchung:organisation:tra-xanh-shan' }],
        destinationList: [{ type: 'possessing_party', destination: 'urn:minhchung:organisation:cua-hang-pho-co' }],
        'minhchung:difference': { 'minhchung:damaged': [link(SERIAL_2)], 'minhchung:short': ['https://id.gs1.org/01/09520000000011/21/S3'], 'minhchung:over': [link(UNIT)] },
      }),
      transaction: 'goods:receive', request: { from: MAKER, number: 'DN-1', received: [SERIAL_1], short: ['/01/09520000000011/21/S3'], damaged: [SERIAL_2], over: [UNIT], ...at },
    },
    { name: 'a retail sale', event: objectEvent({ bizStep: 'retail_selling', disposition: 'retail_sold' }), transaction: 'goods:end', request: { as: 'sold', items: both, ...at } },
    {
      name: 'decommissioning', event: objectEvent({ action: 'DELETE', bizStep: 'decommissioning', 'minhchung:reason': 'hỏng tem' }),
      transaction: 'goods:end', request: { as: 'decommissioned', items: both, reason: 'hỏng tem', ...at },
    },
    {
      name: 'decommissioning by use', event: objectEvent({ action: 'DELETE', bizStep: 'decommissioning', disposition: 'inactive', 'minhchung:step': 'used' }),
      transaction: 'goods:end', request: { as: 'used', items: both, ...at },
    },
    { name: 'destruction', event: objectEvent({ action: 'DELETE', bizStep: 'destroying', disposition: 'destroyed' }), transaction: 'goods:end', request: { as: 'destroyed', items: both, ...at } },
    { name: 'a loss', event: objectEvent({ bizStep: 'holding', disposition: 'unavailable', 'minhchung:reason': 'mất' }), transaction: 'goods:report', request: { as: 'lost', items: both, reason: 'mất', ...at } },
    { name: 'a theft', event: objectEvent({ bizStep: 'holding', disposition: 'stolen', 'minhchung:reason': 'trộm' }), transaction: 'goods:report', request: { as: 'stolen', items: both, reason: 'trộm', ...at } },
    { name: 'goods found again', event: objectEvent({ bizStep: 'storing', disposition: 'available', 'minhchung:reason': 'tìm thấy' }), transaction: 'goods:recover', request: { items: both, reason: 'tìm thấy', ...at } },
    {
      name: 'a hold', event: objectEvent({ bizStep: 'holding', disposition: 'non_sellable_other', 'minhchung:reason': 'chờ', 'minhchung:cause': 'quarantined' }),
      transaction: 'goods:hold', request: { items: both, cause: 'quarantined', reason: 'chờ', ...at },
    },
    { name: 'damage', event: objectEvent({ bizStep: 'holding', disposition: 'damaged', 'minhchung:reason': 'vỡ' }), transaction: 'goods:hold', request: { items: both, cause: 'damaged', reason: 'vỡ', ...at } },
    { name: 'a release', event: objectEvent({ bizStep: 'holding', disposition: 'available', 'minhchung:reason': 'đạt' }), transaction: 'goods:release', request: { items: both, reason: 'đạt', ...at } },
    {
      name: 'a recall', event: lotEvent({ disposition: 'recalled', persistentDisposition: { set: ['recalled'] }, 'minhchung:instruction': 'trả lại nơi mua' }),
      transaction: 'goods:recallLot', request: { ...measure, instruction: 'trả lại nơi mua' },
    },
    { name: 'the end of a recall', event: lotEvent({ disposition: 'available', persistentDisposition: { unset: ['recalled'] } }), transaction: 'goods:endRecall', request: measure },
    {
      name: 'a suspension', event: lotEvent({ persistentDisposition: { set: ['non_sellable_other'] }, 'minhchung:instruction': 'ngừng bán' }),
      transaction: 'goods:suspendLot', request: { ...measure, instruction: 'ngừng bán' },
    },
    { name: 'the end of a suspension', event: lotEvent({ persistentDisposition: { unset: ['non_sellable_other'] } }), transaction: 'goods:releaseLot', request: measure },
  ];

  it.each(rows)('$name → $transaction', ({ event, by, transaction, request }) => {
    expect(step(event, by)).toEqual({ transaction, request });
  });
});

describe('what is refused, each by its own code', () => {
  const rows: readonly [name: string, event: Record<string, unknown>, code: string, fields: Record<string, string>][] = [
    ['an event type with no operation', { type: 'TransactionEvent' }, 'EPCIS_EVENT_TYPE_UNSUPPORTED', { field: 'type', value: 'TransactionEvent' }],
    ['a transformation', { type: 'TransformationEvent' }, 'EPCIS_EVENT_TYPE_UNSUPPORTED', { field: 'type', value: 'TransformationEvent' }],
    ['an extended event type', { type: 'minhchung:Event' }, 'EPCIS_EVENT_TYPE_UNSUPPORTED', { field: 'type', value: 'minhchung:Event' }],
    ['a type of nobody', objectEvent({ type: 'Foo' }), 'FIELD_WRONG_VALUE', { field: 'type' }],
    ['no type', {}, 'FIELD_MISSING', { field: 'eventTime' }],
    ['an error declaration', objectEvent({ errorDeclaration: { declarationTime: '2026-11-20T08:30:00Z' } }), 'EPCIS_ERROR_DECLARATION_UNSUPPORTED', { field: 'errorDeclaration' }],
    ['sensor data', objectEvent({ sensorElementList: [] }), 'EPCIS_FIELD_UNSUPPORTED', { field: 'sensorElementList' }],
    ['a certification', objectEvent({ certificationInfo: 'urn:x:1' }), 'EPCIS_FIELD_UNSUPPORTED', { field: 'certificationInfo' }],
    ['children by quantity', aggregationEvent({ childQuantityList: [] }), 'EPCIS_FIELD_UNSUPPORTED', { field: 'childQuantityList' }],
    ['a quantity of a class', lotEvent({ quantityList: [{ epcClass: link(LOT), quantity: 5 }] }), 'EPCIS_FIELD_UNSUPPORTED', { field: 'quantityList[0].quantity' }],
    ['another transaction type', objectEvent({ bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:1' }] }), 'EPCIS_FIELD_UNSUPPORTED', { field: 'bizTransactionList[0].type', type: 'po' }],
    ['an extension of others', objectEvent({ 'example:colour': 'red' }), 'EPCIS_EXTENSION_UNKNOWN', { field: 'example:colour' }],
    ['an extension of ours that is none', objectEvent({ 'minhchung:colour': 'red' }), 'FIELD_UNKNOWN', { field: 'minhchung:colour' }],
    ['a member of no standard', objectEvent({ colour: 'red' }), 'FIELD_UNKNOWN', { field: 'colour' }],
    ['a member of another event type', objectEvent({ parentID: link(UNIT) }), 'FIELD_UNKNOWN', { field: 'parentID' }],
    ['a word of no vocabulary', objectEvent({ bizStep: 'teleporting' }), 'EPCIS_WORD_UNKNOWN', { field: 'bizStep', value: 'teleporting' }],
    ['a word of another list', objectEvent({ bizStep: 'in_transit' }), 'EPCIS_WORD_UNKNOWN', { field: 'bizStep', value: 'in_transit' }],
    ['an operation that is none here', objectEvent({ bizStep: 'installing' }), 'EPCIS_OPERATION_UNSUPPORTED', { field: 'bizStep', type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'installing', disposition: '' }],
    ['no business step', objectEvent(), 'EPCIS_OPERATION_UNSUPPORTED', { field: 'bizStep', bizStep: '' }],
    ['the wrong action', objectEvent({ action: 'DELETE', bizStep: 'shipping' }), 'EPCIS_OPERATION_UNSUPPORTED', { action: 'DELETE', bizStep: 'shipping' }],
    ['the wrong disposition', objectEvent({ bizStep: 'shipping', disposition: 'stolen' }), 'EPCIS_OPERATION_UNSUPPORTED', { disposition: 'stolen' }],
    ['a holding that could mean anything', objectEvent({ bizStep: 'holding' }), 'EPCIS_OPERATION_UNSUPPORTED', { bizStep: 'holding', disposition: '' }],
    ['a recall that does not last', lotEvent({ disposition: 'recalled' }), 'EPCIS_OPERATION_UNSUPPORTED', { disposition: 'recalled' }],
    ['goods and classes together', objectEvent({ quantityList: [{ epcClass: link(LOT) }], bizStep: 'holding', disposition: 'stolen' }), 'EPCIS_OPERATION_UNSUPPORTED', { bizStep: 'holding' }],
    ['a voided shipment', objectEvent({ bizStep: 'void_shipping', ...OWN_ADVICE }), 'EPCIS_OPERATION_UNSUPPORTED', { bizStep: 'void_shipping' }],
    ['a new lot', lotEvent({ action: 'ADD', bizStep: 'commissioning', 'minhchung:reason': undefined }), 'EPCIS_OPERATION_UNSUPPORTED', { bizStep: 'commissioning' }],
    ['a step that the event does not say', objectEvent({ bizStep: 'shipping', 'minhchung:step': 'sold' }), 'EPCIS_OPERATION_UNSUPPORTED', { step: 'sold' }],
    ['no goods', objectEvent({ epcList: [], bizStep: 'shipping' }), 'LIST_EMPTY', { field: 'epcList' }],
    ['no children', aggregationEvent({ childEPCs: [], action: 'ADD', bizStep: 'packing' }), 'LIST_EMPTY', { field: 'childEPCs' }],
    ['one thing in two spellings', objectEvent({ epcList: [link(SERIAL_1), 'urn:epc:id:sgtin:9520000.000001.S1'] }), 'LIST_REPEATS', { field: 'epcList[1]', value: SERIAL_1 }],
    ['an identifier of a company\'s own', objectEvent({ epcList: ['urn:uuid:00000000-0000-4000-8000-000000000000'] }), 'EPCIS_EPC_NOT_GS1', { field: 'epcList[0]' }],
    ['a web address without a GS1 key', objectEvent({ epcList: ['https://example.org/things/1'] }), 'LINK_NO_PRIMARY_KEY', { field: 'epcList[0]' }],
    ['a mistyped GTIN', objectEvent({ epcList: ['https://id.gs1.org/01/09520000000012/21/S1'] }), 'AI_CHECK_DIGIT_WRONG', { field: 'epcList[0]' }],
    ['a lot among serials', objectEvent({ epcList: [link(LOT)], bizStep: 'retail_selling' }), 'EPCIS_EPC_KIND_WRONG', { item: LOT, expected: 'serial | unit' }],
    ['a serial as a class', lotEvent({ quantityList: [{ epcClass: link(SERIAL_1) }], disposition: 'recalled', persistentDisposition: { set: ['recalled'] } }), 'EPCIS_EPC_KIND_WRONG', { expected: 'lot' }],
    ['a serial as a parent', aggregationEvent({ parentID: link(SERIAL_1), childEPCs: [link(SERIAL_2)], action: 'ADD', bizStep: 'packing' }), 'EPCIS_EPC_KIND_WRONG', { expected: 'unit' }],
    ['two products in one commissioning', objectEvent({ epcList: [link(SERIAL_1), 'https://id.gs1.org/01/09520000000028/21/S1'], action: 'ADD', bizStep: 'commissioning', ilmd: { 'cbvmda:lotNumber': 'L' } }), 'EPCIS_PRODUCTS_DIFFER', { field: 'epcList' }],
    ['two lots in one commissioning', objectEvent({ epcList: ['https://id.gs1.org/01/09520000000011/10/A/21/S1'], action: 'ADD', bizStep: 'commissioning', ilmd: { 'cbvmda:lotNumber': 'B' } }), 'EPCIS_PRODUCTS_DIFFER', { field: 'epcList' }],
    ['commissioning without a lot', objectEvent({ action: 'ADD', bizStep: 'commissioning' }), 'EPCIS_LOT_MISSING', { field: 'ilmd' }],
    ['a lot number that is none', objectEvent({ action: 'ADD', bizStep: 'commissioning', ilmd: { 'cbvmda:lotNumber': 'a b' } }), 'LOT_MALFORMED', { field: 'ilmd.cbvmda:lotNumber' }],
    ['other master data', objectEvent({ action: 'ADD', bizStep: 'commissioning', ilmd: { 'cbvmda:netWeight': '1' } }), 'FIELD_UNKNOWN', { field: 'ilmd.cbvmda:netWeight' }],
    ['master data of what is there already', objectEvent({ bizStep: 'shipping', ilmd: { 'cbvmda:lotNumber': 'L' } }), 'EPCIS_FIELD_UNSUPPORTED', { field: 'ilmd' }],
    ['shipping without an advice', objectEvent({ bizStep: 'shipping', ...toShop }), 'EPCIS_SHIPMENT_MISSING', { field: 'bizTransactionList' }],
    ['shipping under two advices', objectEvent({ bizStep: 'shipping', ...toShop, bizTransactionList: [{ type: 'desadv', bizTransaction: 'urn:x:1' }, { type: 'desadv', bizTransaction: 'urn:x:2' }] }), 'EPCIS_SHIPMENT_MISSING', { field: 'bizTransactionList' }],
    ['an advice of another form', objectEvent({ bizStep: 'shipping', ...toShop, ...advice('urn:x:1') }), 'EPCIS_SHIPMENT_MISSING', { field: 'bizTransactionList[0].bizTransaction', value: 'urn:x:1' }],
    ['an advice whose number cannot be one', objectEvent({ bizStep: 'shipping', ...toShop, ...advice(`urn:epcglobal:cbv:bt:${MAKER_GLN}:a%20b`) }), 'FIELD_WRONG_VALUE', { field: 'bizTransactionList[0].bizTransaction' }],
    ['another sender\'s advice', objectEvent({ bizStep: 'shipping', ...toShop, ...advice(`urn:epcglobal:cbv:bt:${SHOP_GLN}:DN-1`) }), 'EPCIS_PARTY_OTHER', { field: 'sourceList', party: SHOP, by: MAKER }],
    ['another\'s goods', objectEvent({ bizStep: 'shipping', ...toShop, ...OWN_ADVICE, sourceList: [{ type: 'owning_party', source: 'urn:minhchung:organisation:cua-hang-pho-co' }] }), 'EPCIS_PARTY_OTHER', { field: 'sourceList' }],
    ['shipping to nobody', objectEvent({ bizStep: 'shipping', ...OWN_ADVICE }), 'EPCIS_PARTY_MISSING', { field: 'destinationList' }],
    ['shipping to a GLN of nobody', objectEvent({ bizStep: 'shipping', ...OWN_ADVICE, destinationList: [{ type: 'owning_party', destination: 'https://id.gs1.org/417/9520000000301' }] }), 'EPCIS_PARTY_UNKNOWN', { field: 'destinationList[0].destination', gln: '9520000000301' }],
    ['shipping to two', objectEvent({ bizStep: 'shipping', ...OWN_ADVICE, destinationList: [{ type: 'owning_party', destination: `https://id.gs1.org/417/${SHOP_GLN}` }, { type: 'possessing_party', destination: `https://id.gs1.org/417/${MAKER_GLN}` }] }), 'EPCIS_PARTIES_DIFFER', { field: 'destinationList' }],
    ['a destination that is a place', objectEvent({ bizStep: 'shipping', ...OWN_ADVICE, destinationList: [{ type: 'location', destination: `https://id.gs1.org/414/${SHOP_GLN}` }] }), 'EPCIS_FIELD_UNSUPPORTED', { field: 'destinationList[0].destination', type: 'location' }],
    ['a party that is goods', objectEvent({ bizStep: 'shipping', ...OWN_ADVICE, destinationList: [{ type: 'owning_party', destination: link(UNIT) }] }), 'EPCIS_EPC_KIND_WRONG', { expected: 'party | place' }],
    ['parties where nothing is handed over', objectEvent({ bizStep: 'retail_selling', ...toShop }), 'EPCIS_FIELD_UNSUPPORTED', { field: 'destinationList' }],
    ['a place nobody knows', objectEvent({ bizStep: 'retail_selling', readPoint: { id: `https://id.gs1.org/414/${SHOP_GLN}` } }), 'EPCIS_PLACE_UNKNOWN', { field: 'readPoint.id', gln: SHOP_GLN }],
    ['two places', objectEvent({ bizStep: 'retail_selling', readPoint: { id: 'urn:minhchung:province:01' }, bizLocation: { id: 'urn:minhchung:province:15' } }), 'EPCIS_PLACES_DIFFER', { field: 'readPoint' }],
    ['a place other than said', objectEvent({ bizStep: 'retail_selling', readPoint: { id: `https://id.gs1.org/414/${MAKER_GLN}` }, 'minhchung:province': 'urn:minhchung:province:01' }), 'EPCIS_PLACES_DIFFER', { field: 'readPoint' }],
    ['a place for a lot', lotEvent({ disposition: 'recalled', persistentDisposition: { set: ['recalled'] }, readPoint: { id: 'urn:minhchung:province:01' }, 'minhchung:instruction': 'x' }), 'EPCIS_FIELD_UNSUPPORTED', { field: 'readPoint' }],
    ['a theft without a reason', objectEvent({ bizStep: 'holding', disposition: 'stolen' }), 'FIELD_MISSING', { field: 'minhchung:reason' }],
    ['a recall without an instruction', lotEvent({ disposition: 'recalled', persistentDisposition: { set: ['recalled'] } }), 'FIELD_MISSING', { field: 'minhchung:instruction' }],
    ['a hold without a cause', objectEvent({ bizStep: 'holding', disposition: 'non_sellable_other', 'minhchung:reason': 'x' }), 'FIELD_MISSING', { field: 'minhchung:cause' }],
    ['a hold of a cause that is none', objectEvent({ bizStep: 'holding', disposition: 'non_sellable_other', 'minhchung:reason': 'x', 'minhchung:cause': 'whim' }), 'FIELD_WRONG_VALUE', { field: 'minhchung:cause' }],
    ['damage of another cause', objectEvent({ bizStep: 'holding', disposition: 'damaged', 'minhchung:reason': 'x', 'minhchung:cause': 'seized' }), 'FIELD_WRONG_VALUE', { field: 'minhchung:cause', expected: 'damaged' }],
    ['a reason where none is kept', aggregationEvent({ action: 'ADD', bizStep: 'packing', 'minhchung:reason': 'x' }), 'EPCIS_FIELD_UNSUPPORTED', { field: 'minhchung:reason' }],
    ['a record of another recorder', objectEvent({ bizStep: 'retail_selling', 'minhchung:recordedBy': 'urn:minhchung:organisation:cua-hang-pho-co' }), 'EPCIS_PARTY_OTHER', { field: 'minhchung:recordedBy', by: MAKER }],
    ['a time that is none', objectEvent({ eventTime: '2026-02-30T00:00:00Z' }), 'INSTANT_INVALID', { field: 'eventTime' }],
    ['an offset that is none', objectEvent({ eventTimeZoneOffset: '7' }), 'FIELD_WRONG_VALUE', { field: 'eventTimeZoneOffset' }],
    ['an id that is no URI', objectEvent({ eventID: 'no uri' }), 'FIELD_WRONG_VALUE', { field: 'eventID' }],
  ];

  it.each(rows)('%s', (_name, event, code, fields) => {
    const problem = problemOf(() => step(event));
    expect(problem).toMatchObject({ code, fields });
  });
});

describe('the GLNs to be looked up', () => {
  it('are those of parties, places and the advice', () => {
    const event = captured(objectEvent({
      bizStep: 'shipping', readPoint: { id: 'urn:epc:id:sgln:9520000.00010.0' }, bizLocation: { id: 'urn:minhchung:province:01' },
      ...advice(`urn:epcglobal:cbv:bt:${MAKER_GLN}:1`), ...toShop,
    }));
    expect(glnsIn(event)).toEqual([SHOP_GLN, MAKER_GLN, MAKER_GLN]);
  });
});

const lots = fc.stringMatching(/^[A-Z0-9][A-Z0-9./_%-]{0,18}[A-Z0-9]$/).map(parseLot);
const serialNumbers = fc.stringMatching(/^[A-Za-z0-9"%&+,/:;<=>?_-]{1,20}$/).map(parseSerial);
const gtins: fc.Arbitrary<Gtin> = fc.integer({ min: 0, max: 9_999 }).map((n) => `09520000${String(n).padStart(5, '0')}`).map((digits) => parseGtin(digits + checkDigitOf(digits)));
const units: fc.Arbitrary<Sscc> = fc.integer({ min: 0, max: 999_999 }).map((n) => `0952000000${String(n).padStart(7, '0')}`).map((digits) => (digits + checkDigitOf(digits)) as Sscc);
const reasons = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => /^[\p{L}\p{N}\p{P}][\p{L}\p{N}\p{P} ]*$/u.test(text) && text.trim() === text && text.normalize('NFC') === text && !/\p{Default_Ignorable_Code_Point}/u.test(text));
const moments = fc.integer({ min: 0, max: 4_000_000_000_000 }).map(instantOf);
const provinces = fc.constantFrom(...PROVINCE_CODES);
const numbers = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/);
const serialItems = fc.tuple(gtins, fc.uniqueArray(serialNumbers, { minLength: 1, maxLength: 5 }));

const facts = fc.record({
  goods: serialItems, lot: lots, unit: units, reason: reasons, happenedAt: moments, province: provinces, shipment: numbers, split: fc.nat(5),
}).map(({ goods: [gtin, serials], ...rest }) => ({ ...rest, gtin, serials, items: serials.map((serial) => serialKey(gtin, serial)) }));

type Facts = typeof facts extends fc.Arbitrary<infer F> ? F : never;

interface Made {
  readonly record: Partial<EventRecord>;
  readonly request: Record<string, unknown>;
}

const shipment = (f: Facts): Partial<EventRecord> => ({ shipment: f.shipment, from: MAKER, to: SHOP });
const packing = (f: Facts): Made => ({ record: { unit: ssccKey(f.unit) }, request: { unit: f.unit, items: f.items } });
const ofLot = (f: Facts): Made => ({ record: { items: [lotKey(f.gtin, f.lot)], reason: f.reason }, request: { gtin: f.gtin, lot: f.lot, reason: f.reason } });
const withReason = (f: Facts): Made => ({ record: { reason: f.reason }, request: { items: f.items, reason: f.reason } });
const ended = (as: Step) => (f: Facts): Made => ({ record: { reason: f.reason }, request: { as, items: f.items, reason: f.reason } });

function received(f: Facts): Made {
  const [missing, ...arrived] = f.items;
  const difference = { short: missing === undefined ? [] : [missing], damaged: arrived.slice(0, f.split), over: [ssccKey(f.unit)] };
  return {
    record: { ...shipment(f), by: SHOP, items: arrived, difference },
    request: { from: MAKER, number: f.shipment, received: arrived.slice(f.split), ...difference },
  };
}

/** What the ledger keeps of each step, and the request that it was made of. */
const MAKING: Partial<Record<Step, (f: Facts) => Made>> = {
  'commission': (f) => ({ record: {}, request: { gtin: f.gtin, lot: f.lot, serials: f.serials } }),
  'pack': packing,
  'unpack': packing,
  'ship': (f) => ({ record: shipment(f), request: { number: f.shipment, to: SHOP, items: f.items } }),
  'receive': received,
  'sold': ended('sold'), 'used': ended('used'), 'decommissioned': ended('decommissioned'), 'destroyed': ended('destroyed'),
  'lost': ended('lost'), 'stolen': ended('stolen'),
  'recover': withReason, 'release': withReason,
  'recall': ofLot, 'end-recall': ofLot, 'suspend': ofLot, 'release-lot': ofLot,
};

describe('there and back', () => {
  it.each(Object.keys(MAKING) as Step[])('a %s that the ledger gives out is captured as the request that made it', (name) => {
    const isLot = name === 'recall' || name === 'suspend' || name === 'end-recall' || name === 'release-lot';
    const instruction = name === 'recall' || name === 'suspend' ? { instruction: 'x' } : {};
    fc.assert(fc.property(facts.filter((f) => name !== 'receive' || f.items.length > 1), (f) => {
      const made = MAKING[name]!(f);
      const record: EventRecord = { kind: 'event', step: name, by: MAKER, happenedAt: f.happenedAt, recordedAt: f.happenedAt, province: f.province, items: f.items, ...made.record };
      // The ledger takes a measure on a lot to be at the recorder's own address, and does not keep the instruction with the happening.
      const { readPoint, ...json } = epcisEventOf(record, { transactionId: '0'.repeat(64), index: 0 }, { lotOf: () => f.lot });
      const sent = { ...json, ...(isLot ? {} : { readPoint }), ...(instruction.instruction === undefined ? {} : { 'minhchung:instruction': instruction.instruction }) };
      const occasion = isLot ? {} : { happenedAt: f.happenedAt, province: f.province };
      expect(stepOf(captured(JSON.parse(JSON.stringify(sent))), record.by, emptyDirectory).request).toEqual({ ...made.request, ...instruction, ...occasion });
    }), { numRuns: 40 });
  });
});
