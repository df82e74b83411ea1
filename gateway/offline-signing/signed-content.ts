/** What the bytes say that are to be signed: whoever signs looks before it signs, and need not believe the gateway. */
import { createHash } from 'node:crypto';
import { WireError, WireReader } from '../ledger/protobuf-wire.js';

/** The call that a proposal, or a transaction, makes. */
export interface SignedCall {
  readonly channel: string;
  /** the name of the chaincode, as the header and as the invocation has it: peers take the first, and say no word about the second */
  readonly chaincodes: readonly [header: string, invocation: string];
  /** SHA-256 over nonce and creator, as the bytes themselves give it */
  readonly transactionId: string;
  /** the certificate in whose name it is, PEM */
  readonly certificate: string;
  /** function and arguments, e.g. `['goods:ship', '{"items":[…]}']` */
  readonly call: readonly string[];
}

const NOTHING: Uint8Array = new Uint8Array();

/** The last occurrence of a field, as peers read it; empty if there is none. */
function field(bytes: Uint8Array, number: number): Uint8Array {
  const reader = new WireReader(bytes);
  let found = NOTHING;
  while (reader.next()) if (reader.field === number) found = reader.view();
  return found;
}

const along = (bytes: Uint8Array, ...path: readonly number[]): Uint8Array => path.reduce(field, bytes);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** @param bytes a serialised `protos.Proposal`; @throws TypeError for anything else */
export function callOfProposal(bytes: Uint8Array): SignedCall {
  return reading(() => callOf(field(bytes, 1), field(bytes, 2)));
}

/** @param bytes a serialised `common.Payload` of an endorsed transaction; @throws TypeError for anything else */
export function callOfTransaction(bytes: Uint8Array): SignedCall {
  // Transaction → TransactionAction → ChaincodeActionPayload → its proposal's payload.
  return reading(() => callOf(field(bytes, 1), along(bytes, 2, 1, 2, 1)));
}

function callOf(header: Uint8Array, proposalPayload: Uint8Array): SignedCall {
  const creator = along(header, 2, 1);
  const id = createHash('sha256').update(along(header, 2, 2)).update(creator);
  const chaincodes = [text(along(header, 1, 7, 2, 2)), text(along(proposalPayload, 1, 1, 2, 2))] as const;
  return { channel: text(along(header, 1, 4)), chaincodes, transactionId: id.digest('hex'), certificate: text(field(creator, 2)), call: argumentsIn(proposalPayload) };
}

/** ChaincodeProposalPayload → ChaincodeInvocationSpec → ChaincodeSpec → ChaincodeInput. */
function argumentsIn(proposalPayload: Uint8Array): string[] {
  const reader = new WireReader(along(proposalPayload, 1, 1, 3));
  const found: string[] = [];
  while (reader.next()) if (reader.field === 1) found.push(reader.text());
  return found;
}

function reading(read: () => SignedCall): SignedCall {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) throw new TypeError('these bytes are no transaction', { cause: error });
    throw error;
  }
}
