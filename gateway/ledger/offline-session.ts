/** Proposals and transactions that somebody outside signs: the library's own steps for keys it never sees. */
import { Buffer } from 'node:buffer';
import { connect, hash, type Gateway, type Transaction } from '@hyperledger/fabric-gateway';
import { common, gateway as messages, peer } from '@hyperledger/fabric-protos';
import type { SessionOptions } from './fabric-session.js';
import { endorseAllowance } from './endorse-allowance.js';
import { guarded } from './gateway-failure.js';
import type { EndorsedTransaction, LedgerIdentity, OfflineSigning, SignedTransaction, UnsignedBytes } from './ledger.js';
import { overPeers } from './over-peers.js';
import type { PeerLink } from './peer-link.js';
import { endorsedBySufficient } from './required-endorsers.js';

/** Blocks and heights are read by nobody here. */
export type OfflineOptions = Omit<SessionOptions, 'chain'>;

export class OfflineSession implements OfflineSigning {
  readonly #options: OfflineOptions;

  constructor(options: OfflineOptions) {
    this.#options = options;
  }

  propose(identity: Pick<LedgerIdentity, 'mspId' | 'certificate'>, transaction: string, args: readonly string[]): UnsignedBytes {
    const { channel, chaincode, watch } = this.#options;
    const [link] = watch.links();
    if (link === undefined) throw new TypeError('a network without peers');
    const gateway = connect({ client: link.client, identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificate) }, hash: hash.none });
    const proposal = gateway.getNetwork(channel).getContract(chaincode).newProposal(transaction, { arguments: [...args] });
    // With `hash.none` the digest to be signed is the serialised proposal itself.
    return { transactionId: proposal.getTransactionId(), bytes: proposal.getDigest() };
  }

  async endorse({ transactionId, bytes }: UnsignedBytes, signature: Uint8Array): Promise<EndorsedTransaction> {
    const { watch, deadlines, minimumOrganisations = 1, requiredEndorsers: required = {} } = this.#options;
    const allowance = endorseAllowance(deadlines.endorse, bytes.length);
    return overPeers(watch, 'endorse', async (link) => {
      const endorse = async (named: readonly string[] = []): Promise<Transaction> => {
        const proposal = this.#over(link).newSignedProposal(proposedTransaction(transactionId, bytes, named), signature);
        return guarded('endorse', async () => proposal.endorse({ deadline: Date.now() + allowance }), transactionId);
      };
      const endorsed = await endorsedBySufficient({ named: watch.endorsers(minimumOrganisations), required, endorse, payloadOf: (one) => one.getDigest() });
      return { transactionId, bytes: endorsed.getDigest(), result: Buffer.from(endorsed.getResult()).toString('utf8') };
    });
  }

  seal({ transactionId, bytes, result }: EndorsedTransaction, signature: Uint8Array): SignedTransaction {
    const envelope = new common.Envelope();
    envelope.setPayload(bytes);
    envelope.setSignature(signature);
    const prepared = new messages.PreparedTransaction();
    prepared.setTransactionId(transactionId);
    prepared.setEnvelope(envelope);
    return { transactionId, bytes: prepared.serializeBinary(), result };
  }

  /** A gateway of nobody: what passes through it is signed already. */
  #over({ client }: PeerLink): Gateway {
    return connect({ client, identity: { mspId: '', credentials: Buffer.alloc(0) }, hash: hash.none });
  }
}

function proposedTransaction(transactionId: string, proposal: Uint8Array, endorsers: readonly string[]): Uint8Array {
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(proposal);
  const proposed = new messages.ProposedTransaction();
  proposed.setTransactionId(transactionId);
  proposed.setProposal(signed);
  proposed.setEndorsingOrganizationsList([...endorsers]);
  return proposed.serializeBinary();
}
