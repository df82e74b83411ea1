/** Who may do what on the channel: the policies that block 0 states, with Fabric's words for a refusal. */
import { status } from '@grpc/grpc-js';
import { OPERATOR_MSP } from './channel-config.js';
import { isCurrent, signedBy, type Member, type Membership } from './membership.js';
import type { SignedProposal } from './proposal-message.js';
import { RpcFailure } from './rpc-failure.js';
import { transactionIdFor } from './transaction-check.js';

/** Fabric's `peer.authentication.timewindow`: a client's clock may differ by this much. */
const TIME_WINDOW_MS = 15 * 60_000;
const ENDORSER_TRANSACTION = 3; // common.HeaderType.ENDORSER_TRANSACTION

/** A message somebody signed. */
export interface SignedData {
  readonly message: Buffer;
  readonly identity: Buffer;
  readonly signature: Buffer;
}

export class AccessControl {
  readonly #channel: string;
  readonly #organisations: ReadonlySet<string>;
  readonly #membership: Membership;
  readonly #now: () => Date;

  constructor(options: { channel: string; organisations: ReadonlySet<string>; membership: Membership; clock: () => Date }) {
    this.#channel = options.channel;
    this.#organisations = options.organisations;
    this.#membership = options.membership;
    this.#now = options.clock;
  }

  /** The channel's Writers: clients and administrators of the application's organisations. */
  mayWrite(member: Member): boolean {
    return this.#organisations.has(member.mspId) && (member.role === 'client' || member.role === 'admin') && isCurrent(member, this.#now().getTime());
  }

  /** The channel's Readers: all members, the operator's too. */
  mayRead(member: Member): boolean {
    return (this.#organisations.has(member.mspId) || member.mspId === OPERATOR_MSP) && isCurrent(member, this.#now().getTime());
  }

  /** The member behind a signed request for reading; @throws RpcFailure PERMISSION_DENIED */
  async assertReader(data: SignedData, channel: string): Promise<Member> {
    const member = await this.reader(data);
    if (member === undefined || channel !== this.#channel) throw new RpcFailure(status.PERMISSION_DENIED, this.#denied(member));
    return member;
  }

  /** The same without throwing. */
  async reader(data: SignedData): Promise<Member | undefined> {
    const member = this.#membership.member(data.identity);
    return member !== undefined && this.mayRead(member) && await signedBy(member, data.message, data.signature) ? member : undefined;
  }

  /** The member who signed an envelope for ordering, whatever the signature is worth; @throws RpcFailure */
  assertWriter(identity: Buffer): Member {
    const member = this.#membership.member(identity);
    if (member === undefined || !this.mayWrite(member)) {
      throw new RpcFailure(status.ABORTED, 'received unsuccessful response from orderer: status=FORBIDDEN, info=implicit policy evaluation failed - 0 sub-policies were satisfied, but this policy requires 1 of the \'Writers\' sub-policies to be satisfied');
    }
    return member;
  }

  /**
   * Checks a proposal as a peer does before it runs anything.
   *
   * @param forReading true for system chaincodes, which readers may ask too
   * @returns nothing; what is wrong is thrown as text, because the services word it differently
   * @throws Error with Fabric's message
   */
  async checkProposal(proposal: SignedProposal, forReading: boolean): Promise<void> {
    const { channel, signature } = proposal.header;
    if (channel.type !== ENDORSER_TRANSACTION) throw new Error(`error validating proposal: invalid header type ${channel.type}`);
    if (channel.epoch !== 0) throw new Error('error validating proposal: epoch is non-zero');
    if (signature.nonce.length === 0) throw new Error('error validating proposal: nonce is empty');
    const expected = transactionIdFor(signature.nonce, signature.creator);
    if (channel.transactionId !== expected) throw new Error(`error validating proposal: incorrectly computed txid '${channel.transactionId}' -- expected '${expected}'`);
    this.#checkTime(proposal);
    await this.#checkCreator(proposal, forReading);
  }

  async #checkCreator({ header, proposalBytes, signature }: SignedProposal, forReading: boolean): Promise<void> {
    const member = this.#membership.member(header.signature.creator);
    if (member === undefined) throw new Error(`error validating proposal: ${this.#denied(undefined)}`);
    const allowed = forReading ? this.mayRead(member) : this.mayWrite(member);
    if (!allowed || !await signedBy(member, proposalBytes, signature)) throw new Error(`error validating proposal: ${this.#denied(member)}`);
  }

  #checkTime({ header }: SignedProposal): void {
    const { seconds, nanos } = header.channel.timestamp;
    const difference = Math.abs(seconds * 1000 + nanos / 1_000_000 - this.#now().getTime());
    if (difference > TIME_WINDOW_MS) throw new Error('request unauthorized due to incorrect timestamp: the client\'s clock differs from the ledger\'s by more than 15 minutes');
  }

  #denied(member: Member | undefined): string {
    const who = member === undefined ? 'creator org unknown, creator is malformed' : `creator org [${member.mspId}]`;
    return `access denied: channel [${this.#channel}] ${who}`;
  }
}
