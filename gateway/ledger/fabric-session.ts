/** A ledger as one identity sees it, over the peers of a network. */
import { Buffer } from 'node:buffer';
import { connect, GatewayError, hash, type Contract, type Gateway, type Transaction } from '@hyperledger/fabric-gateway';
import { gateway as gatewayMessages, msp } from '@hyperledger/fabric-protos';
import { agreedStatus, type CommitStatus } from './agreed-status.js';
import { endorseAllowance } from './endorse-allowance.js';
import { isEndorsedProposal } from './endorsed-proposal.js';
import { guarded } from './gateway-failure.js';
import { LedgerFailure, type LedgerIdentity, type LedgerReader, type LedgerSession, type SignedTransaction, type TransientData } from './ledger.js';
import { nativeSigner, type MessageSigner } from './native-signer.js';
import { overPeers, sendOverPeers } from './over-peers.js';
import type { PeerLink } from './peer-link.js';
import type { PeerWatch } from './peer-watch.js';
import { signerSets } from './receipt-signers.js';
import { endorsedBySufficient, type RequiredEndorsers } from './required-endorsers.js';

/** How long each step may take, in milliseconds. */
export interface Deadlines {
  readonly evaluate: number;
  readonly endorse: number;
  readonly submit: number;
  readonly status: number;
}

export interface SessionOptions {
  readonly channel: string;
  readonly chaincode: string;
  readonly watch: PeerWatch;
  readonly deadlines: Deadlines;
  /** how many organisations sign a receipt, and endorse at the least; absent: as the endorsement policy asks for */
  readonly minimumOrganisations?: number;
  /** how many organisations' peers must say what became of a transaction, or that it is refused, e.g. 2 */
  readonly agreeing: number;
  /** who must endorse what writes a collection; absent: nobody in particular */
  readonly requiredEndorsers?: RequiredEndorsers;
  /** what every identity reads alike: blocks and heights */
  readonly chain: Pick<LedgerReader, 'blocks' | 'height'>;
}

/** The gateway service of one peer, for one identity. */
interface Service {
  readonly gateway: Gateway;
  readonly contract: Contract;
}

export class FabricSession implements LedgerSession, LedgerReader {
  readonly #identity: LedgerIdentity;
  readonly #options: SessionOptions;
  readonly #sign: MessageSigner;
  /** by peer, made when first needed: most identities never need a second one */
  readonly #services = new Map<PeerLink, Service>();

  /** @throws TypeError if the identity's key is not on P-256 */
  constructor(identity: LedgerIdentity, options: SessionOptions) {
    this.#identity = identity;
    this.#options = options;
    this.#sign = nativeSigner(identity.privateKey);
  }

  async evaluate(transaction: string, args: readonly string[]): Promise<string> {
    const { watch } = this.#options;
    return textOf(await overPeers(watch, 'evaluate', async (link) => guarded('evaluate', async () => this.#at(link).contract.evaluateTransaction(transaction, ...args))));
  }

  async endorse(transaction: string, args: readonly string[], transient: TransientData = {}): Promise<SignedTransaction> {
    const { watch, deadlines, minimumOrganisations = 1, requiredEndorsers: required = {} } = this.#options;
    const allowance = endorseAllowance(deadlines.endorse, args.reduce((sum, text) => sum + text.length, 0));
    return overPeers(watch, 'endorse', async (link) => {
      const { gateway, contract } = this.#at(link);
      const endorse = async (named: readonly string[] | undefined): Promise<Transaction> => {
        const proposal = contract.newProposal(transaction, { arguments: [...args], transientData: transient, ...endorsedBy(named) });
        const endorsed = await guarded('endorse', async () => proposal.endorse({ deadline: Date.now() + allowance }), proposal.getTransactionId());
        // With `hash.none` the digest of a proposal is the serialised proposal itself.
        if (!isEndorsedProposal(payloadOf(endorsed), proposal.getDigest())) throw this.#deceived(link, proposal.getTransactionId());
        return endorsed;
      };
      const unsigned = await endorsedBySufficient({ named: watch.endorsers(minimumOrganisations), required, endorse, payloadOf });
      const signed = gateway.newSignedTransaction(unsigned.getBytes(), await this.#sign(payloadOf(unsigned)));
      return { transactionId: signed.getTransactionId(), bytes: signed.getBytes(), result: textOf(signed.getResult()) };
    });
  }

  async signedRead(transaction: string, args: readonly string[]): Promise<Uint8Array> {
    const { watch, minimumOrganisations } = this.#options;
    if (minimumOrganisations === undefined) return overPeers(watch, 'evaluate', async (link) => this.#signedBy(link, transaction, args));
    return this.#signedByEnough(minimumOrganisations, transaction, args);
  }

  /** One set of organisations after the other: those of a peer that is away, or that lags, are passed over. */
  async #signedByEnough(count: number, transaction: string, args: readonly string[]): Promise<Uint8Array> {
    const { watch } = this.#options;
    let failure: unknown;
    for (const signers of signerSets(watch.links().map(({ peer }) => peer.mspId), count)) {
      try {
        return await overPeers(watch, 'evaluate', async (link) => this.#signedBy(link, transaction, args, signers));
      } catch (error) {
        if (!(error instanceof LedgerFailure)) throw error;
        failure ??= error;
      }
    }
    throw failure;
  }

  async #signedBy(link: PeerLink, transaction: string, args: readonly string[], signers?: readonly string[]): Promise<Uint8Array> {
    const proposal = this.#at(link).contract.newProposal(transaction, { arguments: [...args], ...endorsedBy(signers) });
    return payloadOf(await guarded('evaluate', async () => proposal.endorse()));
  }

  async send(signed: SignedTransaction): Promise<void> {
    const { watch, agreeing } = this.#options;
    // Bytes that are signed already are not signed again.
    await sendOverPeers(watch, agreeing, async (link) => guarded('submit', async () => this.#at(link).gateway.newTransaction(signed.bytes).submit(), signed.transactionId));
  }

  async commitStatus(transactionId: string): Promise<CommitStatus | undefined> {
    const { watch, agreeing } = this.#options;
    return agreedStatus(watch.links().map((link) => ({ organisation: link.peer.mspId, answer: this.#statusAt(link, transactionId) })), agreeing);
  }

  async #statusAt(link: PeerLink, transactionId: string): Promise<CommitStatus | undefined> {
    try {
      const status = await this.#at(link).gateway.newCommit(this.#commitRequest(transactionId)).getStatus();
      return { code: status.code, block: status.blockNumber };
    } catch (error) {
      if (error instanceof GatewayError) return undefined;
      throw error;
    }
  }

  blocks: LedgerReader['blocks'] = (from, signal) => this.#options.chain.blocks(from, signal);

  async height(): Promise<bigint> {
    return this.#options.chain.height();
  }

  /** It returned something else than was proposed: it is not asked again soon, and another one may be honest. */
  #deceived(link: PeerLink, transactionId: string): LedgerFailure {
    this.#options.watch.distrust(link);
    return new LedgerFailure({ stage: 'endorse', transactionId, retry: 'new-id', code: 'TRANSACTION_DIFFERENT' }, `${link.peer.address} returned another transaction than was proposed`);
  }

  #commitRequest(transactionId: string): Uint8Array {
    const creator = new msp.SerializedIdentity();
    creator.setMspid(this.#identity.mspId);
    creator.setIdBytes(Buffer.from(this.#identity.certificate));
    const request = new gatewayMessages.CommitStatusRequest();
    request.setChannelId(this.#options.channel);
    request.setTransactionId(transactionId);
    request.setIdentity(creator.serializeBinary());
    const signable = new gatewayMessages.SignedCommitStatusRequest();
    signable.setRequest(request.serializeBinary());
    return signable.serializeBinary();
  }

  #at(link: PeerLink): Service {
    const known = this.#services.get(link);
    if (known !== undefined) return known;
    const { channel, chaincode, deadlines } = this.#options;
    const gateway = connectAs(link, this.#identity, this.#sign, deadlines);
    const service = { gateway, contract: gateway.getNetwork(channel).getContract(chaincode) };
    this.#services.set(link, service);
    return service;
  }
}

/** With `hash.none` the digest to be signed is the serialised payload itself. */
function payloadOf(transaction: Transaction): Uint8Array {
  return transaction.getDigest();
}

function endorsedBy(organisations: readonly string[] | undefined): { endorsingOrganizations?: string[] } {
  return organisations === undefined ? {} : { endorsingOrganizations: [...organisations] };
}

function connectAs({ client }: PeerLink, identity: LedgerIdentity, signer: MessageSigner, limits: Deadlines): Gateway {
  return connect({
    client,
    identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificate) },
    signer,
    hash: hash.none,
    evaluateOptions: within(limits.evaluate),
    endorseOptions: within(limits.endorse),
    submitOptions: within(limits.submit),
    commitStatusOptions: within(limits.status),
  });
}

function within(ms: number): () => { deadline: number } {
  return () => ({ deadline: Date.now() + ms });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
