import { afterEach, describe, expect, test } from 'vitest';
import { openWindow, ORIGIN, type Window } from './shop-window.js';
import { CASES } from './shop-window.js';
import { instantOf } from '#domain/instant.js';
import { LABEL } from '../goods-fixtures.js';
import { NOW } from '../certificate-builder.js';

const GENEROUS = { requestsPerMinute: 100_000, reportsPerHour: 100_000, revealsPerHour: 100_000, mostInFlight: 1000 };
const inbox = { file: async () => ({ reference: 'BC-7QK2M9ZD4XWA', receivedAt: instantOf(NOW) }) };

let window: Window;
afterEach(() => window.app.close());

interface Asked { readonly statusCode: number; readonly body: string; readonly headers: Record<string, unknown> }

const get = async (url: string, remoteAddress = '192.0.2.1', headers: Record<string, string> = {}): Promise<Asked> => window.app.inject({ url, remoteAddress, headers: { accept: 'text/html', ...headers } });
const statuses = async (count: number, ask: (index: number) => Promise<Asked>): Promise<number[]> => {
  const seen: number[] = [];
  for (let index = 0; index < count; index++) seen.push((await ask(index)).statusCode);
  return seen;
};

describe('too many requests of one address', () => {
  test('are refused in words and in data, with the time to wait', async () => {
    window = await openWindow({ limits: { ...GENEROUS, requestsPerMinute: 3 } });
    expect(await statuses(5, async () => get(LABEL))).toEqual([200, 200, 200, 429, 429]);
    const page = await get(`${LABEL}?lang=en`);
    expect(page.headers['retry-after']).toMatch(/^[1-9]\d?$/);
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toMatch(/Try again in \d+\u00a0seconds\./);
    const machine = await get(LABEL, '192.0.2.1', { accept: 'application/json' });
    expect([machine.statusCode, machine.headers['content-type'], JSON.parse(machine.body)]).toEqual([429, 'application/problem+json; charset=utf-8', expect.objectContaining({ status: 429, code: 'RATE_LIMITED', fields: { seconds: expect.stringMatching(/^\d+$/) } })]);
    expect((await get(LABEL, '192.0.2.2')).statusCode).toBe(200);
  });

  test('are counted over every kind of address on the site, and whoever watches is not counted', async () => {
    window = await openWindow({ limits: { ...GENEROUS, requestsPerMinute: 6 }, inbox });
    expect(await statuses(7, async (index) => get(['/', CASES['unknown-code'], CASES.malformed, '/scan?code=9520000000011', '/robots.txt', '/report', LABEL][index] ?? '/'))).toEqual([200, 404, 400, 200, 200, 200, 429]);
    const refused = await window.app.inject({ method: 'POST', url: LABEL, remoteAddress: '192.0.2.1' });
    expect(refused.statusCode).toBe(429);
    for (const url of ['/healthz', '/readyz', '/metrics']) expect([url, (await get(url)).statusCode]).toEqual([url, 200]);
  });

  test('cannot be hidden behind a header', async () => {
    window = await openWindow({ limits: { ...GENEROUS, requestsPerMinute: 2 } });
    expect(await statuses(4, async (index) => get(LABEL, '192.0.2.1', { 'x-forwarded-for': `10.0.0.${index}`, 'x-real-ip': `10.0.0.${index}`, forwarded: `for=10.0.0.${index}` }))).toEqual([200, 200, 429, 429]);
  });

  test('are told apart behind a trusted proxy, and only there', async () => {
    window = await openWindow({ limits: { ...GENEROUS, requestsPerMinute: 1 }, trustedProxies: ['10.0.0.0/8'] });
    expect(await statuses(3, async (index) => get(LABEL, '10.1.1.1', { 'x-forwarded-for': `198.51.100.${index % 2}` }))).toEqual([200, 200, 429]);
    expect(await statuses(2, async (index) => get(LABEL, '192.0.2.9', { 'x-forwarded-for': `203.0.113.${index}` }))).toEqual([200, 429]);
  });

  test('come from one network where IPv6 has many addresses', async () => {
    window = await openWindow({ limits: { ...GENEROUS, requestsPerMinute: 2 } });
    expect(await statuses(4, async (index) => get(LABEL, `2001:db8:1:2::${index + 1}`))).toEqual([200, 200, 429, 429]);
    expect((await get(LABEL, '2001:db8:1:3::1')).statusCode).toBe(200);
  });

  test('of very many addresses do not fill the memory', async () => {
    window = await openWindow({ limits: { ...GENEROUS, requestsPerMinute: 1 } });
    const before = await get('/robots.txt', '192.0.2.1');
    for (let index = 0; index < 20_100; index++) await get('/robots.txt', `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    // Forgotten by now, so it is let in once more: the list of addresses has an end.
    expect([before.statusCode, (await get('/robots.txt', '192.0.2.1')).statusCode]).toEqual([200, 200]);
  });
});

describe('reports of one address', () => {
  const report = async (token: string, remoteAddress = '192.0.2.1'): Promise<Asked> => window.app.inject({
    method: 'POST', url: '/report', remoteAddress, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', origin: ORIGIN },
    payload: new URLSearchParams({ token, code: LABEL, reason: 'other', text: 'giữ lại' }).toString(),
  });

  test('are fewer than scans, and the page that refuses one keeps what was written', async () => {
    window = await openWindow({ limits: { ...GENEROUS, reportsPerHour: 2 }, inbox });
    expect(await statuses(3, async (index) => report(`0123456789abcdef${index}`))).toEqual([201, 201, 429]);
    const refused = await report('0123456789abcdef9');
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect(refused.body).toContain('data-state="report-not-received"');
    expect(refused.body).toMatch(/Hãy thử lại sau \d+\u00a0phút\./);
    expect(refused.body).toContain('>giữ lại</textarea>');
    expect((await get(LABEL)).statusCode).toBe(200);
    expect((await report('0123456789abcdefa', '192.0.2.2')).statusCode).toBe(201);
  });

  test('that had to be mended are not counted', async () => {
    window = await openWindow({ limits: { ...GENEROUS, reportsPerHour: 1 }, inbox });
    expect(await statuses(3, async () => report('short'))).toEqual([400, 400, 400]);
    expect((await report('0123456789abcdef')).statusCode).toBe(201);
  });
});

describe('too much at once', () => {
  test('is refused at once with 503, the probes are answered, and room comes back', async () => {
    window = await openWindow({ limits: { ...GENEROUS, mostInFlight: 1 } });
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => { answer = resolve; });
    const { records } = window;
    const item = records.item.bind(records);
    records.item = async (key) => held.then(() => item(key));
    const first = get(LABEL);
    await get('/healthz');
    const second = await get(LABEL, '192.0.2.2', { accept: 'application/json' });
    expect([second.statusCode, second.headers['retry-after'], JSON.parse(second.body)]).toEqual([503, '1', expect.objectContaining({ code: 'OVERLOADED' })]);
    expect((await get('/readyz')).statusCode).toBe(200);
    answer();
    expect((await first).statusCode).toBe(200);
    expect((await get('/')).statusCode).toBe(200);
  });
});
