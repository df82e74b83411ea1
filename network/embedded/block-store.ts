/** Reading stored blocks and finding transactions. A block is kept as its frame and one record per envelope. */
import { blockHashName, blockHashTwinName, blockName, CHECKPOINT, envelopeName, transactionName, transactionTwinName } from './record-names.js';
import { bytesFields, decodeHeader } from './proposal-message.js';
import { encodeData, type BlockFrame, type BlockHeader } from './block.js';
import { recordDamaged } from './record-seal.js';
import type { LevelStore, Snapshot } from './level-store.js';
import type { Version } from './read-write-set.js';
import { asBytes, asNumber, eachField } from './wire-format.js';
import { decodeVersion, encodeVersion } from './world-state.js';

/** Where the chain stands. */
export interface ChainHead {
  /** Number of blocks: the last one is `height - 1`. */
  readonly height: number;
  readonly headerHash: Buffer;
  /** Empty while only block 0 exists. */
  readonly commitHash: Buffer;
}

/** Where a transaction stands, and with which validation code. */
export interface TransactionPlace {
  readonly version: Version;
  readonly code: number;
}

/** A stored block as bytes: `common.Block` is header, data, metadata one after the other. */
export interface StoredBlock {
  readonly frame: BlockFrame;
  readonly transactionCount: number;
  /** Bytes of all records written with this block, nearly: the start check covers a given number of them. */
  readonly storedBytes: number;
  /** Encoded fields 1 and 3 of `common.Block`. */
  readonly headerField: Buffer;
  readonly metadataField: Buffer;
}

const EMPTY = Buffer.alloc(0);
const HASH_BYTES = 32;

export class BlockStore {
  readonly #store: LevelStore;

  constructor(store: LevelStore) {
    this.#store = store;
  }

  /** @returns `undefined` in a store that holds no block yet; @throws Problem LEDGER_RECORD_DAMAGED */
  head(snapshot?: Snapshot): ChainHead | undefined {
    const content = this.#store.get(CHECKPOINT, snapshot);
    return content === undefined ? undefined : decodeHead(content);
  }

  /** @throws Problem LEDGER_RECORD_DAMAGED also if the block is missing */
  block(number: number, snapshot?: Snapshot): StoredBlock {
    return decodeStoredBlock(this.#required(blockName(number), snapshot));
  }

  envelope(version: Version, snapshot?: Snapshot): Buffer {
    return this.#required(envelopeName(version), snapshot);
  }

  envelopes(block: number, count: number, snapshot?: Snapshot): Buffer[] {
    return Array.from({ length: count }, (_, transaction) => this.envelope({ block, transaction }, snapshot));
  }

  /** @returns the whole `common.Block`; @throws Problem LEDGER_RECORD_DAMAGED */
  blockBytes(number: number): Buffer {
    const stored = this.block(number);
    const data = encodeData(this.envelopes(number, stored.transactionCount));
    return Buffer.concat([stored.headerField, data, stored.metadataField]);
  }

  /** @throws Problem LEDGER_RECORD_DAMAGED if the two lists of hashes disagree */
  numberOfHash(hash: Buffer): number | undefined {
    return this.#store.inSnapshot((own) => this.#listedTwice(blockHashName(hash), blockHashTwinName(hash), own)?.readUIntBE(0, 6));
  }

  /** @throws Problem LEDGER_RECORD_DAMAGED if the two lists of transactions disagree */
  place(transactionId: string, snapshot?: Snapshot): TransactionPlace | undefined {
    if (snapshot !== undefined) return this.#place(transactionId, snapshot);
    return this.#store.inSnapshot((own) => this.#place(transactionId, own));
  }

  #place(transactionId: string, snapshot: Snapshot): TransactionPlace | undefined {
    const content = this.#listedTwice(transactionName(transactionId), transactionTwinName(transactionId), snapshot);
    return content === undefined ? undefined : decodePlace(content);
  }

  /** Both from one snapshot: a block may come on the disk between two reads. */
  #listedTwice(name: string, twinName: string, snapshot: Snapshot): Buffer | undefined {
    const content = this.#store.get(name, snapshot);
    const twin = this.#store.get(twinName, snapshot);
    if (!(content ?? EMPTY).equals(twin ?? EMPTY)) throw this.#store.fail(recordDamaged(name, 'missing'));
    return content;
  }

  #required(name: string, snapshot: Snapshot | undefined): Buffer {
    const content = this.#store.get(name, snapshot);
    if (content === undefined) throw this.#store.fail(recordDamaged(name, 'missing'));
    return content;
  }
}

export function encodeHead(head: ChainHead): Buffer {
  const height = Buffer.alloc(6);
  height.writeUIntBE(head.height, 0, 6);
  return Buffer.concat([height, head.headerHash, head.commitHash]);
}

export function decodeHead(content: Buffer): ChainHead {
  const hashes = content.subarray(6);
  return { height: content.readUIntBE(0, 6), headerHash: hashes.subarray(0, HASH_BYTES), commitHash: hashes.subarray(HASH_BYTES) };
}

export function encodeBlockNumber(number: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(number, 0, 6);
  return bytes;
}

export function encodePlaceOfTransaction(place: TransactionPlace): Buffer {
  return Buffer.concat([encodeVersion(place.version), Buffer.of(place.code)]);
}

function decodePlace(content: Buffer): TransactionPlace {
  return { version: decodeVersion(content), code: content[content.length - 1] ?? 0 };
}

const LENGTHS_BYTES = 14;

/** Content of a block's record: number of transactions, length of the header field, bytes stored, both fields. */
export function encodeStoredBlock(block: Omit<StoredBlock, 'frame'>): Buffer {
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32BE(block.transactionCount, 0);
  lengths.writeUInt32BE(block.headerField.length, 4);
  lengths.writeUIntBE(block.storedBytes, 8, 6);
  return Buffer.concat([lengths, block.headerField, block.metadataField]);
}

function decodeStoredBlock(content: Buffer): StoredBlock {
  const headerEnd = LENGTHS_BYTES + content.readUInt32BE(4);
  const headerField = content.subarray(LENGTHS_BYTES, headerEnd);
  const metadataField = content.subarray(headerEnd);
  const frame = { header: decodeBlockHeader(headerField), metadata: decodeMetadata(metadataField) };
  return { frame, transactionCount: content.readUInt32BE(0), storedBytes: content.readUIntBE(8, 6), headerField, metadataField };
}

function decodeBlockHeader(headerField: Buffer): BlockHeader {
  const header = { number: 0, previousHash: EMPTY as Buffer, dataHash: EMPTY as Buffer };
  eachField(bytesFields(headerField, 1)[0] ?? EMPTY, (field, value) => {
    if (field === 1) header.number = asNumber(value);
    else if (field === 2) header.previousHash = asBytes(value);
    else if (field === 3) header.dataHash = asBytes(value);
  });
  return header;
}

function decodeMetadata(metadataField: Buffer): Buffer[] {
  const elements: Buffer[] = [];
  eachField(bytesFields(metadataField, 3)[2] ?? EMPTY, (field, value) => {
    if (field === 1) elements.push(asBytes(value));
  });
  return elements;
}

/** The transaction id an envelope claims; empty for a configuration. */
export function transactionIdOf(envelope: Buffer): string {
  const [payload = EMPTY] = bytesFields(envelope, 1);
  const [header = EMPTY] = bytesFields(payload, 1);
  return decodeHeader(header).channel.transactionId;
}
