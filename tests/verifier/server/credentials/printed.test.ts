import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PROBLEMS } from '#domain/errors.js';
import { CREDENTIAL_CHECKS } from '../../../../verifier/core/credential/credential-report.js';
import { escaped } from '../../../../verifier/server/html.js';
import { type CredentialWindow, FORGED, ISSUER_ORIGIN, NOW, openCredentialWindow, type PrintedCase, SITE_ORIGIN, STATE_OF } from '../credential-window.js';

let window: CredentialWindow;
beforeAll(async () => { window = await openCredentialWindow(); });
afterAll(() => window.app.close());
beforeEach(() => {
  window.world.failing.clear();
  window.world.asked.length = 0;
});

const address = (name: PrintedCase): string => `/c/${window.printed[name].id}`;

interface Json {
  readonly verified: boolean;
  readonly verdict: string;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly checks: readonly string[];
  readonly report: Record<string, { result: string; code?: string; reason?: string }>;
  readonly band: { state: string; tone: string; title: string; instruction: string; means: string; doesNotMean: string };
  readonly payload?: { jti: string; vc: { credentialSubject: Record<string, unknown> } };
  readonly disclosed?: Record<string, string>;
  readonly issuer?: { organisation: string; name: string };
  readonly revokedBy?: object;
  readonly record?: { text: string; sealed?: string };
}

async function json(url: string): Promise<Json> {
  return JSON.parse((await window.app.inject({ url, headers: { accept: 'application/json' } })).body) as Json;
}

async function page(url: string, language = 'vi'): Promise<{ statusCode: number; body: string; headers: Record<string, unknown> }> {
  return window.app.inject({ url, headers: { 'accept': 'text/html', 'accept-language': language } });
}

const bandOf = (body: string): string => /id="band" data-state="([^"]*)"/.exec(body)?.[1] ?? '';

describe('every state has its own words', () => {
  const cases = Object.entries(STATE_OF) as [PrintedCase, string][];

  test.each(cases)('%s is told as %s, on the page and as data', async (name, state) => {
    const answer = await json(address(name));
    expect(answer.band.state).toBe(state);
    expect(answer.verified).toBe(answer.verdict === 'verified');
    expect(Object.keys(answer.report)).toEqual([...CREDENTIAL_CHECKS]);
    for (const language of ['vi', 'en']) {
      const { statusCode, body } = await page(address(name), language);
      const said = await json(`${address(name)}?lang=${language}`);
      expect([statusCode, bandOf(body)]).toEqual([200, state]);
      for (const words of [said.band.title, said.band.instruction, said.band.means, said.band.doesNotMean]) expect(body).toContain(words.replaceAll("'", '&#39;'));
    }
  });

  test('no two states share title and meaning', async () => {
    const answers = await Promise.all(cases.map(([name]) => json(address(name))));
    const said = new Map(answers.map(({ band }) => [band.state, `${band.title}|${band.means}`]));
    expect(new Set(said.values()).size).toBe(said.size);
  });

  test.each<[PrintedCase, readonly string[]]>([
    ['valid', []], ['diploma', []], ['identity', []], ['valid-once-authorised', []], ['entered-late', []], ['altered', ['CREDENTIAL_SIGNATURE_WRONG']], ['expired', ['CREDENTIAL_EXPIRED']],
    ['not-yet-valid', ['CREDENTIAL_NOT_YET_VALID']], ['suspended', ['CREDENTIAL_SUSPENDED']], ['superseded', ['CREDENTIAL_SUPERSEDED']], ['revoked', ['CREDENTIAL_REVOKED']],
    ['revoked-by-authority', ['CREDENTIAL_REVOKED_BY_AUTHORITY']],
    ['issuer-unknown', ['DID_UNKNOWN']], ['issuer-differs', ['CREDENTIAL_NAMES_OTHER_ISSUER']], ['not-authorised', ['GRANT_TYPE_OTHER']], ['key-compromised', ['DID_KEY_COMPROMISED']],
    ['not-logged', ['CREDENTIAL_NOT_LOGGED']], ['malformed', ['CREDENTIAL_TEXT_MALFORMED']],
  ])('%s fails by %j and by nothing else', async (name, errors) => {
    const answer = await json(address(name));
    expect(answer.errors).toEqual(errors);
    expect(answer.verdict).toBe(errors.length === 0 ? 'verified' : 'not-verified');
  });

  test('rights that were lost since are a warning', async () => expect((await json(address('valid-once-authorised'))).warnings).toEqual(['GRANT_REVOKED']));

  test('an entry that came long after the key had ended is a warning, said in either language where the key is', async () => {
    const { warnings, report } = await json(address('entered-late'));
    expect([warnings, report['key']]).toEqual([['CREDENTIAL_LOGGED_AFTER_KEY'], { result: 'pass', code: 'CREDENTIAL_LOGGED_AFTER_KEY' }]);
    for (const language of ['vi', 'en'] as const) expect((await page(`${address('entered-late')}?lang=${language}`)).body).toContain(escaped(PROBLEMS.CREDENTIAL_LOGGED_AFTER_KEY[language]));
  });
});

describe('what is shown', () => {
  test.each<PrintedCase>(['altered', 'issuer-unknown', 'issuer-differs', 'not-authorised', 'key-compromised', 'not-logged', 'malformed'])('%s: nothing of what it claims', async (name) => {
    const answer = await json(address(name));
    const { body } = await page(address(name));
    expect([answer.payload, answer.disclosed]).toEqual([undefined, undefined]);
    expect(body).not.toContain(FORGED);
    expect(JSON.stringify({ ...answer, record: undefined })).not.toContain(FORGED);
    expect(body).not.toMatch(/id="holder"|Hóa học|GP-HC|Bằng cử nhân/);
  });

  test.each<[PrintedCase, boolean]>([['valid', true], ['revoked', true], ['not-authorised', true], ['not-logged', true], ['altered', false], ['issuer-unknown', false], ['issuer-differs', false], ['key-compromised', false]])('the issuer of %s is named by the register: %s', async (name, isNamed) => {
    expect((await json(address(name))).issuer !== undefined).toBe(isNamed);
    expect((await page(address(name))).body.includes('Tổ chức ')).toBe(isNamed);
  });

  test('who else has revoked it is named by the register, with the decision, in either language', async () => {
    expect((await json(address('revoked-by-authority'))).revokedBy).toEqual({ organisation: 'bo-vi-du', name: 'Bộ Ví Dụ', decision: '45/QĐ-BVD', at: expect.any(String) as string });
    const [vi, en] = [(await page(address('revoked-by-authority'))).body, (await page(`${address('revoked-by-authority')}?lang=en`)).body];
    for (const words of ['Thu hồi bởi', 'Bộ Ví Dụ', 'quyết định 45/QĐ-BVD']) expect(vi).toContain(words);
    for (const words of ['Revoked by', 'Example Ministry', 'decision 45/QĐ-BVD']) expect(en).toContain(words);
    expect((await json(address('revoked'))).revokedBy).toBeUndefined();
  });

  test('the name is the register\'s, not the credential\'s', async () => {
    const { body } = await page(address('diploma'));
    expect(body).toContain('Tổ chức dai-hoc-vi-du');
    expect(body).not.toContain('Trường Đại học Ví Dụ');
  });

  test('nobody\'s name without the paper: nothing personal anywhere', async () => {
    const bodies = [(await page(address('diploma'))).body, JSON.stringify(await json(address('diploma')))];
    for (const body of bodies) expect(body).not.toMatch(/Nguyễn Thị Mây|2004|0001234|ĐHVD-BC/);
  });

  test.each(['vi', 'en'])('in %s dates, numbers and units are written as the language has them', async (language) => {
    const { body } = await page(address('valid'), language);
    const expected = language === 'vi' ? ['1.000.000\u00a0kg', '1–99,9\u00a0%', '20/11/2031', 'Metanol'] : ['1,000,000\u00a0kg', '1–99.9\u00a0%', '20\u00a0November 2031', 'Methanol'];
    for (const text of expected) expect(body).toContain(text);
  });

  test('how old everything is stands in the band, exactly too', async () => {
    const { body } = await page(address('valid'));
    expect(/class="asof">(.*?)<\/p>/s.exec(body)?.[1]).toMatch(/^Sổ đăng ký cập nhật <time datetime="2026-11-21T08:29:55.000Z">vừa xong<\/time> · trạng thái <time datetime="2026-11-21T08:29:00.000Z">1\u00a0phút trước<\/time> · khối 1\.\d{3}$/);
  });

  test('the proof says since when, in which block, and who confirms it', async () => {
    const { body } = await page(address('valid'));
    expect(body).toContain('<time datetime="2026-11-20T08:30:02.000Z">15:30 20/11/2026</time>');
    expect(body).toContain('<dd>1.200</dd>');
    for (const organisation of ['Org1MSP', 'Org2MSP', 'Org3MSP']) expect(body).toContain(organisation);
    expect(body).toContain('Quyết định ví dụ');
  });

  test('a newer one is linked from the one it replaces, and from no other', async () => {
    const link = `href="/c/${window.printed.diploma.id}?lang=vi"`;
    expect((await page(address('superseded'))).body).toContain(link);
    expect((await page(address('diploma'))).body).not.toContain('Xem bản mới');
  });
});

describe('as HTTP', () => {
  test.each<PrintedCase>(['valid', 'diploma', 'superseded', 'not-authorised'])('%s fits into the first packets, with everything it needs but the script', async (name) => {
    const { rawPayload } = await window.app.inject({ url: address(name), headers: { 'accept': 'text/html', 'accept-encoding': 'gzip' } });
    expect(rawPayload.length).toBeLessThan(8_000);
    expect((await page(address(name))).body.length).toBeLessThan(16_000);
  });

  test('no cookie, no redirect, no store of anybody\'s, a strict policy', async () => {
    const { headers } = await page(address('valid'));
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['location']).toBeUndefined();
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*script-src 'self'; .*require-trusted-types-for 'script'$/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['vary']).toContain('Accept');
  });

  test('an unknown code and a malformed one are the same to whoever guesses', async () => {
    const unknown = 'A'.repeat(22);
    for (const id of [unknown, 'x', `${unknown}A`, '..%2f..', '%00']) {
      const found = await page(`/c/${id}`);
      expect([found.statusCode, bandOf(found.body)], id).toEqual([404, 'credential-unknown']);
      const machine = await window.app.inject({ url: `/c/${id}`, headers: { accept: 'application/json' } });
      expect([machine.statusCode, JSON.parse(machine.body)], id).toEqual([404, expect.objectContaining({ code: 'CREDENTIAL_UNKNOWN' })]);
    }
    expect(window.world.asked.filter((one) => one.startsWith('GET'))).toEqual([`GET /public/credentials/${unknown}`, `GET /public/credentials/${unknown}`]);
  });

  test('an issuer that does not answer is no verdict', async () => {
    window.world.failing.add('issuer');
    const found = await page(address('valid'));
    expect([found.statusCode, bandOf(found.body), found.headers['retry-after']]).toEqual([503, 'unchecked', '30']);
    expect(JSON.parse((await window.app.inject({ url: address('valid'), headers: { accept: 'application/json' } })).body)).toMatchObject({ status: 503, code: 'ISSUER_UNREACHABLE' });
  });

  test('what was erased says so', async () => {
    const id = Buffer.alloc(16, 7).toString('base64url');
    const erased = await openCredentialWindow();
    erased.world.erased.add(id);
    const found = await erased.app.inject({ url: `/c/${id}`, headers: { accept: 'text/html' } });
    expect([found.statusCode, bandOf(found.body)]).toEqual([404, 'credential-erased']);
    await erased.app.close();
  });
});

describe('nothing is fetched while answering', () => {
  test('but the public record and the commitment, and the commitment once', async () => {
    const fresh = await openCredentialWindow();
    fresh.world.asked.length = 0;
    for (let times = 0; times < 3; times++) await fresh.app.inject({ url: `/c/${fresh.printed.valid.id}`, headers: { accept: 'text/html' } });
    const record = `GET /public/credentials/${fresh.printed.valid.id}`;
    expect(fresh.world.asked).toEqual([record, expect.stringMatching(/^ledger [0-9a-f]{64}$/), record, record]);
    await fresh.app.close();
  });

  test('however many look at once, issuer and ledger are asked once each', async () => {
    const fresh = await openCredentialWindow();
    fresh.world.asked.length = 0;
    const answers = await Promise.all(Array.from({ length: 300 }, () => fresh.app.inject({ url: `/c/${fresh.printed.valid.id}`, headers: { accept: 'application/json' } })));
    expect(answers.every(({ body }) => (JSON.parse(body) as Json).verified)).toBe(true);
    expect(fresh.world.asked.map((one) => one.split(' ')[0])).toEqual(['GET', 'ledger']);
    await fresh.app.close();
  });

  test('a self-made issuer has nothing looked up at all', async () => {
    await page(address('issuer-unknown'));
    await page(address('altered'));
    expect(window.world.asked.filter((one) => one.startsWith('ledger') || one.includes('status') || one.startsWith('http'))).toEqual([]);
  });

  test('a commitment whose receipt does not hold is no commitment', async () => {
    const fresh = await openCredentialWindow();
    for (const [root, { record, receipt }] of fresh.world.commitments) fresh.world.commitments.set(root, { record, receipt: receipt.replace(/.{12}"}$/, 'AAAAAAAAAAAA"}') });
    const answer = JSON.parse((await fresh.app.inject({ url: `/c/${fresh.printed.valid.id}`, headers: { accept: 'application/json' } })).body) as Json;
    expect(answer.report['commitment']).toEqual({ result: 'unknown', code: 'LEDGER_UNREACHABLE' });
    expect(answer.verdict).toBe('could-not-check');
    await fresh.app.close();
  });

  test('a commitment of another root under this one\'s address is no commitment', async () => {
    const fresh = await openCredentialWindow();
    const [[, first], [second]] = [...fresh.world.commitments].slice(0, 2) as [[string, never], [string, never]];
    for (const root of fresh.world.commitments.keys()) if (root !== second) fresh.world.commitments.set(second, first);
    const all = await Promise.all(Object.values(fresh.printed).map(async ({ id }) => JSON.parse((await fresh.app.inject({ url: `/c/${id}`, headers: { accept: 'application/json' } })).body) as Json));
    expect(all.filter(({ report }) => report['commitment']?.code === 'LEDGER_UNREACHABLE')).toHaveLength(1);
    await fresh.app.close();
  });
});

describe('age', () => {
  test('an old register is no verdict: could not check, with until when it is known', async () => {
    const fresh = await openCredentialWindow();
    fresh.world.now = NOW + 25 * 3_600_000;
    const answer = JSON.parse((await fresh.app.inject({ url: `/c/${fresh.printed.valid.id}`, headers: { accept: 'application/json' } })).body) as Json;
    expect(answer.band.state).toBe('unchecked');
    expect(answer.warnings).toContain('TRUST_SNAPSHOT_STALE');
    expect(answer.band.instruction).toContain('15:29 21/11/2026');
    await fresh.app.close();
  });

  test('before the first copy nothing is claimed, of good ones and bad ones', async () => {
    const fresh = await openCredentialWindow({ prefetched: false });
    for (const name of ['valid', 'issuer-unknown', 'revoked'] as const) {
      const answer = JSON.parse((await fresh.app.inject({ url: `/c/${fresh.printed[name].id}`, headers: { accept: 'application/json' } })).body) as Json;
      expect([name, answer.band.state, answer.errors]).toEqual([name, 'unchecked', []]);
      const { body } = await fresh.app.inject({ url: `/c/${fresh.printed[name].id}`, headers: { accept: 'text/html' } });
      expect(body).not.toContain('1970');
    }
    await fresh.app.close();
  });
});

test('robots are asked to stay away, and the site\'s own address stands on the page', async () => {
  expect((await window.app.inject('/robots.txt')).body).toContain('Disallow: /');
  expect((await page(address('valid'))).body).toContain(`<b>${new URL(SITE_ORIGIN).host}</b>`);
  expect(ISSUER_ORIGIN).not.toBe(SITE_ORIGIN);
});
