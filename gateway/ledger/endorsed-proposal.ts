/**
 * Whether what comes back from an endorsement is what was proposed. Whoever signs it puts its name under a call, not under
 * whatever a peer likes: a payload that is signed can be read as a proposal, too, for their fields have the same numbers.
 */
import type { Buffer } from 'node:buffer';
import { WireError, WireReader } from './protobuf-wire.js';

/**
 * Fabric puts a transaction together of the proposal's own bytes (`protoutil.CreateTx`): its header, and one action with the
 * call, without what is transient. What endorsers computed of it is for the validating peers to judge.
 *
 * @param payload the serialised `common.Payload` that is to be signed
 * @param proposal the serialised `protos.Proposal` that was to be endorsed
 * @returns false for another header (transaction id, creator, channel), another call, or a field more than there should be
 */
export function isEndorsedProposal(payload: Uint8Array, proposal: Uint8Array): boolean {
  try {
    const [header, call] = partsOf(proposal, 1, 2);
    const [, signatureHeader] = partsOf(header, 1, 2);
    const [returnedHeader, data] = partsOf(payload, 1, 2);
    const [action] = partsOf(data, 1);
    const [actionHeader, actionPayload] = partsOf(action, 1, 2);
    const [returnedCall] = partsOf(actionPayload, 1, 2);
    const [input] = partsOf(returnedCall, 1);
    return header.equals(returnedHeader) && signatureHeader.equals(actionHeader) && inputOf(call).equals(input);
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

type Parts<Numbers extends readonly number[]> = { readonly [Index in keyof Numbers]: Buffer };

/** Just these fields, each once and in this order, as Fabric writes them. */
function partsOf<Numbers extends readonly number[]>(message: Uint8Array, ...numbers: Numbers): Parts<Numbers> {
  const reader = new WireReader(message);
  const parts = numbers.map((number) => {
    if (!reader.next() || reader.field !== number) throw new WireError(`field ${number} is not where it should be`);
    return reader.view();
  });
  if (reader.next()) throw new WireError(`field ${reader.field} is one too many`);
  return parts as Parts<Numbers>;
}

/** `ChaincodeProposalPayload.input`; the transient map beside it never reaches the transaction. */
function inputOf(call: Uint8Array): Buffer {
  const reader = new WireReader(call);
  if (!reader.next() || reader.field !== 1) throw new WireError('a proposal without a call');
  return reader.view();
}
