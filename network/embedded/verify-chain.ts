/**
 * Recomputes the whole ledger from block 0 in a second store and compares: hashes, signatures, validation codes, state,
 * history, lists of transactions. It trusts nothing that is stored but the envelopes, and those only by their hashes.
 */
import { mkdir, rm } from 'node:fs/promises';
import { Problem } from '#domain/errors.js';
import { dataHash, headerHash, METADATA, ordererSignature, type BlockHeader } from './block.js';
import { prepareBlock, type PreparedBlock } from './block-preparation.js';
import { BlockStore, type ChainHead, type StoredBlock } from './block-store.js';
import { decodeGenesisEnvelope, OPERATOR_MSP, type ReadConfig } from './channel-config.js';
import { firstDifference } from './compare-stores.js';
import { LevelStore, type Snapshot } from './level-store.js';
import { Membership, signedBy } from './membership.js';
import { checkTransaction, CODE, type CheckContext, type CheckedTransaction } from './transaction-check.js';
import { WorldState } from './world-state.js';

/** What a verification found. */
export interface ChainReport {
  readonly ok: boolean;
  readonly blocks: number;
  readonly transactions: number;
  /** Hash of block 0's header, hexadecimal: to be compared with one that was kept elsewhere. */
  readonly genesisHash: string;
  /** Records compared; 0 if the chain itself was found wrong before. */
  readonly records: number;
  /** The first thing that is not as it must be. */
  readonly difference?: { readonly where: string; readonly what: string };
}

/** Called after each block. */
export type VerifyProgress = (done: { readonly block: number; readonly height: number }) => void;

/**
 * @param store the ledger's store; may be in use, only its present content is looked at
 * @param scratchDirectory for the recomputed store; emptied before and removed afterwards
 */
export async function verifyChain(store: LevelStore, scratchDirectory: string, onProgress?: VerifyProgress): Promise<ChainReport> {
  await rm(scratchDirectory, { recursive: true, force: true });
  await mkdir(scratchDirectory, { recursive: true, mode: 0o700 });
  const scratch = await LevelStore.open(scratchDirectory, store.seal);
  const snapshot = store.snapshot();
  try {
    return await new Verification(store, scratch, snapshot).run(onProgress);
  } finally {
    await snapshot.close();
    await scratch.close();
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

class Difference extends Error {
  readonly where: string;

  constructor(where: string, what: string) {
    super(what);
    this.name = 'Difference';
    this.where = where;
  }
}

class Verification {
  readonly #store: LevelStore;
  readonly #scratch: LevelStore;
  readonly #snapshot: Snapshot;
  readonly #blocks: BlockStore;
  #head: ChainHead | undefined;
  #transactions = 0;
  #genesisHash = '';

  constructor(store: LevelStore, scratch: LevelStore, snapshot: Snapshot) {
    this.#store = store;
    this.#scratch = scratch;
    this.#snapshot = snapshot;
    this.#blocks = new BlockStore(store);
  }

  async run(onProgress: VerifyProgress | undefined): Promise<ChainReport> {
    try {
      const height = this.#blocks.head(this.#snapshot)?.height ?? 0;
      if (height === 0) throw new Difference('head', 'the store holds no block');
      await this.#replay(height, onProgress);
      const { records, difference } = await firstDifference(this.#store, this.#scratch, this.#snapshot);
      if (difference !== undefined) throw new Difference(difference.where, difference.what);
      return { ok: true, ...this.#counts(), records };
    } catch (error) {
      return { ok: false, ...this.#counts(), records: 0, difference: describe(error) };
    }
  }

  #counts(): Pick<ChainReport, 'blocks' | 'transactions' | 'genesisHash'> {
    return { blocks: this.#head?.height ?? 0, transactions: this.#transactions, genesisHash: this.#genesisHash };
  }

  async #replay(height: number, onProgress: VerifyProgress | undefined): Promise<void> {
    const context = checkContext(this.#config());
    for (let number = 0; number < height; number += 1) {
      const stored = this.#blocks.block(number, this.#snapshot);
      const envelopes = this.#blocks.envelopes(number, stored.transactionCount, this.#snapshot);
      await this.#checkFrame(number, stored, envelopes, context);
      const prepared = await this.#prepare(number, stored, envelopes, context);
      checkOutcome(number, stored, prepared);
      await this.#scratch.write(prepared.changes, false);
      this.#head = prepared.head;
      if (number === 0) this.#genesisHash = prepared.head.headerHash.toString('hex');
      this.#transactions += envelopes.length;
      onProgress?.({ block: number, height });
    }
  }

  #config(): ReadConfig {
    return decodeGenesisEnvelope(this.#blocks.envelope({ block: 0, transaction: 0 }, this.#snapshot));
  }

  async #checkFrame(number: number, { frame }: StoredBlock, envelopes: readonly Buffer[], context: CheckContext): Promise<void> {
    const { header, metadata } = frame;
    const where = `block ${number}`;
    if (header.number !== number) throw new Difference(where, `the header says block ${header.number}`);
    if (!header.previousHash.equals(this.#head?.headerHash ?? Buffer.alloc(0))) throw new Difference(where, 'hash of the previous block');
    if (!header.dataHash.equals(dataHash(envelopes))) throw new Difference(where, 'hash of the data');
    if (!await signedByOrderer(header, metadata[METADATA.signatures] ?? Buffer.alloc(0), context)) throw new Difference(where, 'signature of the orderer');
  }

  async #prepare(number: number, stored: StoredBlock, envelopes: readonly Buffer[], context: CheckContext): Promise<PreparedBlock> {
    const checks = number === 0 ? [configuration()] : await Promise.all(envelopes.map((envelope) => checkTransaction(envelope, context)));
    const transactions = envelopes.map((envelope, index) => ({ envelope, checked: checks[index] ?? configuration() }));
    const parts = {
      store: this.#scratch, state: new WorldState(this.#scratch), blocks: new BlockStore(this.#scratch),
      signHeader: () => stored.frame.metadata[METADATA.signatures] ?? Buffer.alloc(0),
    };
    return prepareBlock(transactions, { head: this.#head, unwritten: undefined }, parts);
  }
}

async function signedByOrderer(header: BlockHeader, metadata: Buffer, { membership }: CheckContext): Promise<boolean> {
  const { identity, message, signature } = ordererSignature(header, metadata);
  const signer = membership.member(identity);
  return signer?.mspId === OPERATOR_MSP && signer.role === 'orderer' && signedBy(signer, message, signature);
}

/** The one envelope of block 0, whose checks are the trust in block 0 itself. */
function configuration(): CheckedTransaction {
  return { transactionId: '', code: CODE.valid, chaincodeName: '', sets: [], event: Buffer.alloc(0) };
}

function checkContext(config: ReadConfig): CheckContext {
  return {
    channel: config.channel, organisations: new Set(config.organisations), membership: new Membership(config.roots),
    isOwnEndorsement: () => false,
  };
}

/** Header and flags recomputed must be those stored; the commit hash is part of the block's record, compared later. */
function checkOutcome(number: number, { frame }: StoredBlock, prepared: PreparedBlock): void {
  const where = `block ${number}`;
  if (!prepared.head.headerHash.equals(headerHash(frame.header))) throw new Difference(where, 'hash of the header');
  const flags = frame.metadata[METADATA.transactionsFilter] ?? Buffer.alloc(0);
  if (!flags.equals(prepared.flags)) throw new Difference(where, `validation codes: stored ${flags.toString('hex')}, recomputed ${prepared.flags.toString('hex')}`);
}

/** The report of a store too damaged to start with; @throws what is no damage */
export function damageReport(error: unknown): ChainReport {
  if (!(error instanceof Problem) || error.code !== 'LEDGER_RECORD_DAMAGED') throw error;
  return { ok: false, blocks: 0, transactions: 0, genesisHash: '', records: 0, difference: describe(error) };
}

function describe(error: unknown): { where: string; what: string } {
  if (error instanceof Difference) return { where: error.where, what: error.message };
  if (error instanceof Problem) return { where: error.fields['record'] ?? 'store', what: `${error.code}: ${error.fields['what'] ?? error.message}` };
  return { where: 'store', what: error instanceof Error ? error.message : String(error) };
}
