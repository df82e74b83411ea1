/** From ordered envelopes to a block ready to be written: flags, state updates, and every record that goes with them. */
import { commitHashMetadata, dataHash, encodeFrame, headerHash, lastConfigMetadata, type BlockHeader } from './block.js';
import {
  encodeBlockNumber, encodeHead, encodePlaceOfTransaction, encodeStoredBlock, type BlockStore, type ChainHead,
} from './block-store.js';
import { commitHash } from './commit-hash.js';
import type { Change, LevelStore, Snapshot } from './level-store.js';
import {
  blockHashName, blockHashTwinName, blockName, CHECKPOINT, collectionNamespace, envelopeName, historyName, stateName, transactionName, transactionTwinName, twinName,
} from './record-names.js';
import { checkReads, type PendingWrite, type PendingWrites } from './state-check.js';
import { CODE, UNPROVEN_ID_CODES, type CheckedTransaction } from './transaction-check.js';
import type { KeyWrite, Version } from './read-write-set.js';
import { encodePlace, encodeTwin, encodeVersion, type Twin, type WorldState } from './world-state.js';

/** An envelope in order, with what is known about it. */
export interface OrderedTransaction {
  readonly envelope: Buffer;
  readonly checked: CheckedTransaction;
}

/** How the transaction with this id ended. */
export interface Outcome {
  readonly transactionId: string;
  readonly code: number;
  readonly block: number;
}

export interface PreparedBlock {
  readonly head: ChainHead;
  /** One validation code per transaction. */
  readonly flags: Buffer;
  readonly changes: readonly Change[];
  readonly outcomes: readonly Outcome[];
  /** For the block after this one, until this one is on the disk. */
  readonly writes: PendingWrites;
  readonly twins: ReadonlyMap<string, Twin>;
  readonly transactionIds: ReadonlySet<string>;
}

/** What a block is built upon: the chain's head, and the block before if it is not on the disk yet. */
export interface Foundation {
  readonly head: ChainHead | undefined;
  readonly unwritten: PreparedBlock | undefined;
}

/** Parts of the ledger the preparation reads from and signs with. */
export interface PreparationParts {
  readonly store: LevelStore;
  readonly state: WorldState;
  readonly blocks: BlockStore;
  /** Gives the block's metadata `SIGNATURES`: a new signature, or the one a stored block has already. */
  readonly signHeader: (header: BlockHeader) => Buffer;
}

const EMPTY = Buffer.alloc(0);

/** @throws Problem LEDGER_RECORD_DAMAGED if a record that has to be read is damaged */
export async function prepareBlock(transactions: readonly OrderedTransaction[], foundation: Foundation, parts: PreparationParts): Promise<PreparedBlock> {
  const snapshot = parts.store.snapshot();
  try {
    const draft = new BlockDraft(foundation, parts, snapshot);
    for (const transaction of transactions) await draft.add(transaction);
    return draft.finish(transactions);
  } finally {
    await snapshot.close();
  }
}

class BlockDraft {
  readonly #number: number;
  readonly #flags: number[] = [];
  readonly #outcomes: Outcome[] = [];
  readonly #writes: PendingWrites = new Map();
  readonly #twins = new Map<string, Twin>();
  readonly #transactionIds = new Set<string>();
  readonly #changes: Change[] = [];
  #bytes = 0;
  readonly #foundation: Foundation;
  readonly #parts: PreparationParts;
  readonly #snapshot: Snapshot;

  constructor(foundation: Foundation, parts: PreparationParts, snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#foundation = foundation;
    this.#parts = parts;
    this.#number = foundation.head?.height ?? 0;
  }

  async add({ envelope, checked }: OrderedTransaction): Promise<void> {
    const version = { block: this.#number, transaction: this.#flags.length };
    const code = await this.#validate(checked);
    this.#flags.push(code);
    this.#put(envelopeName(version), envelope);
    if (this.#decides(checked.transactionId, code)) this.#listTransaction(checked.transactionId, version, code);
    if (code === CODE.valid) this.#applyWrites(checked, version, envelope);
  }

  async #validate(checked: CheckedTransaction): Promise<number> {
    if (checked.code !== CODE.valid) return checked.code;
    if (this.#isKnown(checked.transactionId)) return CODE.duplicateTransactionId;
    const view = { state: this.#parts.state, snapshot: this.#snapshot, previousBlock: this.#foundation.unwritten?.writes ?? new Map<string, PendingWrite>(), thisBlock: this.#writes };
    return checkReads(checked.sets, view);
  }

  /** An id counts as used only by whoever could sign for it; otherwise anybody could spoil an id before its owner uses it. */
  #isKnown(transactionId: string): boolean {
    if (this.#transactionIds.has(transactionId) || this.#foundation.unwritten?.transactionIds.has(transactionId) === true) return true;
    const place = this.#parts.blocks.place(transactionId, this.#snapshot);
    return place !== undefined && !UNPROVEN_ID_CODES.has(place.code);
  }

  /** True if this copy of the transaction, and no earlier one, is the one whose code counts for its id. */
  #decides(transactionId: string, code: number): boolean {
    if (transactionId === '' || code === CODE.duplicateTransactionId) return false;
    return !UNPROVEN_ID_CODES.has(code) || !this.#isKnown(transactionId);
  }

  #listTransaction(transactionId: string, version: Version, code: number): void {
    if (!UNPROVEN_ID_CODES.has(code)) this.#transactionIds.add(transactionId);
    this.#outcomes.push({ transactionId, code, block: version.block });
    const place = encodePlaceOfTransaction({ version, code });
    this.#put(transactionName(transactionId), place);
    this.#put(transactionTwinName(transactionId), place);
  }

  #applyWrites(checked: CheckedTransaction, version: Version, envelope: Buffer): void {
    for (const { namespace, writes, collections } of checked.sets) {
      for (const write of writes) {
        this.#applyWrite(namespace, write, version, (this.#twinBefore(namespace, write.key)?.changes ?? 0) + 1);
        this.#putHistory(namespace, write, version, envelope);
      }
      for (const { collection, writes: hashes } of collections) {
        for (const write of hashes) this.#applyWrite(collectionNamespace(namespace, collection), write, version, 0);
      }
    }
  }

  /** @param changes so many records of history the key has; those of a collection have none */
  #applyWrite(namespace: string, { key, isDelete, value }: KeyWrite, version: Version, changes: number): void {
    this.#twins.set(twinName(namespace, key), { version, changes, deleted: isDelete });
    this.#writes.set(stateName(namespace, key), { namespace, key, version, value: isDelete ? undefined : value });
  }

  #putHistory(namespace: string, write: KeyWrite, version: Version, envelope: Buffer): void {
    const { key, isDelete } = write;
    const place = { offset: isDelete ? 0 : write.value.byteOffset - envelope.byteOffset, length: isDelete ? 0 : write.value.length, isDelete };
    this.#put(historyName(namespace, key, version), encodePlace(place));
  }

  #twinBefore(namespace: string, key: string): Twin | undefined {
    const name = twinName(namespace, key);
    return this.#twins.get(name) ?? this.#foundation.unwritten?.twins.get(name) ?? this.#parts.state.twin(namespace, key, this.#snapshot);
  }

  finish(transactions: readonly OrderedTransaction[]): PreparedBlock {
    for (const [name, write] of this.#writes) this.#putState(name, write);
    for (const [name, twin] of this.#twins) this.#put(name, encodeTwin(twin));
    const flags = Buffer.from(this.#flags);
    const head = this.#putFrame(transactions.map(({ envelope }) => envelope), flags);
    return { head, flags, changes: this.#changes, outcomes: this.#outcomes, writes: this.#writes, twins: this.#twins, transactionIds: this.#transactionIds };
  }

  #putState(name: string, write: PendingWrite): void {
    if (write.value === undefined) this.#changes.push({ name, record: undefined });
    else this.#put(name, encodeVersion(write.version), write.value);
  }

  #putFrame(envelopes: readonly Buffer[], flags: Buffer): ChainHead {
    const previous = this.#foundation.head;
    const header: BlockHeader = { number: this.#number, previousHash: previous?.headerHash ?? EMPTY, dataHash: dataHash(envelopes) };
    const commit = previous === undefined ? EMPTY : commitHash(flags, [...this.#writes.values()], previous.commitHash);
    const fields = encodeFrame({ header, metadata: [this.#parts.signHeader(header), lastConfigMetadata(), flags, EMPTY, commitHashMetadata(commit)] });
    const head = { height: this.#number + 1, headerHash: headerHash(header), commitHash: commit };
    const frame = encodeStoredBlock({ transactionCount: envelopes.length, storedBytes: this.#bytes, headerField: fields.header, metadataField: fields.metadata });
    this.#put(blockName(this.#number), frame);
    for (const name of [blockHashName(head.headerHash), blockHashTwinName(head.headerHash)]) this.#put(name, encodeBlockNumber(this.#number));
    this.#put(CHECKPOINT, encodeHead(head));
    return head;
  }

  #put(name: string, ...content: readonly Buffer[]): void {
    const record = this.#parts.store.seal.seal(name, ...content);
    this.#bytes += name.length + record.length;
    this.#changes.push({ name, record });
  }
}
