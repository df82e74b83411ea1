import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import type { CitizenReport } from '#domain/goods/citizen-report.js';
import { httpReportInbox } from '../../../verifier/server/http-report-inbox.js';
import type { ReportInbox } from '../../../verifier/server/report-inbox.js';
import { loadVerifierConfig } from '../../../verifier/server/config.js';
import { verifierAlone } from '../../../verifier/server/start-alone.js';
import { mustBe, runGateway, type Caller, type RunningGateway } from '../../gateway/app/running-gateway.js';
import { TEA, teaProduct } from '../../gateway/app/sample-goods.js';

const REPORT: CitizenReport = { token: 'x6Zb0m3kQ9wT1rYvLd2sNw', code: '/01/09520000000011', address: '/01/09520000000011', reason: 'other', judged: 'product-registered', text: 'Hai\ndòng' };
const FILED = { reference: 'BC-7QK2M9ZD4XWA', receivedAt: '2026-11-20T08:30:00.000Z' };

describe('a gateway that answers nonsense, late or not at all', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  });
  afterAll(() => { server.closeAllConnections(); server.close(); });

  const inbox = (timeout = 2_000): ReportInbox => httpReportInbox({ gateway: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, timeout });
  const says = (status: number, body: string, type = 'application/json') => (_: IncomingMessage, response: ServerResponse): void => { response.writeHead(status, { 'content-type': type }).end(body); };

  test.each<[string, typeof answer, string | undefined]>([
    ['no reference', says(201, '{}'), 'no reference'],
    ['a reference of another kind', says(201, JSON.stringify({ ...FILED, reference: '<b>' })), 'no reference'],
    ['no JSON', says(201, 'received'), 'no reference'],
    ['200', says(200, JSON.stringify(FILED)), 'status 200'],
    ['an error page of a proxy', says(502, '<html>', 'text/html'), 'status 502'],
    ['a code that nobody knows', says(400, '{"code":"NO_SUCH_CODE"}'), 'status 400'],
    ['a fault without a code', says(500, '{"title":"Internal Server Error"}'), 'status 500'],
    ['a redirect', (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), undefined],
    ['a broken connection', (_, response) => response.destroy(), undefined],
    ['an endless answer', (_, response) => { response.writeHead(201); const more = (): void => { if (response.writable && response.write(Buffer.alloc(65_536, 0x20))) setImmediate(more); else response.once('drain', more); }; more(); }, 'longer than 20000 bytes'],
  ])('%s: not delivered', async (_, wrong, reason) => {
    answer = wrong;
    await expect(inbox().file(REPORT, '192.0.2.7')).rejects.toMatchObject({ code: 'REPORT_NOT_DELIVERED', fields: reason === undefined ? {} : { reason } });
  });

  test('silence ends', async () => {
    answer = () => undefined;
    await expect(inbox(50).file(REPORT, '192.0.2.7')).rejects.toMatchObject({ code: 'REPORT_NOT_DELIVERED', fields: { reason: 'TimeoutError' } });
  });

  test.each([
    [429, 'RATE_LIMITED', { seconds: '70' }], [429, 'REPORTS_ABOUT_ITEM_FULL', {}], [503, 'OVERLOADED', {}], [400, 'TEXT_NOT_PLAIN', { field: 'text' }],
  ])('%i with %s is the gateway\'s own word', async (status, code, fields) => {
    const { field, ...rest } = fields as { field?: string };
    answer = says(status, JSON.stringify({ type: `urn:minhchung:problem:${code}`, status, code, fields: { ...rest, odd: 7 }, ...(field === undefined ? {} : { field }) }), 'application/problem+json');
    await expect(inbox().file(REPORT, '192.0.2.7')).rejects.toMatchObject({ code, fields });
  });

  test('what is sent is the report, word for word, and where it came from', async () => {
    let seen: unknown;
    answer = (request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        seen = [request.method, request.url, request.headers['x-forwarded-for'], JSON.parse(Buffer.concat(pieces).toString())];
        says(201, JSON.stringify(FILED))(request, response);
      });
    };
    expect(await inbox().file(REPORT, '2001:db8::1')).toEqual(FILED);
    expect(seen).toEqual(['POST', '/v1/public/citizen-reports', '2001:db8::1', REPORT]);
  });
});

describe('a site beside a real gateway', () => {
  let gateway: RunningGateway;
  let authority: Caller;
  let maker: Caller;
  let site: FastifyInstance;

  beforeAll(async () => {
    gateway = await runGateway({ env: { GATEWAY_REPORTS_PER_DAY: '3', GATEWAY_TRUSTED_PROXIES: '127.0.0.1' } });
    authority = await gateway.enrol('chi-cuc', 'authority', '01');
    maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
    mustBe(201, await maker.post('/v1/products', teaProduct));
    const address = await gateway.app.listen({ host: '127.0.0.1', port: 0 });
    site = verifierAlone(loadVerifierConfig({ VERIFIER_GATEWAY: address, VERIFIER_REPORTS_PER_HOUR: '1000' }));
  });
  afterAll(async () => {
    await site.close();
    await gateway.remove();
  });

  const send = async (fields: Record<string, string>, remoteAddress = '192.0.2.7'): Promise<{ statusCode: number; body: string }> => site.inject({
    method: 'POST', url: '/report', remoteAddress, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', 'sec-fetch-site': 'same-origin' }, payload: new URLSearchParams(fields).toString(),
  });
  const form = { code: `/01/${TEA}`, shown: 'product-registered', reason: 'differs-from-picture', text: 'Hộp khác màu', contact: '0900 000 000' };
  const referenceIn = (body: string): string | undefined => /id="reference">([^<]*)</.exec(body)?.[1];

  test('the form leads from the citizen to the authority and the maker, once for each form', async () => {
    const first = await send({ ...form, token: 'token-of-the-first-form' });
    const again = await send({ ...form, token: 'token-of-the-first-form' });
    expect([first.statusCode, again.statusCode]).toEqual([201, 201]);
    const reference = referenceIn(first.body);
    expect(reference).toMatch(/^BC-/);
    expect(referenceIn(again.body)).toBe(reference);
    const all = mustBe(200, await authority.get('/v1/citizen-reports')).body['reports'] as unknown[];
    expect(all).toEqual([expect.objectContaining({ reference, gtin: TEA, text: 'Hộp khác màu', contact: '0900 000 000', judged: 'incomplete', shown: 'product-registered' })]);
    expect(mustBe(200, await maker.get(`/v1/citizen-reports/${String(reference)}`)).body).not.toHaveProperty('contact');
  });

  test('each source has its own share, told by a verifier that the gateway trusts', async () => {
    const statuses: number[] = [];
    for (const number of [1, 2, 3, 4]) statuses.push((await send({ ...form, token: `token-of-source-a-${number}` }, '198.51.100.1')).statusCode);
    expect(statuses).toEqual([201, 201, 201, 429]);
    expect((await send({ ...form, token: 'token-of-source-b-1' }, '198.51.100.2')).statusCode).toBe(201);
  });

  test('when the gateway is gone the page says that nothing was received, and has it all still', async () => {
    await gateway.app.close();
    const { statusCode, body } = await send({ ...form, token: 'token-of-the-last-form' }, '198.51.100.9');
    expect(statusCode).toBe(503);
    expect(body).toContain('data-state="report-not-received"');
    expect(body).toContain('CHƯA nhận được báo cáo');
    expect(body).toContain('value="token-of-the-last-form"');
    expect(body).toContain('>Hộp khác màu</textarea>');
    expect(referenceIn(body)).toBeUndefined();
  });
});
