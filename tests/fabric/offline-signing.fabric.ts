/** Transactions signed by a firm's own key, on a real network: peers take its certificate and its signatures as they are. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
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
    expect(await submitSigned(call, order).catch((error: Error) => error.message)).toContain('PRODUCT_ALREADY_REGISTERED');
    mustBe(200, await maker.get(`/v1/products/${product.gtin}`));
  });

  test('is refused by the peers when the certificate is another\'s', async () => {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const certificate = await enrolKey(call, key, 'kho-2');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const order = { key: other, certificate, transaction: 'goods:registerProduct', request: { ...teaProduct, gtin: gtin(2) } };
    await expect(submitSigned(call, order)).rejects.toThrow('SIGNATURE_WRONG');
  });
});
