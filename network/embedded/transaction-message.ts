/** An endorsed transaction (Fabric's `peer/transaction.proto`): put together by the endorser, taken apart at commit. */
import { createHash } from 'node:crypto';
import { bytesFields, decodeHeader, type Header, type SignedProposal } from './proposal-message.js';
import { asBytes, asNumber, asText, eachField, MalformedMessage, MessageWriter } from './wire-format.js';

const EMPTY = Buffer.alloc(0);

/** `peer.Response`: what the contract answered. */
export interface ChaincodeResponse {
  /** 200 for success, 500 for an error thrown by the contract. */
  readonly status: number;
  readonly message: string;
  readonly payload: Buffer;
}

/** `peer.ChaincodeEvent` without the fields that repeat the transaction. */
export interface ContractEvent {
  readonly name: string;
  readonly payload: Buffer;
}

export interface Endorsement {
  readonly endorser: Buffer;
  readonly signature: Buffer;
}

/** Everything the endorser signs about one simulation. */
export interface SimulationResult {
  readonly chaincodeName: string;
  readonly readWriteSet: Buffer;
  readonly response: ChaincodeResponse;
  readonly event: ContractEvent | undefined;
}

/** SHA-256 over channel header, signature header and payload without transient data. */
export function proposalHash(header: Header, publicPayload: Buffer): Buffer {
  return createHash('sha256').update(header.channel.raw).update(header.signature.raw).update(publicPayload).digest();
}

export function encodeResponse(response: ChaincodeResponse): MessageWriter {
  return new MessageWriter().number(1, response.status).text(2, response.message).bytes(3, response.payload);
}

/** @returns `peer.ProposalResponsePayload`: the bytes an endorser signs (followed by its own identity) */
export function encodeResponsePayload(proposal: SignedProposal, result: SimulationResult): Buffer {
  const action = new MessageWriter().bytes(1, result.readWriteSet);
  if (result.event !== undefined) action.message(2, eventMessage(result.event, result.chaincodeName, proposal.header.channel.transactionId));
  action.message(3, encodeResponse(result.response));
  action.message(4, new MessageWriter().text(2, result.chaincodeName).text(3, '1.0'));
  return new MessageWriter().bytes(1, proposalHash(proposal.header, proposal.publicPayload)).message(2, action).finish();
}

function eventMessage(event: ContractEvent, chaincodeName: string, transactionId: string): MessageWriter {
  return new MessageWriter().text(1, chaincodeName).text(2, transactionId).text(3, event.name).bytes(4, event.payload);
}

/** @returns `common.Envelope` holding the transaction, not yet signed by the client */
export function encodePreparedTransaction(proposal: SignedProposal, responsePayload: Buffer, endorsement: Endorsement): MessageWriter {
  const endorsementMessage = new MessageWriter().bytes(1, endorsement.endorser).bytes(2, endorsement.signature);
  const endorsedAction = new MessageWriter().bytes(1, responsePayload).message(2, endorsementMessage);
  const actionPayload = new MessageWriter().bytes(1, proposal.publicPayload).message(2, endorsedAction);
  const transactionAction = new MessageWriter().bytes(1, proposal.header.signature.raw).message(2, actionPayload);
  const transaction = new MessageWriter().message(1, transactionAction);
  return new MessageWriter().message(1, new MessageWriter().bytes(1, proposal.header.raw).message(2, transaction));
}

/** A `common.Envelope` taken apart as far as every kind of message goes. */
export interface SignedMessage {
  readonly payload: Buffer;
  readonly signature: Buffer;
  readonly header: Header;
  readonly data: Buffer;
}

/** @throws MalformedMessage */
export function decodeEnvelope(envelope: Buffer): SignedMessage {
  const [payload = EMPTY, signature = EMPTY] = bytesFields(envelope, 2);
  const [header = EMPTY, data = EMPTY] = bytesFields(payload, 2);
  return { payload, signature, header: decodeHeader(header), data };
}

export interface EndorsedTransaction extends SignedMessage {
  readonly publicPayload: Buffer;
  /** `peer.ProposalResponsePayload`. */
  readonly responsePayload: Buffer;
  readonly proposalHash: Buffer;
  readonly endorsements: readonly Endorsement[];
  readonly chaincodeName: string;
  readonly readWriteSet: Buffer;
  readonly response: ChaincodeResponse;
  /** `peer.ChaincodeEvent` as it stands in the block; empty if there is none. */
  readonly event: Buffer;
}

/** @param message an envelope of type ENDORSER_TRANSACTION; @throws MalformedMessage */
export function decodeTransaction(message: SignedMessage): EndorsedTransaction {
  const [action = EMPTY] = singleAction(message.data);
  const [actionHeader = EMPTY, actionPayload = EMPTY] = bytesFields(action, 2);
  if (!actionHeader.equals(message.header.signature.raw)) throw new MalformedMessage('the action has another signature header than the payload');
  const [publicPayload = EMPTY, endorsedAction = EMPTY] = bytesFields(actionPayload, 2);
  const { responsePayload, endorsements } = decodeEndorsedAction(endorsedAction);
  const [hash = EMPTY, chaincodeAction = EMPTY] = bytesFields(responsePayload, 2);
  return { ...message, publicPayload, responsePayload, endorsements, proposalHash: hash, ...decodeChaincodeAction(chaincodeAction) };
}

function singleAction(transaction: Buffer): Buffer[] {
  const actions: Buffer[] = [];
  eachField(transaction, (field, value) => {
    if (field === 1) actions.push(asBytes(value));
  });
  if (actions.length !== 1) throw new MalformedMessage(`a transaction has one action, this one has ${actions.length}`);
  return actions;
}

function decodeEndorsedAction(raw: Buffer): { responsePayload: Buffer; endorsements: Endorsement[] } {
  const found = { responsePayload: EMPTY as Buffer, endorsements: [] as Endorsement[] };
  eachField(raw, (field, value) => {
    if (field === 1) found.responsePayload = asBytes(value);
    else if (field === 2) found.endorsements.push(decodeEndorsement(asBytes(value)));
  });
  return found;
}

function decodeEndorsement(raw: Buffer): Endorsement {
  const [endorser = EMPTY, signature = EMPTY] = bytesFields(raw, 2);
  return { endorser, signature };
}

function decodeChaincodeAction(raw: Buffer): Pick<EndorsedTransaction, 'chaincodeName' | 'readWriteSet' | 'response' | 'event'> {
  const [readWriteSet = EMPTY, event = EMPTY, response = EMPTY, chaincodeId = EMPTY] = bytesFields(raw, 4);
  const [, name = EMPTY] = bytesFields(chaincodeId, 2);
  return { readWriteSet, event, response: decodeResponse(response), chaincodeName: name.toString('utf8') };
}

/** @throws MalformedMessage */
export function decodeResponse(raw: Buffer): ChaincodeResponse {
  const response = { status: 0, message: '', payload: EMPTY as Buffer };
  eachField(raw, (field, value) => {
    if (field === 1) response.status = asNumber(value);
    else if (field === 2) response.message = asText(value);
    else if (field === 3) response.payload = asBytes(value);
  });
  return response;
}

/** Chaincode and transaction that a `peer.ChaincodeEvent` names. */
export function eventOrigin(event: Buffer): { chaincodeName: string; transactionId: string } {
  const [name = EMPTY, transactionId = EMPTY] = bytesFields(event, 2);
  return { chaincodeName: name.toString('utf8'), transactionId: transactionId.toString('utf8') };
}
