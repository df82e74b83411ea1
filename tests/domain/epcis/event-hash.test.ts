import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocument } from '#domain/epcis/document.js';
import { readEvent } from '#domain/epcis/captured-event.js';
import type { EpcisEvent } from '#domain/epcis/epcis-event.js';
import { compareCodePoints, eventHashId, eventPreHash } from '#domain/epcis/event-hash.js';
import type { Instant } from '#domain/instant.js';
import { aggregationEvent, captured, CONTEXT, documentOf, LOT, link, objectEvent, SERIAL_1, SERIAL_2, UNIT } from './sample-events.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const idOf = (event: unknown, context: unknown = CONTEXT): string => eventHashId(captured(event, context).event, sha256);

const transformation: EpcisEvent = {
  type: 'TransformationEvent', eventTime: '2026-11-20T08:35:00.000Z' as Instant, eventTimeZoneOffset: '+07:00',
  inputQuantityList: [{ epcClass: 'https://id.gs1.org/01/09520000000028/10/A1', quantity: 25.5, uom: 'KGM' }],
  outputEPCList: ['https://id.gs1.org/01/09520000000028/21/D2', 'https://id.gs1.org/01/09520000000028/21/D1'],
  bizStep: 'repackaging', disposition: 'in_progress',
};

const SOURCE = 'our event, hashed by epcis-event-hash-generator 1.9.3 (the CBV reference implementation)';

const VECTORS: readonly { name: string; event: EpcisEvent; id: string; source: string }[] = [
  {
    name: 'commissioning, with master data, an EPC URN and another domain',
    event: captured(objectEvent({
      epcList: ['urn:epc:id:sgtin:9520000.000001.S2', 'https://id.example.org/01/09520000000011/10/LO26-001/21/S1'],
      action: 'ADD', bizStep: 'commissioning', disposition: 'active', ilmd: { 'cbvmda:lotNumber': 'LO26-001' },
    })).event,
    id: 'ni:///sha-256;060f6c6f21aa28354bccfabccdf6844f36228d4cd48ab44f9d04a023d62cf065?ver=CBV2.0',
    source: SOURCE,
  },
  {
    name: 'packing',
    event: captured(aggregationEvent({
      eventTime: '2026-11-20T08:31:00Z', parentID: 'urn:epc:id:sscc:9520000.0000000001', childEPCs: [link(SERIAL_2), link(SERIAL_1)],
      action: 'ADD', bizStep: 'packing', disposition: 'container_closed',
    })).event,
    id: 'ni:///sha-256;c4262a71dfd250cf1116c78a083b4403aa8642370b1480a6a122fe86db311c79?ver=CBV2.0',
    source: SOURCE,
  },
  {
    name: 'a hold, with two extensions',
    event: captured(objectEvent({
      eventTime: '2026-11-20T08:32:00.12Z', epcList: [link(SERIAL_1)], bizStep: 'holding', disposition: 'non_sellable_other',
      'minhchung:reason': 'nhiệt độ vượt ngưỡng', 'minhchung:cause': 'quarantined',
    })).event,
    id: 'ni:///sha-256;3d0281cfb50fc4a98deb191c985f8ec0d59979708c06233d6c250c0d1ac83e31?ver=CBV2.0',
    source: SOURCE,
  },
  {
    name: 'a recall, with a persistent disposition and a class URN',
    event: captured(objectEvent({
      eventTime: '2026-11-20T08:33:00Z', epcList: undefined, quantityList: [{ epcClass: 'urn:epc:class:lgtin:9520000.000001.LO26-001' }],
      bizStep: 'holding', disposition: 'recalled', persistentDisposition: { set: ['recalled'] },
    })).event,
    id: 'ni:///sha-256;7d4d5ee79ef68e3dbf1cb70c85f443ad53d80d007947e0a13301f77b34a43673?ver=CBV2.0',
    source: SOURCE,
  },
  {
    name: 'shipping, with place, despatch advice and two destinations',
    event: captured(objectEvent({
      eventTime: '2026-11-20T08:34:00Z', epcList: [link(UNIT)], bizStep: 'shipping', disposition: 'in_transit',
      readPoint: { id: 'urn:epc:id:sgln:9520000.00010.0' },
      bizTransactionList: [{ type: 'desadv', bizTransaction: 'urn:epcglobal:cbv:bt:9520000000103:DN-1' }],
      destinationList: [
        { type: 'possessing_party', destination: 'https://id.gs1.org/417/9520000000202' },
        { type: 'owning_party', destination: 'urn:epc:id:pgln:9520000.00020' },
      ],
    })).event,
    id: 'ni:///sha-256;b480a6d68d74d03bfdc12b080926007f6add84519b0049e87bbf2dbb6973dce5?ver=CBV2.0',
    source: SOURCE,
  },
  {
    name: 'repackaging of a lot into containers',
    event: transformation,
    id: 'ni:///sha-256;be53aec5de311d9735bb17d7438af27aefb7cc6d2fd6cb7cc7e4bc792f364dc2?ver=CBV2.0',
    source: SOURCE,
  },
];

describe('the event hash', () => {
  it.each(VECTORS)('of $name ($source)', ({ event, id }) => {
    expect(eventHashId(event, sha256)).toBe(id);
  });

  it('stands for the canonical text, whose members have the standard\'s order', () => {
    expect(eventPreHash(captured(objectEvent({ bizStep: 'holding', disposition: 'stolen', sourceList: [{ type: 'location', source: 'urn:epc:id:sgln:9520000.00010.0' }] })).event)).toBe(
      'eventType=ObjectEventeventTime=2026-11-20T08:30:00.000ZeventTimeZoneOffset=+07:00'
      + 'epcListepc=https://id.gs1.org/01/09520000000011/21/S1epc=https://id.gs1.org/01/09520000000011/21/S2'
      + 'action=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-holdingdisposition=https://ref.gs1.org/cbv/Disp-stolen'
      + 'sourceListtype=https://ref.gs1.org/cbv/SDT-locationsource=https://id.gs1.org/414/9520000000103',
    );
  });

  it('is the same for every spelling of an event', () => {
    const plain = objectEvent({ bizStep: 'shipping', disposition: 'in_transit', 'minhchung:reason': 'x' });
    const spelt = objectEvent({
      eventTime: '2026-11-20T08:30:00.000Z', epcList: ['urn:epc:id:sgtin:9520000.000001.S2', 'HTTPS://ID.EXAMPLE.ORG/01/09520000000011/21/S1'],
      bizStep: 'https://ref.gs1.org/cbv/BizStep-shipping', disposition: 'urn:epcglobal:cbv:disp:in_transit', 'mc:reason': 'x',
      eventID: 'urn:uuid:00000000-0000-4000-8000-000000000000', recordTime: '2026-11-21T00:00:00Z',
    });
    expect(idOf(spelt, [CONTEXT[0], { mc: 'urn:minhchung:epcis:' }])).toBe(idOf(plain));
  });

  it.each([
    ['2026-11-20T08:30:00.1234Z', '2026-11-20T08:30:00.123Z'],
    ['2026-11-20T08:30:00.1235Z', '2026-11-20T08:30:00.124Z'],
    ['2026-12-31T23:59:59.9995Z', '2027-01-01T00:00:00.000Z'],
    ['2026-11-20T15:30:00+07:00', '2026-11-20T08:30:00.000Z'],
  ])('takes %s for %s (CBV 2.0 section 8.9.2, rule 9)', (stated, canonical) => {
    expect(eventPreHash(captured(objectEvent({ eventTime: stated, bizStep: 'holding' })).event)).toContain(`eventTime=${canonical}event`);
  });

  it('tells apart what a number would make alike', () => {
    const [long, short] = ['0012', '12'].map((number) => idOf(objectEvent({ action: 'ADD', bizStep: 'commissioning', ilmd: { 'cbvmda:lotNumber': number } })));
    expect(long).not.toBe(short);
  });

  it('changes with every member', () => {
    const base = objectEvent({ bizStep: 'holding', disposition: 'non_sellable_other', 'minhchung:reason': 'a', 'minhchung:cause': 'damaged', 'minhchung:difference': { 'minhchung:short': [link(SERIAL_1)] } });
    const changes: Record<string, unknown>[] = [
      { eventTime: '2026-11-20T08:30:00.001Z' }, { eventTimeZoneOffset: '+08:00' }, { epcList: [link(SERIAL_1)] }, { epcList: undefined, quantityList: [{ epcClass: link(LOT) }] },
      { action: 'DELETE' }, { bizStep: 'storing' }, { disposition: 'damaged' }, { disposition: undefined }, { persistentDisposition: { set: ['damaged'] } },
      { persistentDisposition: { unset: ['damaged'] } }, { readPoint: { id: 'urn:minhchung:province:01' } }, { bizLocation: { id: 'urn:minhchung:province:01' } },
      { bizTransactionList: [{ type: 'desadv', bizTransaction: 'urn:x:1' }] }, { sourceList: [{ type: 'owning_party', source: 'urn:x:1' }] },
      { destinationList: [{ type: 'owning_party', destination: 'urn:x:1' }] }, { sourceList: [{ type: 'possessing_party', source: 'urn:x:1' }] },
      { 'minhchung:reason': 'b' }, { 'minhchung:cause': undefined }, { 'minhchung:difference': { 'minhchung:over': [link(SERIAL_1)] } },
    ];
    const ids = [base, ...changes.map((change) => ({ ...base, ...change }))].map((event) => eventHashId(captured(event).event, sha256));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('does not depend on the order of lists and members', () => {
    const keys = ['S1', 'S2', 'S10', 'a', 'Z'].map((serial) => `https://id.gs1.org/01/09520000000011/21/${serial}`);
    const sorted = eventHashId(captured(objectEvent({ epcList: keys, bizStep: 'holding' })).event, sha256);
    fc.assert(fc.property(fc.shuffledSubarray(keys, { minLength: keys.length }), (shuffled) => {
      const { prefixes, events } = readDocument(documentOf(objectEvent({ epcList: shuffled, bizStep: 'holding' })));
      const turned = Object.fromEntries(Object.entries(events[0] as object).reverse());
      expect(eventHashId(readEvent(turned, prefixes).event, sha256)).toBe(sorted);
    }));
  });
});

describe('compareCodePoints', () => {
  it('orders texts as their bytes in UTF-8 do', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
      expect(Math.sign(compareCodePoints(a, b))).toBe(bytes);
    }));
  });

  it('puts what UTF-16 puts first, a surrogate pair, after U+FFFF', () => {
    expect(compareCodePoints('x\u{1f600}', 'x\uffff')).toBeGreaterThan(0);
    expect(compareCodePoints('\u{1f600}', '\u{1f601}')).toBeLessThan(0);
  });
});
