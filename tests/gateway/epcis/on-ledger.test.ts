import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEA, teaLot, teaProduct } from '../app/sample-goods.js';
import { mustBe, runGateway, type Answer, type Caller, type RunningGateway } from '../app/running-gateway.js';

type Event = Record<string, unknown>;

let gateway: RunningGateway;
let maker: Caller;
let shop: Caller;

beforeAll(async () => {
  gateway = await runGateway();
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  shop = await gateway.enrol('cua-hang', 'enterprise', '01', '9522000');
  mustBe(201, await maker.post('/v1/products', teaProduct));
  mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, teaLot));
});
afterAll(() => gateway.remove());

const CONTEXT = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { minhchung: 'urn:minhchung:epcis:' }];
const linkOf = (serial: string): string => `https://id.gs1.org/01/${TEA}/21/${serial}`;
const UNIT = 'https://id.gs1.org/00/095200000000000011';
const advice = { bizTransactionList: [{ type: 'desadv', bizTransaction: 'urn:minhchung:shipment:che-shan:DN-1' }] };

/** Just now: the embedded ledger goes by the clock. */
const when = (): Event => ({ eventTime: new Date().toISOString(), eventTimeZoneOffset: '+07:00' });
const commissioning = (...serials: string[]): Event => ({ type: 'ObjectEvent', ...when(), epcList: serials.map(linkOf), action: 'ADD', bizStep: 'commissioning', ilmd: { 'cbvmda:lotNumber': teaLot.lot } });
const packing = (...serials: string[]): Event => ({ type: 'AggregationEvent', ...when(), parentID: UNIT, childEPCs: serials.map(linkOf), action: 'ADD', bizStep: 'packing' });
const shipping = (): Event => ({ type: 'ObjectEvent', ...when(), epcList: [UNIT], action: 'OBSERVE', bizStep: 'shipping', ...advice, destinationList: [{ type: 'possessing_party', destination: 'urn:minhchung:organisation:cua-hang' }] });
const receiving = (): Event => ({ type: 'ObjectEvent', ...when(), epcList: [UNIT], action: 'OBSERVE', bizStep: 'receiving', ...advice });

const documentOf = (...events: Event[]): Event => ({ '@context': CONTEXT, type: 'EPCISDocument', schemaVersion: '2.0', creationDate: new Date().toISOString(), epcisBody: { eventList: events } });

async function captured(caller: Caller, document: Event, headers: Record<string, string> = {}): Promise<Event> {
  const answer = mustBe(202, await caller.post('/epcis/capture', document, headers));
  for (;;) {
    const job = mustBe(200, await caller.get(String(answer.headers['location']))).body;
    if (job['running'] === false) return job;
    await new Promise(setImmediate);
  }
}

const listOf = (answer: Answer): Event[] => (answer.body as { epcisBody: { queryResults: { resultsBody: { eventList: Event[] } } } }).epcisBody.queryResults.resultsBody.eventList;

describe('EPCIS on a real ledger', () => {
  it('takes a batch as one transaction, and shows each event under the id it has there', async () => {
    const job = await captured(maker, documentOf(commissioning('E1', 'E2'), packing('E1', 'E2'), shipping()));
    expect(job).toMatchObject({ success: true, errors: [] });
    const ids = job['minhchung:eventIDs'] as string[];
    expect(ids.map((id) => id.replace(/[0-9a-f]{64}/, 'T'))).toEqual([0, 1, 2].map((index) => `urn:minhchung:event:T:${index}`));
    for (const [index, step] of ['commission', 'pack', 'ship'].entries()) {
      const [event] = listOf(mustBe(200, await maker.get(`/epcis/events/${encodeURIComponent(ids[index]!)}`)));
      expect(event).toMatchObject({ eventID: ids[index], 'minhchung:step': step });
    }
  });

  it('lets the receiver receive, and see where the goods come from', async () => {
    const answer = mustBe(201, await shop.post('/epcis/events', { '@context': CONTEXT, ...receiving() }));
    expect(answer.body).toMatchObject({ bizStep: 'receiving', epcList: [UNIT], sourceList: [{ source: 'urn:minhchung:organisation:che-shan' }] });
    const events = listOf(mustBe(200, await shop.get(`/epcis/epcs/${encodeURIComponent(linkOf('E1'))}/events`)));
    expect(events.map((event) => event['minhchung:step'])).toEqual(['pack', 'commission']);
    expect(events[1]).toMatchObject({ epcList: [linkOf('E1')], ilmd: { 'cbvmda:lotNumber': teaLot.lot } });
    const unit = listOf(mustBe(200, await shop.get(`/epcis/epcs/${encodeURIComponent(UNIT)}/events`)));
    expect(unit.map((event) => event['minhchung:step'])).toEqual(['receive', 'ship', 'pack']);
  });

  it('writes nothing of a batch with a broken rule in it, and what it can with proceed', async () => {
    const document = documentOf(commissioning('E3'), { ...packing('E9'), parentID: 'https://id.gs1.org/00/095200000000000028' }, commissioning('E4'));
    expect(await captured(maker, document)).toMatchObject({ success: false, errors: [{ code: 'ITEM_UNKNOWN' }] });
    expect((await maker.get(`/v1/items?key=${encodeURIComponent(`/01/${TEA}/21/E3`)}`)).status).toBe(404);
    const job = await captured(maker, document, { 'GS1-Capture-Error-Behaviour': 'proceed' });
    expect(job).toMatchObject({ success: false, errors: [{ event: 1, code: 'ITEM_UNKNOWN' }], 'minhchung:eventIDs': [expect.any(String), null, expect.any(String)] });
    mustBe(200, await maker.get(`/v1/items?key=${encodeURIComponent(`/01/${TEA}/21/E4`)}`));
  });

  it('pages through what the caller recorded, without gaps', async () => {
    const seen: string[] = [];
    for (let url: string | undefined = '/epcis/events?perPage=2'; url !== undefined;) {
      const answer: Answer = mustBe(200, await maker.get(url));
      seen.push(...listOf(answer).map((event) => String(event['minhchung:step'])));
      const { link } = answer.headers;
      url = typeof link === 'string' ? /<([^>]+)>/.exec(link)?.[1] : undefined;
    }
    expect(seen).toEqual(['commission', 'commission', 'ship', 'pack', 'commission', 'open-lot']);
  });

  it('names the GLN of a party by its prefix', async () => {
    const events = listOf(mustBe(200, await maker.get(`/epcis/events?EQ_destination_possessing_party=${encodeURIComponent('https://id.gs1.org/417/9522000000107')}`)));
    expect(events.map((event) => event['minhchung:step'])).toEqual(['ship']);
  });
});
