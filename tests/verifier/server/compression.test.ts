import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gzipped, SMALLEST_COMPRESSED } from '../../../verifier/server/compression.js';
import { acceptsGzip } from '../../../verifier/server/negotiation.js';
import { pageScript } from '../../../verifier/server/page-script.js';
import { PAGE_STARTS } from '../../../verifier/server/parts/document.js';
import { IMAGE, LABEL } from '../goods-fixtures.js';
import { CASES, openWindow, type Window } from './shop-window.js';

const SCRIPT = pageScript(`"use strict";${'let a=0;'.repeat(1_000)}`);

let window: Window;
beforeAll(async () => {
  window = await openWindow({ script: SCRIPT });
  window.records.pictures.set(IMAGE, { bytes: Buffer.alloc(5_000, 1), type: 'image/webp' });
});
afterAll(() => window.app.close());

const GZIP = { 'accept-encoding': 'gzip, deflate, br, zstd' };

describe('who gets gzip (RFC 9110 12.5.3)', () => {
  test.each([
    ['gzip', true], ['gzip, deflate, br', true], ['GZIP', true], ['deflate, gzip;q=0.1', true], ['*', true], ['br, *;q=0.5', true],
    [undefined, false], ['', false], ['identity', false], ['br', false], ['gzip;q=0', false], ['gzip;q=0.0, *', false], ['*;q=0', false], ['x-gzipped', false], ['gzip;q=2', false], ['gzip;q=x', false],
  ])('%s → %s', (header, expected) => expect(acceptsGzip(header)).toBe(expected));
});

describe('answers', () => {
  test.each([
    ['a page', LABEL, 'text/html'], ['a page in English', `${LABEL}?lang=en`, 'text/html'], ['an unknown code', CASES['unknown-code'], 'text/html'], ['a malformed one', CASES.malformed, 'text/html'], ['home', '/', 'text/html'],
    ['the answer for machines', LABEL, 'application/json'], ['a linkset', LABEL, 'application/linkset+json'], ['the script', SCRIPT.address, '*/*'],
  ])('%s: the same bytes, fewer of them on the wire', async (_, url, accept) => {
    const plain = await window.app.inject({ url, headers: { accept } });
    const packed = await window.app.inject({ url, headers: { accept, ...GZIP } });
    expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body);
    expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length * 0.7);
    expect([packed.headers['content-encoding'], plain.headers['content-encoding']]).toEqual(['gzip', undefined]);
    expect([packed.headers['content-length'], plain.headers['content-length']]).toEqual([String(packed.rawPayload.length), String(plain.rawPayload.length)]);
    for (const { headers } of [packed, plain]) expect(String(headers['vary'])).toMatch(/(^|, )Accept-Encoding$/);
    expect([packed.statusCode, packed.headers['content-type'], packed.headers['cache-control']]).toEqual([plain.statusCode, plain.headers['content-type'], plain.headers['cache-control']]);
  });

  test('HEAD says what GET would', async () => {
    for (const url of [LABEL, SCRIPT.address]) {
      const got = await window.app.inject({ url, headers: GZIP });
      const head = await window.app.inject({ method: 'HEAD', url, headers: GZIP });
      expect([head.body, head.headers['content-encoding'], head.headers['content-length'], head.headers['vary']]).toEqual(['', 'gzip', got.headers['content-length'], got.headers['vary']]);
    }
  });

  test.each([['/robots.txt', '*/*'], ['/healthz', '*/*'], ['/icon.svg', '*/*'], [CASES.malformed, 'application/json'], [`/media/${IMAGE}`, '*/*']])('%s is small, or packed already: it stays as it is', async (url, accept) => {
    const { headers } = await window.app.inject({ url, headers: { accept, ...GZIP } });
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers['vary'] ?? '').not.toContain('Accept-Encoding');
  });

  test('the script is packed once', () => {
    expect(gunzipSync(SCRIPT.gzip).toString()).toBe(SCRIPT.text);
  });
});

describe('a page packed in two parts', () => {
  test.each(PAGE_STARTS.map((start, index) => [index, start]))('reads as one, whatever follows start %i', (_, start) => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (rest) => {
      const text = (start + rest).toWellFormed();
      expect(gunzipSync(gzipped(text)).toString()).toBe(text);
    }), { numRuns: 200 });
  });

  test('any other text too', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: SMALLEST_COMPRESSED, maxLength: 3_000 }), (text) => {
      expect(gunzipSync(gzipped(text)).toString()).toBe(text.toWellFormed());
    }), { numRuns: 50 });
    const cut = PAGE_STARTS[0]!.slice(0, -1);
    expect(gunzipSync(gzipped(cut)).toString()).toBe(cut);
  });

  test('every page begins so', async () => {
    for (const url of [...Object.values(CASES), '/', '/scan', '/media/x']) {
      const { body } = await window.app.inject({ url, headers: { accept: 'text/html' } });
      expect([url, PAGE_STARTS.some((start) => body.startsWith(start))]).toEqual([url, true]);
    }
  });
});
