/** The embedded ledger with the counter contract, and connections to it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFabricLedger, type FabricLedgerOptions } from '../../../gateway/ledger/fabric-ledger.js';
import type { LedgerBlock, LedgerConnection, LedgerIdentity } from '../../../gateway/ledger/ledger.js';
import { openEmbedded } from '../../../gateway/ledger/open-embedded.js';
import type { OpenedLedger } from '../../../gateway/ledger/opened-ledger.js';
import { CounterContract } from './counter-contract.js';

export const CHAINCODE = 'counter';
export const ORGANISATIONS = ['RegulatorMSP', 'IndustryMSP'] as const;

export class CounterNetwork {
  readonly #dir: string;
  readonly #listen: string;
  #embedded: OpenedLedger;
  readonly identity: LedgerIdentity;

  private constructor(dir: string, embedded: OpenedLedger, identity: LedgerIdentity) {
    this.#dir = dir;
    this.#embedded = embedded;
    this.#listen = embedded.connection.peers[0]?.address ?? '';
    this.identity = identity;
  }

  static async start(): Promise<CounterNetwork> {
    const dir = await mkdtemp(join(tmpdir(), 'counter-'));
    const embedded = await openCounter(join(dir, 'ledger'), '127.0.0.1:0');
    const identity = await embedded.enrol({ mspId: 'IndustryMSP', commonName: 'gateway', attributes: {} });
    return new CounterNetwork(dir, embedded, identity);
  }

  /** A folder for the test, gone after `stop`. */
  folder(name: string): string {
    return join(this.#dir, name);
  }

  fabric(options: Partial<FabricLedgerOptions> = {}): FabricLedgerOptions {
    return { ...this.#embedded.connection, identity: this.identity, ...options };
  }

  connect(options: Partial<FabricLedgerOptions> = {}): LedgerConnection {
    return openFabricLedger(this.fabric(options));
  }

  get roots(): OpenedLedger['trust']['roots'] {
    return this.#embedded.trust.roots;
  }

  enrol(commonName: string): Promise<LedgerIdentity> {
    return this.#embedded.enrol({ mspId: 'RegulatorMSP', commonName, attributes: {} });
  }

  /** Ends the ledger's process, as far as clients can tell. */
  async down(): Promise<void> {
    await this.#embedded.close();
  }

  async up(): Promise<void> {
    this.#embedded = await openCounter(join(this.#dir, 'ledger'), this.#listen);
  }

  /** All blocks that there are now. */
  async blocks(): Promise<LedgerBlock[]> {
    const connection = this.connect();
    const stop = new AbortController();
    const blocks: LedgerBlock[] = [];
    try {
      const height = Number(await connection.reader.height());
      for await (const block of connection.reader.blocks(0n, stop.signal)) if (blocks.push(block) === height) break;
      return blocks;
    } finally {
      stop.abort();
      connection.close();
    }
  }

  async stop(): Promise<void> {
    await this.#embedded.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

function openCounter(dir: string, listen: string): Promise<OpenedLedger> {
  return openEmbedded({ dir, listen, channel: 'test', chaincode: CHAINCODE, contracts: [CounterContract], organisations: [...ORGANISATIONS] });
}
