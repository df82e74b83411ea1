/** Bytes that are a `common.Payload` and a `protos.Proposal` at the same time: their fields have the same numbers. */
import { Buffer } from 'node:buffer';
import { peer } from '@hyperledger/fabric-protos';

/**
 * @param header of a proposal, taken over whole
 * @param call what it calls when it is read as a proposal; read as a transaction, it has an action with a response
 */
export function payloadOfBothKinds(header: Uint8Array, call: readonly string[]): Uint8Array {
  const proposal = new peer.Proposal();
  proposal.setHeader(header);
  // Of a field that occurs twice, the last counts for one reader, and both for the other.
  proposal.setPayload(Buffer.concat([transactionWithResponse(), proposalPayload(call)]));
  return proposal.serializeBinary();
}

/** A `ChaincodeProposalPayload`. */
export function proposalPayload(call: readonly string[]): Uint8Array {
  const input = new peer.ChaincodeInput();
  input.setArgsList(call.map((one) => Buffer.from(one)));
  const chaincode = new peer.ChaincodeID();
  chaincode.setName('counter');
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(chaincode);
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  return payload.serializeBinary();
}

function transactionWithResponse(): Uint8Array {
  const response = new peer.Response();
  response.setStatus(200);
  const action = new peer.ChaincodeAction();
  action.setResponse(response);
  const responsePayload = new peer.ProposalResponsePayload();
  responsePayload.setExtension$(action.serializeBinary());
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(responsePayload.serializeBinary());
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setAction(endorsed);
  const transactionAction = new peer.TransactionAction();
  transactionAction.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([transactionAction]);
  return transaction.serializeBinary();
}
