/** Transactions as a client sends them who keeps to no rule but the orderers': that it signs what it sends. */
import { Buffer } from 'node:buffer';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import type { LedgerConnection, LedgerIdentity } from '../../gateway/ledger/ledger.js';
import { nativeSigner } from '../../gateway/ledger/native-signer.js';
import { openPeerLink, type PeerAddress } from '../../gateway/ledger/peer-link.js';

/** Changes what the channel header and the signature header stand before: `common.Payload.data`. */
export type Change = (data: Uint8Array) => Uint8Array;

/** What every endorser signed is gone, and what it would write stays. */
export const withoutEndorsements: Change = (data) => {
  const transaction = peer.Transaction.deserializeBinary(data);
  const [only] = transaction.getActionsList();
  const payload = peer.ChaincodeActionPayload.deserializeBinary(only?.getPayload_asU8() ?? new Uint8Array());
  payload.getAction()?.setEndorsementsList([]);
  only?.setPayload(payload.serializeBinary());
  return transaction.serializeBinary();
};

/** No message at all. */
export const garbage: Change = () => Buffer.from([0xff, 0xff]);

export interface Hostile {
  readonly connection: LedgerConnection;
  /** whose gateway service passes it on: the client's own library would refuse some of it */
  readonly through: PeerAddress;
  readonly channel: string;
  readonly identity: LedgerIdentity;
}

/**
 * Has a call endorsed, changes it, signs it anew, and hands it to the orderers.
 *
 * @param call e.g. `['goods:commission', '{…}']`
 * @returns its id
 */
export async function submitChanged({ connection, through, channel, identity }: Hostile, call: readonly [string, string], change: Change): Promise<string> {
  const { transactionId, bytes } = await connection.ledgerFor(identity).endorse(call[0], [call[1]]);
  const endorsed = gateway.PreparedTransaction.deserializeBinary(bytes).getEnvelope()?.getPayload_asU8() ?? new Uint8Array();
  const payload = common.Payload.deserializeBinary(endorsed);
  payload.setData(change(payload.getData_asU8()));
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(await nativeSigner(identity.privateKey)(payload.serializeBinary()));
  const request = new gateway.SubmitRequest();
  request.setTransactionId(transactionId);
  request.setChannelId(channel);
  request.setPreparedTransaction(envelope);
  await submit(through, Buffer.from(request.serializeBinary()));
  return transactionId;
}

async function submit(through: PeerAddress, request: Buffer): Promise<void> {
  const { client } = openPeerLink(through);
  const asIs = (bytes: Buffer): Buffer => bytes;
  try {
    await new Promise<void>((resolve, reject) => {
      client.makeUnaryRequest('/gateway.Gateway/Submit', asIs, asIs, request, (error) => { if (error === null) resolve(); else reject(error); });
    });
  } finally {
    client.close();
  }
}
