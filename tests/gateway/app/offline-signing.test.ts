import { createPrivateKey, generateKeyPairSync, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import { TRANSACTIONS, type TransactionName } from '#domain/transactions.js';
import { systemClock, type Clock } from '../../../gateway/ledger/clock.js';
import { certificationRequest } from '../../../gateway/offline-signing/certification-request.js';
import { enrolKey, submitSigned, UnexpectedContent, type CallGateway, type OfflineOrder } from '../../../gateway/offline-signing/offline-client.js';
import { SCOPE_OF_TRANSACTION } from '../../../gateway/tenants/transaction-scopes.js';
import { createAuthority } from '../../../network/enrolment/authority.js';
import { mustBe, runGateway, type Answer, type Caller, type RunningGateway } from './running-gateway.js';
import { TEA, teaLot, teaProduct } from './sample-goods.js';

let late = 0;
const clock: Clock = { ...systemClock, now: () => systemClock.now() + late };

let gateway: RunningGateway;
let maker: Caller;
let rival: Caller;
let key: KeyObject;
let certificate: string;

beforeAll(async () => {
  gateway = await runGateway({ clock });
  maker = await gateway.enrol('che-shan', 'enterprise', '15', '9520000');
  rival = await gateway.enrol('doi-thu', 'enterprise', '15', '9521111');
  key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  certificate = await enrolKey(calling(maker), key, 'kho-1');
});
afterAll(async () => gateway.remove());

/** The client's way to a gateway that does not listen; what it is told last can be changed on the way. */
const calling = (caller: Caller, forge: (answer: Record<string, unknown>, path: string) => Record<string, unknown> = (answer) => answer): CallGateway => async (method, path, body, headers = {}) => {
  const answer = await (method === 'GET' ? caller.get(path) : caller.post(path, body, headers));
  if (answer.status >= 300) throw new Error(`${answer.status} ${String(answer.body['code'])}`, { cause: answer.body });
  return forge(answer.body, path);
};

const order = (lot: string, change: Partial<OfflineOrder> = {}): OfflineOrder => ({ key, certificate, transaction: 'goods:openLot', request: { ...teaLot, gtin: TEA, lot }, ...change });

/** The code of the refusal. */
async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('was accepted'), (error: Error) => (error.cause as { code?: unknown } | undefined)?.code ?? error.message);
}

async function proposed(request: Record<string, unknown> = { ...teaLot, gtin: TEA, lot: 'P1' }, by: Caller = maker, transaction = 'goods:openLot'): Promise<{ id: string; sign: Buffer }> {
  const { body } = mustBe(201, await by.post('/v1/offline-transactions', { certificate, transaction, request }));
  return { id: String(body['transactionId']), sign: Buffer.from(String(body['sign']), 'base64') };
}

const signed = (bytes: Uint8Array, by: KeyObject = key): string => sign('sha256', bytes, by).toString('base64');

describe('a key of one\'s own', () => {
  it('gets a certificate in the organisation\'s name, whatever the request says, and stands in the list', async () => {
    const parsed = new X509Certificate(certificate);
    expect(parsed.subject.split('\n').slice(0, 2)).toEqual(['O=IndustryMSP', 'OU=client']);
    expect(parsed.subject.split('\n')[2]).toMatch(/^CN=enterprise\.che-shan\.[2-9A-HJ-NP-Z]{12}$/);
    expect(parsed.publicKey.equals(createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' })))).toBe(false);
    expect(parsed.checkPrivateKey(key)).toBe(true);
    const { body } = mustBe(200, await maker.get('/v1/own-keys'));
    expect(body).toMatchObject({ keeper: 'gateway', certificates: [{ serial: parsed.serialNumber.toLowerCase(), role: 'enterprise', mspId: 'IndustryMSP' }] });
    expect(mustBe(200, await rival.get('/v1/own-keys')).body).toEqual({ keeper: 'gateway', certificates: [] });
  });

  it.each<[string, () => Record<string, unknown>, number, string]>([
    ['a role that its type has not', () => ({ request: certificationRequest(key, 'x'), role: 'inspector' }), 400, 'FIELD_WRONG_VALUE'],
    ['no request', () => ({ request: 'PEM' }), 400, 'CERTIFICATION_REQUEST_WRONG'],
    ['a certificate in its place', () => ({ request: certificate }), 400, 'CERTIFICATION_REQUEST_WRONG'],
    ['a request with a bit changed', () => ({ request: withLastBitChanged(certificationRequest(key, 'x')) }), 400, 'CERTIFICATION_REQUEST_WRONG'],
  ])('is not certified for %s', async (_name, body, status, code) => {
    expect(await maker.post('/v1/own-keys', body())).toMatchObject({ status, body: { code } });
  });
});

describe('a transaction signed outside', () => {
  it('reaches the ledger in the organisation\'s name, and is read back', async () => {
    mustBe(201, await maker.post('/v1/products', teaProduct));
    const answer = await submitSigned(calling(maker), order('O1'));
    expect(answer).toMatchObject({ item: `/01/${TEA}/10/O1`, block: expect.stringMatching(/^\d+$/) as string });
    mustBe(200, await maker.get(`/v1/products/${TEA}/lots/O1`));
    expect(mustBe(200, await maker.get(`/v1/transactions/${String(answer['transactionId'])}`)).body['status']).toBe('committed');
  });

  it('is repeated under its idempotency key without a second effect, by whatever transaction', async () => {
    const first = await submitSigned(calling(maker), order('O2', { idempotencyKey: 'o2' }));
    expect(await codeOf(submitSigned(calling(maker), order('O2')))).toBe('LOT_ALREADY_OPENED');
    const [one, two] = [order('O3', { idempotencyKey: 'o3' }), order('O3', { idempotencyKey: 'o3' })];
    const answers = await Promise.all([submitSigned(calling(maker), one), submitSigned(calling(maker), two)]);
    expect(answers[0]?.['transactionId']).toBe(answers[1]?.['transactionId']);
    expect(first['transactionId']).not.toBe(answers[0]?.['transactionId']);
    expect(await codeOf(submitSigned(calling(maker), order('O4', { idempotencyKey: 'o3' })))).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('is one transaction, however often its last signature is handed in', async () => {
    const { id, sign: proposal } = await proposed({ ...teaLot, gtin: TEA, lot: 'O5' });
    const { body } = mustBe(200, await maker.post(`/v1/offline-transactions/${id}/endorsement`, { signature: signed(proposal) }));
    expect(body).toMatchObject({ transactionId: id, result: { item: `/01/${TEA}/10/O5` } });
    expect(mustBe(200, await maker.post(`/v1/offline-transactions/${id}/endorsement`, { signature: signed(proposal) })).body).toEqual(body);
    const signature = signed(Buffer.from(String(body['sign']), 'base64'));
    const submit = async (): Promise<unknown> => mustBe(200, await maker.post(`/v1/offline-transactions/${id}/submission`, { signature })).body;
    const [first, second] = await Promise.all([submit(), submit()]);
    expect(first).toMatchObject({ transactionId: id });
    expect(second).toEqual(first);
    expect(await submit()).toEqual(first);
  });

  it('that loses a race is a conflict, for its owner to sign anew, under the same key if it has one', async () => {
    const ready: { id: string; signature: string }[] = [];
    for (let n = 0; n < 2; n++) {
      const { id, sign: proposal } = await proposed({ gtin: TEA, lot: 'O1', reason: `Thử ${n}`, instruction: 'Trả lại' }, maker, 'goods:suspendLot');
      const { body } = mustBe(200, await maker.post(`/v1/offline-transactions/${id}/endorsement`, { signature: signed(proposal) }));
      ready.push({ id, signature: signed(Buffer.from(String(body['sign']), 'base64')) });
    }
    const answers = await Promise.all(ready.map(async ({ id, signature }, n) => maker.post(`/v1/offline-transactions/${id}/submission`, { signature }, { 'idempotency-key': `race-${n}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const lost = answers.findIndex(({ status }) => status === 409);
    expect(answers[lost]?.body).toMatchObject({ code: 'LEDGER_CONFLICT', fields: { code: 'MVCC_READ_CONFLICT' } });
    mustBe(200, await maker.post(`/v1/products/${TEA}/lots/O1/suspension-end`, { reason: 'x' }));
    const again = { transaction: 'goods:suspendLot', request: { gtin: TEA, lot: 'O1', reason: `Thử ${lost}`, instruction: 'Trả lại' }, idempotencyKey: `race-${lost}` };
    expect(await submitSigned(calling(maker), order('O1', again))).toMatchObject({ block: expect.any(String) as string });
  });
});

describe('a request prepared under an idempotency key', () => {
  const asked = (lot: string, change: Record<string, unknown> = {}): Record<string, unknown> => ({ certificate, transaction: 'goods:openLot', request: { ...teaLot, gtin: TEA, lot }, ...change });
  const prepare = async (idempotencyKey: string, body: Record<string, unknown>, by: Caller = maker): Promise<Answer> => by.post('/v1/offline-transactions', body, { 'idempotency-key': idempotencyKey });
  const handIn = async (step: 'endorsement' | 'submission', { body }: Answer, { by = maker, headers = {} }: { by?: Caller; headers?: Record<string, string> } = {}): Promise<Answer> => (
    by.post(`/v1/offline-transactions/${String(body['transactionId'])}/${step}`, { signature: signed(Buffer.from(String(body['sign']), 'base64')) }, headers));
  const endorsedOf = async (prepared: Answer, by: Caller = maker): Promise<Answer> => mustBe(200, await handIn('endorsement', prepared, { by }));

  it('is prepared once and endorsed once, however often and at once it is asked', async () => {
    const [one, two] = await Promise.all([prepare('k1', asked('K1')), prepare('k1', asked('K1'))]);
    expect(mustBe(201, two).body).toEqual(mustBe(201, one).body);
    const endorsements = await Promise.all([endorsedOf(one), endorsedOf(two)]);
    // Endorsers' signatures are never the same twice.
    expect(endorsements[1].body).toEqual(endorsements[0].body);
    expect(mustBe(201, await prepare('k1', asked('K1'))).body).toEqual(one.body);
    expect((await endorsedOf(one)).body).toEqual(endorsements[0].body);
  });

  it('is answered with what became of it, once it was submitted, with or without naming the key again', async () => {
    for (const [name, headers] of [['k2', {}], ['k3', { 'idempotency-key': 'k3' }]] as const) {
      const lot = name.toUpperCase();
      const { body } = mustBe(200, await handIn('submission', await endorsedOf(await prepare(name, asked(lot))), { headers }));
      expect(body).toMatchObject({ item: `/01/${TEA}/10/${lot}`, block: expect.stringMatching(/^\d+$/) as string });
      expect(mustBe(200, await prepare(name, asked(lot))).body).toEqual(body);
      expect(await submitSigned(calling(maker), order(lot, { idempotencyKey: name }))).toEqual(body);
      expect(await prepare(name, asked('K4'))).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    }
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['another lot', () => asked('K6')],
    ['another transaction', () => asked('K5', { transaction: 'goods:suspendLot' })],
  ])('is a conflict with %s under the same key, and goes on itself', async (_name, other) => {
    const first = mustBe(201, await prepare('k5', asked('K5')));
    expect(await prepare('k5', other())).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED', field: 'Idempotency-Key' } });
    expect(mustBe(201, await prepare('k5', asked('K5'))).body).toEqual(first.body);
  });

  it('is submitted under no other key than it was prepared under', async () => {
    const endorsed = await endorsedOf(await prepare('k7', asked('K7')));
    expect(await handIn('submission', endorsed, { headers: { 'idempotency-key': 'k8' } })).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    mustBe(200, await handIn('submission', endorsed));
  });

  it('is prepared anew in the name of another certificate, and the earlier one is gone', async () => {
    const first = mustBe(201, await prepare('k9', asked('K9')));
    const other = await enrolKey(calling(maker), key, 'kho-9');
    const second = mustBe(201, await prepare('k9', asked('K9', { certificate: other })));
    expect(second.body['transactionId']).not.toBe(first.body['transactionId']);
    expect(await handIn('endorsement', first)).toMatchObject({ status: 404, body: { code: 'OFFLINE_TRANSACTION_UNKNOWN' } });
    const { body } = mustBe(200, await handIn('submission', await endorsedOf(second)));
    // What is on the ledger is the answer whichever certificate asks.
    expect(mustBe(200, await prepare('k9', asked('K9'))).body).toEqual(body);
  });

  it('is another\'s where another organisation uses the same key', async () => {
    const mine = mustBe(201, await prepare('k10', asked('K10')));
    const rivals = await enrolKey(calling(rival), key, 'x');
    const theirs = mustBe(201, await prepare('k10', asked('K10', { certificate: rivals }), rival));
    expect(theirs.body['transactionId']).not.toBe(mine.body['transactionId']);
  });

  it('is prepared anew when its time is over, or when it lost a conflict', async () => {
    const first = mustBe(201, await prepare('k11', asked('K11')));
    late = 10 * 60_000;
    const second = mustBe(201, await prepare('k11', asked('K11')));
    late = 0;
    expect(second.body['transactionId']).not.toBe(first.body['transactionId']);
    mustBe(200, await handIn('submission', await endorsedOf(second)));
    const suspending = (reason: string): Record<string, unknown> => ({ certificate, transaction: 'goods:suspendLot', request: { gtin: TEA, lot: 'K11', reason, instruction: 'Trả lại' } });
    const ready = [await endorsedOf(await prepare('k12', suspending('Một'))), await endorsedOf(await prepare('k13', suspending('Hai')))];
    const answers = await Promise.all(ready.map(async (one) => handIn('submission', one)));
    const lost = answers.findIndex(({ status }) => status === 409);
    mustBe(200, await maker.post(`/v1/products/${TEA}/lots/K11/suspension-end`, { reason: 'x' }));
    const [name, body] = lost === 0 ? ['k12', suspending('Một')] as const : ['k13', suspending('Hai')] as const;
    const again = mustBe(201, await prepare(name, body));
    expect(again.body['transactionId']).not.toBe(ready[lost]?.body['transactionId']);
    expect(mustBe(201, await prepare(name, body)).body).toEqual(again.body);
    const { body: told } = mustBe(200, await handIn('submission', await endorsedOf(again)));
    expect(mustBe(200, await prepare(name, body)).body).toEqual(told);
  });

  it('refuses a key that is none', async () => {
    expect(await prepare('a key', asked('K14'))).toMatchObject({ status: 400, body: { code: 'IDEMPOTENCY_KEY_WRONG' } });
  });

  it('is found again after a restart, at every step', async () => {
    const gtin = (number: number): string => `095233330000${number}${checkDigitOf(`095233330000${number}`)}`;
    const first = await runGateway();
    const mine = await first.enrol('tu-ky', 'enterprise', '15', '9523333');
    const product = { ...teaProduct, gtin: gtin(1) };
    const body = { certificate: await enrolKey(calling(mine), key, 'x'), transaction: 'goods:registerProduct', request: product };
    const prepared = mustBe(201, await prepare('k15', body, mine));
    const unkeyed = mustBe(201, await mine.post('/v1/offline-transactions', { ...body, request: { ...product, gtin: gtin(2) } }));
    const restarted = async (before: RunningGateway): Promise<RunningGateway> => {
      await before.close();
      return runGateway({ folder: first.folder, operatorKey: first.operator.key });
    };
    const second = await restarted(first);
    let by = second.caller('tu-ky', mine.key);
    expect(mustBe(201, await prepare('k15', body, by)).body).toEqual(prepared.body);
    const endorsed = await endorsedOf(prepared, by);
    const third = await restarted(second);
    by = third.caller('tu-ky', mine.key);
    expect((await endorsedOf(prepared, by)).body).toEqual(endorsed.body);
    expect(await prepare('k15', { ...body, request: { ...product, brand: 'Khác' } }, by)).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const submitted = mustBe(200, await handIn('submission', endorsed, { by }));
    mustBe(200, await handIn('submission', await endorsedOf(unkeyed, by), { by }));
    const fourth = await restarted(third);
    by = fourth.caller('tu-ky', mine.key);
    expect(mustBe(200, await prepare('k15', body, by)).body).toEqual(submitted.body);
    // Its bytes are given up by now; whoever hands in the last signature again is told the same.
    expect(mustBe(200, await handIn('submission', endorsed, { by })).body).toEqual(submitted.body);
    expect(await handIn('submission', endorsed, { by, headers: { 'idempotency-key': 'k16' } })).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    await fourth.remove();
  });
});

describe('refused', () => {
  it.each<[string, () => Promise<Record<string, unknown>>, number, string]>([
    ['a certificate of another organisation', async () => ({ certificate: await enrolKey(calling(rival), key, 'x') }), 403, 'CERTIFICATE_OF_ANOTHER'],
    ['a certificate that no member\'s authority made', async () => {
      const stranger = await createAuthority({ mspId: 'IndustryMSP', commonName: 'ca.IndustryMSP' });
      return { certificate: (await stranger.enrol({ commonName: 'x', role: 'client', attributes: { role: 'enterprise', org: 'che-shan' } })).certificatePem };
    }, 422, 'CERTIFICATE_UNTRUSTED'],
    ['no certificate', async () => ({ certificate: 'PEM' }), 400, 'CERTIFICATE_MALFORMED'],
    ['a transaction that its role may not call', async () => ({ transaction: 'registry:registerOrganisation' }), 403, 'CALLER_NOT_ALLOWED'],
    ['a transaction that only reads', async () => ({ transaction: 'goods:readItem' }), 400, 'FIELD_WRONG_VALUE'],
    ['a transaction that does not exist', async () => ({ transaction: 'goods:steal' }), 400, 'FIELD_WRONG_VALUE'],
    ['a request with a fraction', async () => ({ request: { count: 1.5 } }), 400, 'FIELD_WRONG_VALUE'],
    ['a request that is a list', async () => ({ request: [] }), 400, 'FIELD_WRONG_TYPE'],
    ['more than that', async () => ({ more: 'x' }), 400, 'FIELD_UNKNOWN'],
  ])('a proposal with %s', async (_name, change, status, code) => {
    const body = { certificate, transaction: 'goods:openLot', request: { ...teaLot, gtin: TEA, lot: 'R1' }, ...await change() };
    expect(await maker.post('/v1/offline-transactions', body)).toMatchObject({ status, body: { code } });
  });

  it('a key without the scope', async () => {
    const { body } = mustBe(201, await gateway.operator.post('/v1/organisations/che-shan/api-keys', { label: 'x', scopes: ['goods:read'] }));
    const reader = gateway.caller('che-shan', String(body['text']));
    expect(await reader.post('/v1/offline-transactions', {})).toMatchObject({ status: 403, body: { code: 'SCOPE_MISSING' } });
  });

  describe('a key that has not the transaction\'s own scope', () => {
    const keyOf = async (organisation: string, scopes: readonly string[]): Promise<Caller> => {
      const { body } = mustBe(201, await gateway.operator.post(`/v1/organisations/${organisation}/api-keys`, { label: 'x', scopes }));
      return gateway.caller(organisation, String(body['text']));
    };

    it('for every transaction, and for each step of a capture', async () => {
      const signer = await keyOf('che-shan', ['signing:write', 'goods:write']);
      const refusalOf = async (transaction: string, request: Record<string, unknown>): Promise<unknown> => {
        const { status, body } = await signer.post('/v1/offline-transactions', { certificate, transaction, request });
        return status === 403 && body['code'] === 'SCOPE_MISSING' ? body['fields'] : undefined;
      };
      for (const [transaction, scope] of Object.entries(SCOPE_OF_TRANSACTION)) {
        const expected = scope === 'goods:write' ? undefined : { scope };
        const { roles }: { roles: readonly string[] } = TRANSACTIONS[transaction as TransactionName];
        if (roles.includes('enterprise')) expect(await refusalOf(transaction, {}), transaction).toEqual(expected);
        expect(await refusalOf('goods:capture', { steps: [{ transaction: 'goods:ship', request: {} }, { transaction, request: {} }] }), transaction).toEqual(expected);
      }
      for (const steps of [[], 'none', [null], [{ transaction: 'toString' }], [{ transaction: 'goods:ship' }]]) expect(await refusalOf('goods:capture', { steps })).toBeUndefined();
    });

    it('at each step: what one key had prepared, another one does not carry on', async () => {
      const signer = await keyOf('che-shan', ['signing:write']);
      const { id, sign: proposal } = await proposed({ ...teaLot, gtin: TEA, lot: 'R5' });
      const missing = { status: 403, body: { code: 'SCOPE_MISSING', fields: { scope: 'products:write' } } };
      expect(await signer.post(`/v1/offline-transactions/${id}/endorsement`, { signature: signed(proposal) })).toMatchObject(missing);
      const { body } = mustBe(200, await maker.post(`/v1/offline-transactions/${id}/endorsement`, { signature: signed(proposal) }));
      const last = { signature: signed(Buffer.from(String(body['sign']), 'base64')) };
      expect(await signer.post(`/v1/offline-transactions/${id}/submission`, last)).toMatchObject(missing);
      mustBe(200, await maker.post(`/v1/offline-transactions/${id}/submission`, last));
    });
  });

  it.each<[string, (bytes: Buffer) => string, number, string]>([
    ['somebody else\'s', (bytes) => signed(bytes, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), 422, 'SIGNATURE_WRONG'],
    ['of something else', () => signed(Buffer.from('something else')), 422, 'SIGNATURE_WRONG'],
    ['that is none', () => 'AAAA', 400, 'SIGNATURE_MALFORMED'],
    ['that is no base64', () => '***', 400, 'SIGNATURE_MALFORMED'],
  ])('a signature %s, at both steps', async (_name, make, status, code) => {
    const { id, sign: proposal } = await proposed({ ...teaLot, gtin: TEA, lot: 'R2' });
    expect(await maker.post(`/v1/offline-transactions/${id}/endorsement`, { signature: make(proposal) })).toMatchObject({ status, body: { code } });
    const { body } = mustBe(200, await maker.post(`/v1/offline-transactions/${id}/endorsement`, { signature: signed(proposal) }));
    expect(await maker.post(`/v1/offline-transactions/${id}/submission`, { signature: make(Buffer.from(String(body['sign']), 'base64')) })).toMatchObject({ status, body: { code } });
    expect(await maker.post(`/v1/offline-transactions/${id}/submission`, { signature: signed(proposal) })).toMatchObject({ status: 422, body: { code: 'SIGNATURE_WRONG' } });
  });

  it('a step out of order, another\'s transaction, one that never was, one whose time is over', async () => {
    const { id, sign: proposal } = await proposed({ ...teaLot, gtin: TEA, lot: 'R3' });
    const signature = signed(proposal);
    expect(await maker.post(`/v1/offline-transactions/${id}/submission`, { signature })).toMatchObject({ status: 409, body: { code: 'OFFLINE_TRANSACTION_NOT_ENDORSED' } });
    expect(await rival.post(`/v1/offline-transactions/${id}/endorsement`, { signature })).toMatchObject({ status: 404, body: { code: 'OFFLINE_TRANSACTION_UNKNOWN' } });
    expect(await maker.post(`/v1/offline-transactions/${'ab'.repeat(32)}/endorsement`, { signature })).toMatchObject({ status: 404, body: { code: 'OFFLINE_TRANSACTION_UNKNOWN' } });
    late = 10 * 60_000;
    const answer = await maker.post(`/v1/offline-transactions/${id}/endorsement`, { signature });
    late = 0;
    expect(answer).toMatchObject({ status: 404, body: { code: 'OFFLINE_TRANSACTION_UNKNOWN' } });
  });

  it('what the contract refuses, when it is endorsed', async () => {
    const { id, sign: proposal } = await proposed({ ...teaLot, gtin: '09529999999993', lot: 'R4' });
    expect(await maker.post(`/v1/offline-transactions/${id}/endorsement`, { signature: signed(proposal) })).toMatchObject({ status: 404, body: { code: 'PRODUCT_UNKNOWN' } });
  });

  it('more than may wait to be signed', async () => {
    const { certificate: other } = (await rival.post('/v1/own-keys', { request: certificationRequest(key, 'x') })).body;
    const propose = async (): Promise<number> => (await rival.post('/v1/offline-transactions', { certificate: other, transaction: 'goods:openLot', request: { ...teaLot, gtin: TEA } })).status;
    const statuses = [];
    for (let n = 0; n < 201; n++) statuses.push(await propose());
    expect([statuses.filter((status) => status === 201).length, statuses.at(-1)]).toEqual([200, 429]);
    late = 10 * 60_000;
    expect(await propose()).toBe(201);
    late = 0;
  });
});

describe('the firm\'s client', () => {
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['another call', (bytes) => replaced(bytes, 'goods:openLot', 'goods:endLots')],
    ['other arguments', (bytes) => replaced(bytes, '"lot":"C1"', '"lot":"C2"')],
    ['no transaction at all', () => Buffer.from([0xff, 0xff])],
  ])('signs nothing that says %s, at either step', async (_name, forge) => {
    for (const step of ['/v1/offline-transactions', '/endorsement']) {
      const lying = calling(maker, (answer, path) => (path.endsWith(step) ? { ...answer, sign: forge(Buffer.from(String(answer['sign']), 'base64')).toString('base64') } : answer));
      await expect(submitSigned(lying, order('C1'))).rejects.toThrow();
    }
  });

  it('signs nothing for another channel or chaincode, wherever the bytes name it', async () => {
    const { sign: proposal } = await proposed({ ...teaLot, gtin: TEA, lot: 'C5' });
    const places = placesOf(proposal, 'minhchung');
    // The channel, the chaincode in the header's extension, and the one in the invocation.
    expect(places).toHaveLength(3);
    for (const at of places) {
      const forge = (bytes: Buffer): Buffer => {
        bytes.write('minhchunh', at);
        return bytes;
      };
      const lying = calling(maker, (answer) => ({ ...answer, sign: forge(Buffer.from(String(answer['sign']), 'base64')).toString('base64') }));
      await expect(submitSigned(lying, order('C5'))).rejects.toThrow('the bytes are for another channel or chaincode');
    }
  });

  it('signs nothing in another name, nor of another transaction', async () => {
    const other = await enrolKey(calling(maker), key, 'kho-2');
    const asked: CallGateway = async (method, path, body, headers) => calling(maker)(method, path, path === '/v1/offline-transactions' ? { ...(body as object), certificate: other } : body, headers);
    await expect(submitSigned(asked, order('C3'))).rejects.toThrow(UnexpectedContent);
    const renamed = calling(maker, (answer, path) => (path === '/v1/offline-transactions' ? { ...answer, transactionId: 'ab'.repeat(32) } : answer));
    await expect(submitSigned(renamed, order('C4'))).rejects.toThrow(UnexpectedContent);
  });
});

describe('an organisation that keeps its keys itself', () => {
  const file = (): string => join(gateway.folder, 'gateway/identities/tu-giu/enterprise.pem');

  it('has none at the gateway any longer, which signs nothing for it, also after a restart; and it signs by itself', async () => {
    const own = await gateway.enrol('tu-giu', 'enterprise', '15', '9522222');
    expect(existsSync(file())).toBe(true);
    const mine = await enrolKey(calling(own), key, 'x');
    expect(mustBe(200, await gateway.call({ method: 'PUT', url: '/v1/own-keys/custody', headers: { authorization: `Bearer ${own.key}`, 'content-type': 'application/json' }, payload: '{"keeper":"own"}' })).body).toEqual({ keeper: 'own' });
    expect(existsSync(file())).toBe(false);
    const product = { ...teaProduct, gtin: '09522222000015' };
    expect(await own.post('/v1/products', product)).toMatchObject({ status: 422, body: { code: 'KEY_HELD_ELSEWHERE', fields: { organisation: 'tu-giu' } } });
    mustBe(201, await gateway.operator.post('/v1/organisations/tu-giu/api-keys', { label: 'one more' }));
    expect(existsSync(file())).toBe(false);
    const answer = await submitSigned(calling(own), { key, certificate: mine, transaction: 'goods:registerProduct', request: product });
    expect(answer).toMatchObject({ block: expect.any(String) as string });

    await gateway.close();
    const again = await runGateway({ folder: gateway.folder, operatorKey: gateway.operator.key });
    const later = again.caller('tu-giu', own.key);
    expect(await later.post('/v1/products', product)).toMatchObject({ status: 422, body: { code: 'KEY_HELD_ELSEWHERE' } });
    expect(mustBe(200, await later.get('/v1/own-keys')).body).toMatchObject({ keeper: 'own', certificates: [{ role: 'enterprise' }] });
    mustBe(200, await again.call({ method: 'PUT', url: '/v1/own-keys/custody', headers: { authorization: `Bearer ${own.key}`, 'content-type': 'application/json' }, payload: '{"keeper":"gateway"}' }));
    expect((await later.post('/v1/products', product)).body['code']).toBe('PRODUCT_ALREADY_REGISTERED');
    await again.close();
  });
});

function withLastBitChanged(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64');
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  return `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
}

function placesOf(bytes: Buffer, word: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(word); at !== -1; at = bytes.indexOf(word, at + 1)) places.push(at);
  return places;
}

function replaced(bytes: Buffer, from: string, to: string): Buffer {
  const out = Buffer.from(bytes);
  const at = out.indexOf(from);
  if (at === -1) throw new Error(`${from} is not there`);
  out.write(to, at);
  return out;
}
