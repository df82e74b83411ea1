import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventHashId } from '#domain/epcis/event-hash.js';
import { captured } from '../../domain/epcis/sample-events.js';
import { openEpcisApp, type EpcisApp } from './epcis-app.js';
import { commissioning, documentOf, holding, linkOf, lotLink, packing, recalling, receiving, selling, shipping, unitLink, unpacking } from './tea-events.js';
import { openTeaLot, TEA } from '../../support/fictional.js';

type Event = Record<string, unknown>;

let epcis: EpcisApp;
/** The names under which the rows below speak of events, by their ids. */
const names = new Map<string, string>();

/** The tea's way: made and packed, shipped and received, sold; one serial on hold, and the lot recalled at the end. */
beforeAll(async () => {
  epcis = await openEpcisApp();
  const as = async (organisation: string, named: string[], ...events: Event[]): Promise<void> => {
    const job = await epcis.ended(await epcis.post('/epcis/capture', documentOf(...events), organisation), organisation);
    expect(job['errors']).toEqual([]);
    (job['minhchung:eventIDs'] as string[]).forEach((id, index) => names.set(id, named[index]!));
  };
  await as('tra-shan', ['commission'], { ...commissioning('S1', 'S2', 'S3'), eventID: 'urn:uuid:11111111-0000-4000-8000-000000000001' });
  await as('tra-shan', ['pack', 'ship'], packing('S1', 'S2'), shipping(unitLink));
  await as('cua-hang-sao', ['receive', 'unpack', 'sell'], receiving(unitLink), unpacking('S1', 'S2'), selling('S1'));
  await as('tra-shan', ['hold'], holding('S3'));
  await as('tra-shan', ['recall'], recalling());
});
afterAll(() => epcis.close());

const listOf = (body: unknown): Event[] => (body as { epcisBody: { queryResults: { resultsBody: { eventList: Event[] } } } }).epcisBody.queryResults.resultsBody.eventList;
const named = (events: Event[]): string[] => events.map(({ eventID }) => names.get(String(eventID)) ?? 'open-lot');

async function eventsOf(url: string, as?: string): Promise<Event[]> {
  const answer = await epcis.get(url, as);
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
  return listOf(answer.json());
}

const query = (parameters: Record<string, string>): string => `/epcis/events?${new URLSearchParams(parameters)}`;
const S1 = linkOf('S1');
const S2 = linkOf('S2');
const wayOfS1 = ['sell', 'unpack', 'pack', 'commission'];
const own = ['recall', 'hold', 'ship', 'pack', 'commission', 'open-lot'];

describe('a query', () => {
  it.each<[string, Record<string, string>, string[], string?]>([
    ['without parameters: what the caller recorded, the newest first', {}, own],
    ['by another', {}, ['sell', 'unpack', 'receive'], 'cua-hang-sao'],
    ['by somebody who recorded nothing', {}, [], 'hoa-chat-ban-mai'],
    ['by type', { eventType: 'AggregationEvent' }, ['pack']],
    ['by types', { eventType: 'AggregationEvent|ObjectEvent' }, own],
    ['by a type that is none here', { eventType: 'AssociationEvent' }, []],
    ['by action', { EQ_action: 'ADD' }, ['pack', 'commission', 'open-lot']],
    ['by actions', { EQ_action: 'ADD|DELETE' }, ['pack', 'commission', 'open-lot']],
    ['by business step', { EQ_bizStep: 'shipping' }, ['ship']],
    ['by business step in another spelling', { EQ_bizStep: 'https://ref.gs1.org/cbv/BizStep-shipping' }, ['ship']],
    ['by disposition', { EQ_disposition: 'active|recalled' }, ['recall', 'commission', 'open-lot']],
    ['by what was set', { EQ_persistentDisposition_set: 'recalled' }, ['recall']],
    ['by what was unset', { EQ_persistentDisposition_unset: 'recalled' }, []],
    ['from a time', { GE_eventTime: '2026-11-20T07:03:00Z' }, ['recall', 'hold', 'ship', 'open-lot']],
    ['before a time', { LT_eventTime: '2026-11-20T14:03:00+07:00' }, ['pack', 'commission']],
    ['recorded from', { GE_recordTime: '2026-11-20T08:00:00Z' }, own],
    ['recorded before', { LT_recordTime: '2026-11-20T08:00:00Z' }, []],
    ['by read point', { EQ_readPoint: 'urn:minhchung:province:15' }, own],
    ['by another read point', { EQ_readPoint: 'urn:minhchung:province:01|https://id.gs1.org/414/9520000000103' }, []],
    ['by where the goods are afterwards', { EQ_bizLocation: 'urn:minhchung:province:15' }, ['hold', 'pack', 'commission', 'open-lot']],
    ['by despatch advice', { EQ_bizTransaction_desadv: 'urn:minhchung:shipment:tra-shan:DN-1' }, ['ship']],
    ['by another advice', { EQ_bizTransaction_desadv: 'urn:minhchung:shipment:tra-shan:DN-2' }, []],
    ['by another kind of paper', { EQ_bizTransaction_po: 'urn:minhchung:shipment:tra-shan:DN-1' }, []],
    ['by sender', { EQ_source_possessing_party: 'urn:minhchung:organisation:tra-shan' }, ['ship']],
    ['by receiver, by a GLN under its prefix', { EQ_destination_possessing_party: 'https://id.gs1.org/417/9522000000039' }, ['ship']],
    ['by receiver, a GLN of nobody', { EQ_destination_possessing_party: 'https://id.gs1.org/417/9524000000033' }, []],
    ['by owner: owners are not on the ledger', { EQ_destination_owning_party: 'urn:minhchung:organisation:cua-hang-sao' }, []],
    ['by transformation', { EQ_transformationID: 'urn:x:1' }, []],
    ['with an error declaration', { EXISTS_errorDeclaration: 'true' }, []],
    ['with or without one', { EXISTS_errorDeclaration: 'false' }, own],
    ['by item', { MATCH_epc: S1 }, wayOfS1],
    ['by item as an EPC URN', { MATCH_epc: 'urn:epc:id:sgtin:952000.0000001.S1' }, wayOfS1],
    ['by items', { MATCH_epc: `${S1}|${linkOf('S3')}`, orderBy: 'eventTime' }, ['hold', ...wayOfS1]],
    ['by item and step', { MATCH_epc: S1, EQ_bizStep: 'packing' }, ['pack']],
    ['by parent', { MATCH_parentID: unitLink }, ['unpack', 'pack']],
    ['by a unit, anywhere', { MATCH_anyEPC: unitLink }, ['unpack', 'receive', 'ship', 'pack']],
    ['by a unit among the goods', { MATCH_epc: unitLink }, ['receive', 'ship']],
    ['by lot', { MATCH_epcClass: lotLink }, ['recall', 'open-lot']],
    ['by lot, anywhere', { MATCH_anyEPCClass: lotLink }, ['recall', 'open-lot']],
    ['by input', { MATCH_inputEPC: S1 }, []],
    ['by output', { MATCH_outputEPC: S1 }, []],
    ['by input class', { MATCH_inputEPCClass: lotLink }, []],
    ['by output class', { MATCH_outputEPCClass: lotLink }, []],
    ['by two lists of items', { MATCH_epc: `${S1}|${S2}`, MATCH_parentID: unitLink }, ['unpack', 'pack']],
    ['by id given by the sender', { EQ_eventID: 'urn:uuid:11111111-0000-4000-8000-000000000001' }, ['commission']],
    ['by an id that nobody gave', { EQ_eventID: 'urn:uuid:11111111-0000-4000-8000-000000000002' }, []],
    ['in the order of happening', { orderBy: 'eventTime', orderDirection: 'ASC' }, ['commission', 'pack', 'ship', 'hold', 'open-lot', 'recall']],
    ['the latest two', { orderBy: 'eventTime', eventCountLimit: '2' }, ['recall', 'open-lot']],
    ['no more than there are', { maxEventCount: '6', orderBy: 'eventTime', orderDirection: 'ASC' }, ['commission', 'pack', 'ship', 'hold', 'open-lot', 'recall']],
  ])('%s', async (_name, parameters, expected, as) => {
    const found = named(await eventsOf(query(parameters), as));
    expect(found).toEqual(expected);
  });

  it('is answered with a document of its own type', async () => {
    const answer = await epcis.get(query({ EQ_bizStep: 'packing' }));
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'gs1-epcis-version': '2.0.0', 'cache-control': 'no-store' });
    expect(answer.json()).toEqual({
      '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { minhchung: 'urn:minhchung:epcis:' }],
      type: 'EPCISQueryDocument', schemaVersion: '2.0', creationDate: '2026-11-20T09:00:00.000Z',
      epcisBody: { queryResults: { queryName: 'SimpleEventQuery', resultsBody: { eventList: [expect.objectContaining({ type: 'AggregationEvent', parentID: unitLink, childEPCs: [S1, S2] })] } } },
    });
    expect((await epcis.get('/epcis/events', 'tra-shan', { accept: 'application/ld+json' })).headers['content-type']).toContain('application/ld+json');
  });

  it.each<[string, string]>([
    ['colour=red', 'EPCIS_PARAMETER_UNKNOWN'], ['EQ_colour=red', 'EPCIS_PARAMETER_UNKNOWN'], ['constructor=1', 'EPCIS_PARAMETER_UNKNOWN'],
    ['GT_quantity=1', 'EPCIS_PARAMETER_UNKNOWN'], ['EQ_bizTransaction_=x', 'EPCIS_PARAMETER_UNKNOWN'], ['WD_readPoint=urn:x:1', 'EPCIS_PARAMETER_UNKNOWN'],
    ['EQ_action=MOVE', 'EPCIS_PARAMETER_WRONG'], ['EQ_action=ADD&EQ_action=DELETE', 'EPCIS_PARAMETER_WRONG'], ['EQ_action=', 'EPCIS_PARAMETER_WRONG'], ['EQ_action=ADD|', 'EPCIS_PARAMETER_WRONG'],
    ['EQ_bizStep=teleporting', 'EPCIS_PARAMETER_WRONG'], ['GE_eventTime=yesterday', 'EPCIS_PARAMETER_WRONG'], ['eventType=Foo', 'EPCIS_PARAMETER_WRONG'],
    ['MATCH_epc=urn:uuid:1', 'EPCIS_PARAMETER_WRONG'], [`MATCH_epc=${encodeURIComponent(lotLink)}`, 'EPCIS_PARAMETER_WRONG'], [`MATCH_epcClass=${encodeURIComponent(S1)}`, 'EPCIS_PARAMETER_WRONG'],
    ['EQ_source_nobody=urn:x:1', 'EPCIS_PARAMETER_WRONG'], ['EQ_bizTransaction_nothing=urn:x:1', 'EPCIS_PARAMETER_WRONG'], [`EQ_source_possessing_party=${encodeURIComponent(S1)}`, 'EPCIS_PARAMETER_WRONG'],
    ['orderBy=quantity', 'EPCIS_PARAMETER_WRONG'], ['orderDirection=UP', 'EPCIS_PARAMETER_WRONG'], ['perPage=0', 'EPCIS_PARAMETER_WRONG'], ['perPage=1.5', 'EPCIS_PARAMETER_WRONG'],
    ['eventCountLimit=2', 'EPCIS_PARAMETER_WRONG'], ['orderBy=eventTime&eventCountLimit=2&maxEventCount=2', 'EPCIS_PARAMETER_WRONG'], ['EXISTS_errorDeclaration=yes', 'EPCIS_PARAMETER_WRONG'],
    ['nextPageToken=AAAA', 'EPCIS_PAGE_TOKEN_WRONG'], ['nextPageToken=', 'EPCIS_PAGE_TOKEN_WRONG'],
  ])('is refused: %s', async (text, code) => {
    const answer = await epcis.get(`/epcis/events?${text}`);
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { type: 'epcisException:QueryParameterException', status: 400, code }]);
  });

  it('with more results than asked for is refused', async () => {
    const answer = await epcis.get(query({ maxEventCount: '5' }));
    expect([answer.statusCode, answer.json()]).toMatchObject([413, { type: 'epcisException:QueryTooLargeException', code: 'EPCIS_RESULT_TOO_LARGE', fields: { maxEventCount: '5' } }]);
  });
});

const nextOf = (link: unknown): string | undefined => (typeof link === 'string' ? /^<([^>]+)>; rel="next"$/.exec(link)?.[1] : undefined);

async function pages(url: string): Promise<string[][]> {
  const read: string[][] = [];
  for (let next: string | undefined = url; next !== undefined;) {
    const answer = await epcis.get(next);
    read.push(named(listOf(answer.json())));
    next = nextOf(answer.headers['link']);
    expect(answer.headers['gs1-next-page-token-expires']).toBe(next === undefined ? undefined : '2026-11-20T10:00:00.000Z');
  }
  return read;
}

describe('pages', () => {
  it.each<[string, Record<string, string>, string[][]]>([
    ['of a list that is walked', { perPage: '4' }, [own.slice(0, 4), own.slice(4)]],
    ['whose last one is full', { perPage: '3' }, [own.slice(0, 3), own.slice(3)]],
    ['of one item', { MATCH_anyEPC: unitLink, perPage: '3' }, [['unpack', 'receive', 'ship'], ['pack']]],
    ['of a filtered list', { EQ_bizStep: 'shipping|packing', perPage: '1' }, [['ship'], ['pack']]],
    ['of a sorted result', { orderBy: 'eventTime', perPage: '4' }, [['recall', 'open-lot', 'hold', 'ship'], ['pack', 'commission']]],
    ['of a sorted result upwards', { orderBy: 'recordTime', orderDirection: 'ASC', perPage: '5', EQ_action: 'OBSERVE' }, [['ship', 'hold', 'recall']]],
    ['of a limited one', { orderBy: 'eventTime', eventCountLimit: '3', perPage: '2' }, [['recall', 'open-lot'], ['hold']]],
    ['of several items', { MATCH_anyEPC: `${S1}|${unitLink}`, perPage: '2' }, [['sell', 'unpack'], ['receive', 'ship'], ['pack', 'commission']]],
  ])('%s', async (_name, parameters, expected) => {
    const read = await pages(query(parameters));
    expect(read.filter((page) => page.length > 0).map((page) => (parameters['orderBy'] === 'recordTime' ? page.sort() : page))).toEqual(parameters['orderBy'] === 'recordTime' ? expected.map((page) => page.sort()) : expected);
  });

  it('keep the rest of the query in the link', async () => {
    const answer = await epcis.get('/epcis/events?EQ_action=ADD&perPage=1');
    expect(nextOf(answer.headers['link'])).toMatch(/^\/epcis\/events\?EQ_action=ADD&perPage=1&nextPageToken=[\w-]+$/);
  });

  it.each<[string, (next: string) => string, string?]>([
    ['changed', (next) => next.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['of another query', (next) => next.replace('EQ_action=ADD', 'EQ_action=OBSERVE')],
    ['with another page size', (next) => next.replace('perPage=1', 'perPage=2')],
    ['of another caller', (next) => next, 'cua-hang-sao'],
    ['cut off', (next) => next.slice(0, -30)],
  ])('a token is good for nothing if %s', async (_name, change, as = 'tra-shan') => {
    const next = nextOf((await epcis.get('/epcis/events?EQ_action=ADD&perPage=1')).headers['link']);
    const answer = await epcis.get(change(next!), as);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'EPCIS_PAGE_TOKEN_WRONG']);
  });

  it('a token is good for an hour', async () => {
    const next = nextOf((await epcis.get('/epcis/events?EQ_action=ADD&perPage=1')).headers['link']);
    epcis.clock.advance(3_600_000);
    expect((await epcis.get(next!)).statusCode).toBe(200);
    epcis.clock.advance(1);
    expect((await epcis.get(next!)).json()).toMatchObject({ code: 'EPCIS_PAGE_TOKEN_WRONG' });
  });
});

describe('who sees what', () => {
  it('both sides of a hand-over see all of it', async () => {
    for (const as of ['tra-shan', 'cua-hang-sao']) {
      const [ship] = await eventsOf(query({ MATCH_anyEPC: unitLink, EQ_bizStep: 'shipping' }), as);
      expect(ship).toMatchObject({ epcList: [unitLink], destinationList: [{ type: 'possessing_party', destination: 'urn:minhchung:organisation:cua-hang-sao' }] });
    }
  });

  it('the maker sees what became of its goods, and not what else went with them', async () => {
    const events = await eventsOf(query({ MATCH_anyEPC: S2 }), 'tra-shan');
    expect(named(events)).toEqual(['unpack', 'pack', 'commission']);
    expect(events[0]).toMatchObject({ parentID: unitLink, childEPCs: [S2], 'minhchung:recordedBy': 'urn:minhchung:organisation:cua-hang-sao' });
    expect(events[1]).toMatchObject({ childEPCs: [S1, S2] });
  });

  it('whoever has the goods sees where they come from, without what went with them', async () => {
    const events = await eventsOf(query({ MATCH_anyEPC: S2 }), 'cua-hang-sao');
    expect(named(events)).toEqual(['unpack', 'pack', 'commission']);
    expect(events[2]).toMatchObject({ epcList: [S2], 'minhchung:recordedBy': 'urn:minhchung:organisation:tra-shan' });
    expect(JSON.stringify(events[2])).not.toContain('/21/S1');
  });

  it('an outsider sees nothing, an authority all', async () => {
    expect(await eventsOf(query({ MATCH_anyEPC: S1 }), 'hoa-chat-ban-mai')).toEqual([]);
    expect(named(await eventsOf(query({ MATCH_anyEPC: S1 }), 'thi-truong'))).toEqual(['sell', 'unpack', 'pack', 'commission']);
    expect(named(await eventsOf(query({ orderBy: 'eventTime', orderDirection: 'ASC' }), 'thi-truong'))).toEqual(['commission', 'pack', 'ship', 'receive', 'unpack', 'sell', 'hold', 'open-lot', 'recall']);
  });

  it('one event is there for those who took part and for an authority', async () => {
    const url = `/epcis/events/${encodeURIComponent([...names].find(([, name]) => name === 'ship')![0])}`;
    for (const as of ['tra-shan', 'cua-hang-sao', 'thi-truong']) expect(named(await eventsOf(url, as))).toEqual(['ship']);
    const refused = await epcis.get(url, 'hoa-chat-ban-mai');
    expect([refused.statusCode, refused.json()]).toMatchObject([404, { type: 'epcisException:NoSuchResourceException', code: 'EPCIS_EVENT_UNKNOWN' }]);
  });

  it('a school has no business here', async () => {
    expect((await epcis.get('/epcis/events', 'truong')).json()).toMatchObject({ code: 'SCOPE_MISSING' });
  });
});

describe('one event', () => {
  it('is found by the id that its sender gave it, and by its event hash', async () => {
    expect(named(await eventsOf(`/epcis/events/${encodeURIComponent('urn:uuid:11111111-0000-4000-8000-000000000001')}`))).toEqual(['commission']);
    const hash = 'ni:///sha-256;9a3f3ef3f50ca7a8fdd9b7dd50ef34e5af7b1ef1d9e0b6d1f1c9d3bb3e0b4f10?ver=CBV2.0';
    expect((await epcis.get(`/epcis/events/${encodeURIComponent(hash)}`)).statusCode).toBe(404);
    const id = eventHashId(captured(commissioning('S1', 'S2', 'S3')).event, (text) => createHash('sha256').update(text).digest('hex'));
    expect(named(await eventsOf(`/epcis/events/${encodeURIComponent(id)}`))).toEqual(['commission']);
    expect((await epcis.get(`/epcis/events/${encodeURIComponent(id)}`, 'cua-hang-sao')).statusCode).toBe(404);
  });

  it('that nobody knows is not there', async () => {
    for (const id of [`urn:minhchung:event:${'0'.repeat(64)}:0`, 'urn:x:1', 'x', '%00', 'a'.repeat(400)]) {
      const answer = await epcis.get(`/epcis/events/${id}`);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'EPCIS_EVENT_UNKNOWN']);
    }
  });
});

describe('views', () => {
  it.each<[string, string[]]>([
    [`/epcis/epcs/${encodeURIComponent(S1)}/events`, wayOfS1],
    [`/epcis/epcs/${S1}/events`, wayOfS1],
    [`/epcis/epcs/urn:epc:id:sscc:952000.00000000001/events`, ['unpack', 'receive', 'ship', 'pack']],
    [`/epcis/epcs/${encodeURIComponent(lotLink)}/events`, ['recall', 'open-lot']],
    [`/epcis/epcs/${encodeURIComponent(S1)}/events?EQ_action=ADD&perPage=10`, ['pack', 'commission']],
    ['/epcis/eventTypes/AggregationEvent/events', ['pack']],
    ['/epcis/bizSteps/shipping/events', ['ship']],
    [`/epcis/bizSteps/${encodeURIComponent('https://ref.gs1.org/cbv/BizStep-shipping')}/events`, ['ship']],
    ['/epcis/bizSteps/urn:epcglobal:cbv:bizstep:packing/events', ['pack']],
  ])('%s', async (url, expected) => {
    expect(named(await eventsOf(url))).toEqual(expected);
  });

  it.each([
    [`/epcis/epcs/${encodeURIComponent(S1)}/events?MATCH_anyEPC=${encodeURIComponent(S2)}`, 400, 'EPCIS_PARAMETER_WRONG'],
    ['/epcis/epcs/urn:uuid:1/events', 400, 'EPCIS_EPC_NOT_GS1'],
    [`/epcis/epcs/${encodeURIComponent(`https://id.gs1.org/01/${TEA}`)}/events`, 400, 'EPCIS_PARAMETER_WRONG'],
    [`/epcis/epcs/${encodeURIComponent(S1)}`, 404, 'ROUTE_UNKNOWN'],
    ['/epcis/epcs//events', 404, 'ROUTE_UNKNOWN'],
    ['/epcis/bizSteps/teleporting/events', 400, 'EPCIS_PARAMETER_WRONG'],
    ['/epcis/eventTypes/Foo/events', 400, 'EPCIS_PARAMETER_WRONG'],
  ])('%s is refused', async (url, status, code) => {
    const answer = await epcis.get(url);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
  });

  it('a lot whose number has a slash is found by its encoded link', async () => {
    const other = await openEpcisApp();
    await openTeaLot(other.ledger.world, 'A/B');
    const lot = `https://id.gs1.org/01/${TEA}/10/A%2FB`;
    const answer = await other.get(`/epcis/epcs/${encodeURIComponent(lot)}/events`);
    expect(listOf(answer.json())).toMatchObject([{ quantityList: [{ epcClass: lot }], 'minhchung:step': 'open-lot' }]);
    await other.close();
  });
});
