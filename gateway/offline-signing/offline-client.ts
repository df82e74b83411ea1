/** The firm's side: asks the gateway for bytes, looks at them, signs them with a key that never leaves this process. */
import { sign, X509Certificate, type KeyObject } from 'node:crypto';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { CHAINCODE, CHANNEL } from '#domain/transactions.js';
import { certificationRequest } from './certification-request.js';
import { callOfProposal, callOfTransaction, type SignedCall } from './signed-content.js';

type Answer = Readonly<Record<string, unknown>>;

/** Calls the enterprise API. */
export type CallGateway = (method: 'POST' | 'GET', path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>;

/** The gateway asked for a signature under something else than what was to be done. */
export class UnexpectedContent extends Error {
  override readonly name = 'UnexpectedContent';
}

/**
 * Has a certificate made for a key.
 *
 * @param role of those that the organisation has; its first where absent
 * @returns PEM
 */
export async function enrolKey(call: CallGateway, key: KeyObject, name: string, role?: string): Promise<string> {
  const { certificate } = await call('POST', '/v1/own-keys', { request: certificationRequest(key, name), ...(role === undefined ? {} : { role }) });
  return String(certificate);
}

export interface OfflineOrder {
  readonly key: KeyObject;
  /** PEM */
  readonly certificate: string;
  /** e.g. `goods:ship` */
  readonly transaction: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** repeated with this one, it has no second effect, and after a lost answer it goes on where it was */
  readonly idempotencyKey?: string;
}

/**
 * Carries one transaction to the ledger, signing both times what it has looked at.
 *
 * @returns the gateway's answer: `block` and what the contract said, or `status: 'pending'`
 * @throws UnexpectedContent for bytes that say something else
 */
export async function submitSigned(call: CallGateway, order: OfflineOrder): Promise<Answer> {
  const { key, certificate, transaction, request, idempotencyKey } = order;
  const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  const proposal = await call('POST', '/v1/offline-transactions', { certificate, transaction, request }, headers);
  if (proposal['sign'] === undefined && idempotencyKey !== undefined) return proposal;
  const path = `/v1/offline-transactions/${String(proposal['transactionId'])}`;
  const first = { signature: signatureOf(proposal, order, callOfProposal, key) };
  const endorsed = await call('POST', `${path}/endorsement`, first);
  const second = { signature: signatureOf(endorsed, order, callOfTransaction, key) };
  return call('POST', `${path}/submission`, second, headers);
}

function signatureOf({ sign: bytes, transactionId }: Answer, order: OfflineOrder, read: (bytes: Uint8Array) => SignedCall, key: KeyObject): string {
  const content = Buffer.from(String(bytes), 'base64');
  requireExpected(read(content), order, String(transactionId));
  return sign('sha256', content, key).toString('base64');
}

function requireExpected({ channel, chaincodes, call, certificate, transactionId }: SignedCall, order: OfflineOrder, expectedId: string): void {
  if (channel !== CHANNEL || chaincodes.some((one) => one !== CHAINCODE)) throw new UnexpectedContent('the bytes are for another channel or chaincode');
  const expected = [order.transaction, canonicalJson(order.request as Json)];
  if (call.length !== expected.length || call.some((one, index) => one !== expected[index])) throw new UnexpectedContent('the bytes call something else');
  if (!new X509Certificate(certificate).raw.equals(new X509Certificate(order.certificate).raw)) throw new UnexpectedContent('the bytes are in another name');
  if (transactionId !== expectedId) throw new UnexpectedContent('the bytes are of another transaction');
}
