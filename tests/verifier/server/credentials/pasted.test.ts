import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DISCLOSURES, NOW } from '../../../support/credential-maker.js';
import { withDisclosures } from '../../../../verifier/core/credential/with-disclosures.js';
import { LONGEST_VERIFY_BODY } from '../../../../verifier/server/credentials/verify-request.js';
import { type CredentialWindow, FORGED, openCredentialWindow, type PrintedCase, SITE_ORIGIN, STATE_OF } from '../credential-window.js';

let window: CredentialWindow;
beforeAll(async () => { window = await openCredentialWindow(); });
afterAll(() => window.app.close());
beforeEach(() => { window.world.asked.length = 0; });

const bandOf = (body: string): string => /id="band" data-state="([^"]*)"/.exec(body)?.[1] ?? '';

interface Answer { readonly statusCode: number; readonly body: string; readonly headers: Record<string, unknown> }

async function verify(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return window.app.inject({ method: 'POST', url: '/credentials/verify', headers: { 'content-type': 'application/json', ...headers }, payload: typeof body === 'string' ? body : JSON.stringify(body) });
}

async function paste(text: string, headers: Record<string, string> = {}): Promise<Answer> {
  return window.app.inject({ method: 'POST', url: '/credentials?lang=vi', headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept': 'text/html', ...headers }, payload: new URLSearchParams({ text }).toString() });
}

describe('POST /credentials/verify (W3C credentials API)', () => {
  const cases = Object.entries(STATE_OF) as [PrintedCase, string][];

  test.each(cases)('%s gets the report of its page', async (name, state) => {
    const { text, id } = window.printed[name];
    const answer = await verify({ verifiableCredential: text });
    const page = JSON.parse((await window.app.inject({ url: `/c/${id}`, headers: { accept: 'application/json' } })).body) as Record<string, unknown>;
    expect(answer.statusCode).toBe(200);
    const said = JSON.parse(answer.body) as Record<string, unknown>;
    expect(said).toMatchObject({ verified: page['verified'], verdict: page['verdict'], errors: page['errors'], warnings: page['warnings'], band: { state } });
    expect(JSON.stringify(said['report'])).toBe(JSON.stringify(page['report']));
    expect(answer.body).not.toContain(FORGED);
  });

  test('checks are those that were made; the payload is the signed one', async () => {
    const said = JSON.parse((await verify({ verifiableCredential: window.printed.valid.text, options: { checks: ['proof'], returnResults: true } })).body) as Record<string, unknown>;
    expect(said['checks']).toEqual(['format', 'header', 'payload', 'issuer', 'key', 'signature', 'authorisation', 'commitment', 'not-before', 'expiry', 'revocation', 'suspension', 'supersession', 'freshness']);
    expect(said['payload']).toMatchObject({ iss: 'did:web:cuc-hoa-chat.example', vc: { credentialSubject: { number: '01/GP-HC' } } });
    expect(said['trust']).toBeUndefined();
  });

  test('disclosures that are signed are told, others are not', async () => {
    const { text } = window.printed.diploma;
    const whole = JSON.parse((await verify({ verifiableCredential: withDisclosures(text, Object.values(DISCLOSURES)) })).body) as Record<string, unknown>;
    expect(whole['disclosed']).toEqual({ fullName: 'Nguyễn Thị Mây', dateOfBirth: '2004-02-29', serialNumber: 'VD 0001234', registerNumber: '12/2026/ĐHVD-BC', classification: 'good' });
    const foreign = Buffer.from(JSON.stringify(['2GLC42sKQveCfGfryNRN9w', 'fullName', 'Nguyễn Văn Khác'])).toString('base64url');
    const wrong = await verify({ verifiableCredential: withDisclosures(text, [foreign]) });
    expect(JSON.parse(wrong.body)).toMatchObject({ verified: false, errors: ['DISCLOSURE_NOT_SIGNED'], band: { state: 'disclosures-differ' } });
    expect(wrong.body).not.toContain('Nguyễn Văn Khác');
  });

  test('an enveloped one is read out of its data URL', async () => {
    const { text } = window.printed.valid;
    for (const type of ['EnvelopedVerifiableCredential', ['EnvelopedVerifiableCredential']]) {
      const answer = await verify({ verifiableCredential: { '@context': 'https://www.w3.org/ns/credentials/v2', type, id: `data:application/vc+jwt,${text}` } });
      expect(JSON.parse(answer.body)).toMatchObject({ verified: true });
    }
  });

  test.each<[string, unknown, number, string]>([
    ['a presentation', { verifiablePresentation: 'eyJ' }, 422, 'PRESENTATION_NOT_TAKEN'],
    ['both', { verifiableCredential: 'eyJ', verifiablePresentation: 'eyJ' }, 422, 'PRESENTATION_NOT_TAKEN'],
    ['nothing', {}, 400, 'FIELD_MISSING'],
    ['a credential as an object, with a proof in it', { verifiableCredential: { issuer: 'did:web:a.example', proof: { type: 'JwtProof2020', jwt: 'eyJ' } } }, 400, 'CREDENTIAL_FORM_UNSUPPORTED'],
    ['an envelope of something else', { verifiableCredential: { type: 'EnvelopedVerifiableCredential', id: 'data:text/plain,eyJ' } }, 400, 'CREDENTIAL_FORM_UNSUPPORTED'],
    ['an envelope with an address', { verifiableCredential: { type: 'EnvelopedVerifiableCredential', id: 'https://evil.example/vc' } }, 400, 'CREDENTIAL_FORM_UNSUPPORTED'],
    ['a list of credentials', { verifiableCredential: ['eyJ'] }, 400, 'FIELD_WRONG_TYPE'],
    ['a number', { verifiableCredential: 7 }, 400, 'FIELD_WRONG_TYPE'],
    ['another member', { verifiableCredential: 'eyJ', jwt: 'eyJ' }, 400, 'FIELD_UNKNOWN'],
    ['a challenge that would not be checked', { verifiableCredential: 'eyJ', options: { challenge: 'x' } }, 400, 'FIELD_UNKNOWN'],
    ['a domain that would not be checked', { verifiableCredential: 'eyJ', options: { domain: 'x' } }, 400, 'FIELD_UNKNOWN'],
    ['a list', [], 400, 'FIELD_WRONG_TYPE'],
    ['no JSON', 'eyJ', 400, 'TEXT_NOT_JSON'],
    ['the same member twice', '{"verifiableCredential":"a","verifiableCredential":"b"}', 400, 'JSON_DUPLICATE_KEY'],
    ['depth', `{"verifiableCredential":${'['.repeat(100)}${']'.repeat(100)}}`, 400, 'JSON_TOO_DEEP'],
    ['a body beyond the limit', { verifiableCredential: 'a'.repeat(LONGEST_VERIFY_BODY) }, 413, 'TEXT_TOO_LONG'],
  ])('%s is refused', async (_, body, status, code) => {
    const answer = await verify(body);
    expect([answer.statusCode, JSON.parse(answer.body), answer.headers['content-type']]).toEqual([status, expect.objectContaining({ code }), 'application/problem+json; charset=utf-8']);
  });

  test.each([['a form', 'application/x-www-form-urlencoded', 415], ['text', 'text/plain', 415], ['a JWT', 'application/jwt', 415]])('%s is refused', async (_, type, status) => {
    expect((await verify('verifiableCredential=eyJ', { 'content-type': type })).statusCode).toBe(status);
  });

  test.each<[string, string]>([
    ['nothing at all', ''], ['a space', ' '], ['white space around it', '\n'], ['bytes of every kind', '\u0000\ufffd\u202e😀'], ['three dots', '...'], ['too long', 'a'.repeat(70_000)],
    ['a presentation\'s header', 'eyJhbGciOiJFUzI1NiJ9.eyJ2cCI6e319.AA'], ['markup', '<script>alert(1)</script>'],
  ])('%s is judged: malformed, and nobody is asked', async (_, text) => {
    const answer = await verify({ verifiableCredential: text });
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([200, expect.objectContaining({ verified: false, verdict: 'not-verified' })]);
    expect(answer.body).not.toContain('<script>');
    expect(window.world.asked).toEqual([]);
  });

  test('any page may ask it, with what it needs and no more', async () => {
    const allowed = await window.app.inject({ method: 'OPTIONS', url: '/credentials/verify' });
    expect(allowed.headers).toMatchObject({ 'allow': 'POST, OPTIONS', 'access-control-allow-origin': '*', 'access-control-allow-methods': 'POST, OPTIONS', 'access-control-allow-headers': 'Accept, Accept-Language, Content-Type' });
    expect(allowed.headers['access-control-allow-credentials']).toBeUndefined();
    const read = await window.app.inject({ url: '/credentials/verify', headers: { accept: 'application/json' } });
    expect([read.statusCode, read.headers['allow'], JSON.parse(read.body)]).toEqual([405, 'POST, OPTIONS', expect.objectContaining({ code: 'METHOD_NOT_ALLOWED' })]);
    expect((await verify({ verifiableCredential: window.printed.valid.text })).headers['cache-control']).toBe('no-store');
  });
});

describe('the form for pasted credentials', () => {
  test('is offered from the first page, in both languages', async () => {
    for (const language of ['vi', 'en']) {
      expect((await window.app.inject(`/?lang=${language}`)).body).toContain(`href="/credentials?lang=${language}"`);
      const form = await window.app.inject(`/credentials?lang=${language}`);
      expect([form.statusCode, bandOf(form.body)]).toEqual([200, 'credential-form']);
      expect(form.body).toContain(`<form class="card tell" id="paste" action="/credentials?lang=${language}" method="post">`);
    }
  });

  test.each(Object.entries(STATE_OF) as [PrintedCase, string][])('%s is answered as its own page', async (name, state) => {
    const { statusCode, body, headers } = await paste(window.printed[name].text);
    expect([statusCode, bandOf(body), headers['cache-control']]).toEqual([200, state, 'no-store']);
    expect(body).not.toContain(FORGED);
    expect(body).not.toContain('<script');
  });

  test('line ends and spaces of a mail program do no harm', async () => {
    const { text } = window.printed.valid;
    const wrapped = (text.match(/.{1,76}/g) ?? []).join('\r\n    ');
    expect(bandOf((await paste(`\n ${wrapped} \n`)).body)).toBe('valid');
  });

  test('the whole text of a diploma names its holder', async () => {
    const { body } = await paste(withDisclosures(window.printed.diploma.text, Object.values(DISCLOSURES)));
    expect(bandOf(body)).toBe('valid');
    for (const text of ['Nguyễn Thị Mây', '29/02/2004', 'VD 0001234', '12/2026/ĐHVD-BC', 'Khá']) expect(body).toContain(`<bdi>${text}</bdi>`);
    expect(body.indexOf('Nguyễn Thị Mây')).toBeLessThan(body.indexOf('Kết quả này nghĩa là gì'));
  });

  test('without personal data it says so, and offers no form that leads nowhere', async () => {
    const { body } = await paste(window.printed.diploma.text);
    expect(body).toContain('không kèm dữ liệu cá nhân');
    expect(body).not.toContain('/reveal');
  });

  test('the link of a QR leads to its page; one to another site is not repeated', async () => {
    const { id } = window.printed.diploma;
    const own = await paste(`${SITE_ORIGIN}/c/${id}#2GLC42sKQveCfGfryNRN9w`);
    expect(own.body).toContain(`href="/c/${id}?lang=vi"`);
    expect(own.body).not.toContain('2GLC42sKQveCfGfryNRN9w');
    const other = await paste(`https://evil.example/c/${id}`);
    expect(other.body).toContain(`<b>${new URL(SITE_ORIGIN).host}</b>`);
    expect(other.body).not.toContain('evil');
  });

  test.each<[string, Record<string, string>]>([['another site', { 'sec-fetch-site': 'cross-site' }], ['another origin', { origin: 'https://evil.example' }]])('a post from %s is refused', async (_, headers) => {
    const { statusCode, body } = await paste(window.printed.valid.text, headers);
    expect([statusCode, bandOf(body)]).toEqual([403, '']);
    expect(body).toContain('Biểu mẫu này phải được gửi từ chính trang này');
  });

  test('nothing in it is nothing', async () => {
    const { statusCode, body } = await paste('  \n');
    expect([statusCode, body.includes('id="text-error"')]).toEqual([400, true]);
  });

  test('more than a credential can be is not read', async () => expect((await paste('a'.repeat(200_000))).statusCode).toBe(413));
});

describe('the name, for whoever types what stands on the paper', () => {
  async function reveal(fields: Record<string, string>, { name = 'diploma', headers = {} }: { name?: PrintedCase; headers?: Record<string, string> } = {}): Promise<Answer> {
    return window.app.inject({ method: 'POST', url: `/c/${window.printed[name].id}/reveal?lang=vi`, headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept': 'text/html', ...headers }, payload: new URLSearchParams(fields).toString() });
  }
  const RIGHT = { serialNumber: 'VD 0001234', dateOfBirth: '29/02/2004' };

  test.each<[string, Record<string, string>]>([['as printed', RIGHT], ['in small letters without a space', { ...RIGHT, serialNumber: ' vd0001234 ' }], ['with another date form', { ...RIGHT, dateOfBirth: '29-2-2004' }], ['with the standard\'s date', { ...RIGHT, dateOfBirth: '2004-02-29' }]])('%s it is shown, kept by nobody', async (_, fields) => {
    const { statusCode, body, headers } = await reveal(fields);
    expect([statusCode, bandOf(body), headers['cache-control'], headers['referrer-policy']]).toEqual([200, 'valid', 'no-store', 'same-origin']);
    expect(body).toContain('<bdi>Nguyễn Thị Mây</bdi>');
    expect(body).toContain('Thông tin cá nhân hiển thị đúng là thông tin đã ký.');
    expect(body).toContain(`href="/c/${window.printed.diploma.id}?lang=en"`);
  });

  test.each<[string, Record<string, string>, number]>([['another number', { ...RIGHT, serialNumber: 'VD 0001235' }, 422], ['another day', { ...RIGHT, dateOfBirth: '01/03/2004' }, 422]])('%s: refused, the same words whichever is wrong', async (_, fields, status) => {
    const { statusCode, body, headers } = await reveal(fields);
    expect([statusCode, bandOf(body), headers['cache-control']]).toEqual([status, 'valid', 'no-store']);
    expect(body).toContain('Số hiệu hoặc ngày sinh không khớp với bản này.');
    expect(body).not.toContain('Nguyễn Thị Mây');
    expect(body).toContain(`value="${fields['serialNumber']}"`);
  });

  test.each<[string, Record<string, string>, string]>([
    ['no number', { ...RIGHT, serialNumber: '' }, 'serialNumber'], ['no day', { ...RIGHT, dateOfBirth: '' }, 'dateOfBirth'], ['a day of two digits\' year', { ...RIGHT, dateOfBirth: '29/02/04' }, 'dateOfBirth'],
    ['a day that no calendar has', { ...RIGHT, dateOfBirth: '30/02/2004' }, 'dateOfBirth'], ['a hidden character', { ...RIGHT, serialNumber: 'VD\u200b1' }, 'serialNumber'], ['markup', { ...RIGHT, serialNumber: '"><script>' }, 'serialNumber'],
  ])('%s is mended in the form, and the issuer is not asked', async (_, fields, field) => {
    const { statusCode, body } = await reveal(fields);
    expect(body).toContain(`id="${field}-error"`);
    expect(statusCode).toBe(400);
    expect(body).not.toContain('<script>');
    expect(window.world.asked.filter((one) => one.endsWith('/reveal'))).toEqual([]);
  });

  test('another site\'s visitors cannot be made to ask', async () => {
    const { statusCode } = await reveal(RIGHT, { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(statusCode).toBe(403);
    expect(window.world.asked).toEqual([]);
  });

  test('a machine gets data', async () => {
    const answer = await window.app.inject({ method: 'POST', url: `/c/${window.printed.diploma.id}/reveal`, headers: { 'content-type': 'application/json', 'accept': 'application/json' }, payload: JSON.stringify(RIGHT) });
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([200, expect.objectContaining({ disclosed: expect.objectContaining({ fullName: 'Nguyễn Thị Mây' }) })]);
  });

  test('disclosures of somebody else, from an issuer that errs, are not shown', async () => {
    const id = window.printed.superseded.id;
    window.world.disclosures.set(id, [Buffer.from(JSON.stringify(['2GLC42sKQveCfGfryNRN9w', 'fullName', 'Nguyễn Văn Khác'])).toString('base64url')]);
    const { body } = await reveal(RIGHT, { name: 'superseded' });
    expect(body).not.toContain('Nguyễn Văn Khác');
    window.world.disclosures.set(id, Object.values(DISCLOSURES));
  });

  test('an address is limited by the hour, apart from everything else', async () => {
    const limits = { requestsPerMinute: 100_000, reportsPerHour: 1, revealsPerHour: 2, mostInFlight: 100 };
    const limited = await openCredentialWindow({ limits });
    const ask = async (): Promise<Answer> => limited.app.inject({ method: 'POST', url: `/c/${limited.printed.diploma.id}/reveal`, headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept': 'text/html' }, payload: new URLSearchParams({ ...RIGHT, serialNumber: 'VD 1' }).toString() });
    const statuses = [(await ask()).statusCode, (await ask()).statusCode];
    const third = await ask();
    expect([...statuses, third.statusCode]).toEqual([422, 422, 429]);
    expect(third.headers['retry-after']).toMatch(/^3[56]\d\d$/);
    expect(third.body).toContain('Có quá nhiều yêu cầu từ mạng bạn đang dùng');
    expect((await limited.app.inject(`/c/${limited.printed.diploma.id}`)).statusCode).toBe(200);
    await limited.app.close();
  });

  test('the scan limit holds for these routes too', async () => {
    const limited = await openCredentialWindow({ limits: { requestsPerMinute: 2, reportsPerHour: 1, revealsPerHour: 1, mostInFlight: 100 } });
    const statuses: number[] = [];
    for (let times = 0; times < 3; times++) statuses.push((await limited.app.inject({ method: 'POST', url: '/credentials/verify', headers: { 'content-type': 'application/json' }, payload: '{}' })).statusCode);
    expect(statuses).toEqual([400, 400, 429]);
    await limited.app.close();
  });
});

test('metrics count by state, and tell how old the copies are', async () => {
  await verify({ verifiableCredential: window.printed.revoked.text });
  const { body } = await window.app.inject('/metrics');
  expect(body).toMatch(/verifier_credentials_total\{state="revoked",format="json"\} \d+/);
  expect(body).toMatch(/verifier_trust_age_seconds 5\n/);
  expect(body).toMatch(/verifier_status_lists\{state="held"\} 12\n/);
  expect(NOW).toBe(window.world.now);
});
