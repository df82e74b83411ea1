import { createHash, randomBytes } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { describe, expect, test } from 'vitest';
import { headerHashOfBlock0 } from '../../../network/fabric/genesis-block.js';
import { settledBlock } from '../../../network/fabric/hosts/same-block.js';

const SECONDS = 1_790_000_000;

/** A field with a length (wire type 2), as Protocol Buffers write it. */
function field(number: number, content: Uint8Array): Buffer {
  if (content.length > 0x3fff) throw new RangeError('too long for this test');
  const length = content.length < 0x80 ? [content.length] : [(content.length & 0x7f) | 0x80, content.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), content]);
}

/** Groups of a configuration in the order given: Go writes maps in any order. */
function configuration(names: readonly string[]): Buffer {
  const entry = (name: string): Buffer => field(2, Buffer.concat([field(1, Buffer.from(name)), field(2, field(5, Buffer.from('Admins')))]));
  return field(1, field(2, Buffer.concat(names.map(entry))));
}

/** Block 0 as configtxgen makes it: with the time, a random number, and maps in any order. */
function generated(config: Uint8Array, { seconds = 1, nonce = randomBytes(24) }: { readonly seconds?: number; readonly nonce?: Uint8Array } = {}): Uint8Array {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  channelHeader.setVersion(1);
  channelHeader.setChannelId('minhchung');
  const time = new Timestamp();
  time.setSeconds(seconds);
  channelHeader.setTimestamp(time);
  channelHeader.setTxId(createHash('sha256').update(nonce).digest('hex'));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setNonce(nonce);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(config);
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return blockOf(envelope.serializeBinary());
}

function blockOf(envelope: Uint8Array): Uint8Array {
  const data = new common.BlockData();
  data.setDataList([envelope]);
  const header = new common.BlockHeader();
  header.setDataHash(createHash('sha256').update(envelope).digest());
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList([Buffer.from('00'), Buffer.alloc(0), Buffer.alloc(0)]);
  block.setMetadata(metadata);
  return block.serializeBinary();
}

describe('block 0', () => {
  const first = settledBlock(generated(configuration(['Application', 'Orderer'])), SECONDS);

  test('is the same whenever and wherever it is generated', () => {
    for (const names of [['Application', 'Orderer'], ['Orderer', 'Application']]) {
      expect(Buffer.from(settledBlock(generated(configuration(names), { seconds: 1_790_000_000 + Math.floor(Math.random() * 1_000) }), SECONDS))).toEqual(Buffer.from(first));
    }
  });

  test('is another one for another configuration', () => {
    expect(headerHashOfBlock0(settledBlock(generated(configuration(['Application', 'Orderers'])), SECONDS))).not.toBe(headerHashOfBlock0(first));
  });

  test('hashes to its content, and counts its transaction as Fabric does', () => {
    const block = common.Block.deserializeBinary(first);
    const [envelope] = block.getData()!.getDataList_asU8();
    expect(Buffer.from(block.getHeader()!.getDataHash_asU8())).toEqual(createHash('sha256').update(envelope!).digest());
    const header = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope!).getPayload_asU8()).getHeader()!;
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    const { nonce } = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()).toObject();
    expect([channelHeader.getChannelId(), channelHeader.getType(), channelHeader.getTimestamp()!.getSeconds()]).toEqual(['minhchung', common.HeaderType.CONFIG, SECONDS]);
    expect(channelHeader.getTxId()).toBe(createHash('sha256').update(Buffer.from(String(nonce), 'base64')).digest('hex'));
  });

  test('keeps the metadata that configtxgen gave it', () => {
    expect(common.Block.deserializeBinary(first).getMetadata()!.getMetadataList_asU8().map((one) => one.length)).toEqual([2, 0, 0]);
  });

  test('with a field that is not known here is refused, or the field would be lost', () => {
    const config = Buffer.concat([configuration(['Application', 'Orderer']), field(15, Buffer.from('new'))]);
    expect(() => settledBlock(generated(config), SECONDS)).toThrow('fields that are not known here');
  });
});
