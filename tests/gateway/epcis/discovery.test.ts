import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEpcisApp, type EpcisApp } from './epcis-app.js';
import { commissioning, documentOf } from './tea-events.js';

let epcis: EpcisApp;
beforeAll(async () => { epcis = await openEpcisApp(); });
afterAll(() => epcis.close());

const VERSIONS = { 'gs1-epcis-version': '2.0.0', 'gs1-cbv-version': '2.0.0', 'gs1-extensions': 'minhchung=urn:minhchung:epcis:' };
const BOUNDS = { 'gs1-epcis-min': '2.0.0', 'gs1-epcis-max': '2.0.0', 'gs1-cbv-min': '2.0.0', 'gs1-cbv-max': '2.0.0', 'gs1-epc-format': 'Always_GS1_Digital_Link' };
const LIMITS = { 'gs1-epcis-capture-limit': '200', 'gs1-epcis-capture-file-size-limit': '2000000', 'gs1-capture-error-behaviour': 'all' };

describe('discovery', () => {
  it.each([
    ['/epcis', 'OPTIONS, GET', {}], ['/epcis/', 'OPTIONS, GET', {}], ['/epcis/capture', 'OPTIONS, POST, GET', LIMITS], ['/epcis/capture/x', 'OPTIONS, GET', {}],
    ['/epcis/events', 'OPTIONS, GET, POST', LIMITS], ['/epcis/events/x', 'OPTIONS, GET', {}], ['/epcis/eventTypes', 'OPTIONS, GET', {}],
    ['/epcis/eventTypes/ObjectEvent/events', 'OPTIONS, GET', {}], ['/epcis/bizSteps/shipping/events', 'OPTIONS, GET', {}], ['/epcis/epcs/urn:x:1/events', 'OPTIONS, GET', {}],
  ])('OPTIONS %s needs no key', async (url, allow, limits) => {
    const answer = await epcis.app.inject({ method: 'OPTIONS', url });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers).toMatchObject({ allow, ...VERSIONS, ...BOUNDS, ...limits });
    expect('gs1-epcis-capture-limit' in answer.headers).toBe('gs1-epcis-capture-limit' in limits);
  });

  it.each([
    ['/epcis', ['capture', 'events', 'eventTypes', 'bizSteps']],
    ['/epcis/', ['capture', 'events', 'eventTypes', 'bizSteps']],
    ['/epcis/eventTypes', ['AggregationEvent', 'ObjectEvent', 'TransformationEvent']],
    ['/epcis/bizSteps', ['commissioning', 'decommissioning', 'destroying', 'dispensing', 'holding', 'packing', 'receiving', 'repackaging', 'retail_selling', 'shipping', 'storing', 'unpacking', 'void_shipping']],
  ])('GET %s', async (url, member) => {
    const answer = await epcis.app.inject({ method: 'GET', url });
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { type: 'Collection', member }]);
    expect(answer.headers).toMatchObject(VERSIONS);
  });

  it('every other address wants a key, and for what', () => {
    expect(epcis.access.filter(({ method, url }) => method !== 'OPTIONS' && url.startsWith('/epcis')).map(({ method, url, access, scope }) => `${method} ${url} ${access} ${scope}`).sort()).toEqual([
      'GET /epcis public -', 'GET /epcis/ public -', 'GET /epcis/bizSteps public -', 'GET /epcis/bizSteps/* partner epcis:read',
      'GET /epcis/capture partner epcis:read', 'GET /epcis/capture/:captureID partner epcis:read', 'GET /epcis/epcs/* partner epcis:read',
      'GET /epcis/eventTypes public -', 'GET /epcis/eventTypes/:eventType/events partner epcis:read', 'GET /epcis/events partner epcis:read', 'GET /epcis/events/* partner epcis:read',
      'POST /epcis/capture partner epcis:write', 'POST /epcis/events partner epcis:write',
    ]);
  });
});

describe('formats and versions', () => {
  it.each<[string, Record<string, string>]>([
    ['XML', { accept: 'application/xml' }], ['JSON at weight nought', { accept: 'application/json;q=0, text/html' }],
    ['URNs', { 'gs1-epc-format': 'Always_EPC_URN' }], ['the original format', { 'gs1-epc-format': 'Never_Translates' }],
    ['at most EPCIS 1.2', { 'gs1-epcis-max': '1.2.0' }], ['at least EPCIS 2.1', { 'gs1-epcis-min': '2.1' }], ['at least CBV 3', { 'gs1-cbv-min': '3' }],
    ['no version at all', { 'gs1-cbv-max': 'new' }],
  ])('a reader who wants %s is refused', async (_name, headers) => {
    const answer = await epcis.get('/epcis/events', 'tra-shan', headers);
    expect([answer.statusCode, answer.json()]).toMatchObject([406, { type: 'epcisException:NotAcceptableException', code: 'EPCIS_NOT_ACCEPTABLE' }]);
  });

  it.each<[string, Record<string, string>]>([
    ['EPCIS 1.2', { 'gs1-epcis-version': '1.2' }], ['CBV 1.2', { 'gs1-cbv-version': '1.2.0' }],
  ])('so is a sender who writes %s', async (_name, headers) => {
    const answer = await epcis.post('/epcis/capture', documentOf(commissioning('S1')), 'tra-shan', headers);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([406, 'EPCIS_NOT_ACCEPTABLE']);
  });

  it.each<[string, Record<string, string>]>([
    ['anything', { accept: '*/*' }], ['nothing said', {}], ['a list with JSON in it', { accept: 'text/html, application/json;q=0.5' }],
    ['no preference for identifiers', { 'gs1-epc-format': 'No_Preference' }], ['a range around 2.0', { 'gs1-epcis-min': '1.2', 'gs1-epcis-max': '2.0', 'gs1-cbv-max': '3.0.0' }],
  ])('%s is served', async (_name, headers) => {
    expect((await epcis.get('/epcis/events', 'tra-shan', headers)).statusCode).toBe(200);
  });
});

/** The shapes that GS1's REST binding gives to an answer and to a job, as far as they are required there. */
const ajv = createRequire(createRequire(import.meta.url).resolve('@fastify/ajv-compiler'))('ajv') as { default: new (options: object) => { compile: (schema: object) => (value: unknown) => boolean } };

const JOB = {
  type: 'object', required: ['captureID', 'createdAt', 'running', 'success', 'captureErrorBehaviour', 'errors'],
  properties: {
    captureID: { type: 'string' }, createdAt: { type: 'string' }, finishedAt: { type: 'string' }, running: { type: 'boolean' }, success: { type: 'boolean' },
    captureErrorBehaviour: { enum: ['rollback', 'proceed'] },
    errors: { type: 'array', items: { type: 'object', required: ['type', 'title'], properties: { type: { type: 'string', pattern: '^epcisException:' }, title: { type: 'string' }, status: { type: 'integer' } } } },
  },
};

describe('shapes', () => {
  it('of jobs are the standard\'s', async () => {
    const check = new ajv.default({ strict: false }).compile(JOB);
    const answer = await epcis.post('/epcis/capture', documentOf(commissioning('S1'), { type: 'TransactionEvent' }));
    expect(check((await epcis.get(answer.headers.location!)).json())).toBe(true);
    expect(check(await epcis.ended(answer))).toBe(true);
  });
});
