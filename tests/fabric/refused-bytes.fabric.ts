/** What every orderer refuses for its own sake ends as rejected; what they have ordered already, and refuse for that, does not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gateway as messages } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { canonicalJson } from '#domain/canonical-json.js';
import { openFabricLedger, type FabricLedgerOptions } from '../../gateway/ledger/fabric-ledger.js';
import type { LedgerConnection, LedgerIdentity, SignedTransaction } from '../../gateway/ledger/ledger.js';
import { openLedger, type GatewayLedger } from '../../gateway/ledger/open-ledger.js';
import { maker, TEA } from '../support/fictional.js';
import { FabricWorld, LOT } from './fabric-world.js';
import { foundedOnce } from './founded.js';
import { CommandNetwork } from './network-command.js';

let world: FabricWorld;
let identity: LedgerIdentity;
let connection: LedgerConnection;
let ledger: GatewayLedger;
let dir = '';

beforeAll(async () => {
  const network = CommandNetwork.shared(inject('fabricFolder'), inject('fabricPortBase'));
  world = await FabricWorld.open({ connection: network.folder.connection });
  await foundedOnce(world);
  identity = await world.identity(maker);
  const fabric: FabricLedgerOptions = { ...world.opened.connection, identity };
  connection = openFabricLedger(fabric);
  dir = await mkdtemp(join(tmpdir(), 'minhchung-refused-'));
  ledger = await openLedger({ fabric, outboxDirectory: dir, answerWithinMs: 1, resendAfterMs: 20 });
});

afterAll(async () => {
  await ledger.close();
  connection.close();
  await world.close();
  await rm(dir, { recursive: true });
});

const endorsed = async (serial: string): Promise<SignedTransaction> => connection.ledgerFor(identity).endorse('goods:commission', [canonicalJson({ gtin: TEA, lot: LOT, serials: [serial] })]);

/** The same transaction under the signature of another one. */
function wronglySigned(signed: SignedTransaction, other: SignedTransaction): SignedTransaction {
  const prepared = messages.PreparedTransaction.deserializeBinary(signed.bytes);
  prepared.getEnvelope()?.setSignature(messages.PreparedTransaction.deserializeBinary(other.bytes).getEnvelope()?.getSignature_asU8() ?? '');
  return { ...signed, bytes: prepared.serializeBinary() };
}

async function settled(transactionId: string): Promise<unknown> {
  await expect.poll(async () => (await ledger.outcome(transactionId)).status, { timeout: 60_000 }).not.toBe('pending');
  return ledger.outcome(transactionId);
}

test('bytes that no orderer takes: pending at first, for some might have, and rejected in the end', async () => {
  const signed = wronglySigned(await endorsed('REFUSED-1'), await endorsed('REFUSED-2'));
  expect(await ledger.submitSigned(signed)).toEqual({ status: 'pending', transactionId: signed.transactionId });
  expect(await settled(signed.transactionId)).toEqual({ status: 'rejected', transactionId: signed.transactionId, code: 'ABORTED', retry: 'no' });
  expect(await connection.send(signed).catch((error: unknown) => error)).toMatchObject({ name: 'LedgerFailure', stage: 'submit', code: 'ABORTED', retry: 'same-id' });
});

test('bytes that are ordered already are never called refused, however often they are sent', async () => {
  const signed = await endorsed('TAKEN-1');
  await ledger.submitSigned(signed);
  expect(await settled(signed.transactionId)).toMatchObject({ status: 'committed' });
  for (let time = 0; time < 5; time++) {
    const failure = await connection.send(signed).then(() => undefined, (error: unknown) => error);
    if (failure !== undefined) expect(failure).toMatchObject({ name: 'LedgerFailure', stage: 'submit', code: 'UNAVAILABLE', retry: 'same-id' });
  }
  expect(await connection.commitStatus(signed.transactionId)).toMatchObject({ code: 0 });
});
