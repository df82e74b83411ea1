/** The ledger's events and register as the gateway's read model has them: the ports of this folder over `../trace`. */
import { eventKey, type EventRecord } from '#domain/epcis/event-record.js';
import type { EventPlace } from '#domain/epcis/own-uris.js';
import { Problem } from '#domain/errors.js';
import { prefixCandidates } from '#domain/gs1/company-prefix.js';
import type { Gln, ItemKey } from '#domain/gs1/item-key.js';
import { prefixKey } from '#domain/registry/keys.js';
import type { JobOwner } from '../jobs/ledger-writer.js';
import type { IndexRow } from '../read-model/read-model.js';
import type { Page } from '../read-model/row-pages.js';
import type { RecordReader } from '../trace/record-reader.js';
import { visibleItem } from '../trace/visibility.js';
import type { EventPage, EventPageRequest, EventReader, RecordedEvent, RegisterReader } from './ports.js';

/** Events by the indexes `event` and `event-by` of `../trace/record-index.ts`. */
export function recordedEvents(records: RecordReader): EventReader {
  return {
    byId: async (place) => eventAt(records, eventKey(place.transactionId, place.index)),
    byItem: async (item, page) => indexed(records, await records.page('event', `${item} `, { ...page, reverse: true })),
    recent: async (recorder, page) => (recorder === undefined
      ? everyEvent(records, page)
      : indexed(records, await records.page('event-by', `${recorder} `, { ...page, reverse: true }))),
  };
}

function indexed(records: RecordReader, { rows, next }: Page<IndexRow>): EventPage {
  const events = rows.flatMap(({ stateKey }) => eventAt(records, stateKey) ?? []);
  return next === undefined ? { events } : { events, next };
}

async function everyEvent(records: RecordReader, page: EventPageRequest): Promise<EventPage> {
  const { rows, next } = await records.range('event/', 'event', page);
  const events = rows.flatMap(({ key, record }) => placed(key, record) ?? []);
  return next === undefined ? { events } : { events, next };
}

function eventAt(records: RecordReader, key: string): RecordedEvent | undefined {
  const record = records.load(key, 'event');
  return record === undefined ? undefined : placed(key, record);
}

function placed(key: string, record: EventRecord): RecordedEvent | undefined {
  const place = placeIn(key);
  return place === undefined ? undefined : { ...place, record };
}

function placeIn(key: string): EventPlace | undefined {
  const [, transactionId, index] = /^event\/([0-9a-f]{64})\/(\d{1,6})$/.exec(key) ?? [];
  return transactionId === undefined || index === undefined ? undefined : { transactionId, index: Number(index) };
}

/** Places are not on the register: their provinces come with the events. */
export function recordedRegister(records: RecordReader): RegisterReader {
  return {
    organisationOf: async (gln) => ownerOf(records, gln),
    provinceOf: async () => undefined,
    lotOf: async (serial) => records.load(serial, 'serial')?.lot,
    mayFollow: (caller, item) => mayFollow(records, caller, item),
  };
}

function ownerOf(records: RecordReader, gln: Gln): JobOwner['organisation'] | undefined {
  for (const prefix of prefixCandidates(gln)) {
    const record = records.load(prefixKey(prefix), 'company-prefix');
    if (record !== undefined) return record.organisation;
  }
  return undefined;
}

async function mayFollow(records: RecordReader, caller: JobOwner, item: ItemKey): Promise<boolean> {
  try {
    await visibleItem(records, caller, item);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.kind === 'not-found') return false;
    throw error;
  }
}
