import { afterEach, describe, expect, it } from 'vitest';
import { mustBe, runGateway, type RunningGateway } from './running-gateway.js';

let gateway: RunningGateway;
afterEach(async () => gateway.remove());

describe('too many requests', () => {
  it('of one organisation are refused without harm to another, whatever key it uses', async () => {
    gateway = await runGateway({ env: { GATEWAY_REQUESTS_PER_MINUTE: '20' } });
    const loud = await gateway.enrol('on-ao', 'enterprise', '01');
    const second = String(mustBe(201, await gateway.operator.post('/v1/organisations/on-ao/api-keys', { label: 'x' })).body['text']);
    const quiet = await gateway.enrol('im-lang', 'enterprise', '01');
    const answers = [];
    for (let count = 0; count < 30; count++) answers.push(await gateway.caller('on-ao', count % 2 === 0 ? loud.key : second).get('/v1/products'));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    const refused = answers.at(-1);
    expect(refused?.body).toMatchObject({ status: 429, code: 'RATE_LIMITED', fields: { seconds: expect.stringMatching(/^[1-9]\d?$/) } });
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await quiet.get('/v1/products')).status).toBe(200);
  });

  it('without a key are counted by address, which a header cannot change', async () => {
    gateway = await runGateway({ env: { GATEWAY_PUBLIC_REQUESTS_PER_MINUTE: '5' } });
    const statuses = [];
    for (let count = 0; count < 8; count++) statuses.push((await gateway.call({ url: '/v1/public/trust', headers: { 'x-forwarded-for': `10.0.0.${count}` } })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    const unknown = await gateway.call({ url: '/nothing', headers: { authorization: 'Bearer x' } });
    expect([unknown.status, unknown.body['code']]).toEqual([429, 'RATE_LIMITED']);
    const elsewhere = await gateway.call({ url: '/v1/public/trust', remoteAddress: '192.0.2.7' });
    expect(elsewhere.status).toBe(200);
  });

  it('are told apart behind a proxy that is trusted, and only there', async () => {
    gateway = await runGateway({ env: { GATEWAY_PUBLIC_REQUESTS_PER_MINUTE: '1', GATEWAY_TRUSTED_PROXIES: '127.0.0.1' } });
    const ask = async (remoteAddress: string, forwarded: string): Promise<number> => (await gateway.call({ url: '/v1/public/trust', remoteAddress, headers: { 'x-forwarded-for': forwarded } })).status;
    expect([await ask('127.0.0.1', '192.0.2.1'), await ask('127.0.0.1', '192.0.2.2'), await ask('127.0.0.1', '192.0.2.1')]).toEqual([200, 200, 429]);
    expect([await ask('192.0.2.9', '192.0.2.3'), await ask('192.0.2.9', '192.0.2.4')]).toEqual([200, 429]);
  });

  it('at once are refused with 503, and the probes are answered', async () => {
    gateway = await runGateway({ env: { GATEWAY_MOST_IN_FLIGHT: '1' } });
    let answerFirst: () => void = () => undefined;
    const { records } = gateway.services;
    const load = records.loadRecord;
    const held = new Promise<void>((resolve) => { answerFirst = resolve; });
    Object.assign(records, { loadRecord: async (...asked: Parameters<typeof load>) => held.then(() => load(...asked)) });
    const first = gateway.call({ url: '/v1/public/items?key=/01/09520000000011' });
    await gateway.call({ url: '/healthz' });
    const second = await gateway.call({ url: '/v1/public/trust' });
    expect([second.status, second.body['code'], second.headers['retry-after']]).toEqual([503, 'OVERLOADED', '1']);
    expect((await gateway.call({ url: '/readyz' })).status).toBe(200);
    answerFirst();
    expect((await first).status).toBe(200);
    expect((await gateway.call({ url: '/v1/public/trust' })).status).toBe(200);
  });
});

describe('every answer', () => {
  it('keeps a browser from doing more than showing it', async () => {
    gateway = await runGateway();
    for (const { method, url } of gateway.app.routeAccess.filter((route) => !route.url.startsWith('/docs'))) {
      const { headers } = await gateway.call({ method, url: url.replaceAll(/:(\w+)/g, 'x') });
      expect([url, headers['x-content-type-options'], headers['x-frame-options'], headers['referrer-policy']]).toEqual([url, 'nosniff', 'DENY', 'no-referrer']);
      expect([url, String(headers['content-security-policy']).startsWith("default-src 'none'")]).toEqual([url, true]);
      expect([url, headers['strict-transport-security'], headers['cache-control']]).toEqual([url, expect.stringContaining('max-age='), expect.any(String)]);
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });
});

describe('metrics', () => {
  it('count requests by route and status, for the operator', async () => {
    gateway = await runGateway();
    await gateway.call({ url: '/v1/public/trust' });
    await gateway.call({ url: '/v1/public/media/x' });
    const { text } = mustBe(200, await gateway.operator.get('/metrics'));
    expect(text).toContain('gateway_requests_total{method="GET",route="/v1/public/trust",status="200"} 1');
    expect(text).toContain('gateway_requests_total{method="GET",route="/v1/public/media/:digest",status="400"} 1');
    expect(text).toContain('gateway_request_seconds_count{method="GET",route="/v1/public/trust"} 1');
    expect(text).toMatch(/\ngateway_outbox_waiting 0\n/);
    for (const line of text.trim().split('\n')) expect(line).toMatch(/^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{[^}]*\})? [\d.e+-]+)$/);
  });
});
