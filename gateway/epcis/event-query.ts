/**
 * Answers event queries. A query that names no order walks one list of the read model, page by page, and looks at a
 * bounded number of events for each of its own pages; one that asks for an order, a count or several items gathers
 * all candidates first, and is refused where they are too many.
 */
import type { EventRecord } from '#domain/epcis/event-record.js';
import { parseEventUri, type EventPlace } from '#domain/epcis/own-uris.js';
import { Problem, require } from '#domain/errors.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import type { JobOwner } from '../jobs/ledger-writer.js';
import { matches, type EventFilter } from './event-filter.js';
import type { PagePosition } from './page-token.js';
import type { EventPage, EventPageRequest, EventReader, RecordedEvent, RegisterReader } from './ports.js';
import type { EventQuery } from './query-parameters.js';
import { seenBy } from './visibility.js';

export interface QueryResult {
  readonly events: readonly RecordedEvent[];
  /** absent on the last page */
  readonly next?: PagePosition;
}

export interface QueryTools {
  readonly events: EventReader;
  readonly register: RegisterReader;
  /** the place of an event by an id that is none of ours: the sender's own, or its hash */
  readonly placeOfId: (caller: JobOwner, eventID: string) => Promise<EventPlace | undefined>;
}

/** Events that one answer may have looked at. */
const MOST_LOOKED_AT = 2000;
const MOST_FETCHES = 100;
/** Candidates that are gathered to be sorted or counted. */
const MOST_GATHERED = 5000;
const FETCHED_AT_ONCE = 500;
/** Goods in one answer: an event may name two thousand. */
const MOST_GOODS = 20_000;

type Fetch = (page: EventPageRequest) => Promise<EventPage>;

/**
 * @param position of an earlier page's token
 * @throws Problem EPCIS_RESULT_TOO_LARGE, EPCIS_QUERY_TOO_COMPLEX
 */
export async function answerQuery(tools: QueryTools, caller: JobOwner, query: EventQuery, position: PagePosition): Promise<QueryResult> {
  const items = fewestItems(query.filter);
  const view = await viewOf(tools, caller, query.filter, items);
  if (query.eventIDs !== undefined) return sortedPage(query, await byIds(tools, caller, query.eventIDs, view), position);
  const fetches = fetchesFor(tools, caller, items);
  const [only, ...others] = fetches;
  const walkable = query.orderBy === undefined && query.maxEventCount === undefined && others.length === 0;
  if (walkable && only !== undefined) return walkedPage(query, only, view, position);
  return sortedPage(query, await gather(fetches, view), position);
}

/** The items that any answer must name: of several such lists the shortest. */
function fewestItems({ goods }: EventFilter): readonly ItemKey[] {
  const lists = goods.map(({ keys }) => [...keys]).sort((a, b) => a.length - b.length);
  return lists[0] ?? [];
}

function fetchesFor({ events }: QueryTools, caller: JobOwner, items: readonly ItemKey[]): Fetch[] {
  if (items.length > 0) return items.map((item) => (page) => events.byItem(item, page));
  const recorder = caller.type === 'authority' ? undefined : caller.organisation;
  return [(page) => events.recent(recorder, page)];
}

/** What the caller sees of an event, if it is one that the query asks for. */
type View = (event: RecordedEvent) => RecordedEvent | undefined;

async function viewOf({ register }: QueryTools, caller: JobOwner, filter: EventFilter, items: readonly ItemKey[]): Promise<View> {
  const followed = new Set<ItemKey>();
  for (const item of items) if (await register.mayFollow(caller, item)) followed.add(item);
  const wanted = matches(filter);
  return (event) => {
    const record = seenBy(caller, event.record, followed);
    return record !== undefined && wanted(record) ? { ...event, record } : undefined;
  };
}

/** Consumes whole pages of the list, so that its cursor is the cursor of the answer. */
async function walkedPage({ perPage }: EventQuery, fetch: Fetch, view: View, position: PagePosition): Promise<QueryResult> {
  const events: RecordedEvent[] = [];
  let { after } = position;
  for (let lookedAt = 0, fetched = 0; ; fetched++) {
    const page: EventPage = await fetch({ limit: Math.min(perPage - events.length, FETCHED_AT_ONCE), ...(after === undefined ? {} : { after }) });
    events.push(...page.events.flatMap((event) => view(event) ?? []));
    lookedAt += page.events.length;
    after = page.next;
    if (after === undefined) return { events };
    if (events.length >= perPage || lookedAt >= MOST_LOOKED_AT || fetched >= MOST_FETCHES || goodsIn(events) >= MOST_GOODS) return { events, next: { after } };
  }
}

function goodsIn(events: readonly RecordedEvent[]): number {
  return events.reduce((sum, { record }) => sum + record.items.length, 0);
}

async function byIds(tools: QueryTools, caller: JobOwner, ids: readonly string[], view: View): Promise<RecordedEvent[]> {
  const found = new Map<string, RecordedEvent>();
  for (const id of ids) {
    const place = parseEventUri(id) ?? await tools.placeOfId(caller, id);
    const event = place === undefined ? undefined : await tools.events.byId(place);
    const seen = event === undefined ? undefined : view(event);
    if (seen !== undefined) found.set(placeText(seen), seen);
  }
  return [...found.values()];
}

async function gather(fetches: readonly Fetch[], view: View): Promise<RecordedEvent[]> {
  const found = new Map<string, RecordedEvent>();
  let lookedAt = 0;
  for (const fetch of fetches) {
    let page: EventPage = await fetch({ limit: FETCHED_AT_ONCE });
    for (;;) {
      lookedAt += page.events.length;
      require(lookedAt <= MOST_GATHERED, 'EPCIS_QUERY_TOO_COMPLEX', { most: String(MOST_GATHERED) });
      for (const event of page.events.flatMap((one) => view(one) ?? [])) found.set(placeText(event), event);
      if (page.next === undefined) break;
      page = await fetch({ limit: FETCHED_AT_ONCE, after: page.next });
    }
  }
  return [...found.values()];
}

function placeText({ transactionId, index }: EventPlace): string {
  return `${transactionId}:${String(index).padStart(6, '0')}`;
}

/** All that were found in order, cut to what the query leaves and to one page. */
function sortedPage(query: EventQuery, found: readonly RecordedEvent[], { sortKey, left = query.eventCountLimit }: PagePosition): QueryResult {
  const { maxEventCount, ascending, perPage } = query;
  if (maxEventCount !== undefined && found.length > maxEventCount) throw new Problem('EPCIS_RESULT_TOO_LARGE', { maxEventCount: String(maxEventCount) });
  const timeOf = (record: EventRecord): string => (query.orderBy === 'recordTime' ? record.recordedAt : record.happenedAt);
  const keyed = found.map((event) => ({ event, key: `${timeOf(event.record)} ${placeText(event)}` }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  if (!ascending) keyed.reverse();
  const rest = keyed.filter(({ key }) => sortKey === undefined || (ascending ? key > sortKey : key < sortKey)).slice(0, left);
  const page = rest.slice(0, fitting(rest.map(({ event }) => event), perPage));
  const last = page.at(-1);
  const more = last !== undefined && rest.length > page.length;
  const events = page.map(({ event }) => event);
  return more ? { events, next: { sortKey: last.key, ...(left === undefined ? {} : { left: left - page.length }) } } : { events };
}

/** How many of the events make one page: at least one, and not many more goods than an answer should hold. */
function fitting(events: readonly RecordedEvent[], perPage: number): number {
  let goods = 0;
  const full = events.slice(0, perPage).findIndex(({ record }) => {
    goods += record.items.length;
    return goods >= MOST_GOODS;
  });
  return full < 0 ? perPage : full + 1;
}
