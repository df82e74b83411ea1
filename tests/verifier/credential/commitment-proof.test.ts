import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { instantOf } from '#domain/instant.js';
import { commitmentKey } from '#domain/trust/keys.js';
import type { CommitmentRecord } from '#domain/trust/records.js';
import { provenCommitment, type ProvenCommitment } from '../../../verifier/core/credential/commitment-proof.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { NOW } from '../certificate-builder.js';
import { trustOf } from '../goods-fixtures.js';
import { newWorld, receipt, type ReceiptPlan, type World } from '../receipt-builder.js';

const ROOT = 'a'.repeat(64);
const RECORD: CommitmentRecord = { kind: 'credential-commitment', root: ROOT, did: 'did:web:dai-hoc.example' as never, count: 3, committedAt: instantOf(NOW - 60_000) };

let world: World;
beforeAll(async () => { world = await newWorld(); });

function signedRead(record: unknown, change: Partial<ReceiptPlan> = {}, root = ROOT): string {
  const key = commitmentKey(root);
  return receipt(world, { input: ['registry:readRecord', key], response: canonicalJson(record as Json), namespaces: [{ name: 'minhchung', reads: [{ key, version: [12, 0] }] }], ...change });
}

const proven = async (text: string, root = ROOT): Promise<ProvenCommitment | undefined> => provenCommitment(text, root, trustOf(world), NOW + 1_000, nodeCrypto());

describe('a commitment is what the ledger\'s organisations signed', () => {
  test('the record is the signed one, with who signed and in which version', async () => {
    expect(await proven(signedRead(RECORD))).toMatchObject({ record: RECORD, facts: { organisations: ['Org1MSP', 'Org2MSP', 'Org3MSP'], reads: [{ key: commitmentKey(ROOT), version: '12:0' }] } });
  });

  test.each<[string, () => string]>([
    ['nothing', () => ''], ['a receipt of nothing there', () => signedRead(null)], ['another kind of record', () => signedRead({ kind: 'did', did: 'did:web:a.example' })],
    ['a record with one member more', () => signedRead({ ...RECORD, more: 1 })], ['the record of another root, under this root\'s question', () => signedRead({ ...RECORD, root: 'b'.repeat(64) })],
    ['the answer to another question', () => signedRead({ ...RECORD, root: 'b'.repeat(64) }, {}, 'b'.repeat(64))], ['a read of goods', () => signedRead(RECORD, { input: ['goods:readItem', commitmentKey(ROOT)] })],
    ['one organisation\'s word alone', () => signedRead(RECORD, { signers: [world.org1.peer] })], ['a signature that does not fit', () => signedRead(RECORD).replace(/.{12}"}$/, 'AAAAAAAAAAAA"}')],
    ['a refusal', () => signedRead(RECORD, { status: 500 })], ['a longer record than there can be', () => signedRead({ ...RECORD, more: 'x'.repeat(5_000) })],
  ])('%s proves none', async (_, text) => expect(await proven(text())).toBeUndefined());
});
