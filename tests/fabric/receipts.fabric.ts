/** Receipts as peers of a real network sign them, checked as a browser and an offline tool check them; and what must not pass. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Dossier } from '#domain/goods/dossier.js';
import type { TrustRoots } from '#domain/goods/public-item.js';
import { instantOf } from '#domain/instant.js';
import { openFabricLedger } from '../../gateway/ledger/fabric-ledger.js';
import type { LedgerConnection } from '../../gateway/ledger/ledger.js';
import { expectedRead } from '../../verifier/core/goods/expected-read.js';
import type { GoodsReport } from '../../verifier/core/goods/goods-report.js';
import { judgeGoods } from '../../verifier/core/goods/judge.js';
import { readAddress } from '../../verifier/core/goods/address-reader.js';
import { RECEIPT_FORMAT } from '../../verifier/core/receipt-envelope.js';
import { verifyReceipt, type ExpectedCall, type ReceiptVerdict } from '../../verifier/core/receipt.js';
import { nodeCrypto } from '../../verifier/server/node-crypto.js';
import { maker, reader, TEA } from '../support/fictional.js';
import { revocationList, signingKey } from '../support/revocation-list.js';
import { FabricWorld, LOT } from './fabric-world.js';
import { foundedOnce } from './founded.js';
import { CommandNetwork } from './network-command.js';

const SERIAL = 'RCPT0001';
const KEY = `/01/${TEA}/21/${SERIAL}`;
const DAY_MS = 86_400_000;

let network: CommandNetwork;
let world: FabricWorld;
let connection: LedgerConnection;
let good: Uint8Array;
let trust: TrustRoots;

beforeAll(async () => {
  network = CommandNetwork.shared(inject('fabricFolder'), inject('fabricPortBase'));
  world = await FabricWorld.open({ connection: network.folder.connection });
  await foundedOnce(world);
  await world.call(maker, 'goods:commission', { gtin: TEA, lot: LOT, serials: [SERIAL] });
  connection = openFabricLedger({ ...world.opened.connection, identity: await world.identity({ ...reader, msp: 'RegulatorMSP' }) });
  good = await connection.reader.signedRead('goods:readItem', [KEY]);
  trust = world.opened.trust;
});
afterAll(async () => {
  connection.close();
  await world.close();
});

const textOf = (payload: Uint8Array): string => JSON.stringify({ format: RECEIPT_FORMAT, payload: Buffer.from(payload).toString('base64') });
const asked = (change: Partial<TrustRoots> = {}, key = KEY, now = Date.now()): ExpectedCall => expectedRead(key, { ...trust, ...change }, now);
const judged = async (payload: Uint8Array, expected: ExpectedCall = asked()): Promise<ReceiptVerdict> => verifyReceipt(textOf(payload), expected, nodeCrypto());

/** The codes of the checks that did not pass. */
function codes({ report }: ReceiptVerdict): Record<string, string> {
  return Object.fromEntries(Object.entries(report).flatMap(([check, outcome]) => ('code' in outcome ? [[check, outcome.code]] : [])));
}

/** The same receipt with its endorsements, or the answer that they sign, changed. */
function changed(payload: Uint8Array, change: (action: peer.ChaincodeEndorsedAction) => void): Uint8Array {
  const whole = common.Payload.deserializeBinary(payload);
  const transaction = peer.Transaction.deserializeBinary(whole.getData_asU8());
  const [only] = transaction.getActionsList();
  const content = peer.ChaincodeActionPayload.deserializeBinary(only?.getPayload_asU8() ?? new Uint8Array());
  const action = content.getAction() ?? expect.fail('no action');
  change(action);
  content.setAction(action);
  only?.setPayload(content.serializeBinary());
  whole.setData(transaction.serializeBinary());
  return whole.serializeBinary();
}

/** Who signed it, and with which certificates. */
function signers(payload: Uint8Array): { mspId: string; certificate: string }[] {
  const found: { mspId: string; certificate: string }[] = [];
  changed(payload, (action) => {
    for (const endorsement of action.getEndorsementsList()) {
      const identity = msp.SerializedIdentity.deserializeBinary(endorsement.getEndorser_asU8());
      found.push({ mspId: identity.getMspid(), certificate: Buffer.from(identity.getIdBytes_asU8()).toString('utf8') });
    }
  });
  return found;
}

describe('a receipt of a real network', () => {
  test('is signed by peers of two organisations, not one more, and proves record, version and height', async () => {
    const verdict = await judged(good);
    expect(codes(verdict)).toEqual({});
    expect(verdict).toMatchObject({ verdict: 'verified', facts: { organisations: ['IndustryMSP', 'RegulatorMSP'] } });
    expect(signers(good)).toHaveLength(2);
    const facts = verdict.verdict === 'verified' ? verdict.facts : expect.fail('not verified');
    expect(JSON.parse(facts.response)).toMatchObject({ item: KEY, serial: { serial: SERIAL } });
    const height = await connection.reader.height();
    const versions = facts.reads.flatMap(({ version }) => (version === null ? [] : [Number(version.split(':')[0])]));
    expect(versions.length).toBeGreaterThan(2);
    for (const block of versions) expect(block).toBeLessThan(Number(height));
  });

  test('of what is not there proves that it is not there', async () => {
    const unknown = `/01/${TEA}/21/N0T0NTHELEDGER`;
    const verdict = await judged(await connection.reader.signedRead('goods:readItem', [unknown]), asked({}, unknown));
    expect(verdict.verdict).toBe('verified');
    expect(JSON.parse(verdict.verdict === 'verified' ? verdict.facts.response : '{}')).not.toHaveProperty('serial');
  });

  test('leaves no transaction behind', async () => {
    const height = await connection.reader.height();
    await connection.reader.signedRead('goods:readItem', [KEY]);
    expect(await connection.reader.height()).toBe(height);
  });
});

describe('a receipt that must not pass', () => {
  test('signed by one organisation only', async () => {
    const one = changed(good, (action) => action.setEndorsementsList(action.getEndorsementsList().slice(0, 1)));
    expect(codes(await judged(one))).toEqual({ organisations: 'RECEIPT_TOO_FEW_ORGANISATIONS' });
    const twice = changed(good, (action) => action.setEndorsementsList([...action.getEndorsementsList().slice(0, 1), ...action.getEndorsementsList().slice(0, 1)]));
    expect(codes(await judged(twice))).toEqual({ organisations: 'RECEIPT_TOO_FEW_ORGANISATIONS' });
  });

  test('of another channel, another chaincode, another question', async () => {
    expect(codes(await judged(good, asked({ channel: 'another' })))).toEqual({ channel: 'RECEIPT_OTHER_CHANNEL' });
    expect(codes(await judged(good, asked({ chaincode: 'another' })))).toEqual({ chaincode: 'RECEIPT_OTHER_CHAINCODE' });
    expect(codes(await judged(good, asked({}, `/01/${TEA}/21/OTHER`)))).toEqual({ arguments: 'RECEIPT_OTHER_ARGUMENTS' });
  });

  test('by peers whose certificates had expired, or were not valid yet', async () => {
    const [first] = signers(good);
    const end = Date.parse(new X509Certificate(first?.certificate ?? '').validTo);
    expect(codes(await askedAt(end + DAY_MS))).toMatchObject({ certificates: 'CERTIFICATE_EXPIRED' });
    const begin = Date.parse(new X509Certificate(first?.certificate ?? '').validFrom);
    expect(codes(await askedAt(begin - DAY_MS))).toMatchObject({ certificates: 'CERTIFICATE_NOT_YET_VALID' });
  });

  test('by a peer that its organisation has revoked, and not by the others', async () => {
    const [first, second] = signers(good);
    const { mspId, certificate } = first ?? expect.fail('nobody signed');
    const folder = network.folder.host(mspId).authority;
    const authority = { pem: await readFile(join(folder, 'certificate.pem'), 'utf8'), key: await signingKey(await readFile(join(folder, 'key.pem'), 'utf8')) };
    const list = await revocationList(authority, { revoked: [certificate], at: Date.now() });
    expect(codes(await judged(good, asked({ revocationLists: { [mspId]: [list] } })))).toEqual({ certificates: 'CERTIFICATE_REVOKED', organisations: 'RECEIPT_TOO_FEW_ORGANISATIONS' });
    const none = await revocationList(authority, { revoked: [], at: Date.now() });
    expect((await judged(good, asked({ revocationLists: { [mspId]: [none] } }))).verdict).toBe('verified');
    expect(codes(await judged(good, asked({ revocationLists: { [second?.mspId ?? '']: [list] } })))).toMatchObject({ certificates: 'RECEIPT_POLICY_UNUSABLE' });
  });

  test('by a peer of an organisation whose root is another', async () => {
    const { RegulatorMSP: regulator = [], ...others } = trust.roots;
    expect(codes(await judged(good, asked({ roots: { ...others, RegulatorMSP: trust.roots['EducationMSP'] ?? [], EducationMSP: regulator } })))).toMatchObject({ certificates: 'CERTIFICATE_UNTRUSTED', organisations: 'RECEIPT_TOO_FEW_ORGANISATIONS' });
    expect(codes(await judged(good, asked({ roots: others })))).toMatchObject({ certificates: 'RECEIPT_ORGANISATION_UNKNOWN' });
  });

  test('whose record was altered, in any byte', async () => {
    const altered = changed(good, (action) => {
      const bytes = Buffer.from(action.getProposalResponsePayload_asU8());
      const at = bytes.indexOf(SERIAL);
      bytes.write('X', at);
      action.setProposalResponsePayload(bytes);
    });
    expect(codes(await judged(altered))).toMatchObject({ signatures: 'RECEIPT_SIGNATURE_WRONG' });
    for (let at = 0; at < good.length; at += 37) {
      const flipped = good.with(at, (good[at] ?? 0) ^ 1);
      expect((await judged(flipped)).verdict).toBe('not-verified');
    }
  });

  test('beside a record that is not the one it proves, or on a copy that is stale', async () => {
    const receipt = await judged(good);
    const dossier = JSON.parse(receipt.verdict === 'verified' ? receipt.facts.response : '{}') as Dossier;
    const scanned = readAddress(KEY, '') ?? expect.fail('no link');
    const now = Date.now();
    const report = (shown: Dossier, ageMs: number): GoodsReport => {
      const knownAt = instantOf(now - ageMs);
      return judgeGoods({ scanned, answer: { item: { dossier: shown, journey: [], asOf: { height: '9', blockTime: knownAt, knownAt } }, receipt }, now });
    };
    expect(report(dossier, 0)).toMatchObject({ 'ledger-receipt': { result: 'pass' }, freshness: { result: 'pass' } });
    expect(report({ ...dossier, organisations: [] }, 0)).toMatchObject({ 'ledger-receipt': { result: 'fail', code: 'RECEIPT_OTHER_RECORD' } });
    expect(report(dossier, DAY_MS)).toMatchObject({ freshness: { result: 'unknown', code: 'READ_MODEL_STALE' } });
  });

  /** The same receipt as if it had been asked for at another time: the time stands in the client's own header. */
  async function askedAt(at: number): Promise<ReceiptVerdict> {
    const whole = common.Payload.deserializeBinary(good);
    const header = whole.getHeader() ?? expect.fail('no header');
    const channel = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    channel.getTimestamp()?.setSeconds(Math.floor(at / 1000));
    header.setChannelHeader(channel.serializeBinary());
    whole.setHeader(header);
    return judged(whole.serializeBinary(), asked({}, KEY, at + 1000));
  }
});

describe('when an organisation is away', () => {
  test('another pair signs', async () => {
    const { connection: all } = world.opened;
    const others = all.peers.filter(({ mspId }) => mspId !== 'RegulatorMSP');
    const without = openFabricLedger({ ...all, peers: others, identity: await world.identity({ ...reader, msp: 'RegulatorMSP' }) });
    const verdict = await judged(await without.reader.signedRead('goods:readItem', [KEY]));
    without.close();
    expect(verdict).toMatchObject({ verdict: 'verified', facts: { organisations: ['EducationMSP', 'IndustryMSP'] } });
  });
});
