/** What is asked of Fabric's Deliver service: a signed `common.Envelope` of an `orderer.SeekInfo`. */
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { common, msp, orderer } from '@hyperledger/fabric-protos';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { LedgerIdentity } from './ledger.js';
import type { MessageSigner } from './native-signer.js';

/** Who asks. */
export interface Asker {
  readonly channel: string;
  readonly identity: LedgerIdentity;
  readonly sign: MessageSigner;
}

/** A block's number; `newest`, what the peer has last. */
export type Position = bigint | 'newest';

const NONCE_BYTES = 24;

/**
 * @param start the first block wanted, e.g. `0n`
 * @param stop the last one; absent: all that are still to come
 * @returns the serialised envelope
 */
export async function deliverRequest({ channel, identity, sign }: Asker, start: Position, stop?: Position): Promise<Uint8Array> {
  const payload = new common.Payload();
  payload.setHeader(headerOf(channel, identity));
  payload.setData(seekInfo(start, stop ?? BigInt(Number.MAX_SAFE_INTEGER)).serializeBinary());
  const bytes = payload.serializeBinary();
  const envelope = new common.Envelope();
  envelope.setPayload(bytes);
  envelope.setSignature(await sign(bytes));
  return envelope.serializeBinary();
}

function seekInfo(start: Position, stop: Position): orderer.SeekInfo {
  const seek = new orderer.SeekInfo();
  seek.setStart(positionOf(start));
  seek.setStop(positionOf(stop));
  seek.setBehavior(orderer.SeekInfo.SeekBehavior.BLOCK_UNTIL_READY);
  return seek;
}

function positionOf(at: Position): orderer.SeekPosition {
  const position = new orderer.SeekPosition();
  if (at === 'newest') position.setNewest(new orderer.SeekNewest());
  else {
    const specified = new orderer.SeekSpecified();
    specified.setNumber(Number(at));
    position.setSpecified(specified);
  }
  return position;
}

function headerOf(channel: string, { mspId, certificate }: LedgerIdentity): common.Header {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.DELIVER_SEEK_INFO);
  channelHeader.setChannelId(channel);
  channelHeader.setTimestamp(timestamps.Timestamp.fromDate(new Date()));
  const creator = new msp.SerializedIdentity();
  creator.setMspid(mspId);
  creator.setIdBytes(Buffer.from(certificate));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(creator.serializeBinary());
  signatureHeader.setNonce(randomBytes(NONCE_BYTES));
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  return header;
}
