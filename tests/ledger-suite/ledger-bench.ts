/** What a case of the suite works with: clients, and short forms for the calls that every case makes. */
import type { ChannelCredentials } from '@grpc/grpc-js';
import type { Contract, Status, Transaction } from '@hyperledger/fabric-gateway';
import { gateway, msp, peer } from '@hyperledger/fabric-protos';
import type { Identity } from '../../network/enrolment/identity.js';
import { connectClient, type LedgerClient } from './ledger-client.js';

/** A ledger with the probe contract installed. */
export interface LedgerUnderTest {
  readonly address: string;
  readonly channel: string;
  /** Name of the chaincode that holds the probe contract. */
  readonly chaincode: string;
  /** A client identity of an application organisation, enrolled with the attribute `role=enterprise`. */
  readonly identity: Identity;
  /** An organisation that has a peer. */
  readonly endorser: string;
  /** How the ledger is spoken to; left out, without TLS. */
  readonly tls?: ChannelCredentials;
  close(): Promise<void>;
}

/** What a ledger may or may not do. Cases that need more than a ledger declares are named as not run. */
export interface Abilities {
  /** Keys that would collide or vanish on the way to the peer are refused. */
  readonly strictKeys: boolean;
  /** A wrongly signed transaction is ordered and stands in the block with its code, instead of being refused at once. */
  readonly badSignatureIsOrdered: boolean;
  /** Private values, key-level endorsement and calls between chaincodes are refused by name. */
  readonly refusesWhatItLacks: boolean;
  /** A transaction that is submitted again is ordered again. A BFT ordering service knows it, and refuses. */
  readonly ordersDuplicates: boolean;
  /** A block is committed while a transaction is simulated. A Fabric peer lets the one wait for the other. */
  readonly commitsWhileSimulating: boolean;
  /** Several organisations endorse. */
  readonly severalEndorsers: boolean;
  readonly privateData: boolean;
  /** The collection of `controlledCollection` is part of the probe chaincode's definition. */
  readonly controlledCollection: boolean;
}

export interface LedgerCase {
  readonly name: string;
  /** Where the rule stands. */
  readonly source: string;
  readonly needs?: keyof Abilities;
  readonly run: (bench: LedgerBench) => Promise<void>;
}

let serial = 0;

export class LedgerBench {
  readonly ledger: LedgerUnderTest;
  readonly client: LedgerClient;
  readonly contract: Contract;
  readonly #prefix: string;

  constructor(ledger: LedgerUnderTest) {
    this.ledger = ledger;
    this.client = connectClient(ledger);
    this.contract = this.client.contract(ledger.chaincode);
    serial += 1;
    this.#prefix = `case-${process.pid}-${Date.now()}-${serial}`;
  }

  /** A key that no other case uses, even on a ledger that is kept between runs. */
  key(name: string): string {
    return `${this.#prefix}-${name}`;
  }

  /** Submits and waits until the transaction is valid; @returns what the contract answered */
  async submit(name: string, ...args: string[]): Promise<string> {
    const transaction = await this.endorse(name, ...args);
    const { code } = await this.commit(transaction);
    if (code !== peer.TxValidationCode.VALID) throw new Error(`transaction ${transaction.getTransactionId()} of ${name} has code ${code}`);
    return decode(transaction.getResult());
  }

  async evaluate(name: string, ...args: string[]): Promise<string> {
    return decode(await this.contract.evaluateTransaction(name, ...args));
  }

  async evaluateJson(name: string, ...args: string[]): Promise<unknown> {
    return JSON.parse(await this.evaluate(name, ...args));
  }

  /** Simulates and endorses without submitting. */
  async endorse(name: string, ...args: string[]): Promise<Transaction> {
    return this.contract.newProposal(name, { arguments: args }).endorse();
  }

  /**
   * Submits; @returns the validation code and the block. A BFT ordering service sometimes says that it could not take a
   * transaction which it has ordered all the same, and always so of one that it has seen before.
   */
  async commit(transaction: Transaction): Promise<{ code: number; block: bigint }> {
    const status = await transaction.submit().then(
      (submitted) => submitted.getStatus(),
      (error: unknown) => {
        if (!isAboutQuorum(error)) throw error;
        return this.#statusOf(transaction.getTransactionId());
      },
    );
    return { code: status.code, block: status.blockNumber };
  }

  #statusOf(transactionId: string): Promise<Status> {
    const { channel, identity } = this.ledger;
    const creator = new msp.SerializedIdentity();
    creator.setMspid(identity.mspId);
    creator.setIdBytes(Buffer.from(identity.certificatePem));
    const request = new gateway.CommitStatusRequest();
    request.setChannelId(channel);
    request.setTransactionId(transactionId);
    request.setIdentity(creator.serializeBinary());
    const unsigned = new gateway.SignedCommitStatusRequest();
    unsigned.setRequest(request.serializeBinary());
    return this.client.gateway.newCommit(unsigned.serializeBinary()).getStatus({ deadline: Date.now() + DOUBTFUL_STATUS_MS });
  }

  /** Number of blocks, asked from the ledger itself. */
  async height(): Promise<bigint> {
    const marker = await this.commit(await this.endorse('put', this.key('height-marker'), 'x'));
    return marker.block + 1n;
  }

  close(): void {
    this.client.close();
  }
}

/** A transaction that was refused in earnest never gets a status. */
const DOUBTFUL_STATUS_MS = 5_000;

function isAboutQuorum(error: unknown): boolean {
  return error instanceof Error && error.message.includes('insufficient number of orderers');
}

export function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
