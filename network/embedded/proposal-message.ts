/** Reading a signed proposal (Fabric's `peer/proposal.proto`, `common/common.proto`). */
import { asBytes, asNumber, asText, eachField, MalformedMessage, MessageWriter } from './wire-format.js';

const EMPTY = Buffer.alloc(0);

/** `common.ChannelHeader`: which channel, which transaction, when (by the client's clock). */
export interface ChannelHeader {
  readonly raw: Buffer;
  readonly type: number;
  readonly channelId: string;
  readonly transactionId: string;
  readonly epoch: number;
  readonly timestamp: Timestamp;
  /** Name of the chaincode the header extension asks for; empty for anything but a transaction. */
  readonly chaincodeName: string;
}

/** `google.protobuf.Timestamp`. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}

/** `common.SignatureHeader`. */
export interface SignatureHeader {
  readonly raw: Buffer;
  readonly creator: Buffer;
  readonly nonce: Buffer;
}

export interface Header {
  readonly raw: Buffer;
  readonly channel: ChannelHeader;
  readonly signature: SignatureHeader;
}

export interface SignedProposal {
  readonly raw: Buffer;
  readonly proposalBytes: Buffer;
  readonly signature: Buffer;
  readonly header: Header;
  /** `peer.ChaincodeProposalPayload` without the transient map: the form that goes into the block. */
  readonly publicPayload: Buffer;
  /** `peer.ChaincodeInput`: function name and arguments. */
  readonly input: Buffer;
}

/** @param raw a `peer.SignedProposal`; @throws MalformedMessage */
export function decodeSignedProposal(raw: Buffer): SignedProposal {
  const [proposalBytes = EMPTY, signature = EMPTY] = bytesFields(raw, 2);
  const [header = EMPTY, payload = EMPTY] = bytesFields(proposalBytes, 2);
  const [invocation = EMPTY] = bytesFields(payload, 1);
  if (proposalBytes.length === 0) throw new MalformedMessage('a signed proposal is required');
  return {
    raw, proposalBytes, signature, header: decodeHeader(header),
    publicPayload: new MessageWriter().bytes(1, invocation).finish(),
    input: chaincodeInput(invocation),
  };
}

/** @param raw a `common.Header`; @throws MalformedMessage */
export function decodeHeader(raw: Buffer): Header {
  const [channel = EMPTY, signature = EMPTY] = bytesFields(raw, 2);
  return { raw, channel: decodeChannelHeader(channel), signature: decodeSignatureHeader(signature) };
}

/** @param raw a `common.ChannelHeader`; @throws MalformedMessage */
export function decodeChannelHeader(raw: Buffer): ChannelHeader {
  const header = { raw, type: 0, channelId: '', transactionId: '', epoch: 0, timestamp: { seconds: 0, nanos: 0 }, chaincodeName: '' };
  eachField(raw, (field, value) => {
    if (field === 1) header.type = asNumber(value);
    else if (field === 3) header.timestamp = decodeTimestamp(asBytes(value));
    else if (field === 4) header.channelId = asText(value);
    else if (field === 5) header.transactionId = asText(value);
    else if (field === 6) header.epoch = asNumber(value);
    else if (field === 7) header.chaincodeName = chaincodeNameOf(asBytes(value));
  });
  return header;
}

/** @param raw a `common.SignatureHeader`; @throws MalformedMessage */
export function decodeSignatureHeader(raw: Buffer): SignatureHeader {
  const [creator = EMPTY, nonce = EMPTY] = bytesFields(raw, 2);
  return { raw, creator, nonce };
}

function decodeTimestamp(raw: Buffer): Timestamp {
  const timestamp = { seconds: 0, nanos: 0 };
  eachField(raw, (field, value) => {
    if (field === 1) timestamp.seconds = asNumber(value);
    else if (field === 2) timestamp.nanos = asNumber(value);
  });
  return timestamp;
}

/** Out of `peer.ChaincodeHeaderExtension`, field 2 `chaincode_id`, field 2 `name`. */
function chaincodeNameOf(extension: Buffer): string {
  const [, chaincodeId = EMPTY] = bytesFields(extension, 2);
  const [, name = EMPTY] = bytesFields(chaincodeId, 2);
  return name.toString('utf8');
}

/** Out of `peer.ChaincodeInvocationSpec`, field 1 `chaincode_spec`, field 3 `input`. */
function chaincodeInput(invocation: Buffer): Buffer {
  const [spec = EMPTY] = bytesFields(invocation, 1);
  const [, , input] = bytesFields(spec, 3);
  if (input === undefined) throw new MalformedMessage('chaincode input did not contain any input');
  return input;
}

/**
 * The first `count` fields of a message whose fields of interest are all length-delimited; a missing one is a hole,
 * of a repeated one the last counts (as Protocol Buffers say).
 *
 * @throws MalformedMessage
 */
export function bytesFields(raw: Buffer, count: number): (Buffer | undefined)[] {
  const fields: (Buffer | undefined)[] = [];
  eachField(raw, (field, value) => {
    if (field <= count && typeof value !== 'number') fields[field - 1] = value;
  });
  return fields;
}
