import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CitizenReport, FiledReport } from '#domain/goods/citizen-report.js';
import { systemClock } from '../../../gateway/ledger/clock.js';
import { mustBe, runGateway, type Answer, type Caller, type RunningGateway } from '../app/running-gateway.js';
import { serialKeyOf, TEA, teaLot, teaProduct } from '../app/sample-goods.js';

/** A clock that can be put forward. */
let ahead = 0;
const clock = { ...systemClock, now: () => Date.now() + ahead };

let gateway: RunningGateway;
let maker: Caller;
let stranger: Caller;
let authority: Caller;
let otherAuthority: Caller;
let plainAuthority: Caller;
let institution: Caller;

const CANARY = 'canary-0900-123-456';
const OTHER_TEA = '09520002000019';
const FORGED = '09520000000028';
const list = '/v1/citizen-reports';

beforeAll(async () => {
  gateway = await runGateway({ clock });
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  mustBe(201, await gateway.operator.post('/v1/organisations/che-shan/prefixes', { prefix: '9520001' }));
  stranger = await gateway.enrol('tra-khac', 'enterprise', '01', '9520002');
  authority = await gateway.enrol('chi-cuc', 'authority', '01');
  otherAuthority = await gateway.enrol('thanh-tra', 'authority', '01');
  institution = await gateway.enrol('dai-hoc', 'institution', '48');
  const { body } = mustBe(201, await gateway.operator.post('/v1/organisations/chi-cuc/api-keys', { label: 'x', scopes: ['citizen-reports:read', 'citizen-reports:write'] }));
  plainAuthority = gateway.caller('chi-cuc', String(body['text']));
  mustBe(201, await maker.post('/v1/products', teaProduct));
  mustBe(201, await maker.post(`/v1/products/${TEA}/lots`, teaLot));
  mustBe(200, await maker.post(`/v1/products/${TEA}/lots/LO26-001/commission`, { serials: ['AAA'] }));
});
afterAll(async () => gateway.remove());

let sent = 0;
async function file(address: string, change: Partial<CitizenReport> = {}): Promise<string> {
  sent++;
  ahead += 1000; // later reports are told from earlier ones
  const payload = { token: `token-${String(sent).padStart(20, '0')}`, code: address, address, reason: 'other', judged: 'registered', ...change };
  return (mustBe(201, await gateway.call({ method: 'POST', url: '/v1/public/citizen-reports', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(payload) })).body as unknown as FiledReport).reference;
}

const referencesOf = ({ body }: Answer): string[] => (body['reports'] as FiledReport[]).map(({ reference }) => reference);
const seenBy = async (caller: Caller, query = ''): Promise<string[]> => referencesOf(mustBe(200, await caller.get(list + query)));

describe('filing', () => {
  const post = async (payload: string, type = 'application/json'): Promise<Answer> => gateway.call({ method: 'POST', url: '/v1/public/citizen-reports', headers: { 'content-type': type }, payload });

  it.each([
    ['a form', ['reason=other', 'application/x-www-form-urlencoded'], 415, 'CONTENT_TYPE_WRONG', undefined],
    ['no JSON', ['{'], 400, 'TEXT_NOT_JSON', undefined],
    ['no code', ['{"token":"0123456789abcdef","reason":"other","judged":"registered"}'], 400, 'FIELD_MISSING', 'code'],
    ['a false address', ['{"token":"0123456789abcdef","code":"x","address":"/01/1","reason":"other","judged":"malformed"}'], 400, 'AI_VALUE_TOO_SHORT', 'address'],
    ['a hidden character', ['{"token":"0123456789abcdef","code":"x","reason":"other","judged":"malformed","text":"a\\u202eb"}'], 400, 'TEXT_NOT_PLAIN', 'text'],
    ['a text too long', [JSON.stringify({ token: '0123456789abcdef', code: 'x', reason: 'other', judged: 'malformed', text: 'x'.repeat(1001) })], 413, 'TEXT_TOO_LONG', 'text'],
  ] as const)('refuses %s', async (_what, [payload, type], status, code, field) => {
    const answer = await post(payload, type);
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([status, code, field]);
  });

  it('is counted for the socket\'s address, which a header cannot change', async () => {
    const strict = await runGateway({ env: { GATEWAY_REPORTS_PER_DAY: '1' } });
    const say = async (token: string, remoteAddress: string, forwarded: string): Promise<Answer> => strict.call({
      method: 'POST', url: '/v1/public/citizen-reports', remoteAddress, headers: { 'content-type': 'application/json', 'x-forwarded-for': forwarded },
      payload: JSON.stringify({ token, code: 'x', reason: 'other', judged: 'malformed' }),
    });
    expect((await say('0123456789abcdef', '192.0.2.1', '10.0.0.1')).status).toBe(201);
    const refused = await say('1123456789abcdef', '192.0.2.1', '10.0.0.2');
    expect([refused.status, refused.body['code']]).toEqual([429, 'RATE_LIMITED']);
    expect((await say('2123456789abcdef', '192.0.2.2', '10.0.0.1')).status).toBe(201);
    await strict.remove();
  });
});

describe('who reads what', () => {
  it('an authority all, the maker those on its own numbers, nobody else any', async () => {
    const own = await file(serialKeyOf(TEA, 'AAA'));
    const forged = await file(`/01/${FORGED}/21/NEVER`, { judged: 'unknown-code' });
    const unit = await file('/00/095200000000000011');
    const second = await file('/01/09520001000010');
    const others = await file(`/01/${OTHER_TEA}`);
    const nobodys = await file('/01/09529999999993', { judged: 'unknown-code' });
    const unreadable = await file('/01/09529999999993', { code: '(01)1', judged: 'malformed' });
    const place = await file('/414/9520000000103', { judged: 'not-kept' });
    expect(await seenBy(authority)).toEqual([place, unreadable, nobodys, others, second, unit, forged, own]);
    expect(await seenBy(maker)).toEqual([second, unit, forged, own]);
    expect(await seenBy(stranger)).toEqual([others]);
    for (const caller of [institution, gateway.operator]) {
      const refused = await caller.get(list);
      expect([refused.status, refused.body['code']]).toEqual([403, 'SCOPE_MISSING']);
    }
    const matrix: [Caller, string, number][] = [
      [authority, own, 200], [authority, others, 200], [authority, nobodys, 200], [authority, place, 200],
      [maker, own, 200], [maker, unit, 200], [maker, others, 404], [maker, nobodys, 404], [maker, place, 404],
      [stranger, others, 200], [stranger, own, 404], [institution, own, 403], [gateway.operator, own, 403],
    ];
    for (const [caller, reference, status] of matrix) {
      expect([caller.organisation, reference, (await caller.get(`${list}/${reference}`)).status]).toEqual([caller.organisation, reference, status]);
      const handled = await caller.post(`${list}/${reference}/handling`, { note: 'x' });
      expect([caller.organisation, reference, handled.status]).toEqual([caller.organisation, reference, status]);
    }
  });

  it('a number whose prefix is granted later is then its holder\'s', async () => {
    const reference = await file('/01/09520003000018', { judged: 'unknown-code' });
    const late = await gateway.enrol('den-sau', 'enterprise', '01');
    expect(await seenBy(late)).toEqual([]);
    expect((await late.get(`${list}/${reference}`)).status).toBe(404);
    mustBe(201, await gateway.operator.post('/v1/organisations/den-sau/prefixes', { prefix: '9520003' }));
    expect(await seenBy(late)).toEqual([reference]);
  });

  it('a report that is not there is refused like another\'s', async () => {
    const others = await file(`/01/${OTHER_TEA}`);
    for (const reference of [others, 'BC-7QK2M9ZD4XWA', 'x', '..%2f', `${others}%00`]) {
      const answer = await maker.get(`${list}/${reference}`);
      expect([reference, answer.status, answer.body['code']]).toEqual([reference, 404, 'REPORT_UNKNOWN']);
    }
  });
});

describe('a contact', () => {
  it('is shown to an authority whose key may see contacts, to nobody else, and goes when it deletes it', async () => {
    const reference = await file(serialKeyOf(TEA, 'AAA'), { contact: CANARY });
    expect(mustBe(200, await authority.get(`${list}/${reference}`)).body['contact']).toBe(CANARY);
    for (const caller of [maker, plainAuthority]) {
      expect(mustBe(200, await caller.get(`${list}/${reference}`)).text).not.toContain(CANARY);
      expect(mustBe(200, await caller.get(list)).text).not.toContain(CANARY);
      const refused = await caller.delete(`${list}/${reference}/contact`);
      expect([refused.status, refused.body['fields']]).toEqual([403, { scope: 'citizen-contacts:write' }]);
    }
    expect(mustBe(200, await authority.delete(`${list}/${reference}/contact`)).body).not.toHaveProperty('contact');
    expect(mustBe(200, await authority.get(`${list}/${reference}`)).body).not.toHaveProperty('contact');
    expect((await authority.delete(`${list}/${reference}/contact`)).status).toBe(200);
    expect((await authority.delete(`${list}/BC-7QK2M9ZD4XWA/contact`)).body['code']).toBe('REPORT_UNKNOWN');
    expect((await gateway.operator.post('/v1/organisations/che-shan/api-keys', { label: 'x', scopes: ['citizen-contacts:write'] })).body).toMatchObject({ code: 'FIELD_WRONG_VALUE', field: 'scopes' });
  });

  it('reaches neither the ledger nor its copy, nor any public answer (D12)', async () => {
    const item = serialKeyOf(TEA, 'AAA');
    await file(item, { contact: CANARY, text: 'canary-text' });
    expect((await gateway.call({ url: `/v1/public/items?key=${item}` })).text).not.toContain('canary');
    expect((await gateway.call({ url: `/v1/public/receipts?key=${item}` })).text).not.toContain(Buffer.from('canary').toString('base64').slice(0, 7));
    let files = 0;
    for (const folder of ['ledger', 'gateway/outbox', 'gateway/read-model']) {
      for (const name of await readdir(join(gateway.folder, folder), { recursive: true })) {
        const bytes = await readFile(join(gateway.folder, folder, name)).catch(() => Buffer.alloc(0)); // a folder
        files += bytes.length === 0 ? 0 : 1;
        expect([name, bytes.includes('canary')]).toEqual([name, false]);
      }
    }
    expect(files).toBeGreaterThan(5);
  });
});

describe('seeing to a report', () => {
  it('is noted once for each organisation; an enterprise does not learn that an authority is at work', async () => {
    const reference = await file(serialKeyOf(TEA, 'AAA'));
    const handling = `${list}/${reference}/handling`;
    mustBe(200, await authority.post(handling, { note: 'Đã lập biên bản\nvà niêm phong.' }));
    expect(mustBe(200, await maker.get(`${list}/${reference}`)).body['handlings']).toEqual([]);
    mustBe(200, await maker.post(handling, { note: 'Đã đổi hàng' }));
    expect(mustBe(200, await maker.get(`${list}/${reference}`)).body['handlings']).toEqual([{ by: 'che-shan', at: expect.stringMatching(/Z$/), note: 'Đã đổi hàng' }]);
    const all = mustBe(200, await otherAuthority.get(`${list}/${reference}`)).body['handlings'] as { by: string }[];
    expect(all.map(({ by }) => by)).toEqual(['che-shan', 'chi-cuc']);
    const again = await maker.post(handling, { note: 'Lần nữa' });
    expect([again.status, again.body['code'], again.body['fields']]).toEqual([409, 'REPORT_ALREADY_HANDLED', { report: reference }]);
  });

  it('with an idempotency key has one effect, and another body is refused', async () => {
    const handling = `${list}/${await file(serialKeyOf(TEA, 'AAA'))}/handling`;
    const key = { 'idempotency-key': 'handle-1' };
    const first = mustBe(200, await maker.post(handling, { note: 'x' }, key));
    expect(mustBe(200, await maker.post(handling, { note: 'x' }, key)).body).toEqual(first.body);
    expect((await maker.post(handling, { note: 'y' }, key)).body).toMatchObject({ status: 409, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it.each([[{}, 'FIELD_MISSING', 'note'], [{ note: '' }, 'FIELD_WRONG_VALUE', 'note'], [{ note: 'a\u202eb' }, 'TEXT_NOT_PLAIN', 'note'], [{ note: 'x', by: 'me' }, 'FIELD_UNKNOWN', 'by']])('%j is refused', async (body, code, field) => {
    const answer = await authority.post(`${list}/${await file(`/01/${OTHER_TEA}`)}/handling`, body);
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([400, code, field]);
  });
});

describe('the list', () => {
  const gtin = '09520001000027';
  let references: string[];
  let middle: string;

  beforeAll(async () => {
    references = [];
    for (const lot of ['A', 'B', 'A', 'B', 'A']) {
      if (references.length === 2) middle = new Date(clock.now() + 1).toISOString(); // what arrived in this very millisecond is before it
      references.unshift(await file(`/01/${gtin}/10/${lot}`));
    }
  });

  it('comes in pages without gap or repetition, also while reports arrive', async () => {
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const page = mustBe(200, await maker.get(`${list}?gtin=${gtin}&limit=2${next === undefined ? '' : `&after=${next}`}`));
      seen.push(...referencesOf(page));
      next = page.body['next'] as string | undefined;
      await file(`/01/${OTHER_TEA}`);
    } while (next !== undefined);
    expect(seen).toEqual(references);
    const whole: string[] = [];
    do {
      const page = mustBe(200, await maker.get(`${list}?limit=3${next === undefined ? '' : `&after=${next}`}`));
      whole.push(...referencesOf(page));
      next = page.body['next'] as string | undefined;
    } while (next !== undefined);
    expect(whole).toEqual(await seenBy(maker, '?limit=1000'));
    expect(new Set(whole).size).toBe(whole.length);
  });

  it.each(['maker', 'authority'])('is filtered for the %s', async (who) => {
    const caller = who === 'maker' ? maker : authority;
    const [e, d, c, b, a] = references;
    expect(await seenBy(caller, `?gtin=${gtin}`)).toEqual([e, d, c, b, a]);
    expect(await seenBy(caller, `?gtin=${gtin.slice(1)}&lot=A`)).toEqual([e, c, a]);
    expect(await seenBy(caller, `?gtin=${gtin}&since=${middle}`)).toEqual([e, d, c]);
    const { receivedAt } = mustBe(200, await caller.get(`${list}/${d}`)).body;
    expect(await seenBy(caller, `?gtin=${gtin}&since=${String(receivedAt)}`)).toEqual([e, d]);
    expect(await seenBy(caller, `?gtin=${gtin}&since=${new Date(clock.now() + 1000).toISOString()}`)).toEqual([]);
    mustBe(200, await caller.post(`${list}/${c}/handling`, { note: 'x' }));
    expect(await seenBy(caller, `?gtin=${gtin}&open=no`)).toEqual([c]);
    expect(await seenBy(caller, `?gtin=${gtin}&open=yes`)).toEqual([e, d, b, a]);
  });

  it('of another\'s number is empty', async () => {
    expect(await seenBy(stranger, `?gtin=${gtin}`)).toEqual([]);
    expect(await seenBy(maker, `?gtin=${OTHER_TEA}`)).toEqual([]);
  });

  it('finds the lot of a serial whose label does not name it', async () => {
    const reference = await file(serialKeyOf(TEA, 'AAA'));
    expect(await seenBy(maker, `?gtin=${TEA}&lot=LO26-001`)).toContain(reference);
  });

  it.each([
    ['?gtin=9520000000012', 'GTIN_CHECK_DIGIT_WRONG', 'gtin'], ['?gtin=1', 'FIELD_WRONG_VALUE', 'gtin'], ['?lot=A', 'FIELD_MISSING', 'gtin'], [`?gtin=${gtin}&lot=..`, 'LOT_MALFORMED', 'lot'],
    ['?since=yesterday', 'FIELD_WRONG_VALUE', 'since'], ['?since=2026-02-30T00:00:00Z', 'FIELD_WRONG_VALUE', 'since'], ['?open=maybe', 'FIELD_WRONG_VALUE', 'open'], ['?after=x', 'FIELD_WRONG_VALUE', 'after'], ['?limit=0', 'FIELD_WRONG_VALUE', 'limit'], ['?reason=other', 'FIELD_UNKNOWN', 'reason'],
  ])('%s is refused', async (query, code, field) => {
    const answer = await maker.get(list + query);
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([400, code, field]);
  });
});

describe('after a restart', () => {
  it('reports, contacts, handlings and tokens are as they were', async () => {
    const first = await runGateway();
    const shan = await first.enrol('che-shan', 'enterprise', '15', '9520000');
    const office = await first.enrol('chi-cuc', 'authority', '01');
    const payload = JSON.stringify({ token: '0123456789abcdef', code: 'x', address: `/01/${TEA}`, reason: 'seal-broken', judged: 'product-registered', contact: '0900' });
    const post = async (to: RunningGateway): Promise<Answer> => to.call({ method: 'POST', url: '/v1/public/citizen-reports', headers: { 'content-type': 'application/json' }, payload });
    const filed = mustBe(201, await post(first)).body;
    mustBe(200, await shan.post(`${list}/${String(filed['reference'])}/handling`, { note: 'x' }));
    const before = mustBe(200, await office.get(list)).body;
    await first.close();

    const second = await runGateway({ folder: first.folder });
    expect(mustBe(201, await post(second)).body).toEqual(filed);
    expect(mustBe(200, await second.caller('chi-cuc', office.key).get(list)).body).toEqual(before);
    expect(before['reports']).toEqual([expect.objectContaining({ contact: '0900', handlings: [expect.objectContaining({ by: 'che-shan' })] })]);
    await second.remove();
  });
});
