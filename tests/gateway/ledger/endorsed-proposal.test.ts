import { Buffer } from 'node:buffer';
import { common, peer } from '@hyperledger/fabric-protos';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isEndorsedProposal } from '../../../gateway/ledger/endorsed-proposal.js';
import type { LedgerConnection, UnsignedBytes } from '../../../gateway/ledger/ledger.js';
import { nativeSigner } from '../../../gateway/ledger/native-signer.js';
import { CounterNetwork } from './counter-network.js';
import { payloadOfBothKinds, proposalPayload } from './payload-of-both-kinds.js';

let network: CounterNetwork;
let connection: LedgerConnection;
let proposal: Uint8Array;
let payload: Uint8Array;
/** of another call, in the same name */
let otherPayload: Uint8Array;

beforeAll(async () => {
  network = await CounterNetwork.start();
  connection = network.connect();
  const proposed = propose('mine');
  [proposal, payload, otherPayload] = [proposed.bytes, await endorsed(proposed), await endorsed(propose('other'))];
});
afterAll(async () => {
  connection.close();
  await network.stop();
});

function propose(key: string): UnsignedBytes {
  return connection.offline.propose(network.identity, 'put', [key, 'v']);
}

async function endorsed(proposed: UnsignedBytes): Promise<Uint8Array> {
  return (await connection.offline.endorse(proposed, await nativeSigner(network.identity.privateKey)(proposed.bytes))).bytes;
}

const header = (): Uint8Array => peer.Proposal.deserializeBinary(proposal).getHeader_asU8();
const transactionOf = (bytes: Uint8Array): peer.Transaction => peer.Transaction.deserializeBinary(common.Payload.deserializeBinary(bytes).getData_asU8());
/** an unknown field 15 of one byte */
const ONE_MORE = Buffer.from([0x7a, 0x01, 0x00]);

/** The endorsed payload with its transaction changed. */
function changed(change: (transaction: peer.Transaction) => void): Uint8Array {
  const transaction = transactionOf(payload);
  change(transaction);
  const copy = common.Payload.deserializeBinary(payload);
  copy.setData(transaction.serializeBinary());
  return copy.serializeBinary();
}

/** … with the payload of its action changed. */
function changedAction(change: (action: peer.ChaincodeActionPayload) => void): Uint8Array {
  return changed((transaction) => {
    const [action] = transaction.getActionsList();
    const content = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? new Uint8Array());
    change(content);
    action?.setPayload(content.serializeBinary());
  });
}

describe('a payload to be signed', () => {
  it('is what was proposed', () => {
    expect(isEndorsedProposal(payload, proposal)).toBe(true);
  });

  it.each<[string, () => Uint8Array]>([
    ['nothing', () => new Uint8Array()],
    ['the proposal itself', () => proposal],
    ['another transaction in the same name', () => otherPayload],
    ['a proposal that can be read as this transaction', () => payloadOfBothKinds(header(), ['put', 'stolen', 'v'])],
    ['another call under the same header', () => changedAction((action) => action.setChaincodeProposalPayload(proposalPayload(['put', 'stolen', 'v'])))],
    ['no call', () => changedAction((action) => action.setChaincodeProposalPayload(new Uint8Array()))],
    ['a call with something beside it', () => changedAction((action) => action.setChaincodeProposalPayload(Buffer.concat([action.getChaincodeProposalPayload_asU8(), ONE_MORE])))],
    ['the call, and another one after it', () => changedAction((action) => action.setChaincodeProposalPayload(Buffer.concat([action.getChaincodeProposalPayload_asU8(), proposalPayload(['put', 'stolen', 'v'])])))],
    ['an action that was not endorsed', () => changedAction((action) => action.clearAction())],
    ['two actions', () => changed((transaction) => transaction.setActionsList([...transaction.getActionsList(), ...transactionOf(otherPayload).getActionsList()]))],
    ['no action', () => changed((transaction) => transaction.clearActionsList())],
    ['an action of another creator', () => changed((transaction) => transaction.getActionsList()[0]?.setHeader(Buffer.from('other')))],
    ['its header twice', () => Buffer.concat([payload.subarray(0, payload.indexOf(0x12, header().length)), payload])],
    ['a field more', () => Buffer.concat([payload, ONE_MORE])],
    ['a field more at its head', () => Buffer.concat([ONE_MORE, payload])],
    ['its data twice', () => Buffer.concat([payload, otherPayload])],
  ])('is refused: %s', (_name, make) => {
    expect(isEndorsedProposal(make(), proposal)).toBe(false);
  });

  it('cut or changed anywhere in header or call, is refused', () => {
    const call = Buffer.from(peer.ChaincodeProposalPayload.deserializeBinary(peer.Proposal.deserializeBinary(proposal).getPayload_asU8()).getInput_asU8());
    const at = Buffer.from(payload).indexOf(call);
    const places = fc.oneof(fc.integer({ min: 0, max: header().length }), fc.integer({ min: at, max: at + call.length - 1 }));
    fc.assert(fc.property(places, fc.integer({ min: 1, max: 255 }), (place, flip) => {
      const broken = Buffer.from(payload);
      broken[place] = (broken[place] ?? 0) ^ flip;
      expect([isEndorsedProposal(broken, proposal), isEndorsedProposal(payload.subarray(0, place), proposal)]).toEqual([false, false]);
    }));
  });

  it('may be any bytes at all', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(isEndorsedProposal(bytes, proposal)).toBe(false);
    }));
  });
});
