import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { openEpcisApp, type EpcisApp } from './epcis-app.js';
import { alone, commissioning, documentOf, holding, linkOf, LOT, packing, recalling, selling, shipping, unitLink, UNIT } from './tea-events.js';
import { gtin, PREFIX, TEA } from '../../support/fictional.js';

let epcis: EpcisApp;
beforeEach(async () => { epcis = await openEpcisApp(); });
afterEach(async () => {
  expect(epcis.faults).toEqual([]);
  await epcis.close();
});

const capture = (document: unknown, behaviour?: string, as?: string): ReturnType<EpcisApp['post']> =>
  epcis.post('/epcis/capture', document, as, behaviour === undefined ? {} : { 'GS1-Capture-Error-Behaviour': behaviour });

const custody = (serial: string): unknown => epcis.ledger.world.read(`/01/${TEA}/21/${serial}`, 'serial')?.custody;

describe('a capture with rollback', () => {
  it('is one transaction for all events, and success means committed', async () => {
    const answer = await capture(documentOf(commissioning('S1', 'S2'), packing('S1', 'S2'), shipping(unitLink)));
    expect(answer.statusCode).toBe(202);
    expect(answer.body).toBe('');
    expect(answer.headers).toMatchObject({ 'gs1-epcis-version': '2.0.0', 'gs1-cbv-version': '2.0.0', 'gs1-extensions': 'minhchung=urn:minhchung:epcis:' });
    const job = await epcis.ended(answer);
    const transactionId = epcis.ledger.all().find(({ record }) => record.step === 'ship')!.transactionId;
    expect(job).toEqual({
      captureID: answer.headers.location!.split('/').pop(),
      createdAt: '2026-11-20T09:00:00.000Z', finishedAt: '2026-11-20T09:00:00.000Z',
      running: false, success: true, captureErrorBehaviour: 'rollback', errors: [],
      'minhchung:eventIDs': [0, 1, 2].map((index) => `urn:minhchung:event:${transactionId}:${index}`),
    });
    expect(epcis.ledger.submitted.map(({ transaction }) => transaction)).toEqual(['goods:capture']);
    expect(custody('S1')).toEqual({ state: 'in-stock', holder: 'tra-shan', parent: `/00/${UNIT}` });
    expect(epcis.ledger.world.read(`/00/${UNIT}`, 'unit')?.custody).toMatchObject({ state: 'in-transit', holder: 'tra-shan' });
  });

  it('writes the events in the order of the document, one for each step', async () => {
    await epcis.ended(await capture(documentOf(commissioning('S1'), holding('S1'), recalling())));
    expect(epcis.ledger.all().slice(-3).map(({ index, record }) => [index, record.step, record.happenedAt])).toEqual([
      [0, 'commission', '2026-11-20T07:01:00.000Z'], [1, 'hold', '2026-11-20T07:07:00.000Z'], [2, 'recall', epcis.ledger.world.now],
    ]);
  });

  it('writes nothing if the contract refuses one of them', async () => {
    const job = await epcis.ended(await capture(documentOf(commissioning('S1'), packing('S1', 'S9'))));
    expect(job).toMatchObject({ running: false, success: false, captureErrorBehaviour: 'rollback', 'minhchung:eventIDs': [] });
    expect(job['errors']).toEqual([expect.objectContaining({ type: 'epcisException:ValidationException', status: 400, code: 'ITEM_UNKNOWN', fields: { item: `/01/${TEA}/21/S9` } })]);
    expect(custody('S1')).toBeUndefined();
    expect(epcis.ledger.committed).toBe(0);
  });

  it('submits nothing if one of them is no operation', async () => {
    const job = await epcis.ended(await capture(documentOf(commissioning('S1'), { ...shipping(unitLink), bizStep: 'installing' }, { type: 'TransformationEvent' })));
    expect(job['success']).toBe(false);
    expect(job['errors']).toMatchObject([
      { event: 1, type: 'epcisException:ValidationException', status: 400, code: 'EPCIS_OPERATION_UNSUPPORTED', field: 'epcisBody.eventList[1].bizStep' },
      { event: 2, code: 'EPCIS_EVENT_TYPE_UNSUPPORTED', field: 'epcisBody.eventList[2].type' },
    ]);
    expect(epcis.ledger.submitted).toEqual([]);
  });

  it('says of errors what they mean, in the language asked for', async () => {
    const answer = await capture(documentOf({ ...shipping(unitLink), bizStep: 'installing' }));
    await epcis.ended(answer);
    const job = (await epcis.get(answer.headers.location!, 'tra-shan', { 'accept-language': 'en' })).json<{ errors: { detail: string; messageVi: string }[] }>();
    expect(job.errors[0]!.detail).toContain('No operation fits');
    expect(job.errors[0]!.messageVi).toContain('nghiệp vụ');
  });
});

describe('an event that the contract refuses', () => {
  it.each<[string, Record<string, string>, Record<string, unknown>]>([
    ['is named by its place in the document', { field: 'steps[1].request.items[0]', item: 'x' }, { event: 2, field: 'items[0]', fields: { item: 'x' } }],
    ['also where the refusal is about all of it', { field: 'steps[0].request' }, { event: 1, fields: {} }],
    ['is not guessed', { field: 'request.items[0]' }, { field: 'items[0]' }],
  ])('%s', async (_name, fields, expected) => {
    await epcis.ended(await capture(documentOf(commissioning('S1'))));
    epcis.ledger.refusal = new Problem('ITEM_UNKNOWN', fields);
    const job = await epcis.ended(await capture(documentOf(commissioning('S1'), holding('S1'), packing('S1'))));
    const [error] = job['errors'] as Record<string, unknown>[];
    expect(error).toMatchObject(expected);
    expect('event' in error!).toBe('event' in expected);
  });
});

describe('a capture with proceed', () => {
  it('captures what it can, each event in a transaction of its own', async () => {
    const job = await epcis.ended(await capture(documentOf(commissioning('S1'), packing('S1', 'S9'), { ...shipping(unitLink), bizStep: 'installing' }, holding('S1')), 'proceed'));
    expect(job).toMatchObject({ running: false, success: false, captureErrorBehaviour: 'proceed' });
    expect(job['errors']).toMatchObject([{ event: 1, code: 'ITEM_UNKNOWN' }, { event: 2, code: 'EPCIS_OPERATION_UNSUPPORTED' }]);
    expect(job['minhchung:eventIDs']).toEqual([expect.stringMatching(/^urn:minhchung:event:[0-9a-f]{64}:0$/), null, null, expect.stringMatching(/:0$/)]);
    expect(epcis.ledger.committed).toBe(2);
    expect(custody('S1')).toMatchObject({ state: 'in-stock', hold: { cause: 'quarantined' } });
  });
});

describe('the same event again', () => {
  it('is there already: nothing is submitted, and the job succeeds with its first place', async () => {
    const first = await epcis.ended(await capture(documentOf(commissioning('S1'))));
    const spelt = { ...commissioning('S1'), bizStep: 'https://ref.gs1.org/cbv/BizStep-commissioning', eventTime: '2026-11-20T14:01:00+07:00', epcList: [linkOf('S1').replace('id.gs1.org', 'id.example.org')] };
    for (const behaviour of ['rollback', 'proceed']) {
      const again = await epcis.ended(await capture(documentOf(spelt), behaviour));
      expect(again).toMatchObject({ success: true, 'minhchung:eventIDs': first['minhchung:eventIDs'] });
    }
    expect(epcis.ledger.submitted).toHaveLength(1);
  });

  it('twice in one document is captured once', async () => {
    const job = await epcis.ended(await capture(documentOf(commissioning('S1'), commissioning('S1'), holding('S1'))));
    const [one, two, three] = job['minhchung:eventIDs'] as string[];
    expect([job['success'], one === two, three?.endsWith(':1')]).toEqual([true, true, true]);
  });

  it('of another organisation is another event', async () => {
    await epcis.ended(await capture(documentOf(commissioning('S1'))));
    const job = await epcis.ended(await capture(documentOf(commissioning('S1')), 'rollback', 'cua-hang-sao'), 'cua-hang-sao');
    expect(job).toMatchObject({ success: false, errors: [{ code: 'PREFIX_NOT_HELD' }] });
  });

  it('beside a new one leaves only the new one to do', async () => {
    await epcis.ended(await capture(documentOf(commissioning('S1'))));
    const job = await epcis.ended(await capture(documentOf(commissioning('S1'), holding('S1'))));
    expect(job['success']).toBe(true);
    expect(JSON.parse(epcis.ledger.submitted[1]!.argument)).toMatchObject({ steps: [{ transaction: 'goods:hold' }] });
  });

  const eventID = 'urn:uuid:0c0f7b1e-6f5d-4f0e-9a52-0c0ffee00001';

  it.each(['rollback', 'proceed'])('its id cannot be given to another event (%s)', async (behaviour) => {
    await epcis.ended(await capture(documentOf({ ...commissioning('S1'), eventID })));
    const job = await epcis.ended(await capture(documentOf({ ...commissioning('S2'), eventID }), behaviour));
    expect(job).toMatchObject({ success: false, errors: [{ event: 0, status: 409, type: 'epcisException:ResourceAlreadyExistsException', code: 'EPCIS_EVENT_ID_REUSED', fields: { eventID } }] });
    expect(custody('S2')).toBeUndefined();
  });

  it('nor twice within one document', async () => {
    const job = await epcis.ended(await capture(documentOf({ ...commissioning('S1'), eventID }, { ...commissioning('S2'), eventID })));
    expect(job).toMatchObject({ success: false, errors: [{ event: 1, code: 'EPCIS_EVENT_ID_REUSED' }] });
  });
});

describe('what is refused at once', () => {
  const json = 'application/json';
  it.each([
    ['no JSON', '{', 400, 'TEXT_NOT_JSON', ''],
    ['a key twice', '{"type":"EPCISDocument","type":"EPCISDocument"}', 400, 'JSON_DUPLICATE_KEY', 'type'],
    ['no document', { type: 'Foo' }, 400, 'EPCIS_DOCUMENT_TYPE_WRONG', 'type'],
    ['an event that is none', documentOf(commissioning('S1'), { ...commissioning('S2'), eventTime: 'yesterday' }), 400, 'INSTANT_INVALID', 'epcisBody.eventList[1].eventTime'],
    ['an identifier with a mistake', documentOf({ ...commissioning(), epcList: ['https://id.gs1.org/00/195200000000000012'] }), 400, 'AI_CHECK_DIGIT_WRONG', 'epcisBody.eventList[0].epcList[0]'],
    ['too many events', documentOf(...Array.from({ length: 201 }, (_, n) => commissioning(`S${n}`))), 413, 'EPCIS_TOO_MANY_EVENTS', undefined],
    ['too many goods', documentOf(commissioning(...Array.from({ length: 2001 }, (_, n) => `S${n}`))), 413, 'LIST_TOO_LONG', 'epcisBody.eventList[0].epcList'],
    ['a body that is too large', JSON.stringify(documentOf(commissioning('S1'))).padEnd(2_000_001), 413, 'TEXT_TOO_LONG', undefined],
  ])('%s', async (_name, body, status, code, field) => {
    const answer = await epcis.post('/epcis/capture', body, 'tra-shan', { 'content-type': json });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const problem = answer.json<Record<string, unknown>>();
    expect(problem).toMatchObject({ status, code, type: status === 413 ? 'epcisException:CaptureLimitExceededException' : 'epcisException:ValidationException', ...(field === undefined || field === '' ? {} : { field }) });
    expect(epcis.ledger.submitted).toEqual([]);
  });

  it('another media type', async () => {
    const answer = await epcis.post('/epcis/capture', '<epcis/>', 'tra-shan', { 'content-type': 'application/xml' });
    expect([answer.statusCode, answer.json<{ type: string }>().type]).toEqual([415, 'epcisException:UnsupportedMediaTypeException']);
  });

  it.each([['all'], ['maybe'], ['ROLLBACK']])('the behaviour %s', async (behaviour) => {
    const answer = await capture(documentOf(commissioning('S1')), behaviour);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'EPCIS_BEHAVIOUR_UNKNOWN']);
  });

  it('a caller without a key, or whose key is for other things', async () => {
    const nobody = await epcis.post('/epcis/capture', documentOf(commissioning('S1')), 'nobody');
    expect([nobody.statusCode, nobody.headers['www-authenticate'], nobody.json()]).toMatchObject([401, 'Bearer realm="minhchung"', { type: 'epcisException:SecurityException' }]);
    const authority = await epcis.post('/epcis/capture', documentOf(commissioning('S1')), 'thi-truong');
    expect([authority.statusCode, authority.json()]).toMatchObject([403, { type: 'epcisException:SecurityException', code: 'SCOPE_MISSING' }]);
  });

  it('a document of two hundred events is not', async () => {
    const events = Array.from({ length: 200 }, (_, n) => commissioning(`S${n}`));
    expect(await epcis.ended(await capture(documentOf(...events)))).toMatchObject({ success: true });
  });
});

describe('one event', () => {
  it('is answered with the event as it is on the ledger', async () => {
    const answer = await epcis.post('/epcis/events', alone(commissioning('S1')));
    const event = answer.json<Record<string, unknown>>();
    expect(answer.statusCode).toBe(201);
    expect(answer.headers.location).toBe(`/epcis/events/${encodeURIComponent(String(event['eventID']))}`);
    expect(event).toMatchObject({ type: 'ObjectEvent', action: 'ADD', bizStep: 'commissioning', epcList: [linkOf('S1')], recordTime: epcis.ledger.world.now, 'minhchung:recordedBy': 'urn:minhchung:organisation:tra-shan' });
    const read = await epcis.get(answer.headers.location!);
    expect(read.json<{ epcisBody: { queryResults: { resultsBody: { eventList: { ilmd: unknown }[] } } } }>().epcisBody.queryResults.resultsBody.eventList[0]).toMatchObject({ ilmd: { 'cbvmda:lotNumber': LOT } });
  });

  it('again is answered alike', async () => {
    const first = await epcis.post('/epcis/events', alone(commissioning('S1')));
    const again = await epcis.post('/epcis/events', alone(commissioning('S1')));
    expect([again.statusCode, again.headers.location]).toEqual([201, first.headers.location]);
    expect(epcis.ledger.submitted).toHaveLength(1);
  });

  it.each([
    ['no operation', { ...commissioning('S1'), bizStep: 'installing' }, 400, 'EPCIS_OPERATION_UNSUPPORTED'],
    ['a broken rule of the ledger', packing('S9'), 400, 'ITEM_UNKNOWN'],
    ['another\'s goods', { ...commissioning('S1'), epcList: [`https://id.gs1.org/01/${gtin(PREFIX['cua-hang-sao'], 1)}/21/S1`] }, 400, 'PRODUCT_UNKNOWN'],
    ['no event', {}, 400, 'FIELD_MISSING'],
  ])('is refused at once: %s', async (_name, event, status, code) => {
    const answer = await epcis.post('/epcis/events', alone(event));
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
  });

  it('sold twice is a conflict', async () => {
    await epcis.post('/epcis/events', alone(commissioning('S1')));
    await epcis.post('/epcis/events', alone(selling('S1')));
    const answer = await epcis.post('/epcis/events', alone({ ...selling('S1'), eventTime: '2026-11-20T07:06:01Z' }));
    expect([answer.statusCode, answer.json()]).toMatchObject([409, { type: 'epcisException:ResourceAlreadyExistsException', code: 'ITEM_ALREADY_SOLD', fields: { item: `/01/${TEA}/21/S1` } }]);
  });

  it('that the ledger has not decided in time is answered with its job', async () => {
    epcis.ledger.faults = ['pending'];
    const answering = epcis.post('/epcis/events', alone(commissioning('S1')));
    while (epcis.clock.waiting.length < 2) await new Promise(setImmediate);
    expect(epcis.clock.waiting).toEqual([200, 5000]);
    epcis.clock.advance(199);
    epcis.clock.advance(4801);
    const answer = await answering;
    expect(answer.statusCode).toBe(202);
    expect(await epcis.ended(answer)).toMatchObject({ success: true });
    expect(epcis.ledger.committed).toBe(1);
  });
});

describe('jobs', () => {
  it('are listed for whoever made them, the newest first, page by page', async () => {
    const ids: string[] = [];
    for (const serial of ['S1', 'S2', 'S3']) {
      epcis.clock.advance(1);
      ids.unshift(String((await epcis.ended(await capture(documentOf(commissioning(serial)))))['captureID']));
    }
    const listed = async (url: string): Promise<[string[], string | undefined]> => {
      const answer = await epcis.get(url);
      const next = /<([^>]+)>; rel="next"/.exec(String(answer.headers['link'] ?? ''))?.[1];
      return [answer.json<{ captureID: string }[]>().map(({ captureID }) => captureID), next];
    };
    const [all, none] = await listed('/epcis/capture');
    expect([all, none]).toEqual([ids, undefined]);
    const [first, next] = await listed('/epcis/capture?perPage=2');
    expect(first).toEqual(ids.slice(0, 2));
    expect(await listed(next!)).toEqual([ids.slice(2), undefined]);
    expect((await epcis.get('/epcis/capture', 'cua-hang-sao')).json()).toEqual([]);
    expect((await epcis.get(next!, 'cua-hang-sao')).json()).toMatchObject({ code: 'EPCIS_PAGE_TOKEN_WRONG' });
  });

  it.each([['perPage=0', 'EPCIS_PARAMETER_WRONG'], ['perPage=x', 'EPCIS_PARAMETER_WRONG'], ['perPage=1&perPage=2', 'EPCIS_PARAMETER_WRONG'], ['colour=red', 'EPCIS_PARAMETER_UNKNOWN'], ['nextPageToken=x', 'EPCIS_PAGE_TOKEN_WRONG']])('refuse %s', async (query, code) => {
    const answer = await epcis.get(`/epcis/capture?${query}`);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, code]);
  });

  it('are nobody else\'s to see', async () => {
    const answer = await capture(documentOf(commissioning('S1')));
    await epcis.ended(answer);
    for (const [url, as] of [[answer.headers.location!, 'cua-hang-sao'], [answer.headers.location!, 'thi-truong'], ['/epcis/capture/none', 'tra-shan'], [`/epcis/capture/${'0'.repeat(32)}`, 'tra-shan']] as const) {
      const refused = await epcis.get(url, as);
      expect([refused.statusCode, refused.json()]).toMatchObject([404, { type: 'epcisException:NoSuchResourceException', code: 'EPCIS_JOB_UNKNOWN' }]);
    }
  });

  it('of one organisation are bounded in number', async () => {
    epcis.ledger.faults = Array.from({ length: 10_000 }, () => 'unreachable');
    for (let n = 0; n < 100; n++) expect((await capture(documentOf(commissioning(`S${n}`)))).statusCode).toBe(202);
    const refused = await capture(documentOf(commissioning('S100')));
    expect([refused.statusCode, refused.headers['retry-after'], refused.json<{ code: string }>().code]).toEqual([429, '1', 'EPCIS_TOO_MANY_JOBS']);
    epcis.ledger.faults = [];
    expect((await capture(documentOf(commissioning('S1')), 'rollback', 'cua-hang-sao')).statusCode).toBe(202);
  });
});
