import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildVerifier } from '../../../../verifier/server/build-verifier.js';
import { loadVerifierConfig } from '../../../../verifier/server/config.js';
import { credentialChecks, type CredentialChecks } from '../../../../verifier/server/credentials/credential-checks.js';
import { httpTrustSource } from '../../../../verifier/server/credentials/http-trust-source.js';
import { askOverHttp, publicCredentialsOf, publishedOf } from '../../../../verifier/server/credentials/issuer-service.js';
import { httpPublicRecords } from '../../../../verifier/server/http-public-records.js';
import { nodeCrypto } from '../../../../verifier/server/node-crypto.js';
import { verifierAlone } from '../../../../verifier/server/start-alone.js';
import { mustBe } from '../../../gateway/app/running-gateway.js';
import { diplomaRequest, identityRequest, issued, issuerWorld, licenceRequest, ORIGIN, UNIVERSITY, type IssuerWorld } from '../../../issuer/issuer-world.js';
import { SNAPSHOT } from '../../../support/credential-maker.js';
import { OPERATOR } from '../credential-window.js';

describe('a server that answers nonsense, late or not at all', () => {
  let server: Server;
  let origin: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let asked: { method: string; url: string; headers: IncomingMessage['headers'] }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
      answer(request, response);
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => { server.closeAllConnections(); server.close(); });
  beforeEach(() => { asked = []; });
  const says = (status: number, body: string, headers: Record<string, string> = {}) => (_: IncomingMessage, response: ServerResponse): void => { response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body); };
  const ID = 'A'.repeat(22);
  const ROOT = 'a'.repeat(64);
  const bad: readonly [string, () => typeof answer][] = [
    ['500', () => says(500, '{}')], ['a page of a proxy', () => says(502, '<html>')], ['no JSON', () => says(200, 'x')], ['another shape', () => says(200, '{"height":7}')], ['a redirect', () => says(302, '', { location: 'http://127.0.0.1:1/' })],
    ['a broken connection', () => (_, response) => { response.destroy(); }], ['silence', () => () => undefined], ['what is not UTF-8', () => (_, response) => response.end(Buffer.from([0xff]))],
  ];

  test.each(bad)('the registry: %s is no registry', async (_, wrong) => {
    answer = wrong();
    await expect(httpTrustSource({ gateway: origin, timeout: 100 }).trustSnapshot()).rejects.toThrow(/^[A-Z_]+ /);
    await expect(httpTrustSource({ gateway: origin, timeout: 100 }).commitment(ROOT)).rejects.toThrow(/^[A-Z_]+ /);
  });

  test('the registry is asked for with what is known of it, and unchanged is the same object', async () => {
    const source = httpTrustSource({ gateway: origin });
    answer = says(200, JSON.stringify(SNAPSHOT), { etag: '"one"' });
    const first = await source.trustSnapshot();
    expect(first).toEqual(SNAPSHOT);
    answer = says(304, '');
    expect(await source.trustSnapshot()).toBe(first);
    expect(asked.map(({ url, headers }) => [url, headers['if-none-match']])).toEqual([['/public/trust', undefined], ['/public/trust', '"one"']]);
  });

  test('an unknown commitment is an answer', async () => {
    answer = says(404, '{"code":"COMMITMENT_UNKNOWN"}');
    expect(await httpTrustSource({ gateway: origin }).commitment(ROOT)).toBeUndefined();
    expect(asked[0]?.url).toBe(`/public/commitments/${ROOT}`);
  });

  test.each([...bad, ['the record of another', () => says(200, JSON.stringify({ id: 'B'.repeat(21) + 'A', text: 'x', issuedAt: '2026-11-20T08:30:00Z' }))] as const])('the issuer: %s is no record', async (_, wrong) => {
    answer = wrong();
    const credentials = publicCredentialsOf(askOverHttp(origin, 100));
    await expect(credentials.record(ID)).rejects.toMatchObject({ code: 'ISSUER_UNREACHABLE' });
    await expect(credentials.reveal(ID, { serialNumber: 'VD 1', dateOfBirth: '2004-02-29' as never }, '192.0.2.7')).rejects.toMatchObject({ code: 'ISSUER_UNREACHABLE' });
  });

  test.each([[404, 'CREDENTIAL_UNKNOWN', undefined], [404, 'PERSONAL_DATA_ERASED', 'PERSONAL_DATA_ERASED'], [404, 'NO_SUCH_CODE', undefined]])('%i with %s', async (status, code, thrown) => {
    answer = says(status, JSON.stringify({ code }));
    const record = publicCredentialsOf(askOverHttp(origin)).record(ID);
    if (thrown === undefined) expect(await record).toBeUndefined();
    else await expect(record).rejects.toMatchObject({ code: thrown });
  });

  test.each<[number, string, string, Record<string, string>]>([
    [422, '{"code":"REVEAL_REFUSED"}', 'REVEAL_REFUSED', {}], [429, '{"code":"RATE_LIMITED","fields":{"seconds":"70"}}', 'RATE_LIMITED', { seconds: '70' }], [429, '<html>', 'RATE_LIMITED', {}],
    [429, '{"code":"RATE_LIMITED","fields":{"seconds":"<b>"}}', 'RATE_LIMITED', {}], [403, '{"code":"ACCESS_DENIED"}', 'ISSUER_UNREACHABLE', { reason: 'status 403' }], [400, 'null', 'ISSUER_UNREACHABLE', { reason: 'status 400' }],
  ])('a refused name: %i %s', async (status, body, code, fields) => {
    answer = says(status, body);
    await expect(publicCredentialsOf(askOverHttp(origin)).reveal(ID, { serialNumber: 'VD 1', dateOfBirth: '2004-02-29' as never }, '192.0.2.7')).rejects.toMatchObject({ code, fields });
    expect(asked[0]).toMatchObject({ method: 'POST', url: `/public/credentials/${ID}/reveal`, headers: { 'x-forwarded-for': '192.0.2.7', 'content-type': 'application/json' } });
  });

  test('what is published is asked for on the own way only under the own origin, to the letter', async () => {
    const outside: string[] = [];
    answer = says(200, 'text');
    const published = publishedOf(origin, askOverHttp(origin), async (url) => {
      outside.push(url);
      return 'outside';
    });
    expect(await published.text(`${origin}/status/a?b`)).toBe('text');
    const others = [`${origin}0/status/a`, origin.replace('http:', 'https:'), origin.replace('//', '//a@'), 'https://cap.example/', 'x'];
    for (const url of others) expect(await published.text(url)).toBe('outside');
    expect([outside, asked.map(({ url }) => url)]).toEqual([others, ['/status/a?b']]);
    answer = says(500, '');
    await expect(published.text(`${origin}/x`)).rejects.toMatchObject({ code: 'FETCH_FAILED' });
  });
});

describe('beside a real gateway, reached over HTTP, and a real issuer', () => {
  let world: IssuerWorld;
  let app: FastifyInstance;
  let checks: CredentialChecks;
  beforeAll(async () => {
    world = await issuerWorld();
    const gateway = await world.gateway.app.listen({ port: 0, host: '127.0.0.1' });
    const [records, crypto, now] = [httpPublicRecords({ gateway, now: Date.now }), nodeCrypto(), Date.now];
    checks = credentialChecks({
      ledger: httpTrustSource({ gateway }), trust: () => records.trust(), crypto, now, everyMs: 3_600_000,
      issuer: { origin: ORIGIN, ask: async ({ method, path, headers, body }) => {
        const found = await world.call({ method, url: path, headers, ...(body === undefined ? {} : { payload: body }) });
        return { status: found.status, body: found.text };
      } },
    });
    app = buildVerifier({ records, crypto, now, origin: 'https://id.example.org', operator: OPERATOR, credentials: checks });
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await world.remove();
  });

  async function page(id: string): Promise<{ verdict: string; band: { state: string }; errors: string[]; warnings: string[]; issuer?: { name: string }; record: { sealed?: string; supersededBy?: string } }> {
    return JSON.parse((await app.inject({ url: `/c/${id}`, headers: { accept: 'application/json' } })).body);
  }
  const status = async (id: string, statusPurpose: string, value: boolean): Promise<unknown> => mustBe(200, await world.post(world.university, '/credentials/status', { credentialId: id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose }, status: value }));

  test('each type is in force as soon as its lists are fetched', async () => {
    const all = [await issued(world, world.university, diplomaRequest('S 1')), await issued(world, world.authority, licenceRequest('S/1')), await issued(world, world.gateway.operator, identityRequest())];
    await checks.worker.round();
    for (const { publicId } of all) expect(await page(publicId)).toMatchObject({ verdict: 'verified', band: { state: 'valid' }, errors: [], warnings: [] });
    expect(checks.worker.documentOf(UNIVERSITY)).toMatchObject({ finding: 'agrees' });
  });

  test('suspension, its end and revocation turn the page in the next round', async () => {
    const { id, publicId } = await issued(world, world.university, diplomaRequest('S 2'));
    for (const [purpose, value, state] of [['suspension', true, 'suspended'], ['suspension', false, 'valid'], ['revocation', true, 'revoked']] as const) {
      await status(id, purpose, value);
      await checks.worker.round();
      expect((await page(publicId)).band.state).toBe(state);
    }
  });

  test('a correction supersedes, and its page is linked', async () => {
    const wrong = await issued(world, world.university, diplomaRequest('S 3', { fullName: 'Nguyễn Thị Mấy' }));
    const right = await issued(world, world.university, diplomaRequest('S 3', { replaces: { credential: wrong.id, decisionNumber: '5/QĐ-ĐC' } }));
    await checks.worker.round();
    expect(await page(wrong.publicId)).toMatchObject({ band: { state: 'superseded' }, record: { supersededBy: right.publicId } });
    expect((await page(right.publicId)).band.state).toBe('valid');
  });

  test('whoever has the paper is told the name, whoever has not is not', async () => {
    const { publicId } = await issued(world, world.university, diplomaRequest('S 4'));
    await checks.worker.round();
    const reveal = async (serialNumber: string): Promise<{ statusCode: number; body: string }> => app.inject({ method: 'POST', url: `/c/${publicId}/reveal`, headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept': 'text/html' }, payload: new URLSearchParams({ serialNumber, dateOfBirth: '17/05/2004' }).toString() });
    const [shown, refused] = [await reveal('s4'), await reveal('S 5')];
    expect([shown.statusCode, shown.body.includes('Nguyễn Thị Mây Trắng')]).toEqual([200, true]);
    expect([refused.statusCode, refused.body.includes('Nguyễn Thị Mây Trắng')]).toEqual([422, false]);
  });

  test('a self-made id is unknown', async () => {
    const { statusCode } = await app.inject({ url: `/c/${'A'.repeat(22)}`, headers: { accept: 'text/html' } });
    expect(statusCode).toBe(404);
  });
});

test('a verifier started alone takes both from the addresses in its settings', async () => {
  const app = verifierAlone(loadVerifierConfig({ VERIFIER_GATEWAY: 'http://127.0.0.1:1', VERIFIER_ISSUER: 'http://127.0.0.1:1' }));
  expect((await app.inject('/credentials')).statusCode).toBe(200);
  expect((await app.inject(`/c/${'A'.repeat(22)}`)).statusCode).toBe(503);
  await app.close();
});
