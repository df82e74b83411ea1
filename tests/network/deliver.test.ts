/** The Deliver service spoken to directly: positions, refusals, several seeks on one stream. */
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, type ClientDuplexStream } from '@grpc/grpc-js';
import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbeddedLedger, type EmbeddedLedger } from '../../network/embedded/embedded-ledger.js';
import type { Identity } from '../../network/enrolment/identity.js';
import { signLowS } from '../../network/enrolment/low-s-signature.js';
import { connectClient } from '../ledger-suite/ledger-client.js';
import { CHAINCODE, CHANNEL, ledgerOptions } from './temporary-ledger.js';

let dir: string;
let ledger: EmbeddedLedger;
let identity: Identity;
let raw: Client;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'deliver-'));
  ledger = await openEmbeddedLedger(ledgerOptions(dir));
  identity = await ledger.enrol({ mspId: 'RegulatorMSP', commonName: 'reader', role: 'client' });
  const client = connectClient({ address: ledger.address, channel: CHANNEL, identity });
  for (let n = 0; n < 4; n += 1) await client.contract(CHAINCODE).submitTransaction('put', 'k', String(n));
  client.close();
  raw = new Client(ledger.address, credentials.createInsecure());
});
afterAll(async () => {
  raw.close();
  await ledger.close();
  await rm(dir, { recursive: true });
});

type Position = number | 'oldest' | 'newest' | 'next';

function positionOf(position: Position): orderer.SeekPosition {
  const seek = new orderer.SeekPosition();
  if (position === 'oldest') seek.setOldest(new orderer.SeekOldest());
  else if (position === 'newest') seek.setNewest(new orderer.SeekNewest());
  else if (position === 'next') seek.setNextCommit(new orderer.SeekNextCommit());
  else {
    const specified = new orderer.SeekSpecified();
    specified.setNumber(position);
    seek.setSpecified(specified);
  }
  return seek;
}

interface Seek { start?: Position; stop?: Position; failIfNotReady?: boolean; channel?: string; signed?: boolean }

function envelopeOf({ start, stop, failIfNotReady = true, channel = CHANNEL, signed = true }: Seek): Buffer {
  const info = new orderer.SeekInfo();
  if (start !== undefined) info.setStart(positionOf(start));
  if (stop !== undefined) info.setStop(positionOf(stop));
  info.setBehavior(failIfNotReady ? orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY : orderer.SeekInfo.SeekBehavior.BLOCK_UNTIL_READY);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.DELIVER_SEEK_INFO);
  channelHeader.setChannelId(channel);
  const creator = new msp.SerializedIdentity();
  creator.setMspid(identity.mspId);
  creator.setIdBytes(Buffer.from(identity.certificatePem));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(creator.serializeBinary());
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(info.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  if (signed) envelope.setSignature(signLowS(createPrivateKey(identity.privateKeyPem), payload.serializeBinary()));
  return Buffer.from(envelope.serializeBinary());
}

const asIs = (bytes: Buffer): Buffer => bytes;
const open = (method = 'Deliver'): ClientDuplexStream<Buffer, Buffer> => raw.makeBidiStreamRequest(`/protos.Deliver/${method}`, asIs, asIs);

/** Sends one message and reads until its status; @returns block numbers, then the status */
async function deliver(message: Buffer, stream = open()): Promise<{ blocks: number[]; status: number }> {
  stream.write(message);
  const blocks: number[] = [];
  return new Promise((resolve, reject) => {
    const read = (bytes: Buffer): void => {
      const response = peer.DeliverResponse.deserializeBinary(bytes);
      if (response.hasBlock()) blocks.push(response.getBlock()!.getHeader()!.getNumber());
      else {
        stream.off('data', read);
        resolve({ blocks, status: response.getStatus() });
      }
    };
    stream.on('data', read);
    stream.once('error', reject);
  });
}

describe('seeking', () => {
  test.each<[string, Seek, number[], number]>([
    ['the whole chain', { start: 'oldest', stop: 'newest' }, [0, 1, 2, 3, 4], 200],
    ['some blocks', { start: 1, stop: 3 }, [1, 2, 3], 200],
    ['one block', { start: 2, stop: 2 }, [2], 200],
    ['the newest block', { start: 'newest', stop: 'newest' }, [4], 200],
    ['the oldest block', { start: 'oldest', stop: 'oldest' }, [0], 200],
    ['up to a block that is not there yet', { start: 3, stop: 9 }, [3, 4], 404],
    ['a block that is not there yet', { start: 5, stop: 9 }, [], 404],
    ['far beyond the chain, though willing to wait', { start: 50, stop: 60, failIfNotReady: false }, [], 404],
    ['backwards', { start: 3, stop: 1 }, [], 400],
    ['without start', { stop: 3 }, [], 400],
    ['without stop', { start: 3 }, [], 400],
    ['another channel', { start: 'oldest', stop: 'newest', channel: 'elsewhere' }, [], 404],
    ['without signature', { start: 'oldest', stop: 'newest', signed: false }, [], 403],
  ])('%s', async (_, seek, blocks, status) => { expect(await deliver(envelopeOf(seek))).toEqual({ blocks, status }); });

  test('with garbage is a bad request', async () => { expect(await deliver(Buffer.from('garbage'))).toEqual({ blocks: [], status: 400 }); });

  test('again on the same stream', async () => {
    const stream = open();
    expect(await deliver(envelopeOf({ start: 1, stop: 1 }), stream)).toEqual({ blocks: [1], status: 200 });
    expect(await deliver(envelopeOf({ start: 3, stop: 4 }), stream)).toEqual({ blocks: [3, 4], status: 200 });
    stream.end();
  });

  test('private data comes as an empty map beside each block', async () => {
    const stream = open('DeliverWithPrivateData');
    stream.write(envelopeOf({ start: 1, stop: 1 }));
    const first = await new Promise<Buffer>((resolve) => { stream.once('data', resolve); });
    const content = peer.DeliverResponse.deserializeBinary(first).getBlockAndPrivateData()!;
    expect([content.getBlock()!.getHeader()!.getNumber(), content.getPrivateDataMapMap().getLength()]).toEqual([1, 0]);
    stream.cancel();
    await new Promise((resolve) => { stream.once('error', resolve); });
  });
});
