/** What a case of the suite works with: clients, and short forms for the calls that every case makes. */
import type { Contract, Transaction } from '@hyperledger/fabric-gateway';
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
  close(): Promise<void>;
}

/** What a ledger may or may not do. Cases that need more than a ledger declares are named as not run. */
export interface Abilities {
  /** Keys that would collide or vanish on the way to the peer are refused. */
  readonly strictKeys: boolean;
  /** A wrongly signed transaction is ordered and stands in the block with its code, instead of being refused at once. */
  readonly badSignatureIsOrdered: boolean;
  /** Private data, key-level endorsement and calls between chaincodes are refused by name. */
  readonly refusesWhatItLacks: boolean;
  /** Several organisations endorse. */
  readonly severalEndorsers: boolean;
  readonly privateData: boolean;
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

  async submit(name: string, ...args: string[]): Promise<string> {
    return decode(await this.contract.submitTransaction(name, ...args));
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

  /** Submits; @returns the validation code and the block */
  async commit(transaction: Transaction): Promise<{ code: number; block: bigint }> {
    const status = await (await transaction.submit()).getStatus();
    return { code: status.code, block: status.blockNumber };
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

export function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
