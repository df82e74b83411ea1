/** Transactions signed by a firm's own key, on a real network: peers take its certificate and its signatures as they are. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { checkDigitOf } from '#domain/gs1/check-digit.js';
import { enrolKey, submitSigned, type CallGateway } from '../../gateway/offline-signing/offline-client.js';
import { mustBe, runGateway, type Caller, type RunningGateway } from '../gateway/app/running-gateway.js';
import { teaProduct } from '../gateway/app/sample-goods.js';
import { CommandNetwork } from './network-command.js';

let gateway: RunningGateway;
let maker: Caller;
let call: CallGateway;
/** A prefix that no other file on this network has. */
const prefix = `952${String(randomBytes(2).readUInt16BE(0) % 9000 + 1000)}`;

const gtin = (number: number): string => {
  const digits = `0${prefix}${String(number).padStart(5, '0')}`;
  return digits + checkDigitOf(digits);
};

beforeAll(async () => {
  const network = CommandNetwork.shared(inject('fabricFolder'), inject('fabricPortBase'));
  gateway = await runGateway({ env: { GATEWAY_FABRIC: network.folder.connection } });
  maker = await gateway.enrol(`tu-ky-${prefix}`, 'enterprise', '15', prefix);
  call = async (method, path, body, headers = {}) => mustBeFine(await (method === 'GET' ? maker.get(path) : maker.post(path, body, headers)));
});
afterAll(async () => gateway.remove());

function mustBeFine(answer: { status: number; body: Record<string, unknown>; text: string }): Record<string, unknown> {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
}

describe('a key that never was at the gateway', () => {
  test('is certified by its organisation\'s authority, and its transactions reach the ledger once', async () => {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const certificate = await enrolKey(call, key, 'kho-1');
    const product = { ...teaProduct, gtin: gtin(1) };
    const order = { key, certificate, transaction: 'goods:registerProduct', request: product, idempotencyKey: 'product-1' };
    const answer = await submitSigned(call, order);
    expect(answer).toMatchObject({ block: expect.stringMatching(/^\d+$/) as string });
    expect(await submitSigned(call, order)).toEqual(answer);
    expect(await submitSigned(call, { ...order, idempotencyKey: 'product-1-again' }).catch((error: Error) => error.message)).toContain('PRODUCT_ALREADY_REGISTERED');
    mustBe(200, await maker.get(`/v1/products/${product.gtin}`));
  });

  test('has a request prepared and endorsed once under its idempotency key, and refused another one under the same', async () => {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const certificate = await enrolKey(call, key, 'kho-3');
    const body = { certificate, transaction: 'goods:registerProduct', request: { ...teaProduct, gtin: gtin(3) } };
    const prepare = async (): Promise<Record<string, unknown>> => call('POST', '/v1/offline-transactions', body, { 'idempotency-key': 'product-3' });
    const [one, two] = await Promise.all([prepare(), prepare()]);
    expect(two).toEqual(one);
    const signed = ({ sign: bytes }: Record<string, unknown>): { signature: string } => ({ signature: sign('sha256', Buffer.from(String(bytes), 'base64'), key).toString('base64') });
    const path = `/v1/offline-transactions/${String(one['transactionId'])}`;
    const [endorsed, again] = await Promise.all([call('POST', `${path}/endorsement`, signed(one)), call('POST', `${path}/endorsement`, signed(one))]);
    // Endorsers' signatures are never the same twice.
    expect(again).toEqual(endorsed);
    const other = { ...body, request: { ...teaProduct, gtin: gtin(4) } };
    expect(await maker.post('/v1/offline-transactions', other, { 'idempotency-key': 'product-3' })).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const answer = await call('POST', `${path}/submission`, signed(endorsed));
    expect(answer).toMatchObject({ transactionId: one['transactionId'], block: expect.stringMatching(/^\d+$/) as string });
    expect(await prepare()).toEqual(answer);
  });

  test('is refused by the peers when the certificate is another\'s', async () => {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const certificate = await enrolKey(call, key, 'kho-2');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const order = { key: other, certificate, transaction: 'goods:registerProduct', request: { ...teaProduct, gtin: gtin(2) } };
    await expect(submitSigned(call, order)).rejects.toThrow('SIGNATURE_WRONG');
  });
});
