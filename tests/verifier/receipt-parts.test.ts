/** What the suite of receipts takes for granted: its own table, Fabric's own client, failing platforms, the size. */
import { gzipSync } from 'node:zlib';
import { Client, credentials } from '@grpc/grpc-js';
import { connect } from '@hyperledger/fabric-gateway';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { build, type OutputFile } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROBLEMS } from '#domain/errors.js';
import type { CryptoPort } from '../../verifier/core/crypto-port.js';
import { pinnedOrganisations, type ReceiptPolicy } from '../../verifier/core/pinned-organisations.js';
import { verifyReceipt } from '../../verifier/core/receipt.js';
import { Refusal } from '../../verifier/core/refusal.js';
import { unknown } from '../../verifier/core/report.js';
import { nodeCrypto } from '../../verifier/server/node-crypto.js';
import { answerOf, expectedCall, ITEM, newWorld, type Parts, payloadOf, planOf, receipt, receiptOf, serializedIdentity, type World } from './receipt-builder.js';
import { signLow } from './certificate-builder.js';
import { reportOf } from './receipt-row.js';
import { ROWS } from './receipt-suite.js';

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

describe('the table of changes', () => {
  test('has rows enough, each with a name of its own and something that it upsets', () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
    expect(ROWS.filter(({ upset }) => Object.keys(upset).length === 0)).toEqual([]);
  });

  test('every check fails in some row, and every code that the check can give is met', async () => {
    const outcomes = ROWS.flatMap(({ upset }) => Object.entries(upset));
    const failing = new Set(outcomes.filter(([, { result }]) => result === 'fail').map(([check]) => check));
    expect([...failing, 'time'].sort()).toEqual(Object.keys(reportOf({})).sort());
    const met = new Set(outcomes.flatMap(([, outcome]) => ('code' in outcome ? [outcome.code] : [])));
    const { text } = await bundledCheck();
    const given = new Set(text.match(/\b(?:RECEIPT|CERTIFICATE)_[A-Z0-9_]+/g));
    expect([...met].sort()).toEqual([...given].sort());
  });
});

/** The check as a page loads it. */
async function bundledCheck(): Promise<OutputFile> {
  const contents = "export { verifyReceipt } from './verifier/core/receipt.js'; export { webCrypto } from './verifier/core/web-crypto.js';";
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true, minify: true, format: 'esm', platform: 'browser', conditions: ['source'], write: false,
  });
  return outputFiles[0]!;
}

describe('a question put by Fabric\'s own client', () => {
  test('is read as it was asked', async () => {
    const proposal = proposalOfClient();
    const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
    const [channelHeader, signatureHeader, proposalPayload] = [header.getChannelHeader_asU8(), header.getSignatureHeader_asU8(), proposal.getPayload_asU8()];
    const { timestamp } = common.ChannelHeader.deserializeBinary(channelHeader).toObject();
    const hash = await nodeCrypto().sha256(Buffer.concat([channelHeader, signatureHeader, proposalPayload]));
    const signed = answerOf(planOf(world), hash);
    const endorsements: Parts['endorsements'] = [world.org1.peer, world.org2.peer].map((signer) => {
      const endorser = serializedIdentity(signer);
      return { endorser, signature: signLow(signer.key, Buffer.concat([signed, endorser])) };
    });
    const text = receiptOf(payloadOf({ channelHeader, signatureHeader, headerCopy: signatureHeader, proposalPayload, signed, endorsements }));
    const askedAt = (timestamp?.seconds ?? 0) * 1000 + Math.floor((timestamp?.nanos ?? 0) / 1e6);
    const verdict = await verifyReceipt(text, expectedCall(world, { now: askedAt + 5 }), nodeCrypto());
    expect(verdict).toMatchObject({ verdict: 'verified', facts: { askedAt, age: 5, organisations: ['Org1MSP', 'Org2MSP'] } });
  });
});

/** The proposal that fabric-gateway makes for the question of `expectedCall`; nothing is sent. */
function proposalOfClient(): peer.Proposal {
  const client = new Client('127.0.0.1:1', credentials.createInsecure());
  const { mspId, pem } = world.client;
  const connection = connect({ client, identity: { mspId, credentials: Buffer.from(pem) }, signer: () => Promise.resolve(new Uint8Array(1)) });
  const bytes = connection.getNetwork('trace').getContract('minhchung', 'goods').newProposal('readItem', { arguments: [ITEM] }).getBytes();
  connection.close();
  client.close();
  const signedProposal = gateway.ProposedTransaction.deserializeBinary(bytes).getProposal();
  return peer.Proposal.deserializeBinary(signedProposal?.getProposalBytes_asU8() ?? new Uint8Array(0));
}

describe('a platform that fails', () => {
  const failing: readonly (readonly [string, CryptoPort])[] = [
    ['rejects', { sha256: () => Promise.reject(new Error('gone')), verifyP256: () => Promise.reject(new Error('gone')), verifyJws: () => Promise.reject(new Error('gone')) }],
    ['throws', { sha256: () => { throw new TypeError('gone'); }, verifyP256: () => { throw new TypeError('gone'); }, verifyJws: () => { throw new TypeError('gone'); } }],
  ];

  test.each(failing)('%s: what needed it is unknown', async (_, port) => {
    const unanswered = unknown('CRYPTO_UNAVAILABLE');
    const verdict = await verifyReceipt(receipt(world), expectedCall(world), port);
    expect(verdict).toEqual({
      verdict: 'could-not-check',
      report: reportOf({
        proposalHash: unanswered, transactionId: unanswered, signatures: unanswered, certificates: unanswered,
        organisations: unknown('RECEIPT_CHECK_NOT_REACHED'),
      }),
    });
  });

  test('too few organisations are too few on any platform', async () => {
    const verdict = await verifyReceipt(receipt(world, { signers: [world.org1.peer] }), expectedCall(world), failing[0]![1]);
    expect(verdict.report.organisations).toEqual({ result: 'fail', code: 'RECEIPT_TOO_FEW_ORGANISATIONS' });
  });
});

const policyOf = (roots: ReceiptPolicy['roots']): ReceiptPolicy => ({ roots, minimumOrganisations: 1, peerRole: 'peer' });

describe('pinnedOrganisations', () => {
  test('takes PEM and DER, and the same certificate twice in one organisation', () => {
    const { pem, der } = world.org1.root;
    expect(pinnedOrganisations(policyOf({ Org1MSP: [pem, der] })).get('Org1MSP')).toHaveLength(2);
  });

  test.each([
    ['text that is no certificate', () => ({ Org1MSP: ['Org1'] })],
    ['bytes that are no certificate', () => ({ Org1MSP: [new Uint8Array(3)] })],
    ['one key for two organisations', () => ({ Org1MSP: [world.org1.root.pem], Org2MSP: [world.org1.root.der] })],
  ])('refuses %s', (_, roots) => {
    expect(() => pinnedOrganisations(policyOf(roots()))).toThrow(new Refusal('RECEIPT_POLICY_UNUSABLE'));
  });
});

test('the check fits a page: at most 8.5 kB compressed, without the sentences of the errors', async () => {
  const { contents, text } = await bundledCheck();
  expect(gzipSync(contents, { level: 9 }).length).toBeLessThanOrEqual(8500);
  expect(text).not.toContain(PROBLEMS.RECEIPT_NOT_JSON.en);
});
