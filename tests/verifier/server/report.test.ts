import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Problem, type ProblemCode } from '#domain/errors.js';
import type { CitizenReport } from '#domain/goods/citizen-report.js';
import { instantOf } from '#domain/instant.js';
import { buildVerifier } from '../../../verifier/server/build-verifier.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { NOW } from '../certificate-builder.js';
import { LABEL } from '../goods-fixtures.js';
import { HOSTILE } from './hostile-words.js';
import { CASES, openWindow, OPERATOR, ORIGIN, type Window } from './shop-window.js';

interface Taken {
  readonly report: CitizenReport;
  readonly source: string;
}

/** What the inbox was given, and what it shall refuse next with. */
let taken: Taken[] = [];
let refusal: Error | undefined;
const REFERENCE = 'BC-7QK2M9ZD4XWA';
const filed = { reference: REFERENCE, receivedAt: instantOf(NOW) };

let window: Window;
beforeAll(async () => {
  window = await openWindow({
    inbox: {
      file: async (report, source) => {
        if (refusal !== undefined) throw refusal;
        taken.push({ report, source });
        return filed;
      },
    },
  });
});
afterAll(() => window.app.close());
beforeEach(() => { [taken, refusal] = [[], undefined]; });

type Fields = Readonly<Record<string, string>>;
interface Posted { readonly statusCode: number; readonly body: string; readonly headers: Record<string, unknown> }

const FILLED: Fields = { token: 'x6Zb0m3kQ9wT1rYvLd2sNw', code: CASES.recalled, shown: 'recalled', reason: 'sold-after-recall' };

async function post(payload: string, headers: Record<string, string> = {}, query = ''): Promise<Posted> {
  return window.app.inject({ method: 'POST', url: `/report${query}`, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...headers }, payload });
}

const send = async (fields: Fields, headers: Record<string, string> = {}, query = ''): Promise<Posted> => post(new URLSearchParams(fields).toString(), headers, query);
const sendJson = async (value: unknown, headers: Record<string, string> = {}): Promise<Posted> => post(typeof value === 'string' ? value : JSON.stringify(value), { 'content-type': 'application/json', accept: '*/*', ...headers });

/** State of the band, and what the page says in it. */
function band(body: string): { state: string; words: string } {
  const [, state = '', inside = ''] = /id="band" data-state="([^"]*)">(.*?)<\/div>/s.exec(body) ?? [];
  return { state, words: inside.replaceAll(/<[^>]*>/g, ' ') };
}

/** The form's fields as a browser would send them again. */
function fieldsIn(body: string): Fields {
  const text = (value: string): string => value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
  const inputs = [...body.matchAll(/<input(?: type="hidden")?(?: id="[a-z]+")? name="([a-z]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, text(value)]);
  const chosen = /value="([a-z-]+)" required(?: id="reason")? checked/.exec(body)?.[1];
  const typed = /<textarea[^>]*>([^<]*)</.exec(body)?.[1];
  const province = /value="(\d\d)" selected/.exec(body)?.[1];
  const all = [...inputs, ['reason', chosen], ['text', typed === undefined ? undefined : text(typed)], ['province', province]];
  return Object.fromEntries(all.filter(([, value]) => value !== undefined && value !== ''));
}

describe('a post from somewhere else is refused', () => {
  test.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }], ['a neighbour under the same domain', { 'sec-fetch-site': 'same-site' }], ['a header that nobody knows', { 'sec-fetch-site': 'x' }],
    ['another origin, by an old browser', { origin: 'https://evil.example' }], ['an origin that hides', { origin: 'null' }], ['the same host without https', { origin: 'http://id.example.org' }],
    ['another site that claims our origin', { 'sec-fetch-site': 'cross-site', origin: ORIGIN }],
  ])('%s', async (_, headers) => {
    const page = await send(FILLED, headers);
    expect([page.statusCode, page.body.includes('phải được gửi từ chính trang này'), page.body.includes('CHƯA nhận được')]).toEqual([403, true, true]);
    const machine = await sendJson(FILLED, { ...headers, accept: 'application/json' });
    expect([machine.statusCode, JSON.parse(machine.body)]).toEqual([403, expect.objectContaining({ code: 'REPORT_FROM_ELSEWHERE' })]);
    expect(taken).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ['this page', { 'sec-fetch-site': 'same-origin', origin: ORIGIN }], ['this page, reloaded', { 'sec-fetch-site': 'none' }], ['this page in an old browser', { origin: ORIGIN }], ['no browser', {}],
    ['this page behind a referrer policy that hides the origin', { 'sec-fetch-site': 'same-origin', origin: 'null' }],
  ])('from %s it is taken', async (_, headers) => expect((await send(FILLED, headers)).statusCode).toBe(201));
});

describe('a form that has to be mended', () => {
  test.each<[string, Fields, number, string, string]>([
    ['no reason', { reason: '' }, 400, 'reason', 'Hãy chọn một điều không ổn.'],
    ['a reason of its own', { reason: 'because' }, 400, 'reason', 'Hãy chọn một mục trong danh sách.'],
    ['a control character', { text: 'a\u0007b' }, 400, 'text', 'ký tự ẩn'],
    ['a direction override', { text: 'a\u202eb' }, 400, 'text', 'ký tự ẩn'],
    ['a zero-width space', { contact: 'a\u200bb' }, 400, 'contact', 'ký tự ẩn'],
    ['a text too long', { text: 'x'.repeat(1001) }, 413, 'text', 'Dài quá 1.000 ký tự'],
    ['a contact too long', { contact: '0'.repeat(201) }, 413, 'contact', 'Dài quá 200 ký tự'],
    ['a contact of two lines', { contact: 'a\nb' }, 400, 'contact', 'ký tự ẩn'],
    ['a province that is none', { province: '99' }, 400, 'province', 'Không có mã tỉnh'],
    ['no code', { code: '' }, 400, 'code', 'Chưa có mã'],
  ])('%s: says how, where, and keeps the rest', async (_, change, status, field, sentence) => {
    const fields = { ...FILLED, text: 'Vẫn bán', province: '15', contact: '0900', ...change };
    const { statusCode, body, headers } = await send(fields);
    expect([statusCode, headers['cache-control']]).toEqual([status, 'no-store']);
    expect(body).toContain(`<a class="act" href="#${field}">`);
    expect(/role="alert">(.*?)<\/section>/s.exec(body)?.[1]).toContain(sentence);
    expect(body).toMatch(new RegExp(`id="${field}-error">[^<]*${sentence}`));
    expect(body).toContain(`id="${field}"`);
    const { [field]: _wrong, ...kept } = fieldsIn(body);
    const { [field]: _sent, ...rest } = fields as Record<string, string>;
    expect(kept).toEqual(rest);
    expect(taken).toEqual([]);
  });

  test.each<[string, Fields]>([['a token that is none', { token: 'short' }], ['a state that is none', { shown: '<b>' }], ['a field too many', { extra: 'x' }]])('%s is nothing that a reader can mend: the page says that nothing arrived, and can be sent again', async (_, change) => {
    const { statusCode, body } = await send({ ...FILLED, text: 'Vẫn bán', ...change });
    expect([statusCode, band(body).state]).toEqual([400, 'report-not-received']);
    expect((await send(fieldsIn(body))).statusCode).toBe(201);
    expect(taken[0]?.report).toMatchObject({ text: 'Vẫn bán', shown: 'recalled' });
  });

  test('several faults are told together', async () => {
    const { body } = await send({ ...FILLED, reason: '', text: 'a\u0000', contact: '0'.repeat(201) });
    expect([...body.matchAll(/<li><a class="act" href="#([a-z]+)"/g)].map(([, field]) => field)).toEqual(['reason', 'text', 'contact']);
  });

  test('English is English', async () => {
    const { body } = await send({ ...FILLED, reason: '' }, {}, '?lang=en');
    expect(body).toContain('<html lang="en"');
    expect(body).toContain('Choose what is wrong.');
    expect(body).toContain(`href="/report?code=${CASES.recalled}&amp;lang=vi"`);
  });

  test.each(Object.entries(HOSTILE))('hostile text is only text: %s', async (_, text) => {
    const sent = text.toWellFormed();
    const { statusCode, body } = await send({ ...FILLED, code: sent, text: sent, contact: sent, token: sent, shown: sent });
    expect([400, 413]).toContain(statusCode);
    expect(body).not.toContain('<script>document');
    expect(body).not.toMatch(/<img src=x/);
    // oxlint-disable-next-line no-control-regex -- controls must not reach a page
    expect(body).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(body.match(/<form /g)).toHaveLength(1);
    expect(taken).toEqual([]);
  });
});

describe('a body that is no form of ours', () => {
  test.each<[string, string, Record<string, string>, number, string]>([
    ['a field twice', 'reason=other&reason=other', {}, 400, 'JSON_DUPLICATE_KEY'],
    ['a field nobody knows', new URLSearchParams({ ...FILLED, judged: 'registered' }).toString(), {}, 400, 'FIELD_UNKNOWN'],
    ['a broken percent sign', 'text=%zz', {}, 400, 'TEXT_NOT_PLAIN'],
    ['broken UTF-8', 'text=%ff%fe', {}, 400, 'TEXT_NOT_PLAIN'],
    ['too much', `text=${'x'.repeat(70_000)}`, {}, 413, 'TEXT_TOO_LONG'],
    ['a file', 'x', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'CONTENT_TYPE_WRONG'],
    ['plain text', 'x', { 'content-type': 'text/plain' }, 415, 'CONTENT_TYPE_WRONG'],
    ['nothing at all', '', { 'content-type': '' }, 415, 'CONTENT_TYPE_WRONG'],
    ['no JSON', '{', { 'content-type': 'application/json' }, 400, 'TEXT_NOT_JSON'],
    ['a list', '[]', { 'content-type': 'application/json' }, 400, 'FIELD_WRONG_TYPE'],
    ['a key twice', '{"reason":"other","reason":"other"}', { 'content-type': 'application/json' }, 400, 'JSON_DUPLICATE_KEY'],
    ['a prototype', '{"__proto__":{"reason":"other"}}', { 'content-type': 'application/json' }, 400, 'FIELD_UNKNOWN'],
    ['a code that is no text', JSON.stringify({ ...FILLED, code: 7 }), { 'content-type': 'application/json' }, 400, 'FIELD_WRONG_TYPE'],
  ])('%s', async (_, payload, headers, status, code) => {
    const machine = await post(payload, { ...headers, accept: 'application/json' });
    expect([machine.statusCode, machine.headers['content-type'], JSON.parse(machine.body)]).toEqual([status, 'application/problem+json; charset=utf-8', expect.objectContaining({ status, code, type: `urn:minhchung:problem:${code}` })]);
    const page = await post(payload, headers);
    expect(page.statusCode).toBe(status);
    expect(taken).toEqual([]);
  });

  test('a machine is told the field', async () => {
    const { statusCode, body } = await sendJson({ ...FILLED, text: 'a\u202eb' });
    expect([statusCode, JSON.parse(body)]).toEqual([400, expect.objectContaining({ code: 'TEXT_NOT_PLAIN', fields: { field: 'text' } })]);
  });

  test.each(['PUT', 'DELETE', 'PATCH'] as const)('%s is refused, with what is allowed', async (method) => {
    const { statusCode, headers } = await window.app.inject({ method, url: '/report' });
    expect([statusCode, headers['allow']]).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
  });

  test('nothing else takes a post', async () => {
    for (const url of ['/', LABEL, '/scan', '/report/x']) expect([url, (await window.app.inject({ method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'a=b' })).statusCode]).toEqual([url, 405]);
  });
});

describe('a report that did not arrive', () => {
  const fields = { ...FILLED, text: 'Hai dòng,\nnhư đã viết', province: '15', contact: '0900 000 000' };

  test.each<[string, Error, number, string, string | undefined]>([
    ['the gateway is away', new Problem('REPORT_NOT_DELIVERED'), 503, 'vẫn còn ở dưới', '30'],
    ['its disk has failed', new Problem('STORE_FAILED'), 503, 'vẫn còn ở dưới', '30'],
    ['its box is full', new Problem('REPORTS_FULL'), 503, 'vẫn còn ở dưới', '30'],
    ['too many about this code', new Problem('REPORTS_ABOUT_ITEM_FULL'), 429, 'rất nhiều báo cáo về mã này', '3600'],
    ['too many from this network', new Problem('RATE_LIMITED', { seconds: '50' }), 429, 'sau 50\u00a0giây', '50'],
    ['too many for long', new Problem('RATE_LIMITED', { seconds: '7201' }), 429, 'sau 121\u00a0phút', '7201'],
    ['a bug', new TypeError('xyzzy'), 503, 'vẫn còn ở dưới', undefined],
  ])('%s: the page says so first, and keeps the form with its token', async (_, error, status, sentence, wait) => {
    refusal = error;
    const { statusCode, body, headers } = await send(fields);
    expect([statusCode, headers['retry-after'], headers['cache-control']]).toEqual([status, wait, 'no-store']);
    expect(band(body).state).toBe('report-not-received');
    expect(band(body).words).toContain('CHƯA nhận được báo cáo');
    expect(band(body).words).toContain(sentence);
    expect(body).not.toContain('BC-');
    expect(body).not.toContain('xyzzy');
    expect(fieldsIn(body)).toEqual(fields);
    refusal = undefined;
    const again = await send(fieldsIn(body));
    expect([again.statusCode, band(again.body).state]).toEqual([201, 'report-received']);
    expect(taken[0]?.report).toMatchObject(fields);
  });

  test.each<[ProblemCode, number]>([['REPORT_NOT_DELIVERED', 503], ['RATE_LIMITED', 429]])('a machine gets %s', async (code, status) => {
    refusal = new Problem(code);
    const { statusCode, body } = await sendJson(FILLED);
    expect([statusCode, JSON.parse(body)]).toEqual([status, expect.objectContaining({ status, code })]);
  });

  test('while the register does not answer, the form is there, and a report is still handed on', async () => {
    window.records.failing.add('item');
    try {
      const page = await window.app.inject({ url: `/report?code=${LABEL}`, headers: { accept: 'text/html' } });
      expect([page.statusCode, fieldsIn(page.body)['shown']]).toEqual([200, 'unchecked']);
      expect((await send({ ...FILLED, shown: 'unchecked' })).statusCode).toBe(201);
      expect(taken[0]?.report).toMatchObject({ judged: 'unchecked' });
    } finally { window.records.failing.clear(); }
  });
});

describe('a report that arrives', () => {
  test('is handed on with what the code says and what the page shows, and answered with its number', async () => {
    const { statusCode, body, headers } = await send({ ...FILLED, text: ' Vẫn bày trên kệ.\r\nGiá rẻ ', province: '15', contact: '\t0900 000 000' });
    expect([statusCode, headers['cache-control'], headers['location'], headers['set-cookie']]).toEqual([201, 'no-store', undefined, undefined]);
    expect(taken).toEqual([{
      source: '127.0.0.1',
      report: { ...FILLED, address: CASES.recalled, judged: 'recalled', text: 'Vẫn bày trên kệ.\nGiá rẻ', province: '15', contact: '0900 000 000' },
    }]);
    expect(band(body)).toEqual({ state: 'report-received', words: expect.stringContaining(REFERENCE) });
    expect(body).toContain(`<b class="whole" id="reference">${REFERENCE}</b>`);
    expect(body).toContain(`href="${CASES.recalled}?lang=vi"`);
    expect(body).not.toContain('0900 000 000');
  });

  test('what the page was and what it would be now are two things', async () => {
    await send({ ...FILLED, shown: 'registered' });
    await send({ ...FILLED, shown: '' });
    expect(taken.map(({ report: { shown, judged } }) => [shown, judged])).toEqual([['registered', 'recalled'], [undefined, 'recalled']]);
  });

  test.each([
    ['a whole link that leads elsewhere', `https://id-example.evil${LABEL}`, LABEL, 'registered'],
    ['an element string', '(01)09520000000011(21)7QK2M9ZD4XWA', '/01/09520000000011/21/7QK2M9ZD4XWA', 'registered'],
    ['an unknown code', CASES['unknown-code'], CASES['unknown-code'], 'unknown-code'],
    ['a code with a percent sign in it', '/01/09520000000011/10/A%2FB', '/01/09520000000011/10/A%2FB', 'unknown-code'],
    ['a malformed link', CASES.malformed, undefined, 'malformed'],
    ['no code at all', 'what I found', undefined, 'malformed'],
    ['what a scanner sent', ']d20109520000000011\u001d217QK2M9ZD4XWA', '/01/09520000000011/21/7QK2M9ZD4XWA', 'registered'],
    ['what a broken scanner sent', ']d2010952000000001110\u001d\u202e', undefined, 'malformed'],
  ])('%s: %s', async (_, code, address, judged) => {
    const form = await window.app.inject({ url: `/report?code=${encodeURIComponent(code)}`, headers: { accept: 'text/html' } });
    expect((await send({ ...fieldsIn(form.body), reason: 'label-suspect' })).statusCode).toBe(201);
    const [{ report } = { report: undefined }] = taken;
    expect([report?.address, report?.judged, report?.shown]).toEqual([address, judged, judged]);
    expect(report?.code).toBe(code.includes('\u202e') ? ']d2010952000000001110␝⟨U+202E⟩' : code.includes('\u001d') ? address : code);
  });

  test.each([
    ['longer than is kept', 'x'.repeat(3_000)], ['longer once it is spelled out', '\u202e'.repeat(1_000)], ['cut inside a pair', `${'x'.repeat(2_047)}🙁`], ['cut behind a space', `${'x'.repeat(2_047)} y`],
  ])('a code %s is kept as far as it goes', async (_, code) => {
    expect((await send({ ...FILLED, code })).statusCode).toBe(201);
    expect(taken[0]?.report.code.length).toBeGreaterThan(2_040);
  });

  test('by a machine is answered with data', async () => {
    const { statusCode, body, headers } = await sendJson({ ...FILLED, text: 'Hai\ndòng' });
    expect([statusCode, headers['content-type'], JSON.parse(body)]).toEqual([201, 'application/json; charset=utf-8', filed]);
    expect(taken[0]?.report).toMatchObject({ text: 'Hai\ndòng', judged: 'recalled' });
  });

  test('Vietnamese typed letter by letter and mark by mark is Vietnamese', async () => {
    await send({ ...FILLED, text: 'Hàng nhái, mua ở chợ Bến Thành'.normalize('NFD') });
    expect(taken[0]?.report.text).toBe('Hàng nhái, mua ở chợ Bến Thành');
  });

  test('comes from the socket\'s address, whatever a header says; from a trusted proxy\'s word only where there is one', async () => {
    await send(FILLED, { 'x-forwarded-for': '192.0.2.99' });
    const behind = await openWindow({ trustedProxies: ['10.0.0.0/8'], inbox: { file: async (report, source) => { taken.push({ report, source }); return filed; } } });
    const payload = new URLSearchParams(FILLED).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '192.0.2.99' };
    for (const remoteAddress of ['10.1.2.3', '192.0.2.1']) await behind.app.inject({ method: 'POST', url: '/report', remoteAddress, headers, payload });
    await behind.app.close();
    expect(taken.map(({ source }) => source)).toEqual(['127.0.0.1', '192.0.2.99', '192.0.2.1']);
  });
});

describe('the form', () => {
  const tokenAt = async (url: string): Promise<string> => fieldsIn((await window.app.inject({ url, headers: { accept: 'text/html' } })).body)['token'] ?? '';

  test('is never kept by a cache, and every one has a token of its own', async () => {
    const { headers } = await window.app.inject({ url: '/report', headers: { accept: 'text/html' } });
    expect([headers['cache-control'], headers['referrer-policy']]).toEqual(['no-store', 'same-origin']);
    const tokens = await Promise.all(Array.from({ length: 5 }, async () => tokenAt(`/report?code=${LABEL}`)));
    expect(new Set(tokens).size).toBe(5);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  test('can be posted to this site only', async () => {
    const { headers } = await window.app.inject({ url: '/report', headers: { accept: 'text/html' } });
    expect(headers['content-security-policy']).toContain("form-action 'self'");
  });

  test('does not repeat what came with the code (trust.md T9)', async () => {
    const { body } = await window.app.inject({ url: `/report?code=${encodeURIComponent('/01/09521234543213/21/Buy-at-evil.example')}`, headers: { accept: 'text/html' } });
    expect(body.replaceAll(/<[^>]*>/g, '')).not.toContain('evil');
  });

  test('names the goods and what their page says', async () => {
    const { body } = await window.app.inject({ url: `/report?code=${CASES.recalled}&lang=en`, headers: { accept: 'text/html' } });
    expect(body).toContain('Ancient-tree Shan green tea');
    expect(body).toContain('Recalled');
  });

  test.each(Object.entries(CASES))('is offered on the page of %s, for its very code', async (_, url) => {
    const { body } = await window.app.inject({ url, headers: { accept: 'text/html' } });
    const [, href = ''] = /<a class="act" href="(\/report\?[^"]*)"/.exec(body) ?? [];
    const form = await window.app.inject({ url: href.replaceAll('&amp;', '&'), headers: { accept: 'text/html' } });
    expect([form.statusCode, fieldsIn(form.body)['code']]).toEqual([200, url]);
    expect(fieldsIn(form.body)['shown']).toBe(/data-state="([^"]*)"/.exec(body)?.[1]);
  });

  test.each(['(01)0952', 'javascript:alert(1)', 'a&b=c#d', '100%', 'https://evil.example/x?y=z&w'])('is offered for what was typed: %s', async (typed) => {
    const { body } = await window.app.inject({ url: `/scan?code=${encodeURIComponent(typed)}`, headers: { accept: 'text/html' } });
    const [, href = ''] = /<a class="act" href="(\/report\?[^"]*)"/.exec(body) ?? [];
    const form = await window.app.inject({ url: href.replaceAll('&amp;', '&'), headers: { accept: 'text/html' } });
    expect(fieldsIn(form.body)['code']).toBe(typed);
  });

  test('stands first where the page says that something is wrong, last where it does not', async () => {
    const order = async (url: string): Promise<boolean> => {
      const { body } = await window.app.inject({ url, headers: { accept: 'text/html' } });
      return body.indexOf('href="/report?') < body.indexOf('<table');
    };
    expect([await order(CASES['unknown-code']), await order(CASES.recalled), await order(CASES.mismatch), await order(CASES.registered)]).toEqual([true, true, true, false]);
  });
});

test('a site without an inbox offers nothing and takes nothing', async () => {
  const app = buildVerifier({ records: window.records, crypto: nodeCrypto(), now: () => NOW, origin: ORIGIN, operator: OPERATOR });
  expect((await app.inject({ url: LABEL, headers: { accept: 'text/html' } })).body).not.toContain('/report');
  expect((await app.inject({ url: '/report', headers: { accept: 'text/html' } })).statusCode).toBe(400);
  expect((await app.inject({ method: 'POST', url: '/report', headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'a=b' })).statusCode).toBe(405);
  await app.close();
});
