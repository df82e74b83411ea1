/**
 * Fabric's blocks, read straight from the wire format and checked as they are read: the data hash over the
 * transactions, the header hash for the chain (fabric-protos `common/common.proto`, `peer/transaction.proto`,
 * `ledger/rwset`).
 *
 * A peer merges a message field that occurs twice; so do we, by reading the second occurrence into the same target.
 * Otherwise a submitter could craft a transaction that peers and this reader understand differently.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Problem } from '#domain/errors.js';
import type { BlockStatuses, LedgerBlock, LedgerTransaction } from './ledger.js';
import { WireError, WireReader } from './protobuf-wire.js';
import { readTransaction } from './transaction-reader.js';

/** Index of the peer's validation codes, one byte for each transaction, in the block's metadata. */
const TRANSACTIONS_FILTER = 2;

interface RawBlock {
  number: number;
  previousHash: Buffer;
  dataHash: Buffer;
  readonly data: Buffer[];
  readonly metadata: Buffer[];
}

/**
 * Reads one block.
 *
 * @param bytes a serialised `common.Block`; the values in the result are views into it
 * @throws Problem LEDGER_BLOCK_WRONG if it cannot be read or does not fit its own data hash
 */
export function readBlock(bytes: Uint8Array): LedgerBlock {
  const raw = readRaw(bytes);
  const number = BigInt(raw.number);
  if (!dataHashOf(raw.data).equals(raw.dataHash)) throw blockWrong(number, 'data-hash');
  const transactions = raw.data.map((envelope, index) => readTransaction(envelope, index, codeOf(raw, index), number));
  const time = latestTime(transactions);
  const { previousHash, dataHash } = raw;
  const hash = headerHash(number, previousHash, dataHash);
  return { number, hash, previousHash, dataHash, ...(time === 0 ? {} : { time }), transactions };
}

/** A block's own serialised bytes inside a `protos.DeliverResponse`, or its status if the stream ends there. */
export function blockOfDelivery(bytes: Uint8Array): { block: Buffer } | { filtered: Buffer } | { status: number } {
  const reader = new WireReader(bytes);
  let found: { block: Buffer } | { filtered: Buffer } | { status: number } = { status: 0 };
  while (reader.next()) {
    if (reader.varint === 1) found = { status: reader.number };
    else if (reader.field === 2) found = { block: reader.view() };
    else if (reader.field === 3) found = { filtered: reader.view() };
  }
  return found;
}

/**
 * Reads a `protos.FilteredBlock`: ids and codes only.
 *
 * @throws Problem LEDGER_BLOCK_WRONG
 */
export function readFilteredBlock(bytes: Uint8Array): BlockStatuses {
  let number = 0;
  const transactions: { id: string; code: number }[] = [];
  unlessUnreadable(() => {
    const reader = new WireReader(bytes);
    while (reader.next()) {
      if (reader.varint === 2) number = reader.number;
      else if (reader.field === 4) transactions.push(readFilteredTransaction(reader.nested()));
    }
  });
  return { number: BigInt(number), transactions };
}

function readFilteredTransaction(reader: WireReader): { id: string; code: number } {
  const out = { id: '', code: 0 };
  while (reader.next()) {
    if (reader.field === 1) out.id = reader.text();
    else if (reader.varint === 3) out.code = reader.number;
  }
  return out;
}

/**
 * SHA-256 over the header in ASN.1 DER: SEQUENCE { number INTEGER, previous OCTET STRING, data OCTET STRING }; the
 * next block names it as its `previousHash`, orderers sign it.
 */
export function headerHash(number: bigint, previousHash: Uint8Array, dataHash: Uint8Array): Buffer {
  return createHash('sha256').update(headerBytes(number, previousHash, dataHash)).digest();
}

/** The DER form of a block header, which is what is hashed and signed. */
export function headerBytes(number: bigint, previousHash: Uint8Array, dataHash: Uint8Array): Buffer {
  const hex = number.toString(16);
  const digits = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const positive = (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits;
  return derTagged(0x30, Buffer.concat([derTagged(2, positive), derTagged(4, previousHash), derTagged(4, dataHash)]));
}

/** Lengths here stay below 128: two hashes and a number. */
function derTagged(tag: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
}

/** The serialised metadata of a block, by index (0 signatures, 2 transaction codes), with its header's DER. */
export function readMetadata(bytes: Uint8Array): { metadata: readonly Buffer[]; header: Buffer; number: bigint } {
  const raw = readRaw(bytes);
  const number = BigInt(raw.number);
  return { metadata: raw.metadata, header: headerBytes(number, raw.previousHash, raw.dataHash), number };
}

/** The serialised `common.Envelope`s of a block, as it was delivered, in order: where one ends is the deliverer's word alone. */
export function readEnvelopes(bytes: Uint8Array): { envelopes: readonly Buffer[]; number: bigint } {
  const { data, number } = readRaw(bytes);
  return { envelopes: data, number: BigInt(number) };
}

function readRaw(bytes: Uint8Array): RawBlock {
  const raw: RawBlock = { number: 0, previousHash: Buffer.alloc(0), dataHash: Buffer.alloc(0), data: [], metadata: [] };
  unlessUnreadable(() => {
    const reader = new WireReader(bytes);
    while (reader.next()) {
      if (reader.field === 1) readHeader(reader.nested(), raw);
      else if (reader.field === 2) collect(reader.nested(), raw.data);
      else if (reader.field === 3) collect(reader.nested(), raw.metadata);
    }
  });
  return raw;
}

function readHeader(reader: WireReader, raw: RawBlock): void {
  while (reader.next()) {
    if (reader.varint === 1) raw.number = reader.number;
    else if (reader.field === 2) raw.previousHash = reader.view();
    else if (reader.field === 3) raw.dataHash = reader.view();
  }
}

function collect(reader: WireReader, into: Buffer[]): void {
  while (reader.next()) if (reader.field === 1) into.push(reader.view());
}

function dataHashOf(data: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const envelope of data) hash.update(envelope);
  return hash.digest();
}

/** A block that no peer has judged yet, as the genesis block in a file, has no codes: only its first may stand so. */
function codeOf(raw: RawBlock, index: number): number {
  const codes = raw.metadata[TRANSACTIONS_FILTER];
  const code = codes?.[index];
  if (code !== undefined) return code;
  if (raw.number === 0 && (codes === undefined || codes.length === 0)) return 0;
  throw blockWrong(BigInt(raw.number), 'codes');
}

function latestTime(transactions: readonly LedgerTransaction[]): number {
  let latest = 0;
  for (const { valid, timestamp } of transactions) if (valid && timestamp > latest) latest = timestamp;
  return latest;
}

function unlessUnreadable(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (error instanceof WireError) throw new Problem('LEDGER_BLOCK_WRONG', { reason: error.message });
    throw error;
  }
}

export function blockWrong(number: bigint, reason: string): Problem {
  return new Problem('LEDGER_BLOCK_WRONG', { block: String(number), reason });
}
