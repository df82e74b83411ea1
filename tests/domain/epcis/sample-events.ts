/** EPCIS JSON as senders write it, about the demonstration's goods (GS1 prefix 952). */
import type { EventRecord } from '#domain/epcis/event-record.js';
import type { Directory } from '#domain/epcis/parties.js';
import { readDocument } from '#domain/epcis/document.js';
import { readEvent, type CapturedEvent } from '#domain/epcis/captured-event.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import type { Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';

export const GS1_CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';
export const CONTEXT = [GS1_CONTEXT, { minhchung: 'urn:minhchung:epcis:' }];

export const SERIAL_1 = '/01/09520000000011/21/S1' as ItemKey;
export const SERIAL_2 = '/01/09520000000011/21/S2' as ItemKey;
export const UNIT = '/00/095200000000000011' as ItemKey;
export const LOT = '/01/09520000000011/10/LO26-001' as ItemKey;
export const MAKER = 'tra-xanh-shan' as OrganisationId;
export const SHOP = 'cua-hang-pho-co' as OrganisationId;
export const MAKER_GLN = '9520000000103';
export const SHOP_GLN = '9520000000202';

export const directory: Directory = {
  organisationOf: (gln) => (gln === MAKER_GLN ? MAKER : gln === SHOP_GLN ? SHOP : undefined),
  provinceOf: (gln) => (gln === MAKER_GLN ? '15' : undefined),
};

export const emptyDirectory: Directory = { organisationOf: () => undefined, provinceOf: () => undefined };

const when = { eventTime: '2026-11-20T15:30:00+07:00', eventTimeZoneOffset: '+07:00' };

export const HAPPENED_AT = '2026-11-20T08:30:00.000Z' as Instant;

export const link = (key: ItemKey): string => `https://id.gs1.org${key}`;

/** An ObjectEvent about the two serials, with what `more` says instead or besides. */
export const objectEvent = (more: Record<string, unknown> = {}): Record<string, unknown> =>
  ({ type: 'ObjectEvent', ...when, epcList: [link(SERIAL_1), link(SERIAL_2)], action: 'OBSERVE', ...more });

export const aggregationEvent = (more: Record<string, unknown> = {}): Record<string, unknown> =>
  ({ type: 'AggregationEvent', ...when, parentID: link(UNIT), childEPCs: [link(SERIAL_1), link(SERIAL_2)], ...more });

export const documentOf = (...events: unknown[]): Record<string, unknown> =>
  ({ '@context': CONTEXT, type: 'EPCISDocument', schemaVersion: '2.0', creationDate: '2026-11-20T08:40:00Z', epcisBody: { eventList: events } });

/** The first event of a document, read. */
export function captured(event: unknown, context: unknown = CONTEXT): CapturedEvent {
  const { prefixes, events } = readDocument({ ...documentOf(event), '@context': context });
  return readEvent(events[0], prefixes);
}

/** What the ledger keeps of a happening, with what `more` says instead or besides. */
export const recordOf = (more: Partial<EventRecord> & Pick<EventRecord, 'step'>): EventRecord => ({
  kind: 'event', by: MAKER, happenedAt: HAPPENED_AT, recordedAt: '2026-11-20T08:41:00.250Z' as Instant, province: '15', items: [SERIAL_1, SERIAL_2], ...more,
});
