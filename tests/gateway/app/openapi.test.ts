import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CITIZEN_REPORT } from '../../../gateway/forms/report-forms.js';
import { COMMITMENT, DID_KEY, GRANT, STATUS_LIST } from '../../../gateway/forms/trust-forms.js';
import { mustBe, runGateway, type Caller, type RunningGateway } from './running-gateway.js';
import { serialKeyOf, TEA, teaLot, teaProduct } from './sample-goods.js';
import { strictValidator, type Compile } from './schema-validator.js';

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Record<string, unknown>; readonly example?: unknown }>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema: Record<string, unknown> }>> }>>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: { readonly Problem: Record<string, unknown> } };
}

let gateway: RunningGateway;
let maker: Caller;
let document: Document;
let compile: Compile;

beforeAll(async () => {
  gateway = await runGateway();
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  document = mustBe(200, await gateway.call({ url: '/openapi.json' })).body as unknown as Document;
  compile = await strictValidator();
});
afterAll(async () => gateway.remove());

const operations = (): [string, string, Operation][] => Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]): [string, string, Operation] => [path, method, operation]));

describe('the document', () => {
  it('is OpenAPI 3.1 of the gateway, at both of its addresses', async () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Minh Chứng', version: '1.0.0' } });
    expect(mustBe(200, await gateway.call({ url: '/docs/json' })).body).toEqual(document);
  });

  it('names every route under /v1 with its method, and no route that is not there', () => {
    const routes = gateway.app.routeAccess.filter(({ url, method }) => !url.startsWith('/docs') && url !== '/openapi.json' && !(url.startsWith('/epcis') && (method === 'OPTIONS' || method === 'GET')));
    const named = new Set(operations().map(([path, method]) => `${method.toUpperCase()} ${path}`));
    for (const { method, url } of routes) expect(named).toContain(`${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    const known = new Set(gateway.app.routeAccess.map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{*}')}`));
    for (const one of named) expect(known).toContain(one);
  });

  it('describes every operation: words, tag, key, path, answers, refusals', () => {
    const tags = new Set(document.tags.map(({ name }) => name));
    for (const [path, method, operation] of operations()) {
      const place = `${method} ${path}`;
      expect([place, operation.summary?.length ?? 0]).toEqual([place, expect.toSatisfy((length: number) => length > 5)]);
      expect([place, operation.tags?.every((tag) => tags.has(tag))]).toEqual([place, true]);
      const inPath = [...path.matchAll(/\{([\w*]+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect([place, declared.sort()]).toEqual([place, inPath.sort()]);
      expect([place, Object.keys(operation.responses).some((status) => /^20[0-2]$/.test(status))]).toEqual([place, true]);
      for (const { description } of Object.values(operation.responses)) expect(description.length).toBeGreaterThan(0);
    }
  });

  it('asks for a key exactly where one is needed', () => {
    for (const { method, url, access } of gateway.app.routeAccess) {
      const operation = document.paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      if (operation !== undefined) expect([url, operation.security ?? []]).toEqual([url, access === 'public' ? [] : [{ apiKey: [] }]]);
    }
  });

  it('holds only schemas that a validator understands, whose examples they describe', () => {
    let examples = 0;
    for (const [path, method, { requestBody, responses }] of operations()) {
      for (const { schema, example } of Object.values(requestBody?.content ?? {})) {
        const check = compile(schema);
        if (example === undefined) continue;
        examples++;
        expect([method, path, check(example)]).toEqual([method, path, true]);
      }
      for (const { schema } of Object.values(responses).flatMap(({ content }) => Object.values(content ?? {}))) {
        if (schema['$ref'] === undefined) expect(() => compile(schema)).not.toThrow();
        else expect(schema['$ref']).toBe('#/components/schemas/Problem');
      }
    }
    expect(examples).toBeGreaterThan(25);
  });

  it('describes the refusals that are given', async () => {
    const check = compile(document.components.schemas.Problem);
    for (const url of ['/nothing', '/v1/products', '/v1/public/items?key=x']) expect([url, check((await gateway.call({ url })).body)]).toEqual([url, true]);
    expect(check({ code: 'X' })).toBe(false);
  });

  it('describes the answers that are given', async () => {
    mustBe(201, await maker.post('/v1/products', teaProduct));
    mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, teaLot));
    mustBe(200, await maker.post(`/v1/products/${TEA}/lots/LO26-001/commission`, { serials: ['AAA'] }));
    const { body: order } = mustBe(201, await maker.post(`/v1/products/${TEA}/lots/LO26-001/serials`, { count: 2 }));
    const item = serialKeyOf(TEA, 'AAA');
    const authority = await gateway.enrol('chi-cuc', 'authority', '01');
    const payload = JSON.stringify(CITIZEN_REPORT.example);
    const { body: filed } = mustBe(201, await gateway.call({ method: 'POST', url: '/v1/public/citizen-reports', headers: { 'content-type': 'application/json' }, payload }));
    mustBe(200, await authority.post(`/v1/citizen-reports/${String(filed['reference'])}/handling`, { note: 'x' }));
    mustBe(201, await gateway.operator.post('/v1/trust/dids', { did: 'did:web:chi-cuc.example', organisation: 'chi-cuc' }));
    mustBe(201, await authority.post('/v1/trust/keys', { ...DID_KEY.example, did: 'did:web:chi-cuc.example', from: '2040-01-01T00:00:00Z' }));
    mustBe(201, await authority.post('/v1/trust/commitments', { ...COMMITMENT.example, did: 'did:web:chi-cuc.example' }));
    mustBe(200, await authority.post('/v1/trust/status-lists', { ...STATUS_LIST.example, did: 'did:web:chi-cuc.example' }));
    const { parent: _none, ...grant } = GRANT.example;
    mustBe(201, await gateway.operator.post('/v1/trust/grants', { ...grant, id: 'UQ-1', grantee: 'did:web:chi-cuc.example', from: '2040-01-01T00:00:00Z', until: '2041-01-01T00:00:00Z' }));
    const asked: [string, string, Caller | undefined][] = [
      ['/v1/products', '/v1/products', maker], ['/v1/products/{gtin}', `/v1/products/${TEA}`, maker], ['/v1/products/{gtin}/lots', `/v1/products/${TEA}/lots`, maker],
      ['/v1/products/{gtin}/lots/{lot}', `/v1/products/${TEA}/lots/LO26-001`, maker], ['/v1/products/{gtin}/lots/{lot}/whereabouts', `/v1/products/${TEA}/lots/LO26-001/whereabouts`, maker],
      ['/v1/serial-orders', '/v1/serial-orders', maker], ['/v1/serial-orders/{id}', `/v1/serial-orders/${String(order['id'])}`, maker], ['/v1/serial-orders/{id}/serials', `/v1/serial-orders/${String(order['id'])}/serials?limit=1`, maker],
      ['/v1/shipments', '/v1/shipments', maker], ['/v1/items', `/v1/items?key=${item}`, maker], ['/v1/items/events', `/v1/items/events?key=${item}`, maker],
      ['/v1/licences', '/v1/licences', maker], ['/v1/balance', '/v1/balance', maker], ['/v1/organisations', '/v1/organisations', maker], ['/v1/organisations/{id}', '/v1/organisations/che-shan', maker],
      ['/v1/citizen-reports', '/v1/citizen-reports', authority], ['/v1/citizen-reports/{reference}', `/v1/citizen-reports/${String(filed['reference'])}`, authority],
      ['/v1/organisations/{id}/api-keys', '/v1/organisations/che-shan/api-keys', gateway.operator], ['/v1/public/items', `/v1/public/items?key=${item}`, undefined],
      ['/v1/public/receipts', `/v1/public/receipts?key=${item}`, undefined], ['/v1/public/trust', '/v1/public/trust', undefined], ['/healthz', '/healthz', undefined], ['/readyz', '/readyz', undefined],
      ['/v1/whoami', '/v1/whoami', maker], ['/v1/trust/dids', '/v1/trust/dids', authority], ['/v1/trust/keys', '/v1/trust/keys?did=did:web:chi-cuc.example', maker], ['/v1/trust/grants', '/v1/trust/grants', maker],
      ['/v1/trust/grants/{id}', '/v1/trust/grants/UQ-1', maker], ['/v1/trust/status-lists', '/v1/trust/status-lists?did=did:web:chi-cuc.example', maker],
      ['/public/trust', '/public/trust', undefined], ['/public/commitments/{root}', `/public/commitments/${COMMITMENT.example.root}`, undefined],
    ];
    for (const [path, url, caller] of asked) {
      const { body } = mustBe(200, await (caller === undefined ? gateway.call({ url }) : caller.get(url)));
      const schema = document.paths[path]?.['get']?.responses['200']?.content?.['application/json']?.schema;
      const check = compile(schema ?? { not: {} });
      expect([url, check(body), check.errors ?? null]).toEqual([url, true, null]);
    }
  });
});

describe('the page to try it', () => {
  it('comes whole from here, and its policy allows no other host and no inline script', async () => {
    const page = await gateway.app.inject({ url: '/docs/' });
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    const sources = [...page.payload.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
    expect(sources.length).toBeGreaterThan(4);
    for (const source of sources) {
      expect(source).not.toMatch(/^(?:https?:)?\/\//);
      expect((await gateway.app.inject({ url: new URL(source, 'http://x/docs/').pathname })).statusCode).toBe(200);
    }
    expect(page.payload).not.toMatch(/<script>|onload=/);
  });
});
