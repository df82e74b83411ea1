/** Well-formed receipts that answer something else, or whose question or answer was changed after signing. */
import { common, peer } from '@hyperledger/fabric-protos';
import { unknown } from '../../verifier/core/report.js';
import { NOW } from './certificate-builder.js';
import { ITEM, type Parts, proposalPayloadOf, receipt, type World } from './receipt-builder.js';
import { fails, type Row } from './receipt-row.js';

const ASKED = 'the question as asked';
const HASH = 'Fabric transaction flow: proposal_hash covers both headers and the proposal payload';
const TX_ID = 'Fabric transaction flow: tx_id is SHA-256 of nonce and creator';
const SIGNED = 'Fabric transaction flow: a peer signs the response payload and its identity';
const READ_ONLY = 'receipt: a signed read, never submitted';

const OTHER_ITEM = '/01/09520000000011/10/LÔ-8';

/** A receipt for another item, whose question is then rewritten into the one that was asked. */
const disguised = (world: World, change: (parts: Parts) => void): string =>
  receipt(world, { input: ['goods:readItem', OTHER_ITEM] }, change);

function rewriteSigned(parts: Parts, change: (action: peer.ChaincodeAction) => void): void {
  const answer = peer.ProposalResponsePayload.deserializeBinary(parts.signed);
  const action = peer.ChaincodeAction.deserializeBinary(answer.getExtension_asU8());
  change(action);
  answer.setExtension$(action.serializeBinary());
  parts.signed = answer.serializeBinary();
}

const NO_SIGNATURE_HOLDS = fails({ signatures: 'RECEIPT_SIGNATURE_WRONG', organisations: 'RECEIPT_TOO_FEW_ORGANISATIONS' });

export const QUESTION_ROWS: readonly Row[] = [
  { name: 'another channel', source: ASKED, receipt: (w) => receipt(w, { channel: 'tracé' }), upset: fails({ channel: 'RECEIPT_OTHER_CHANNEL' }) },
  { name: 'another chaincode in the header', source: ASKED, receipt: (w) => receipt(w, { headerChaincode: 'minhchung2' }), upset: fails({ chaincode: 'RECEIPT_OTHER_CHAINCODE' }) },
  { name: 'another chaincode in the invocation', source: ASKED, receipt: (w) => receipt(w, { invokedChaincode: '' }), upset: fails({ chaincode: 'RECEIPT_OTHER_CHAINCODE' }) },
  { name: 'another chaincode in the answer', source: ASKED, receipt: (w) => receipt(w, { answeredChaincode: 'Minhchung' }), upset: fails({ chaincode: 'RECEIPT_OTHER_CHAINCODE' }) },
  { name: 'another function', source: ASKED, receipt: (w) => receipt(w, { input: ['goods:readLot', ITEM] }), upset: fails({ function: 'RECEIPT_OTHER_FUNCTION' }) },
  { name: 'the function without its contract', source: ASKED, receipt: (w) => receipt(w, { input: ['readItem', ITEM] }), upset: fails({ function: 'RECEIPT_OTHER_FUNCTION' }) },
  { name: 'no function and no argument', source: ASKED, receipt: (w) => receipt(w, { input: [] }), upset: fails({ function: 'RECEIPT_OTHER_FUNCTION', arguments: 'RECEIPT_OTHER_ARGUMENTS' }) },
  { name: 'another argument', source: ASKED, receipt: (w) => receipt(w, { input: ['goods:readItem', OTHER_ITEM] }), upset: fails({ arguments: 'RECEIPT_OTHER_ARGUMENTS' }) },
  { name: 'an argument in Unicode form NFD', source: ASKED, receipt: (w) => receipt(w, { input: ['goods:readItem', ITEM.normalize('NFD')] }), upset: fails({ arguments: 'RECEIPT_OTHER_ARGUMENTS' }) },
  { name: 'an argument after a byte order mark', source: ASKED, receipt: (w) => receipt(w, { input: ['goods:readItem', `\uFEFF${ITEM}`] }), upset: fails({ arguments: 'RECEIPT_OTHER_ARGUMENTS' }) },
  { name: 'an argument that is not UTF-8', source: ASKED, receipt: (w) => receipt(w, { input: ['goods:readItem', Buffer.of(0xc0, 0x80)] }), upset: fails({ arguments: 'RECEIPT_OTHER_ARGUMENTS' }) },
  { name: 'one argument more', source: ASKED, receipt: (w) => receipt(w, { input: ['goods:readItem', ITEM, ''] }), upset: fails({ arguments: 'RECEIPT_OTHER_ARGUMENTS' }) },
  { name: 'one argument fewer', source: ASKED, receipt: (w) => receipt(w, { input: ['goods:readItem'] }), upset: fails({ arguments: 'RECEIPT_OTHER_ARGUMENTS' }) },

  { name: 'arguments rewritten into those that were asked', source: HASH,
    receipt: (w) => disguised(w, (parts) => { parts.proposalPayload = proposalPayloadOf({ invokedChaincode: 'minhchung', input: ['goods:readItem', ITEM] }); }),
    upset: fails({ proposalHash: 'RECEIPT_PROPOSAL_HASH_WRONG' }) },
  { name: 'arguments rewritten into others', source: HASH,
    receipt: (w) => receipt(w, {}, (parts) => { parts.proposalPayload = proposalPayloadOf({ invokedChaincode: 'minhchung', input: ['goods:readItem', OTHER_ITEM] }); }),
    upset: fails({ arguments: 'RECEIPT_OTHER_ARGUMENTS', proposalHash: 'RECEIPT_PROPOSAL_HASH_WRONG' }) },
  { name: 'the instant rewritten', source: HASH,
    receipt: (w) => receipt(w, {}, (parts) => { parts.channelHeader = later(parts.channelHeader); }),
    upset: fails({ proposalHash: 'RECEIPT_PROPOSAL_HASH_WRONG' }) },
  { name: 'another hash signed', source: HASH,
    receipt: (w) => receipt(w, { proposalHash: (right) => right.map((byte) => byte ^ 1) }),
    upset: fails({ proposalHash: 'RECEIPT_PROPOSAL_HASH_WRONG' }) },
  { name: 'no hash signed', source: HASH,
    receipt: (w) => receipt(w, { proposalHash: () => new Uint8Array(0) }),
    upset: fails({ proposalHash: 'RECEIPT_PROPOSAL_HASH_WRONG' }) },

  { name: 'another transaction id', source: TX_ID, receipt: (w) => receipt(w, { transactionId: () => '0'.repeat(64) }), upset: fails({ transactionId: 'RECEIPT_TRANSACTION_ID_WRONG' }) },
  { name: 'the transaction id in capitals', source: TX_ID, receipt: (w) => receipt(w, { transactionId: (right) => `${right.slice(0, -2)}AB` }), upset: fails({ transactionId: 'RECEIPT_TRANSACTION_ID_WRONG' }) },
  { name: 'the nonce rewritten', source: TX_ID,
    receipt: (w) => receipt(w, {}, (parts) => { parts.signatureHeader = withNonce(parts.signatureHeader); parts.headerCopy = parts.signatureHeader; }),
    upset: fails({ transactionId: 'RECEIPT_TRANSACTION_ID_WRONG', proposalHash: 'RECEIPT_PROPOSAL_HASH_WRONG' }) },

  { name: 'the response rewritten', source: SIGNED,
    receipt: (w) => receipt(w, {}, (parts) => rewriteSigned(parts, (action) => action.getResponse()?.setPayload(Buffer.from('{"name":"Trà giả"}')))),
    upset: NO_SIGNATURE_HOLDS },
  { name: 'the version that was read rewritten', source: SIGNED,
    receipt: (w) => receipt(w, {}, (parts) => rewriteSigned(parts, (action) => action.setResults(Buffer.from(action.getResults_asU8()).map((byte) => (byte === 12 ? 13 : byte))))),
    upset: NO_SIGNATURE_HOLDS },

  { name: 'status 500', source: 'fabric-protos peer/proposal_response.proto', receipt: (w) => receipt(w, { status: 500 }), upset: fails({ response: 'RECEIPT_RESPONSE_STATUS' }) },
  { name: 'status 0', source: 'fabric-protos peer/proposal_response.proto', receipt: (w) => receipt(w, { status: 0 }), upset: fails({ response: 'RECEIPT_RESPONSE_STATUS' }) },
  { name: 'a response that is not UTF-8', source: 'receipt: the answer is text', receipt: (w) => receipt(w, { response: Buffer.of(0xff) }), upset: fails({ response: 'RECEIPT_RESPONSE_NOT_TEXT' }) },

  { name: 'a write', source: READ_ONLY, receipt: (w) => receipt(w, { namespaces: [{ name: 'minhchung', writes: [{ key: ITEM, value: '{}' }] }] }), upset: fails({ readOnly: 'RECEIPT_NOT_READ_ONLY' }) },
  { name: 'a write in another chaincode', source: READ_ONLY, receipt: (w) => receipt(w, { namespaces: [{ name: 'other', writes: [{ key: 'k', value: 'v' }] }] }), upset: fails({ readOnly: 'RECEIPT_NOT_READ_ONLY' }) },
  { name: 'a metadata write', source: READ_ONLY, receipt: (w) => receipt(w, { namespaces: [{ name: 'minhchung', metadataWrites: [ITEM] }] }), upset: fails({ readOnly: 'RECEIPT_NOT_READ_ONLY' }) },
  { name: 'a private write', source: READ_ONLY, receipt: (w) => receipt(w, { namespaces: [{ name: 'minhchung', privateWrites: 1 }] }), upset: fails({ readOnly: 'RECEIPT_NOT_READ_ONLY' }) },
  { name: 'an event', source: READ_ONLY, receipt: (w) => receipt(w, { event: Buffer.of(0x0a, 0x00) }), upset: fails({ readOnly: 'RECEIPT_NOT_READ_ONLY' }) },

  { name: 'asked more than 15 minutes from now', source: 'D4; Fabric core.yaml peer.authentication.timewindow',
    receipt: (w) => receipt(w),
    expected: (expected) => ({ ...expected, now: NOW - 15 * 60_000 - 1 }),
    upset: { time: unknown('RECEIPT_FROM_THE_FUTURE') } },
  { name: 'no clock here', source: 'D4', receipt: (w) => receipt(w), expected: (expected) => ({ ...expected, now: Number.NaN }), upset: { time: unknown('RECEIPT_FROM_THE_FUTURE') } },
];

function later(channelHeader: Uint8Array): Uint8Array {
  const header = common.ChannelHeader.deserializeBinary(channelHeader);
  header.getTimestamp()?.setSeconds(NOW / 1000 + 1);
  return header.serializeBinary();
}

function withNonce(signatureHeader: Uint8Array): Uint8Array {
  const header = common.SignatureHeader.deserializeBinary(signatureHeader);
  header.setNonce(new Uint8Array(24));
  return header.serializeBinary();
}
