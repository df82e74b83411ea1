import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { instantOf } from '#domain/instant.js';
import { pageScript } from '../../../verifier/server/page-script.js';
import { NOW } from '../certificate-builder.js';
import { dossierOf, GTIN, IMAGE, itemOf, LABEL, LOT, SERIAL, SERIAL_KEY, trustOf } from '../goods-fixtures.js';
import { newWorld, receipt } from '../receipt-builder.js';
import { CASES, ORIGIN, openWindow, type Window } from './shop-window.js';

const SCRIPT = pageScript('"use strict";');

let window: Window;
let app: FastifyInstance;
beforeAll(async () => {
  window = await openWindow({ script: SCRIPT });
  app = window.app;
  window.records.pictures.set(IMAGE, { bytes: Buffer.from('not looked into'), type: 'image/webp' });
  window.records.pictures.set('ab'.repeat(32), { bytes: Buffer.from('<svg/>'), type: 'image/svg+xml' });
});
afterAll(() => app.close());

const HTML = { accept: 'text/html' };
const JSON_ACCEPT = { accept: 'application/json' };

/** Every route, with an address that answers and its status. */
const ROUTES: readonly (readonly [route: string, url: string, status: number])[] = [
  ['/', '/', 200],
  ['/scan', `/scan?code=${GTIN}`, 200],
  ['/scan', '/scan', 400],
  ['/{GS1 path}', LABEL, 200],
  ['/{GS1 path}', CASES['unknown-code'], 404],
  ['/{GS1 path}', CASES.malformed, 400],
  ['/{GS1 path}', '/01/%zz', 400],
  ['/media/{digest}', `/media/${IMAGE}`, 200],
  ['/media/{digest}', `/media/${'00'.repeat(32)}`, 404],
  ['/page.js', SCRIPT.address, 200],
  ['/icon.svg', '/icon.svg', 200],
  ['/robots.txt', '/robots.txt', 200],
  ['/.well-known/gs1resolver', '/.well-known/gs1resolver', 200],
  ['/linkset-context.jsonld', '/linkset-context.jsonld', 200],
  ['/healthz', '/healthz', 200],
  ['/readyz', '/readyz', 200],
  ['/metrics', '/metrics', 200],
];

describe.each(ROUTES)('%s (%s → %i)', (_, url, status) => {
  test('answers, protects and shares (gs1.md R02; trust.md W12)', async () => {
    const { statusCode, headers } = await app.inject({ url, headers: HTML });
    expect(statusCode).toBe(status);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-methods']).toBe('GET, HEAD, OPTIONS');
    expect(headers['access-control-expose-headers']).toContain('Link');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}=' 'sha256-[A-Za-z0-9+/]{43}='; script-src 'self';/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cache-control']).toBeDefined();
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['location']).toBeUndefined();
  });

  test('HEAD is GET without a body (R01)', async () => {
    const got = await app.inject({ url, headers: HTML });
    const head = await app.inject({ method: 'HEAD', url, headers: HTML });
    expect(head.statusCode).toBe(got.statusCode);
    expect(head.body).toBe('');
    const same = { date: '', ...(url === '/metrics' ? { 'content-length': '' } : {}) };
    expect({ ...head.headers, ...same }).toEqual({ ...got.headers, ...same });
  });

  test('OPTIONS names the methods (R01, R02)', async () => {
    const { statusCode, headers, body } = await app.inject({ method: 'OPTIONS', url });
    expect([statusCode === 204 || url.includes('%zz'), headers['access-control-allow-methods'], body === '' || url.includes('%zz')]).toEqual([true, 'GET, HEAD, OPTIONS', true]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'] as const)('%s is refused: nothing here can be changed', async (method) => {
    const { statusCode, headers } = await app.inject({ method, url, headers: JSON_ACCEPT });
    if (url.includes('%zz')) return expect(statusCode).toBe(400);
    expect(statusCode).toBe(405);
    expect(headers['allow']).toBe('GET, HEAD, OPTIONS');
    return expect(headers['access-control-allow-origin']).toBe('*');
  });
});

test('verifier/README.md names every route', () => {
  const documented = readFileSync('verifier/README.md', 'utf8').split('\n').flatMap((line) => /^\| `([^`]+)` \|/.exec(line)?.[1] ?? []);
  for (const route of ['/report', ...ROUTES.map(([each]) => each)]) expect(documented).toContain(route);
});

describe('states and statuses (R04, R05, R06)', () => {
  const EXPECTED: Readonly<Record<keyof typeof CASES, readonly [number, string]>> = {
    'registered': [200, 'registered'], 'lot-registered': [200, 'lot-registered'], 'product-registered': [200, 'product-registered'], 'unit-registered': [200, 'unit-registered'],
    'recalled': [200, 'recalled'], 'suspended': [200, 'suspended'], 'seized': [200, 'suspended'], 'lost': [200, 'lost'], 'used': [200, 'used'], 'expired': [200, 'expired'],
    'incomplete': [200, 'incomplete'], 'not-on-sale': [200, 'not-on-sale'], 'unknown-lot': [200, 'unknown-code'], 'unknown-code': [404, 'unknown-code'],
    'mismatch': [200, 'mismatch'], 'not-kept': [404, 'not-kept'], 'malformed': [400, 'malformed'], 'chemical': [200, 'registered'],
  };

  test.each(Object.entries(EXPECTED))('%s → %j', async (name, [status, state]) => {
    const url = CASES[name as keyof typeof CASES];
    const page = await app.inject({ url, headers: HTML });
    expect(page.statusCode).toBe(status);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(/data-state="([^"]*)"/.exec(page.body)?.[1]).toBe(state);
    const machine = await app.inject({ url, headers: JSON_ACCEPT });
    expect(machine.statusCode).toBe(status);
    expect(machine.json()).toMatchObject(status === 400 ? { status: 400, code: 'AI_CHECK_DIGIT_WRONG' } : { band: { state } });
  });

  test.each([
    [`/foo/01/${GTIN}`, 'LINK_STEM_UNEXPECTED'],
    [`/01/${GTIN}/foo`, 'LINK_SEGMENTS_ODD'],
    [`/01/${GTIN}/21/S/10/L`, 'LINK_QUALIFIER_ORDER'],
    [`/01/${GTIN}/17/271231`, 'LINK_ATTRIBUTE_IN_PATH'],
    ['/01/09520000000012', 'AI_CHECK_DIGIT_WRONG'],
    [`/01/${GTIN}/10/L/10/L`, 'LINK_AI_REPEATED'],
    [`/01/${GTIN}/10/A%00B`, 'LINK_CONTROL_CHARACTER'],
    [`/01/${GTIN}/10`, 'LINK_SEGMENTS_ODD'],
    ['/foo', 'LINK_NO_PRIMARY_KEY'],
    ['/favicon.ico', 'LINK_NO_PRIMARY_KEY'],
    ['/01/9520000000011', 'LINK_GTIN_NOT_14_DIGITS'],
    ['/01/%zz', 'LINK_PERCENT_WRONG'],
    ['/ehzz', 'LINK_NO_PRIMARY_KEY'],
    [`/01/${GTIN}?17=`, 'LINK_VALUE_MISSING'],
    [`/01/${GTIN}?9999=1`, 'AI_UNKNOWN'],
    [`//evil.example/01/${GTIN}`, 'LINK_STEM_UNEXPECTED'],
    [`/01/${'9'.repeat(5000)}`, 'LINK_TOO_LONG'],
  ])('%s is malformed: its own code (R04)', async (url, code) => {
    const machine = await app.inject({ url, headers: JSON_ACCEPT });
    expect([machine.statusCode, machine.headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(machine.json()).toMatchObject({ type: `urn:minhchung:problem:${code}`, status: 400, code });
    const page = await app.inject({ url, headers: HTML });
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('data-state="malformed"');
  });

  test('a register that does not answer is 503, not stored, and not the code\'s fault', async () => {
    window.records.failing.add('item');
    try {
      const { statusCode, headers, body } = await app.inject({ url: LABEL, headers: HTML });
      expect([statusCode, headers['cache-control']]).toEqual([503, 'no-store']);
      expect(body).toContain('data-state="unchecked"');
    } finally { window.records.failing.clear(); }
  });

  test.each(['receipt', 'trust'] as const)('without %s nothing is called checked', async (part) => {
    window.records.failing.add(part);
    try {
      const { statusCode, body } = await app.inject({ url: LABEL, headers: JSON_ACCEPT });
      expect(statusCode).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ verdict: 'could-not-check', band: { state: 'unchecked' }, report: { 'ledger-receipt': { result: 'unknown', code: 'RECEIPT_MISSING' } } });
    } finally { window.records.failing.clear(); }
  });

  test('a fault of ours says nothing about itself', async () => {
    window.records.failing.add('media');
    try {
      const { statusCode, body } = await app.inject({ url: `/media/${IMAGE}`, headers: JSON_ACCEPT });
      expect([statusCode, body.includes('does not answer')]).toEqual([500, false]);
    } finally { window.records.failing.clear(); }
  });

  test('readiness follows the register', async () => {
    window.records.failing.add('trust');
    try {
      expect((await app.inject('/readyz')).statusCode).toBe(503);
      expect((await app.inject('/healthz')).statusCode).toBe(200);
    } finally { window.records.failing.clear(); }
  });
});

describe('one value stays one value (R28, R30; trust.md G5)', () => {
  test.each([
    [`/01/${GTIN}/10/${LOT}/21/${SERIAL}/`, 200, LABEL],
    [`/01/${GTIN}/10/LO26%2D001/21/${SERIAL}`, 200, LABEL],
    [`/01/${GTIN}/10/A%2FB`, 404, `/01/${GTIN}/10/A%2FB`],
    [`/01/${GTIN}/10/A%252FB`, 404, `/01/${GTIN}/10/A%252FB`],
    [`/01/${GTIN}/10/A/B`, 400, ''],
  ])('%s → %i', async (url, status, address) => {
    const { statusCode, body } = await app.inject({ url, headers: JSON_ACCEPT });
    expect(statusCode).toBe(status);
    if (status !== 400) expect(JSON.parse(body)).toMatchObject({ address });
  });

  test('a compressed link answers like the link it stands for, and says which that is (R21, R29)', async () => {
    const { statusCode, headers } = await app.inject({ url: '/eh30164596f40c0e5cbe991a83', headers: HTML });
    expect(statusCode).toBe(404);
    expect(headers['link']).toContain('<https://id.example.org/01/09528765123457/21/123456789123>; rel="owl:sameAs"');
  });
});

describe('language (R25)', () => {
  test.each([
    [undefined, undefined, 'vi'], [undefined, 'en', 'en'], [undefined, 'en-GB,en;q=0.9', 'en'], [undefined, 'vi-VN,vi;q=0.9,en;q=0.8', 'vi'],
    [undefined, 'en;q=0.5, vi;q=0.4', 'en'], [undefined, 'fr', 'vi'], [undefined, '*', 'vi'], ['en', 'vi', 'en'], ['vi', 'en', 'vi'], ['fr', 'en', 'en'], [undefined, 'en;q=0', 'vi'],
  ])('lang=%s, Accept-Language: %s → %s', async (asked, header, language) => {
    const url = `${LABEL}?17=271231${asked === undefined ? '' : `&lang=${asked}`}`;
    const { body, headers } = await app.inject({ url, headers: { ...HTML, ...(header === undefined ? {} : { 'accept-language': header }) } });
    expect(body).toContain(`<html lang="${language}" dir="ltr">`);
    expect(headers['vary']).toBe('Accept, Accept-Language, Accept-Encoding');
  });

  test('the switch keeps the whole address and sets no cookie', async () => {
    const { body } = await app.inject({ url: `${LABEL}?17=271231&lang=en`, headers: HTML });
    expect(body).toContain(`href="${LABEL}?17=271231&amp;lang=vi" hreflang="vi"`);
  });
});

describe('form of the answer', () => {
  test.each([
    [{ accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, '', 'text/html; charset=utf-8'],
    [{ accept: '*/*' }, '', 'text/html; charset=utf-8'],
    [{ accept: 'image/png' }, '', 'text/html; charset=utf-8'],
    [{}, '', 'text/html; charset=utf-8'],
    [{ accept: 'application/json' }, '', 'application/json; charset=utf-8'],
    [{ accept: 'text/html;q=0.5,application/json' }, '', 'application/json; charset=utf-8'],
    [{ accept: 'text/html' }, '?format=json', 'application/json; charset=utf-8'],
    [{ accept: 'application/linkset+json' }, '', 'application/linkset+json; charset=utf-8'],
    [{ accept: 'text/html' }, '?linkType=linkset', 'application/linkset+json; charset=utf-8'],
    [{ accept: 'text/html' }, '?linkType=all', 'application/linkset+json; charset=utf-8'],
    [{ accept: 'text/html' }, '?linkType=gs1:pip', 'text/html; charset=utf-8'],
  ])('%j %s → %s', async (headers, query, type) => {
    const got = await app.inject({ url: LABEL + query, headers });
    expect([got.statusCode, got.headers['content-type']]).toEqual([200, type]);
  });

  test.each([
    ['gs1:pip', CASES.registered, 200], ['https://ref.gs1.org/voc/pip', CASES.registered, 200], ['https://gs1.org/voc/traceability', CASES.registered, 200],
    ['http://gs1.org/voc/defaultLink', CASES.registered, 200], ['gs1:recallStatus', CASES.recalled, 200], ['gs1:recallStatus', CASES.registered, 404],
    ['gs1:recipeInfo', CASES.registered, 404], ['javascript:alert(1)', CASES.registered, 404],
  ])('linkType=%s of %s → %i (R09)', async (type, url, status) => {
    const got = await app.inject({ url: `${url}${url.includes('?') ? '&' : '?'}linkType=${encodeURIComponent(type)}`, headers: HTML });
    expect(got.statusCode).toBe(status);
  });

  test('the answer for machines holds everything to judge it again', async () => {
    const { body } = await app.inject({ url: CASES.registered, headers: JSON_ACCEPT });
    const answer = JSON.parse(body) as Record<string, unknown>;
    expect(Object.keys(answer)).toEqual(['item', 'address', 'verdict', 'report', 'band', 'dossier', 'journey', 'asOf', 'receipt', 'trust', 'checkedAt']);
    expect(answer).toMatchObject({ item: SERIAL_KEY, address: CASES.registered, verdict: 'verified', asOf: { height: '1284' }, checkedAt: instantOf(NOW) });
    expect(answer['receipt']).toBe(window.records.receipts.get(SERIAL_KEY));
  });

  test('for an unknown serial it holds the lot too', async () => {
    const { body } = await app.inject({ url: CASES['not-on-sale'], headers: JSON_ACCEPT });
    expect(JSON.parse(body)).toMatchObject({ band: { state: 'not-on-sale' }, lot: { dossier: { item: `/01/${GTIN}/10/${LOT}` }, receipt: expect.any(String) } });
  });
});

describe('caching', () => {
  test.each([
    [LABEL, 'public, max-age=30'], [CASES['unknown-code'], 'public, max-age=30'], ['/', 'public, max-age=3600'],
    [SCRIPT.address, 'public, max-age=31536000, immutable'], ['/page.js?h=other', 'no-store'], [`/media/${IMAGE}`, 'public, max-age=31536000, immutable'], ['/healthz', 'no-store'],
  ])('%s: %s', async (url, expected) => expect((await app.inject({ url, headers: HTML })).headers['cache-control']).toBe(expected));
});

describe('pictures', () => {
  test.each([
    [`/media/${IMAGE}`, 200], [`/media/${IMAGE.toUpperCase()}`, 404], ['/media/..%2f..%2fetc%2fpasswd', 404], ['/media/x', 404],
  ])('%s → %i', async (url, status) => expect((await app.inject(url)).statusCode).toBe(status));

  test('what could hold script is no picture', async () => expect((await app.inject(`/media/${'ab'.repeat(32)}`)).statusCode).toBe(404));

  test('a picture comes as its own type and is never guessed', async () => {
    const { headers, body } = await app.inject(`/media/${IMAGE}`);
    expect([headers['content-type'], headers['x-content-type-options'], body]).toEqual(['image/webp', 'nosniff', 'not looked into']);
  });
});

describe('size and numbers', () => {
  test('a usual answer, headers included, fits the first 14 kB (pages.md 5), uncompressed', async () => {
    const { headers, body } = await app.inject({ url: CASES.registered, headers: HTML });
    const head = Object.entries(headers).reduce((size, [name, value]) => size + name.length + String(value).length + 4, 20);
    expect(head + Buffer.byteLength(body)).toBeLessThanOrEqual(14 * 1024);
  });

  test('whatever else is on the page, the band and the item stand in the first 14 kB', async () => {
    for (const url of Object.values(CASES)) {
      const { body } = await app.inject({ url, headers: HTML });
      const start = Buffer.from(body).subarray(0, 12 * 1024).toString();
      expect(start, url).toContain('</h1>');
      if (body.includes('class="item"')) expect(start, url).toContain('</dl>');
    }
  });

  test('metrics count answers by state and form, and nothing about who asked', async () => {
    const { app: fresh } = await openWindow();
    await fresh.inject({ url: CASES.recalled, headers: HTML });
    await fresh.inject({ url: CASES.recalled, headers: JSON_ACCEPT });
    const { body } = await fresh.inject('/metrics');
    expect(body).toContain('verifier_scans_total{state="recalled",format="html"} 1');
    expect(body).toContain('verifier_scans_total{state="recalled",format="json"} 1');
    expect(body).toContain('verifier_request_seconds_count 2');
    await fresh.close();
  });
});

describe('receipts', () => {
  test('a popular scan is verified once', async () => {
    let verified = 0;
    const { app: counted } = await openWindow({ crypto: { sha256: async () => { verified += 1; throw new Error('none here'); }, verifyP256: async () => true, verifyJws: async () => true } });
    await counted.inject({ url: LABEL, headers: HTML });
    const once = verified;
    await counted.inject({ url: LABEL, headers: HTML });
    expect(verified, 'what could not be checked is tried again').toBe(2 * once);
    await counted.close();
  });

  test('a copy that is a block behind its receipt is looked at once more', async () => {
    const { app: behind, records } = await openWindow();
    const fresh = itemOf(dossierOf());
    const old = itemOf(dossierOf({ organisations: [] }));
    const answers = [old, fresh];
    const signed = records.receipts.get(SERIAL_KEY)!;
    records.receipt = async () => signed;
    records.item = async () => answers.shift()!;
    expect((await behind.inject({ url: LABEL, headers: JSON_ACCEPT })).json()).toMatchObject({ verdict: 'verified' });
    expect(answers).toEqual([]);
    records.item = async () => old;
    expect((await behind.inject({ url: LABEL, headers: JSON_ACCEPT })).json()).toMatchObject({ verdict: 'not-verified', band: { state: 'proof-failed' } });
    await behind.close();
  });
});

describe('who signed', () => {
  test('on the embedded ledger the page says that it is one operator\'s word', async () => {
    const { app: embedded, records, world } = await openWindow();
    records.setTrust(trustOf(world, 'embedded'));
    records.receipt = async () => receipt(world, { input: ['goods:readItem', SERIAL_KEY], response: canonicalJson(dossierOf() as unknown as Json), signers: [world.org1.peer] });
    const { body } = await embedded.inject({ url: `${LABEL}?lang=en`, headers: HTML });
    expect(body).toContain('data-state="registered"');
    expect(body).toContain('One operator runs this ledger');
    expect(body.match(/Org\dMSP/g)).toEqual(['Org1MSP']);
    await embedded.close();
  });

  test('on Fabric it names every organisation', async () => {
    const { body } = await app.inject({ url: `${LABEL}?lang=en`, headers: HTML });
    expect(body).toContain('Each of these organisations keeps its own copy');
    expect(body.match(/Org\dMSP/g)).toEqual(['Org1MSP', 'Org2MSP', 'Org3MSP']);
  });

  test('when the roots change, what was verified before counts no more', async () => {
    const { app: changed, records } = await openWindow();
    expect((await changed.inject({ url: LABEL, headers: JSON_ACCEPT })).json()).toMatchObject({ verdict: 'verified' });
    records.setTrust(trustOf(await newWorld()));
    expect((await changed.inject({ url: LABEL, headers: JSON_ACCEPT })).json()).toMatchObject({ verdict: 'not-verified', band: { state: 'proof-failed' } });
    await changed.close();
  });
});

test('an http origin does not ask for https', async () => {
  const { app: plain } = await openWindow({ origin: 'http://localhost:8080' });
  expect((await plain.inject('/')).headers['strict-transport-security']).toBeUndefined();
  await plain.close();
});

test('anchors stand on the site\'s own origin, whatever Host says (trust.md G10, W13)', async () => {
  const { headers, body } = await app.inject({ url: LABEL, headers: { ...HTML, host: 'evil.example', 'x-forwarded-host': 'evil.example' } });
  expect(JSON.stringify(headers) + body).not.toContain('evil.example');
  expect(body).toContain(`<link rel="canonical" href="${ORIGIN}${LABEL}">`);
});
