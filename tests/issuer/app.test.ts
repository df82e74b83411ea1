import { readFile } from 'node:fs/promises';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { Callers } from '../../issuer/callers.js';
import { ISSUER_SETTINGS } from '../../issuer/config.js';
import { guardRoutes } from '../../issuer/http/guard.js';
import { httpGateway } from '../../issuer/ledger/gateway-api.js';
import { doneOf, isFinal } from '../../issuer/ledger/gateway-answer.js';
import { rejectsWith, throwsWith } from '../support/rejects-with.js';
import { strictValidator, type Compile } from '../gateway/app/schema-validator.js';
import { mustBe } from '../gateway/app/running-gateway.js';
import { diplomaRequest, issued, issuerWorld, UNIVERSITY, type IssuerWorld } from './issuer-world.js';

let world: IssuerWorld;
beforeAll(async () => {
  world = await issuerWorld();
});
afterAll(async () => world.remove());

const README = await readFile(new URL('../../issuer/README.md', import.meta.url), 'utf8');
type Json = Record<string, unknown>;

/** The rows of the table under a heading, cells trimmed of spaces and backquotes. */
function tableUnder(heading: string): string[][] {
  const section = README.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section.split('\n').filter((line) => line.startsWith('|')).slice(2).map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', '')));
}

describe('routes', () => {
  it('in the README are those of the program', () => {
    const rows = world.issuer.app.issuerRoutes.map(({ method, url, access }) => `${method} | ${url} | ${access}`);
    expect(tableUnder('Routes').map((row) => row.slice(0, 3).join(' | ')).sort()).toEqual(rows.sort());
  });

  it('that are not for anybody are closed to everybody without a key, with a wrong one, and with one without the scope', async () => {
    const closed = world.issuer.app.issuerRoutes.filter(({ access }) => access !== 'anybody');
    expect(closed.length).toBeGreaterThan(7);
    for (const { method, url, access } of closed) {
      const path = url.replaceAll(/:\w+/g, 'x');
      for (const [authorization, status, code] of [[undefined, 401, 'API_KEY_MISSING'], ['Basic x', 401, 'API_KEY_WRONG'], [`Bearer mc_7QK2M9ZD4XWA_${'y'.repeat(43)}`, 401, 'API_KEY_WRONG'], [`Bearer ${world.trader.key}`, 403, 'SCOPE_MISSING']] as const) {
        const answer = await world.call({ method, url: path, headers: authorization === undefined ? {} : { authorization } });
        expect([method, url, answer.status, answer.body['code']]).toEqual([method, url, status, code]);
        if (status === 403) expect(answer.body['fields']).toEqual({ scope: access });
      }
    }
  });

  it('that state no access do not start', async () => {
    const app = Fastify();
    guardRoutes(app, new Callers({ whoami: async () => Promise.reject(new Problem('API_KEY_WRONG')) }, () => 0));
    app.get('/x', async () => ({}));
    await expect(app.ready()).rejects.toThrow('route GET /x states no access');
  });

  it('that are not there are told so, in both languages', async () => {
    const vi = await world.get('/nothing');
    expect([vi.status, vi.headers['content-type'], vi.headers['content-language'], vi.body['detail']]).toEqual([404, 'application/problem+json', 'vi', vi.body['messageVi']]);
    const en = await world.get('/nothing', { 'accept-language': 'en;q=0.9, vi;q=0.1' });
    expect([en.headers['content-language'], en.body['detail'], en.body['type']]).toEqual(['en', en.body['messageEn'], 'urn:minhchung:problem:ROUTE_UNKNOWN']);
  });
});

describe('bodies', () => {
  it.each([
    ['no JSON', '{', 'application/json', 400, 'TEXT_NOT_JSON'],
    ['a field twice', '{"credential":{},"credential":{}}', 'application/json', 400, 'JSON_DUPLICATE_KEY'],
    ['a field twice in another spelling', '{"credential":{},"\\u0063redential":{}}', 'application/json', 400, 'JSON_DUPLICATE_KEY'],
    ['too deep', '['.repeat(40) + ']'.repeat(40), 'application/json', 400, 'JSON_TOO_DEEP'],
    ['not UTF-8', Buffer.of(0x22, 0xff, 0x22), 'application/json', 400, 'TEXT_NOT_PLAIN'],
    ['another type', 'a=b', 'application/x-www-form-urlencoded', 415, 'CONTENT_TYPE_WRONG'],
    ['too long', `"${'x'.repeat(300_000)}"`, 'application/json', 413, 'TEXT_TOO_LONG'],
    ['nothing', '', 'application/json', 400, 'TEXT_NOT_JSON'],
  ])('with %s are refused', async (_, payload, type, status, code) => {
    const answer = await world.call({ method: 'POST', url: '/credentials/issue', headers: { authorization: `Bearer ${world.university.key}`, 'content-type': type }, payload });
    expect(answer.body).toMatchObject({ status, code });
  });
});

describe('answers', () => {
  it('carry headers that keep a browser from doing more than showing them', async () => {
    for (const url of ['/healthz', '/nothing', '/dai-hoc-vi-du/did.json', '/openapi.json']) {
      expect((await world.get(url)).headers).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'", 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer',
      });
    }
  });

  it('of our own faults tell nothing', async () => {
    const parts = world.issuer.parts.publicCredentials as { read: unknown };
    const read = parts.read;
    parts.read = () => { throw new Error('secret detail'); };
    const answer = await world.get(`/public/credentials/${'A'.repeat(22)}`);
    parts.read = read;
    expect([answer.status, answer.body]).toEqual([500, { type: 'about:blank', title: 'Internal Server Error', status: 500 }]);
  });

  it('are limited for each address', async () => {
    const small = await issuerWorld({ env: { ISSUER_REQUESTS_PER_MINUTE: '3' }, dids: false });
    const answers = [];
    for (let n = 0; n < 5; n++) answers.push(await small.get('/healthz'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(answers.at(-1)?.body).toMatchObject({ code: 'RATE_LIMITED' });
    expect(Number(answers.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    await small.remove();
  });
});

describe('health', () => {
  it('tells whether the program is sound, and what is left to be done', async () => {
    expect(mustBe(200, await world.get('/healthz')).body).toEqual({ status: 'ok' });
    expect(mustBe(200, await world.get('/readyz')).body).toEqual({ status: 'ok', pending: 0, due: 0 });
    world.between = async (path, ask) => (path === '/v1/trust/commitments' ? { status: 202, body: {} } : ask());
    expect((await world.post(world.university, '/credentials/issue', diplomaRequest('HE 1'))).status).toBe(202);
    world.between = undefined;
    expect((await world.get('/readyz')).body).toMatchObject({ pending: 1 });
    const metrics = mustBe(200, await world.call({ url: '/metrics', headers: { authorization: `Bearer ${world.gateway.operator.key}` } }));
    expect(metrics.text).toContain('issuer_pending 1\n');
    await world.issuer.finish();
  });
});

describe('OpenAPI', () => {
  interface Operation {
    readonly summary: string;
    readonly tags: readonly string[];
    readonly security?: readonly object[];
    readonly parameters?: readonly { readonly name: string; readonly in: string }[];
    readonly requestBody?: { readonly content: Record<string, { readonly schema: Json }> };
    readonly responses: Record<string, { readonly description: string; readonly content?: Record<string, { readonly schema: Json }> }>;
  }
  let paths: Record<string, Record<string, Operation>>;
  let document: Json;
  let compile: Compile;
  beforeAll(async () => {
    document = mustBe(200, await world.get('/openapi.json')).body;
    paths = document['paths'] as typeof paths;
    compile = await strictValidator();
  });

  const operationOf = (method: string, url: string): Operation => {
    const found = paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    if (found === undefined) throw new Error(`${method} ${url} is not described`);
    return found;
  };

  it('is of version 3.1 and names every route, with words, path, key and answers', () => {
    expect(document).toMatchObject({ openapi: '3.1.0' });
    for (const { method, url, access } of world.issuer.app.issuerRoutes.filter((one) => one.url !== '/openapi.json')) {
      const { summary, security = [], parameters = [], responses } = operationOf(method, url);
      expect([method, url, summary.length > 5]).toEqual([method, url, true]);
      expect([url, security]).toEqual([url, access === 'anybody' ? [] : [{ apiKey: [] }]]);
      expect([url, parameters.filter((one) => one.in === 'path').map(({ name }) => name)]).toEqual([url, [...url.matchAll(/:(\w+)/g)].map(([, name]) => name)]);
      expect([url, Object.keys(responses).some((status) => /^20\d$/.test(status))]).toEqual([url, true]);
    }
  });

  it('describes what is answered', async () => {
    const { id, publicId } = await issued(world, world.university, diplomaRequest('OA 1'));
    const key = { authorization: `Bearer ${world.university.key}` };
    const asked: [string, string, string, Json][] = [
      ['/credentials/{id}', 'get', '200', mustBe(200, await world.get(`/credentials/${id}`, key)).body],
      ['/credentials/issue', 'post', '201', mustBe(201, await world.post(world.university, '/credentials/issue', diplomaRequest('OA 1'))).body],
      ['/public/credentials/{id}', 'get', '200', mustBe(200, await world.get(`/public/credentials/${publicId}`)).body],
      ['/public/credentials/{id}/reveal', 'post', '200', mustBe(200, await world.post(undefined, `/public/credentials/${publicId}/reveal`, { serialNumber: 'OA 1', dateOfBirth: '2004-05-17' })).body],
      ['/credentials/status', 'post', '200', mustBe(200, await world.post(world.university, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'suspension' }, status: true })).body],
      ['/v1/dids', 'get', '200', mustBe(200, await world.get('/v1/dids', key)).body],
      ['/v1/dids/{did}/keys', 'post', '201', mustBe(201, await world.post(world.university, `/v1/dids/${encodeURIComponent(UNIVERSITY)}/keys`, {})).body],
      ['/readyz', 'get', '200', mustBe(200, await world.get('/readyz')).body],
    ];
    for (const [path, method, status, body] of asked) {
      const schema = paths[path]?.[method]?.responses[status]?.content?.['application/json']?.schema;
      const check = compile(schema ?? { not: {} });
      expect([path, check(body), check.errors ?? null]).toEqual([path, true, null]);
    }
    const refusal = compile(((document['components'] as Json)['schemas'] as Json)['Problem'] as Json);
    expect(refusal((await world.get('/nothing')).body)).toBe(true);
  });

  it('describes the bodies that are taken', async () => {
    const body = paths['/credentials/issue']?.['post']?.requestBody?.content['application/json']?.schema;
    const check = compile(body ?? { not: {} });
    expect([check(diplomaRequest('OA 2')), check({})]).toEqual([true, false]);
  });
});

describe('settings', () => {
  it('in the README are those of the program', () => {
    expect(tableUnder('Settings')).toEqual(Object.entries(ISSUER_SETTINGS).map(([name, { fallback, meaning }]) => [name, fallback, meaning.replaceAll('`', '')]));
  });
});

describe('the gateway', () => {
  it('that does not answer, or answers something else, is unreachable', async () => {
    const away = httpGateway({ origin: 'http://127.0.0.1:9', patience: 1_000 });
    await rejectsWith(away('GET', '/v1/whoami', undefined, undefined), 'LEDGER_UNREACHABLE');
    const other = Fastify();
    other.get('/page', async (_, reply) => reply.type('text/html').send('<h1>'));
    other.get('/moved', async (_, reply) => reply.redirect('/page'));
    const origin = await other.listen({ host: '127.0.0.1', port: 0 });
    const strange = httpGateway({ origin, patience: 1_000 });
    await rejectsWith(strange('GET', '/page', undefined, undefined), 'LEDGER_UNREACHABLE', { reason: 'the answer is not JSON' });
    await rejectsWith(strange('GET', '/moved', undefined, undefined), 'LEDGER_UNREACHABLE');
    await other.close();
  });

  it.each([
    [200, { a: 1 }, undefined], [201, { a: 1 }, undefined], [202, {}, 'LEDGER_UNDECIDED'], [422, { code: 'GRANT_REVOKED', fields: { x: 'y' } }, 'GRANT_REVOKED'],
    [500, { title: 'x' }, 'LEDGER_UNREACHABLE'], [404, undefined, 'LEDGER_UNREACHABLE'], [422, { code: 'NOT_OURS' }, 'LEDGER_UNREACHABLE'], [200.5, {}, 'LEDGER_UNREACHABLE'],
  ] as const)('answering %d %j means %s', (status, body, code) => {
    if (code === undefined) expect(doneOf({ status, body })).toEqual(body);
    else throwsWith(() => doneOf({ status, body }), code);
  });

  it.each([
    ['GRANT_REVOKED', true], ['LICENCE_ALREADY_RECORDED', true], ['ORGANISATION_UNKNOWN', true], ['LEDGER_UNREACHABLE', false], ['RATE_LIMITED', false], ['API_KEY_EXPIRED', false],
    ['SCOPE_MISSING', false], ['CALLER_NOT_ALLOWED', false], ['LEDGER_CONFLICT', false], ['LEDGER_REJECTED', false], ['ROUTE_UNKNOWN', false], ['DID_WITHOUT_KEY', false],
  ] as const)('refusing with %s is final: %s', (code, final) => {
    expect(isFinal(new Problem(code))).toBe(final);
  });

  it('is asked once for many requests with one key, and again after a while', async () => {
    let asked = 0;
    const clock = { now: 0 };
    const callers = new Callers({ whoami: async () => { asked++; return { organisation: 'x', type: 'authority', scopes: [], key: { id: 'A', label: 'l' } } as never; } }, () => clock.now);
    const header = `Bearer mc_7QK2M9ZD4XWA_${'z'.repeat(43)}`;
    await Promise.all(Array.from({ length: 20 }, async () => callers.identify(header)));
    expect(asked).toBe(1);
    clock.now = 10_000;
    await callers.identify(header);
    expect(asked).toBe(2);
  });

  it('that cannot say who calls is asked again at once; that says nobody is believed for a while', async () => {
    for (const [code, again] of [['LEDGER_UNREACHABLE', 2], ['API_KEY_REVOKED', 1]] as const) {
      let asked = 0;
      const callers = new Callers({ whoami: async () => { asked++; throw new Problem(code); } }, () => 0);
      for (let n = 0; n < 2; n++) await rejectsWith(callers.identify(`Bearer mc_7QK2M9ZD4XWA_${'z'.repeat(43)}`), code);
      expect([code, asked]).toEqual([code, again]);
    }
  });
});
