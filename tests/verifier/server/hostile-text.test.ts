import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LABEL, SERIAL_KEY } from '../goods-fixtures.js';
import { everywhere, HOSTILE } from './hostile-words.js';
import { openWindow, type Window } from './shop-window.js';

let window: Window;
let app: FastifyInstance;
beforeAll(async () => {
  window = await openWindow();
  ({ app } = window);
});
afterAll(() => app.close());

describe.each(Object.entries(HOSTILE))('hostile text: %s', (_, text) => {
  beforeAll(() => {
    window.records.items.set(SERIAL_KEY, everywhere(text));
  });

  test.each(['vi', 'en'])('is only text on the page (%s)', async (language) => {
    const { statusCode, body } = await app.inject({ url: `${LABEL}?lang=${language}`, headers: { accept: 'text/html' } });
    expect(statusCode).toBe(200);
    const tags = [...body.matchAll(/<([a-z][a-z0-9]*)\b/g)].map(([, tag]) => tag);
    expect(new Set(tags)).toEqual(new Set(tags.filter((tag) => ALLOWED.has(tag!))));
    expect(body).not.toContain('<script>document');
    expect(body).not.toMatch(/\son[a-z]+=["']?document/);
    // oxlint-disable-next-line no-control-regex -- controls must not reach a page
    expect(body).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(body.indexOf('</h1>')).toBeLessThan(14_000);
  });

  test('is the same text in the answer for machines', async () => {
    const { body } = await app.inject({ url: LABEL, headers: { accept: 'application/json' } });
    expect(JSON.parse(body)).toMatchObject({ dossier: { product: { name: text.isWellFormed() ? text : expect.any(String) } } });
  });

  test('does not break a linkset', async () => {
    const { statusCode, body } = await app.inject({ url: LABEL, headers: { accept: 'application/linkset+json' } });
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toHaveProperty('linkset');
  });
});

/** Every element that the pages are made of. */
const ALLOWED = new Set([
  'html', 'head', 'meta', 'title', 'link', 'style', 'body', 'div', 'header', 'main', 'section', 'aside', 'footer', 'a', 'b', 'bdi', 'p', 'span', 'small', 'h1', 'h2',
  'svg', 'path', 'circle', 'rect', 'symbol', 'use', 'img', 'dl', 'dt', 'dd', 'ul', 'ol', 'li', 'br', 'time', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'details', 'summary', 'code',
]);

describe('text that comes with the code (trust.md T9)', () => {
  test.each([
    `/01/09520000000011/10/%3Cscript%3E`, '/%3Cscript%3Ealert(1)%3C/script%3E', `/01/09520000000011?x=<script>`, `/01/09521234543213/21/Buy-at-evil.example`,
  ])('%s is not repeated on the page', async (url) => {
    const { body } = await app.inject({ url, headers: { accept: 'text/html' } });
    const text = textOf(body);
    expect(text).not.toContain('script');
    expect(text).not.toContain('evil');
  });

  test('a typed code that must be mended stays in its field, as text', async () => {
    const { statusCode, body } = await app.inject({ url: `/scan?code=${encodeURIComponent('"><script>alert(1)</script>')}`, headers: { accept: 'text/html' } });
    expect(statusCode).toBe(400);
    expect(body).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  });

  test('a code that leads to another site is told so, without naming that site', async () => {
    const { body } = await app.inject({ url: `/scan?code=${encodeURIComponent(`https://id-example.evil${LABEL}`)}`, headers: { accept: 'text/html' } });
    expect(body).toMatch(/chỉ tin địa chỉ<?[^<]*<b>id\.example\.org/);
    expect(textOf(body)).not.toContain('evil');
  });
});

function textOf(page: string): string {
  return page.replaceAll(/<style>.*?<\/style>/gs, '').replaceAll(/<[^>]*>/g, '');
}
