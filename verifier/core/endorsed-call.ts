import { messageReader } from './protobuf-reader.js';
import { sameBytes } from './bytes.js';
import { Refusal } from './refusal.js';

/** One peer's signature over the answer. */
export interface Endorsement {
  /** A serialized msp.SerializedIdentity: the organisation and the peer's certificate. */
  readonly endorser: Uint8Array;
  /** ECDSA in DER over the signed answer followed by `endorser`. */
  readonly signature: Uint8Array;
}

/** The question as the client put it: headers and proposal. */
export interface Question {
  readonly channel: string;
  readonly transactionId: string;
  /** The client's instant, milliseconds since 1970; peers refuse one that is more than 15 minutes off. */
  readonly instant: number;
  /** The chaincode's name in the header and in the invocation. */
  readonly chaincodes: readonly [string, string];
  /** The function's name and its arguments. */
  readonly input: readonly Uint8Array[];
  readonly nonce: Uint8Array;
  readonly creator: Uint8Array;
  /** The three byte strings of which `proposalHash` is the hash, in order. */
  readonly hashed: readonly [Uint8Array, Uint8Array, Uint8Array];
}

/** The answer as the peers signed it. */
export interface Answer {
  /** The signed bytes: a serialized ProposalResponsePayload. */
  readonly signed: Uint8Array;
  readonly proposalHash: Uint8Array;
  /** The chaincode that the peers say they ran. */
  readonly chaincode: string;
  readonly status: number;
  readonly payload: Uint8Array;
  /** A serialized rwset.TxReadWriteSet. */
  readonly results: Uint8Array;
  /** A serialized ChaincodeEvent; empty if the call emitted none. */
  readonly event: Uint8Array;
}

export interface EndorsedCall {
  readonly question: Question;
  readonly answer: Answer;
  readonly endorsements: readonly Endorsement[];
}

// fabric-protos common/common.proto
const readPayload = messageReader({ header: [1, 'bytes'], data: [2, 'bytes'] });
const readHeader = messageReader({ channelHeader: [1, 'bytes'], signatureHeader: [2, 'bytes'] });
const readChannelHeader = messageReader({
  type: [1, 'number'], version: [2, 'number'], timestamp: [3, 'bytes'], channelId: [4, 'text'],
  txId: [5, 'text'], epoch: [6, 'number'], extension: [7, 'bytes'], tlsCertHash: [8, 'bytes'],
});
const readSignatureHeader = messageReader({ creator: [1, 'bytes'], nonce: [2, 'bytes'] });
const readTimestamp = messageReader({ seconds: [1, 'number'], nanos: [2, 'number'] });

// fabric-protos peer/transaction.proto, proposal.proto, chaincode.proto, proposal_response.proto. A ChaincodeInput has
// more fields (decorations, is_init) and a ChaincodeProposalPayload too (the transient map); a signed read has none.
const readTransaction = messageReader({ actions: [1, 'list'] });
const readTransactionAction = messageReader({ header: [1, 'bytes'], payload: [2, 'bytes'] });
const readActionPayload = messageReader({ proposalPayload: [1, 'bytes'], action: [2, 'bytes'] });
const readEndorsedAction = messageReader({ signed: [1, 'bytes'], endorsements: [2, 'list'] });
const readEndorsement = messageReader({ endorser: [1, 'bytes'], signature: [2, 'bytes'] });
const readHeaderExtension = messageReader({ chaincodeId: [2, 'bytes'] });
const readProposalPayload = messageReader({ input: [1, 'bytes'] });
const readInvocation = messageReader({ spec: [1, 'bytes'] });
const readSpec = messageReader({ type: [1, 'number'], chaincodeId: [2, 'bytes'], input: [3, 'bytes'], timeout: [4, 'number'] });
const readChaincodeId = messageReader({ path: [1, 'text'], name: [2, 'text'], version: [3, 'text'] });
const readInput = messageReader({ args: [1, 'list'] });
const readResponsePayload = messageReader({ proposalHash: [1, 'bytes'], extension: [2, 'bytes'] });
const readAction = messageReader({ results: [1, 'bytes'], events: [2, 'bytes'], response: [3, 'bytes'], chaincodeId: [4, 'bytes'] });
const readResponse = messageReader({ status: [1, 'number'], message: [2, 'text'], payload: [3, 'bytes'] });

/** common.HeaderType ENDORSER_TRANSACTION */
const ENDORSER_TRANSACTION = 3;
/** Peers of one organisation are counted once, so no honest receipt has more; each costs two signature checks. */
const MOST_ENDORSEMENTS = 32;

/**
 * Takes a transaction of one chaincode call apart, as Fabric lays it out. Nothing is checked against anybody's keys.
 *
 * @param bytes a serialized common.Payload
 * @throws Refusal RECEIPT_BYTES_MALFORMED; RECEIPT_NOT_ONE_CALL for another kind of transaction, more or fewer calls
 * than one, or a call whose two copies of the signature header differ; RECEIPT_NOT_ENDORSED;
 * RECEIPT_TOO_MANY_ENDORSEMENTS
 */
export function readEndorsedCall(bytes: Uint8Array): EndorsedCall {
  const { header, data } = readPayload(bytes);
  const { channelHeader, signatureHeader } = readHeader(header);
  const action = onlyAction(data, signatureHeader);
  const { proposalPayload, action: endorsed } = readActionPayload(action);
  const { signed, endorsements } = readEndorsedAction(endorsed);
  if (endorsements.length === 0) throw new Refusal('RECEIPT_NOT_ENDORSED');
  if (endorsements.length > MOST_ENDORSEMENTS) throw new Refusal('RECEIPT_TOO_MANY_ENDORSEMENTS');
  return {
    question: readQuestion(channelHeader, signatureHeader, proposalPayload),
    answer: readAnswer(signed),
    endorsements: endorsements.map(readEndorsement),
  };
}

function onlyAction(data: Uint8Array, signatureHeader: Uint8Array): Uint8Array {
  const [bytes, ...more] = readTransaction(data).actions;
  if (bytes === undefined || more.length > 0) throw new Refusal('RECEIPT_NOT_ONE_CALL');
  const { header, payload } = readTransactionAction(bytes);
  if (!sameBytes(header, signatureHeader)) throw new Refusal('RECEIPT_NOT_ONE_CALL');
  return payload;
}

function readQuestion(channelHeader: Uint8Array, signatureHeader: Uint8Array, proposalPayload: Uint8Array): Question {
  const header = readChannelHeader(channelHeader);
  if (header.type !== ENDORSER_TRANSACTION || header.epoch !== 0) throw new Refusal('RECEIPT_NOT_ONE_CALL');
  const { creator, nonce } = readSignatureHeader(signatureHeader);
  const spec = readSpec(readInvocation(readProposalPayload(proposalPayload).input).spec);
  return {
    channel: header.channelId,
    transactionId: header.txId,
    instant: instantOf(header.timestamp),
    chaincodes: [nameOf(readHeaderExtension(header.extension).chaincodeId), nameOf(spec.chaincodeId)],
    input: readInput(spec.input).args,
    nonce,
    creator,
    hashed: [channelHeader, signatureHeader, proposalPayload],
  };
}

function readAnswer(signed: Uint8Array): Answer {
  const { proposalHash, extension } = readResponsePayload(signed);
  const { results, events, response, chaincodeId } = readAction(extension);
  const { status, payload } = readResponse(response);
  return { signed, proposalHash, chaincode: nameOf(chaincodeId), status, payload, results, event: events };
}

function nameOf(chaincodeId: Uint8Array): string {
  return readChaincodeId(chaincodeId).name;
}

function instantOf(timestamp: Uint8Array): number {
  const { seconds, nanos } = readTimestamp(timestamp);
  const instant = seconds * 1000 + Math.floor(nanos / 1_000_000);
  if (nanos > 999_999_999 || !Number.isSafeInteger(instant)) throw new Refusal('RECEIPT_BYTES_MALFORMED');
  return instant;
}
