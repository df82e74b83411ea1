/** The checks of a transaction that need no world state: form, signatures, endorsement. Codes are Fabric's. */
import { createHash } from 'node:crypto';
import { peer } from '@hyperledger/fabric-protos';
import { OPERATOR_MSP } from './channel-config.js';
import { signedBy, type Membership } from './membership.js';
import { decodeReadWriteSets, type ReadWriteSet } from './read-write-set.js';
import {
  decodeEnvelope, decodeTransaction, eventOrigin, proposalHash, type Endorsement, type EndorsedTransaction, type SignedMessage,
} from './transaction-message.js';

/** Fabric's validation codes (`peer.TxValidationCode`), as far as this ledger gives them. */
export const CODE = {
  valid: peer.TxValidationCode.VALID,
  badPayload: peer.TxValidationCode.BAD_PAYLOAD,
  badCreatorSignature: peer.TxValidationCode.BAD_CREATOR_SIGNATURE,
  invalidEndorserTransaction: peer.TxValidationCode.INVALID_ENDORSER_TRANSACTION,
  badTransactionId: peer.TxValidationCode.BAD_PROPOSAL_TXID,
  duplicateTransactionId: peer.TxValidationCode.DUPLICATE_TXID,
  endorsementPolicyFailure: peer.TxValidationCode.ENDORSEMENT_POLICY_FAILURE,
  mvccReadConflict: peer.TxValidationCode.MVCC_READ_CONFLICT,
  phantomReadConflict: peer.TxValidationCode.PHANTOM_READ_CONFLICT,
  unknownTransactionType: peer.TxValidationCode.UNKNOWN_TX_TYPE,
  targetChannelNotFound: peer.TxValidationCode.TARGET_CHAIN_NOT_FOUND,
  badReadWriteSet: peer.TxValidationCode.BAD_RWSET,
  illegalWriteSet: peer.TxValidationCode.ILLEGAL_WRITESET,
  invalidChaincode: peer.TxValidationCode.INVALID_CHAINCODE,
} as const;

/** Codes after which the id in the envelope is not known to be the sender's to use. */
export const UNPROVEN_ID_CODES: ReadonlySet<number> = new Set([CODE.badPayload, CODE.badCreatorSignature, CODE.badTransactionId]);

/** Chaincodes that answer and never write: a transaction of theirs is not valid, whoever endorsed it. */
const SYSTEM_CHAINCODES: ReadonlySet<string> = new Set(['qscc']);
const ENDORSER_TRANSACTION = 3; // common.HeaderType.ENDORSER_TRANSACTION

export interface CheckedTransaction {
  readonly transactionId: string;
  /** `CODE.valid` if only the world state can still speak against it. */
  readonly code: number;
  readonly chaincodeName: string;
  readonly sets: readonly ReadWriteSet[];
  /** `peer.ChaincodeEvent`; empty if there is none. */
  readonly event: Buffer;
}

/** What the checks need to know about the channel. */
export interface CheckContext {
  readonly channel: string;
  readonly organisations: ReadonlySet<string>;
  readonly membership: Membership;
  /** True if this endorsement was made here a moment ago, so that its signature need not be checked again. */
  readonly isOwnEndorsement: (responsePayload: Buffer, endorsement: Endorsement) => boolean;
}

/** Checks one envelope; never throws, because whatever was ordered stands in the block with a code. */
export async function checkTransaction(envelope: Buffer, context: CheckContext): Promise<CheckedTransaction> {
  const message = attempt(() => decodeEnvelope(envelope));
  if (message === undefined) return refused('', CODE.badPayload);
  const transactionId = message.header.channel.transactionId;
  const headerCode = await checkHeader(message, context);
  if (headerCode !== CODE.valid) return refused(transactionId, headerCode);
  const transaction = attempt(() => decodeTransaction(message));
  if (transaction === undefined) return refused(transactionId, CODE.invalidEndorserTransaction);
  const sets = attempt(() => decodeReadWriteSets(transaction.readWriteSet));
  if (sets === undefined) return refused(transactionId, CODE.badReadWriteSet);
  const code = await checkEndorsedContent(transaction, sets, context);
  return code === CODE.valid
    ? { transactionId, code, chaincodeName: transaction.chaincodeName, sets, event: transaction.event }
    : refused(transactionId, code);
}

function refused(transactionId: string, code: number): CheckedTransaction {
  return { transactionId, code, chaincodeName: '', sets: [], event: Buffer.alloc(0) };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined; // unreadable bytes: the caller gives the code for what could not be read
  }
}

async function checkHeader({ header, payload, signature }: SignedMessage, context: CheckContext): Promise<number> {
  if (header.channel.type !== ENDORSER_TRANSACTION) return CODE.unknownTransactionType;
  if (header.channel.channelId !== context.channel) return CODE.targetChannelNotFound;
  const creator = context.membership.member(header.signature.creator);
  if (creator === undefined || !context.organisations.has(creator.mspId)) return CODE.badCreatorSignature;
  if (!await signedBy(creator, payload, signature)) return CODE.badCreatorSignature;
  return header.channel.transactionId === transactionIdFor(header.signature.nonce, header.signature.creator) ? CODE.valid : CODE.badTransactionId;
}

/** SHA-256 of nonce and creator, in lower-case hexadecimal: the id only this creator could choose. */
export function transactionIdFor(nonce: Buffer, creator: Buffer): string {
  return createHash('sha256').update(nonce).update(creator).digest('hex');
}

async function checkEndorsedContent(transaction: EndorsedTransaction, sets: readonly ReadWriteSet[], context: CheckContext): Promise<number> {
  const { chaincodeName, header } = transaction;
  if (!transaction.proposalHash.equals(proposalHash(header, transaction.publicPayload))) return CODE.invalidEndorserTransaction;
  if (SYSTEM_CHAINCODES.has(chaincodeName) || header.channel.chaincodeName !== chaincodeName) return CODE.invalidChaincode;
  if (sets.some((set) => set.namespace !== chaincodeName)) return CODE.illegalWriteSet;
  if (!eventBelongs(transaction)) return CODE.invalidEndorserTransaction;
  return await operatorEndorsesForAll(transaction, context) ? CODE.valid : CODE.endorsementPolicyFailure;
}

function eventBelongs({ event, chaincodeName, header }: EndorsedTransaction): boolean {
  if (event.length === 0) return true;
  const origin = eventOrigin(event);
  return origin.chaincodeName === chaincodeName && origin.transactionId === header.channel.transactionId;
}

/**
 * The one endorsement policy here: a peer of the operator endorses for all. It meets what a network of peers asks of several
 * organisations, for the chaincode's keys and for those of its collections alike; nobody else keeps a peer.
 */
async function operatorEndorsesForAll({ endorsements, responsePayload }: EndorsedTransaction, context: CheckContext): Promise<boolean> {
  for (const endorsement of endorsements) {
    if (context.isOwnEndorsement(responsePayload, endorsement) || await isByOperator(responsePayload, endorsement, context.membership)) return true;
  }
  return false;
}

async function isByOperator(responsePayload: Buffer, { endorser, signature }: Endorsement, membership: Membership): Promise<boolean> {
  const member = membership.member(endorser);
  return member?.mspId === OPERATOR_MSP && member.role === 'peer' && signedBy(member, Buffer.concat([responsePayload, endorser]), signature);
}
