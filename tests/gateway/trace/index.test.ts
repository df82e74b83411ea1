import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventRecord } from '#domain/epcis/event-record.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import type { Instant } from '#domain/instant.js';
import type { Custody } from '#domain/lifecycle/item.js';
import type { LedgerRecord } from '#domain/records.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { placeOf, readMention } from '../../../gateway/trace/event-index.js';
import { recordIndexer } from '../../../gateway/trace/record-index.js';
import { packStanding, readStanding, standingOf } from '../../../gateway/trace/standing.js';

const holder = 'che-shan' as OrganisationId;
const at = '2026-11-20T08:30:00.000Z' as Instant;
const hold = { cause: 'quarantined', reason: 'a\tb', by: holder, at } as const;
const unit = '/00/095200000000000011' as ItemKey;

const entriesOf = (record: unknown, key: string): string[] => recordIndexer.entries({ key, value: Buffer.from(JSON.stringify(record)) }, { block: 12n, index: 3, time: 0 })
  .map(({ index, key: subject }) => `${index} ${subject}`);

describe('a standing', () => {
  it.each<Custody>([
    { state: 'in-stock', holder }, { state: 'in-stock', holder, parent: unit }, { state: 'in-stock', holder, hold }, { state: 'in-stock', holder, parent: unit, hold },
    { state: 'in-transit', holder, shipment: 'shipment/che-shan/PX-1' }, { state: 'in-transit', holder, shipment: 's', hold },
    { state: 'sold', holder, at, province: '15' }, { state: 'missing', holder, at, province: '79' },
  ])('%# comes back as it was packed', (custody) => {
    expect(readStanding(packStanding(custody))).toEqual(standingOf(custody));
  });
});

describe('a place on the ledger', () => {
  it('compares as block, transaction and event do', () => {
    const place = fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 40n }), fc.nat(65_535), fc.nat(200));
    fc.assert(fc.property(place, place, (a, b) => {
      const [one, other] = [a, b].map(([block, index, event]) => placeOf(`event/${'f'.repeat(64)}/${event}`, { block, index, time: 0 })) as [string, string];
      const order = a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1] || a[2] - b[2];
      expect(Math.sign(one < other ? -1 : one > other ? 1 : 0)).toBe(Math.sign(order));
    }));
  });
});

/** Each kind of record: where it is found, and where it is not any more. */
describe('index entries', () => {
  const serial = { kind: 'serial', gtin: '09520000000011', serial: 'A', lot: 'L/1', maker: holder, commissionedAt: at };
  const content = { mass: '5', components: [] };
  const shipment = { kind: 'shipment', number: 'N', from: 'a1', to: 'b1', items: [], shippedAt: at };
  it.each<[string, unknown, string[]]>([
    ['product', { kind: 'product', maker: holder }, ['product-of che-shan ']],
    ['lot', { kind: 'lot', maker: holder }, []],
    ['lot with bulk', { kind: 'lot', maker: holder, bulk: { mass: '1', components: [] } }, ['bulk-of che-shan ']],
    ['lot whose bulk is used up', { kind: 'lot', maker: holder, bulk: { mass: '0', components: [] } }, []],
    ['serial', { ...serial, custody: { state: 'in-stock', holder } }, ['serial-of-lot /01/09520000000011/10/L%2F1 ']],
    ['container', { ...serial, content, custody: { state: 'in-stock', holder } }, ['serial-of-lot /01/09520000000011/10/L%2F1 ', 'container-of che-shan ']],
    ['container in a unit', { ...serial, content, custody: { state: 'in-stock', holder, parent: unit } }, ['serial-of-lot /01/09520000000011/10/L%2F1 ', `container-in ${unit} `]],
    ['container gone', { ...serial, content, custody: { state: 'destroyed', holder, at, province: '15' } }, ['serial-of-lot /01/09520000000011/10/L%2F1 ']],
    ['empty container', { ...serial, content: { mass: '0', components: [] }, custody: { state: 'in-stock', holder } }, ['serial-of-lot /01/09520000000011/10/L%2F1 ']],
    ['unit', { kind: 'unit', custody: { state: 'in-transit', holder, shipment: 's' } }, ['unit-of che-shan ']],
    ['unit in a unit', { kind: 'unit', custody: { state: 'in-stock', holder, parent: unit } }, [`unit-in ${unit} `]],
    ['open shipment', { ...shipment, state: 'in-transit' }, [`shipment-from a1 open ${at} `, `shipment-to b1 open ${at} `]],
    ['closed shipment', { ...shipment, state: 'received' }, [`shipment-from a1 closed ${at} `, `shipment-to b1 closed ${at} `]],
    ['licence', { kind: 'licence', holder, authority: 'cuc' }, ['licence-of che-shan ', 'licence-by cuc ']],
    ['licence that is a credential', { kind: 'licence', holder, authority: 'cuc', credential: {} }, ['licence-of che-shan ', 'licence-by cuc ', 'trust 000000000000012 ']],
    ['prefix', { kind: 'company-prefix', organisation: holder }, ['prefix-of che-shan ']],
    ['organisation', { kind: 'organisation' }, ['trust 000000000000012 ']],
    ['DID', { kind: 'did', did: 'did:web:a.example', organisation: holder }, ['did-of che-shan ', 'trust 000000000000012 ']],
    ['DID key', { kind: 'did-key', did: 'did:web:a.example' }, ['trust 000000000000012 ']],
    ['grant', { kind: 'grant', grantor: holder, grantee: 'did:web:a.example' }, ['grant-to did:web:a.example ', 'grant-by che-shan ', 'trust 000000000000012 ']],
    ['status list', { kind: 'status-list', did: 'did:web:a.example' }, ['trust 000000000000012 ']],
    ['revocation of a credential', { kind: 'credential-revocation', did: 'did:web:a.example' }, ['trust 000000000000012 ']],
    ['commitment', { kind: 'credential-commitment', did: 'did:web:a.example' }, []],
    ['pointer to a grant', { kind: 'grant-of' }, []],
    ['quota', { kind: 'quota' }, []],
  ])('of a %s', (_what, record, entries) => {
    expect(entriesOf(record, 'x').sort()).toEqual(entries.sort());
  });

  it('of an event: each thing it names once, in the part that says most', () => {
    const event: EventRecord = {
      kind: 'event', step: 'receive', by: holder, happenedAt: at, recordedAt: at, province: '15', items: ['/00/1', '/01/2'] as ItemKey[],
      difference: { short: ['/01/3' as ItemKey], damaged: ['/01/2' as ItemKey], over: [] },
    };
    const key = `event/${'a'.repeat(64)}/10`;
    const rows = recordIndexer.entries({ key, value: Buffer.from(JSON.stringify(event satisfies LedgerRecord)) }, { block: 12n, index: 3, time: 0 });
    const place = '00000000000c.0003.000a';
    expect(rows.map(({ index, key: subject, value }) => [index, subject, readMention(value ?? '').part])).toEqual([
      ['event', `/00/1 ${place} `, 'item'], ['event', `/01/2 ${place} `, 'damaged'], ['event', `/01/3 ${place} `, 'short'], ['event-by', `che-shan ${place} `, 'item'],
    ]);
    expect(readMention(rows[0]?.value ?? '')).toEqual({ part: 'item', step: 'receive', by: holder, happenedAt: at, recordedAt: at, province: '15' });
  });
});
